// Whole-number products: sixteen lanes of four bytes each.
//
// Activations are signed bytes. Weights come in one of two kinds: unsigned ones below 128 with a
// zero point that is a power of two (or none), and signed ones. `ck_dot` is the one step that an
// instruction set must bring; everything else is built on it.
#pragma once

#include "lanes.h"

#if defined(CK_HAS_AVX2) || defined(CK_HAS_AVX512)
#include <immintrin.h>
#elif defined(CK_HAS_NEON)
#include <arm_neon.h>
#endif

// Sixty-four bytes, four consecutive columns a lane.
typedef uint8_t ck_bytes __attribute__((vector_size(64)));
// The same as sixteen words, for shifts that no instruction set has for bytes.
typedef uint32_t ck_words __attribute__((vector_size(64)));

static inline ck_bytes ck_load_64(const void *p) {
    ck_bytes v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline ck_i16 ck_splat_int(int32_t x) {
    return (ck_i16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
}

static inline ck_words ck_splat_word(uint32_t x) {
    return (ck_words){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x};
}

// The same 16 bytes four times, and the same 32 bytes twice.
static inline ck_words ck_repeat_16(const void *p) {
    typedef uint32_t quarter __attribute__((vector_size(16)));
    quarter q;
    memcpy(&q, p, sizeof q);
    return __builtin_shufflevector(q, q, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3);
}

static inline ck_words ck_repeat_32(const void *p) {
    typedef uint32_t half __attribute__((vector_size(32)));
    half h;
    memcpy(&h, p, sizeof h);
    return __builtin_shufflevector(h, h, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7);
}

// 16 bytes of one place twice, then 16 of another twice.
static inline ck_words ck_repeat_pair(const void *p, const void *q) {
#if defined(CK_HAS_AVX512)
    const __m512i both = _mm512_broadcast_i32x4(_mm_loadu_si128(p));
    return (ck_words)_mm512_mask_broadcast_i32x4(both, 0xFF00, _mm_loadu_si128(q));
#else
    typedef uint32_t quarter __attribute__((vector_size(16)));
    quarter a, b;
    memcpy(&a, p, sizeof a);
    memcpy(&b, q, sizeof b);
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7);
#endif
}

// Eight lanes of one number, eight of another.
static inline ck_v16 ck_halves(float a, float b) {
    return (ck_v16){a, a, a, a, a, a, a, a, b, b, b, b, b, b, b, b};
}

// The same from half-precision numbers in memory.
static inline ck_v16 ck_half_pair(const void *p, const void *q) {
    uint16_t a, b;
    memcpy(&a, p, 2);
    memcpy(&b, q, 2);
#if defined(CK_HAS_AVX512)
    const __m128 both = _mm_cvtph_ps(_mm_cvtsi32_si128((int)((uint32_t)b << 16 | a)));
    const __m512i halves = _mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1);
    return (ck_v16)_mm512_permutexvar_ps(halves, _mm512_castps128_ps512(both));
#else
    return ck_halves(ck_half(a), ck_half(b));
#endif
}

// Each byte of `index`, 0 to 15, replaced by that entry of the table.
static inline ck_bytes ck_look_up(const int8_t table[16], ck_bytes index) {
#if defined(CK_HAS_AVX512)
    const __m512i entries = _mm512_broadcast_i32x4(_mm_loadu_si128((const void *)table));
    return (ck_bytes)_mm512_shuffle_epi8(entries, (__m512i)index);
#elif defined(CK_HAS_AVX2)
    const __m256i entries = _mm256_broadcastsi128_si256(_mm_loadu_si128((const void *)table));
    __m256i half[2];
    memcpy(half, &index, sizeof half);
    for (int i = 0; i < 2; i++) half[i] = _mm256_shuffle_epi8(entries, half[i]);
    memcpy(&index, half, sizeof half);
    return index;
#elif defined(CK_HAS_NEON)
    const uint8x16_t entries = vld1q_u8((const uint8_t *)table);
    uint8x16_t part[4];
    memcpy(part, &index, sizeof part);
    for (int i = 0; i < 4; i++) part[i] = vqtbl1q_u8(entries, part[i]);
    memcpy(&index, part, sizeof part);
    return index;
#else
    for (int i = 0; i < 64; i++) index[i] = (uint8_t)table[index[i]];
    return index;
#endif
}

