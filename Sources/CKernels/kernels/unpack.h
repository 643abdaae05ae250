// Block formats as whole numbers with a scale for every four columns.
//
// A step is 64 columns in their natural order. A unit of a format is the fewest blocks that make
// whole steps: two blocks of 32 columns, one of 64, or one of 256. What blocks mean is specified by
// the loops of dequantize.h; the two are held against each other by a test.
#pragma once

#include "dequantize.h"
#include "integers.h"

struct ck_step {
    // Unsigned below 128, or signed where the format is.
    ck_bytes weights;
    // weight = scale * (whole number - zero point) + minimum
    ck_v16 scale;
    ck_v16 minimum;
};

// How the whole numbers of a format are meant.
enum ck_kind {
    CK_PLAIN = 0,
    // 1 to 7: the zero point is two to this power.
    CK_WITH_MINIMUM = 8,
    CK_SIGNED = 9,
};

typedef void (*ck_unpacker)(const uint8_t *block, struct ck_step *steps);

// ---- two blocks of 32 ----

static inline ck_words ck_nibbles(const void *p, const void *q) {
    const ck_words shifts = {0, 0, 0, 0, 4, 4, 4, 4, 0, 0, 0, 0, 4, 4, 4, 4};
    return ck_repeat_pair(p, q) >> shifts & 0x0F0F0F0F;
}

// Bit i of two masks as 16 in byte i.
static inline ck_words ck_high_bits(const void *p, const void *q) {
    uint32_t a, b;
    memcpy(&a, p, 4);
    memcpy(&b, q, 4);
#if defined(CK_HAS_AVX512)
    return (ck_words)_mm512_maskz_set1_epi8((uint64_t)b << 32 | a, 16);
#else
    uint64_t spread[8];
    for (int i = 0; i < 8; i++) {
        const uint64_t byte = (i < 4 ? a >> 8 * i : b >> 8 * (i - 4)) & 255;
        // One bit a byte, then 16 wherever it was set.
        const uint64_t bits = (byte * 0x0101010101010101u) & 0x8040201008040201u;
        spread[i] = (bits + 0x7F7F7F7F7F7F7F7Fu) >> 3 & 0x1010101010101010u;
    }
    return (ck_words)ck_load_64(spread);
#endif
}

static inline void ck_unpack_q4_0(const uint8_t *b, struct ck_step *s) {
    s->weights = (ck_bytes)ck_nibbles(b + 2, b + 20);
    s->scale = ck_half_pair(b, b + 18);
}

static inline void ck_unpack_q4_1(const uint8_t *b, struct ck_step *s) {
    s->weights = (ck_bytes)ck_nibbles(b + 4, b + 24);
    s->scale = ck_half_pair(b, b + 20);
    s->minimum = ck_half_pair(b + 2, b + 22);
}

static inline void ck_unpack_q5_0(const uint8_t *b, struct ck_step *s) {
    s->weights = (ck_bytes)(ck_nibbles(b + 6, b + 28) | ck_high_bits(b + 2, b + 24));
    s->scale = ck_half_pair(b, b + 22);
}

static inline void ck_unpack_q5_1(const uint8_t *b, struct ck_step *s) {
    s->weights = (ck_bytes)(ck_nibbles(b + 8, b + 32) | ck_high_bits(b + 4, b + 28));
    s->scale = ck_half_pair(b, b + 24);
    s->minimum = ck_half_pair(b + 2, b + 26);
}

static inline void ck_unpack_q8_0(const uint8_t *b, struct ck_step *s) {
    memcpy(&s->weights, b + 2, 32);
    memcpy((uint8_t *)&s->weights + 32, b + 36, 32);
    s->scale = ck_half_pair(b, b + 34);
}

static inline void ck_unpack_iq4_nl(const uint8_t *b, struct ck_step *s) {
    s->weights = ck_look_up(ck_iq4_values, (ck_bytes)ck_nibbles(b + 2, b + 20));
    s->scale = ck_half_pair(b, b + 18);
}

