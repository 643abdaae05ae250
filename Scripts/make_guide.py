#!/usr/bin/env python3
"""Puts fresh screen captures and the tables of keys into Docs/USING.md.

Needs a release build and tmux. Answers come from Scripts/guide-script.json, so no model is needed.
"""

import pathlib
import re
import shutil
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
FACET = ROOT / ".build/release/facet"
GUIDE = ROOT / "Docs/USING.md"
SCRIPT = ROOT / "Scripts/guide-script.json"


class Screen:
    """facet in a tmux of its own, with folders of its own."""

    def __init__(self, width, height, folder, options=""):
        self.socket = f"facet-guide-{folder.name}"
        environment = f"env HOME={folder} XDG_CONFIG_HOME={folder}/c XDG_STATE_HOME={folder}/s "\
            f"XDG_CACHE_HOME={folder}/k TMUX="
        command = f"{environment} {FACET} --rehearse {SCRIPT} --sessions {folder}/sessions {options}"
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(width), "-y", str(height), command)
        self.wait_for("script")

    def tmux(self, *arguments):
        done = subprocess.run(["tmux", "-L", self.socket, *arguments], check=True, capture_output=True, text=True)
        return done.stdout

    def text(self):
        return self.tmux("capture-pane", "-p").rstrip("\n")

    def wait_for(self, words, seconds=20):
        deadline = time.monotonic() + seconds
        while words not in self.text():
            if time.monotonic() > deadline:
                raise SystemExit(f"no {words!r} on the screen:\n{self.text()}")
            time.sleep(0.05)

    def keys(self, *names):
        for name in names:
            self.tmux("send-keys", name)
            time.sleep(0.15)

    def say(self, text):
        # Slower than a paste, so that Enter sends.
        self.tmux("send-keys", "-l", text)
        time.sleep(0.3)
        self.keys("Enter")

    def close(self):
        self.tmux("kill-server")


def answered(folder, width, height, options=""):
    screen = Screen(width, height, folder, options)
    screen.say("Is 1001 prime?")
    screen.wait_for("7 x 11 x 13", 30)
    time.sleep(0.5)
    return screen


def conversation(folder):
    screen = answered(folder, 80, 24)
    return screen


def thought(folder):
    screen = Screen(80, 16, folder)
    screen.say("/budget 64")
    screen.say("Is 1001 prime?")
    screen.wait_for("143 = 11", 30)
    return screen


def inspector(folder):
    screen = answered(folder, 110, 20)
    screen.keys("C-x", "i", "2")
    return screen


def split(folder):
    screen = answered(folder, 120, 22)
    screen.keys("C-x", "v")
    screen.wait_for("new session")
    screen.say("Write a haiku about rain.")
    screen.wait_for("rooftops", 30)
    screen.keys("C-x", "s")
    screen.wait_for("Sessions (2)")
    time.sleep(0.3)
    return screen


def find(folder):
    screen = answered(folder, 80, 12)
    screen.keys("C-x", "f")
    screen.tmux("send-keys", "-l", "prime")
    screen.wait_for("1 of 3", 30)
    return screen


def narrow(folder):
    screen = answered(folder, 40, 12)
    screen.keys("C-x", "s")
    screen.wait_for("Sessions (1)")
    return screen


def plain(folder):
    typed = "Is 1001 prime?\n/message-up\n/quit\n"
    command = [FACET, "--plain", "--rehearse", SCRIPT, "--sessions", folder / "sessions"]
    return subprocess.run(command, input=typed, text=True, capture_output=True, check=True).stdout.rstrip()


CAPTURES = [conversation, thought, inspector, split, find, narrow, plain]


def capture(make):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="guide-"))
    try:
        made = make(folder)
        if isinstance(made, str):
            return made
        try:
            return made.text()
        finally:
            made.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main():
    text = GUIDE.read_text()
    for make in CAPTURES:
        mark = f"<!-- capture: {make.__name__} -->\n"
        # Four backticks: an answer may hold three.
        block = f"{mark}\n````\n{capture(make)}\n````\n"
        pattern = re.escape(mark) + r"(\n(`{3,4})\n.*?\n\2\n)?"
        text, count = re.subn(pattern, lambda _: block, text, count=1, flags=re.S)
        if count != 1:
            raise SystemExit(f"{GUIDE} has no mark for {make.__name__}")
    manual = subprocess.run([FACET, "manual"], text=True, capture_output=True, check=True).stdout
    begin, end = "<!-- begin: facet manual -->\n", "<!-- end: facet manual -->"
    head, rest = text.split(begin)
    GUIDE.write_text(head + begin + manual + end + rest.split(end)[1])


main()