// sums[lane] += the products of the lane's four bytes; x signed; weights
// below 128, up to 255 with VNNI, which does not saturate.
static inline ck_i16 ck_dot(ck_i16 sums, ck_bytes weights, ck_bytes x) {
#if defined(CK_HAS_AVX512_VNNI)
    return (ck_i16)_mm512_dpbusd_epi32((__m512i)sums, (__m512i)weights, (__m512i)x);
#elif defined(CK_HAS_AVX512)
    const __m512i pairs = _mm512_maddubs_epi16((__m512i)weights, (__m512i)x);
    return (ck_i16)_mm512_add_epi32((__m512i)sums,
                                    _mm512_madd_epi16(pairs, _mm512_set1_epi16(1)));
#elif defined(CK_HAS_AVX2)
    __m256i s[2], w[2], v[2];
    memcpy(s, &sums, sizeof s);
    memcpy(w, &weights, sizeof w);
    memcpy(v, &x, sizeof v);
    for (int i = 0; i < 2; i++) {
#if defined(CK_HAS_AVX_VNNI)
        s[i] = _mm256_dpbusd_avx_epi32(s[i], w[i], v[i]);
#else
        const __m256i pairs = _mm256_maddubs_epi16(w[i], v[i]);
        s[i] = _mm256_add_epi32(s[i], _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
#endif
    }
    memcpy(&sums, s, sizeof s);
    return sums;
#elif defined(CK_HAS_NEON)
    int32x4_t s[4];
    int8x16_t w[4], v[4];
    memcpy(s, &sums, sizeof s);
    memcpy(w, &weights, sizeof w);
    memcpy(v, &x, sizeof v);
    for (int i = 0; i < 4; i++) {
#if defined(CK_HAS_NEON_DOT)
        s[i] = vdotq_s32(s[i], w[i], v[i]);
#else
        const int16x8_t low = vmull_s8(vget_low_s8(w[i]), vget_low_s8(v[i]));
        const int16x8_t high = vmull_s8(vget_high_s8(w[i]), vget_high_s8(v[i]));
        // Pairs of sixteen bits become words, pairs of words a lane.
        s[i] = vaddq_s32(s[i], vpaddq_s32(vpaddlq_s16(low), vpaddlq_s16(high)));
#endif
    }
    memcpy(&sums, s, sizeof s);
    return sums;
#else
    for (int lane = 0; lane < 16; lane++)
        for (int i = 4 * lane; i < 4 * lane + 4; i++)
            sums[lane] += (int32_t)(int8_t)weights[i] * (int32_t)(int8_t)x[i];
    return sums;
#endif
}

// Signed weights. `negated` holds minus the sum of each lane's four x, which some instruction sets
// need: their unsigned operand is the weight plus 128.
static inline ck_i16 ck_dot_signed(ck_i16 sums, ck_bytes weights, ck_bytes x, ck_i16 negated) {
#if defined(CK_HAS_AVX512_VNNI) || defined(CK_HAS_AVX_VNNI)
    return ck_dot(sums + (negated << 7), weights ^ 0x80, x);
#elif defined(CK_HAS_AVX2) || defined(CK_HAS_AVX512)
    // |w| as the unsigned operand and the sign moved to x: 2 * 128 * 127 stays within 16 bits.
    (void)negated;
    __m256i s[2], w[2], v[2];
    memcpy(s, &sums, sizeof s);
    memcpy(w, &weights, sizeof w);
    memcpy(v, &x, sizeof v);
    for (int i = 0; i < 2; i++) {
        const __m256i pairs =
            _mm256_maddubs_epi16(_mm256_abs_epi8(w[i]), _mm256_sign_epi8(v[i], w[i]));
        s[i] = _mm256_add_epi32(s[i], _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
    }
    memcpy(&sums, s, sizeof s);
    return sums;
#else
    (void)negated;
    return ck_dot(sums, weights, x);
#endif
}
