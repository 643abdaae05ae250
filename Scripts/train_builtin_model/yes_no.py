"""Questions about pictures and sounds that are answered with yes or no, and what is so instead."""
import re

import drawing
import pictures
import sounds
from drawing import COLOURS, COUNTS, SHAPES
from media_items import MediaItem, asked, wording
from pictures import NUMBERS, plural
from voices import WORDS

# Frames of each question: training, validation, test. {} is what is asked about.
COLOUR = (
    ["Is it {}?", "Is this {}?", "Is the shape {}?", "Is the {{colour}} {}?", "Is that {}?", "Do you see {}?",
     "Is it drawn in {}?", "Is there something {}?", "Is it {} or not?", "Is what you see {}?", "{}?",
     "Tell me if it is {}.", "Is the picture of something {}?", "It is {}, right?", "Are they {}?",
     "Are the shapes {}?", "Are these {}?", "Are all of them {}?"],
    ["Is this thing {}?", "Would you say it is {}?"],
    ["Is the {{colour}} of it {}?", "Is this shape {}?", "Tell me whether it is {}.", "Can you see {}?"],
)
SHAPE_ONE = (
    ["Is it a {}?", "Is this a {}?", "Is that a {}?", "Is the shape a {}?", "Is this shape a {}?", "A {}?",
     "Tell me if it is a {}.", "Is it a {} or not?", "It is a {}, right?", "Is what you see a {}?",
     "Is a {} drawn here?"],
    ["Would you say it is a {}?", "Is this thing a {}?"],
    ["Is what is drawn a {}?", "Tell me whether this is a {}.", "Is the thing here a {}?"],
)
SHAPE_MANY = (
    ["Are they {}?", "Are these {}?", "Are those {}?", "Are the shapes {}?", "Are these shapes {}?", "{}?",
     "Tell me if they are {}.", "Are they {} or not?", "They are {}, right?", "Are all of them {}?"],
    ["Would you say they are {}?", "Are these things {}?"],
    ["Are what you see {}?", "Tell me whether these are {}.", "Are the things here {}?"],
)
COUNT = (
    ["Are there {}?", "Are there {} of them?", "Are there {} shapes?", "Do you see {}?", "Do you see {} shapes?",
     "Is the number {}?", "{}?", "There are {}, right?", "Tell me if there are {}.",
     "Does the picture show {}?", "Are {} shapes in the picture?"],
    ["Are {} of them here?", "Would you say there are {}?"],
    ["Can you see {} shapes?", "Are there {} things?", "Tell me whether there are {}.", "Are {} drawn?"],
)
WHOLE = (
    ["Is this {}?", "Is it {}?", "Do you see {}?", "Does the picture show {}?", "Is there {}?", "Are there {}?",
     "Are these {}?", "Are they {}?", "Tell me if this is {}.", "This is {}, right?", "{}?",
     "Is {} in the picture?"],
    ["Would you say this is {}?", "Is {} here?"],
    ["Can you see {}?", "Is what is shown {}?", "Tell me whether this shows {}."],
)
PITCH = (
    ["Is it {}?", "Is this {}?", "Is the tone {}?", "Is the sound {}?", "Does it sound {}?", "Is the pitch {}?",
     "Are they {}?", "Are the beeps {}?", "Is it a {} tone?", "It is {}, right?", "Tell me if it is {}.", "{}?"],
    ["Is the beep {}?", "Would you say it is {}?"],
    ["Is this sound {}?", "Are the tones {}?", "Tell me whether it is {}."],
)
BEEPS = (
    ["Are there {}?", "Are there {} beeps?", "Do you hear {}?", "Do you hear {} beeps?", "Is it {} beeps?",
     "Are these {} beeps?", "Does it beep {} times?", "Is the number of beeps {}?", "{}?", "{} beeps?",
     "There are {}, right?", "Tell me if there are {}."],
    ["Are {} beeps in it?", "Would you say there are {}?"],
    ["Can you hear {} beeps?", "Are there {} tones?", "Tell me whether there are {} beeps."],
)
WORD = (
    ["Is it {}?", "Is the word {}?", "Is this {}?", "Did I say {}?", "Do I say {}?", "Was that {}?",
     "Is the word that I say {}?", "Do you hear {}?", "Do you hear the word {}?", "I said {}, right?",
     "Tell me if I said {}.", "{}?", "Did the voice say {}?"],
    ["Was the word {}?", "Would you say it is {}?"],
    ["Is this the word {}?", "Did you hear {}?", "Tell me whether I said {}."],
)


