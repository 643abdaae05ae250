// Softmax attention over cached keys and values.
//
// Positions are cut into chunks of CK_CHUNK by their number. A query row's partial of a chunk (scores,
// largest score, exponentials, weighted values) depends on nothing but the row and the chunk; partials
// are merged in ascending order. So a row's bits are the same whether a prompt merges at once or the
// threads share the chunks of a single token.
#pragma once

#include "dequantize.h"
#include "elementwise.h"

#define CK_INLINE static inline __attribute__((always_inline))

// Lanes of one register, and how many keys or vectors a block of four rows holds: the sixteen lanes
// of a sum may lie in several registers, and four rows must leave room for what they are
// multiplied with.
#ifndef CK_LANES
#define CK_LANES 4
#endif
#define CK_BLOCK (CK_LANES == 16 ? 4 : 2)

typedef float ck_part __attribute__((vector_size(CK_LANES * 4)));

CK_INLINE ck_part ck_part_splat(float x) { return x - (ck_part){}; }

CK_INLINE ck_part ck_part_fma(ck_part a, ck_part b, ck_part c) {
#ifdef CK_HAS_FMA
    return __builtin_elementwise_fma(a, b, c);
#else
    return a * b + c;
#endif
}

// Floats of a tile of unpacked keys or values. Many rows want as much as stays in the first-level
// cache; few are bound by memory, which should not pause while they are multiplied.
enum { CK_TILE_FLOATS = 8192, CK_SMALL_TILE_FLOATS = 2048, CK_FEW_QUERIES = 8 };

// How many bytes ahead of what is unpacked the memory is asked for.
enum { CK_PREFETCH_BYTES = 8192 };

static int64_t ck_tile_keys(int64_t rows, int64_t head_size) {
    const int64_t floats = rows > CK_FEW_QUERIES ? CK_TILE_FLOATS : CK_SMALL_TILE_FLOATS;
    const int64_t keys = floats / head_size / 4 * 4;
    return keys < 4 ? 4 : keys > CK_CHUNK ? CK_CHUNK : keys;
}

// ---- scores ----

// sums[k][q] = the sixteen lanes of query q times key k, for `rows` queries and four keys.
CK_INLINE void ck_lane_products(const float *const *queries, const int rows, const float *keys,
                                int64_t size, ck_v16 sums[4][4]) {
    float *lanes = (float *)sums;
#pragma clang loop unroll(full)
    for (int part = 0; part < 16; part += CK_LANES)
#pragma clang loop unroll(full)
        for (int block = 0; block < 4; block += CK_BLOCK) {
            ck_part s[CK_BLOCK][4];
            memset(s, 0, sizeof s);
            for (int64_t i = part; i < size; i += 16) {
                ck_part q[4], k;
#pragma clang loop unroll(full)
                for (int r = 0; r < rows; r++) memcpy(&q[r], queries[r] + i, sizeof q[r]);
#pragma clang loop unroll(full)
                for (int c = 0; c < CK_BLOCK; c++) {
                    memcpy(&k, keys + (block + c) * size + i, sizeof k);
#pragma clang loop unroll(full)
                    for (int r = 0; r < rows; r++) s[c][r] = ck_part_fma(q[r], k, s[c][r]);
                }
            }
#pragma clang loop unroll(full)
            for (int c = 0; c < CK_BLOCK; c++)
#pragma clang loop unroll(full)
                for (int r = 0; r < 4; r++)
                    memcpy(lanes + ((block + c) * 4 + r) * 16 + part, &s[c][r], sizeof s[c][r]);
        }
}

// Adds the lanes of sixteen vectors as `ck_sum` does each: lane 4 q + k of the result is the sum of
// v[k][q].
CK_INLINE ck_v16 ck_sum_each(const ck_v16 v[4][4]) {
    ck_v16 quads[4];
#pragma clang loop unroll(full)
    for (int k = 0; k < 4; k++) {
        ck_v16 pairs[2];
#pragma clang loop unroll(full)
        for (int i = 0; i < 2; i++) {
            const ck_v16 a = v[k][2 * i], b = v[k][2 * i + 1];
            pairs[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
                       __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
        }
        const ck_v16 a = pairs[0], b = pairs[1];
        quads[k] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
                   __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    }
    ck_v16 halves[2];
#pragma clang loop unroll(full)
    for (int i = 0; i < 2; i++) {
        const ck_v16 a = quads[2 * i], b = quads[2 * i + 1];
        halves[i] = __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29) +
                    __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
    }
    const ck_v16 a = halves[0], b = halves[1];
    return __builtin_shufflevector(a, b, 0, 2, 16, 18, 4, 6, 20, 22, 8, 10, 24, 26, 12, 14, 28, 30) +
           __builtin_shufflevector(a, b, 1, 3, 17, 19, 5, 7, 21, 23, 9, 11, 25, 27, 13, 15, 29, 31);
}

