// Products of quantised weights with activations quantised in blocks of 32, in whole numbers.
//
// Two forms. `multiply_few` is for 1 to 16 rows: weights are unpacked in registers and each lane
// sums four columns of every sixteen steps, so that weights are read once, at the memory's speed.
// `multiply_many` is for prompts: 32 weight rows are unpacked into a tile whose lanes are rows, and
// blocks of activation rows run over it. Each has one order of summation, whatever the rows beside a
// row and whatever the range: its bits depend on neither.
#pragma once

#include "unpack.h"

// Where the unsigned operand of a product is the weight, signed weights are stored plus 128.
#ifdef CK_SIGNED_IS_BIASED
#define CK_SIGNED_BIAS 0x80
#else
#define CK_SIGNED_BIAS 0
#endif

// ---- activations ----

// One quantised row of C columns, C64 being C rounded up to a multiple of 64. Few rows keep what
// every lane of four columns needs; many rows keep it once a group.
//   few:  values int8[C64], scale float[C64 / 4], -sum int32[C64 / 4], scale * sum float[C64 / 4]
//   many: values int8[C64], scale, -sum and scale * sum of every 32, -sum and scale * sum of every 16
struct ck_lanes {
    const int8_t *values;
    const float *scales, *sums;
    const int32_t *negated;
};

struct ck_groups {
    const int8_t *values;
    const float *scales;
    // By groups of 32 or of 16 columns, as the weights have them.
    const int32_t *negated;
    const float *sums;
};

static inline int64_t ck_padded(int64_t columns) { return (columns + 63) / 64 * 64; }

static inline struct ck_lanes ck_lanes_of(const void *row, int64_t padded) {
    const uint8_t *p = row;
    return (struct ck_lanes){(const int8_t *)p, (const float *)(p + padded),
                             (const float *)(p + 3 * padded), (const int32_t *)(p + 2 * padded)};
}

static inline struct ck_groups ck_groups_of(const void *row, int64_t padded, int group) {
    const uint8_t *p = row;
    const uint8_t *pairs = p + padded + padded / 8 * (group == 32 ? 1 : 3);
    return (struct ck_groups){(const int8_t *)p, (const float *)(p + padded),
                              (const int32_t *)pairs,
                              (const float *)(pairs + padded / (group == 32 ? 8 : 4))};
}

static void ck_quantize(const float *x, int64_t columns, int64_t first, int64_t end, int few,
                        void *row) {
    const int64_t padded = ck_padded(columns);
    uint8_t *p = row;
    int8_t *values = (int8_t *)p;
    if (end == columns) end = padded;
    const ck_bytes ones = (ck_bytes)ck_splat_word(0x01010101);
    for (int64_t c = first; c < end; c += 32) {
        ck_v16 v[2] = {ck_splat(0), ck_splat(0)};
        memcpy(v, x + c, c + 32 <= columns ? sizeof v : c < columns ? (size_t)(columns - c) * 4 : 0);
        const ck_i16 magnitude = ck_splat_int(0x7FFFFFFF);
        ck_v16 a = (ck_v16)((ck_i16)v[0] & magnitude), b = (ck_v16)((ck_i16)v[1] & magnitude);
        const ck_i16 larger = b > a;
        a = (ck_v16)(((ck_i16)b & larger) | ((ck_i16)a & ~larger));
        const float top = ck_max(a), scale = top / 127;
        const float inverse = top > 0 ? 127 / top : 0;
        // Adding 1.5 * 2^23 rounds to the nearest whole number, ties to even, in the low bits.
        const ck_v16 magic = ck_splat(12582912.0f);
        typedef int8_t signed16 __attribute__((vector_size(16)));
        int8_t bytes[64] = {0};
        for (int i = 0; i < 2; i++) {
            const ck_i16 whole = (ck_i16)(v[i] * ck_splat(inverse) + magic) - (ck_i16)magic;
            const signed16 narrow = __builtin_convertvector(whole, signed16);
            memcpy(bytes + 16 * i, &narrow, 16);
        }
        memcpy(values + c, bytes, 32);
        const ck_i16 sums = ck_dot(ck_splat_int(0), ones, ck_load_64(bytes));
        if (few) {
            // Eight lanes belong to these 32 columns.
            const ck_v16 scaled = __builtin_convertvector(sums, ck_v16) * ck_splat(scale);
            const ck_v16 scales = ck_splat(scale);
            const ck_i16 negated = -sums;
            memcpy(p + padded + c, &scales, 32);
            memcpy(p + 2 * padded + c, &negated, 32);
            memcpy(p + 3 * padded + c, &scaled, 32);
        } else {
            const int32_t s[2] = {sums[0] + sums[1] + sums[2] + sums[3],
                                  sums[4] + sums[5] + sums[6] + sums[7]};
            float *scales = (float *)(p + padded);
            int32_t *negated32 = (int32_t *)(p + padded + padded / 8);
            float *sums32 = (float *)(p + padded + padded / 8 * 2);
            int32_t *negated16 = (int32_t *)(p + padded + padded / 8 * 3);
            float *sums16 = (float *)(p + padded + padded / 8 * 3 + padded / 4);
            scales[c / 32] = scale;
            negated32[c / 32] = -(s[0] + s[1]);
            sums32[c / 32] = scale * (float)(s[0] + s[1]);
            for (int i = 0; i < 2; i++) {
                negated16[c / 16 + i] = -s[i];
                sums16[c / 16 + i] = scale * (float)s[i];
            }
        }
    }
}

