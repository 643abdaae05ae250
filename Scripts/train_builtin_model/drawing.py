"""Simple pictures: a few copies of one shape in one colour on a plain background.

`draw(rng, scene)` gives uint8 [rows, columns, 3]. A scene says what is to be seen; all the rest (sizes,
places, rotation, background, noise, the picture's own size) is chosen here, or by a `styles.Style`.
"""
import itertools
import math
from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw

import styles

COLOURS = {
    "red": [(215, 35, 35), (255, 0, 0), (190, 20, 40)],
    "green": [(35, 160, 60), (0, 128, 0), (0, 200, 40)],
    "blue": [(40, 80, 215), (0, 0, 255), (30, 110, 225)],
    "yellow": [(245, 215, 40), (255, 255, 0), (250, 225, 20)],
    "orange": [(245, 135, 25), (255, 140, 0), (255, 150, 20)],
    "purple": [(130, 50, 170), (128, 0, 128), (150, 60, 200)],
    "black": [(0, 0, 0), (20, 20, 20)],
    "white": [(255, 255, 255), (245, 245, 245)],
}
SHAPES = ["circle", "square", "triangle", "star", "cross", "ring"]
COUNTS = [1, 2, 3, 4, 5]
BACKGROUNDS = [
    (255, 255, 255), (255, 255, 255), (255, 255, 255), (240, 240, 240), (200, 200, 200),
    (128, 128, 128), (60, 60, 60), (0, 0, 0), (15, 20, 50), (225, 235, 250), (250, 243, 220),
    (225, 245, 225), (40, 50, 45),
]


@dataclass
class Scene:
    """What a picture shows; `places` is filled in by `draw`: x, y and radius as parts of its width,
    its height and the root of its area.
    """

    colour: str
    shape: str
    count: int
    places: list = field(default_factory=list)


def _stands_out(colour, ground):
    """Whether a colour is told from a background at once."""
    light = sum(ground) / 3 - sum(colour) / 3
    return math.dist(ground, colour) >= 130 and (
        abs(light) > 30 or max(colour) - min(colour) > 120)


def _background(rng, colour):
    """A background that the colour stands out from."""
    while True:
        ground = BACKGROUNDS[rng.randrange(len(BACKGROUNDS))]
        if _stands_out(colour, ground):
            return ground


def _size(rng):
    """Columns and rows, 64 to 1000, most nearly square."""
    side = math.exp(rng.uniform(math.log(64), math.log(420)))
    if rng.random() < 0.08:
        side = rng.uniform(420, 1000)
    kind = rng.random()
    aspect = 1.0
    if kind > 0.85:
        aspect = rng.uniform(1.3, 2.0)
    elif kind > 0.45:
        aspect = rng.uniform(1.0, 1.12)
    if rng.random() < 0.5:
        aspect = 1 / aspect
    columns, rows = side * math.sqrt(aspect), side / math.sqrt(aspect)
    return min(1000, max(64, round(columns))), min(1000, max(64, round(rows)))


def _places(rng, count, columns, rows):
    """Centres and radii in pixels, apart from each other and within the picture."""
    root = math.sqrt(columns * rows)
    least = max(0.17 * root, 15) / 2
    most = min({1: 0.75, 2: 0.5, 3: 0.42, 4: 0.36, 5: 0.32}[count] * root, 0.9 * min(columns, rows)) / 2
    while True:
        base = rng.uniform(least, max(least, most))
        same = rng.random() < 0.5
        out = []
        for _ in range(80):
            radius = base if same else min(most, max(least, base * rng.uniform(0.75, 1.3)))
            edge = radius * 1.04 + 1
            if 2 * edge >= min(columns, rows):
                continue
            x, y = rng.uniform(edge, columns - edge), rng.uniform(edge, rows - edge)
            if all(math.hypot(x - a, y - b) > 1.08 * (radius + c) + 2 for a, b, c in out):
                out.append((x, y, radius))
                if len(out) == count:
                    return out
        most = max(least, most * 0.93)


def _outline(shape, x, y, radius, turn, inner=0.42, arm=0.31):
    """Corners of a shape whose farthest point is `radius` away from its middle."""
    if shape == "square":
        at = [(radius, math.pi / 4 + i * math.pi / 2) for i in range(4)]
    elif shape == "triangle":
        at = [(radius, -math.pi / 2 + i * math.tau / 3) for i in range(3)]
    elif shape == "star":
        at = [(radius if i % 2 == 0 else inner * radius, -math.pi / 2 + i * math.pi / 5) for i in range(10)]
    else:
        near, far = math.hypot(arm, arm), math.hypot(1, arm)
        side = math.atan2(arm, 1)
        at = []
        for i in range(4):
            middle = i * math.pi / 2
            at += [(radius / far, middle - side), (radius / far, middle + side)]
            at[-2:] = [(radius, middle - side), (radius, middle + side)]
            at.append((radius * near / far, middle + math.pi / 4))
    return [(x + r * math.cos(a + turn), y + r * math.sin(a + turn)) for r, a in at]


