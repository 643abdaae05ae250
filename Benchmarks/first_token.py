#!/usr/bin/env python3
"""How long the built-in guide takes from the start of the program to its first token, caches dropped.

usage: first_token.py [--runs 5] [--threads 2] [--program .build/release/facet] [--json]

Before each run every file that the program maps (itself, its libraries, the models) leaves the page
cache: through /proc/sys/vm/drop_caches where that may be written, else file by file with
posix_fadvise, and what mincore still finds in memory is printed. Measured from fork to the first byte
of the answer, in a folder without settings, sessions and caches.
"""
import argparse
import ctypes
import json
import mmap
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time

QUESTION = "How do I attach a picture?"
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3 + [ctypes.c_long]
libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]
libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]


def files(program):
    listed = subprocess.run(["ldd", program], stdout=subprocess.PIPE, text=True, check=True).stdout
    libraries = re.findall(r"(/\S+)", listed)
    models = [os.path.join(ROOT, "Models", name) for name in os.listdir(os.path.join(ROOT, "Models"))]
    return sorted({os.path.realpath(path) for path in [program, *libraries, *models]})


def in_memory(path):
    """Bytes of a file that are in the page cache."""
    size = os.path.getsize(path)
    if size == 0:
        return 0
    with open(path, "rb") as file:
        address = libc.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, file.fileno(), 0)
        pages = ctypes.create_string_buffer(-(-size // mmap.PAGESIZE))
        libc.mincore(address, size, pages)
        libc.munmap(address, size)
    return sum(page & 1 for page in pages.raw) * mmap.PAGESIZE


def drop(paths):
    """Empties the cache; returns bytes of these files that stayed."""
    os.sync()
    try:
        with open("/proc/sys/vm/drop_caches", "w") as file:
            file.write("3")
    except OSError:
        for path in paths:
            handle = os.open(path, os.O_RDONLY)
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(handle)
    return sum(map(in_memory, paths))


def run(program, threads):
    home = tempfile.mkdtemp()
    try:
        began = time.monotonic()
        child = subprocess.Popen(
            [program, "ask", "--model", "builtin", "--threads", str(threads), "--temp", "0", QUESTION],
            env={"HOME": home, "LANG": "C.UTF-8", "PATH": os.environ["PATH"]},
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
        first = child.stdout.read(1)
        seconds = time.monotonic() - began
        answer = (first + child.stdout.read()).decode()
        if child.wait() != 0:
            raise SystemExit(f"facet ended with {child.returncode}.")
        return seconds, answer
    finally:
        shutil.rmtree(home)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--program", default=os.path.join(ROOT, ".build/release/facet"))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    program = os.path.realpath(options.program)
    paths = files(program)
    cold, stayed, answer = [], [], ""
    for _ in range(options.runs):
        stayed.append(drop(paths))
        seconds, answer = run(program, options.threads)
        cold.append(seconds)
    warm = [run(program, options.threads)[0] for _ in range(options.runs)]
    result = dict(
        cold=statistics.median(cold), cold_runs=cold, warm=statistics.median(warm), warm_runs=warm,
        bytes_of_files=sum(map(os.path.getsize, paths)), bytes_that_stayed=statistics.median(stayed))
    if options.json:
        print(json.dumps(result, indent=1))
        return
    print(f"{QUESTION}\n  {answer.strip()}")
    print(f"first token, caches dropped: {result['cold']:.2f} s in the median of {len(cold)} "
          f"({min(cold):.2f} to {max(cold):.2f}); warm: {result['warm']:.2f} s")
    print(f"{len(paths)} files of {result['bytes_of_files'] / 1e6:.0f} MB, of which "
          f"{result['bytes_that_stayed'] / 1e6:.1f} MB stayed in memory")


if __name__ == "__main__":
    main()
