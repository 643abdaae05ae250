#!/usr/bin/env python3
"""Write Sources/CKernels/kernels/iq_grids.h from a JSON file of the IQ block formats' codebooks.

usage: make_iq_grids.py iq-grids.json > Sources/CKernels/kernels/iq_grids.h
The JSON maps a grid's name to {values, width, rows}; a row is a string of digits that index `values`.
The grids are constants of the ggml file format (MIT licence, ggml authors).
"""
import json, sys

grids = json.load(open(sys.argv[1]))
print("// Codebooks of the IQ block formats: constants of the ggml file format (MIT licence, ggml authors).")
print("// Made by Scripts/make_iq_grids.py; do not edit.")
print("#pragma once\n#include <stdint.h>\n")
for name, g in sorted(grids.items()):
    w = g["width"]
    print(f"static const int8_t ck_{name}[{len(g['rows'])}][{w}] = {{")
    rows = ["{" + ",".join(str(g["values"][int(c)]) for c in r) + "}" for r in g["rows"]]
    per = 6 if w == 4 else 4
    for i in range(0, len(rows), per):
        print("    " + ", ".join(rows[i:i + per]) + ",")
    print("};\n")