def _question(rng, frames, split, thing):
    text = wording(rng, frames, split, thing)
    if thing == "one":
        text = re.sub(r"\b(beep|tone|shape|thing|time)s\b", r"\1", text)
        text = re.sub(r"\b([Aa])re\b", lambda found: "Is" if found[1] == "A" else "is", text)
        text = text.replace("these", "this")
    return text[0].upper() + text[1:] if rng.random() < 0.7 else text


def _other(rng, choices, truth):
    """The truth half of the time, or any other of the choices."""
    if rng.random() < 0.5:
        return truth
    return rng.choice([choice for choice in choices if choice != truth])


def _number(rng, truth):
    """The truth half of the time, or another number, most often the next."""
    if rng.random() < 0.5:
        return truth
    near = [n for n in (truth - 1, truth + 1) if n in COUNTS]
    return rng.choice(near if rng.random() < 0.6 else [n for n in COUNTS if n != truth])


def _yes(same, text):
    return f"{'Yes' if same else 'No'}, {text}."


def of_picture(rng, split, seen):
    """A question about a scene, and the answer."""
    kind = rng.choice(["colour", "colour", "shape", "shape", "shape", "count", "count", "whole"])
    if kind == "colour":
        said = _other(rng, list(COLOURS), seen.colour)
        return _question(rng, COLOUR, split, said), _yes(said == seen.colour, f"it is {seen.colour}")
    if kind == "shape":
        said = _other(rng, SHAPES, seen.shape)
        if seen.count == 1:
            return _question(rng, SHAPE_ONE, split, said), _yes(said == seen.shape, f"it is a {seen.shape}")
        # "Is this a circle?" is asked of several circles, too.
        frames, name = (SHAPE_ONE, said) if rng.random() < 0.2 else (SHAPE_MANY, plural(said))
        return (
            _question(rng, frames, split, name), _yes(said == seen.shape, f"they are {plural(seen.shape)}"))
    if kind == "count":
        said = _number(rng, seen.count)
        verb = "is" if seen.count == 1 else "are"
        return (
            _question(rng, COUNT, split, NUMBERS[said]),
            _yes(said == seen.count, f"there {verb} {NUMBERS[seen.count]}"))
    asked_for = drawing.Scene(seen.colour, seen.shape, seen.count)
    if rng.random() < 0.5:
        change = rng.choice(["colour", "shape", "count"])
        choices = {"colour": list(COLOURS), "shape": SHAPES, "count": COUNTS}[change]
        setattr(asked_for, change, rng.choice([c for c in choices if c != getattr(seen, change)]))
    phrase = pictures.phrase(asked_for)
    if asked_for.count == 1 and rng.random() < 0.7:
        phrase = ("an" if asked_for.colour == "orange" else "a") + phrase[3:]
    return _question(rng, WHOLE, split, phrase), _yes(asked_for == seen_as(seen), pictures.phrase(seen))


def seen_as(scene):
    """The scene without its places."""
    return drawing.Scene(scene.colour, scene.shape, scene.count)


def of_sound(rng, split, truth):
    """A question about a sound, and the answer."""
    if "word" in truth:
        said = _other(rng, WORDS, truth["word"])
        return _question(rng, WORD, split, said), _yes(said == truth["word"], f"the word is {truth['word']}")
    if rng.random() < 0.5:
        said = _other(rng, ["high", "low"], truth["pitch"])
        return _question(rng, PITCH, split, said), _yes(said == truth["pitch"], f"it is {truth['pitch']}")
    said, count = _number(rng, truth["count"]), truth["count"]
    verb = "is" if count == 1 else "are"
    return _question(rng, BEEPS, split, NUMBERS[said]), _yes(said == count, f"there {verb} {NUMBERS[count]}")


def item(rng, split, medium):
    """An item of kind "yes-no" about a picture or a sound; at times another question comes before."""
    pictured = medium == "pictures"
    base = pictures.item(rng, split, "picture") if pictured else sounds.item(rng, split)
    text, answer = (of_picture if pictured else of_sound)(rng, split, base.truth[0])
    if rng.random() < 0.3:
        messages = base.messages + [base.answer, {"role": "user", "content": text}]
    else:
        messages = [asked("image" if pictured else "audio", 1, text)]
    return MediaItem(
        "yes-no", messages, {"role": "assistant", "content": answer}, base.thinking, media=base.media,
        truth=base.truth)
