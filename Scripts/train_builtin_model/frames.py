"""The frames that questions are put in, those of the generators together with those of frames.json.

Whoever wrote frames.json had not read the generators. One in four of its frames is for the test, drawn
by lot, the others are for training: so nobody chooses what the test asks, and nobody can suit training
to it. A frame of frames.json with the words of one that a generator has is not new, and is left out.
"""
import json
import os
import random
import re

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "frames.json")) as file:
    WRITTEN = json.load(file)


def likeness(frame):
    """The words of a frame, whatever their order, without those that change nothing."""
    text = frame if isinstance(frame, str) else frame[0]
    found = re.findall(r"[a-z']+|\{[^}]*\}|[-+*/]", text.lower().replace("'s", " is"))
    return frozenset(found) - {"please", "now", "here"} or text


def more(slot, own):
    """The frames of each split for a slot: own has those for "train" and "validation"."""
    known = {likeness(frame) for split in own for frame in own[split]}
    new = {likeness(frame): tuple(frame) if isinstance(frame, list) else frame for frame in WRITTEN[slot]}
    new = [frame for words, frame in new.items() if words not in known]
    random.Random(slot).shuffle(new)
    return {"train": own["train"] + [frame for i, frame in enumerate(new) if i % 4], "validation": own["validation"], "test": new[::4]}
