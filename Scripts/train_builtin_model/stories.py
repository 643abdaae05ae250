"""Stories of sums and differences for training, put together by chance out of an opening, what happens then, and a question.

Who wrote the parts, stories.json, had not read the generators. What happens decides: there are several hundred such sentences, for a
person, for the one who asks, and for a place, so that the words of gaining and of losing are learned and not the stories.
"""
import json
import os

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "stories.json")) as file:
    PARTS = json.load(file)
WHO = {"person": 5, "place": 4, "i": 2}


def story(rng, sign):
    """A story with {a} and {b}, {t} and names in it; sign is + or -."""
    who = rng.choices(list(WHO), list(WHO.values()))[0]
    opening, event = rng.choice(PARTS[f"{who}_open"]), rng.choice(PARTS[f"{who}_{'gain' if sign == '+' else 'loss'}"])
    ask = f"{who}_ask"
    if rng.random() < 0.4:
        ask = {"+": f"{who}_ask_all", "-": f"{who}_ask_left"}[sign] if who != "i" else ask
    question = rng.choice(PARTS[ask])
    return f"{question} {opening} {event}" if rng.random() < 0.08 else f"{opening} {event} {question}"
