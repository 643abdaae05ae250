#!/usr/bin/env python3
"""Measures the interface in a terminal: keys, frames, processor time, start.

Everything runs in a pseudo-terminal of 120 x 40 in folders of its own, and only what the program
writes there is read. Definitions are in Benchmarks/README.md.
"""

import argparse
import fcntl
import json
import os
import platform
import pty
import random
import re
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FACET = os.environ.get("FACET_BINARY", os.path.join(ROOT, ".build", "release", "facet"))
COLUMNS, ROWS = 120, 40
FRAME = b"\x1b[?2026h"
FRAME_END = b"\x1b[?2026l"
# Runes: one column each, and in no answer of a model.
LETTERS = [chr(code) for code in range(0x16A0, 0x16EB)]


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, arguments, folder):
        # Where a session was left is not remembered from one run to the next.
        state = tempfile.mkdtemp(dir=folder)
        environment = {
            "HOME": folder, "PATH": os.environ["PATH"], "TERM": "xterm-256color",
            "COLORTERM": "truecolor", "LANG": "C.UTF-8", "XDG_DATA_HOME": folder + "/data",
            "XDG_CONFIG_HOME": folder + "/config", "XDG_STATE_HOME": state,
            "XDG_CACHE_HOME": folder + "/cache",
            "FACET_MODELS": os.environ.get(
                "FACET_MODELS", os.path.expanduser("~/.local/share/facet/models")
            ),
        }
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [FACET, "--sessions", folder + "/sessions"] + arguments,
            stdin=slave, stdout=slave, stderr=slave, env=environment, cwd=folder,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)
        os.set_blocking(self.master, False)
        self.tail = b""
        self.asked = False

    def read(self, seconds):
        """What comes within a time, at once when something is there; answers questions."""
        ready, _, _ = select.select([self.master], [], [], max(0, seconds))
        if not ready:
            return b""
        try:
            data = os.read(self.master, 1 << 16)
        except OSError as error:
            raise SystemExit(f"facet ended: {error}\n{self.tail[-2000:]!r}")
        self.tail = (self.tail + data)[-100_000:]
        if not self.asked and b"\x1b[c" in data:
            self.asked = True
            os.write(self.master, b"\x1b]11;rgb:1010/1010/1010\x1b\\\x1b[?62;22c")
        return data

    def type(self, text):
        os.write(self.master, text.encode() if isinstance(text, str) else text)

    def wait(self, wanted, seconds=60):
        """Reads until something was drawn; the time since the start."""
        wanted = wanted.encode() if isinstance(wanted, str) else wanted
        seen = b""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            seen = seen[-len(wanted):] + self.read(end - time.perf_counter())
            if wanted in seen:
                return time.perf_counter() - self.began
        raise SystemExit(f"{wanted!r} was not drawn within {seconds} s:\n{self.tail[-2000:]!r}")

    def drain(self, seconds):
        """Reads for a time; the bytes."""
        end = time.perf_counter() + seconds
        count = 0
        while time.perf_counter() < end:
            count += len(self.read(end - time.perf_counter()))
        return count

    def processor_seconds(self):
        """Time that all threads have run, those that have ended too."""
        # The kernel's name for a process's clock of the time it was scheduled (CPUCLOCK_SCHED).
        return time.clock_gettime(((~self.process.pid) << 3) | 2)

    def thread_seconds(self):
        """Time that each living thread has run, from its schedstat."""
        folder = f"/proc/{self.process.pid}/task"
        times = {}
        for task in os.listdir(folder):
            try:
                with open(f"{folder}/{task}/schedstat") as file:
                    times[task] = int(file.read().split()[0]) / 1e9
            except OSError:
                pass
        return times

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        end = time.perf_counter() + 10
        while self.process.poll() is None and time.perf_counter() < end:
            try:
                self.read(0.05)
            except SystemExit:
                break
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def script(folder, **content):
    path = os.path.join(folder, "script.json")
    with open(path, "w") as file:
        json.dump(content, file)
    return path


MARKDOWN = """## Primes

A number is **prime** when it has *exactly* two divisors; see [the list](https://oeis.org/A000040).

1. Take `n`.
2. Try every divisor up to its root:

```swift
func isPrime(_ n: Int) -> Bool {
    guard n > 1 else { return false }  // one is not
    return !(2..<n).prefix { $0 * $0 <= n }.contains { n % $0 == 0 }
}
```

| n | prime |
|---|---|
| 7 | yes |
| 9 | no, 3 x 3 |

> The proof is left to the reader.

"""