// Scores of up to four query rows against the keys of a tile, a multiple of four.
CK_INLINE void ck_score_rows(const float *const *queries, const int rows, const float *tile,
                             int64_t keys, int64_t size, float scale, float *scores) {
    for (int64_t k = 0; k < keys; k += 4) {
        ck_v16 sums[4][4];
        ck_lane_products(queries, rows, tile + k * size, size, sums);
        float found[16];
        ck_store(found, ck_sum_each(sums) * ck_splat(scale));
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++)
            memcpy(scores + r * CK_CHUNK + k, found + 4 * r, 4 * sizeof *found);
    }
}

// Turns a row's scores at [from, to) into exponentials of their distance to the largest, and all others
// of [first, end), both multiples of sixteen, into zeros.
static void ck_weigh(float *scores, int64_t first, int64_t end, int64_t from, int64_t to,
                     float *maximum, float *total) {
    if (from >= to) {
        memset(scores + first, 0, (size_t)(end - first) * 4);
        *maximum = -INFINITY;
        *total = 0;
        return;
    }
    for (int64_t i = first; i < from; i++) scores[i] = -INFINITY;
    for (int64_t i = to; i < end; i++) scores[i] = -INFINITY;
    ck_v16 largest = ck_load(scores + first);
    for (int64_t i = first + 16; i < end; i += 16) {
        const ck_v16 v = ck_load(scores + i);
        largest = ck_select(v > largest, v, largest);
    }
    *maximum = ck_max(largest);
    const ck_v16 top = ck_splat(*maximum);
    ck_v16 sum = ck_splat(0);
    for (int64_t i = first; i < end; i += 16) {
        const ck_v16 e = ck_exp(ck_load(scores + i) - top);
        ck_store(scores + i, e);
        sum += e;
    }
    *total = ck_sum(sum);
}

// ---- weighted values ----