static inline void ck_unpack_mxfp4(const uint8_t *b, struct ck_step *s) {
    s->weights = ck_look_up(ck_e2m1_doubled, (ck_bytes)ck_nibbles(b + 1, b + 18));
    s->scale = ck_halves(ck_mxfp4_scale(b[0]), ck_mxfp4_scale(b[17]));
}

// ---- one block of 64 ----

static inline void ck_unpack_nvfp4(const uint8_t *b, struct ck_step *s) {
    // Eight bytes make sixteen columns: low nibbles, then high ones.
    const ck_words shifts = {0, 0, 4, 4, 0, 0, 4, 4, 0, 0, 4, 4, 0, 0, 4, 4};
    const ck_words packed = ck_repeat_32(b + 4);
    const ck_words spread = __builtin_shufflevector(packed, packed, 0, 1, 0, 1, 2, 3, 2, 3, 4, 5, 4,
                                                    5, 6, 7, 6, 7);
    s->weights = ck_look_up(ck_e2m1_doubled, (ck_bytes)(spread >> shifts & 0x0F0F0F0F));
    float scale[16];
    for (int i = 0; i < 16; i++) scale[i] = ck_nvfp4_scale(b[i / 4]);
    s->scale = ck_load(scale);
}

// ---- one block of 256 ----

// Lanes of four columns take their number from groups of 32 or 16 columns.
#define CK_GROUPS_32(v, j)                                                                          \
    __builtin_shufflevector(v, v, 2 * (j), 2 * (j), 2 * (j), 2 * (j), 2 * (j), 2 * (j), 2 * (j),    \
                            2 * (j), 2 * (j) + 1, 2 * (j) + 1, 2 * (j) + 1, 2 * (j) + 1,            \
                            2 * (j) + 1, 2 * (j) + 1, 2 * (j) + 1, 2 * (j) + 1)
#define CK_GROUPS_16(v, j)                                                                          \
    __builtin_shufflevector(v, v, 4 * (j), 4 * (j), 4 * (j), 4 * (j), 4 * (j) + 1, 4 * (j) + 1,     \
                            4 * (j) + 1, 4 * (j) + 1, 4 * (j) + 2, 4 * (j) + 2, 4 * (j) + 2,        \
                            4 * (j) + 2, 4 * (j) + 3, 4 * (j) + 3, 4 * (j) + 3, 4 * (j) + 3)

static inline ck_v16 ck_sixteen_bytes(const void *p) {
    ck_b16 v;
    memcpy(&v, p, sizeof v);
    return __builtin_convertvector(ck_widen(v), ck_v16);
}

static inline ck_v16 ck_sixteen_signed(const void *p) {
    typedef int8_t signed16 __attribute__((vector_size(16)));
    signed16 v;
    memcpy(&v, p, sizeof v);
    return __builtin_convertvector(__builtin_convertvector(v, ck_i16), ck_v16);
}

// The eight scales of Q4_K and Q5_K, then minus the eight minima.
static inline ck_v16 ck_k_scales(const uint8_t *b) {
    // Words: d and dmin, then the low bits of the scales, of the minima, and the rest of both.
    typedef uint32_t quarter __attribute__((vector_size(16)));
    quarter v;
    memcpy(&v, b, sizeof v);
    const quarter six = __builtin_shufflevector(v, v, 1, 1, 2, 2) >> (quarter){0, 2, 0, 2} &
                        (quarter){0x3F3F3F3F, 0x30303030, 0x3F3F3F3F, 0x30303030};
    const quarter four = __builtin_shufflevector(v, v, 3, 3, 3, 3) >> (quarter){0, 0, 0, 4} &
                         (quarter){0, 0x0F0F0F0F, 0, 0x0F0F0F0F};
    const quarter packed = six | four;
    const ck_i16 negative = {0, 0, 0, 0, 0, 0, 0, 0, INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN,
                             INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN};
    return ck_sixteen_bytes(&packed) * (ck_v16)((ck_i16)ck_half_pair(b, b + 2) ^ negative);
}

static const ck_words ck_low_then_high = {0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4};
static const ck_words ck_first_then_second = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1};

