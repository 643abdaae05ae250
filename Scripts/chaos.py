#!/usr/bin/env python3
"""Kills facet at random moments and looks at what is left; fills its disk; takes its rights away.

Moments are drawn uniformly over the time that each thing takes. The same --seed gives the same
moments, as far as the machine's load allows. A violation is printed with its number and ends the
run with exit code 1.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time

sys.dont_write_bytecode = True

import chaos_disk
from chaos_kinds import KINDS
from chaos_program import Violation


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facet", default=".build/release/facet", help="the program")
    parser.add_argument("--moments", type=int, default=500)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    parser.add_argument("--kinds", help="some of: " + ", ".join(kind.name for kind in KINDS))
    parser.add_argument("--folder", help="where to work; on the disk that is to be tried")
    parser.add_argument("--no-disk", action="store_true", help="leave full and read-only disks out")
    options = parser.parse_args()
    program = os.path.abspath(options.facet)
    if not os.access(program, os.X_OK):
        sys.exit(f"There is no program {program}. Build it first: make build")
    # What was begun is put away then too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = tempfile.mkdtemp(prefix="facet-chaos-", dir=options.folder)
    print(f"seed {options.seed}", flush=True)
    violations = []
    try:
        violations += kill(program, folder, options)
        if not options.no_disk:
            violations += chaos_disk.run(program, os.path.join(folder, "disk"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for violation in violations:
        print(violation)
    print(f"{len(violations)} violations")
    sys.exit(1 if violations else 0)


def kill(program, folder, options):
    names = options.kinds.split(",") if options.kinds else [kind.name for kind in KINDS]
    chosen = [kind for kind in KINDS if kind.name in names]
    total = sum(kind.share for kind in chosen)
    violations, left, done = [], options.moments, 0
    for position, kind in enumerate(chosen):
        count = round(options.moments * kind.share / total)
        if position == len(chosen) - 1:
            count = left
        left -= count
        # Each kind has its own numbers, so that one can be repeated alone.
        run = kind(program, folder, random.Random(f"{options.seed} {kind.name}"))
        start = time.monotonic()
        if count:
            run.measure()
        failed = 0
        for number in range(count):
            try:
                run.moment()
            except Violation as violation:
                failed += 1
                violations.append(f"{kind.name}, moment {number + 1}: {violation}")
                run.renew()
        done += count
        longest = max(run.durations.values(), default=0)
        print(f"{kind.name:26}{count:5} moments, {run.killed:4} while it ran "
              f"(up to {longest * 1000:.0f} ms), {failed} violations, "
              f"{time.monotonic() - start:.0f} s", flush=True)
        if run.place:
            shutil.rmtree(run.place.folder, ignore_errors=True)
    print(f"{done} moments")
    return violations


if __name__ == "__main__":
    main()
