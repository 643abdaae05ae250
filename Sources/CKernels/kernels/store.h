// How floats are written into a cache.
#pragma once

#include "lanes.h"

static inline void ck_store_half(uint16_t *p, ck_v16 v) {
#ifdef CK_HAS_F16
    typedef _Float16 half16 __attribute__((vector_size(32)));
    const half16 h = __builtin_convertvector(v, half16);
    memcpy(p, &h, sizeof h);
#else
    for (int i = 0; i < 16; i++) p[i] = ck_to_half(v[i]);
#endif
}

// The largest finite half bounds what is stored: a cache never holds infinities, which would turn into
// NaN where a weight of zero meets them.
static inline ck_v16 ck_half_range(ck_v16 v) {
    const ck_v16 top = ck_splat(65504.0f);
    v = ck_select(v > top, top, v);
    return ck_select(v < -top, -top, v);
}

static void ck_store_halves(const float *x, uint16_t *out, int64_t count) {
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) ck_store_half(out + i, ck_half_range(ck_load(x + i)));
    for (; i < count; i++) out[i] = ck_to_half(ck_half_range(ck_splat(x[i]))[0]);
}

// Blocks of 32: a half-precision scale, then whole numbers from -127 to 127. They are found with the
// scale as it is stored, so that its rounding costs nothing.
static void ck_store_q8_0(const float *x, uint8_t *out, int64_t count) {
    typedef int8_t signed16 __attribute__((vector_size(16)));
    // Adding 1.5 * 2^23 leaves the rounded integer in the low bits.
    const ck_v16 magic = ck_splat(12582912.0f), limit = ck_splat(127.0f);
    for (int64_t b = 0; b < count; b += 32, out += 34) {
        const ck_v16 parts[2] = {ck_load(x + b), ck_load(x + b + 16)};
        const ck_v16 u = ck_select(parts[0] < 0, -parts[0], parts[0]);
        const ck_v16 v = ck_select(parts[1] < 0, -parts[1], parts[1]);
        const float largest = ck_max(ck_select(u > v, u, v));
        const uint16_t scale = ck_to_half(ck_half_range(ck_splat(largest / 127))[0]);
        memcpy(out, &scale, 2);
        const float d = ck_half(scale);
        const ck_v16 inverse = ck_splat(d > 0 ? 1 / d : 0);
        for (int i = 0; i < 2; i++) {
            ck_v16 q = parts[i] * inverse;
            q = ck_select(q > limit, limit, q);
            q = ck_select(q < -limit, -limit, q);
            const signed16 bytes =
                __builtin_convertvector((ck_i16)(q + magic) - (ck_i16)magic, signed16);
            memcpy(out + 2 + 16 * i, &bytes, sizeof bytes);
        }
    }
}

static void ck_store_as(uint32_t type, const float *x, void *destination, int64_t count) {
    switch ((enum ck_type)type) {
    case CK_F16: ck_store_halves(x, destination, count); break;
    case CK_Q8_0: ck_store_q8_0(x, destination, count); break;
    default: memcpy(destination, x, (size_t)count * 4);
    }
}
