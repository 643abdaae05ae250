#include "CPeaks.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#include <sys/auxv.h>
#endif

// Twelve chains hide the latency of an instruction; the sink keeps the compiler from dropping them.
enum { CHAINS = 12 };
static volatile float float_sink;
static volatile int32_t int_sink;

#define REPEAT(type, start, step, finish)                    \
    type s[CHAINS];                                          \
    for (int c = 0; c < CHAINS; c++) s[c] = start;           \
    for (int64_t i = 0; i < rounds; i++) {                   \
        for (int c = 0; c < CHAINS; c++) s[c] = step;        \
        __asm__ volatile("" ::: "memory");                   \
    }                                                        \
    for (int c = 1; c < CHAINS; c++) s[0] += s[c];           \
    finish;                                                  \
    return (double)rounds * CHAINS * 2

typedef float f4 __attribute__((vector_size(16)));
static double float_portable(int64_t rounds) {
    const f4 factor = {0.5f, 0.5f, 0.5f, 0.5f}, one = {1, 1, 1, 1};
    REPEAT(f4, one, s[c] * factor + one, float_sink = s[0][0]) * 4;
}

#if defined(__x86_64__)
#define TARGET(features) __attribute__((target(features)))

TARGET("avx2,fma") static double float_avx2(int64_t rounds) {
    const __m256 factor = _mm256_set1_ps(0.5f), one = _mm256_set1_ps(1);
    REPEAT(__m256, one, _mm256_fmadd_ps(s[c], factor, one), float_sink = s[0][0]) * 8;
}

TARGET("avx512f") static double float_avx512(int64_t rounds) {
    const __m512 factor = _mm512_set1_ps(0.5f), one = _mm512_set1_ps(1);
    REPEAT(__m512, one, _mm512_fmadd_ps(s[c], factor, one), float_sink = s[0][0]) * 16;
}

TARGET("avx512f,avx512vnni") static double bytes_vnni512(int64_t rounds) {
    const __m512i a = _mm512_set1_epi8(1), b = _mm512_set1_epi8(2);
    REPEAT(__m512i, a, _mm512_dpbusd_epi32(s[c], a, b), int_sink = (int32_t)s[0][0]) * 64;
}

TARGET("avx2,avxvnni") static double bytes_vnni256(int64_t rounds) {
    const __m256i a = _mm256_set1_epi8(1), b = _mm256_set1_epi8(2);
    REPEAT(__m256i, a, _mm256_dpbusd_avx_epi32(s[c], a, b), int_sink = (int32_t)s[0][0]) * 32;
}

TARGET("avx2") static __m256i bytes_step(__m256i sum, __m256i b) {
    // The first factor changes with the sum, or the compiler would multiply once.
    const __m256i pairs = _mm256_maddubs_epi16(_mm256_and_si256(sum, b), b);
    return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

TARGET("avx2") static double bytes_avx2(int64_t rounds) {
    const __m256i b = _mm256_set1_epi8(2);
    REPEAT(__m256i, b, bytes_step(s[c], b), int_sink = (int32_t)s[0][0]) * 32;
}
#elif defined(__aarch64__)
__attribute__((target("dotprod"))) static double bytes_dot(int64_t rounds) {
    const int8x16_t a = vdupq_n_s8(1), b = vdupq_n_s8(2);
    REPEAT(int32x4_t, vdupq_n_s32(0), vdotq_s32(s[c], a, b), int_sink = s[0][0]) * 16;
}
#endif

double peak_float(const char *name, int64_t rounds) {
#if defined(__x86_64__)
    if (strncmp(name, "avx512", 6) == 0) return float_avx512(rounds);
    if (strncmp(name, "avx", 3) == 0) return float_avx2(rounds);
#endif
    (void)name;
    return float_portable(rounds);
}

double peak_bytes(const char *name, int64_t rounds) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (strncmp(name, "avx512", 6) == 0 && __builtin_cpu_supports("avx512vnni")) return bytes_vnni512(rounds);
    if (strcmp(name, "portable") == 0) return 0;
    return __builtin_cpu_supports("avxvnni") ? bytes_vnni256(rounds) : bytes_avx2(rounds);
#elif defined(__aarch64__)
    if (strcmp(name, "portable") != 0 && (getauxval(AT_HWCAP) & HWCAP_ASIMDDP)) return bytes_dot(rounds);
#endif
    (void)name;
    (void)rounds;
    return 0;
}
