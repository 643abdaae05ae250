#!/bin/sh
# Compiles the kernels for 64-bit ARM and runs Tests/CrossTests under an emulator of it.
# usage: test-neon.sh [TABLE...]      tables that must be there, besides the portable one
set -eu
cd "$(dirname "$0")/.."
sh Scripts/install-dependencies.sh gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user
clang=${CLANG:-clang}
out=.build/neon
mkdir -p "$out"
rm -f "$out"/*.o
for source in $(find Sources/CKernels -name '*.c') Tests/CrossTests/kernels.c; do
    "$clang" --target=aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include -ISources/CKernels/include \
        -O3 -ffp-contract=off -Wall -Wextra -Werror -Wno-psabi -c "$source" \
        -o "$out/$(echo "$source" | tr / -).o"
done
aarch64-linux-gnu-gcc -static "$out"/*.o -lm -o "$out/kernels"
# Every extension of the newest processor that the emulator knows.
qemu-aarch64 -cpu max "$out/kernels" Tests/Fixtures/blocks.json portable "$@"
