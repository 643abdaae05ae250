"""A small disk that fills up at every write, and one that may not be written."""

import json
import os
import random
import re
import select
import shutil
import subprocess
import sys
import time

from chaos_kinds import texts
from chaos_program import Place, Violation, conversation, ulid

PAGE = 4096
FULL = "No room on the disk"


def run(program, folder):
    """All trials; a sentence where file systems may not be mounted."""
    os.makedirs(folder)
    if mount(folder, 1):
        subprocess.run(["umount", folder], check=True)
        return trials(program, folder)
    # Without rights of its own a process may have a name space in which it has them.
    apart = ["unshare", "-rm", sys.executable, __file__, program, folder]
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode == 0:
        return subprocess.run(apart, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    print("full disk: left out, since neither mount nor unshare is allowed here")
    return []


def mount(folder, megabytes):
    return subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=700", "facet",
                           folder], capture_output=True).returncode == 0


def say(line):
    # In a name space of its own standard output is for the violations.
    print(line, file=sys.stderr if __name__ == "__main__" else sys.stdout, flush=True)


def trials(program, folder):
    violations = []
    for kind in (Message, Rename, Import, Delete, Fork, List, Conversation):
        count, refused, failed = 0, 0, 0
        for room in kind.rooms():
            trial = kind(program, folder, room)
            try:
                refused += trial.perform()
            except Violation as violation:
                failed += 1
                violations.append(f"full disk, {kind.name}, {room} bytes left: {violation}")
            finally:
                trial.close()
            count += 1
        say(f"full disk, {kind.name:15}{count:5} remainders, {refused:4} without room, "
            f"{failed} violations")
    trial = ReadOnly(program, folder, 1 << 20)
    try:
        trial.perform()
    except Violation as violation:
        violations.append(f"read-only folder: {violation}")
    finally:
        trial.close()
    return violations


class Trial:
    """A folder of sessions on a disk of its own, with so many bytes left."""

    name = ""
    megabytes = 6

    @staticmethod
    def rooms():
        return [page * PAGE for page in range(33)]

    def __init__(self, program, folder, room):
        self.disk, self.room, self.rng = folder, room, random.Random(room)
        if not mount(folder, self.megabytes):
            raise OSError(f"can't mount {folder} again")
        self.outside = folder + "-outside"
        os.makedirs(self.outside, exist_ok=True)
        self.place = Place(program, self.outside, sessions=os.path.join(folder, "sessions"))
        self.script = os.path.join(self.outside, "script.json")
        with open(self.script, "w", encoding="utf-8") as file:
            json.dump({"loop": True, "answers": [
                {"text": "The answer is long enough. " * 60 + "FIRST"},
                {"text": "Another one is as long. " * 60 + "SECOND"},
                {"text": "And the last. " * 60 + "THIRD"}]}, file)
        self.id = ulid(self.rng)
        self.place.write(conversation(self.rng, 3, 10_000, "Disk"), self.id)
        self.prepare()

    def close(self):
        subprocess.run(["umount", self.disk], check=True)
        shutil.rmtree(self.outside)

    def fill(self):
        status = os.statvfs(self.disk)
        size = status.f_bavail * status.f_frsize - self.room
        with open(os.path.join(self.disk, "filler"), "wb") as file:
            file.write(bytes(max(0, size)))

    def free(self):
        os.unlink(os.path.join(self.disk, "filler"))

    def perform(self):
        """Whether the room was too small."""
        before = texts(self.place.read(self.id)) if self.id in self.place.ids() else None
        self.fill()
        process = self.place.run(*self.arguments(), wanted=None)
        refused = process.returncode != 0
        expect = self.place.expect
        if refused:
            expect(FULL in process.errors, f"it says only: {process.errors.strip()[:300]}")
        expect(before is None or texts(self.place.read(self.id)).items() >= before.items(),
               "the old file is not whole")
        self.place.check()
        self.free()
        if refused:
            self.place.run(*self.arguments())
        self.verify()
        self.place.check()
        self.place.start_locked(sorted(self.place.ids())[0])
        self.place.expect_tidy()
        return refused

    def prepare(self): ...
    def arguments(self): ...
    def verify(self): ...


