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

// Elements that a type stores together.
static inline int64_t ck_block_size(uint32_t type) {
    switch ((enum ck_type)type) {
    case CK_F32: case CK_F16: case CK_BF16: return 1;
    case CK_Q4_0: case CK_Q4_1: case CK_Q5_0: case CK_Q5_1: case CK_Q8_0: case CK_IQ4_NL:
    case CK_MXFP4: return 32;
    case CK_NVFP4: return 64;
    default: return 256;
    }
}

// Positions of one partial result of attention: chunk c is [c * CK_CHUNK, (c + 1) * CK_CHUNK).
enum { CK_CHUNK = 256 };

// Query rows that read the cache of one key-value head: `group` heads at each of `positions` places.
struct ck_attention {
    uint32_t type;             // of keys and values: F32, F16 or Q8_0
    int64_t head_size;         // a multiple of 32
    int64_t group;
    int64_t positions;
    const float *queries;      // head g at place p: queries + p * query_stride + g * head_size
    int64_t query_stride;      // in floats; the same in the destination
    const int64_t *from, *to;  // place p sees the positions from[p] <= t < to[p], one at least
    const void *keys, *values; // [slots, head_size] of `type`; position t lies in slot t % slots
    int64_t slots;             // a multiple of CK_CHUNK
    float scale;
};

// Floats of a row's partial result: weighted values [head_size], largest score, sum of exponentials.
static inline int64_t ck_partial_size(int64_t head_size) { return head_size + 16; }

// Floats of scratch that `attend` and `attend_chunk` need for `rows` = group * positions.
static inline int64_t ck_attention_scratch(int64_t rows, int64_t head_size) {
    // Scores are written four at a time: those of the last row may reach past its chunk.
    return rows * (CK_CHUNK + 2 * ck_partial_size(head_size)) +
           (head_size > 2048 ? 4 * head_size : 8192) + 16;
}

// Rows of a matrix that a panel holds, and rows and keys that `attend_all` takes at once.
enum { CK_PANEL_ROWS = 64, CK_ALL_ROWS = 48, CK_ALL_KEYS = 512 };

// Floats of scratch that `attend_all` needs.
static inline int64_t ck_attend_all_scratch(int64_t head_size) {
    return CK_ALL_ROWS * (2 * CK_ALL_KEYS + (head_size + 15) / 16 * 16 + 2);
}

// Tells the processor that a loop is waiting.
static inline void ck_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

struct ck_kernels {
    const char *name;

    // Writes `count` numbers (whole blocks) of `type` at `source` as floats.
    void (*dequantize)(uint32_t type, const void *source, float *destination, int64_t count);

    // destination[m * destination_stride + r] = scale * sum_c weights[r, c] * x[m * x_stride + c]
    // for weight rows first_row <= r < end_row and m < x_rows. A row's result depends neither on
    // x_rows nor on the range: partial sums run in sixteen lanes in the order of the columns. x_index,
    // if any, says which rows of x are meant.
    void (*multiply)(uint32_t type, const void *weights, int64_t row_bytes, int64_t columns,
                     const float *x, int64_t x_stride, const int32_t *x_index, int64_t x_rows,
                     float scale, float *destination, int64_t destination_stride,
                     int64_t first_row, int64_t end_row);

    // Quantises columns [first, end) of an activation row in blocks of 32, for `multiply_few` (few) or
    // `multiply_many`: x[c] is about scale * value, |value| <= 127, ties to even. `first` is a multiple
    // of 32; `end` too, or `columns`. A row takes 4 (few) or 2 bytes a column, padded to 64 columns.
    void (*quantize)(const float *x, int64_t columns, int64_t first, int64_t end, int few, void *row);

    // The product of a quantised type (not F32, F16, BF16) with quantised activation rows, as
    // `multiply` gives it for floats; x_stride is in bytes. A row's bits depend neither on x_rows nor on the range of weight rows.
    void (*multiply_few)(uint32_t type, const void *weights, int64_t row_bytes, int64_t columns,
                         const void *x, int64_t x_stride, const int32_t *x_index, int64_t x_rows,
                         float scale, float *destination, int64_t destination_stride,
                         int64_t first_row, int64_t end_row);
    void (*multiply_many)(uint32_t type, const void *weights, int64_t row_bytes, int64_t columns,
                          const void *x, int64_t x_stride, const int32_t *x_index, int64_t x_rows,
                          float scale, float *destination, int64_t destination_stride,
                          int64_t first_row, int64_t end_row);

    // Softmax attention of the rows over all they see. A row's result depends on no other row.
    void (*attend)(const struct ck_attention *rows, float *scratch, float *destination);

    // The partial results of the rows over one chunk, [rows, ck_partial_size]. Merging those of all
    // chunks in ascending order and finishing gives the bits that `attend` gives. A state is a partial
    // result too; before its first merge only its sum of exponentials must be set, to zero.
    void (*attend_chunk)(const struct ck_attention *rows, int64_t chunk, float *scratch,
                         float *partials);
    void (*merge_partial)(float *state, const float *partial, int64_t head_size);
    void (*finish_partial)(const float *state, float *destination, int64_t head_size);

