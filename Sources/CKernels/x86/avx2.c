// The kernels compiled for AVX2 with FMA and F16C.
#if defined(__x86_64__)
#include <math.h>
#include <string.h>

#include "CKernels.h"

#pragma clang attribute push(__attribute__((target("avx2,fma,f16c,bmi2"))), apply_to = function)
#define CK_HAS_FMA 1
#define CK_HAS_F16 1
#define CK_LANES 8
#define CK_NAME "avx2"
#define CK_TABLE ck_avx2
#include "../kernels/table.h"
#pragma clang attribute pop
#endif
