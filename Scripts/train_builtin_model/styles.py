"""Other ways to draw: what people draw themselves to try the model, for the pictures of training.

Regular rows and grids of equal shapes, edges that are not smoothed, primary colours, thin and thick
shapes, outlines, any turn, pictures of usual sizes, shapes that touch the edge.
"""
import math
from dataclasses import dataclass

SIZES = [
    (200, 200), (256, 256), (300, 300), (400, 400), (512, 512), (300, 200), (400, 300), (600, 400),
    (640, 480), (800, 600), (500, 200), (400, 160), (200, 400), (300, 400), (224, 224), (100, 100),
    (1000, 400), (480, 320), (320, 240), (128, 128)]
PRIMARY = {
    "red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255), "yellow": (255, 255, 0),
    "orange": (255, 165, 0), "purple": (128, 0, 128), "black": (0, 0, 0), "white": (255, 255, 255)}
GREENS = [(0, 128, 0), (0, 255, 0), (0, 160, 0)]
GROUNDS = [(255, 255, 255), (0, 0, 0), (240, 240, 240), (128, 128, 128)]


@dataclass
class Style:
    """How the shapes of one picture are drawn.

    size: columns and rows; rowed: in rows, all of one size; smooth: the edges; hole and inner: radii
    within a ring and a star; arm: half a cross's width; line: an outline's width, 0 for filled shapes,
    all as parts of the radius; turn: degrees; same: all turned by that, else by up to that.
    """

    size: tuple
    rowed: bool
    smooth: bool
    hole: float
    inner: float
    arm: float
    line: float
    turn: float
    same: bool


def style(rng):
    """A way to draw."""
    if rng.random() < 0.7:
        size = SIZES[rng.randrange(len(SIZES))]
    else:
        side, aspect = rng.uniform(80, 600), math.exp(rng.uniform(-0.9, 0.9))
        size = round(side * math.sqrt(aspect)), round(side / math.sqrt(aspect))
    return Style(
        size, rng.random() < 0.6, rng.random() < 0.35, rng.uniform(0.4, 0.8), rng.uniform(0.35, 0.52),
        rng.uniform(0.2, 0.38), rng.uniform(0.14, 0.25) if rng.random() < 0.1 else 0,
        0 if rng.random() < 0.5 else rng.uniform(-45, 45), rng.random() < 0.7)


def primary(rng, name):
    """The exact colour that programs give this name."""
    return GREENS[rng.randrange(3)] if name == "green" else PRIMARY[name]


def places(rng, count, columns, rows, rowed):
    """Centres and radii in pixels, in rows or anywhere; they may touch the picture's edge."""
    return _rowed(rng, count, columns, rows) if rowed else _free(rng, count, columns, rows)


def _rowed(rng, count, columns, rows):
    """A row, a column or a grid whose cells are filled one after another."""
    least = 0.065 * math.sqrt(columns * rows)
    grids = [(across, -(-count // across)) for across in range(1, count + 1)]
    fit = [g for g in grids if min(columns / g[0], rows / g[1]) > 2.5 * least]
    across, down = rng.choice(fit or [max(grids, key=lambda g: min(columns / g[0], rows / g[1]))])
    wide, high = columns / across, rows / down
    # The cells may be closer to each other than the picture allows, and the whole anywhere in it.
    room = min(wide, high) / 2 * 0.94
    radius = rng.uniform(min(max(least, 0.35 * room), room), room)
    step_x = rng.uniform(min(wide, 2.15 * radius), wide)
    step_y = rng.uniform(min(high, 2.15 * radius), high)
    if rng.random() < 0.6:
        step_x, step_y = wide, high
    free_x, free_y = columns - step_x * across, rows - step_y * down
    middle = rng.random() < 0.5
    left, top = (free_x / 2, free_y / 2) if middle else (rng.uniform(0, free_x), rng.uniform(0, free_y))
    return [
        (left + (i % across + 0.5) * step_x, top + (i // across + 0.5) * step_y, radius)
        for i in range(count)]


def _free(rng, count, columns, rows):
    root = math.sqrt(columns * rows)
    most = min({1: 0.95, 2: 0.55, 3: 0.45, 4: 0.38, 5: 0.34}.get(count, 0.3) * root, min(columns, rows)) / 2
    least = min(0.065 * root, most)
    while True:
        base, same, out = rng.uniform(least, most), rng.random() < 0.6, []
        for _ in range(80):
            radius = base if same else min(most, max(least, base * rng.uniform(0.7, 1.4)))
            x, y = rng.uniform(radius, columns - radius), rng.uniform(radius, rows - radius)
            if rng.random() < 0.1:
                x = radius if rng.random() < 0.5 else columns - radius
            if all(math.hypot(x - a, y - b) > 1.06 * (radius + c) + 2 for a, b, c in out):
                out.append((x, y, radius))
                if len(out) == count:
                    return out
        most = max(least, most * 0.9)
