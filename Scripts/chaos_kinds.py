"""What is killed: each kind prepares a folder, runs one thing in it, and says what has to hold."""

import base64
import json
import os
import random
import shutil
import statistics
import time

from chaos_program import Place, conversation, ulid


def texts(session):
    """What each message says, by id: text and thoughts."""
    return {message["id"]: ("".join(part.get("text", "") for part in message["parts"]),
                            "".join(thought["text"] for thought in message.get("thoughts", [])))
            for message in session["messages"]}


class Kind:
    """One sort of moment. A new folder every `lifetime` moments."""

    name = ""
    share = 1
    lifetime = 20
    verbs = [""]

    def __init__(self, program, folder, rng):
        self.program, self.folder, self.rng = program, folder, rng
        self.place, self.age, self.verb = None, 0, ""
        self.durations, self.killed = {}, 0

    def renew(self):
        if self.place:
            shutil.rmtree(self.place.folder)
        folder = os.path.join(self.folder, self.name)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        self.place, self.age = Place(self.program, folder), 0
        self.prepare()

    def measure(self):
        """How long each thing takes when nobody kills it, so that moments are spread over all of it."""
        for verb in self.verbs:
            times = []
            for _ in range(3):
                self.renew()
                arguments = self.arguments(verb)
                start = time.monotonic()
                self.place.run(*arguments, wanted=(0, 1))
                times.append(time.monotonic() - start)
            self.durations[verb] = statistics.median(times)
        self.renew()

    def moment(self):
        if self.age >= self.lifetime:
            self.renew()
        self.age += 1
        arguments = self.arguments(self.rng.choice(self.verbs))
        share = self.rng.uniform(0, 1.05)
        before = self.state()
        start = time.monotonic()
        output, was_killed = self.place.run_and_kill(share * self.durations[self.verb], *arguments)
        self.killed += was_killed
        self.adapt(share, time.monotonic() - start, was_killed)
        self.verify(before, output, was_killed)
        self.place.check()

    def adapt(self, share, seconds, was_killed):
        """Follows a machine that becomes busier or less busy."""
        usual = self.durations[self.verb]
        if not was_killed:
            self.durations[self.verb] = (usual + seconds) / 2
        elif share > 0.9:
            self.durations[self.verb] = usual * 1.05

    # For each kind.
    def prepare(self): ...
    def arguments(self, verb): ...
    def state(self): ...
    def verify(self, before, output, was_killed): ...


class Answer(Kind):
    """An answer streams; every token that was printed is there afterwards."""

    name, share, lifetime = "answer", 34, 12
    size = 3_000

    def prepare(self):
        self.id = ulid(self.rng)
        self.place.write(conversation(self.rng, 2, self.size, "Talk"), self.id)
        self.script = os.path.join(self.place.folder, "script.json")
        words = " ".join(f"word{self.rng.getrandbits(20)}" for _ in range(60))
        with open(self.script, "w", encoding="utf-8") as file:
            json.dump({"tokens_per_second": 1500, "loop": True, "answers": [
                {"thought": "Let me see: " + words, "text": words + " \U0001F469\u200D\U0001F467 end"}]},
                file)

    def arguments(self, verb):
        self.question = f"What about {self.rng.getrandbits(40)}?"
        return ("ask", "--session", self.id, "--rehearse", self.script, "--output", "jsonl",
                self.question)

    def state(self):
        return texts(self.place.show(self.id))

    def verify(self, before, output, was_killed):
        printed = {"text": "", "thought": ""}
        for line in output.decode().splitlines(keepends=True):
            if line.endswith("\n"):
                event = json.loads(line)
                if event["event"] in printed:
                    printed[event["event"]] += event["text"]
        for step in ("as it is", "after a locked start"):
            session = self.place.show(self.id)
            after = texts(session)
            lost = [id for id, said in before.items() if after.get(id) != said]
            self.place.expect(not lost, f"{step}, earlier messages are not the same: {lost}")
            new = [id for id in after if id not in before]
            self.place.expect(len(new) in (0, 2), f"{step}, {len(new)} messages are new")
            if printed["text"] or printed["thought"] or not was_killed:
                self.place.expect(len(new) == 2, f"{step}, an answer that was printed is not there")
                text, thought = after[new[1]]
                self.place.expect(after[new[0]][0] == self.question, f"{step}, another question")
                self.place.expect(
                    text.startswith(printed["text"]) and thought.startswith(printed["thought"]),
                    f"{step}, {printed} was printed and {text!r}, {thought!r} is there")
            if step == "as it is":
                self.place.start_locked(self.id)
        self.place.expect(texts(self.place.read(self.id)) == after, "the file is not what is shown")
        self.place.expect_tidy()
        self.place.expect(not [name for name in self.place.names() if name.endswith(".journal")],
                          "a journal is left after a locked start")


