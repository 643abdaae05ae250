// Fills a dispatch table named CK_TABLE from the kernels compiled in this file.
#include "attention.h"
#include "elementwise.h"
#include "panels.h"
#include "products.h"
#include "quantized.h"
#include "reading.h"
#include "store.h"

const struct ck_kernels CK_TABLE = {
    .name = CK_NAME,
    .dequantize = ck_dequantize,
    .multiply = ck_multiply,
    .quantize = ck_quantize,
    .multiply_few = ck_multiply_few,
    .multiply_many = ck_multiply_many,
    .attend = ck_attend,
    .attend_chunk = ck_attend_chunk,
    .merge_partial = ck_merge_partial,
    .finish_partial = ck_finish_partial,
    .rms_norm = ck_rms_norm,
    .gelu_multiply = ck_gelu_multiply,
    .rotate = ck_rotate,
    .accumulate = ck_accumulate,
    .store = ck_store_as,
    .soft_cap = ck_soft_cap,
    .sum_words = ck_sum_words,
    .clamp = ck_clamp,
    .sigmoid_multiply = ck_sigmoid_multiply,
    .layer_norm = ck_layer_norm,
    .attend_near = ck_attend_near,
    .rounded_size = CK_ROUNDED_SIZE,
    .prepare_row = ck_prepare_row,
    .pack_panel = ck_pack_panel,
    .multiply_panel = ck_multiply_panel,
    .place_key = ck_place_key,
    .place_value = ck_place_value,
    .attend_all = ck_attend_all,
};
