"""The facet program in a folder of its own, and what has to be true of that folder."""

import hashlib
import json
import os
import random
import signal
import subprocess
import time

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SENTENCE = "The tide of sand keeps the old clock near a window that nobody opens in March. "


class Violation(Exception):
    """Something that must never happen has happened."""


def ulid(rng):
    value = int(time.time() * 1000 - rng.randrange(10**9)) << 80 | rng.getrandbits(80)
    return "".join(ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))


def conversation(rng, turns, size, title, parts=()):
    """A session of so many questions and answers, each answer of about so many bytes."""
    messages, parent = [], None
    for turn in range(turns):
        for role, text in (("user", f"Question {turn} {rng.getrandbits(32)}"),
                           ("assistant", SENTENCE * max(1, size // len(SENTENCE)))):
            message = {"id": f"{role[0]}{turn}", "parent": parent, "role": role,
                       "created": "2026-11-01T10:00:00.000Z",
                       "parts": [{"type": "text", "text": text}]}
            if role == "user" and turn == 0:
                message["parts"] += parts
            parent = message["id"]
            messages.append(message)
    return {"format": 1, "title": title, "created": "2026-11-01T10:00:00.000Z",
            "updated": "2026-11-01T10:00:00.000Z", "messages": messages,
            "path": [message["id"] for message in messages], "active_leaf": parent}


class Place:
    """A folder of sessions with a home and a cache beside it."""

    def __init__(self, program, folder, sessions=None, cache=None):
        self.program = program
        self.folder = folder
        self.sessions = sessions or os.path.join(folder, "sessions")
        self.cache = cache or os.path.join(folder, "cache")
        os.makedirs(self.sessions, mode=0o700, exist_ok=True)
        os.makedirs(os.path.join(folder, "home"), exist_ok=True)

    def environment(self, **more):
        return {"HOME": os.path.join(self.folder, "home"), "LANG": "C.UTF-8",
                "PATH": os.environ["PATH"], "FACET_SESSIONS": self.sessions,
                "XDG_CACHE_HOME": self.cache, **more}

    def start(self, *arguments, **more):
        return subprocess.Popen([self.program, *arguments], cwd=self.folder,
                                env=self.environment(**more), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *arguments, wanted=(0,), **more):
        process = self.start(*arguments, **more)
        output, errors = process.communicate(timeout=120)
        if wanted is not None and process.returncode not in wanted:
            raise Violation(f"facet {' '.join(arguments)} ended with {process.returncode}: "
                            f"{errors.decode(errors='replace').strip()[:400]}")
        process.output, process.errors = output.decode(), errors.decode()
        return process

    def run_and_kill(self, delay, *arguments, **more):
        """Kills the process and all it may have started after so many seconds; what it had printed,
        and whether it was still running."""
        process = subprocess.Popen([self.program, *arguments], cwd=self.folder,
                                   env=self.environment(**more), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            output, _ = process.communicate(timeout=delay)
            return output, False
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            # What was in the pipe was read, or could have been.
            output, _ = process.communicate()
            return output, process.returncode == -signal.SIGKILL

    def write(self, session, id, folder=None):
        path = os.path.join(folder or self.sessions, id + ".json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(session, file)
        return path

    def attach(self, contents):
        """Puts a copy among the attachments; the part of a message that names it."""
        digest = hashlib.sha256(contents).hexdigest()
        folder = os.path.join(self.sessions, "attachments")
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, digest + ".bin"), "wb") as file:
            file.write(contents)
        return {"type": "file", "name": "data.bin", "hash": digest, "size": len(contents)}

    # What has to be true.

    def ids(self, inner=""):
        try:
            names = os.listdir(os.path.join(self.sessions, inner))
        except FileNotFoundError:
            return set()
        return {name[:-5] for name in names if len(name) == 31 and name.endswith(".json")}

    def read(self, id, inner=""):
        """A session's file as JSON; it has to be there and to parse."""
        with open(os.path.join(self.sessions, inner, id + ".json"), encoding="utf-8") as file:
            return json.load(file)

    def show(self, id):
        """A session as the program reads it, its journal included."""
        return json.loads(self.run("sessions", "show", id, "--json").output)

    def expect(self, holds, sentence):
        if not holds:
            raise Violation(sentence)

    def check(self):
        """No file is damaged or contradicts itself; gives the kinds of the other findings."""
        run = self.run("sessions", "check", "--json", wanted=None)
        if run.returncode not in (0, 6):
            raise Violation(f"check ended with {run.returncode}: {run.errors[:400]}")
        findings = json.loads(run.output)["findings"]
        faults = [finding for finding in findings if finding["severity"] == "fault"]
        self.expect(not faults and run.returncode == 0, f"check found {faults[:3]}")
        return [finding["kind"] for finding in findings]

    def start_locked(self, id):
        """Opens a session for writing, as every start of the interface does."""
        title = f"start {random.random()}"
        self.run("sessions", "rename", id, title)
        self.expect(self.read(id)["title"] == title, "a rename was not saved")

    def expect_tidy(self):
        """After a locked start nothing is left that a dead process was making."""
        left = [os.path.join(inner, name) for inner in ("", "trash", "attachments")
                for name in self.names(inner)
                if name.endswith((".tmp", ".lock")) or inner == "trash" and
                name.endswith(".deleted") and name[:26] not in self.ids("trash")]
        self.expect(not left, f"left after a locked start: {left}")

    def names(self, inner=""):
        try:
            return os.listdir(os.path.join(self.sessions, inner))
        except FileNotFoundError:
            return []
