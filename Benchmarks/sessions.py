#!/usr/bin/env python3
"""Measures the list of sessions and the search over them, with years of sessions.

Each figure is of a whole run of the program, from its start to its end, with its output thrown
away. Definitions are in Benchmarks/README.md.
"""

import argparse
import json
import os
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FACET = os.environ.get("FACET_BINARY", os.path.join(ROOT, ".build", "release", "facet"))
LIMIT_MS, LIMIT_MB = 100, 200
SEARCHES = {
    "rare": ["quixotry"], "common": ["the", "and "], "prefix": ["pro*"], "letters": ["t*"],
    "phrase": ["the lost umbrella"], "half-typed": ["umbr"], "nothing": ["xyzzyx"],
    "filtered": ["the", "--tag", "taxes", "--role", "user"],
}


def run(folder, arguments):
    """Runs facet; wall and processor time in milliseconds, peak memory in 10^6 bytes."""
    environment = {
        "HOME": folder, "PATH": os.environ["PATH"], "LANG": "C.UTF-8",
        "XDG_CACHE_HOME": folder + "/cache",
    }
    with open(folder + "/errors", "w") as errors:
        began = time.perf_counter()
        process = subprocess.Popen(
            [FACET, "sessions"] + arguments + ["--sessions", folder + "/sessions"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, env=environment,
            cwd=folder,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = (time.perf_counter() - began) * 1000
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise SystemExit(f"facet sessions {' '.join(arguments)}: {open(folder + '/errors').read()}")
    return wall, (usage.ru_utime + usage.ru_stime) * 1000, usage.ru_maxrss * 1024 / 1e6


def result(what, runs, limit_ms=LIMIT_MS):
    wall, processor, memory = zip(*runs)
    line = {
        "what": what, "runs": len(runs), "median_ms": round(statistics.median(wall), 1),
        "worst_ms": round(max(wall), 1), "processor_ms": round(statistics.median(processor), 1),
        "peak_mb": round(max(memory), 1),
    }
    if limit_ms:
        line["target"] = f"<= {limit_ms} ms, < {LIMIT_MB} MB"
        line["met"] = line["median_ms"] <= limit_ms and line["peak_mb"] < LIMIT_MB
    return line


def forget_pages(folder):
    """Asks the system to drop what it keeps of these files in memory."""
    for place, _, names in os.walk(folder):
        for name in names:
            descriptor = os.open(os.path.join(place, name), os.O_RDONLY)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(descriptor)


def touch(path):
    """Adds a message at the file's end, as a person with an editor would."""
    with open(path) as file:
        value = json.load(file)
    value["messages"].append({"role": "user", "parts": [{"type": "text", "text": "one more"}]})
    with open(path + ".new", "w") as file:
        json.dump(value, file, indent=2, sort_keys=True, ensure_ascii=False)
    os.rename(path + ".new", path)


def measures(folder, options):
    sessions = folder + "/sessions"
    paths = sorted(os.path.join(sessions, name) for name in os.listdir(sessions))
    yield result("first indexing", [run(folder, ["list"])], limit_ms=None) | {
        "sessions": len(paths), "bytes": sum(map(os.path.getsize, paths)),
        "index_bytes": sum(
            os.path.getsize(os.path.join(folder, "cache/facet/index", name))
            for name in os.listdir(folder + "/cache/facet/index")
        ),
    }
    cold = []
    for _ in range(options.runs):
        forget_pages(folder + "/cache")
        cold.append(run(folder, ["list"]))
    yield result("list, index not in memory", cold, limit_ms=None)
    yield result("list", [run(folder, ["list"]) for _ in range(options.runs)])
    yield result("list --json", [run(folder, ["list", "--json"]) for _ in range(options.runs)])
    for name, words in SEARCHES.items():
        runs = [run(folder, ["search"] + words) for _ in range(options.runs)]
        yield result(f"search: {name}", runs)
    changed = []
    for number in range(options.runs):
        touch(paths[len(paths) * number // options.runs])
        # What is a tenth of a second old is read once more at the next start.
        time.sleep(0.2)
        changed.append(run(folder, ["list"]))
    yield result("list, one file changed", changed)
    yield result("start alone", [run(folder, ["--help"]) for _ in range(options.runs)], None)


def machine():
    with open("/proc/cpuinfo") as file:
        found = re.search(r"model name\s*:\s*(.*)", file.read())
    return f"{found.group(1) if found else platform.machine()}, {os.cpu_count()} cores"


def main():
    # A time-out of whoever runs this must not leave anything behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--count", type=int, default=5000, help="sessions (5000)")
    parser.add_argument("--bytes", type=float, default=1e9, help="of all together (1e9)")
    parser.add_argument("--runs", type=int, default=11, help="of which the median counts (11)")
    parser.add_argument("--folder", help="for the sessions and the index; by default a temporary one")
    parser.add_argument("--results", default=os.path.join(ROOT, "Benchmarks", "results"))
    parser.add_argument("--no-results", action="store_true", help="print only")
    options = parser.parse_args()
    commit = subprocess.run(
        ["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True
    ).stdout.strip()
    name = re.sub("[^a-z0-9]+", "-", machine().lower()).strip("-")
    results = os.path.join(options.results, f"sessions-{name}-{time.strftime('%Y-%m-%d')}.jsonl")
    folder = tempfile.mkdtemp(prefix="facet-sessions-", dir=options.folder)
    if shutil.disk_usage(folder).free < 3 * options.bytes:
        raise SystemExit(f"{folder} has no room for {3 * options.bytes:.0f} bytes.")
    try:
        subprocess.run(
            [
                sys.executable, os.path.join(ROOT, "Scripts", "make_sessions.py"),
                folder + "/sessions", "--count", str(options.count), "--bytes", str(options.bytes),
            ],
            check=True,
        )
        print(f"{'':28} {'median':>9} {'worst':>9} {'processor':>9} {'peak':>8}  target")
        for line in measures(folder, options):
            times = [f"{line[key]:6.0f} ms" for key in ("median_ms", "worst_ms", "processor_ms")]
            met = {True: "met", False: "MISSED"}.get(line.get("met"), "")
            print(f"{line['what']:28} {' '.join(times)} {line['peak_mb']:5.0f} MB  {met}", flush=True)
            line = {
                "machine": machine(), "date": time.strftime("%Y-%m-%d"), "commit": commit,
                "load": round(os.getloadavg()[0], 1),
            } | line
            if not options.no_results:
                with open(results, "a") as file:
                    file.write(json.dumps(line) + "\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