class LongAnswer(Answer):
    """The same in a session of several megabytes, whose rewrites take longer than the answer."""

    name, share, lifetime = "answer in a long session", 10, 8
    size = 1_500_000


class Rewrite(Kind):
    """A file of several megabytes is written anew; it is the old one or the new one."""

    name, share, lifetime = "rewrite", 16, 15
    verbs = ["rename", "tag", "pin", "unpin"]

    def prepare(self):
        self.id = ulid(self.rng)
        self.place.write(conversation(self.rng, 3, 1_000_000, "Start"), self.id)

    def arguments(self, verb):
        self.title, self.tag = f"Title {self.rng.getrandbits(40)}", f"t{self.rng.getrandbits(40)}"
        self.verb = verb
        more = {"rename": [self.title], "tag": ["--add", self.tag]}.get(self.verb, [])
        return ("sessions", self.verb, self.id, *more)

    def state(self):
        return self.place.show(self.id)

    def verify(self, before, output, was_killed):
        session = self.place.read(self.id)
        old = {**before}
        new = {**before}
        if self.verb == "rename":
            new["title"] = self.title
        elif self.verb == "tag":
            new["tags"] = before["tags"] + [self.tag]
        elif self.verb == "pin":
            new["pinned"] = True
        else:
            new.pop("pinned", None)
        # The first rewrite fills in what was left out.
        shown = self.place.show(self.id)
        self.place.expect(shown in ([old, new] if was_killed else [new]),
                          f"{self.verb}: neither the old nor the new session")
        self.place.expect(texts(session) == texts(before), "messages are not the same")
        self.place.start_locked(self.id)
        self.place.expect_tidy()


class Attachment(Kind):
    """A session with a large attachment is imported: both are there, or the session is not."""

    name, share, lifetime = "attachment", 8, 1
    size = 50_000_000

    def __init__(self, program, folder, rng):
        super().__init__(program, folder, rng)
        contents = random.Random(7).randbytes(self.size)
        self.export = os.path.join(folder, "export.json")
        source = Place(program, os.path.join(folder, "source"))
        id = ulid(rng)
        source.write(conversation(rng, 1, 500, "Carrier", [source.attach(contents)]), id)
        with open(self.export, "w", encoding="utf-8") as file:
            file.write(source.run("sessions", "export", id, "--format", "json", "--embed").output)
        shutil.rmtree(source.folder)
        self.source_id = id

    def prepare(self):
        self.id = ulid(self.rng)
        self.place.write(conversation(self.rng, 1, 500, "Here"), self.id)

    def arguments(self, verb):
        return ("sessions", "import", self.export)

    def state(self):
        return self.place.read(self.id)

    def verify(self, before, output, was_killed):
        ids = self.place.ids()
        self.place.expect(ids in ({self.id}, {self.id, self.source_id}), f"other sessions: {ids}")
        self.place.expect(was_killed or self.source_id in ids, "the import is not there")
        self.place.expect(self.place.read(self.id) == before, "another session was changed")
        # `check` holds the copy against its hash.
        self.place.check()
        self.place.start_locked(self.id)
        self.place.expect_tidy()


class Index(Kind):
    """The index is brought up to date; afterwards it says what an empty one would."""

    name, share, lifetime = "index", 16, 20
    verbs = ["list", "search", "list from nothing"]
    count = 250

    def prepare(self):
        for _ in range(self.count):
            self.change("add")
        self.place.run("sessions", "list")

    def change(self, how):
        ids = sorted(self.place.ids())
        if how == "add":
            session = conversation(self.rng, self.rng.randint(1, 6), 1_500, f"S {self.rng.random()}")
            session["messages"][0]["parts"][0]["text"] += f" needle{self.rng.randrange(20)}"
            self.place.write(session, ulid(self.rng))
        elif how == "edit":
            id = self.rng.choice(ids)
            session = self.place.read(id)
            session["messages"][-1]["parts"][0]["text"] += f" needle{self.rng.randrange(20)}"
            self.place.write(session, id)
        else:
            os.unlink(os.path.join(self.place.sessions, self.rng.choice(ids) + ".json"))

    def arguments(self, verb):
        self.verb = verb
        if verb == "list from nothing":
            shutil.rmtree(self.place.cache, ignore_errors=True)
        for _ in range(self.rng.randint(1, 25)):
            self.change(self.rng.choice(["add", "edit", "edit", "remove"]))
        self.word = f"needle{self.rng.randrange(20)}"
        return self.search() if verb == "search" else ("sessions", "list", "--json")

    def search(self):
        return ("sessions", "search", self.word, "--json", "--limit", "1000")

    def verify(self, before, output, was_killed):
        fresh = os.path.join(self.place.folder, "fresh")
        for arguments in (("sessions", "list", "--json"), self.search()):
            one = self.place.run(*arguments, wanted=(0, 1)).output
            other = self.place.run(*arguments, wanted=(0, 1), XDG_CACHE_HOME=fresh).output
            self.place.expect(one == other, f"{' '.join(arguments)} differs from an empty index")
        shutil.rmtree(fresh, ignore_errors=True)
        ids = {entry["id"] for entry in json.loads(
            self.place.run("sessions", "list", "--json").output)}
        self.place.expect(ids == self.place.ids(), "the list is not what is in the folder")