#define CK_INLINE static inline __attribute__((always_inline))

// ---- one to sixteen rows ----

// Adds a step's products to the sixteen lane sums of one row.
CK_INLINE ck_v16 ck_add_step(ck_v16 sums, const struct ck_step *s, int kind, struct ck_lanes x,
                             int64_t column) {
    const ck_bytes values = ck_load_64(x.values + column);
    ck_i16 negated;
    memcpy(&negated, x.negated + column / 4, sizeof negated);
    ck_i16 whole;
    if (kind == CK_SIGNED)
        whole = ck_dot_signed(ck_splat_int(0), s->weights, values, negated);
    else if (kind == CK_PLAIN || kind == CK_WITH_MINIMUM)
        whole = ck_dot(ck_splat_int(0), s->weights, values);
    else
        whole = ck_dot(negated << kind, s->weights, values);
    const ck_v16 product = __builtin_convertvector(whole, ck_v16);
    const ck_v16 scale = s->scale * ck_load(x.scales + column / 4);
    if (kind != CK_WITH_MINIMUM) return ck_fma(product, scale, sums);
    // One sum is what the next step waits for, not two.
    return sums + ck_fma(product, scale, s->minimum * ck_load(x.sums + column / 4));
}

enum { CK_CHUNK_STEPS = 8, CK_FEW_LIMIT = 16 };

// The unpacked columns of a few weight rows.
struct ck_chunk {
    struct ck_step steps[CK_BLOCK_WEIGHTS][CK_CHUNK_STEPS];
};

// `weights` weight rows against `tokens` rows of x (both constants), a chunk of columns.
CK_INLINE void ck_add_chunk(const struct ck_chunk *chunk, int64_t step_count, const int kind,
                            const int weights, const int tokens, const struct ck_lanes *x,
                            int64_t column, ck_v16 (*sums)[CK_BLOCK_WEIGHTS]) {
    ck_v16 s[CK_BLOCK_LANES][CK_BLOCK_WEIGHTS];
    for (int m = 0; m < tokens; m++)
        for (int r = 0; r < weights; r++) s[m][r] = sums[m][r];
#pragma clang loop unroll(disable)
    for (int64_t i = 0; i < step_count; i++)
        for (int m = 0; m < tokens; m++)
            for (int r = 0; r < weights; r++)
                s[m][r] = ck_add_step(s[m][r], &chunk->steps[r][i], kind, x[m], column + 64 * i);
    for (int m = 0; m < tokens; m++)
        for (int r = 0; r < weights; r++) sums[m][r] = s[m][r];
}

enum { CK_AHEAD = 4096 };

// A single row: its steps stay in registers.
CK_INLINE float ck_one(ck_unpacker unpack, const int unit_steps, const int unit_bytes, const int kind,
                       const uint8_t *b, const uint8_t *last, int64_t columns, struct ck_lanes x) {
    const int64_t unit = 64 * unit_steps, units = columns / unit;
    ck_v16 sums = ck_splat(0);
    struct ck_step s[4];
    for (int64_t u = 0; u < units; u++) {
        for (int byte = 0; byte < unit_bytes; byte += 64)
            ck_prefetch(b + u * unit_bytes + byte, CK_AHEAD);
        unpack(b + u * unit_bytes, s);
#pragma clang loop unroll(full)
        for (int j = 0; j < unit_steps; j++)
            sums = ck_add_step(sums, &s[j], kind, x, u * unit + 64 * j);
    }
    if (units * unit < columns) {
        unpack(last, s);
        sums = ck_add_step(sums, &s[0], kind, x, units * unit);
    }
    return ck_sum(sums);
}

// Room for half a unit that is read as a whole one: two blocks of Q8_0 are 68 bytes.
enum { CK_HALF_UNIT = 80 };

