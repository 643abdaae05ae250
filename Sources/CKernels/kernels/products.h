// Matrix products on unpacked tiles: four weight rows of 256 columns at a time become floats in the
// first-level cache, and every activation row is multiplied with them before the next tile.
#pragma once

#include "dequantize.h"

enum { CK_TILE_ROWS = 4, CK_TILE_COLUMNS = 256, CK_BATCH = 64 };

// Adds the products of one tile to the lane sums of one or two activation rows. `width` columns.
static inline void ck_tile(const float (*tile)[CK_TILE_COLUMNS], int64_t width, const float *x0,
                           const float *x1, ck_v16 *sums0, ck_v16 *sums1) {
    ck_v16 a0 = sums0[0], a1 = sums0[1], a2 = sums0[2], a3 = sums0[3];
    if (x1) {
        ck_v16 b0 = sums1[0], b1 = sums1[1], b2 = sums1[2], b3 = sums1[3];
        for (int64_t c = 0; c + 16 <= width; c += 16) {
            const ck_v16 u = ck_load(x0 + c), v = ck_load(x1 + c);
            ck_v16 w = ck_load(tile[0] + c);
            a0 = ck_fma(w, u, a0), b0 = ck_fma(w, v, b0);
            w = ck_load(tile[1] + c);
            a1 = ck_fma(w, u, a1), b1 = ck_fma(w, v, b1);
            w = ck_load(tile[2] + c);
            a2 = ck_fma(w, u, a2), b2 = ck_fma(w, v, b2);
            w = ck_load(tile[3] + c);
            a3 = ck_fma(w, u, a3), b3 = ck_fma(w, v, b3);
        }
        sums1[0] = b0, sums1[1] = b1, sums1[2] = b2, sums1[3] = b3;
    } else {
        for (int64_t c = 0; c + 16 <= width; c += 16) {
            const ck_v16 u = ck_load(x0 + c);
            a0 = ck_fma(ck_load(tile[0] + c), u, a0);
            a1 = ck_fma(ck_load(tile[1] + c), u, a1);
            a2 = ck_fma(ck_load(tile[2] + c), u, a2);
            a3 = ck_fma(ck_load(tile[3] + c), u, a3);
        }
    }
    sums0[0] = a0, sums0[1] = a1, sums0[2] = a2, sums0[3] = a3;
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

static void ck_multiply(uint32_t type, const void *weights, int64_t row_bytes, int64_t columns,
                        const float *x, int64_t x_stride, const int32_t *x_index, int64_t x_rows,
                        float scale, float *destination, int64_t destination_stride, int64_t first_row,
                        int64_t end_row) {
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
                    if (r < rows)
                        ck_dequantize(type, (const uint8_t *)weights + source * row_bytes + offset,
                                      tile[r], width);
                    else
                        memcpy(tile[r], tile[rows - 1], sizeof tile[r]);
                }
                for (int64_t m = 0; m < size; m += 2) {
                    const float *x0 = rows_of_x[m] + column;
                    const float *x1 = m + 1 < size ? rows_of_x[m + 1] + column : 0;
                    ck_tile(tile, width, x0, x1, sums[m], x1 ? sums[m + 1] : 0);
                    ck_tile_remainder(tile, width, x0, sums[m]);
                    if (x1) ck_tile_remainder(tile, width, x1, sums[m + 1]);
                }
            }
            for (int64_t m = 0; m < size; m++)
                for (int64_t r = 0; r < rows; r++)
                    destination[(batch + m) * destination_stride + row + r] =
                        scale * ck_sum(sums[m][r]);
        }
    }
}
