// Matrix products on unpacked tiles: eight weight rows of 256 columns at a time become floats in the
// first-level cache, and every activation row is multiplied with them before the next tile.
#pragma once

#include "dequantize.h"

enum { CK_TILE_ROWS = 8, CK_QUAD = 4, CK_TILE_COLUMNS = 256, CK_BATCH = 64 };

// Adds the products of four rows of a tile to the lane sums of `count` activation rows (a constant).
static inline __attribute__((always_inline)) void ck_tile(const float (*tile)[CK_TILE_COLUMNS],
                                                          int64_t width, const float *const *x,
                                                          int64_t column, const int count,
                                                          ck_v16 *sums) {
    ck_v16 s[CK_FLOAT_TOKENS][CK_QUAD];
    for (int m = 0; m < count; m++)
        for (int r = 0; r < CK_QUAD; r++) s[m][r] = sums[m * CK_TILE_ROWS + r];
    for (int64_t c = 0; c + 16 <= width; c += 16) {
        ck_v16 w[CK_QUAD];
        for (int r = 0; r < CK_QUAD; r++) w[r] = ck_load(tile[r] + c);
        for (int m = 0; m < count; m++) {
            const ck_v16 v = ck_load(x[m] + column + c);
            for (int r = 0; r < CK_QUAD; r++) s[m][r] = ck_fma(w[r], v, s[m][r]);
        }
    }
    for (int m = 0; m < count; m++)
        for (int r = 0; r < CK_QUAD; r++) sums[m * CK_TILE_ROWS + r] = s[m][r];
}

// The columns after the last whole sixteen: one lane each, zeros in the others.
static inline void ck_tile_remainder(const float (*tile)[CK_TILE_COLUMNS], int64_t width,
                                     const float *x, ck_v16 *sums) {
    const int64_t start = width / 16 * 16, left = width - start;
    if (left == 0) return;
    float padded[16] = {0}, weights[16] = {0};
    memcpy(padded, x + start, (size_t)left * 4);
    const ck_v16 u = ck_load(padded);
    for (int r = 0; r < CK_TILE_ROWS; r++) {
        memcpy(weights, tile[r] + start, (size_t)left * 4);
        sums[r] = ck_fma(ck_load(weights), u, sums[r]);
    }
}

// Sixteen numbers of a type that is not stored in blocks.
static inline __attribute__((always_inline)) ck_v16 ck_load_plain(const uint32_t type,
                                                                  const uint8_t *row, int64_t i) {
    if (type == CK_F32) return ck_load((const float *)row + i);
    if (type == CK_F16) return ck_load_half((const uint16_t *)row + i);
    ck_h16 halves;
    memcpy(&halves, row + 2 * i, sizeof halves);
    return (ck_v16)(__builtin_convertvector(halves, ck_i16) << 16);
}

// One activation row and weights that need no unpacking: what the memory gives is used at once, in
// the order of the tiles below.
static inline __attribute__((always_inline)) void ck_multiply_plain(
    const uint32_t type, const uint8_t *weights, int64_t row_bytes, int64_t columns, const float *x,
    float scale, float *destination, int64_t first_row, int64_t end_row) {
    const int64_t size = type == CK_F32 ? 4 : 2, whole = columns / 16 * 16;
    float last[16] = {0};
    memcpy(last, x + whole, (size_t)(columns - whole) * 4);
    for (int64_t row = first_row; row < end_row; row++) {
        const uint8_t *w = weights + row * row_bytes;
        ck_v16 sums = ck_splat(0);
        for (int64_t c = 0; c < whole; c += 16) {
            if (c % 32 == 0) ck_prefetch(w + size * c, 4096);
            sums = ck_fma(ck_load_plain(type, w, c), ck_load(x + c), sums);
        }
        if (whole < columns) {
            float padded[16] = {0};
            ck_dequantize(type, w + size * whole, padded, columns - whole);
            sums = ck_fma(ck_load(padded), ck_load(last), sums);
        }
        destination[row] = scale * ck_sum(sums);
    }
}

static void ck_multiply(uint32_t type, const void *weights, int64_t row_bytes, int64_t columns,
                        const float *x, int64_t x_stride, const int32_t *x_index, int64_t x_rows,
                        float scale, float *destination, int64_t destination_stride, int64_t first_row,
                        int64_t end_row) {
    if (x_rows == 1) {
        const float *row = x + (x_index ? x_index[0] : 0) * x_stride;
#define CK_CASE(type)                                                                              \
    case type:                                                                                     \
        ck_multiply_plain(type, weights, row_bytes, columns, row, scale, destination, first_row,   \
                          end_row);                                                                \
        return;
        switch (type) { CK_CASE(CK_F32) CK_CASE(CK_F16) CK_CASE(CK_BF16) }
#undef CK_CASE
    }
    float tile[CK_TILE_ROWS][CK_TILE_COLUMNS] __attribute__((aligned(64)));
    ck_v16 sums[CK_BATCH][CK_TILE_ROWS];
    for (int64_t row = first_row; row < end_row; row += CK_TILE_ROWS) {
        const int64_t rows = end_row - row < CK_TILE_ROWS ? end_row - row : CK_TILE_ROWS;
        for (int64_t batch = 0; batch < x_rows; batch += CK_BATCH) {
            const int64_t size = x_rows - batch < CK_BATCH ? x_rows - batch : CK_BATCH;
            memset(sums, 0, (size_t)size * sizeof sums[0]);
            const float *rows_of_x[CK_BATCH];
            for (int64_t m = 0; m < size; m++)
                rows_of_x[m] = x + (x_index ? x_index[batch + m] : batch + m) * x_stride;
            for (int64_t column = 0; column < columns; column += CK_TILE_COLUMNS) {
                const int64_t width =
                    columns - column < CK_TILE_COLUMNS ? columns - column : CK_TILE_COLUMNS;
                const int64_t offset = ck_stored_size(type, column);
                for (int64_t r = 0; r < CK_TILE_ROWS; r++) {
                    // Rows past the end repeat the last one; their sums are not written.
                    const int64_t source = row + (r < rows ? r : rows - 1);
                    if (r < rows) {
                        const uint8_t *from = (const uint8_t *)weights + source * row_bytes + offset;
                        const int64_t bytes = ck_stored_size(type, width);
                        for (int64_t i = 0; i < bytes; i += 64)
                            ck_prefetch(from + i, CK_TILE_ROWS * row_bytes);
                        ck_dequantize(type, from, tile[r], width);
                    } else
                        memcpy(tile[r], tile[rows - 1], sizeof tile[r]);
                }
                int64_t m = 0;
                for (; m + CK_FLOAT_TOKENS <= size; m += CK_FLOAT_TOKENS)
                    for (int r = 0; r < CK_TILE_ROWS; r += CK_QUAD)
                        ck_tile(tile + r, width, rows_of_x + m, column, CK_FLOAT_TOKENS, &sums[m][r]);
                for (; m < size; m++)
                    for (int r = 0; r < CK_TILE_ROWS; r += CK_QUAD)
                        ck_tile(tile + r, width, rows_of_x + m, column, 1, &sums[m][r]);
                if (width % 16 != 0)
                    for (m = 0; m < size; m++)
                        ck_tile_remainder(tile, width, rows_of_x[m] + column, sums[m]);
            }
            for (int64_t m = 0; m < size; m++)
                for (int64_t r = 0; r < rows; r++)
                    destination[(batch + m) * destination_stride + row + r] =
                        scale * ck_sum(sums[m][r]);
        }
    }
}