// sums[r][0 ..< vectors] += sum_k weights[r][k] * tile[k], in the order of the keys.
CK_INLINE void ck_add_values(const float *weights, const int rows, const float *tile, int64_t keys,
                             int64_t size, float *sums, int64_t stride, const int vectors) {
    ck_part s[4][CK_BLOCK];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int c = 0; c < vectors; c++)
            memcpy(&s[r][c], sums + r * stride + c * CK_LANES, sizeof s[r][c]);
    for (int64_t k = 0; k < keys; k++) {
        ck_part v[CK_BLOCK];
#pragma clang loop unroll(full)
        for (int c = 0; c < vectors; c++) memcpy(&v[c], tile + k * size + c * CK_LANES, sizeof v[c]);
#pragma clang loop unroll(full)
        for (int r = 0; r < rows; r++) {
            const float w = weights[r * CK_CHUNK + k];
#pragma clang loop unroll(full)
            for (int c = 0; c < vectors; c++) s[r][c] = ck_part_fma(ck_part_splat(w), v[c], s[r][c]);
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
        for (int c = 0; c < vectors; c++)
            memcpy(sums + r * stride + c * CK_LANES, &s[r][c], sizeof s[r][c]);
}

CK_INLINE void ck_add_value_rows(const float *weights, const int rows, const float *tile,
                                 int64_t keys, int64_t size, float *sums, int64_t stride) {
    int64_t i = 0;
    for (; i + CK_BLOCK * CK_LANES <= size; i += CK_BLOCK * CK_LANES)
        ck_add_values(weights, rows, tile + i, keys, size, sums + i, stride, CK_BLOCK);
    for (; i < size; i += CK_LANES)
        ck_add_values(weights, rows, tile + i, keys, size, sums + i, stride, 1);
}

// ---- a chunk ----

static const float *ck_query_row(const struct ck_attention *a, int64_t row) {
    return a->queries + row / a->group * a->query_stride + row % a->group * a->head_size;
}

static int64_t ck_clamped(int64_t x, int64_t low, int64_t high) {
    return x < low ? low : x > high ? high : x;
}

// Unpacks cache rows of a tile; what fills it up to a multiple of four repeats its last row.
static void ck_unpack_rows(const struct ck_attention *a, const void *base, int64_t slot,
                           int64_t keys, float *tile) {
    const int64_t bytes = ck_stored_size(a->type, a->head_size);
    const uint8_t *source = (const uint8_t *)base + slot * bytes;
    for (int64_t k = 0; k < keys; k++) {
        for (int64_t i = 0; i < bytes; i += 64)
            __builtin_prefetch(source + k * bytes + CK_PREFETCH_BYTES + i);
        ck_dequantize(a->type, source + k * bytes, tile + k * a->head_size, a->head_size);
    }
    for (int64_t k = keys; k % 4 != 0; k++)
        memcpy(tile + k * a->head_size, tile + (keys - 1) * a->head_size, (size_t)a->head_size * 4);
}

static void ck_attend_chunk(const struct ck_attention *a, int64_t chunk, float *scratch,
                            float *partials) {
    const int64_t size = a->head_size, rows = a->group * a->positions;
    const int64_t stride = ck_partial_size(size), start = chunk * CK_CHUNK;
    const int64_t slot = start % a->slots, tile_keys = ck_tile_keys(rows, size);
    float *tile = scratch, *scores = scratch + tile_keys * size;
    int64_t low = CK_CHUNK, high = 0;
    for (int64_t p = 0; p < a->positions; p++) {
        const int64_t from = ck_clamped(a->from[p] - start, 0, CK_CHUNK);
        const int64_t to = ck_clamped(a->to[p] - start, 0, CK_CHUNK);
        if (from >= to) continue;
        if (from < low) low = from;
        if (to > high) high = to;
    }
    for (int64_t k = low; k < high; k += tile_keys) {
        const int64_t keys = high - k < tile_keys ? high - k : tile_keys;
        const int64_t padded = (keys + 3) / 4 * 4;
        ck_unpack_rows(a, a->keys, slot + k, keys, tile);
        int64_t r = 0;
        for (; r + 4 <= rows; r += 4) {
            const float *const q[4] = {ck_query_row(a, r), ck_query_row(a, r + 1),
                                       ck_query_row(a, r + 2), ck_query_row(a, r + 3)};
            ck_score_rows(q, 4, tile, padded, size, a->scale, scores + r * CK_CHUNK + k);
        }
        for (; r + 2 <= rows; r += 2) {
            const float *const q[2] = {ck_query_row(a, r), ck_query_row(a, r + 1)};
            ck_score_rows(q, 2, tile, padded, size, a->scale, scores + r * CK_CHUNK + k);
        }
        if (r < rows) {
            const float *const q[1] = {ck_query_row(a, r)};
            ck_score_rows(q, 1, tile, padded, size, a->scale, scores + r * CK_CHUNK + k);
        }
    }
    for (int64_t r = 0; r < rows; r++) {
        const int64_t p = r / a->group;
        float *partial = partials + r * stride;
        memset(partial, 0, (size_t)size * 4);
        ck_weigh(scores + r * CK_CHUNK, low / 16 * 16, high < low ? low : (high + 15) / 16 * 16,
                 ck_clamped(a->from[p] - start, 0, CK_CHUNK),
                 ck_clamped(a->to[p] - start, 0, CK_CHUNK), partial + size, partial + size + 1);
    }
    for (int64_t k = low; k < high; k += tile_keys) {
        const int64_t keys = high - k < tile_keys ? high - k : tile_keys;
        ck_unpack_rows(a, a->values, slot + k, keys, tile);
        const float *weights = scores + k;
        int64_t r = 0;
        for (; r + 4 <= rows; r += 4)
            ck_add_value_rows(weights + r * CK_CHUNK, 4, tile, keys, size, partials + r * stride, stride);
        for (; r + 2 <= rows; r += 2)
            ck_add_value_rows(weights + r * CK_CHUNK, 2, tile, keys, size, partials + r * stride, stride);
        if (r < rows)
            ck_add_value_rows(weights + r * CK_CHUNK, 1, tile, keys, size, partials + r * stride, stride);
    }
}

// ---- chunks together ----

// A state whose sum of exponentials is zero has merged nothing yet.
static void ck_merge_partial(float *state, const float *partial, int64_t size) {
    const float old_maximum = state[size], new_maximum = partial[size];
    if (partial[size + 1] == 0) return;
    if (state[size + 1] == 0) {
        memcpy(state, partial, (size_t)(size + 2) * 4);
        return;
    }
    const float maximum = new_maximum > old_maximum ? new_maximum : old_maximum;
    const ck_v16 kept = ck_exp(ck_splat(old_maximum - maximum));
    const ck_v16 added = ck_exp(ck_splat(new_maximum - maximum));
    for (int64_t i = 0; i < size; i += 16)
        ck_store(state + i, ck_fma(ck_load(partial + i), added, ck_load(state + i) * kept));
    state[size] = maximum;
    state[size + 1] = state[size + 1] * kept[0] + partial[size + 1] * added[0];
}

static void ck_finish_partial(const float *state, float *destination, int64_t size) {
    const ck_v16 inverse = ck_splat(1 / state[size + 1]);
    for (int64_t i = 0; i < size; i += 16) ck_store(destination + i, ck_load(state + i) * inverse);
}

static void ck_attend(const struct ck_attention *a, float *scratch, float *destination) {
    const int64_t size = a->head_size, rows = a->group * a->positions;
    const int64_t stride = ck_partial_size(size);
    float *states = scratch, *partials = states + rows * stride;
    float *rest = partials + rows * stride;
    int64_t first = INT64_MAX, end = 0;
    for (int64_t p = 0; p < a->positions; p++) {
        if (a->from[p] >= a->to[p]) continue;
        if (a->from[p] < first) first = a->from[p];
        if (a->to[p] > end) end = a->to[p];
    }
    for (int64_t r = 0; r < rows; r++) states[r * stride + size + 1] = 0;
    for (int64_t chunk = first / CK_CHUNK; chunk * CK_CHUNK < end; chunk++) {
        ck_attend_chunk(a, chunk, rest, partials);
        for (int64_t r = 0; r < rows; r++)
            ck_merge_partial(states + r * stride, partials + r * stride, size);
    }
    for (int64_t r = 0; r < rows; r++)
        ck_finish_partial(states + r * stride,
                          destination + (r / a->group) * a->query_stride + r % a->group * size, size);
}

// ---- a query and the few keys before it ----

static void ck_attend_near(const float *query, const float *keys, const float *values, int64_t stride,
                           const float *relative, int64_t relative_stride, int64_t count, int64_t size,
                           float cap, float *destination) {
    float scores[16];
    for (int64_t k = 0; k < count; k++) {
        const float *key = keys + k * stride, *row = relative + (count - 1 - k) * relative_stride;
        ck_v16 sums = ck_splat(0), places = ck_splat(0);
        int64_t i = 0;
        for (; i + 16 <= size; i += 16) {
            const ck_v16 q = ck_load(query + i);
            sums = ck_fma(q, ck_load(key + i), sums);
            places = ck_fma(q, ck_load(row + i), places);
        }
        float sum = ck_sum(sums) + ck_sum(places);
        for (; i < size; i++) sum += query[i] * key[i] + query[i] * row[i];
        scores[k] = sum;
    }
    ck_soft_cap(scores, cap, count);
    for (int64_t k = count; k < 16; k++) scores[k] = -INFINITY;
    const ck_v16 all = ck_load(scores);
    const ck_v16 chances = ck_exp(all - ck_splat(ck_max(all)));
    const ck_v16 shares = chances * ck_splat(1 / ck_sum(chances));
    for (int64_t i = 0; i < size; i++) destination[i] = 0;
    for (int64_t k = 0; k < count; k++) {
        const ck_v16 share = ck_splat(shares[k]);
        const float *value = values + k * stride;
        int64_t i = 0;
        for (; i + 16 <= size; i += 16)
            ck_store(destination + i, ck_fma(share, ck_load(value + i), ck_load(destination + i)));
        for (; i < size; i++) destination[i] += shares[k] * value[i];
    }
}