#define CK_K_STEP(j, high)                                                                          \
    s[j].weights = (ck_bytes)((ck_repeat_32(q + 32 * (j)) >> ck_low_then_high & 0x0F0F0F0F) | (high)); \
    s[j].scale = CK_GROUPS_32(scales, j);                                                           \
    s[j].minimum = CK_GROUPS_32(scales, (j) + 4);

static inline void ck_unpack_q4_k(const uint8_t *b, struct ck_step *s) {
    const ck_v16 scales = ck_k_scales(b);
    const uint8_t *q = b + 16;
    CK_K_STEP(0, 0) CK_K_STEP(1, 0) CK_K_STEP(2, 0) CK_K_STEP(3, 0)
}

static inline void ck_unpack_q5_k(const uint8_t *b, struct ck_step *s) {
    const ck_v16 scales = ck_k_scales(b);
    const uint8_t *q = b + 48;
    const ck_words bits = ck_repeat_32(b + 16) >> ck_first_then_second;
    CK_K_STEP(0, (bits & 0x01010101) << 4)
    CK_K_STEP(1, (bits >> 2 & 0x01010101) << 4)
    CK_K_STEP(2, (bits >> 4 & 0x01010101) << 4)
    CK_K_STEP(3, (bits >> 6 & 0x01010101) << 4)
}

#undef CK_K_STEP

static inline void ck_unpack_q6_k(const uint8_t *b, struct ck_step *s) {
    const ck_v16 scales = ck_sixteen_signed(b + 192) * ck_splat(ck_half(ck_u16(b + 208)));
    const ck_words two = {0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2};
#define CK_STEP(j)                                                                                  \
    {                                                                                               \
        const ck_words low = (ck_words)ck_load_64(b + 64 * ((j) / 2));                              \
        const ck_words high = ck_repeat_32(b + 128 + 32 * ((j) / 2)) >> two;                        \
        s[j].weights = (ck_bytes)((low >> 4 * ((j) % 2) & 0x0F0F0F0F) |                             \
                                  (high >> 4 * ((j) % 2) & 0x03030303) << 4);                       \
        s[j].scale = CK_GROUPS_16(scales, j);                                                       \
    }
    CK_STEP(0) CK_STEP(1) CK_STEP(2) CK_STEP(3)
#undef CK_STEP
}

static inline void ck_unpack_q2_k(const uint8_t *b, struct ck_step *s) {
    ck_b16 packed;
    memcpy(&packed, b, sizeof packed);
    const ck_v16 scales = __builtin_convertvector(ck_widen(packed & 15), ck_v16) *
                          ck_splat(ck_half(ck_u16(b + 80)));
    const ck_v16 minima = __builtin_convertvector(ck_widen(packed >> 4), ck_v16) *
                          ck_splat(-ck_half(ck_u16(b + 82)));
    const ck_words two = {0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2};
#define CK_STEP(j)                                                                                  \
    s[j].weights = (ck_bytes)(ck_repeat_32(b + 16 + 32 * ((j) / 2)) >> two >> 4 * ((j) % 2) &       \
                              0x03030303);                                                          \
    s[j].scale = CK_GROUPS_16(scales, j);                                                           \
    s[j].minimum = CK_GROUPS_16(minima, j);
    CK_STEP(0) CK_STEP(1) CK_STEP(2) CK_STEP(3)
#undef CK_STEP
}

static inline void ck_unpack_q3_k(const uint8_t *b, struct ck_step *s) {
    int8_t numbers[16];
    for (int g = 0; g < 16; g++) numbers[g] = (int8_t)ck_q3_k_scale(b + 96, g);
    const ck_v16 scales = ck_sixteen_signed(numbers) * ck_splat(ck_half(ck_u16(b + 108)));
    const ck_words two = {0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2};
    const ck_words mask = ck_repeat_32(b) >> ck_first_then_second;
#define CK_STEP(j)                                                                                  \
    s[j].weights = (ck_bytes)((ck_repeat_32(b + 32 + 32 * ((j) / 2)) >> two >> 4 * ((j) % 2) &      \
                               0x03030303) |                                                        \
                              (mask >> 2 * (j) & 0x01010101) << 2);                                 \
    s[j].scale = CK_GROUPS_16(scales, j);
    CK_STEP(0) CK_STEP(1) CK_STEP(2) CK_STEP(3)
#undef CK_STEP
}

