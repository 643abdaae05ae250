"""Pictures with two or three kinds of things: "One red circle and two blue stars." """
import drawing
import pictures
from drawing import COLOURS, SHAPES, Scene
from media_items import MediaItem, asked, wording
from pictures import NUMBERS

ORDER = list(COLOURS)


def scenes(rng):
    """What is in the picture, in the order in which it is said: by shape, then by colour, as they are listed."""
    counts = rng.choice([(1, 1), (1, 1), (1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (1, 1, 1)])
    kinds = set()
    same = rng.random() if len(counts) == 2 else 1
    first = rng.choice(ORDER), rng.choice(SHAPES)
    while len(kinds) < len(counts):
        colour, shape = rng.choice(ORDER), rng.choice(SHAPES)
        kinds.add((first[0] if same < 0.2 else colour, first[1] if 0.2 <= same < 0.4 else shape))
    ordered = sorted(kinds, key=lambda kind: (SHAPES.index(kind[1]), ORDER.index(kind[0])))
    return [Scene(colour, shape, count) for (colour, shape), count in zip(ordered, counts)]


def joined(parts):
    """ "a, b and c" """
    return ", ".join(parts[:-1]) + " and " + parts[-1] if len(parts) > 1 else parts[0]


def described(seen):
    return joined([pictures.phrase(scene) for scene in seen]).capitalize() + "."


def counted(seen):
    return NUMBERS[sum(scene.count for scene in seen)].capitalize() + "."


def coloured(seen):
    return joined(sorted({scene.colour for scene in seen}, key=ORDER.index)).capitalize() + "."


def shaped(seen):
    """ "A circle and a star.", however many there are of each."""
    return joined(["a " + s for s in sorted({scene.shape for scene in seen}, key=SHAPES.index)]).capitalize() + "."


def item(rng, split):
    """An item of kind "mixed"."""
    seen = scenes(rng)
    frames, answer = rng.choice(
        [(pictures.DESCRIBE, described)] * 5 + [(pictures.COUNT, counted)] * 2
        + [(pictures.COLOUR, coloured), (pictures.SHAPE, shaped)])
    array, places = drawing.draw_styled(rng, seen)
    for scene, mine in zip(seen, places):
        scene.places = mine
    return MediaItem(
        "mixed", [asked("image", 1, wording(rng, frames, split))],
        {"role": "assistant", "content": answer(seen)}, rng.random() < 0.5, media=[array], truth=seen)
