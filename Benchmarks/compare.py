#!/usr/bin/env python3
"""Speed of facet beside llama.cpp, in one run on this machine.

For every model and setting it alternates `facet bench` and the peer's benchmark, prints a table and
keeps table and raw lines in Benchmarks/results/. Definitions are in Benchmarks/README.md.
"""
import argparse
import datetime
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys

HOME = pathlib.Path(__file__).resolve().parent
ROOT = HOME.parent

# Wanted ratios to llama.cpp with two threads: (file name, prompt or generated tokens) -> ratio.
TARGETS = [
    (r"e2b.*q4_0", "pp512", 5.0),
    (r"e2b.*q4_0", "tg64", 1.08),
    (r"e2b.*q4_k", "pp512", 4.5),
    (r"e2b.*q4_k", "tg64", 1.12),
    (r"26b.*q4_0", "pp128", 2.4),
    (r"26b.*q4_0", "tg32", 1.04),
    (r"gemma-3-270m.*q4_k_m", "pp512", 2.2),
    (r"gemma-3-270m.*q4_k_m", "tg64", 1.4),
    (r"(e2b.*bf16|e4b.*q4_0|31b.*q4_0)", r"(pp|tg)\d+", 1.0),
]
# A generation row is also met by this share of the measured read bandwidth.
ENOUGH_BANDWIDTH = 0.9
TOLERANCE = 0.03


def whole_numbers(text):
    return [int(part) for part in text.split(",") if part]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("models", nargs="*", help="GGUF files; by default those of the models folder")
    parser.add_argument("--models", dest="folder", type=pathlib.Path, help="a folder of GGUF files")
    parser.add_argument("-p", type=int, default=512, help="tokens of the prompt")
    parser.add_argument("-n", type=int, default=64, help="tokens to generate")
    parser.add_argument("-r", type=int, default=5, help="runs of which each program takes the median")
    parser.add_argument("--rounds", type=int, default=2, help="turns of facet, then the peer")
    parser.add_argument("--prompts", type=whole_numbers, default=[], help="more prompts, as 4096,16384")
    parser.add_argument("--depths", type=whole_numbers, default=[], help="contexts to generate after, as 0,4096")
    parser.add_argument("--threads", type=whole_numbers, default=[], help="as 1,2,4; by default one a core")
    parser.add_argument("--facet", type=pathlib.Path, default=ROOT / ".build/release/facet")
    parser.add_argument("--results", type=pathlib.Path, default=HOME / "results")
    parser.add_argument("--no-peer", action="store_true", help="measure facet alone")
    parser.add_argument("--busy", action="store_true", help="keep one core busy with something else meanwhile")
    return parser.parse_args()


def models_of(options):
    files = [pathlib.Path(name) for name in options.models]
    if options.folder:
        files += sorted(options.folder.glob("*.gguf"))
    if not files:
        folder = os.environ.get("FACET_MODELS") or pathlib.Path(
            os.environ.get("XDG_DATA_HOME") or pathlib.Path.home() / ".local/share", "facet/models")
        files = sorted(pathlib.Path(folder).glob("*.gguf"))
    missing = [str(file) for file in files if not file.is_file()]
    if missing or not files:
        sys.exit(f"No such model: {', '.join(missing)}" if missing else "No models: name GGUF files.")
    return [file.resolve() for file in files]


class Peer:
    """llama.cpp through its Python binding, when both that and the script are here."""

    def __init__(self, wanted):
        self.python = os.environ.get("FACET_PEER_PYTHON", "python3")
        reference = os.environ.get("FACET_REFERENCE") or ROOT.parent / "shared"
        self.script = pathlib.Path(reference) / "tools/peer_bench.py"
        self.absence = None if wanted else "not asked for"
        if wanted and not self.script.is_file():
            self.absence = "peer_bench.py was not found; FACET_REFERENCE names the folder that holds tools/"
        elif wanted and subprocess.run([self.python, "-c", "import llama_cpp"], capture_output=True).returncode:
            self.absence = (f"{self.python} cannot import llama_cpp; `pip install llama-cpp-python` compiles it "
                            "for this processor, FACET_PEER_PYTHON names another Python")

    def measure(self, model, prompt, generated, threads, runs):
        if self.absence:
            return None
        # The binding cannot decode an empty prompt: one token stands for none.
        tokens = max(prompt, 1)
        line = run([self.python, self.script, model, "-p", tokens, "-n", generated, "-t", threads, "-r", runs])
        if line:
            line[f"pp{prompt}"] = line.pop(f"pp{tokens}", None)
        return line


