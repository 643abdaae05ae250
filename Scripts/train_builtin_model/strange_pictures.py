"""Pictures that the model does not know: it is to say so.

Noise, photographs (made of smooth fields), screens of text, textures, empty pictures, many shapes at
once. The test has some kinds that training has not.
"""
import math

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import drawing
import pictures
import yes_no
from media_items import MediaItem, asked, wording

ANSWER = "I see no simple shapes: I only know a few coloured ones."

# Each: float or uint8 [rows, columns, 3] of a random.Random, numpy's own, and the size.


def field(rng, noise, rows, columns):
    """A smooth random field of colours, of one or several octaves, as a photograph is from afar."""
    out = np.zeros((rows, columns, 3), np.float32)
    for octave in range(rng.randint(1, 5)):
        cells = 2 ** (octave + 1) + 1
        small = Image.fromarray(noise.integers(0, 256, (cells, cells, 3), np.uint8))
        out += np.asarray(small.resize((columns, rows), Image.Resampling.BICUBIC), np.float32) / 1.7**octave
    low, high = out.min(), out.max()
    return (out - low) / (high - low + 1e-6) * rng.uniform(90, 255) + rng.uniform(0, 40)


def grain(rng, noise, rows, columns):
    """Noise, in grey or in colours, of single or larger points."""
    size = rng.choice([1, 1, 2, 4, 8])
    shape = (-(-rows // size), -(-columns // size), rng.choice([1, 3]))
    out = noise.integers(0, 256, shape) if rng.random() < 0.6 else noise.normal(128, rng.uniform(25, 70), shape)
    return np.repeat(np.repeat(out, size, 0), size, 1)[:rows, :columns]


def slope(rng, noise, rows, columns):
    """From one colour to another, along any direction or outwards."""
    y, x = np.mgrid[0:1:rows * 1j, 0:1:columns * 1j]
    angle = rng.uniform(0, math.tau)
    at = np.hypot(x - rng.random(), y - rng.random()) if rng.random() < 0.4 else x * math.cos(angle) + y * math.sin(angle)
    at = (at - at.min()) / (at.max() - at.min())
    a, b = noise.integers(0, 256, (2, 3))
    return a + at[..., None] * (b - a)


def frame(rng, noise, rows, columns):
    """One colour everywhere, most often white."""
    colour = rng.choice([(255, 255, 255), (250, 250, 248), (0, 0, 0)]) if rng.random() < 0.4 else (
        drawing._shade(rng, rng.choice(list(drawing.COLOURS))))
    return np.broadcast_to(np.array(colour, np.float32), (rows, columns, 3))


def screen(rng, noise, rows, columns):
    """A page or a window with lines of text, bars and boxes."""
    dark = rng.random() < 0.4
    ground, ink = ((25, 25, 30), (220, 220, 220)) if dark else ((255, 255, 255), (20, 20, 20))
    page = Image.new("RGB", (columns, rows), ground)
    pen = ImageDraw.Draw(page)
    top = 0
    if rng.random() < 0.5:
        top = rng.randint(10, max(11, rows // 6))
        pen.rectangle((0, 0, columns, top), fill=tuple(rng.randint(60, 230) for _ in range(3)))
    if rng.random() < 0.3:
        pen.rectangle((0, top, columns // 4, rows), fill=tuple(rng.randint(100, 245) for _ in range(3)))
    font = ImageFont.load_default(rng.randint(9, max(10, rows // 9)))
    left, y = rng.randint(3, max(4, columns // 4)), top + 4
    while y < rows * rng.uniform(0.5, 1):
        line = " ".join("".join(rng.choices("etaoinshrdlucmETAOIN0123456789(){}", k=rng.randint(1, 9)))
                        for _ in range(rng.randint(1, 9)))
        colour = ink if rng.random() < 0.8 else tuple(rng.randint(40, 220) for _ in range(3))
        pen.text((left, y), line, fill=colour, font=font)
        y += int(font.size * rng.choice([1.2, 1.3, 1.3, 2.4]))
    return np.asarray(page)


def crowd(rng, noise, rows, columns):
    """Eight to twenty shapes of many kinds and colours, on each other too."""
    ground = rng.choice(drawing.BACKGROUNDS)
    back = np.broadcast_to(np.array(ground, np.float32), (rows, columns, 3))
    root = math.sqrt(rows * columns)
    for _ in range(rng.randint(8, 20)):
        place = rng.uniform(0, columns), rng.uniform(0, rows), rng.uniform(0.05, 0.16) * root
        mask = drawing._mask(rng, rng.choice(drawing.SHAPES), [place], columns, rows)
        colour = np.array(drawing._shade(rng, rng.choice(list(drawing.COLOURS))), np.float32)
        back = back + mask.astype(np.float32)[..., None] / 255 * (colour - back)
    return back


def checks(rng, noise, rows, columns):
    """A checkerboard, or dots or bricks in many rows."""
    side = max(4, round(math.sqrt(rows * columns) / rng.uniform(7, 25)))
    y, x = np.mgrid[0:rows, 0:columns]
    kind = rng.random()
    if kind < 0.4:
        on = (x // side + y // side) % 2
    elif kind < 0.7:
        on = np.hypot(x % side - side / 2, y % side - side / 2) < 0.36 * side
    else:
        on = ((x + side // 2 * (y // side % 2)) % side > 2) & (y % side > 2)
    a, b = noise.integers(0, 256, (2, 3))
    return np.where(on[..., None], a, b)


def stripes(rng, noise, rows, columns):
    """Parallel stripes or waves of two colours."""
    y, x = np.mgrid[0:rows, 0:columns]
    angle, wave = rng.uniform(0, math.tau), math.sqrt(rows * columns) / rng.uniform(4, 20)
    at = np.sin((x * math.cos(angle) + y * math.sin(angle)) * math.tau / wave)
    a, b = noise.integers(0, 256, (2, 3))
    return a + ((at > 0) if rng.random() < 0.5 else (at + 1) / 2)[..., None] * (b - a)


def land(rng, noise, rows, columns):
    """A landscape: sky, hills one before another, grain."""
    y = np.linspace(0, 1, rows)[:, None, None]
    out = np.array([90, 150, 230]) + y * np.array([120, 80, 10]) * rng.uniform(0.3, 1) + np.zeros((1, columns, 1))
    x = np.linspace(0, 1, columns)
    for layer in range(rng.randint(1, 4)):
        line = 0.35 + 0.15 * layer + sum(
            rng.uniform(0.01, 0.09) * np.sin(x * rng.uniform(3, 25) + rng.uniform(0, 6)) for _ in range(4))
        colour = np.array([rng.randint(20, 130), rng.randint(50, 150), rng.randint(10, 90)])
        out = np.where((y[..., 0] > line)[..., None], colour * (1.1 - 0.3 * y), out)
    return out + noise.normal(0, rng.uniform(1, 12), (rows, columns, 1))


def scribble(rng, noise, rows, columns):
    """Lines that go anywhere."""
    page = Image.new("RGB", (columns, rows), rng.choice(drawing.BACKGROUNDS))
    pen = ImageDraw.Draw(page)
    for _ in range(rng.randint(2, 7)):
        points = [(rng.uniform(0, columns), rng.uniform(0, rows)) for _ in range(rng.randint(3, 12))]
        pen.line(points, fill=tuple(rng.randint(0, 255) for _ in range(3)), width=rng.randint(1, 5))
    return np.asarray(page)


KINDS = [field, field, grain, slope, frame, screen, screen, crowd, checks]
# Those of the test alone.
NEW = [stripes, land, scribble]


def picture(rng, split):
    """uint8 [rows, columns, 3] of something that is no simple shape."""
    make = rng.choice(NEW if split == "test" and rng.random() < 0.4 else KINDS)
    if rng.random() < 0.5:
        columns, rows = rng.choice([(200, 200), (320, 240), (400, 300), (256, 256), (240, 320), (100, 100)])
    else:
        columns, rows = rng.randint(64, 420), rng.randint(64, 420)
        rows = min(max(rows, columns // 2), columns * 2)
    out = make(rng, np.random.default_rng(rng.getrandbits(32)), rows, columns)
    return np.clip(np.rint(np.broadcast_to(out, (rows, columns, 3))), 0, 255).astype(np.uint8)


def item(rng, split):
    """An item of kind "strange", with one of the questions that are asked about shapes."""
    frames = rng.choice([pictures.DESCRIBE] * 4 + [pictures.COLOUR, pictures.SHAPE, pictures.COUNT])
    text = wording(rng, frames, split)
    if rng.random() < 0.15:
        text, _ = yes_no.of_picture(rng, split, pictures.scene(rng, split))
    return MediaItem(
        "strange", [asked("image", 1, text)], {"role": "assistant", "content": ANSWER}, rng.random() < 0.5,
        media=[picture(rng, split)], truth=[None])
