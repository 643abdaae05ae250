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

COUNTRIES = ["Spain", "Peru", "Japan", "Kenya", "Norway", "Cuba", "Egypt", "Chile", "Canada", "Poland"]
ANIMALS = ["cat", "dog", "horse", "cow", "duck", "goat", "mouse", "tiger", "bear", "owl", "fox"]
FRUITS = ["apple", "pear", "plum", "lemon", "cherry", "melon", "grape", "banana"]
DRINKS = ["tea", "milk", "coffee", "juice", "water", "cocoa"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
STATES = ["new", "ready", "lost", "sent", "late", "closed", "waiting"]
LANGUAGES = ["German", "French", "Latin", "Greek", "Polish", "Hindi", "Dutch"]
HOBBIES = ["chess", "tennis", "singing", "hiking", "cooking", "reading", "sailing"]

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


NUMBERS = ["age", "price", "count", "year", "size", "number", "id", "score", "weight", "height", "width", "length", "level", "points",
           "total", "amount", "quantity", "pages", "floor", "temperature", "volume", "stars", "port", "seats", "limit", "minutes"]
TRUTHS = ["done", "open", "ready", "active", "valid", "enabled", "visible", "paid", "married", "empty", "sold", "public", "hot"]
WORDS = {"name": NAMES, "owner": NAMES, "friend": NAMES, "author": NAMES, "user": NAMES, "city": CITIES, "place": CITIES, "from": CITIES,
         "colour": COLOURS, "color": COLOURS, "title": TITLES, "subject": TITLES, "topic": TITLES, "thing": THINGS, "item": THINGS,
         "job": JOBS, "country": COUNTRIES, "animal": ANIMALS, "pet": ANIMALS, "fruit": FRUITS, "drink": DRINKS, "day": DAYS,
         "status": STATES, "team": COLOURS, "language": LANGUAGES, "type": TAGS, "group": TAGS, "category": TAGS, "hobby": HOBBIES}
KEYS = ["name", "age", "city", "colour", "price", "count", "title", "done", "tags"] * 2 + NUMBERS + TRUTHS + list(WORDS)


def value(rng, key):
    """A value for the key."""
    if key in NUMBERS:
        number = rng.randrange(10 ** rng.choice([1, 2, 2, 3, 4]))
        return number + rng.choice([0.5, 0.25, 0.75]) if rng.random() < 0.07 else number
    if key == "tags":
        return rng.sample(TAGS, rng.choice([1, 2, 2, 3]))
    if key in TRUTHS:
        return rng.random() < 0.5
    return rng.choice(WORDS[key] if rng.random() < 0.9 else [word for words in WORDS.values() for word in words])


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
        keys = list(dict.fromkeys(rng.sample(KEYS, rng.choice([1, 2, 2, 2, 3, 3, 4]))))
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