class Message(Trial):
    name = "message"

    def arguments(self):
        return ("ask", "--session", self.id, "--rehearse", self.script, "Is there room?")

    def verify(self):
        said = [message["parts"] for message in self.place.show(self.id)["messages"]]
        self.place.expect("FIRST" in str(said[-1]), "the answer is not saved once there is room")


class Rename(Trial):
    name = "rewrite"

    def arguments(self):
        return ("sessions", "rename", self.id, "Another title")

    def verify(self):
        self.place.expect(self.place.read(self.id)["title"] == "Another title", "not renamed")


class Import(Trial):
    name = "attachment"

    @staticmethod
    def rooms():
        return [page * PAGE for page in [*range(8), *range(8, 100, 4)]]

    def prepare(self):
        source = Place(self.place.program, os.path.join(self.outside, "source"))
        id = ulid(self.rng)
        part = source.attach(self.rng.randbytes(300_000))
        source.write(conversation(self.rng, 1, 500, "Carrier", [part]), id)
        self.export = os.path.join(self.outside, "export.json")
        with open(self.export, "w", encoding="utf-8") as file:
            file.write(source.run("sessions", "export", id, "--format", "json", "--embed").output)
        self.hash = part["hash"]

    def arguments(self):
        return ("sessions", "import", self.export)

    def verify(self):
        self.place.expect(len(self.place.ids()) == 2, f"{len(self.place.ids())} sessions are there")
        self.place.expect(self.place.names("attachments") == [self.hash + ".bin"], "no attachment")


class Delete(Trial):
    name = "delete"

    @staticmethod
    def rooms():
        return [page * PAGE for page in range(6)]

    def prepare(self):
        self.other = ulid(self.rng)
        self.place.write(conversation(self.rng, 1, 500, "Stays"), self.other)

    def arguments(self):
        return ("sessions", "delete", self.other)

    def verify(self):
        self.place.expect(self.place.ids("trash") == {self.other}, "it is not in the trash")


class Fork(Trial):
    name = "fork"

    def arguments(self):
        return ("sessions", "fork", self.id)

    def verify(self):
        self.place.expect(len(self.place.ids()) == 2, f"{len(self.place.ids())} sessions are there")


class List(Trial):
    name = "index"

    def prepare(self):
        self.place.cache = os.path.join(self.disk, "cache")
        for _ in range(40):
            self.place.write(conversation(self.rng, 2, 2_000, "Listed"), ulid(self.rng))

    def arguments(self):
        return ("sessions", "list", "--json")

    def verify(self):
        one = self.place.run(*self.arguments()).output
        fresh = os.path.join(self.outside, "fresh")
        other = self.place.run(*self.arguments(), XDG_CACHE_HOME=fresh).output
        self.place.expect(one == other, "the list differs from one without an index")


