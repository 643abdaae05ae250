"""Copying practice: a few words or digits that are to be said again just as they are."""
import zlib
import frames
import words
from items import Item

FRAMES = frames.more("repeat", {
    "train": [
        "Repeat: {}", "Repeat: {}", "repeat: {}", "Say: {}", "say {}", "Say {}.", "Repeat after me: {}", "Say after me: {}",
        "echo {}", "Echo: {}", "Copy this: {}", "Please repeat: {}", "Say \"{}\".", "Repeat \"{}\".", "Repeat the words {}",
        "Say just {}", "Please say {}", "Answer with {}", "Reply with: {}", "Say only this: {}", "Copy: {}",
        "Say it as I do: {}", "Now say: {}", "Echo this: {}", "Please say this: {}", "Say \"{}\" to me.",
    ],
    "validation": ["Can you repeat: {}", "Repeat these words: {}"],
})


def text(rng):
    """One to six words or numbers."""
    style = rng.random()
    count = rng.choice([1, 1, 2, 2, 3, 3, 4, 5, 6])
    if style < 0.2:
        return " ".join(str(rng.randrange(10 ** rng.randrange(1, 7))) for _ in range(min(count, 3)))
    parts = [words.any_word(rng) if rng.random() < 0.85 else str(rng.randrange(10 ** rng.randrange(1, 7))) for _ in range(count)]
    return (", " if style < 0.3 else " ").join(parts)


def item(rng, split):
    while True:
        it = text(rng)
        if {0: "validation", 1: "test"}.get(zlib.crc32(it.encode()) % 8, "train") == split:
            break
    question = rng.choice(FRAMES[split]).format(it)
    return Item("repeat", [{"role": "user", "content": question}], {"role": "assistant", "content": it}, rng.random() < 0.5)