CK_INLINE void ck_few(ck_unpacker unpack, const int unit_steps, const int unit_bytes, const int kind,
                      const uint8_t *weights, int64_t row_bytes, int64_t columns,
                      const struct ck_lanes *x, int64_t x_rows, float scale, float *destination,
                      int64_t stride, int64_t first_row, int64_t end_row) {
    const int64_t unit = 64 * unit_steps, units = columns / unit;
    // Half a unit is left where a row has an odd number of blocks of 32.
    uint8_t last[CK_BLOCK_WEIGHTS][CK_HALF_UNIT] = {{0}};
    struct ck_chunk chunk;
    ck_v16 sums[CK_FEW_LIMIT][CK_BLOCK_WEIGHTS];
    const int64_t together = x_rows == 1 ? 1 : CK_BLOCK_WEIGHTS;
    for (int64_t row = first_row; row < end_row; row += together) {
        const uint8_t *b[CK_BLOCK_WEIGHTS];
        for (int64_t r = 0; r < together; r++) {
            // Rows past the end repeat the last one; their results are not written.
            b[r] = weights + (row + r < end_row ? row + r : end_row - 1) * row_bytes;
            if (units * unit < columns)
                memcpy(last[r], b[r] + units * unit_bytes, (size_t)unit_bytes / 2);
        }
        if (x_rows == 1) {
            destination[row] =
                scale * ck_one(unpack, unit_steps, unit_bytes, kind, b[0], last[0], columns, x[0]);
            continue;
        }
        memset(sums, 0, (size_t)x_rows * sizeof sums[0]);
        for (int64_t u = 0; u * unit < columns; u += CK_CHUNK_STEPS / unit_steps) {
            int64_t count = 0;
            for (int64_t r = 0; r < CK_BLOCK_WEIGHTS; r++) {
                count = 0;
                for (int64_t i = u; i * unit < columns && count < CK_CHUNK_STEPS; i++) {
                    unpack(i < units ? b[r] + i * unit_bytes : last[r], chunk.steps[r] + count);
                    for (int byte = 0; byte < unit_bytes; byte += 64)
                        ck_prefetch(b[r] + i * unit_bytes + byte, CK_BLOCK_WEIGHTS * row_bytes);
                    count += unit_steps;
                }
            }
            int64_t m = 0;
            for (; m + CK_BLOCK_LANES <= x_rows; m += CK_BLOCK_LANES)
                ck_add_chunk(&chunk, count, kind, CK_BLOCK_WEIGHTS, CK_BLOCK_LANES, x + m, u * unit,
                             sums + m);
            for (; m < x_rows; m++)
                ck_add_chunk(&chunk, count, kind, CK_BLOCK_WEIGHTS, 1, x + m, u * unit, sums + m);
        }
        for (int64_t m = 0; m < x_rows; m++)
            for (int64_t r = 0; r < CK_BLOCK_WEIGHTS && row + r < end_row; r += 2) {
                float pair[2];
                ck_sum_pair(sums[m][r], sums[m][r + 1], pair);
                destination[m * stride + row + r] = scale * pair[0];
                if (row + r + 1 < end_row) destination[m * stride + row + r + 1] = scale * pair[1];
            }
    }
}

// ---- many rows ----

enum { CK_TILE_STEPS = 8, CK_PANEL = 16, CK_MANY_ROWS = 256 };

// Two panels of sixteen weight rows over at most 512 columns; lanes are rows.
struct ck_tile {
    // By panel and step: four columns of all sixteen rows, then the next four.
    ck_bytes weights[2][CK_TILE_STEPS][16];
    ck_v16 scales[2][CK_TILE_STEPS * 4];
    ck_v16 minima[2][CK_TILE_STEPS * 4];
};

