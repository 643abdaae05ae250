#!/usr/bin/env python3
"""Makes facts.json out of phrases.txt and the program's own command table.

usage: make_facts.py FACET           writes facts.json; FACET is the path of the program
       make_facts.py --check FACET   fails where facts.json is not what it would write

Keys are filled in from `facet doctor --keys`, what a command does from `facet manual`; a typed command or an
option that an answer names and the program does not have is an error, and so is a command no fact is about.
"""
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
VERBS = ["chat", "ask", "doctor", "bench", "bench-media", "inspect media", "models list", "models show"] + [
    "sessions " + verb for verb in ("list", "show", "search", "export", "import", "fork", "trash", "restore", "check", "prune", "replay")]
PLACES = {"READ": "in READ", "sessions": "in the list of sessions", "conversation": "in the conversation", "inspector": "in the inspector"}


def run(facet, *arguments):
    """What facet prints, with a configuration that nobody has changed."""
    with tempfile.TemporaryDirectory() as folder:
        env = {key: value for key, value in os.environ.items() if not key.startswith("FACET_")}
        env["XDG_CONFIG_HOME"] = folder
        return subprocess.run([facet, *arguments], env=env, cwd=folder, stdout=subprocess.PIPE, check=False, text=True).stdout


SECTIONS = {"In every other pane": "READ", "In a conversation": "conversation", "In the sessions": "sessions",
            "In the inspector": "inspector"}


def commands(facet):
    """Of each command: its keys, each with the place where it holds or None; the typed command; what it does."""
    by_key, typed, place = {}, {}, None
    for line in run(facet, "manual").splitlines():
        if line.startswith("### "):
            place = SECTIONS.get(line[4:])
        match = re.match(r"^\| (`.*`) \| (.*) \|$", line)
        for name in re.findall(r"`([^`]+)`", match[1]) if match else []:
            if re.match(r"/[a-z]", name):
                typed.setdefault(match[2], name.split(" ")[0])
            else:
                by_key[name, place] = match[2]
    table = {}
    for line in run(facet, "doctor", "--keys").splitlines():
        name, _, keys = line.partition(" ")
        keys = [key.strip() for key in keys.split(", ") if key.strip()]
        keys = [(m[1], m[2]) if (m := re.match(r"^(\S.*) \((\w+)\)$", key)) else (key, None) for key in keys]
        what = next((by_key[key] for key in keys if key in by_key), None)
        if what is None:  # a command without a key is named like what is typed
            command = {"new-private-session": "/nosave", "save-code": "/save", "image-tokens": "/tokens",
                       "get-model": "/get"}.get(name, f"/{name}")
            what = next((text for text, other in typed.items() if other == command), None)
        table[name] = {"keys": keys, "typed": typed.get(what), "what": what}
    return table, typed, by_key


def made(entry):
    """The answer that the command table gives: "Ctrl-X v or /split opens a second conversation ..."."""
    keys = [key for key in entry["keys"] if key[1] is None][:2] or entry["keys"][:1]
    names = [key if place is None else f"{key} {PLACES[place]}" for key, place in keys] + [entry["typed"]]
    names = [name for name in names if name]
    text = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " or " + names[-1]
    return f"{text} {entry['what'][0].lower()}{entry['what'][1:]}"


RARE = re.compile(r"Shift-(Left|Right|Up|Down|Home|End|Backspace|-|Z)|Alt-(Left|Right|_|Backspace)"
                  r"|Ctrl-(-|/|=|Left|Right|Home|End|Del|Backspace)$")
UNUSED = ["Ctrl-Q", "Ctrl-]", "Alt-q", "Alt-x", "Alt-p", "Alt-s", "Alt-m", "Alt-n", "Alt-a", "F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8",
          "F9", "F10", "F11", "F12", "Ctrl-X q", "Ctrl-X z", "Ctrl-X g", "Ctrl-X j", "Ctrl-X k", "Ctrl-X u", "Alt-r", "Alt-t", "Alt-h",
          "Alt-k"]


def lower(text):
    text = text.replace("this page", "all keys and commands")
    return text[0].lower() + text[1:]


