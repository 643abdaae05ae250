"""Pictures and questions about them: what colour, which shape, how many, a description; also two."""
import random

import drawing
from drawing import COLOURS, COUNTS, SHAPES, Scene
from media_items import MediaItem, asked, widened, wording

NUMBERS = ["zero", "one", "two", "three", "four", "five"]

# Frames of each question: training, validation, test.
COLOUR = widened("picture-colour", (
    ["What {colour} is it?", "What {colour} is this?", "Which {colour} is it?", "What is the {colour}?",
     "Which {colour} do you see?", "What {colour} is in the picture?", "Name the {colour}.",
     "Tell me the {colour}.", "What {colour} is the shape?", "What {colour} are the shapes?",
     "The {colour}?", "What {colour} has it?", "Which {colour} is used in this picture?",
     "Say which {colour} this is.", "In what {colour} is it drawn?", "What {colour} are they?",
     "Which {colour} are the things in the picture?", "Please tell me what {colour} it is.",
     "Is it red, green or blue? What {colour}?", "I want to know the {colour}.",
     "Can you tell me the {colour}?", "Look at the picture. What {colour} is it?"],
    ["Which {colour} is this?", "What {colour} do you see?", "Give me the {colour} please.",
     "What is its {colour}?"],
    ["What {colour} can you see?", "Please name the {colour}.", "Which {colour} does it have?",
     "Tell me what {colour} this is.", "Which {colour} is the shape?"],
))
SHAPE = widened("picture-shape", (
    ["What shape is it?", "What shape is this?", "Which shape is it?", "What is the shape?",
     "Which shape do you see?", "What shape is in the picture?", "Name the shape.", "Tell me the shape.",
     "The shape?", "What shape has it?", "Which shape is used in this picture?", "Say which shape this is.",
     "What shape is drawn?", "What shape are they?", "Please tell me what shape it is.",
     "Is it a circle or a square? What shape?", "I want to know the shape.", "Can you tell me the shape?",
     "Look at the picture. What shape is it?", "What kind of shape is it?", "Which kind of shape is this?"],
    ["Which shape is this?", "What shape do you see?", "Give me the shape please.", "What is its shape?"],
    ["What shape can you see?", "Please name the shape.", "Which shape does it have?",
     "Tell me what shape this is.", "What kind of shape is this?"],
))
COUNT = widened("picture-count", (
    ["How many are there?", "How many shapes are there?", "How many do you see?", "How many shapes?",
     "How many things are in the picture?", "Count the shapes.", "Count them.", "What is the number of shapes?",
     "How many shapes do you see?", "How many shapes does the picture show?", "Tell me how many there are.",
     "Please count the shapes.", "How many things do you see?", "How many are in it?", "How many?",
     "Say how many shapes there are.", "I want to know how many there are.", "Can you count them?",
     "Look at the picture. How many shapes are there?", "How many are drawn?", "Number of shapes?"],
    ["How many shapes are in the picture?", "Count what you see.", "How many things are there?",
     "Tell me the number of shapes."],
    ["How many shapes can you see?", "How many are in the picture?", "Please count them.",
     "Tell me how many shapes you see.", "Can you count the shapes?"],
))
DESCRIBE = widened("picture", (
    ["Describe the picture.", "What is in the picture?", "What do you see?", "What is this?",
     "What does the picture show?", "Describe this.", "Tell me what you see.", "What is shown here?",
     "Describe what you see.", "What can be seen?", "Please describe the picture.", "What is on the picture?",
     "Describe this image.", "What is in this image?", "What does this image show?", "What is that?",
     "Tell me what is in the picture.", "Say what you see.", "Can you describe the picture?",
     "Look at the picture. What is in it?", "What do you see in the picture?", "Picture?"],
    ["What is shown in the picture?", "Describe the image.", "Tell me what this shows.",
     "What do you see here?"],
    ["What can you see in the picture?", "Please describe what you see.", "What is in it?",
     "Tell me what the picture shows.", "What is drawn here?"],
))
BOTH = widened("two-pictures", (
    ["What is in the pictures?", "Describe the pictures.", "What do you see?", "What do the pictures show?",
     "Describe both pictures.", "What is in the two pictures?", "Tell me what you see.",
     "Describe the two pictures.", "What is shown in the pictures?", "Describe what you see.",
     "Please describe both.", "What do these two show?", "Describe the images.", "What is on them?",
     "Tell me what is in the pictures.", "Say what is in both pictures.", "What do you see in the pictures?"],
    ["What do the two pictures show?", "Describe these pictures.", "Tell me what both show."],
    ["What can you see in the pictures?", "Please describe the two pictures.", "What is in both pictures?",
     "Tell me what the pictures show."],
))
MORE = (
    ["Which picture has more shapes?", "Which has more shapes?", "Which one has more?",
     "In which picture are more shapes?", "Which picture shows more?", "Where are more shapes?",
     "Which of the two has more shapes?", "Tell me which picture has more shapes.", "Where do you see more?",
     "Which picture has more things in it?", "Compare the numbers: which has more?"],
    ["Which of the pictures has more?", "In which are more shapes?", "Which one shows more shapes?"],
    ["Which picture shows more shapes?", "Which of the two pictures has more?", "Where do you see more shapes?",
     "Which one has more shapes?"],
)
SAME = (
    ["Are they the same {colour}?", "Do they have the same {colour}?", "Is the {colour} the same?",
     "Are both the same {colour}?", "Same {colour}?", "Are the shapes of the same {colour}?",
     "Do both pictures have the same {colour}?", "Is it the same {colour} in both?",
     "Are the pictures the same {colour}?", "Tell me if they have the same {colour}.",
     "Is the {colour} of both the same?"],
    ["Are the two the same {colour}?", "Have they the same {colour}?", "Is the {colour} the same in both?"],
    ["Do the pictures have the same {colour}?", "Are both of the same {colour}?",
     "Is it the same {colour} in both pictures?", "Tell me if both are the same {colour}."],
)


