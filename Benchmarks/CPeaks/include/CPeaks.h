// What one core of this processor can do at most with the instructions of a kernel table.
#pragma once

#include <stdint.h>

// Multiplies and adds floats `rounds` times in registers; returns the operations done (a product and
// a sum are two). `name` is a kernel table's, as portable, avx2 or avx512_vnni.
double peak_float(const char *name, int64_t rounds);

// The same for products of bytes summed in 32 bits, with the widest such instruction that the
// processor has; 0 where it has none.
double peak_bytes(const char *name, int64_t rounds);
