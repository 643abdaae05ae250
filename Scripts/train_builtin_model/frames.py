"""The frames that questions are put in, those of the generators together with those of frames.json.

Whoever wrote frames.json had not read the generators, and several hands wrote it. It says of each frame
to which split it belongs. The test's were drawn by lot from those of one hand, the validation's from
those of the others, before a model was trained on any: so nobody chooses what the test asks, and nobody
can suit training to it. Whoever adds frames adds them to training, which leaves out those that have
the words of one that is held out.
"""
import json
import os
import re

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "frames.json")) as file:
    WRITTEN = json.load(file)


def likeness(frame):
    """The words of a frame, whatever their order, without those that change nothing."""
    text = frame if isinstance(frame, str) else frame[0]
    found = re.findall(r"[a-z']+|\{[^}]*\}|[-+*/]", text.lower().replace("'s", " is"))
    return frozenset(found) - {"please", "now", "here"} or text


def more(slot, own):
    """The frames of each split for a slot: own are those of the generators.

    What has the words of one that is held out is left out of training's.
    """
    written = {
        split: [tuple(frame) if isinstance(frame, list) else frame for frame in several]
        for split, several in WRITTEN[slot].items()}
    frames = {split: own.get(split, []) + written.get(split, []) for split in ("train", "validation", "test")}
    held = {likeness(frame) for split in ("validation", "test") for frame in frames[split]}
    return frames | {"train": [frame for frame in frames["train"] if likeness(frame) not in held]}
