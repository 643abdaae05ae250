"""What items with pictures and sounds have in common."""
from dataclasses import dataclass, field

import frames
from items import Item


@dataclass
class MediaItem(Item):
    """An item that also knows what its media are, which a tower may be taught with directly.

    truth: for each picture a `drawing.Scene`, for each sound a dict.
    """

    truth: list = field(default_factory=list)


def widened(slot, own):
    """Frames of training, validation and test, with those of frames.json, which has them for training alone."""
    return own[0] + frames.WRITTEN[slot]["train"], *own[1:]


def wording(rng, frames, split, thing=None):
    """One of the frames of a split: `frames` holds those of training, of validation and of the test;
    `thing` is what stands for {} in them.

    The first letter is now and then small and the last point left out, as people type.
    """
    choices = frames[("train", "validation", "test").index(split)]
    text = choices[rng.randrange(len(choices))]
    if thing is not None:
        text = text.format(thing)
    if "{colour}" in text:
        text = text.replace("{colour}", "colour" if rng.random() < 0.5 else "color")
    if rng.random() < 0.12:
        text = text[0].lower() + text[1:]
    if rng.random() < 0.12:
        text = text.rstrip(".?")
    return text


def asked(part, count, text):
    """A user's message: the media first and then the text, as facet puts them."""
    return {"role": "user", "content": [{"type": part} for _ in range(count)] + [{"type": "text", "text": text}]}
