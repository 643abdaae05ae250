// Products of many rows with each other: what stays is laid out once as a panel, by column, so that a
// block of results is summed in registers while both sides are read in order.
//
// A panel holds words of 32 bits, [steps][width]: at step k, the numbers of `width` rows at column k; or,
// rounded to bfloat16, at columns 2k and 2k + 1 where the processor multiplies pairs. The rows that meet
// it are words too, one a step. Rounding is part of the product, on every processor the same; sums are
// kept in float32, in one lane a result, in the order of the columns.
#pragma once

#include "dequantize.h"
#include "elementwise.h"
#include "quantized.h"

// Rows and vectors of results that are summed at once.
#ifndef CK_PANEL_TOKENS
#define CK_PANEL_TOKENS 2
#define CK_PANEL_VECTORS 1
#endif

#ifdef CK_HAS_AVX512_BF16
enum { CK_ROUNDED_SIZE = 2 };
#else
enum { CK_ROUNDED_SIZE = 4 };
#endif

// Columns that one word holds.
static inline int64_t ck_word_columns(int rounded) { return rounded ? 4 / CK_ROUNDED_SIZE : 1; }

static inline int64_t ck_steps(int64_t columns, int rounded) {
    return (columns + ck_word_columns(rounded) - 1) / ck_word_columns(rounded);
}

// ---- rounding ----

// The nearest bfloat16, ties to even, as a float.
static inline ck_v16 ck_rounded(ck_v16 v) {
    const ck_i16 bits = (ck_i16)v;
    const ck_i16 odd = (bits >> 16) & 1;
    return (ck_v16)((bits + 0x7FFF + odd) & (int32_t)0xFFFF0000);
}

// Writes sixteen numbers of a rounded row.
static inline void ck_store_rounded(uint8_t *row, int64_t index, ck_v16 v) {
#ifdef CK_HAS_AVX512_BF16
    const __m256bh h = _mm512_cvtneps_pbh((__m512)v);
    memcpy(row + 2 * index, &h, sizeof h);
#else
    v = ck_rounded(v);
    memcpy(row + 4 * index, &v, sizeof v);
#endif
}

static inline void ck_store_rounded_one(uint8_t *number, float x) {
    const uint32_t bits = ck_bits(ck_rounded(ck_splat(x))[0]);
#ifdef CK_HAS_AVX512_BF16
    const uint16_t high = (uint16_t)(bits >> 16);
    memcpy(number, &high, 2);
#else
    memcpy(number, &bits, 4);
#endif
}

static void ck_prepare_row(const float *x, int64_t columns, float low, float high, int rounded, void *row) {
    const ck_v16 least = ck_splat(low), most = ck_splat(high);
    uint8_t *out = row;
    int64_t i = 0;
    for (; i + 16 <= columns; i += 16) {
        const ck_v16 v = ck_bounded(ck_load(x + i), least, most);
        if (rounded) ck_store_rounded(out, i, v);
        else ck_store((float *)row + i, v);
    }
    for (; i < columns; i++) {
        const float v = ck_bounded(ck_splat(x[i]), least, most)[0];
        if (rounded) ck_store_rounded_one(out + CK_ROUNDED_SIZE * i, v);
        else memcpy(out + 4 * i, &v, 4);
    }
    if (rounded && CK_ROUNDED_SIZE == 2 && columns % 2 != 0) memset(out + 2 * columns, 0, 2);
}

// ---- panels ----

static void ck_pack_panel(uint32_t type, const void *weights, int64_t row_bytes, int64_t columns,
                          int64_t rows, int rounded, void *panel) {
    enum { PART = 256 };
    const int64_t per_word = ck_word_columns(rounded), steps = ck_steps(columns, rounded);
    float numbers[PART] __attribute__((aligned(64)));
    uint32_t words[16][PART] __attribute__((aligned(64)));
    uint32_t *out = panel;
    for (int64_t first = 0; first < CK_PANEL_ROWS; first += 16) {
        for (int64_t c = 0; c < columns; c += PART) {
            const int64_t count = columns - c < PART ? columns - c : PART;
            const int64_t part = (count + per_word - 1) / per_word;
            const uint8_t *lines[16];
            for (int64_t r = 0; r < 16; r++) {
                const uint8_t *source =
                    (const uint8_t *)weights + (first + r) * row_bytes + ck_stored_size(type, c);
                lines[r] = (const uint8_t *)words[r];
                if (first + r < rows && per_word == 2 && type == CK_BF16 && count % 32 == 0) {
                    lines[r] = source;
                    continue;
                }
                memset(words[r], 0, sizeof words[r]);
                if (first + r >= rows) continue;
                if (per_word == 2 && type == CK_BF16) {
                    memcpy(words[r], source, (size_t)count * 2);
                } else if (per_word == 2) {
                    ck_dequantize(type, source, numbers, count);
                    ck_prepare_row(numbers, count, -INFINITY, INFINITY, rounded, words[r]);
                } else {
                    ck_dequantize(type, source, (float *)words[r], count);
                }
            }
            for (int64_t s = 0; s < part; s += 16) {
                ck_words block[16];
                for (int r = 0; r < 16; r++) memcpy(&block[r], lines[r] + 4 * s, sizeof block[r]);
                ck_transpose(block);
                const int64_t from = c / per_word + s, end = steps - from < 16 ? steps - from : 16;
                for (int64_t k = 0; k < end; k++)
                    memcpy(out + (from + k) * CK_PANEL_ROWS + first, &block[k], sizeof block[k]);
            }
        }
    }
}

