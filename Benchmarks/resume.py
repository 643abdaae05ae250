#!/usr/bin/env python3
"""Measures how soon a long conversation goes on in a new process, with a snapshot and without.

    python3 Benchmarks/resume.py e2b.gguf --tokens 8000 -r 3

Definitions are in Benchmarks/README.md.
"""

import argparse
import glob
import json
import os
import random
import shutil
import statistics
import subprocess
import tempfile
import time

from terminal import FACET, Terminal

WORDS = (
    "the license of a program tells who may copy change and give it away under which terms while "
    "nobody who reads these words has to agree since only use beyond them needs permission"
).split()


def environment(folder):
    return os.environ | {
        "HOME": folder, "XDG_DATA_HOME": folder + "/data", "XDG_CONFIG_HOME": folder + "/config",
        "XDG_STATE_HOME": folder + "/state", "XDG_CACHE_HOME": folder + "/cache",
    }


def ask(folder, options):
    """Makes the conversation; its figures, and what its end took."""
    rng = random.Random(1)
    path = folder + "/text.txt"
    with open(path, "w") as file:
        file.write(" ".join(rng.choice(WORDS) for _ in range(options.tokens - 40)))
    process = subprocess.Popen(
        [
            FACET, "ask", "--sessions", folder + "/sessions", "--session", "long", "--model",
            options.model, "--context", str(options.context), "--think", "off", "--temp", "0",
            "--max-tokens", "16", "--file", path, "--output", "jsonl", "Go on.",
        ],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment(folder), text=True,
    )
    figures, ended = None, None
    for line in process.stdout:
        event = json.loads(line)
        if event["event"] == "finished":
            figures, ended = event["statistics"], time.perf_counter()
    if process.wait() != 0 or figures is None:
        raise SystemExit("the conversation could not be made")
    return figures, time.perf_counter() - ended


def first_token(base, options, snapshots):
    """Seconds from Enter to the first token, and the whole answer."""
    folder = tempfile.mkdtemp(prefix="facet-resume-")
    try:
        os.makedirs(folder + "/config/facet")
        with open(folder + "/config/facet/config.toml", "w") as file:
            file.write("[sampling]\nmax_tokens = 24\n")
        for name in ["sessions", "cache"]:
            shutil.copytree(f"{base}/{name}", f"{folder}/{name}")
        terminal = Terminal(
            ["--plain", "--session", "long", "--model", options.model, "--context",
             str(options.context)] + ([] if snapshots else ["--no-kv-snapshots"]),
            folder,
        )
        # Line mode asks for a line once the model is open.
        terminal.wait("you: ", 300)
        terminal.drain(1)
        began = time.perf_counter()
        terminal.type("And then?\r")
        seconds = None
        while seconds is None:
            if time.perf_counter() - began > 600:
                raise SystemExit(f"no token came: {terminal.tail[-500:]!r}")
            terminal.read(0.001)
            # Each token is in the journal before it is shown.
            for path in glob.glob(folder + "/sessions/*.journal"):
                with open(path, "rb") as file:
                    if b'"kind":"text"' in file.read():
                        seconds = time.perf_counter() - began
        answer = {}
        while "stop_reason" not in answer:
            terminal.drain(0.2)
            [path] = glob.glob(folder + "/sessions/*.json")
            with open(path) as file:
                answer = json.load(file)["messages"][-1]
        terminal.close()
        return seconds, "".join(part["text"] for part in answer["parts"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model")
    parser.add_argument("--tokens", type=int, default=8000)
    parser.add_argument("-r", "--runs", type=int, default=3)
    options = parser.parse_args()
    options.model = os.path.abspath(options.model)
    options.context = options.tokens + 1024
    base = tempfile.mkdtemp(prefix="facet-resume-")
    try:
        figures, closing = ask(base, options)
        [snapshot] = glob.glob(base + "/cache/facet/kv/*.kv")
        times, texts = {True: [], False: []}, set()
        for _ in range(options.runs):
            for snapshots in [False, True]:
                seconds, text = first_token(base, options, snapshots)
                times[snapshots].append(seconds)
                texts.add(text)
        reading, resuming = (statistics.median(times[kind]) for kind in [False, True])
        print(json.dumps({
            "measure": "resume", "model": os.path.basename(options.model),
            "prompt_tokens": figures["prompt_tokens"],
            "reading_s": round(reading, 3), "resuming_s": round(resuming, 3),
            "ratio": round(reading / resuming, 1), "target": "ratio >= 20",
            "met": reading / resuming >= 20, "same_answer": len(texts) == 1,
            "snapshot_mb": round(os.path.getsize(snapshot) / 1e6, 1),
            "answer_end_to_exit_s": round(closing, 3),
        }))
    finally:
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    main()
