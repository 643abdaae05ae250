// Chooses the kernels once, by what processor and operating system support.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

extern const struct ck_kernels ck_portable;
#if defined(__x86_64__)
extern const struct ck_kernels ck_avx2, ck_avx_vnni, ck_avx512, ck_avx512_vnni,
    ck_avx512_bf16;
#elif defined(__aarch64__)
#include <sys/auxv.h>
extern const struct ck_kernels ck_neon, ck_neon_dotprod;
#endif

// __builtin_cpu_supports also asks the operating system (XCR0) whether it saves the wide registers.
const struct ck_kernels *ck_kernels_named(const char *name) {
    if (strcmp(name, "portable") == 0) return &ck_portable;
#if defined(__x86_64__)
    __builtin_cpu_init();
    const int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                     __builtin_cpu_supports("f16c") && __builtin_cpu_supports("bmi2");
    if (strcmp(name, "avx2") == 0) return avx2 ? &ck_avx2 : NULL;
    if (strcmp(name, "avx_vnni") == 0)
        return avx2 && __builtin_cpu_supports("avxvnni") ? &ck_avx_vnni : NULL;
    const int avx512 = avx2 && __builtin_cpu_supports("avx512f") &&
                       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                       __builtin_cpu_supports("avx512vl");
    if (strcmp(name, "avx512") == 0) return avx512 ? &ck_avx512 : NULL;
    if (strcmp(name, "avx512_vnni") == 0)
        return avx512 && __builtin_cpu_supports("avx512vnni") ? &ck_avx512_vnni : NULL;
    if (strcmp(name, "avx512_bf16") == 0)
        return avx512 && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bf16")
                   ? &ck_avx512_bf16
                   : NULL;
#elif defined(__aarch64__)
    if (strcmp(name, "neon") == 0) return &ck_neon;
    // HWCAP_ASIMDDP of Linux.
    if (strcmp(name, "neon_dotprod") == 0)
        return getauxval(AT_HWCAP) & 1u << 20 ? &ck_neon_dotprod : NULL;
#endif
    return NULL;
}

const struct ck_kernels *ck_kernels(void) {
    static _Atomic(const struct ck_kernels *) chosen;
    const struct ck_kernels *table = atomic_load_explicit(&chosen, memory_order_acquire);
    if (table) return table;
    static const char *const order[] = {"avx512_bf16", "avx512_vnni", "avx512", "avx_vnni",
                                        "avx2", "neon_dotprod", "neon", "portable"};
    const char *wanted = getenv("FACET_CPU");
    if (wanted) table = ck_kernels_named(wanted);
    for (size_t i = 0; !table; i++) table = ck_kernels_named(order[i]);
    atomic_store_explicit(&chosen, table, memory_order_release);
    return table;
}
