// Softmax attention over cached keys and values.
#pragma once

#include "lanes.h"

// Loads sixteen numbers of a cache row. The type is loop-invariant: the branch is predicted.
static inline ck_v16 ck_load_cached(uint32_t type, const void *row, int64_t index) {
    return type == CK_F16 ? ck_load_half((const uint16_t *)row + index)
                          : ck_load((const float *)row + index);
}

static inline const void *ck_cached_row(uint32_t type, const void *base, int64_t slot, int64_t size) {
    return (const uint8_t *)base + slot * size * (type == CK_F16 ? 2 : 4);
}

static float ck_score(uint32_t type, const float *query, const void *key, int64_t size) {
    ck_v16 sum = ck_splat(0);
    for (int64_t i = 0; i < size; i += 16)
        sum = ck_fma(ck_load(query + i), ck_load_cached(type, key, i), sum);
    return ck_sum(sum);
}

// Turns scores into exponentials of their distance to the largest; returns their sum.
static float ck_exponentials(float *scores, int64_t count) {
    float maximum = scores[0];
    for (int64_t i = 1; i < count; i++) maximum = scores[i] > maximum ? scores[i] : maximum;
    const ck_v16 top = ck_splat(maximum);
    ck_v16 sum = ck_splat(0);
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) {
        const ck_v16 e = ck_exp(ck_load(scores + i) - top);
        ck_store(scores + i, e);
        sum += e;
    }
    if (i < count) {
        float last[16];
        for (int j = 0; j < 16; j++) last[j] = i + j < count ? scores[i + j] : -1e30f;
        ck_v16 e = ck_exp(ck_load(last) - top);
        ck_store(last, e);
        memcpy(scores + i, last, (size_t)(count - i) * 4);
        sum += e;
    }
    return ck_sum(sum);
}

static void ck_attend(uint32_t type, const float *queries, int64_t group, int64_t head_size,
                      const void *keys, const void *values, struct ck_span older,
                      struct ck_span newer, float scale, float *scores, float *destination) {
    const struct ck_span spans[2] = {older, newer};
    for (int64_t g = 0; g < group; g++) {
        const float *query = queries + g * head_size;
        float *out = destination + g * head_size;
        int64_t count = 0;
        for (int s = 0; s < 2; s++)
            for (int64_t t = 0; t < spans[s].count; t++)
                scores[count++] = scale * ck_score(type, query,
                                                   ck_cached_row(type, keys, spans[s].first + t, head_size),
                                                   head_size);
        const float inverse = 1 / ck_exponentials(scores, count);
        memset(out, 0, (size_t)head_size * 4);
        count = 0;
        for (int s = 0; s < 2; s++)
            for (int64_t t = 0; t < spans[s].count; t++) {
                const void *value = ck_cached_row(type, values, spans[s].first + t, head_size);
                const ck_v16 weight = ck_splat(scores[count++] * inverse);
                for (int64_t i = 0; i < head_size; i += 16)
                    ck_store(out + i, ck_fma(weight, ck_load_cached(type, value, i), ck_load(out + i)));
            }
    }
}
