"""Questions about facet, from the table facts.json, alone and in conversations of several turns.

The test kind "fact" asks with trained phrases in sentence frames that training never saw; "fact-new-phrase" asks with
phrases and questions that training never saw.
"""
import json
import os
import re
import frames
from items import Item
from wording import ASK, DO, NOUN, about_key, capital, exchange, framed, noisy, slip

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "facts.json")) as file:
    FACTS = json.load(file)
FRAMES = {"do": DO, "noun": NOUN, "ask": ASK}
OPENERS = set("What Where Which Who Why When How Is Are Do Does Can Could Will Would Should May Must Did Was Am Tell Give Show".split())
ARTICLES = {"a", "an", "the", "my", "of", "in", "to", "from", "it", "is", "are", "do", "does", "what", "i"}


def _parts(fact):
    """The fact's phrases by kind for training, and those held out."""
    train = {kind: fact.get(kind, []) for kind in ("do", "noun", "ask", "press", "slash")}
    held = []
    if len(fact["do"]) > 3:
        train["do"] = fact["do"][:-1]
        held.append(("do", fact["do"][-1]))
    if len(fact["ask"]) > 4:
        train["ask"] = fact["ask"][:-2]
        held += [("ask", question) for question in fact["ask"][-2:]]
    return train, held


PARTS = [_parts(fact) for fact in FACTS]
# A question that a trained phrase may make is not new.
_MADE = {f"how do i {text}?" for train, _ in PARTS for text in train["do"]}
PARTS = [(train, [(kind, text) for kind, text in held if text.lower() not in _MADE]) for train, held in PARTS]
COMMON = {"attach-picture": 3, "who": 2, "what-can": 2, "greeting": 2, "what-is-facet": 2, "privacy": 2, "chats-where": 2, "get-e2b": 2,
          "quit": 8, "stop": 2, "help": 2}
WEIGHTS = [0.5 if "press" in fact or "slash" in fact else COMMON.get(fact["id"], 1) for fact in FACTS]

# Verb phrases of one or two words, with their facts: "quit", "pin a chat".
SHORT = [(index, text) for index, parts in enumerate(PARTS) for text in parts[0]["do"] if len(text.split(" ")) < 3]
SHORT_WEIGHTS = [(3 if " " not in text else 1) * WEIGHTS[index] for index, text in SHORT]

# Small talk stands alone: no frame goes around it, and the test asks with what was held out.
ALONE = {"greeting", "thanks", "bye", "fine"}

AND = frames.more("and", {
    "train": [
        "And how do I {}?", "And how can I {}?", "and to {}?", "And {}?", "Then how do I {}?", "ok and how to {}",
        "And what to {}?", "Now I want to {}.", "Next I want to {}.", "And if I want to {}?", "What about this: {}?",
        "And which key to {}?", "Also, how do I {}?", "Thanks. How do I {}?", "Good. And to {}?", "ok, now {}",
        "What if I want to {}?", "Fine, and how do I {}?", "Next question: how to {}?", "And what must I do to {}?",
    ],
    "validation": ["All right, how do I {} then?", "Nice. Now how can I {}?"],
})
ALSO = frames.more("also", {
    "train": [
        "And what is {}?", "What about {}?", "And {}?", "Then what is {}?", "And tell me about {}.", "Thanks. What is {}?",
        "Fine, and what is {}?", "Nice. Now tell me about {}.",
    ],
    "validation": ["All right, what is {} then?"],
})
AGAIN = frames.more("again", {
    "train": [
        "Say that again.", "Again, please.", "repeat that", "What did you say?", "Once more?", "Could you repeat that?",
        "pardon?", "Sorry, what?", "say it again", "Can you repeat?", "I did not get that.", "again?", "Please repeat.",
        "what was that?", "Please say it again.", "Could you say that again?", "Repeat your answer, please.",
    ],
    "validation": ["Can you say that once more?", "Sorry, say that again?"],
})
COMMAND = frames.more("command", {
    "train": [
        "Is there a command for that too?", "Is there a typed command?", "and the command?", "What is the command for that?",
        "Can I type it?", "Is there a slash command?", "and as a slash command?", "Which command is that?", "And a command?",
        "Can I also type a command?", "is there a command", "Is there a command for this?", "Does a typed command do that?",
    ],
    "validation": ["Is there also a command for it?", "And what is the command?"],
})
KEY = frames.more("key", {
    "train": [
        "and the key?", "Which key is that?", "Is there a key for that?", "What is the key?", "Is there a key too?",
        "And a key?", "What do I press for that?", "which key", "Can I press a key?", "Is there a shortcut?",
        "and the shortcut?", "Is there a key for this?", "Does a key do that?",
    ],
    "validation": ["Is there also a key for it?", "And what is the key?"],
})