def make_session(folder, messages=10_000, size=12_000_000):
    """A session as facet writes it; its id."""
    names = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

    def ulid(number):
        digits = ""
        for _ in range(14):
            digits = names[number % 32] + digits
            number //= 32
        return "01KAWX3V8C00" + digits

    settings = {
        "frequency_penalty": 0, "min_p": 0, "presence_penalty": 0, "repetition_penalty": 1,
        "temperature": 1, "top_k": 64, "top_p": 0.95,
    }
    numbers = {
        "context_size": 32768, "context_used": 134, "generated_tokens": 140,
        "generation_seconds": 0.7, "prompt_seconds": 1.25, "prompt_tokens": 120,
        "reused_tokens": 104, "seed": 8242, "thought_tokens": 0, "thought_unclosed": False,
    }
    rng = random.Random(1)
    words = "the model reads a long conversation and answers é 世界 with care in two lines".split()
    list_of_messages = []
    length = size // messages - 700
    for index in range(messages):
        text = f"message {index + 1}: "
        while len(text) < length:
            text += rng.choice(words) + rng.choice([" ", " ", " ", " ", ", ", ".\n"])
        message = {
            "created": "2026-01-01T00:00:00.000Z", "id": ulid(index + 1),
            "parent": ulid(index) if index else None,
            "parts": [{"text": text, "type": "text"}], "role": "assistant" if index % 2 else "user",
        }
        if index % 2:
            message |= {
                "model": "script", "model_hash": "scripted", "sampling": settings,
                "statistics": numbers, "stop_reason": "end", "thinking": "auto",
                "thoughts": [{"seconds": 1.5, "text": "Let me see. " * 20, "tokens": 60}],
            }
        list_of_messages.append(message)
    ids = [message["id"] for message in list_of_messages]
    session = {
        "active_leaf": ids[-1], "created": "2026-01-01T00:00:00.000Z", "format": 1,
        "id": "01KAWX3V8BQ2ZJ5H7M9T4R6C1D", "messages": list_of_messages, "path": ids,
        "sampling": settings, "thinking": "auto", "title": "ten thousand",
        "updated": "2026-01-01T00:00:00.000Z",
    }
    os.makedirs(os.path.join(folder, "sessions"), exist_ok=True)
    path = os.path.join(folder, "sessions", session["id"] + ".json")
    with open(path, "w") as file:
        json.dump(session, file, indent=2, sort_keys=True, ensure_ascii=False)
    return session["id"], os.path.getsize(path)


def press_keys(terminal, count, keep_going):
    """Types letters one by one; milliseconds from writing each to reading it drawn."""
    times = []
    rng = random.Random(2)
    for number in range(count):
        letter = LETTERS[number % len(LETTERS)]
        wanted = letter.encode()
        began = time.perf_counter()
        terminal.type(wanted)
        seen = b""
        while wanted not in seen:
            data = terminal.read(5)
            if not data:
                raise SystemExit(f"key {number} was not drawn: {terminal.tail[-500:]!r}")
            seen += data
        times.append((time.perf_counter() - began) * 1000)
        terminal.drain(rng.uniform(0.004, 0.04))
        if number % 40 == 39:
            terminal.type("\x15")
            terminal.drain(0.02)
            keep_going()
    return times


def report_keys(times):
    return {
        "keys": len(times), "p50_ms": round(percentile(times, 0.5), 2),
        "p99_ms": round(percentile(times, 0.99), 2), "max_ms": round(max(times), 2),
        "target": "p99 <= 16 ms", "met": percentile(times, 0.99) <= 16,
    }


def keys_model(folder, options):
    """Keys while a model decodes on every core."""
    terminal = Terminal(["--model", options.model] if options.model else [], folder)
    terminal.wait("| LOCAL |", 120)

    def keep_going():
        # An answer that has ended is followed by the next question; another one waits its turn.
        terminal.type("All numbers up to ten thousand: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,\r")
        terminal.drain(0.3)

    keep_going()
    terminal.drain(1)
    before, began = terminal.processor_seconds(), time.perf_counter()
    times = press_keys(terminal, options.keys, keep_going)
    cores = (terminal.processor_seconds() - before) / (time.perf_counter() - began)
    terminal.close()
    return report_keys(times) | {"cores_busy": round(cores, 2)}


def keys_busy(folder, options):
    """Keys while an answer streams and two other processes keep the cores busy."""
    path = script(
        folder, tokens_per_second=50, loop=True, answers=[{"text": MARKDOWN, "repeat": 4000}]
    )
    terminal = Terminal(["--rehearse", path], folder)
    terminal.wait("| LOCAL |")
    terminal.type("go\r")
    terminal.drain(1)
    # In sessions of their own, as programs of another terminal would be; they end by themselves.
    loop = "import time\nend = time.time() + 600\nwhile time.time() < end: pass"
    busy = [
        subprocess.Popen([sys.executable, "-c", loop], start_new_session=True)
        for _ in range(os.cpu_count())
    ]
    try:
        times = press_keys(terminal, options.keys, lambda: None)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    terminal.close()
    return report_keys(times)


