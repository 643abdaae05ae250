// The block formats of GGUF: what each stored block means. These loops are the specification.
//
// Blocks are read through byte offsets, since a block of an odd size leaves the next one unaligned.
#pragma once

#include "iq_grids.h"
#include "lanes.h"

static inline uint16_t ck_u16(const uint8_t *p) { return (uint16_t)(p[0] | p[1] << 8); }

static inline uint32_t ck_u32(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

typedef uint8_t ck_b16 __attribute__((vector_size(16)));

static inline ck_b16 ck_load_bytes(const uint8_t *p) {
    ck_b16 v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline ck_i16 ck_widen(ck_b16 v) { return __builtin_convertvector(v, ck_i16); }

// y = d * v and y = d * v + m for sixteen whole numbers.
static inline void ck_store_scaled(float *y, float d, ck_i16 v) {
    ck_store(y, ck_splat(d) * __builtin_convertvector(v, ck_v16));
}

static inline void ck_store_shifted(float *y, float d, ck_i16 v, float m) {
    ck_store(y, ck_splat(d) * __builtin_convertvector(v, ck_v16) + ck_splat(m));
}

// Bit i of `bits` as lane i: 0 or 16.
static inline ck_i16 ck_fifth_bits(uint32_t bits) {
    const ck_i16 lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    const int32_t b = (int32_t)bits;
    const ck_i16 all = {b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b};
    return ((all >> lane) & 1) << 4;
}

static const int8_t ck_iq4_values[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                         1,    13,   25,  38,  53,  69,  89,  113};

// Twice the E2M1 values, which makes them whole.
static const int8_t ck_e2m1_doubled[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

// ---- 32 elements a block ----

static void ck_dequantize_q4_0(const uint8_t *b, float *y) {
    const float d = ck_half(ck_u16(b));
    const ck_b16 q = ck_load_bytes(b + 2);
    ck_store_scaled(y, d, ck_widen(q & 15) - 8);
    ck_store_scaled(y + 16, d, ck_widen(q >> 4) - 8);
}

static void ck_dequantize_q4_1(const uint8_t *b, float *y) {
    const float d = ck_half(ck_u16(b)), m = ck_half(ck_u16(b + 2));
    const ck_b16 q = ck_load_bytes(b + 4);
    ck_store_shifted(y, d, ck_widen(q & 15), m);
    ck_store_shifted(y + 16, d, ck_widen(q >> 4), m);
}

static void ck_dequantize_q5_0(const uint8_t *b, float *y) {
    const float d = ck_half(ck_u16(b));
    const uint32_t high = ck_u32(b + 2);
    const ck_b16 q = ck_load_bytes(b + 6);
    ck_store_scaled(y, d, (ck_widen(q & 15) | ck_fifth_bits(high)) - 16);
    ck_store_scaled(y + 16, d, (ck_widen(q >> 4) | ck_fifth_bits(high >> 16)) - 16);
}

static void ck_dequantize_q5_1(const uint8_t *b, float *y) {
    const float d = ck_half(ck_u16(b)), m = ck_half(ck_u16(b + 2));
    const uint32_t high = ck_u32(b + 4);
    const ck_b16 q = ck_load_bytes(b + 8);
    ck_store_shifted(y, d, ck_widen(q & 15) | ck_fifth_bits(high), m);
    ck_store_shifted(y + 16, d, ck_widen(q >> 4) | ck_fifth_bits(high >> 16), m);
}

static void ck_dequantize_q8_0(const uint8_t *b, float *y) {
    typedef int8_t signed16 __attribute__((vector_size(16)));
    const float d = ck_half(ck_u16(b));
    for (int i = 0; i < 32; i += 16)
        ck_store_scaled(y + i, d,
                        __builtin_convertvector((signed16)ck_load_bytes(b + 2 + i), ck_i16));
}

static void ck_dequantize_iq4_nl(const uint8_t *b, float *y) {
    const float d = ck_half(ck_u16(b));
    for (int i = 0; i < 16; i++) {
        y[i] = d * (float)ck_iq4_values[b[2 + i] & 15];
        y[i + 16] = d * (float)ck_iq4_values[b[2 + i] >> 4];
    }
}

// 2^(e - 127) halved, since the table is doubled; the subnormal end stays exact.
static inline float ck_mxfp4_scale(uint8_t e) {
    return e >= 2 ? ck_from_bits((uint32_t)(e - 1) << 23)
                  : ck_from_bits(e == 1 ? 0x00400000u : 0x00200000u);
}

static void ck_dequantize_mxfp4(const uint8_t *b, float *y) {
    const float d = ck_mxfp4_scale(b[0]);
    for (int i = 0; i < 16; i++) {
        y[i] = d * (float)ck_e2m1_doubled[b[1 + i] & 15];
        y[i + 16] = d * (float)ck_e2m1_doubled[b[1 + i] >> 4];
    }
}

// ---- 64 elements a block ----

// An unsigned E4M3 number, halved, since the table is doubled.
static inline float ck_nvfp4_scale(uint8_t code) {
    const int exponent = code >> 3, mantissa = code & 7;
    if (code == 0 || code == 127) return 0;
    return exponent == 0
               ? (float)mantissa * 0x1p-10f
               : (1 + (float)mantissa / 8) * ck_from_bits((uint32_t)(exponent + 119) << 23);
}

static void ck_dequantize_nvfp4(const uint8_t *b, float *y) {
    for (int s = 0; s < 4; s++) {
        const float d = ck_nvfp4_scale(b[s]);
        for (int i = 0; i < 8; i++) {
            y[16 * s + i] = d * (float)ck_e2m1_doubled[b[4 + 8 * s + i] & 15];
            y[16 * s + 8 + i] = d * (float)ck_e2m1_doubled[b[4 + 8 * s + i] >> 4];
        }
    }
}

// ---- 256 elements a block ----

static void ck_dequantize_q2_k(const uint8_t *b, float *y) {
    const float d = ck_half(ck_u16(b + 80)), dmin = ck_half(ck_u16(b + 82));
    for (int g = 0; g < 16; g++) {
        const float scale = d * (float)(b[g] & 15), minimum = dmin * (float)(b[g] >> 4);
        const uint8_t *q = b + 16 + 32 * (g / 8) + 16 * (g % 2);
        const int shift = 2 * (g % 8 / 2);
        for (int i = 0; i < 16; i++) y[16 * g + i] = scale * (float)(q[i] >> shift & 3) - minimum;
    }
}

// The scale of sixteen columns of Q3_K, of twelve bytes at `scales`.
static inline int ck_q3_k_scale(const uint8_t *scales, int g) {
    const int low = g < 8 ? scales[g] & 15 : scales[g - 8] >> 4;
    const int high = scales[8 + g % 4] >> 2 * (g / 4) & 3;
    return (low | high << 4) - 32;
}

static void ck_dequantize_q3_k(const uint8_t *b, float *y) {
    const float d = ck_half(ck_u16(b + 108));
    for (int g = 0; g < 16; g++) {
        const float scale = d * (float)ck_q3_k_scale(b + 96, g);
        const uint8_t *q = b + 32 + 32 * (g / 8) + 16 * (g % 2), *mask = b + 16 * (g % 2);
        const int shift = 2 * (g % 8 / 2), bit = g / 2;
        for (int i = 0; i < 16; i++) {
            const int v = (q[i] >> shift & 3) - (mask[i] >> bit & 1 ? 0 : 4);
            y[16 * g + i] = scale * (float)v;
        }
    }
}

// The eight 6-bit scales and minima of Q4_K and Q5_K.
static inline void ck_scale_pair(const uint8_t *s, int g, int *scale, int *minimum) {
    if (g < 4) {
        *scale = s[g] & 63;
        *minimum = s[g + 4] & 63;
    } else {
        *scale = (s[g + 4] & 15) | (s[g - 4] >> 6) << 4;
        *minimum = (s[g + 4] >> 4) | (s[g] >> 6) << 4;
    }
}

static void ck_dequantize_q4_k(const uint8_t *b, float *y) {
    const float d = ck_half(ck_u16(b)), dmin = ck_half(ck_u16(b + 2));
    for (int g = 0; g < 8; g++) {
        int scale, minimum;
        ck_scale_pair(b + 4, g, &scale, &minimum);
        const float ds = d * (float)scale, dm = dmin * (float)minimum;
        const uint8_t *q = b + 16 + 32 * (g / 2);
        for (int i = 0; i < 32; i += 16) {
            const ck_b16 bytes = ck_load_bytes(q + i);
            ck_store_shifted(y + 32 * g + i, ds, ck_widen(g % 2 ? bytes >> 4 : bytes & 15), -dm);
        }
    }
}

static void ck_dequantize_q5_k(const uint8_t *b, float *y) {
    const float d = ck_half(ck_u16(b)), dmin = ck_half(ck_u16(b + 2));
    for (int g = 0; g < 8; g++) {
        int scale, minimum;
        ck_scale_pair(b + 4, g, &scale, &minimum);
        const float ds = d * (float)scale, dm = dmin * (float)minimum;
        const uint8_t *q = b + 48 + 32 * (g / 2);
        for (int i = 0; i < 32; i += 16) {
            const ck_b16 bytes = ck_load_bytes(q + i), high = ck_load_bytes(b + 16 + i);
            const ck_b16 low = g % 2 ? bytes >> 4 : bytes & 15;
            ck_store_shifted(y + 32 * g + i, ds, ck_widen(low | ((high >> g) & 1) << 4), -dm);
        }
    }
}

static void ck_dequantize_q6_k(const uint8_t *b, float *y) {
    const float d = ck_half(ck_u16(b + 208));
    for (int g = 0; g < 16; g++) {
        const int h = g / 8, t = g % 8 / 2, l = 16 * (g % 2);
        const ck_b16 bytes = ck_load_bytes(b + 64 * h + 32 * (t % 2) + l);
        const ck_b16 high = ck_load_bytes(b + 128 + 32 * h + l);
        const ck_b16 low = t < 2 ? bytes & 15 : bytes >> 4;
        const float scale = d * (float)(int8_t)b[192 + g];
        ck_store_scaled(y + 16 * g, scale, ck_widen(low | ((high >> 2 * t) & 3) << 4) - 32);
    }
}

static void ck_dequantize_iq4_xs(const uint8_t *b, float *y) {
    const float d = ck_half(ck_u16(b));
    const int high = ck_u16(b + 2);
    for (int g = 0; g < 8; g++) {
        const int s = ((b[4 + g / 2] >> 4 * (g % 2) & 15) | (high >> 2 * g & 3) << 4) - 32;
        const float scale = d * (float)s;
        const uint8_t *q = b + 8 + 16 * g;
        for (int i = 0; i < 16; i++) {
            y[32 * g + i] = scale * (float)ck_iq4_values[q[i] & 15];
            y[32 * g + 16 + i] = scale * (float)ck_iq4_values[q[i] >> 4];
        }
    }
}

// ---- codebook formats: groups b of 32, eights l of a group ----

static inline uint8_t ck_even_signs(uint32_t index) {
    return (uint8_t)(index | (uint32_t)(__builtin_popcount(index) & 1) << 7);
}

static inline void ck_signed_row(const int8_t *grid, int width, uint8_t signs, float scale, float *y) {
    for (int j = 0; j < width; j++) y[j] = scale * (float)(signs >> j & 1 ? -grid[j] : grid[j]);
}

static void ck_dequantize_iq2_xxs(const uint8_t *b, float *y) {
    const float d = ck_half(ck_u16(b));
    for (int g = 0; g < 8; g++) {
        const uint8_t *q = b + 2 + 8 * g;
        const uint32_t a = ck_u32(q + 4);
        const float scale = d * (0.5f + (float)(a >> 28)) * 0.25f;
        for (int l = 0; l < 4; l++)
            ck_signed_row(ck_iq2xxs_grid[q[l]], 8, ck_even_signs(a >> 7 * l & 127), scale,
                          y + 32 * g + 8 * l);
    }
}

static void ck_dequantize_iq2_xs(const uint8_t *b, float *y) {
    const float d = ck_half(ck_u16(b));
    for (int g = 0; g < 8; g++)
        for (int l = 0; l < 4; l++) {
            const uint32_t q = ck_u16(b + 2 + 2 * (4 * g + l));
            const int nibble = l < 2 ? b[66 + g] & 15 : b[66 + g] >> 4;
            ck_signed_row(ck_iq2xs_grid[q & 511], 8, ck_even_signs(q >> 9),
                          d * (0.5f + (float)nibble) * 0.25f, y + 32 * g + 8 * l);
        }
}

static void ck_dequantize_iq2_s(const uint8_t *b, float *y) {
    const float d = ck_half(ck_u16(b));
    for (int g = 0; g < 8; g++)
        for (int l = 0; l < 4; l++) {
            const int index = b[2 + 4 * g + l] | (b[66 + g] >> 2 * l & 3) << 8;
            const int nibble = l < 2 ? b[74 + g] & 15 : b[74 + g] >> 4;
            ck_signed_row(ck_iq2s_grid[index], 8, b[34 + 4 * g + l],
                          d * (0.5f + (float)nibble) * 0.25f, y + 32 * g + 8 * l);
        }
}

static void ck_dequantize_iq3_xxs(const uint8_t *b, float *y) {
    const float d = ck_half(ck_u16(b));
    for (int g = 0; g < 8; g++) {
        const uint32_t a = ck_u32(b + 66 + 4 * g);
        const float scale = d * (0.5f + (float)(a >> 28)) * 0.5f;
        for (int l = 0; l < 4; l++) {
            const uint8_t signs = ck_even_signs(a >> 7 * l & 127), *index = b + 2 + 8 * g + 2 * l;
            ck_signed_row(ck_iq3xxs_grid[index[0]], 4, signs, scale, y + 32 * g + 8 * l);
            ck_signed_row(ck_iq3xxs_grid[index[1]], 4, signs >> 4, scale, y + 32 * g + 8 * l + 4);
        }
    }
}

static void ck_dequantize_iq3_s(const uint8_t *b, float *y) {
    const float d = ck_half(ck_u16(b));
    for (int g = 0; g < 8; g++) {
        const int nibble = g % 2 ? b[106 + g / 2] >> 4 : b[106 + g / 2] & 15;
        const float scale = d * (float)(1 + 2 * nibble);
        for (int l = 0; l < 4; l++) {
            const uint8_t signs = b[74 + 4 * g + l], *index = b + 2 + 8 * g + 2 * l, high = b[66 + g];
            ck_signed_row(ck_iq3s_grid[index[0] | (high >> 2 * l & 1) << 8], 4, signs, scale,
                          y + 32 * g + 8 * l);
            ck_signed_row(ck_iq3s_grid[index[1] | (high >> (2 * l + 1) & 1) << 8], 4, signs >> 4, scale,
                          y + 32 * g + 8 * l + 4);
        }
    }
}

static void ck_dequantize_iq1_s(const uint8_t *b, float *y) {
    const float d = ck_half(ck_u16(b));
    for (int g = 0; g < 8; g++) {
        const int high = ck_u16(b + 34 + 2 * g);
        const float delta = high & 0x8000 ? -0.125f : 0.125f;
        const float scale = d * (float)(2 * (high >> 12 & 7) + 1);
        for (int l = 0; l < 4; l++) {
            const int8_t *grid = ck_iq1s_grid[b[2 + 4 * g + l] | (high >> 3 * l & 7) << 8];
            for (int j = 0; j < 8; j++) y[32 * g + 8 * l + j] = scale * ((float)grid[j] + delta);
        }
    }
}

// The block's scale lies in the top four bits of four words.
static inline float ck_iq1_m_scale(const uint8_t *b) {
    const uint8_t *scales = b + 48;
    return ck_half((uint16_t)(ck_u16(scales) >> 12 | (ck_u16(scales + 2) >> 12) << 4 |
                              (ck_u16(scales + 4) >> 12) << 8 | (ck_u16(scales + 6) >> 12) << 12));
}

static void ck_dequantize_iq1_m(const uint8_t *b, float *y) {
    const uint8_t *scales = b + 48;
    const float d = ck_iq1_m_scale(b);
    for (int g = 0; g < 8; g++)
        for (int l = 0; l < 4; l++) {
            const int byte = b[32 + 2 * g + l / 2], nibble = l % 2 ? byte >> 4 : byte & 15;
            const int t = ck_u16(scales + 2 * (g / 2)) >> (6 * (g % 2) + 3 * (l / 2)) & 7;
            const float delta = nibble & 8 ? -0.125f : 0.125f, scale = d * (float)(2 * t + 1);
            const int8_t *grid = ck_iq1s_grid[b[4 * g + l] | (nibble & 7) << 8];
            for (int j = 0; j < 8; j++) y[32 * g + 8 * l + j] = scale * ((float)grid[j] + delta);
        }
}

#define CK_BLOCKS(name, elements, bytes)                                                \
    for (int64_t i = 0; i < count / (elements); i++) name(b + i * (bytes), y + i * (elements)); \
    break

static void ck_dequantize(uint32_t type, const void *source, float *y, int64_t count) {
    const uint8_t *b = source;
    switch ((enum ck_type)type) {
    case CK_F32: memcpy(y, b, (size_t)count * 4); break;
    case CK_F16: {
        const uint16_t *h = source;
        int64_t i = 0;
        for (; i + 16 <= count; i += 16) ck_store(y + i, ck_load_half(h + i));
        for (; i < count; i++) y[i] = ck_half(h[i]);
        break;
    }
    case CK_BF16:
        for (int64_t i = 0; i < count; i++) y[i] = ck_from_bits((uint32_t)ck_u16(b + 2 * i) << 16);
        break;
    case CK_Q4_0: CK_BLOCKS(ck_dequantize_q4_0, 32, 18);
    case CK_Q4_1: CK_BLOCKS(ck_dequantize_q4_1, 32, 20);
    case CK_Q5_0: CK_BLOCKS(ck_dequantize_q5_0, 32, 22);
    case CK_Q5_1: CK_BLOCKS(ck_dequantize_q5_1, 32, 24);
    case CK_Q8_0: CK_BLOCKS(ck_dequantize_q8_0, 32, 34);
    case CK_IQ4_NL: CK_BLOCKS(ck_dequantize_iq4_nl, 32, 18);
    case CK_MXFP4: CK_BLOCKS(ck_dequantize_mxfp4, 32, 17);
    case CK_NVFP4: CK_BLOCKS(ck_dequantize_nvfp4, 64, 36);
    case CK_Q2_K: CK_BLOCKS(ck_dequantize_q2_k, 256, 84);
    case CK_Q3_K: CK_BLOCKS(ck_dequantize_q3_k, 256, 110);
    case CK_Q4_K: CK_BLOCKS(ck_dequantize_q4_k, 256, 144);
    case CK_Q5_K: CK_BLOCKS(ck_dequantize_q5_k, 256, 176);
    case CK_Q6_K: CK_BLOCKS(ck_dequantize_q6_k, 256, 210);
    case CK_IQ4_XS: CK_BLOCKS(ck_dequantize_iq4_xs, 256, 136);
    case CK_IQ2_XXS: CK_BLOCKS(ck_dequantize_iq2_xxs, 256, 66);
    case CK_IQ2_XS: CK_BLOCKS(ck_dequantize_iq2_xs, 256, 74);
    case CK_IQ2_S: CK_BLOCKS(ck_dequantize_iq2_s, 256, 82);
    case CK_IQ3_XXS: CK_BLOCKS(ck_dequantize_iq3_xxs, 256, 98);
    case CK_IQ3_S: CK_BLOCKS(ck_dequantize_iq3_s, 256, 110);
    case CK_IQ1_S: CK_BLOCKS(ck_dequantize_iq1_s, 256, 50);
    case CK_IQ1_M: CK_BLOCKS(ck_dequantize_iq1_m, 256, 56);
    }
}

#undef CK_BLOCKS

// Bytes that `count` elements of a type take; count is whole blocks.
static inline int64_t ck_stored_size(uint32_t type, int64_t count) {
    switch ((enum ck_type)type) {
    case CK_F32: return count * 4;
    case CK_F16: case CK_BF16: return count * 2;
    case CK_Q4_0: case CK_IQ4_NL: return count / 32 * 18;
    case CK_Q4_1: return count / 32 * 20;
    case CK_Q5_0: return count / 32 * 22;
    case CK_Q5_1: return count / 32 * 24;
    case CK_Q8_0: return count / 32 * 34;
    case CK_MXFP4: return count / 32 * 17;
    case CK_NVFP4: return count / 64 * 36;
    case CK_Q2_K: return count / 256 * 84;
    case CK_Q3_K: case CK_IQ3_S: return count / 256 * 110;
    case CK_Q4_K: return count / 256 * 144;
    case CK_Q5_K: return count / 256 * 176;
    case CK_Q6_K: return count / 256 * 210;
    case CK_IQ4_XS: return count / 256 * 136;
    case CK_IQ2_XXS: return count / 256 * 66;
    case CK_IQ2_XS: return count / 256 * 74;
    case CK_IQ2_S: return count / 256 * 82;
    case CK_IQ3_XXS: return count / 256 * 98;
    case CK_IQ1_S: return count / 256 * 50;
    case CK_IQ1_M: return count / 256 * 56;
    }
    return 0;
}
