// Sixteen floats as one value: the compiler maps them to what the instruction set has.
#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef float ck_v16 __attribute__((vector_size(64)));
typedef int32_t ck_i16 __attribute__((vector_size(64)));
// Half precision without a hardware type: portable code converts bits.
typedef uint16_t ck_h16 __attribute__((vector_size(32)));

static inline ck_v16 ck_load(const float *p) {
    ck_v16 v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline void ck_store(float *p, ck_v16 v) { memcpy(p, &v, sizeof v); }

static inline ck_v16 ck_splat(float x) {
    return (ck_v16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
}

static inline ck_v16 ck_fma(ck_v16 a, ck_v16 b, ck_v16 c) {
#ifdef CK_HAS_FMA
    return __builtin_elementwise_fma(a, b, c);
#else
    return a * b + c;
#endif
}

static inline ck_v16 ck_select(ck_i16 mask, ck_v16 a, ck_v16 b) {
    return (ck_v16)(((ck_i16)a & mask) | ((ck_i16)b & ~mask));
}

// Lane sums as a fixed tree, so that every caller gets the same bits.
static inline float ck_sum(ck_v16 v) {
    float s[16];
    ck_store(s, v);
    for (int width = 8; width > 0; width /= 2)
        for (int i = 0; i < width; i++) s[i] += s[i + width];
    return s[0];
}

// Two such sums at once, each with the bits that `ck_sum` gives.
static inline void ck_sum_pair(ck_v16 a, ck_v16 b, float sums[2]) {
    typedef float v8 __attribute__((vector_size(32)));
    typedef float v4 __attribute__((vector_size(16)));
    const ck_v16 eights = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
                          __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
    const v8 fours = __builtin_shufflevector(eights, eights, 0, 1, 2, 3, 8, 9, 10, 11) +
                     __builtin_shufflevector(eights, eights, 4, 5, 6, 7, 12, 13, 14, 15);
    const v4 twos = __builtin_shufflevector(fours, fours, 0, 1, 4, 5) +
                    __builtin_shufflevector(fours, fours, 2, 3, 6, 7);
    sums[0] = twos[0] + twos[1];
    sums[1] = twos[2] + twos[3];
}

static inline float ck_max(ck_v16 v) {
    float m = v[0];
    for (int i = 1; i < 16; i++) m = v[i] > m ? v[i] : m;
    return m;
}

static inline float ck_from_bits(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline uint32_t ck_bits(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

// IEEE half to float: shifts the fields, then lets a multiplication normalise what is subnormal.
static inline float ck_half(uint16_t h) {
#ifdef CK_HAS_F16
    // By way of a general register: inserted into a vector from memory, each half would wait for what
    // the vector held before, and blocks would be unpacked one after another.
    uint32_t bits = h;
    __asm__("" : "+r"(bits));
    const uint16_t low = (uint16_t)bits;
    _Float16 x;
    memcpy(&x, &low, sizeof x);
    return (float)x;
#else
    uint32_t sign = (uint32_t)(h & 0x8000) << 16;
    uint32_t magnitude = h & 0x7FFF;
    if (magnitude >= 0x7C00) return ck_from_bits(sign | 0x7F800000u | (magnitude & 0x3FF) << 13);
    float scaled = ck_from_bits(magnitude << 13) * 0x1p112f;
    return ck_from_bits(sign | ck_bits(scaled));
#endif
}

// Float to IEEE half, round to nearest even; too large becomes infinity.
static inline uint16_t ck_to_half(float x) {
#ifdef CK_HAS_F16
    _Float16 h = (_Float16)x;
    uint16_t bits;
    memcpy(&bits, &h, sizeof bits);
    return bits;
#else
    uint32_t bits = ck_bits(x);
    uint16_t sign = (uint16_t)(bits >> 16 & 0x8000);
    uint32_t magnitude = bits & 0x7FFFFFFF;
    if (magnitude > 0x7F800000) return sign | 0x7E00;
    if (magnitude >= 0x477FF000) return sign | 0x7C00;
    if (magnitude < 0x38800000) {
        // Adding one half puts the subnormal's last bit where the sum is rounded.
        float shifted = ck_from_bits(magnitude) + 0.5f;
        return sign | (uint16_t)(ck_bits(shifted) - 0x3F000000u);
    }
    uint32_t rounded = magnitude + 0xFFF + (magnitude >> 13 & 1);
    return sign | (uint16_t)((rounded - 0x38000000u) >> 13);
#endif
}

static inline ck_v16 ck_load_half(const uint16_t *p) {
#ifdef CK_HAS_F16
    typedef _Float16 half16 __attribute__((vector_size(32)));
    half16 h;
    memcpy(&h, p, sizeof h);
    return __builtin_convertvector(h, ck_v16);
#else
    float x[16];
    for (int i = 0; i < 16; i++) x[i] = ck_half(p[i]);
    return ck_load(x);
#endif
}

// e^x to about 2 ulp for x in [-87, 88]; smaller gives 0, larger is clamped.
static inline ck_v16 ck_exp(ck_v16 x) {
    const ck_v16 low = ck_splat(-87.0f), high = ck_splat(88.0f);
    ck_i16 underflow = x < low;
    x = (ck_v16)(((ck_i16)x & ~underflow) | ((ck_i16)low & underflow));
    ck_i16 overflow = x > high;
    x = (ck_v16)(((ck_i16)x & ~overflow) | ((ck_i16)high & overflow));
    // Adding 1.5 * 2^23 leaves the rounded integer in the low bits.
    const ck_v16 magic = ck_splat(12582912.0f);
    ck_v16 shifted = x * ck_splat(1.44269504088896341f) + magic;
    ck_v16 n = shifted - magic;
    ck_v16 r = x - n * ck_splat(0.693359375f);
    r = r - n * ck_splat(-2.12194440e-4f);
    ck_v16 p = ck_splat(1.0f / 5040);
    p = p * r + ck_splat(1.0f / 720);
    p = p * r + ck_splat(1.0f / 120);
    p = p * r + ck_splat(1.0f / 24);
    p = p * r + ck_splat(1.0f / 6);
    p = p * r + ck_splat(0.5f);
    p = p * r + ck_splat(1.0f);
    p = p * r + ck_splat(1.0f);
    ck_i16 exponent = (((ck_i16)shifted - (ck_i16)magic) + 127) << 23;
    ck_v16 result = p * (ck_v16)exponent;
    return (ck_v16)((ck_i16)result & ~underflow);
}

// Far enough ahead that the next rows are there when their turn comes.
static inline void ck_prefetch(const uint8_t *p, int64_t distance) {
    __builtin_prefetch((const void *)((uintptr_t)p + (uintptr_t)distance), 0, 3);
}
