// The kernels compiled for AVX2 with AVX-VNNI.
#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>

#include "CKernels.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2,avxvnni"))), apply_to = function)
#define CK_HAS_FMA 1
#define CK_HAS_F16 1
#define CK_HAS_AVX2 1
#define CK_HAS_AVX_VNNI 1
#define CK_SIGNED_IS_BIASED 1
// What a block of products keeps in registers.
#define CK_FLOAT_TOKENS 1
#define CK_BLOCK_WEIGHTS 2
#define CK_BLOCK_LANES 2
#define CK_BLOCK_PANELS 1
#define CK_BLOCK_TOKENS 2
#define CK_LANES 8
#define CK_PANEL_TOKENS 6
#define CK_PANEL_VECTORS 1
#define CK_NAME "avx_vnni"
#define CK_TABLE ck_avx_vnni
#include "../kernels/table.h"
#pragma clang attribute pop
#endif
