#!/usr/bin/env python3
"""Write Tests/Fixtures/blocks.json: random blocks of every quantised type and what they mean.

usage: make_block_fixtures.py > Tests/Fixtures/blocks.json
Needs: pip install gguf numpy. The values are those of the gguf package's own dequantisation.
Half-precision scales are kept finite and small, as real files hold them.
"""
import json
import numpy as np
from gguf import quants
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType as T

rng = np.random.default_rng(11)
SCALES = {  # byte offsets of half-precision fields in a block
    T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q5_1: [0, 2], T.Q8_0: [0], T.IQ4_NL: [0], T.MXFP4: [], T.NVFP4: [],
    T.Q2_K: [80, 82], T.Q3_K: [108], T.Q4_K: [0, 2], T.Q5_K: [0, 2], T.Q6_K: [208], T.IQ4_XS: [0],
    T.IQ2_XXS: [0], T.IQ2_XS: [0], T.IQ2_S: [0], T.IQ3_XXS: [0], T.IQ3_S: [0], T.IQ1_S: [0], T.IQ1_M: [],
}
out = {}
for t, offsets in SCALES.items():
    per, size = GGML_QUANT_SIZES[t]
    n = max(1, 128 // per) + 1
    b = rng.integers(0, 256, size=(n, size), dtype=np.uint8)
    for o in offsets:
        b[:, o:o + 2] = rng.uniform(-0.1, 0.1, n).astype(np.float16).view(np.uint8).reshape(n, 2)
    if t == T.MXFP4: b[:, 0] = rng.integers(110, 130, n)
    if t == T.NVFP4: b[:, 0:4] = rng.integers(0, 128, (n, 4))
    if t == T.IQ1_M:  # the scale's four nibbles stand in the high bits of four words
        h = rng.uniform(-0.1, 0.1, n).astype(np.float16).view(np.uint16)
        for k in range(4):
            b[:, 49 + 2 * k] = (b[:, 49 + 2 * k] & 15) | (((h >> (4 * k)) & 15) << 4).astype(np.uint8)
    y = quants.dequantize(b.reshape(-1), t).astype(np.float32)
    out[t.name] = {"type": int(t), "bytes": b.tobytes().hex(), "values": [float(f"{v:.9g}") for v in y.reshape(-1)]}
print(json.dumps(out, separators=(",", ":")).replace('},"', '},\n"'))
