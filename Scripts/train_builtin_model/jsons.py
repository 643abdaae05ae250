"""Small JSON objects that are asked for in words."""
import json
import zlib
import frames
import words
from items import Item
from wording import slip

FRAMES = frames.more("json", {
    "train": [
        "Write a JSON object with {}.", "Give me a JSON object with {}.", "Make a JSON object with {}.", "JSON with {}",
        "json with {}", "Create JSON with {}.", "Return a JSON object that has {}.", "I need a JSON object with {}.",
        "Please write JSON with {}.", "As JSON: {}", "Put this into JSON: {}", "Make JSON of {}", "{} as JSON",
        "{} as a JSON object", "Answer in JSON: {}", "A JSON object with {}, please.", "Output a JSON object with {}.",
        "write json: {}", "Turn this into a JSON object: {}", "Show me a JSON object with {}.",
        "Can you write a JSON object with {}?", "How would {} look as JSON?", "Express as JSON: {}", "Give me json for {}",
        "Produce a JSON object with {}.", "Write this as JSON: {}", "Convert to JSON: {}", "Could you give me JSON with {}?",
        "I want a JSON object that has {}.",
    ],
    "validation": ["Build a JSON object with {}.", "Write down {} as JSON.", "Format this as JSON: {}"],
})


NUMBERS = ["age", "price", "count", "year", "size", "number", "id", "score", "weight", "height", "width", "length", "level", "points",
           "total", "amount", "quantity", "pages", "floor", "temperature", "volume", "stars", "port", "seats", "limit", "minutes"]
TRUTHS = ["done", "open", "ready", "active", "valid", "enabled", "visible", "paid", "married", "empty", "sold", "public", "hot"]
POOLS = {"name": words.NAMES, "owner": words.NAMES, "friend": words.NAMES, "author": words.NAMES, "user": words.NAMES, "city": words.CITIES,
         "place": words.CITIES, "from": words.CITIES, "title": words.TITLES, "subject": words.TITLES, "topic": words.TITLES,
         "thing": words.THINGS, "item": words.THINGS}
COMMON = ["name", "age", "city", "colour", "price", "count", "title", "done", "tags"]


def key(rng):
    """What a value may be called: a common word, one of several hundred, or none that exists."""
    style = rng.random()
    if style < 0.3:
        return rng.choice(COMMON)
    if style < 0.5:
        return rng.choice(NUMBERS + TRUTHS)
    if style < 0.8:
        return rng.choice(words.KEYS)
    it = words.made_up(rng)
    return f"{it}_{words.made_up(rng)}" if rng.random() < 0.1 else it


def word(rng, pool):
    return words.made_up(rng, rng.random() < 0.6) if rng.random() < 0.3 else rng.choice(pool)


def value(rng, key):
    """A value for the key."""
    known = key in COMMON or key in POOLS or key in NUMBERS or key in TRUTHS
    if key in NUMBERS or not known and rng.random() < 0.3:
        number = rng.randrange(10 ** rng.choice([1, 2, 2, 3, 4, 5, 6]))
        return number + rng.choice([0.5, 0.25, 0.75]) if rng.random() < 0.07 else number
    if key == "tags":
        return [word(rng, words.OTHERS) for _ in range(rng.choice([1, 2, 2, 3]))]
    if key in TRUTHS or not known and rng.random() < 0.06:
        return rng.random() < 0.5
    pool = POOLS.get(key, words.OTHERS) if rng.random() < 0.8 else words.OTHERS + words.NAMES + words.CITIES + words.TITLES
    it = word(rng, pool)
    return f"{it} {word(rng, pool)}" if rng.random() < 0.1 else it


def said(key, it, style):
    """The pair in words."""
    if isinstance(it, list):
        it = ", ".join(it[:-1]) + " and " + it[-1] if len(it) > 1 and style != 1 else ", ".join(it)
    elif isinstance(it, bool):
        it = "true" if it else "false"
    return (f"{key} {it}", f"{key}: {it}", f"{key} = {it}", f"the {key} {it}", f"{key} is {it}")[style]


def held(pairs):
    """The split that an object belongs to, by its values."""
    return {0: "validation", 1: "test"}.get(zlib.crc32(json.dumps(pairs).encode()) % 8, "train")


def item(rng, split):
    while True:
        keys = list(dict.fromkeys(key(rng) for _ in range(rng.choice([1, 2, 2, 2, 3, 3, 4]))))
        pairs = {key: value(rng, key) for key in keys}
        if held(pairs) == split:
            break
    style = rng.choice([0, 0, 0, 1, 2, 3, 4])
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