def _mask(rng, shape, places, columns, rows, style=None):
    """Where the shapes are: uint8 [rows, columns]; smooth at the edges or not."""
    factor = 1 if rng.random() < 0.25 else (4 if columns * rows < 40_000 else 2)
    hole = rng.uniform(0.48, 0.62)
    if style:
        factor, hole = 2 if style.smooth else 1, style.hole
    mask = Image.new("L", (columns * factor, rows * factor))
    pen = ImageDraw.Draw(mask)
    for x, y, radius in places:
        x, y, radius = x * factor, y * factor, radius * factor
        if shape in ("circle", "ring"):
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
            if shape == "ring":
                inner = radius * hole
                pen.ellipse((x - inner, y - inner, x + inner, y + inner), fill=0)
        elif style:
            # A square that is turned far is still one, but few people would draw it.
            most = {"square": 20, "cross": 25}.get(shape, 45) / 45
            turn = math.radians(style.turn * most * (1 if style.same else rng.uniform(-1, 1)))
            turn *= 4 if shape == "triangle" and style.same else 1
            corners = _outline(shape, x, y, radius, turn, style.inner, style.arm)
            if style.line:
                pen.line(corners + corners[:2], fill=255, width=max(2, round(style.line * radius)), joint="curve")
            else:
                pen.polygon(corners, fill=255)
        else:
            most = 36 if shape == "star" else 15
            turn = math.radians(rng.uniform(-most, most)) if rng.random() < 0.6 else 0.0
            pen.polygon(_outline(shape, x, y, radius, turn), fill=255)
    if factor > 1:
        mask = mask.reduce(factor)
    return np.asarray(mask)


def _finish(rng, picture, columns, rows):
    """uint8 [rows, columns, 3] of a picture of floats: noise on some."""
    if rng.random() < 0.2:
        noise = np.random.default_rng(rng.getrandbits(32))
        picture = picture + noise.normal(0, rng.uniform(2, 9), (rows, columns, 1)).astype(np.float32)
    picture = np.broadcast_to(picture, (rows, columns, 3))
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def _ground(rng, ground, columns, rows):
    """The background: a slight gradient on some."""
    back = np.array(ground, np.float32)
    if rng.random() < 0.2:
        strength = rng.uniform(5, 22)
        slope = np.linspace(-strength, strength, rows if rng.random() < 0.5 else columns, dtype=np.float32)
        back = back + (slope[:, None, None] if len(slope) == rows else slope[None, :, None])
    return back


def _shade(rng, name):
    """A colour that goes by the name."""
    prototypes = COLOURS[name]
    jitter = 0 if rng.random() < 0.3 else 12
    return tuple(
        min(255, max(0, part + rng.randint(-jitter, jitter)))
        for part in prototypes[rng.randrange(len(prototypes))])


def draw(rng, scene, wide=False):
    """uint8 [rows, columns, 3]; writes the places into the scene.

    wide: two of five pictures are drawn in one of many other styles, as those of training are.
    """
    if wide and rng.random() < 0.4:
        array, (scene.places,) = draw_styled(rng, [scene])
        return array
    colour = _shade(rng, scene.colour)
    ground = _background(rng, colour)
    columns, rows = _size(rng)
    places = _places(rng, scene.count, columns, rows)
    root = math.sqrt(columns * rows)
    scene.places = [(x / columns, y / rows, radius / root) for x, y, radius in places]
    mask = _mask(rng, scene.shape, places, columns, rows).astype(np.float32)[..., None] / 255
    back = _ground(rng, ground, columns, rows)
    return _finish(rng, back + mask * (np.array(colour, np.float32) - back), columns, rows)


def draw_styled(rng, scenes):
    """A picture with the things of all these scenes, in one style, and the places of each scene's."""
    style = styles.style(rng)
    columns, rows = style.size
    exact = rng.random() < 0.6
    for tried in itertools.count():
        ground = styles.GROUNDS[0] if rng.random() < 0.6 else rng.choice(styles.GROUNDS if exact else BACKGROUNDS)
        colours = [(styles.primary if exact else _shade)(rng, scene.colour) for scene in scenes]
        # Yellow on white is what people draw: it is pale and still seen. Nothing may stand out well from
        # three colours.
        if all(math.dist(ground, colour) >= 130 and _stands_out(colour, ground) or
               exact and max(colour) - min(colour) > 120 and math.dist(ground, colour) > 90 or
               tried > 40 and math.dist(ground, colour) > max(40, 170 - tried) for colour in colours):
            break
    places = styles.places(rng, sum(scene.count for scene in scenes), columns, rows, style.rowed)
    rng.shuffle(places)
    root, found = math.sqrt(columns * rows), []
    plain = rng.random() < 0.7
    back = np.array(ground, np.float32) if plain else _ground(rng, ground, columns, rows)
    for scene, colour in zip(scenes, colours):
        mine, places = places[: scene.count], places[scene.count :]
        mask = _mask(rng, scene.shape, mine, columns, rows, style).astype(np.float32)[..., None] / 255
        back = back + mask * (np.array(colour, np.float32) - back)
        found.append([(x / columns, y / rows, radius / root) for x, y, radius in mine])
    if plain:
        return np.clip(np.rint(back), 0, 255).astype(np.uint8), found
    return _finish(rng, back, columns, rows), found


def draw_mixed(rng, side=None):
    """A picture whose things differ in shape and colour, and a scene of one thing for each.

    Only a tower's own lessons use these: they hold more to learn than pictures of one kind.
    """
    columns, rows = (side, side) if side else _size(rng)
    places = _places(rng, rng.randint(1, 5), columns, rows)
    root = math.sqrt(columns * rows)
    ground = BACKGROUNDS[rng.randrange(len(BACKGROUNDS))]
    back = _ground(rng, ground, columns, rows)
    scenes = []
    for x, y, radius in places:
        while True:
            name = rng.choice(list(COLOURS))
            colour = _shade(rng, name)
            if _stands_out(colour, ground):
                break
        shape = rng.choice(SHAPES)
        mask = _mask(rng, shape, [(x, y, radius)], columns, rows).astype(np.float32)[..., None] / 255
        back = back + mask * (np.array(colour, np.float32) - back)
        scenes.append(Scene(name, shape, 1, [(x / columns, y / rows, radius / root)]))
    return _finish(rng, back, columns, rows), scenes
