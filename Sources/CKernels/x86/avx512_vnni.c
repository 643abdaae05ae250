// The kernels compiled for AVX-512 with VNNI.
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "CKernels.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c,bmi2,avx512vnni"))), apply_to = function)
#define CK_HAS_FMA 1
#define CK_HAS_F16 1
#define CK_HAS_AVX512 1
#define CK_HAS_AVX512_VNNI 1
#define CK_SIGNED_IS_BIASED 1
// What a block of products keeps in registers.
#define CK_FLOAT_TOKENS 4
#define CK_BLOCK_WEIGHTS 4
#define CK_BLOCK_LANES 4
#define CK_BLOCK_PANELS 2
#define CK_BLOCK_TOKENS 6
#define CK_PANEL_TOKENS 6
#define CK_PANEL_VECTORS 4
#define CK_LANES 16
#define CK_NAME "avx512_vnni"
#define CK_TABLE ck_avx512_vnni
#include "../kernels/table.h"
#pragma clang attribute pop
#endif