static inline void ck_unpack_iq4_xs(const uint8_t *b, struct ck_step *s) {
    const float d = ck_half(ck_u16(b));
    const int high = ck_u16(b + 2);
    for (int j = 0; j < 4; j++) {
        const uint8_t *q = b + 8 + 32 * j;
        const int low = b[4 + j];
        s[j].weights = ck_look_up(ck_iq4_values, (ck_bytes)ck_nibbles(q, q + 16));
        s[j].scale = ck_halves(d * (float)(((low & 15) | (high >> 4 * j & 3) << 4) - 32),
                               d * (float)((low >> 4 | (high >> (4 * j + 2) & 3) << 4) - 32));
    }
}

// ---- codebooks: eight columns of a grid row with their signs ----

// Writes `eights` rows of eight signed bytes; a sign bit turns its column round.
static inline void ck_put_signed(int8_t *out, const int8_t *grid, int width, uint32_t signs) {
    for (int j = 0; j < width; j++) out[j] = (int8_t)(signs >> j & 1 ? -grid[j] : grid[j]);
}

static inline void ck_unpack_iq2_xxs(const uint8_t *b, struct ck_step *s) {
    const float d = ck_half(ck_u16(b)) * 0.25f;
    for (int g = 0; g < 8; g++) {
        const uint8_t *q = b + 2 + 8 * g;
        const uint32_t a = ck_u32(q + 4);
        int8_t *out = (int8_t *)&s[g / 2].weights + 32 * (g % 2);
        float *scale = (float *)&s[g / 2].scale + 8 * (g % 2);
        for (int l = 0; l < 4; l++)
            ck_put_signed(out + 8 * l, ck_iq2xxs_grid[q[l]], 8, ck_even_signs(a >> 7 * l & 127));
        for (int l = 0; l < 8; l++) scale[l] = d * (0.5f + (float)(a >> 28));
    }
}

static inline void ck_unpack_iq2_xs(const uint8_t *b, struct ck_step *s) {
    const float d = ck_half(ck_u16(b)) * 0.25f;
    for (int g = 0; g < 8; g++) {
        int8_t *out = (int8_t *)&s[g / 2].weights + 32 * (g % 2);
        float *scale = (float *)&s[g / 2].scale + 8 * (g % 2);
        for (int l = 0; l < 4; l++) {
            const uint32_t q = ck_u16(b + 2 + 2 * (4 * g + l));
            ck_put_signed(out + 8 * l, ck_iq2xs_grid[q & 511], 8, ck_even_signs(q >> 9));
            const int nibble = l < 2 ? b[66 + g] & 15 : b[66 + g] >> 4;
            scale[2 * l] = scale[2 * l + 1] = d * (0.5f + (float)nibble);
        }
    }
}

static inline void ck_unpack_iq2_s(const uint8_t *b, struct ck_step *s) {
    const float d = ck_half(ck_u16(b)) * 0.25f;
    for (int g = 0; g < 8; g++) {
        int8_t *out = (int8_t *)&s[g / 2].weights + 32 * (g % 2);
        float *scale = (float *)&s[g / 2].scale + 8 * (g % 2);
        for (int l = 0; l < 4; l++) {
            const int index = b[2 + 4 * g + l] | (b[66 + g] >> 2 * l & 3) << 8;
            ck_put_signed(out + 8 * l, ck_iq2s_grid[index], 8, b[34 + 4 * g + l]);
            const int nibble = l < 2 ? b[74 + g] & 15 : b[74 + g] >> 4;
            scale[2 * l] = scale[2 * l + 1] = d * (0.5f + (float)nibble);
        }
    }
}

