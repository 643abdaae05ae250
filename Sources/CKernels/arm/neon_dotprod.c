// The kernels compiled for 64-bit ARM with dot products.
#if defined(__aarch64__)
#include <arm_neon.h>
#include <math.h>
#include <string.h>

#include "CKernels.h"

#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#define CK_HAS_FMA 1
#define CK_HAS_F16 1
#define CK_HAS_NEON 1
#define CK_HAS_NEON_DOT 1
// What a block of products keeps in registers.
#define CK_FLOAT_TOKENS 2
#define CK_BLOCK_WEIGHTS 2
#define CK_BLOCK_LANES 2
#define CK_BLOCK_PANELS 1
#define CK_BLOCK_TOKENS 2
#define CK_LANES 4
#define CK_PANEL_TOKENS 6
#define CK_PANEL_VECTORS 1
#define CK_NAME "neon_dotprod"
#define CK_TABLE ck_neon_dotprod
#include "../kernels/table.h"
#pragma clang attribute pop
#endif
