#!/usr/bin/env python3
"""Items with pictures and sounds.

usage: media_data.py --check            that features equal transformers', and those of files saved
       media_data.py --save FOLDER N    saves the media of N test items, to look at and to listen to
"""
import json
import random
import sys
import wave
from pathlib import Path

import numpy as np
from PIL import Image

import mixed
import pictures
import sounds
import strange_pictures
import strange_sounds
import talks
import text_data
import yes_no
from media_features import collate, features  # noqa: F401 (part of what this module offers)

# What there is of each medium, and how often it comes in training. "crossed" is for batches that ask for it:
# it needs both towers.
WEIGHTS = {
    "pictures": {
        "picture": 46, "two-pictures": 20, "yes-no": 7, "mixed": 5, "strange": 8, "after-text": 8,
        "after-media": 6, "crossed": 0},
    "sounds": {
        "beeps": 24, "pitch": 6, "word": 34, "yes-no": 6, "strange": 14, "after-text": 9, "after-media": 7,
        "crossed": 0},
}
# Training has fewer that need two new pictures, since `batch` adds others.
TRAINED = {
    "pictures": WEIGHTS["pictures"] | {"picture": 62, "two-pictures": 10, "yes-no": 4, "mixed": 2}, "sounds": WEIGHTS["sounds"]}
KINDS = (
    "picture", "two-pictures", "beeps", "pitch", "word", "yes-no", "mixed", "strange", "after-text",
    "after-media", "crossed")
# The part of training's items that has a system prompt.
WITH_SYSTEM = 0.06


def medium_of(rng, kind=None):
    """A medium that the kind is of: pictures more often where both are."""
    while True:
        medium = rng.choices(list(WEIGHTS), [3, 2])[0]
        if kind is None or kind in WEIGHTS[medium]:
            return medium


def batch(rng, count, medium, crossed=False):
    """So many items of a medium for training; crossed: one in four has one of the other medium before it.

    Half as many more ask about two of the pictures that there are.
    """
    with_other = count // 4 if crossed else 0
    items = [item(rng, "train", "crossed" if i < with_other else None, medium) for i in range(count)]
    return items + (pictures.pairs(rng, items, count // 2) if medium == "pictures" else [])


def simple(rng, split, medium):
    """An item of a kind that others follow or come after."""
    while True:
        kind = rng.choices(*zip(*WEIGHTS[medium].items()))[0]
        if not kind.startswith("after"):
            return item(rng, split, kind, medium)


def item(rng, split, kind=None, medium=None):
    """An item of a kind, or of any in the mixture of training; of a medium ("pictures" or "sounds"), or of any."""
    if kind in ("picture", "two-pictures"):
        return pictures.item(rng, split, kind)
    if kind in ("beeps", "pitch", "word"):
        return sounds.item(rng, split, kind)
    medium = medium or medium_of(rng, kind)
    if kind is None:
        weights = (TRAINED if split == "train" else WEIGHTS)[medium]
        new = item(rng, split, rng.choices(*zip(*weights.items()))[0], medium)
        if rng.random() < WITH_SYSTEM:
            new.messages = [{"role": "system", "content": rng.choice(text_data.SYSTEMS)}] + new.messages
        return new
    if kind == "yes-no":
        return yes_no.item(rng, split, medium)
    if kind == "mixed":
        return mixed.item(rng, split)
    if kind == "strange":
        return (strange_pictures if medium == "pictures" else strange_sounds).item(rng, split)
    if kind == "crossed":
        other = "sounds" if medium == "pictures" else "pictures"
        return talks.crossed(
            rng, split, lambda rng, split: simple(rng, split, medium), lambda rng, split: simple(rng, split, other))
    make = talks.after_text if kind == "after-text" else talks.after_media
    return make(rng, split, lambda rng, split: simple(rng, split, medium))


def held_out(split, kind, count, seed=0):
    """Always the same `count` items of a kind."""
    rng = random.Random(f"{split} {kind} {seed}")
    return [item(rng, split, kind) for _ in range(count)]


def right(item, output):
    """Whether an output's text is the answer; capitals do not matter."""
    return output.text.strip().lower() == item.answer["content"].lower()


def shown(content):
    return content if type(content) is str else " ".join(p.get("text", f"<{p['type']}>") for p in content)


def save(item, folder, name):
    """Writes an item's media as PNG and WAV (16 kHz, mono, 16 bits); returns their paths, in order."""
    paths = []
    for index, array in enumerate(item.media):
        if array.dtype == np.uint8:
            path = Path(folder) / f"{name}-{index}.png"
            Image.fromarray(array).save(path)
        else:
            path = Path(folder) / f"{name}-{index}.wav"
            with wave.open(str(path), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(sounds.RATE)
                file.writeframes(np.rint(array * 32768).astype("<i2").tobytes())
        paths.append(path)
    return paths


def load(path):
    """What `save` wrote, as an item's media hold it."""
    if path.suffix == ".png":
        return np.asarray(Image.open(path).convert("RGB"))
    with wave.open(str(path)) as file:
        whole = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    return (whole / 32768).astype(np.float32)


def check():
    import tempfile

    from transformers.models.gemma4.image_processing_pil_gemma4 import Gemma4ImageProcessorPil

    processor = Gemma4ImageProcessorPil(max_soft_tokens=70)
    rng = random.Random(5)
    with tempfile.TemporaryDirectory() as folder:
        for index in range(60):
            new = item(rng, "test")
            mine = features(new)
            again = [load(path) for path in save(new, folder, f"item{index}")]
            for one, other in zip(new.media, again):
                assert one.dtype == other.dtype and (one == other).all(), "a file holds other values"
            number = 0
            for array, count in zip(again, mine["tokens"]):
                if array.dtype != np.uint8:
                    continue
                theirs = processor(images=[Image.fromarray(array)], return_tensors="np")
                values, positions = mine["pictures"][number]
                assert int(theirs["num_soft_tokens_per_image"][0]) == count
                assert (theirs["image_position_ids"][0][: len(values)] == positions).all()
                assert np.abs(theirs["pixel_values"][0][: len(values)] - values).max() < 1e-6
                number += 1
    print("60 items: patches are transformers', files hold what items hold")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--check"]:
        check()
    elif sys.argv[1:2] == ["--save"]:
        rng = random.Random(7)
        Path(sys.argv[2]).mkdir(parents=True, exist_ok=True)
        for number in range(int(sys.argv[3])):
            new = item(rng, "test")
            save(new, sys.argv[2], f"item{number}")
            print(number, new.kind, json.dumps([shown(m["content"]) for m in new.messages]), new.answer["content"])
    else:
        raise SystemExit(__doc__)