    // destination = x / sqrt(mean(x^2) + epsilon) * weights; weights may be NULL for ones.
    void (*rms_norm)(const float *x, const float *weights, float epsilon, float *destination,
                     int64_t count);

    // gate[i] = gelu(gate[i]) * up[i], GELU in its tanh form.
    void (*gelu_multiply)(float *gate, const float *up, int64_t count);

    // Rotates pairs (x[j], x[j + half]) by the angle whose cosine and sine are given, j < half.
    void (*rotate)(float *x, const float *cosines, const float *sines, int64_t half);

    // destination[i] += scale * x[i]
    void (*accumulate)(float *destination, const float *x, float scale, int64_t count);

    // Stores floats as `type`: F32, F16 (what is too large becomes the largest finite half), or Q8_0,
    // whose count is a multiple of 32.
    void (*store)(uint32_t type, const float *x, void *destination, int64_t count);

    // x[i] = cap * tanh(x[i] / cap)
    void (*soft_cap)(float *x, float cap, int64_t count);

    // Reads every byte once, in order, and returns a sum that depends on all of them.
    uint64_t (*sum_words)(const void *source, int64_t bytes);

    // destination[i] = x[i], but at least low and at most high; the two may be the same numbers.
    void (*clamp)(const float *x, float low, float high, float *destination, int64_t count);

    // destination[i] = x[i] / (1 + e^-gate[i]); the three may be the same numbers.
    void (*sigmoid_multiply)(const float *x, const float *gate, float *destination, int64_t count);

    // destination = (x - mean(x)) / sqrt(variance(x) + epsilon) * weights + biases; weights may be NULL
    // for ones and biases for zeros.
    void (*layer_norm)(const float *x, const float *weights, const float *biases, float epsilon,
                       float *destination, int64_t count);

    // Softmax attention of one query over itself and those before it, at most sixteen: key k lies at
    // keys + k * stride, its value likewise, and the last one is the query's own. A score is
    // cap * tanh((query * key + query * relative row) / cap), where the row of the query's own key is
    // the first and that of the one d before it lies d * relative_stride further.
    void (*attend_near)(const float *query, const float *keys, const float *values, int64_t stride,
                        const float *relative, int64_t relative_stride, int64_t count,
                        int64_t head_size, float cap, float *destination);

    // Products of many rows: `panel` holds CK_PANEL_ROWS rows of a matrix, and rows meet it that
    // `prepare_row` wrote. A number of a row or panel takes 4 bytes, or where it is rounded to bfloat16
    // (nearest, ties to even) `rounded_size`; a row's columns are filled up to an even number of them.
    int64_t rounded_size;

    // Bounds a row's numbers, rounds them if asked, and writes them for `multiply_panel`.
    void (*prepare_row)(const float *x, int64_t columns, float low, float high, int rounded, void *row);

    // Lays out `rows` rows of a matrix, at most CK_PANEL_ROWS; those that are missing are zeros. Only
    // BF16 may be laid out as rounded without loss.
    void (*pack_panel)(uint32_t type, const void *weights, int64_t row_bytes, int64_t columns,
                       int64_t rows, int rounded, void *panel);

    // results[m * stride + r] = sum_c panel[r, c] * x[m, c] for all CK_PANEL_ROWS rows r, summed in the
    // order of the columns; x_stride is in bytes. A row's result depends on no other row.
    void (*multiply_panel)(const void *panel, int64_t columns, int rounded, const void *x,
                           int64_t x_stride, int64_t x_rows, float *results, int64_t stride);

    // Rounds a key into panels of CK_PANEL_ROWS keys, or a value into the one panel of all values,
    // whose rows are filled up to a multiple of 16. Places that are never written must be zero.
    void (*place_key)(const float *key, int64_t head_size, int64_t index, void *panels);
    void (*place_value)(const float *value, int64_t head_size, int64_t index, void *panel);

    // Softmax attention, scale 1, of at most CK_ALL_ROWS rounded rows over all keys, whose panels are
    // filled up to a multiple of CK_ALL_KEYS keys. Shares are rounded too, before they meet the values.
    // A row's result depends on no other row.
    void (*attend_all)(const void *queries, int64_t query_stride, int64_t rows, int64_t head_size,
                       const void *key_panels, const void *value_panel, int64_t keys, float *scratch,
                       float *destination, int64_t stride);
};

// The best table for this machine, chosen at the first call; or the one that FACET_CPU names, if the
// machine supports it: portable, avx2, avx_vnni, avx512, avx512_vnni, avx512_bf16, neon, neon_dotprod.
const struct ck_kernels *ck_kernels(void);

// The table with this name, or NULL when it is unknown or this machine cannot run it.
const struct ck_kernels *ck_kernels_named(const char *name);