def streaming(folder, options):
    """Frames and processor time while 200 tokens a second stream into a long session."""
    make_session(folder)
    path = script(
        folder, tokens_per_second=200, loop=True, answers=[{"text": MARKDOWN, "repeat": 4000}]
    )
    terminal = Terminal(["--rehearse", path, "--continue"], folder)
    terminal.wait("| LOCAL |")
    terminal.drain(1)
    terminal.type("go\r")
    terminal.drain(2)
    before, began = terminal.processor_seconds(), time.perf_counter()
    frames, written, tail, rates = 0, 0, b"", []
    while (now := time.perf_counter()) < began + options.seconds:
        if now >= began + len(rates) + 1:
            rates.append(frames - sum(rates))
        data = terminal.read(0.2)
        written += len(data)
        seen = tail + data
        frames += seen.count(FRAME)
        tail = seen[-(len(FRAME) - 1):]
    elapsed = time.perf_counter() - began
    share = (terminal.processor_seconds() - before) / elapsed
    terminal.close()
    return {
        "frames_per_second": round(frames / elapsed, 1), "slowest_second": min(rates),
        "core_share": round(share, 4), "bytes_per_second": round(written / elapsed),
        "target": ">= 30 frames/s, < 15 % of a core",
        "met": frames / elapsed >= 30 and share < 0.15,
    }


def idle(folder, options):
    """Processor time of an open chat in which nothing happens."""
    path = script(folder, answers=[{"text": "Fine, thank you."}])
    terminal = Terminal(["--rehearse", path], folder)
    terminal.wait("| LOCAL |")
    terminal.type("hello\r")
    terminal.drain(3)
    before, threads = terminal.processor_seconds(), terminal.thread_seconds()
    terminal.drain(60)
    share = (terminal.processor_seconds() - before) / 60
    after = terminal.thread_seconds()
    terminal.close()
    counted = sum(seconds - threads.get(thread, 0) for thread, seconds in after.items()) / 60
    return {
        "core_share": round(share, 6), "core_share_by_schedstat": round(counted, 6),
        "target": "< 0.1 % over 60 s", "met": max(share, counted) < 0.001,
    }


def first_frame(folder, arguments):
    terminal = Terminal(arguments, folder)
    seconds = terminal.wait(FRAME_END)
    terminal.close()
    return seconds * 1000


def start(folder, options):
    """From starting the program to its first frame."""
    result = {}
    model = ["--model", options.model] if options.model else []
    path = script(folder, answers=[{"text": "Fine."}])
    for name, arguments in (("model", model), ("rehearsal", ["--rehearse", path])):
        times = [first_frame(folder, arguments) for _ in range(options.runs)]
        result[f"{name}_median_ms"] = round(statistics.median(times), 1)
        result[f"{name}_worst_ms"] = round(max(times), 1)
    met = result["model_median_ms"] <= 50
    return result | {"target": "first frame <= 50 ms", "met": met}


def session(folder, options):
    """From starting the program to the newest and to the first message of a long session."""
    _, size = make_session(folder)
    path = script(folder, answers=[{"text": "Fine."}])
    newest, whole = [], []
    for _ in range(options.runs):
        terminal = Terminal(["--rehearse", path, "--continue"], folder)
        newest.append(terminal.wait("message 10000:") * 1000)
        terminal.type("\x1b[1;5H\x1b[1;5H")
        terminal.type("\t")
        terminal.drain(0.05)
        terminal.type("g")
        whole.append(terminal.wait("message 1:") * 1000)
        terminal.close()
    result = {
        "messages": 10_000, "bytes": size, "newest_median_ms": round(statistics.median(newest), 1),
        "newest_worst_ms": round(max(newest), 1),
        "whole_median_ms": round(statistics.median(whole), 1),
        "whole_worst_ms": round(max(whole), 1), "target": "newest <= 100 ms, whole <= 250 ms",
    }
    result["met"] = result["newest_median_ms"] <= 100 and result["whole_median_ms"] <= 250
    return result


MEASURES = {
    "keys-model": keys_model, "keys-busy": keys_busy, "streaming": streaming, "idle": idle,
    "start": start, "session": session,
}


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
    parser.add_argument(
        "what", nargs="*", metavar="WHAT", help=" ".join(MEASURES) + "; by default all"
    )
    parser.add_argument("--model", help="for keys-model and start; by default the first found")
    parser.add_argument("--keys", type=int, default=2000, help="keys that are pressed (2000)")
    parser.add_argument("--seconds", type=float, default=20, help="of streaming (20)")
    parser.add_argument("--runs", type=int, default=11, help="starts of which the median counts (11)")
    parser.add_argument("--results", default=os.path.join(ROOT, "Benchmarks", "results"))
    parser.add_argument("--no-results", action="store_true", help="print only")
    options = parser.parse_args()
    unknown = [what for what in options.what if what not in MEASURES]
    if unknown:
        parser.error(f"{unknown[0]} is none of {', '.join(MEASURES)}")
    commit = subprocess.run(
        ["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True
    ).stdout.strip()
    name = re.sub("[^a-z0-9]+", "-", machine().lower()).strip("-")
    results = os.path.join(options.results, f"terminal-{name}-{time.strftime('%Y-%m-%d')}.jsonl")
    for what in options.what or MEASURES:
        folder = tempfile.mkdtemp(prefix="facet-terminal-")
        load = os.getloadavg()[0]
        try:
            result = MEASURES[what](folder, options)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        line = {
            "what": what, "machine": machine(), "date": time.strftime("%Y-%m-%d"),
            "commit": commit, "load": round(load, 1),
        } | result
        print(json.dumps({"what": what, "load": round(load, 1)} | result), flush=True)
        if not options.no_results:
            with open(results, "a") as file:
                file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
