"""Small JSON objects that are asked for in words."""
import json
import zlib
from items import Item
from sums import NAMES, THINGS
from wording import slip

CITIES = ["Rome", "Paris", "Oslo", "Berlin", "Madrid", "Vienna", "Lima", "Cairo", "Tokyo", "Boston", "Athens", "Dublin", "Prague", "Seoul",
          "Delhi", "Bern", "London", "Lisbon", "Warsaw", "Havana"]
COLOURS = ["red", "green", "blue", "yellow", "black", "white", "brown", "orange", "purple", "grey", "pink"]
TITLES = ["Tea", "Rain", "Home", "Trip", "Notes", "Plan", "Garden", "Music", "Winter", "Letter", "Report", "Summer", "Dinner", "Ideas"]
TAGS = ["new", "old", "big", "small", "work", "home", "fun", "cheap", "fast", "slow", "art", "food", "sport", "travel"]
JOBS = ["baker", "nurse", "pilot", "teacher", "farmer", "painter", "writer", "driver", "cook", "doctor"]

FRAMES = {
    "train": ["Write a JSON object with {}.", "Give me a JSON object with {}.", "Make a JSON object with {}.", "JSON with {}",
              "json with {}", "Create JSON with {}.", "Return a JSON object that has {}.", "I need a JSON object with {}.",
              "Please write JSON with {}.", "As JSON: {}", "Put this into JSON: {}", "Make JSON of {}", "{} as JSON", "{} as a JSON object",
              "Answer in JSON: {}", "A JSON object with {}, please.", "Output a JSON object with {}.", "write json: {}",
              "Turn this into a JSON object: {}", "Show me a JSON object with {}.", "Can you write a JSON object with {}?",
              "How would {} look as JSON?", "Express as JSON: {}", "Give me json for {}"],
    "validation": ["Produce a JSON object with {}.", "Write this as JSON: {}", "Convert to JSON: {}"],
    "test": ["Build a JSON object with {}.", "Could you give me JSON with {}?", "Write down {} as JSON.", "I want a JSON object that has {}.",
             "Format this as JSON: {}"],
}


def value(rng, key):
    """A value for the key."""
    if key in ("age", "count", "price", "year", "size", "number", "id", "score"):
        return rng.randrange(10 ** rng.choice([1, 2, 2, 3, 4]))
    if key == "tags":
        return rng.sample(TAGS, rng.choice([1, 2, 2, 3]))
    if key in ("done", "open", "ready", "active"):
        return rng.random() < 0.5
    return rng.choice({"name": NAMES, "owner": NAMES, "friend": NAMES, "author": NAMES, "city": CITIES, "place": CITIES, "colour": COLOURS,
                       "color": COLOURS, "title": TITLES, "subject": TITLES, "thing": THINGS, "job": JOBS}[key])


KEYS = ["name", "age", "city", "colour", "color", "price", "count", "title", "done", "tags", "owner", "friend", "author", "place",
        "subject", "year", "size", "number", "id", "score", "thing", "job", "open", "ready", "active"]


def said(key, it, style):
    """The pair in words."""
    if isinstance(it, list):
        it = ", ".join(it[:-1]) + " and " + it[-1] if len(it) > 1 and style != 1 else ", ".join(it)
    elif isinstance(it, bool):
        it = "true" if it else "false"
    return (f"{key} {it}", f"{key}: {it}", f"{key} = {it}", f"the {key} {it}")[style]


def held(pairs):
    """The split that an object belongs to, by its values."""
    return {0: "validation", 1: "test"}.get(zlib.crc32(json.dumps(pairs).encode()) % 8, "train")


def item(rng, split):
    while True:
        keys = rng.sample(KEYS, rng.choice([1, 2, 2, 2, 3, 3, 4]))
        if len({"colour", "color"} & set(keys)) < 2:
            pairs = {key: value(rng, key) for key in keys}
            if held(pairs) == split:
                break
    style = rng.choice([0, 0, 0, 1, 2, 3])
    words = [said(key, it, style) for key, it in pairs.items()]
    # A list of tags holds "and" itself: commas part the pairs then, and a semicolon in the lists of "key: value".
    glue = "; " if style in (1, 2) and "tags" in keys else ", "
    text = glue.join(words)
    if style in (0, 3) and len(words) > 1 and (len(words) == 2 or rng.random() < 0.7):
        text = glue.join(words[:-1]) + " and " + words[-1]
    text = rng.choice(FRAMES[split]).format(text)
    if split == "train" and rng.random() < 0.2:
        text = text.rstrip(".?")
    return Item("json", [{"role": "user", "content": text}], {"role": "assistant", "content": json.dumps(pairs)}, rng.random() < 0.5)


def loaded(output):
    try:
        return json.loads(output.text)
    except (ValueError, RecursionError):
        return None


def valid(item, output):
    return isinstance(loaded(output), dict) and not output.malformed


def right(item, output):
    return valid(item, output) and loaded(output) == json.loads(item.answer["content"])