def phrase(rng, index, split):
    """A trained phrase of the fact and its kind; where no frame can make it new to a test, one that was held out."""
    train, held = PARTS[index]
    if split != "train":
        if FACTS[index]["id"] in ALONE:
            return held[0 if split == "validation" else -1]
        train = train | {"ask": [question for question in train["ask"] if question.endswith("?")]}
    kinds = [kind for kind in train if train[kind]]
    kind = rng.choices(kinds, [len(train[kind]) ** 0.5 for kind in kinds])[0]
    if split == "train" and kind == "do":  # "quit" and "undo" are typed more often than what says the same at length
        return kind, rng.choices(train[kind], [{1: 8, 2: 3}.get(len(text.split(" ")), 1) for text in train[kind]])[0]
    return kind, rng.choice(train[kind])


def keywords(text):
    """The phrase as one types it into a search box."""
    return " ".join(word for word in text.rstrip("?.").split(" ") if word.lower() not in ARTICLES)


def bare(text, rng):
    """A verb phrase without anything around it, or with the little that one types in haste."""
    frames = ["{}", "{}?", "how do i {}?", "how do i {}", "How do I {}?", "How do I {}?", "how to {}", "How to {}?", "can i {}?",
              "How can I {}?"]
    text = rng.choice(frames).format(text)
    return capital(text) if rng.random() < 0.3 else text


def asked(rng, split, kind, text, frames=FRAMES):
    """The phrase as a question of the split; one time in five as barely as people type."""
    if kind in ("press", "slash"):
        return about_key(kind, text, rng, split)
    if split == "train" and kind == "do" and rng.random() < (0.4 if text.count(" ") < 2 else 0.15):
        return bare(text, rng)
    if split == "train":
        if rng.random() < 0.4 and (kind != "ask" or text.endswith("?")) and not re.search(r"facet [a-z]|--|^/", text):
            text = exchange(text, rng)
        if kind == "do" and rng.random() < 0.06 and keywords(text):
            return slip(keywords(text), rng)
        if kind == "ask" and frames is FRAMES and rng.random() < 0.25:
            return slip(text, rng)
    if kind == "ask" and not text.endswith("?"):
        return slip(text, rng) if split == "train" else text
    if kind == "ask":
        frame = rng.choice(ASK[split])
        if not frame.startswith("{}") and text.split(" ")[0] in OPENERS and not (split == "train" and rng.random() < 0.3):
            text = text[:1].lower() + text[1:]
        question = (noisy(frame, rng) if split == "train" else frame).format(text)
        return slip(question, rng) if split == "train" else question
    return framed(frames[kind], text, rng, split)


def choose(rng):
    return rng.choices(range(len(FACTS)), WEIGHTS)[0]


def answered(content):
    return {"role": "assistant", "content": content}


def item(rng, split, thinking=None, index=None):
    """One question about facet and its answer; index says about which fact."""
    if thinking is None:
        thinking = rng.random() < 0.5
    if split == "train" and index is None and rng.random() < 0.08:
        index, text = rng.choices(SHORT, SHORT_WEIGHTS)[0]
        question = bare(text, rng)
    else:
        index = choose(rng) if index is None else index
        kind, text = phrase(rng, index, split)
        question = asked(rng, split, kind, text)
    return Item("fact", [{"role": "user", "content": question}], answered(FACTS[index]["answer"]), thinking)


def new_phrase_item(rng, index=None):
    """A question about facet with a phrase that was held out, in a frame of the test."""
    index = choose(rng) if index is None else index
    while not PARTS[index][1]:
        index = choose(rng)
    kind, text = rng.choice(PARTS[index][1])
    question = asked(rng, "test", kind, text) if kind == "do" else text
    return Item("fact-new-phrase", [{"role": "user", "content": question}], answered(FACTS[index]["answer"]), rng.random() < 0.5)


def follow(rng, split):
    """An exchange about facet and a question that goes on from it; the answer at times lies in the exchange."""
    index = choose(rng)
    style = rng.random()
    if style < 0.35:
        index = rng.choice([i for i, fact in enumerate(FACTS) if "key" in fact])
    fact = FACTS[index]
    kind, text = phrase(rng, index, split)
    before = [{"role": "user", "content": asked(rng, split, kind, text)}, answered(fact["answer"])]
    if style < 0.18:
        question = rng.choice(COMMAND[split])
        answer = f"Yes, you can type {fact['typed']}." if fact["typed"] else f"No typed command does that: press {fact['key']}."
    elif style < 0.35:
        question = rng.choice(KEY[split])
        answer = f"Yes, press {fact['key']}." if fact["key"] else f"No key does that: type {fact['typed']}."
    elif style < 0.47:
        question, answer = rng.choice(AGAIN[split]), fact["answer"]
    else:
        other = choose(rng)
        kind, text = phrase(rng, other, split)
        question = asked(rng, split, kind, text, {"do": AND, "noun": ALSO})
        answer = FACTS[other]["answer"]
        return before + [{"role": "user", "content": question}], answer
    if split == "train":
        question = slip(question, rng)
    return before + [{"role": "user", "content": question}], answer


def turns_item(rng, split):
    """A conversation of two turns whose second question goes on from the first."""
    messages, answer = follow(rng, split)
    return Item("turns", messages, answered(answer), rng.random() < 0.5)