class Conversation(Trial):
    """The interface in words: what could not be written is in memory, can be exported elsewhere,
    and is saved by the next turn."""

    name = "conversation"

    @staticmethod
    def rooms():
        return [page * PAGE for page in range(25)]

    def prepare(self):
        os.unlink(os.path.join(self.place.sessions, self.id + ".json"))

    def talk(self, *lines_and_signs):
        for line, sign in lines_and_signs:
            self.process.stdin.write((line + "\n").encode())
            self.process.stdin.flush()
            self.wait(sign)

    def wait(self, sign):
        end = time.monotonic() + 20
        while not re.search(sign, self.heard[self.place_heard:]):
            ready, _, _ = select.select([self.process.stdout], [], [], 0.5)
            chunk = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            self.heard += chunk.decode(errors="replace")
            if (ready and not chunk) or time.monotonic() > end:
                raise Violation(f"no {sign!r} came; the end was {self.heard[-300:]!r}")
        self.place_heard = len(self.heard)

    def settle(self, holds):
        """Goes on listening until something holds, at most three seconds; whether it does."""
        end = time.monotonic() + 3
        while not holds() and time.monotonic() < end:
            if select.select([self.process.stdout], [], [], 0.02)[0]:
                self.heard += os.read(self.process.stdout.fileno(), 65536).decode(errors="replace")
        return holds()

    def begin(self, *more):
        self.heard, self.place_heard = "", 0
        self.process = subprocess.Popen(
            [self.place.program, "--plain", "--rehearse", self.script, *more], cwd=self.outside,
            env=self.place.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        self.wait("is ready")

    def end(self):
        self.process.stdin.close()
        self.process.wait(timeout=20)

    def perform(self):
        export = os.path.join(self.outside, "export.md")
        self.begin()
        try:
            self.talk(("one", "End of the answer"))
            [self.id] = self.place.ids()
            saved = lambda word: word in str(texts(self.place.read(self.id)))
            self.place.expect(self.settle(lambda: saved("FIRST")), "the first answer is not saved")
            before = texts(self.place.read(self.id))
            self.fill()
            self.talk(("two", "End of the answer"))
            self.place.expect(self.settle(lambda: saved("SECOND") or FULL in self.heard),
                              "not saved, and nothing said")
            refused = FULL in self.heard
            after = texts(self.place.read(self.id))
            self.place.expect(after.items() >= before.items(), "the old file is not whole")
            self.talk((f"/export {export}", "Written"))
            with open(export, encoding="utf-8") as file:
                text = file.read()
            self.place.expect("FIRST" in text and "SECOND" in text, "the export is not whole")
            self.free()
            self.talk(("three", "End of the answer"))
            self.end()
        finally:
            self.process.kill()
            self.process.wait()
        said = [said for said, _ in texts(self.place.read(self.id)).values()]
        self.place.expect(said[0::2] == ["one", "two", "three"], f"questions: {said[0::2]}")
        for word, answer in zip(("FIRST", "SECOND", "THIRD"), said[1::2]):
            self.place.expect(answer.endswith(word), f"an answer ends with {answer[-20:]!r}")
        self.place.check()
        self.place.expect_tidy()
        return refused


class ReadOnly(Conversation):
    """A folder that may not be written: everything can be read and exported, and each refusal is a
    sentence."""

    name = "read-only"

    def prepare(self): ...

    def perform(self):
        before = self.place.read(self.id)
        subprocess.run(["mount", "-o", "remount,ro", self.disk], check=True)
        expect = self.place.expect
        for verb in ("list", "show", "export"):
            self.place.run("sessions", verb, *([] if verb == "list" else [self.id]))
        for arguments in (("rename", self.id, "x"), ("delete", self.id), ("fork", self.id)):
            process = self.place.run("sessions", *arguments, wanted=(1,))
            expect("may not write" in process.errors or "Read-only" in process.errors or
                   "can be read but not written" in process.errors,
                   f"{arguments[0]} says only: {process.errors[:300]}")
        process = self.place.run("--plain", "--rehearse", self.script, wanted=(1,))
        expect("may not write" in process.errors, f"a new one says only: {process.errors[:300]}")
        export = os.path.join(self.outside, "export.md")
        self.begin("--session", self.id)
        try:
            self.talk(("one", "can be read but not written"), (f"/export {export}", "Written"))
            self.end()
        finally:
            self.process.kill()
            self.process.wait()
        with open(export, encoding="utf-8") as file:
            expect("Question 2" in file.read(), "the export is not whole")
        expect(self.place.read(self.id) == before, "a file was changed")
        self.place.check()
        say("read-only folder: read, exported, refused in sentences, and left as it was")
        return False


if __name__ == "__main__":
    for line in trials(sys.argv[1], sys.argv[2]):
        print(line)