def run(command):
    """The JSON line that a command prints, or None after saying why there is none."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode == 0 and lines:
        return json.loads(lines[-1])
    print(f"{' '.join(map(str, command))}\n  failed: {done.stderr.strip()[-300:]}", file=sys.stderr)
    return None


def settings(options):
    """What is measured in one start of a program: (prompt, generated, name of the generation row)."""
    wanted = [(options.p, options.n)]
    wanted += [(prompt, 0) for prompt in options.prompts if prompt != options.p]
    # Generating after D tokens is reading them as the prompt; depth 0 has no prompt to show.
    wanted += [(depth, options.n) for depth in options.depths if depth != options.p]
    joined = {}
    for prompt, generated in wanted:
        joined[prompt] = max(generated, joined.get(prompt, 0))
    return sorted(joined.items())


def target_of(name, key):
    for file, test, ratio in TARGETS:
        if re.search(file, name, re.IGNORECASE) and re.fullmatch(test, key):
            return ratio
    return None


def median(lines, key):
    values = [line[key] for line in lines if line and line.get(key) is not None]
    return statistics.median(values) if values else None


def number(value, digits=2):
    return "" if value is None else f"{value:.{digits}f}"


def row(model, threads, cores, key, label, default_depth, ours, theirs):
    speed, other = median(ours, key), median(theirs, key)
    ratio = speed / other if speed and other else None
    share = median(ours, "bandwidth_share") if key.startswith("tg") else None
    target = target_of(model.name, key) if threads == cores == 2 and default_depth else None
    met = ""
    if target and (ratio or share):
        reached = ratio is not None and ratio >= target * (1 - TOLERANCE)
        reached = reached or (share is not None and share >= ENOUGH_BANDWIDTH * (1 - TOLERANCE))
        met = "yes" if reached else "no"
    quantity = next((line["format"] for line in ours if line), "")
    named = re.search(r"(IQ\d_\w+|Q\d_\w+|BF16|F16|F32)", model.stem, re.IGNORECASE)
    return [model.stem, named.group(1).upper() if named else quantity, str(threads), label, number(speed),
            number(other), number(ratio), number(target), met, "" if share is None else f"{share:.0%}"]


def markdown(rows):
    head = ["model", "format", "threads", "measured", "facet tok/s", "llama.cpp tok/s", "ratio", "target",
            "met", "of bandwidth"]
    body = [head, ["---"] * 4 + ["---:"] * 4 + ["---", "---:"], *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in body) + "\n"


def commit():
    def git(*words):
        return subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True).stdout.strip()
    return (git("rev-parse", "--short", "HEAD") or "?") + ("+" if git("status", "--porcelain", "-uno") else "")


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    cores = os.cpu_count() or 1
    if not options.facet.is_file():
        sys.exit(f"{options.facet} is missing: make build")
    peer = Peer(not options.no_peer)
    if peer.absence:
        print(f"llama.cpp's columns stay empty: {peer.absence}.", file=sys.stderr)
    load = os.getloadavg()[0]
    if load > 0.5:
        print(f"This machine is busy (load {load:.1f}): figures will be too low.", file=sys.stderr)
    rows, raw, machine = [], [], "unknown"
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if options.busy else None
    try:
        for model in models_of(options):
            for threads in options.threads or [cores]:
                for prompt, generated in settings(options):
                    ours, theirs = [], []
                    for _ in range(options.rounds):
                        ours.append(run([options.facet, "bench", "--model", model, "-p", prompt, "-n", generated,
                                         "-t", threads, "-r", options.r, "--json"]))
                        theirs.append(peer.measure(model, prompt, generated, threads, options.r))
                    raw += [{"program": name, "p": prompt, "n": generated, **line}
                            for name, lines in (("facet", ours), ("llama.cpp", theirs)) for line in lines if line]
                    machine = next((line["machine"] for line in ours if line), machine)
                    found = []
                    if prompt and (prompt == options.p or prompt in options.prompts):
                        found.append(row(model, threads, cores, f"pp{prompt}", f"prompt {prompt}", True, ours, theirs))
                    if generated:
                        found.append(row(model, threads, cores, f"tg{generated}",
                                         f"generate {generated} after {prompt}", prompt == options.p, ours, theirs))
                    for cells in found:
                        print("  ".join(cells), file=sys.stderr, flush=True)
                    rows += found
    except KeyboardInterrupt:
        print("stopped; what was measured is kept", file=sys.stderr)
    finally:
        if busy:
            busy.kill()
            busy.wait()
    keep(options, machine, cores, load, rows, raw)


def keep(options, machine, cores, load, rows, raw):
    now = datetime.datetime.now(datetime.timezone.utc)
    version = commit()
    busy = ", one core busy with something else" if options.busy else ""
    text = (f"\n{machine}, {cores} cores, {now:%Y-%m-%d %H:%M} UTC, commit {version}, load {load:.1f} at the start{busy}; "
            f"medians of {options.r}, {options.rounds} rounds\n\n{markdown(rows)}")
    print(text)
    if not raw:
        sys.exit(1)
    options.results.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "-", f"{machine} {cores} cores".lower()).strip("-")
    stem = options.results / f"{name}-{now:%Y-%m-%d}"
    stamp = {"machine": machine, "cores": cores, "date": f"{now:%Y-%m-%dT%H:%M:%SZ}", "commit": version,
             "load": round(load, 1), "busy": options.busy}
    with open(f"{stem}.jsonl", "a") as lines:
        for line in raw:
            line["model"] = pathlib.Path(line["model"]).name.removesuffix(".gguf")
            lines.write(json.dumps({**line, **stamp}) + "\n")
    with open(f"{stem}.md", "a") as table:
        table.write(text)
    print(f"kept in {stem}.jsonl and .md")


if __name__ == "__main__":
    main()