// ---- products ----

// results[r][0 ..< 16 * vectors] of `rows` rows (a constant); with `adds` they are added to what is there.
CK_INLINE void ck_panel_tile(const uint32_t *panel, int64_t width, const uint8_t *x, int64_t x_stride,
                             int64_t steps, const int pairs, const int rows, const int vectors,
                             float *results, int64_t stride, const int adds) {
    ck_v16 s[CK_PANEL_TOKENS][CK_PANEL_VECTORS];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++)
            s[r][v] = adds ? ck_load(results + r * stride + 16 * v) : ck_splat(0);
    for (int64_t k = 0; k < steps; k++) {
        ck_v16 w[CK_PANEL_VECTORS];
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) memcpy(&w[v], panel + k * width + 16 * v, sizeof w[v]);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            uint32_t word;
            memcpy(&word, x + r * x_stride + 4 * k, 4);
            const ck_v16 u = ck_splat(ck_from_bits(word));
#pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) {
#ifdef CK_HAS_AVX512_BF16
                if (pairs) {
                    s[r][v] = (ck_v16)_mm512_dpbf16_ps((__m512)s[r][v], (__m512bh)w[v], (__m512bh)u);
                    continue;
                }
#endif
                s[r][v] = ck_fma(u, w[v], s[r][v]);
            }
        }
    }
    (void)pairs;
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) ck_store(results + r * stride + 16 * v, s[r][v]);
}

// All columns of `rows` rows (a constant): as many vectors at once as fit, then one by one.
CK_INLINE void ck_panel_rows(const uint32_t *panel, int64_t width, const uint8_t *x, int64_t x_stride,
                             int64_t steps, const int pairs, const int rows, float *results,
                             int64_t stride, const int adds) {
    int64_t c = 0;
    for (; c + 16 * CK_PANEL_VECTORS <= width; c += 16 * CK_PANEL_VECTORS)
        ck_panel_tile(panel + c, width, x, x_stride, steps, pairs, rows, CK_PANEL_VECTORS, results + c,
                      stride, adds);
    for (; c < width; c += 16)
        ck_panel_tile(panel + c, width, x, x_stride, steps, pairs, rows, 1, results + c, stride, adds);
}

CK_INLINE void ck_panel_product(const uint32_t *panel, int64_t width, const uint8_t *x, int64_t x_stride,
                                int64_t x_rows, int64_t steps, const int pairs, float *results,
                                int64_t stride, const int adds) {
    int64_t r = 0;
    for (; r + CK_PANEL_TOKENS <= x_rows; r += CK_PANEL_TOKENS)
        ck_panel_rows(panel, width, x + r * x_stride, x_stride, steps, pairs, CK_PANEL_TOKENS,
                      results + r * stride, stride, adds);
    for (; r < x_rows; r++)
        ck_panel_rows(panel, width, x + r * x_stride, x_stride, steps, pairs, 1, results + r * stride,
                      stride, adds);
}

static void ck_multiply_panel(const void *panel, int64_t columns, int rounded, const void *x,
                              int64_t x_stride, int64_t x_rows, float *results, int64_t stride) {
    const int64_t steps = ck_steps(columns, rounded);
    if (rounded && CK_ROUNDED_SIZE == 2)
        ck_panel_product(panel, CK_PANEL_ROWS, x, x_stride, x_rows, steps, 1, results, stride, 0);
    else
        ck_panel_product(panel, CK_PANEL_ROWS, x, x_stride, x_rows, steps, 0, results, stride, 0);
}

// ---- attention of rows over everything ----

