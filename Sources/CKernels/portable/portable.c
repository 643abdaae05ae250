// The kernels for any processor: the specification of the others.
#include "CKernels.h"

#define CK_NAME "portable"
#define CK_TABLE ck_portable
#include "../kernels/table.h"