// Swaps rows and columns of sixteen times sixteen words.
static inline void ck_transpose(ck_words r[16]) {
    // At each level, rows k apart exchange those halves of every 2k columns that lie crosswise.
#define CK_LEVEL(k, low, high)                                                                      \
    for (int i = 0; i < 16; i++) {                                                                  \
        if (i & (k)) continue;                                                                      \
        const ck_words a = r[i], b = r[i + (k)];                                                    \
        r[i] = __builtin_shufflevector(a, b, low);                                                  \
        r[i + (k)] = __builtin_shufflevector(a, b, high);                                           \
    }
#define CK_LIST(...) __VA_ARGS__
    CK_LEVEL(8, CK_LIST(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
             CK_LIST(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
    CK_LEVEL(4, CK_LIST(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
             CK_LIST(4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
    CK_LEVEL(2, CK_LIST(0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
             CK_LIST(2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
    CK_LEVEL(1, CK_LIST(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
             CK_LIST(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
#undef CK_LIST
#undef CK_LEVEL
}

// Word i of sixteen bytes at `p`, p + stride, ... of sixteen rows becomes lane by row of words[i].
// Rows past the end repeat the last one.
static inline void ck_gather_words(const uint8_t *p, int64_t stride, int64_t rows, ck_words words[4]) {
    typedef uint32_t quarter __attribute__((vector_size(16)));
    ck_words v[4];
    for (int i = 0; i < 4; i++) {
        quarter q[4];
        for (int j = 0; j < 4; j++)
            memcpy(&q[j], p + (4 * j + i < rows ? 4 * j + i : rows - 1) * stride, sizeof q[j]);
        typedef uint32_t half __attribute__((vector_size(32)));
        const half low = __builtin_shufflevector(q[0], q[1], 0, 1, 2, 3, 4, 5, 6, 7);
        const half high = __builtin_shufflevector(q[2], q[3], 0, 1, 2, 3, 4, 5, 6, 7);
        v[i] = __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    }
    ck_words t[4];
    for (int i = 0; i < 2; i++) {
        t[i] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25,
                                       12, 28, 13, 29);
        t[i + 2] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], 2, 18, 3, 19, 6, 22, 7, 23, 10, 26,
                                           11, 27, 14, 30, 15, 31);
    }
    for (int i = 0; i < 4; i += 2) {
        words[i] = __builtin_shufflevector(t[i], t[i + 1], 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12,
                                           13, 28, 29);
        words[i + 1] = __builtin_shufflevector(t[i], t[i + 1], 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26,
                                               27, 14, 15, 30, 31);
    }
}

// The half-precision numbers at `p` of sixteen rows.
static inline ck_v16 ck_gather_halves(const uint8_t *p, int64_t stride, int64_t rows) {
    uint16_t h[16];
    for (int r = 0; r < 16; r++) memcpy(&h[r], p + (r < rows ? r : rows - 1) * stride, 2);
    return ck_load_half(h);
}

// A panel of at most sixteen rows being filled.
struct ck_panel {
    ck_bytes (*weights)[16];
    ck_v16 *scales, *minima;
    int64_t stride, rows;
};

// Fillers of the usual formats write the units of a panel at once: packed words are gathered by rows
// first, so that all lanes are unpacked alike. `b` is the unit of row 0, `step` its place.
typedef void (*ck_filler)(struct ck_panel p, const uint8_t *b, int64_t step);

// One block of 32 columns as eight words of four columns; half is 0 or 1.
static inline void ck_fill_nibbles(struct ck_panel p, const uint8_t *q, int64_t step, int half) {
    ck_words words[4];
    ck_gather_words(q, p.stride, p.rows, words);
    for (int i = 0; i < 4; i++) {
        p.weights[step][8 * half + i] = (ck_bytes)(words[i] & 0x0F0F0F0F);
        p.weights[step][8 * half + 4 + i] = (ck_bytes)(words[i] >> 4 & 0x0F0F0F0F);
    }
}

static inline void ck_fill_q4_0(struct ck_panel p, const uint8_t *b, int64_t step) {
    for (int half = 0; half < 2; half++) {
        ck_fill_nibbles(p, b + 18 * half + 2, step, half);
        p.scales[2 * step + half] = ck_gather_halves(b + 18 * half, p.stride, p.rows);
    }
}

static inline void ck_fill_q4_1(struct ck_panel p, const uint8_t *b, int64_t step) {
    for (int half = 0; half < 2; half++) {
        ck_fill_nibbles(p, b + 20 * half + 4, step, half);
        p.scales[2 * step + half] = ck_gather_halves(b + 20 * half, p.stride, p.rows);
        p.minima[2 * step + half] = ck_gather_halves(b + 20 * half + 2, p.stride, p.rows);
    }
}

static inline void ck_fill_q5_0(struct ck_panel p, const uint8_t *b, int64_t step) {
    for (int half = 0; half < 2; half++) {
        const uint8_t *block = b + 22 * half;
        ck_fill_nibbles(p, block + 6, step, half);
        uint32_t bits[16];
        for (int r = 0; r < 16; r++)
            memcpy(&bits[r], block + 2 + (r < p.rows ? r : p.rows - 1) * p.stride, 4);
        const ck_words high = (ck_words)ck_load_64(bits);
        for (int i = 0; i < 8; i++) {
            // Four bits, one to a byte.
            const ck_words spread = (high >> 4 * i & 15) * 0x00204081 & 0x01010101;
            p.weights[step][8 * half + i] |= (ck_bytes)(spread << 4);
        }
        p.scales[2 * step + half] = ck_gather_halves(block, p.stride, p.rows);
    }
}

static inline void ck_fill_q8_0(struct ck_panel p, const uint8_t *b, int64_t step) {
    for (int half = 0; half < 2; half++) {
        for (int i = 0; i < 2; i++) {
            ck_words words[4];
            ck_gather_words(b + 34 * half + 2 + 16 * i, p.stride, p.rows, words);
            for (int k = 0; k < 4; k++)
                p.weights[step][8 * half + 4 * i + k] = (ck_bytes)words[k] ^ CK_SIGNED_BIAS;
        }
        p.scales[2 * step + half] = ck_gather_halves(b + 34 * half, p.stride, p.rows);
    }
}

// Sixteen numbers of each of sixteen rows, to be read by number.
static inline void ck_transpose_numbers(ck_v16 rows[16]) {
    ck_words words[16];
    memcpy(words, rows, sizeof words);
    ck_transpose(words);
    memcpy(rows, words, sizeof words);
}

static inline void ck_fill_k_scales(struct ck_panel p, const uint8_t *b, int64_t step) {
    ck_v16 numbers[16];
    for (int r = 0; r < 16; r++)
        numbers[r] = ck_k_scales(b + (r < p.rows ? r : p.rows - 1) * p.stride);
    ck_transpose_numbers(numbers);
    memcpy(p.scales + 2 * step, numbers, 8 * sizeof numbers[0]);
    memcpy(p.minima + 2 * step, numbers + 8, 8 * sizeof numbers[0]);
}

static inline void ck_fill_q4_k(struct ck_panel p, const uint8_t *b, int64_t step) {
    ck_fill_k_scales(p, b, step);
    for (int j = 0; j < 8; j++) {
        ck_words words[4];
        ck_gather_words(b + 16 + 16 * j, p.stride, p.rows, words);
        ck_bytes *out = p.weights[step + j / 2] + 4 * (j % 2);
        for (int i = 0; i < 4; i++) {
            out[i] = (ck_bytes)(words[i] & 0x0F0F0F0F);
            out[8 + i] = (ck_bytes)(words[i] >> 4 & 0x0F0F0F0F);
        }
    }
}

static inline void ck_fill_q6_k(struct ck_panel p, const uint8_t *b, int64_t step) {
    ck_v16 numbers[16];
    for (int r = 0; r < 16; r++) {
        const uint8_t *row = b + (r < p.rows ? r : p.rows - 1) * p.stride;
        numbers[r] = ck_sixteen_signed(row + 192) * ck_splat(ck_half(ck_u16(row + 208)));
    }
    ck_transpose_numbers(numbers);
    memcpy(p.scales + 4 * step, numbers, sizeof numbers);
    for (int h = 0; h < 2; h++)
        for (int j = 0; j < 2; j++) {
            ck_words high[4], low[4];
            ck_gather_words(b + 128 + 32 * h + 16 * j, p.stride, p.rows, high);
            for (int part = 0; part < 2; part++) {
                ck_gather_words(b + 64 * h + 32 * part + 16 * j, p.stride, p.rows, low);
                for (int i = 0; i < 4; i++) {
                    const ck_words bits = high[i] >> 2 * part;
                    ck_bytes *out = p.weights[step + 2 * h] + 8 * part + 4 * j + i;
                    out[0] = (ck_bytes)((low[i] & 0x0F0F0F0F) | (bits & 0x03030303) << 4);
                    out[16] =
                        (ck_bytes)((low[i] >> 4 & 0x0F0F0F0F) | (bits >> 4 & 0x03030303) << 4);
                }
            }
        }
}

// The other formats: rows are unpacked one by one, then turned.
CK_INLINE void ck_fill_rows(ck_unpacker unpack, const int unit_steps, const int kind, const int group,
                            struct ck_panel p, const uint8_t *b, int64_t step) {
    const int step_groups = 64 / group;
    ck_words words[4][16];
    for (int r = 0; r < CK_PANEL; r++) {
        struct ck_step steps[4];
        unpack(b + (r < p.rows ? r : p.rows - 1) * p.stride, steps);
        for (int j = 0; j < unit_steps; j++) {
            words[j][r] = (ck_words)steps[j].weights;
            for (int g = 0; g < step_groups; g++) {
                const int64_t place = (step + j) * step_groups + g;
                ((float *)&p.scales[place])[r] = ((float *)&steps[j].scale)[g * group / 4];
                if (kind == CK_WITH_MINIMUM)
                    ((float *)&p.minima[place])[r] = ((float *)&steps[j].minimum)[g * group / 4];
            }
        }
    }
    for (int j = 0; j < unit_steps; j++) {
        ck_transpose(words[j]);
        for (int i = 0; i < 16; i++)
            p.weights[step + j][i] = kind == CK_SIGNED ? (ck_bytes)words[j][i] ^ CK_SIGNED_BIAS
                                                       : (ck_bytes)words[j][i];
    }
}

// Unpacks at most 512 columns of a panel from `column` on.
CK_INLINE void ck_fill_panel(ck_filler fill, ck_unpacker unpack, const int unit_steps,
                             const int unit_bytes, const int kind, const int group, struct ck_panel p,
                             const uint8_t *weights, int64_t column, int64_t columns) {
    const int64_t unit = 64 * unit_steps;
    int64_t step = 0;
    for (int64_t c = column; c < columns && step < CK_TILE_STEPS; c += unit, step += unit_steps) {
        const uint8_t *b = weights + c / unit * unit_bytes;
        if (unit_steps == 1 && c + 32 == columns) {
            // An odd block of 32: the other half of the step is made of zeros.
            uint8_t last[CK_PANEL][CK_HALF_UNIT] = {{0}};
            for (int64_t r = 0; r < p.rows; r++)
                memcpy(last[r], b + r * p.stride, (size_t)unit_bytes / 2);
            struct ck_panel q = p;
            q.stride = CK_HALF_UNIT;
            ck_fill_rows(unpack, unit_steps, kind, group, q, last[0], step);
        } else if (fill) {
            for (int64_t r = 0; r < p.rows; r++)
                for (int byte = 0; byte < unit_bytes; byte += 64)
                    ck_prefetch(b + r * p.stride + byte, 2 * CK_PANEL * p.stride);
            fill(p, b, step);
        } else {
            ck_fill_rows(unpack, unit_steps, kind, group, p, b, step);
        }
    }
}

// What the blocks below need to know of a tile.
struct ck_tile_shape {
    int steps;
    // -1 where there is none.
    int zero_shift;
    int has_minimum;
    int is_signed;
};

// `tokens` activation rows (a constant) against `panels` panels from `panel` on.
CK_INLINE void ck_tile_block(const struct ck_tile *tile, struct ck_tile_shape shape, const int group,
                             const int is_signed, const int panel, const int panels,
                             const int tokens, const struct ck_groups *x, int64_t column,
                             float (*sums)[32]) {
    const int step_groups = 64 / group, group_steps = group / 4;
    ck_v16 total[2][CK_BLOCK_TOKENS];
    for (int p = 0; p < panels; p++)
        for (int t = 0; t < tokens; t++) total[p][t] = ck_load(sums[t] + 16 * (panel + p));
    for (int64_t g = 0; g < shape.steps * step_groups; g++) {
        const int64_t at = column + g * group;
        ck_i16 whole[2][CK_BLOCK_TOKENS];
        for (int t = 0; t < tokens; t++) {
            const ck_i16 start = shape.zero_shift < 0
                                     ? ck_splat_int(0)
                                     : ck_splat_int(x[t].negated[at / group] << shape.zero_shift);
            for (int p = 0; p < panels; p++) whole[p][t] = start;
        }
        const ck_bytes *w = &tile->weights[panel][g / step_groups][g % step_groups * group_steps];
        const int64_t panel_stride = CK_TILE_STEPS * 16;
        // Unrolled, the compiler would gather all broadcasts first and run out of registers.
#pragma clang loop unroll(disable)
        for (int k = 0; k < group_steps; k++) {
            ck_bytes v[2];
            for (int p = 0; p < panels; p++) v[p] = w[p * panel_stride + k];
            for (int t = 0; t < tokens; t++) {
                uint32_t four;
                memcpy(&four, x[t].values + at + 4 * k, 4);
                const ck_bytes b = (ck_bytes)ck_splat_word(four);
                for (int p = 0; p < panels; p++)
                    whole[p][t] = is_signed ? ck_dot_signed(whole[p][t], v[p], b, ck_splat_int(0))
                                            : ck_dot(whole[p][t], v[p], b);
            }
        }
        for (int p = 0; p < panels; p++) {
            const ck_v16 scale = tile->scales[panel + p][g];
            for (int t = 0; t < tokens; t++)
                total[p][t] = ck_fma(__builtin_convertvector(whole[p][t], ck_v16),
                                     scale * ck_splat(x[t].scales[at / 32]), total[p][t]);
            if (shape.has_minimum) {
                const ck_v16 minimum = tile->minima[panel + p][g];
                for (int t = 0; t < tokens; t++)
                    total[p][t] = ck_fma(minimum, ck_splat(x[t].sums[at / group]), total[p][t]);
            }
        }
    }
    for (int p = 0; p < panels; p++)
        for (int t = 0; t < tokens; t++) ck_store(sums[t] + 16 * (panel + p), total[p][t]);
}

// All activation rows of a batch against a tile, in blocks that fit the registers.
CK_INLINE void ck_tile_rows(const struct ck_tile *tile, struct ck_tile_shape shape, const int group,
                            const int is_signed, const struct ck_groups *x, int64_t x_rows,
                            int64_t column, float (*sums)[32]) {
    for (int panel = 0; panel < 2; panel += CK_BLOCK_PANELS) {
        int64_t m = 0;
        for (; m + CK_BLOCK_TOKENS <= x_rows; m += CK_BLOCK_TOKENS)
            ck_tile_block(tile, shape, group, is_signed, panel, CK_BLOCK_PANELS, CK_BLOCK_TOKENS,
                          x + m, column, sums + m);
        for (; m + 2 <= x_rows; m += 2)
            ck_tile_block(tile, shape, group, is_signed, panel, CK_BLOCK_PANELS, 2, x + m, column,
                          sums + m);
        for (; m < x_rows; m++)
            ck_tile_block(tile, shape, group, is_signed, panel, CK_BLOCK_PANELS, 1, x + m, column,
                          sums + m);
    }
}

// One instance a group size, not one a format.
static void ck_tile_rows_32(const struct ck_tile *tile, struct ck_tile_shape shape,
                            const struct ck_groups *x, int64_t x_rows, int64_t column,
                            float (*sums)[32]) {
#ifndef CK_SIGNED_IS_BIASED
    if (shape.is_signed) {
        ck_tile_rows(tile, shape, 32, 1, x, x_rows, column, sums);
        return;
    }
#endif
    ck_tile_rows(tile, shape, 32, 0, x, x_rows, column, sums);
}

static void ck_tile_rows_16(const struct ck_tile *tile, struct ck_tile_shape shape,
                            const struct ck_groups *x, int64_t x_rows, int64_t column,
                            float (*sums)[32]) {
#ifndef CK_SIGNED_IS_BIASED
    if (shape.is_signed) {
        ck_tile_rows(tile, shape, 16, 1, x, x_rows, column, sums);
        return;
    }
#endif
    ck_tile_rows(tile, shape, 16, 0, x, x_rows, column, sums);
}

CK_INLINE void ck_many(ck_filler fill, ck_unpacker unpack, const int unit_steps, const int unit_bytes, const int kind,
                       const int group, const uint8_t *weights, int64_t row_bytes, int64_t columns,
                       const struct ck_groups *x, int64_t x_rows, float scale, float *destination,
                       int64_t stride, int64_t first_row, int64_t end_row) {
    struct ck_tile tile;
    float sums[CK_MANY_ROWS][32] __attribute__((aligned(64)));
    struct ck_tile_shape shape = {
        .zero_shift = kind >= 1 && kind <= 7 ? kind : -1,
        .has_minimum = kind == CK_WITH_MINIMUM,
        .is_signed = kind == CK_SIGNED,
    };
#ifdef CK_SIGNED_IS_BIASED
    if (kind == CK_SIGNED) shape.zero_shift = 7;
#endif
    for (int64_t row = first_row; row < end_row; row += 32) {
        memset(sums, 0, (size_t)x_rows * sizeof sums[0]);
        for (int64_t column = 0; column < columns; column += 64 * CK_TILE_STEPS) {
            for (int p = 0; p < 2; p++) {
                // A panel without rows repeats the one before.
                const int64_t start = row + 16 * p < end_row ? row + 16 * p : row;
                const int64_t rows = end_row - start < 16 ? end_row - start : 16;
                const struct ck_panel panel = {tile.weights[p], tile.scales[p], tile.minima[p],
                                               row_bytes, rows};
                ck_fill_panel(fill, unpack, unit_steps, unit_bytes, kind, group, panel,
                              weights + start * row_bytes, column, columns);
            }
            const int64_t steps = (columns - column + 63) / 64;
            shape.steps = (int)(steps < CK_TILE_STEPS ? steps : CK_TILE_STEPS);
            if (group == 32)
                ck_tile_rows_32(&tile, shape, x, x_rows, column, sums);
            else
                ck_tile_rows_16(&tile, shape, x, x_rows, column, sums);
        }
        const int64_t rows = end_row - row < 32 ? end_row - row : 32;
        for (int64_t m = 0; m < x_rows; m++)
            for (int64_t r = 0; r < rows; r++)
                destination[m * stride + row + r] = scale * sums[m][r];
    }
}

// ---- by format ----

// type, name, steps and bytes of a unit, kind, columns of a group, filler of its own
#define CK_FORMATS(X)                                          \
    X(CK_Q4_0, q4_0, 1, 36, 3, 32, ck_fill_q4_0)                     \
    X(CK_Q4_1, q4_1, 1, 40, CK_WITH_MINIMUM, 32, ck_fill_q4_1)       \
    X(CK_Q5_0, q5_0, 1, 44, 4, 32, ck_fill_q5_0)                     \
    X(CK_Q5_1, q5_1, 1, 48, CK_WITH_MINIMUM, 32, NULL)               \
    X(CK_Q8_0, q8_0, 1, 68, CK_SIGNED, 32, ck_fill_q8_0)             \
    X(CK_IQ4_NL, iq4_nl, 1, 36, CK_SIGNED, 32, NULL)                 \
    X(CK_MXFP4, mxfp4, 1, 34, CK_SIGNED, 32, NULL)                   \
    X(CK_NVFP4, nvfp4, 1, 36, CK_SIGNED, 16, NULL)                   \
    X(CK_Q2_K, q2_k, 4, 84, CK_WITH_MINIMUM, 16, NULL)               \
    X(CK_Q3_K, q3_k, 4, 110, 2, 16, NULL)                            \
    X(CK_Q4_K, q4_k, 4, 144, CK_WITH_MINIMUM, 32, ck_fill_q4_k)      \
    X(CK_Q5_K, q5_k, 4, 176, CK_WITH_MINIMUM, 32, NULL)              \
    X(CK_Q6_K, q6_k, 4, 210, 5, 16, ck_fill_q6_k)                    \
    X(CK_IQ4_XS, iq4_xs, 4, 136, CK_SIGNED, 32, NULL)                \
    X(CK_IQ2_XXS, iq2_xxs, 4, 66, CK_SIGNED, 32, NULL)               \
    X(CK_IQ2_XS, iq2_xs, 4, 74, CK_SIGNED, 16, NULL)                 \
    X(CK_IQ2_S, iq2_s, 4, 82, CK_SIGNED, 16, NULL)                   \
    X(CK_IQ3_XXS, iq3_xxs, 4, 98, CK_SIGNED, 32, NULL)               \
    X(CK_IQ3_S, iq3_s, 4, 110, CK_SIGNED, 32, NULL)                  \
    X(CK_IQ1_S, iq1_s, 4, 50, CK_SIGNED, 32, NULL)                   \
    X(CK_IQ1_M, iq1_m, 4, 56, CK_SIGNED, 16, NULL)

static void ck_multiply_few(uint32_t type, const void *weights, int64_t row_bytes, int64_t columns,
                            const void *x, int64_t x_stride, const int32_t *x_index, int64_t x_rows,
                            float scale, float *destination, int64_t destination_stride,
                            int64_t first_row, int64_t end_row) {
    struct ck_lanes rows[CK_FEW_LIMIT];
    for (int64_t start = 0; start < x_rows; start += CK_FEW_LIMIT) {
        const int64_t count = x_rows - start < CK_FEW_LIMIT ? x_rows - start : CK_FEW_LIMIT;
        for (int64_t m = 0; m < count; m++) {
            const int64_t source = x_index ? x_index[start + m] : start + m;
            rows[m] = ck_lanes_of((const uint8_t *)x + source * x_stride, ck_padded(columns));
        }
        float *out = destination + start * destination_stride;
        switch ((enum ck_type)type) {
#define CK_CASE(type, name, steps, bytes, kind, group, fill)                                            \
    case type:                                                                                     \
        ck_few(ck_unpack_##name, steps, bytes, kind, weights, row_bytes, columns, rows, count,     \
               scale, out, destination_stride, first_row, end_row);                                \
        break;
            CK_FORMATS(CK_CASE)
#undef CK_CASE
        default: break;
        }
    }
}

static void ck_multiply_many(uint32_t type, const void *weights, int64_t row_bytes, int64_t columns,
                             const void *x, int64_t x_stride, const int32_t *x_index,
                             int64_t x_rows, float scale, float *destination,
                             int64_t destination_stride, int64_t first_row, int64_t end_row) {
    struct ck_groups rows[CK_MANY_ROWS];
    for (int64_t start = 0; start < x_rows; start += CK_MANY_ROWS) {
        const int64_t count = x_rows - start < CK_MANY_ROWS ? x_rows - start : CK_MANY_ROWS;
        float *out = destination + start * destination_stride;
        switch ((enum ck_type)type) {
#define CK_CASE(type, name, steps, bytes, kind, group, fill)                                            \
    case type:                                                                                     \
        for (int64_t m = 0; m < count; m++) {                                                      \
            const int64_t source = x_index ? x_index[start + m] : start + m;                       \
            rows[m] =                                                                              \
                ck_groups_of((const uint8_t *)x + source * x_stride, ck_padded(columns), group);   \
        }                                                                                          \
        ck_many(fill, ck_unpack_##name, steps, bytes, kind, group, weights, row_bytes, columns, rows,    \
                count, scale, out, destination_stride, first_row, end_row);                        \
        break;
            CK_FORMATS(CK_CASE)
#undef CK_CASE
        default: break;
        }
    }
}