def _kept():
    """Which combinations only the test or only the validation sees: 20 of 240 each."""
    every = [(c, s, n) for c in COLOURS for s in SHAPES for n in COUNTS]
    chosen = random.Random(9).sample(every, 40)
    return {**dict.fromkeys(chosen[:20], "test"), **dict.fromkeys(chosen[20:], "validation")}


KEPT = _kept()


def kept_for(scene):
    """The split that alone sees a combination of colour, shape and count; None for most."""
    return KEPT.get((scene.colour, scene.shape, scene.count))


def scene(rng, split):
    """What a picture of a split shows: in the test two of five are combinations never trained on."""
    wanted = split if split != "train" and rng.random() < 0.4 else None
    while True:
        new = Scene(rng.choice(list(COLOURS)), rng.choice(SHAPES), rng.choice(COUNTS))
        if kept_for(new) == wanted:
            return new


def plural(shape):
    return "crosses" if shape == "cross" else shape + "s"


def phrase(scene):
    """ "three red circles" """
    shape = scene.shape if scene.count == 1 else plural(scene.shape)
    return f"{NUMBERS[scene.count]} {scene.colour} {shape}"


ONE = [
    ("colour", COLOUR, lambda s: s.colour.capitalize() + "."),
    ("shape", SHAPE, lambda s: f"A {s.shape}."),
    ("count", COUNT, lambda s: NUMBERS[s.count].capitalize() + "."),
    ("describe", DESCRIBE, lambda s: phrase(s).capitalize() + "."),
]


def _both(a, b):
    return f"The first shows {phrase(a)}, the second {phrase(b)}."


# What was seen is said first: a small model cannot compare what it has not written.


def _more(a, b):
    verdict = "both have the same number" if a.count == b.count else "the first" if a.count > b.count else "the second"
    return f"{NUMBERS[a.count].capitalize()} and {NUMBERS[b.count]}: {verdict}."


def _same(a, b):
    return f"{a.colour.capitalize()} and {b.colour}: {'yes, the same' if a.colour == b.colour else 'no'}."


def _one(rng, split):
    seen = scene(rng, split)
    picture = drawing.draw(rng, seen, split == "train")
    # A description says all, so that it teaches more than one word does.
    order = rng.sample(range(3), 3)
    first = 3 if rng.random() < 0.5 else order.pop()
    turns = [first]
    while order and len(turns) < 3 and rng.random() < 0.2:
        turns.append(order.pop())
    messages = []
    for index, turn in enumerate(turns):
        _, frames, answer = ONE[turn]
        text = wording(rng, frames, split)
        messages.append(asked("image", 1, text) if index == 0 else {"role": "user", "content": text})
        messages.append({"role": "assistant", "content": answer(seen)})
    return MediaItem(
        "picture", messages[:-1], messages[-1], rng.random() < 0.5, media=[picture], truth=[seen])


def _two(rng, split):
    a = scene(rng, split)
    b = scene(rng, split)
    kind = rng.random()  # Of the question.
    if kind > 0.75:
        for _ in range(40):
            if (a.colour == b.colour) == (kind > 0.87):
                break
            b = scene(rng, split)
    wide = split == "train"
    return _of_both(rng, split, kind, [a, b], [drawing.draw(rng, a, wide), drawing.draw(rng, b, wide)])


def _of_both(rng, split, kind, scenes, pictures):
    """A question about two pictures; kind, from 0 to 1, says which."""
    frames, answer = (BOTH, _both) if kind < 0.5 else (MORE, _more) if kind < 0.75 else (SAME, _same)
    return MediaItem(
        "two-pictures", [asked("image", 2, wording(rng, frames, split))],
        {"role": "assistant", "content": answer(*scenes)}, rng.random() < 0.5, media=pictures, truth=scenes)


def pairs(rng, items, count):
    """So many items for training about two pictures that other items show as well, which cost no tower anything."""
    shown = [(s, p) for it in items if it.kind in ("picture", "two-pictures") for s, p in zip(it.truth, it.media)]
    if len(shown) < 2:
        return []
    return [_of_both(rng, "train", rng.random(), *map(list, zip(*rng.sample(shown, 2)))) for _ in range(count)]


def item(rng, split, kind=None):
    """An item of kind "picture", or "two-pictures" once in five times."""
    if kind is None:
        kind = "two-pictures" if rng.random() < 0.2 else "picture"
    return _two(rng, split) if kind == "two-pictures" else _one(rng, split)
