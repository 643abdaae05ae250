#!/usr/bin/env python3
"""Ten words in many voices, spoken by espeak-ng.

usage: voices.py [FOLDER]    makes the recordings; by default in .build/builtin-model/voices, or in
                             $FACET_VOICES; also those of other words, which are not to be known

Needs espeak-ng and scipy. A few minutes on one core, once: a file for each split, which later runs read.
A voice is an accent with a variant. The voices of the test have accents and variants that are in no
other split; those of the validation have variants of their own.
"""
import io
import itertools
import os
import random
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

WORDS = ["yes", "no", "stop", "open", "water", "music", "seven", "window", "green", "house"]

# Words that the model is to know as none of the ten.
OTHER = {
    "train": [
        "apple", "table", "computer", "hello", "good morning", "thank you", "garden", "river", "mountain",
        "paper", "coffee", "three", "five", "nine", "orange", "yellow", "purple", "monday", "summer", "winter",
        "father", "sister", "kitchen", "bottle", "camera", "letter", "button", "close", "begin", "left",
        "right", "under", "yesterday", "bicycle", "elephant", "chocolate", "where are you", "what is this",
        "help", "please", "bread", "school", "black", "white", "moon", "star", "fish", "horse", "facet"],
    "validation": ["pencil", "dinner", "spring", "brother", "eight", "cat", "see you soon"],
    "test": [
        "banana", "tomorrow", "mother", "picture", "how are you", "two", "engine", "blue", "autumn", "hotel",
        "flower", "train", "door", "goodbye", "keyboard"],
}

ACCENTS = {
    "train": ["en-gb", "en-us", "en-gb-x-rp", "en-gb-x-gbclan", "en-029"],
    "test": ["en-gb-scotland", "en-gb-x-gbcwmd", "en-us-nyc"],
}
ACCENTS["validation"] = ACCENTS["train"]
VARIANTS = {
    "train": [
        "", "m1", "m2", "m3", "m4", "m5", "m6", "f1", "f2", "f3", "Alex", "Andrea", "Andy", "Denis",
        "Gene", "Lee", "Mario", "Michael", "Mike", "Nguyen", "adam", "anika", "antonio", "aunty",
        "benjamin", "boris", "caleb", "david", "ed", "edward", "grandma", "iven", "iven2", "john",
        "klatt", "klatt2", "klatt4", "linda", "max", "michel", "norbert", "pablo", "paul", "quincy",
        "robert", "sandro", "shelby", "steph", "travis", "victor", "zac", "Alicia", "Diogo", "Hugo",
        "Jacky", "gustave", "marcelo", "miguel",
    ],
    "validation": ["m7", "f4", "Annie", "pedro", "iven3", "klatt3"],
    "test": ["m8", "f5", "Marco", "belinda", "rob", "steph2", "grandpa", "Gene2", "Henrique", "klatt5"],
}
# How often each voice says each word, at speeds and pitches of its own.
TIMES = {"train": 2, "validation": 2, "test": 3}
SEEDS = {"train": 1, "validation": 2, "test": 3}


def folder():
    """Where the recordings are kept."""
    usual = Path(__file__).resolve().parents[2] / ".build/builtin-model/voices"
    return Path(os.environ.get("FACET_VOICES", usual))


def say(word, voice, speed, pitch):
    """int16 [samples] at 16 kHz, without the silence before and after."""
    command = ["espeak-ng", "--stdout", "-v", voice, "-s", str(speed), "-p", str(pitch), word]
    out = subprocess.run(command, capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(out)) as file:
        rate = file.getframerate()
    sound = np.frombuffer(out[44:], "<i2").astype(np.float32) / 32768
    if rate != 22050:
        raise SystemExit(f"espeak-ng gave {rate} samples a second; 22050 are expected.")
    sound = resample_poly(sound, 320, 441)
    loud = np.flatnonzero(np.abs(sound) > 0.004)
    if len(loud) == 0:
        raise SystemExit(f"espeak-ng said nothing for {word} with {voice}.")
    sound = sound[max(0, loud[0] - 160) : loud[-1] + 320]
    return np.clip(np.rint(sound * 32767), -32768, 32767).astype(np.int16)


def make(split, path, other=False):
    """Writes the recordings of a split: all samples in one row, and where each begins and its word.

    other: of other words, of which each voice says a few.
    """
    rng = random.Random(SEEDS[split])
    parts, words, starts, at = [], [], [], 0
    for accent in ACCENTS[split]:
        for variant in VARIANTS[split]:
            voice = f"{accent}+{variant}" if variant else accent
            for _ in range(1 if other else TIMES[split]):
                for index, word in rng.sample(list(enumerate(OTHER[split])), 5) if other else enumerate(WORDS):
                    sound = say(word, voice, rng.randint(115, 210), rng.randint(25, 75))
                    parts.append(sound)
                    words.append(index)
                    starts.append(at)
                    at += len(sound)
    temporary = path.with_suffix(f".{os.getpid()}.npz")
    np.savez(
        temporary, samples=np.concatenate(parts), starts=np.array(starts + [at]), words=np.array(words))
    temporary.rename(path)


class Recordings:
    """The recordings of a split: `recordings[i]` is int16 [samples] and the word."""

    def __init__(self, split, where=None, other=False):
        self.names = OTHER[split] if other else WORDS
        path = Path(where or folder()) / f"{'other-' * other}{split}.npz"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            make(split, path, other)
        with np.load(path) as file:
            self.samples, self.starts, self.words = file["samples"], file["starts"], file["words"]

    def __len__(self):
        return len(self.words)

    def __getitem__(self, index):
        return self.samples[self.starts[index] : self.starts[index + 1]], self.names[self.words[index]]


if __name__ == "__main__":
    for split, other in itertools.product(TIMES, (False, True)):
        recordings = Recordings(split, sys.argv[1] if len(sys.argv) > 1 else None, other)
        print("other words," * other, split, len(recordings), "recordings,", round(len(recordings.samples) / 16000), "s")