static inline void ck_unpack_iq3_xxs(const uint8_t *b, struct ck_step *s) {
    const float d = ck_half(ck_u16(b)) * 0.5f;
    for (int g = 0; g < 8; g++) {
        const uint32_t a = ck_u32(b + 66 + 4 * g);
        int8_t *out = (int8_t *)&s[g / 2].weights + 32 * (g % 2);
        float *scale = (float *)&s[g / 2].scale + 8 * (g % 2);
        for (int l = 0; l < 4; l++) {
            const uint8_t signs = ck_even_signs(a >> 7 * l & 127), *index = b + 2 + 8 * g + 2 * l;
            ck_put_signed(out + 8 * l, ck_iq3xxs_grid[index[0]], 4, signs);
            ck_put_signed(out + 8 * l + 4, ck_iq3xxs_grid[index[1]], 4, signs >> 4);
        }
        for (int l = 0; l < 8; l++) scale[l] = d * (0.5f + (float)(a >> 28));
    }
}

static inline void ck_unpack_iq3_s(const uint8_t *b, struct ck_step *s) {
    const float d = ck_half(ck_u16(b));
    for (int g = 0; g < 8; g++) {
        const uint8_t high = b[66 + g];
        const int nibble = g % 2 ? b[106 + g / 2] >> 4 : b[106 + g / 2] & 15;
        int8_t *out = (int8_t *)&s[g / 2].weights + 32 * (g % 2);
        float *scale = (float *)&s[g / 2].scale + 8 * (g % 2);
        for (int l = 0; l < 4; l++) {
            const uint8_t signs = b[74 + 4 * g + l], *index = b + 2 + 8 * g + 2 * l;
            ck_put_signed(out + 8 * l, ck_iq3s_grid[index[0] | (high >> 2 * l & 1) << 8], 4, signs);
            ck_put_signed(out + 8 * l + 4, ck_iq3s_grid[index[1] | (high >> (2 * l + 1) & 1) << 8],
                          4, signs >> 4);
        }
        for (int l = 0; l < 8; l++) scale[l] = d * (float)(1 + 2 * nibble);
    }
}

// Eight times grid plus or minus one makes the quarter steps of IQ1 whole.
static inline void ck_put_eighths(int8_t *out, const int8_t *grid, int delta) {
    for (int j = 0; j < 8; j++) out[j] = (int8_t)(8 * grid[j] + delta);
}

static inline void ck_unpack_iq1_s(const uint8_t *b, struct ck_step *s) {
    const float d = ck_half(ck_u16(b)) * 0.125f;
    for (int g = 0; g < 8; g++) {
        const int high = ck_u16(b + 34 + 2 * g);
        int8_t *out = (int8_t *)&s[g / 2].weights + 32 * (g % 2);
        float *scale = (float *)&s[g / 2].scale + 8 * (g % 2);
        for (int l = 0; l < 4; l++)
            ck_put_eighths(out + 8 * l, ck_iq1s_grid[b[2 + 4 * g + l] | (high >> 3 * l & 7) << 8],
                           high & 0x8000 ? -1 : 1);
        for (int l = 0; l < 8; l++) scale[l] = d * (float)(2 * (high >> 12 & 7) + 1);
    }
}

static inline void ck_unpack_iq1_m(const uint8_t *b, struct ck_step *s) {
    const float d = ck_iq1_m_scale(b) * 0.125f;
    for (int g = 0; g < 8; g++) {
        int8_t *out = (int8_t *)&s[g / 2].weights + 32 * (g % 2);
        float *scale = (float *)&s[g / 2].scale + 8 * (g % 2);
        for (int l = 0; l < 4; l++) {
            const int byte = b[32 + 2 * g + l / 2], nibble = l % 2 ? byte >> 4 : byte & 15;
            const int t = ck_u16(b + 48 + 2 * (g / 2)) >> (6 * (g % 2) + 3 * (l / 2)) & 7;
            ck_put_eighths(out + 8 * l, ck_iq1s_grid[b[4 * g + l] | (nibble & 7) << 8],
                           nibble & 8 ? -1 : 1);
            scale[2 * l] = scale[2 * l + 1] = d * (float)(2 * t + 1);
        }
    }
}
