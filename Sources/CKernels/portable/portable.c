// The kernels for any processor: the specification of the others.
#include "CKernels.h"

#define CK_FLOAT_TOKENS 2
#define CK_BLOCK_WEIGHTS 2
#define CK_BLOCK_LANES 2
#define CK_BLOCK_PANELS 1
#define CK_BLOCK_TOKENS 2
#define CK_NAME "portable"
#define CK_TABLE ck_portable
#include "../kernels/table.h"