class Moves(Kind):
    """Sessions are deleted, restored, forked, exported, imported, pruned: each is whole, in one
    place, and the others are as they were."""

    name, share, lifetime = "moves", 22, 25
    verbs = ["delete", "restore", "fork", "export", "import", "empty", "prune"]

    def prepare(self):
        for number in range(8):
            id = ulid(self.rng)
            part = self.place.attach(self.rng.randbytes(2_000))
            self.place.write(conversation(self.rng, 6, 20_000, f"Session {number}", [part]), id)
            open(os.path.join(self.place.sessions, id + ".tokens"), "w").close()
        for id in sorted(self.place.ids())[:3]:
            self.place.run("sessions", "delete", id)
        self.export = os.path.join(self.place.folder, "export.json")
        id = sorted(self.place.ids())[0]
        with open(self.export, "w", encoding="utf-8") as file:
            file.write(self.place.run("sessions", "export", id, "--format", "json").output)

    def arguments(self, verb):
        live, trash = sorted(self.place.ids()), sorted(self.place.ids("trash"))
        self.verb = verb
        if self.verb in ("delete", "prune", "empty") and len(live) < 3:
            self.verb = "import"
        if self.verb in ("restore", "empty") and not trash:
            self.verb = "fork"
        self.target = self.rng.choice(trash if self.verb == "restore" else live)
        return {
            "delete": ("sessions", "delete", self.target),
            "restore": ("sessions", "restore", self.target),
            "fork": ("sessions", "fork", self.target, "--at", "5"),
            "export": ("sessions", "export", self.target, "--format", "html"),
            "import": ("sessions", "import", self.export),
            "empty": ("sessions", "trash", "--empty", "--yes"),
            "prune": ("sessions", "prune", "--keep-days", "1", "--yes"),
        }[self.verb]

    def state(self):
        return ({id: texts(self.place.read(id)) for id in self.place.ids()},
                {id: texts(self.place.read(id, "trash")) for id in self.place.ids("trash")})

    def verify(self, before, output, was_killed):
        live, trash = self.state()
        old_live, old_trash = before
        here, there = set(live), set(trash)
        expect = self.place.expect
        expect(not here & there, f"{self.verb}: in the folder and in the trash: {here & there}")
        everything = {**old_live, **old_trash}
        for id, said in {**live, **trash}.items():
            expect(said == everything.get(id, said), f"{self.verb}: {id} has other messages")
        new, lost = (here | there) - set(everything), set(everything) - (here | there)
        moved = (here ^ set(old_live)) - new - lost
        if self.verb in ("delete", "restore"):
            expect(not new and not lost and moved <= {self.target}, f"{self.verb}: {moved} moved")
            expect(was_killed or moved == {self.target}, f"{self.verb}: nothing happened")
        elif self.verb in ("fork", "import"):
            expect(len(new) <= 1 and not lost and not moved, f"{self.verb}: {new}, {lost}, {moved}")
            expect(was_killed or len(new) == 1, f"{self.verb}: nothing happened")
            sizes = [len(live[id]) for id in new]
            expect(all(size >= 5 for size in sizes), f"{self.verb}: only {sizes} messages")
        elif self.verb == "export":
            expect(not new and not lost and not moved, f"export: {new}, {lost}, {moved}")
        elif self.verb == "empty":
            expect(not new and not moved and lost <= set(old_trash), f"empty: {lost}")
        elif self.verb == "prune":
            expect(not new and not lost and len(here) >= 1, f"prune: {lost}")
        self.place.start_locked(sorted(here)[0])
        self.place.expect_tidy()
        # What belongs to a session is where it is.
        for inner, ids in (("", self.place.ids()), ("trash", self.place.ids("trash"))):
            alone = [name for name in self.place.names(inner)
                     if name.endswith(".tokens") and name[:26] not in ids]
            expect(not alone, f"{self.verb}: apart from their session: {alone}")


KINDS = [Answer, LongAnswer, Rewrite, Attachment, Index, Moves]
