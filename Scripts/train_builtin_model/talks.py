"""Conversations in which text and pictures or sounds take turns."""
import facts
import pictures
import sounds
import sums
import unknown
from media_items import MediaItem, asked

# What may follow a picture, and what is asked in one message with a picture that it is not about.
TEXT = [facts.item] * 6 + [sums.item] * 3 + [unknown.item]
BESIDE = [facts.item] * 3 + [sums.item]


def _plain(text):
    return text.lower().rstrip("?.! ")


# Questions that would be about a picture or a sound if there is one.
AMBIGUOUS = {
    _plain(text) for module in (pictures, sounds) for frames in vars(module).values()
    if isinstance(frames, tuple) and isinstance(frames[0], list) and isinstance(frames[0][0], str)
    for split in frames for text in split}


def _text(rng, split, makers):
    """A text item of one question that has nothing to do with pictures or sounds."""
    while True:
        item = rng.choice(makers)(rng, split)
        if len(item.messages) == 1 and _plain(item.messages[0]["content"]) not in AMBIGUOUS:
            return item


def exchanges(rng, split, count=None):
    """One or two questions of text with their answers, without thoughts."""
    messages = []
    for _ in range(count or rng.choice([1, 1, 2])):
        earlier = _text(rng, split, TEXT)
        messages += earlier.messages + [{"role": "assistant", "content": earlier.answer["content"]}]
    return messages


def after_text(rng, split, make):
    """An item of kind "after-text": `make` gives the item whose question comes after others.

    What is before it is text, or a picture or a sound as its own is, or both; or text comes between two
    questions about the same.
    """
    item = make(rng, split)
    kind = rng.random()
    if len(item.messages) > 1 and kind > 0.4:
        item.messages = item.messages[:-1] + exchanges(rng, split, 1) + item.messages[-1:]
    elif kind < 0.3:
        earlier = make(rng, split)
        between = exchanges(rng, split, 1) if rng.random() < 0.4 else []
        item.messages = earlier.messages + [earlier.answer] + between + item.messages
        item.media, item.truth = earlier.media + item.media, earlier.truth + item.truth
    else:
        item.messages = exchanges(rng, split) + item.messages
    item.kind = "after-text"
    return item


def crossed(rng, split, make, make_earlier):
    """An item of kind "crossed": a sound after a picture, or a picture after a sound, at times with text between."""
    item, earlier = make(rng, split), make_earlier(rng, split)
    between = exchanges(rng, split, 1) if rng.random() < 0.3 else []
    item.messages = earlier.messages + [earlier.answer] + between + item.messages
    item.media, item.truth = earlier.media + item.media, earlier.truth + item.truth
    item.kind = "crossed"
    return item


def after_media(rng, split, make):
    """An item of kind "after-media": a question of text after one about a picture or a sound, or beside one."""
    shown = make(rng, split)
    if rng.random() < 0.25:
        item = _text(rng, split, BESIDE)
        part = "image" if shown.messages[0]["content"][0]["type"] == "image" else "audio"
        messages = [asked(part, len(shown.media), item.messages[0]["content"])]
    else:
        item = _text(rng, split, TEXT)
        between = exchanges(rng, split, 1) if rng.random() < 0.25 else []
        messages = shown.messages + [shown.answer] + between + item.messages
    return MediaItem(
        "after-media", messages, item.answer, item.thinking, media=shown.media, truth=shown.truth)
