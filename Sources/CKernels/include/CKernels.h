// The heavy arithmetic of Facet: block formats, products, attention and the functions between them.
//
// Every kernel exists once as portable source (kernels/*.h) and is compiled for several instruction
// sets; `ck_kernels()` gives the table for the best one that processor and operating system support.
// No kernel allocates, prints or keeps state; all pointers are the caller's.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Storage of a number array. The values are GGUF's type ids.
enum ck_type {
    CK_F32 = 0,
    CK_F16 = 1,
    CK_Q4_0 = 2,
    CK_Q4_1 = 3,
    CK_Q5_0 = 6,
    CK_Q5_1 = 7,
    CK_Q8_0 = 8,
    CK_Q2_K = 10,
    CK_Q3_K = 11,
    CK_Q4_K = 12,
    CK_Q5_K = 13,
    CK_Q6_K = 14,
    CK_IQ2_XXS = 16,
    CK_IQ2_XS = 17,
    CK_IQ3_XXS = 18,
    CK_IQ1_S = 19,
    CK_IQ4_NL = 20,
    CK_IQ3_S = 21,
    CK_IQ2_S = 22,
    CK_IQ4_XS = 23,
    CK_IQ1_M = 29,
    CK_BF16 = 30,
    CK_MXFP4 = 39,
    CK_NVFP4 = 40,
};

// A run of consecutive cache slots.
struct ck_span {
    int64_t first;
    int64_t count;
};

struct ck_kernels {
    const char *name;

    // Writes `count` numbers (whole blocks) of `type` at `source` as floats.
    void (*dequantize)(uint32_t type, const void *source, float *destination, int64_t count);

    // destination[m * destination_stride + r] = scale * sum_c weights[r, c] * x[m * x_stride + c]
    // for weight rows first_row <= r < end_row and m < x_rows. A row's result depends neither on
    // x_rows nor on the range: partial sums run in sixteen lanes in the order of the columns.
    void (*multiply)(uint32_t type, const void *weights, int64_t row_bytes, int64_t columns,
                     const float *x, int64_t x_stride, int64_t x_rows, float scale,
                     float *destination, int64_t destination_stride, int64_t first_row,
                     int64_t end_row);

    // Softmax attention of `group` query heads that share one key-value head.
    // queries, destination: [group, head_size]; keys, values: [slots, head_size] of `type`
    // (F32 or F16). The spans are read in order; scores: scratch for their total count.
    void (*attend)(uint32_t type, const float *queries, int64_t group, int64_t head_size,
                   const void *keys, const void *values, struct ck_span older,
                   struct ck_span newer, float scale, float *scores, float *destination);

    // destination = x / sqrt(mean(x^2) + epsilon) * weights; weights may be NULL for ones.
    void (*rms_norm)(const float *x, const float *weights, float epsilon, float *destination,
                     int64_t count);

    // gate[i] = gelu(gate[i]) * up[i], GELU in its tanh form.
    void (*gelu_multiply)(float *gate, const float *up, int64_t count);

    // Rotates pairs (x[j], x[j + half]) by the angle whose cosine and sine are given, j < half.
    void (*rotate)(float *x, const float *cosines, const float *sines, int64_t half);

    // destination[i] += scale * x[i]
    void (*accumulate)(float *destination, const float *x, float scale, int64_t count);

    // Stores floats as `type` (F32 or F16).
    void (*store)(uint32_t type, const float *x, void *destination, int64_t count);

    // x[i] = cap * tanh(x[i] / cap)
    void (*soft_cap)(float *x, float cap, int64_t count);

    // Reads every byte once, in order, and returns a sum that depends on all of them.
    uint64_t (*sum_words)(const void *source, int64_t bytes);
};

// The best table for this machine, or the one that FACET_CPU names (portable, avx2, avx512) when the
// machine supports it. Chosen at the first call.
const struct ck_kernels *ck_kernels(void);

// The table with this name, or NULL when it is unknown or this machine cannot run it.
const struct ck_kernels *ck_kernels_named(const char *name);
