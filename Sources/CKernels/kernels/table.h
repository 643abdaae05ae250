// Fills a dispatch table named CK_TABLE from the kernels compiled in this file.
#include "attention.h"
#include "elementwise.h"
#include "products.h"
#include "reading.h"

const struct ck_kernels CK_TABLE = {
    .name = CK_NAME,
    .dequantize = ck_dequantize,
    .multiply = ck_multiply,
    .attend = ck_attend,
    .rms_norm = ck_rms_norm,
    .gelu_multiply = ck_gelu_multiply,
    .rotate = ck_rotate,
    .accumulate = ck_accumulate,
    .store = ck_store_as,
    .soft_cap = ck_soft_cap,
    .sum_words = ck_sum_words,
};