// e^x to some parts in a million for x <= 0.
static inline ck_v16 ck_exp_near(ck_v16 x) {
    const ck_v16 low = ck_splat(-87.0f), magic = ck_splat(12582912.0f);
    x = ck_select(x < low, low, x);
    const ck_v16 shifted = ck_fma(x, ck_splat(1.44269504088896341f), magic);
    const ck_v16 n = shifted - magic;
    ck_v16 r = ck_fma(n, ck_splat(-0.693359375f), x);
    r = ck_fma(n, ck_splat(2.12194440e-4f), r);
    ck_v16 p = ck_splat(1.0f / 120);
    p = ck_fma(p, r, ck_splat(1.0f / 24));
    p = ck_fma(p, r, ck_splat(1.0f / 6));
    p = ck_fma(p, r, ck_splat(0.5f));
    p = ck_fma(p, r, ck_splat(1.0f));
    p = ck_fma(p, r, ck_splat(1.0f));
    return (ck_v16)((ck_i16)p + (((ck_i16)shifted - (ck_i16)magic) << 23));
}

static void ck_place_key(const float *key, int64_t head_size, int64_t index, void *panels) {
    const int64_t per_word = ck_word_columns(1), steps = ck_steps(head_size, 1);
    uint8_t *lane = (uint8_t *)panels + (index / CK_PANEL_ROWS * steps * CK_PANEL_ROWS + index % CK_PANEL_ROWS) * 4;
    for (int64_t i = 0; i < head_size; i++)
        ck_store_rounded_one(lane + i / per_word * CK_PANEL_ROWS * 4 + i % per_word * CK_ROUNDED_SIZE, key[i]);
}

static void ck_place_value(const float *value, int64_t head_size, int64_t index, void *panel) {
    const int64_t per_word = ck_word_columns(1), width = (head_size + 15) / 16 * 16;
    uint8_t *row = (uint8_t *)panel + index / per_word * width * 4 + index % per_word * CK_ROUNDED_SIZE;
    for (int64_t i = 0; i < head_size; i++) ck_store_rounded_one(row + 4 * i, value[i]);
}

static void ck_attend_all(const void *queries, int64_t query_stride, int64_t rows, int64_t head_size,
                          const void *key_panels, const void *value_panel, int64_t keys, float *scratch,
                          float *destination, int64_t stride) {
    const int pairs = CK_ROUNDED_SIZE == 2;
    const int64_t width = (head_size + 15) / 16 * 16, steps = ck_steps(head_size, 1);
    float *scores = scratch, *sums = scores + CK_ALL_ROWS * CK_ALL_KEYS;
    float *highest = sums + CK_ALL_ROWS * width, *totals = highest + CK_ALL_ROWS;
    uint8_t *shares = (uint8_t *)(totals + CK_ALL_ROWS);
    const int64_t share_stride = CK_ALL_KEYS * CK_ROUNDED_SIZE;
    memset(sums, 0, (size_t)(rows * width) * 4);
    for (int64_t r = 0; r < rows; r++) {
        highest[r] = -INFINITY;
        totals[r] = 0;
    }
    for (int64_t first = 0; first < keys; first += CK_ALL_KEYS) {
        const int64_t count = keys - first < CK_ALL_KEYS ? keys - first : CK_ALL_KEYS;
        const int64_t padded = (count + CK_PANEL_ROWS - 1) / CK_PANEL_ROWS * CK_PANEL_ROWS;
        for (int64_t k = 0; k < padded; k += CK_PANEL_ROWS)
            ck_panel_product((const uint32_t *)key_panels + (first + k) * steps, CK_PANEL_ROWS, queries,
                             query_stride, rows, steps, pairs, scores + k, CK_ALL_KEYS, 0);
        for (int64_t r = 0; r < rows; r++) {
            float *row = scores + r * CK_ALL_KEYS;
            for (int64_t k = count; k < padded; k++) row[k] = -INFINITY;
            ck_v16 most = ck_load(row);
            for (int64_t k = 16; k < padded; k += 16) {
                const ck_v16 v = ck_load(row + k);
                most = ck_select(v > most, v, most);
            }
            const float old = highest[r], found = ck_max(most), top = found > old ? found : old;
            const ck_v16 tops = ck_splat(top);
            ck_v16 total = ck_splat(0);
            for (int64_t k = 0; k < padded; k += 16) {
                const ck_v16 e = ck_exp_near(ck_load(row + k) - tops);
                total += e;
                ck_store_rounded(shares + r * share_stride, k, e);
            }
            const ck_v16 kept = ck_exp_near(ck_splat(old - top));
            highest[r] = top;
            totals[r] = totals[r] * kept[0] + ck_sum(total);
            for (int64_t i = 0; i < width; i += 16)
                ck_store(sums + r * width + i, ck_load(sums + r * width + i) * kept);
        }
        ck_panel_product((const uint32_t *)value_panel + first / ck_word_columns(1) * width, width, shares,
                         share_stride, rows, padded / ck_word_columns(1), pairs, sums, width, 1);
    }
    for (int64_t r = 0; r < rows; r++) {
        const float inverse = 1 / totals[r];
        for (int64_t i = 0; i < head_size; i++) destination[r * stride + i] = sums[r * width + i] * inverse;
    }
}