def about_keys(by_key, by_typed):
    """A fact for each key that is not rare and for each typed command: what it does."""
    facts = []

    def add(name, kind, names, answer):
        facts.append({"id": name, "commands": [], "answer": answer, "do": [], "noun": [], "ask": [], kind: names})

    keys = dict.fromkeys(key for key, _ in by_key)
    for key in keys:
        if RARE.search(key):
            continue
        places = [(place, what) for (name, place), what in by_key.items() if name == key]
        parts = [f"{key} {lower(what)}" if place is None else f"{PLACES[place][0].upper()}{PLACES[place][1:]}, {key} {lower(what)}"
                 for place, what in places]
        add(f"key {key}", "press", [key], " ".join(parts))
    add("no key", "press", [key for key in UNUSED if key not in keys], "No command is on that key; Ctrl-X ? shows all keys.")
    for what, name in by_typed.items():
        add(name, "slash", [name], f"{name} {lower(what)}")
    return facts


def read(path):
    """The facts of phrases.txt: id, commands, answer or None, and phrases by kind."""
    facts = []
    for line in open(path):
        line = line.rstrip("\n")
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            name, _, about = line[1:].partition("]")
            facts.append({"id": name, "commands": about.split(), "answer": None, "do": [], "noun": [], "ask": []})
        elif line.startswith("= "):
            facts[-1]["answer"] = line[2:]
        else:
            kind, _, phrases = line.partition(": ")
            facts[-1][kind] += [phrase.strip() for phrase in phrases.split(" | ")]
    return facts


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[1:-1] not in ([], ["--check"]):
        sys.exit(__doc__)
    facet = os.path.abspath(sys.argv[-1])
    table, by_typed, by_key = commands(facet)
    typed = set(by_typed.values())
    options = set(re.findall(r"--[a-z][a-z-]+", "".join(run(facet, "help", *verb.split()) for verb in VERBS)))
    options |= {"--no-speculation", "--no-kv-snapshots"}
    facts, told, wrong = read(os.path.join(HERE, "phrases.txt")), set(), []
    for fact in facts:
        about = fact["commands"] or ([fact["id"]] if fact["id"] in table else [])
        told |= set(about)
        if fact["answer"] is None:
            entry = table[about[0]]
            fact["answer"], fact["made"] = made(entry), True

        def fill(match):
            name, several = match[1].rstrip("*"), match[1].endswith("*")
            keys = [key for key, place in table[name]["keys"] if place is None] or [key for key, _ in table[name]["keys"]]
            told.add(name)
            return " or ".join(keys[:2]) if several else keys[0]

        fact["answer"] = re.sub(r"\{([a-z-]+\*?)\}", fill, fact["answer"])
        fact["commands"] = about
        entry = table[about[0]] if len(about) == 1 else {"keys": [], "typed": None}
        keys = [key for key in entry["keys"] if key[1] is None][:1] or entry["keys"][:1]
        key = " ".join([keys[0][0], PLACES[keys[0][1]]] if keys[0][1] else [keys[0][0]]) if keys else None
        if fact.get("made") or (key and entry["typed"] and keys[0][0] in fact["answer"] and entry["typed"] in fact["answer"]):
            fact["key"], fact["typed"] = key, entry["typed"]
        for command in re.findall(r"(?<![\w.~/*])(/[a-z]+)(?![\w/.])", fact["answer"]):
            told |= {name for name, entry in table.items() if entry["typed"] == command}
            if command not in typed:
                wrong.append(f"{fact['id']}: no such command: {command}")
        for option in re.findall(r"--[a-z][a-z-]+", fact["answer"]):
            if option not in options:
                wrong.append(f"{fact['id']}: no such option: {option}")
        if len(fact["answer"].split()) > 27:
            wrong.append(f"{fact['id']}: {len(fact['answer'].split())} words")
    facts += about_keys(by_key, by_typed)
    wrong += [f"no fact is about the command {name}" for name in table if name not in told]
    for line in wrong:
        print(line, file=sys.stderr)
    path = os.path.join(HERE, "facts.json")
    text = json.dumps(facts, indent=1) + "\n"
    if "--check" in sys.argv:
        with open(path) as file:
            if file.read() != text:
                sys.exit("facts.json is not what the program says of itself: run make_facts.py, look at the difference, train anew.")
    else:
        with open(path, "w") as file:
            file.write(text)
    print(f"{len(facts)} facts, {sum('made' in fact for fact in facts)} of them made from the command table alone")
    sys.exit(1 if wrong else 0)


main()
