"""Tools besides the calculator and the clock, each with one string argument: the call copies the name and the value.

A tool is a verb, a noun and a parameter, drawn at random; the question names the noun and the value.
"""
import zlib
import frames
import words
from items import Item

REAL = {  # noun: parameter, what values are, words before the value
    "weather": ("city", "city", "in"), "forecast": ("city", "city", "for"), "temperature": ("place", "city", "in"),
    "timer": ("minutes", "number", "for"), "alarm": ("time", "number", "for"), "news": ("topic", "word", "about"),
    "recipe": ("dish", "word", "for"), "song": ("title", "title", "called"), "stock_price": ("symbol", "word", "of"),
    "population": ("city", "city", "of"), "route": ("destination", "city", "to"), "flight": ("city", "city", "to"),
    "hotel": ("city", "city", "in"), "restaurant": ("city", "city", "in"), "definition": ("word", "word", "of"),
    "translation": ("text", "word", "of"), "reminder": ("text", "word", "for"), "contact": ("name", "name", "named"),
    "email": ("name", "name", "to"), "file": ("path", "word", "named"), "user": ("id", "number", "with id"), "order": ("number",
    "number", "number"),
    "phone_number": ("name", "name", "of"), "birthday": ("name", "name", "of"), "address": ("name", "name", "of"), "price": ("item",
    "word", "of"),
    "light": ("room", "word", "in"), "movie": ("title", "title", "called"), "book": ("title", "title", "called"), "score": ("team",
    "word", "of"),
}
VERBS = ["get", "get", "get", "find", "search", "fetch", "read", "lookup", "show", "load", "check", "query"]
PARAMETERS = ["name", "query", "text", "word", "key", "value", "title", "id", "item", "input", "label", "topic", "subject"]
FRAMES = frames.more("other", {
    "train": [
        "What is the {noun} {by} {value}?", "what is the {noun} {by} {value}", "Get the {noun} {by} {value}.",
        "Find the {noun} {by} {value}.", "{noun} {by} {value}", "{noun} {by} {value}?", "Show me the {noun} {by} {value}.",
        "I need the {noun} {by} {value}.", "Give me the {noun} {by} {value}.", "Tell me the {noun} {by} {value}.",
        "Look up the {noun} {by} {value}.", "What's the {noun} {by} {value}?", "Can you get the {noun} {by} {value}?",
        "Is there a {noun} {by} {value}?", "How is the {noun} {by} {value}?", "Do you know the {noun} {by} {value}?",
        "Set the {noun} {by} {value}.", "Please check the {noun} {by} {value}.", "Fetch the {noun} {by} {value} for me.",
        "Could I have the {noun} {by} {value}?", "Could you find the {noun} {by} {value}?", "Any {noun} {by} {value}?",
    ],
    "validation": ["I would like the {noun} {by} {value}.", "Let me see the {noun} {by} {value}."],
})


def kind(rng, split):
    """A tool: its declaration, the noun, how a value follows, and what values are."""
    while True:
        if rng.random() < 0.4:
            noun = rng.choice(list(REAL))
            parameter, values, by = REAL[noun]
        else:
            noun = words.made_up(rng) if rng.random() < 0.5 else rng.choice(words.KEYS + words.THINGS)
            parameter, by = rng.choice(PARAMETERS), rng.choice(["of", "for", "of", "for", "named"])
            values = rng.choice(["word", "name", "city", "number", "title"])
        verb = rng.choice(VERBS) if noun not in ("timer", "alarm", "reminder", "light") else "set"
        if {0: "validation", 1: "test"}.get(zlib.crc32(f"{verb}{noun}".encode()) % 8, "train") == split:
            break
    plain = noun.replace("_", " ")
    name = rng.choice([f"{verb}_{noun}"] * 3 + [noun])
    about = rng.choice([f"{verb.capitalize()}s the {plain}.", f"{verb.capitalize()}s the {plain} {by} a {parameter}.", f"The {plain}.",
                        f"Use this for the {plain}."])
    declared = {"type": "function", "function": {"name": name, "description": about, "parameters": {
        "type": "object", "properties": {parameter: {"type": "string", "description": rng.choice([f"The {parameter}.",
        f"Which {parameter}."])}},
        "required": [parameter]}}}
    return declared, plain, parameter, by, values


def value(rng, values):
    if values == "number":
        return str(rng.randrange(10 ** rng.randrange(1, 7)))
    if values == "city":
        return words.city(rng)
    if values == "name":
        return words.name(rng)
    if values == "title":
        return " ".join(words.made_up(rng, True) if rng.random() < 0.3 else rng.choice(words.TITLES) for _ in range(rng.choice([1, 2])))
    return words.any_word(rng)


def question(rng, split):
    """A question for a tool, the tool, and the arguments of the call."""
    declared, noun, parameter, by, values = kind(rng, split)
    it = value(rng, values)
    text = rng.choice(FRAMES[split]).format(noun=noun, by=by, value=it)
    return text[0].upper() + text[1:] if rng.random() < 0.7 else text, declared, {parameter: it}


def tool(rng, split, but=()):
    """A declaration that is none of those."""
    names = {one["function"]["name"] for one in but}
    while True:
        declared = kind(rng, split)[0]
        if declared["function"]["name"] not in names:
            return declared


def result(rng):
    """What such a tool says."""
    style = rng.random()
    if style < 0.35:
        return str(rng.randrange(10 ** rng.randrange(1, 7)))
    if style < 0.5:
        return f"{rng.randrange(100)} {words.any_word(rng)}"
    return " ".join(words.any_word(rng) for _ in range(rng.choice([1, 1, 2, 3])))


def reply(value):
    return f"The tool says: {value}."
