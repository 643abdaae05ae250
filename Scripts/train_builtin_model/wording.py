"""The sentences that questions are put in, and the slips of people who type them.

A frame holds {} where a phrase goes. Frames of one split never occur in another; slips are for training only.
"""
import random
import re
import frames

DO = frames.more("do", {  # around a verb phrase: "attach a picture"
    "train": [
        "How do I {}?", "How do I {}?", "How can I {}?", "How to {}?", "how to {}", "{}", "{}?", "{}: how?", "I want to {}.",
        "I want to {}", "I would like to {}.", "I need to {}.", "Which key lets me {}?", "What do I press to {}?",
        "What should I do to {}?", "What is the way to {}?", "what's the way to {}", "Can facet {}?", "Can I {}?",
        "Can I {} here?", "Is it possible to {}?", "Is there a way to {}?", "Is there a key to {}?",
        "Is there a command to {}?", "Help me {}.", "Can you help me {}?", "Tell me how to {}.", "Please tell me how to {}.",
        "Show me how to {}.", "How does one {}?", "How would I {}?", "How do you {}?", "How do I {} in facet?",
        "How can I {} with facet?", "In facet, how do I {}?", "I am trying to {}.", "I'm trying to {}, what do I do?",
        "I can't find how to {}.", "I do not know how to {}.", "What must I type to {}?", "Which command is there to {}?",
        "What is the command to {}?", "What is the key to {}?", "What are the keys to {}?", "How is it done: {}?", "Let me {}.",
        "Do you know how to {}?", "Any way to {}?", "How am I supposed to {}?", "So how do I {}?", "I forgot how to {}.",
        "Where can I {}?", "What lets me {}?", "Explain to me how one can {}.", "Could you show me how to {}?",
        "Could you tell me how to {}?", "Show how to {}.", "Am I allowed to {}?", "Are we able to {}?", "Is one able to {}?",
        "I want to {}, how?", "I have to {}. How do I do it?", "I need to {} now.", "What's a good way to {}?",
        "Which is the easiest way to {}?", "How could I {}?", "How could one {} in facet?", "How do I {} in this program?",
        "What do I do if I want to {}?", "What must be done to {}?", "What do I have to press to {}?",
        "If I want to {}, what do I do?", "What if I need to {}?", "Give me a hint how to {}.", "Say how I can {}.",
        "I'd like to {}.", "I'd like to know how to {}.", "Do I have a way to {}?", "Would you tell me how to {}?",
        "It should be possible to {}, but how?", "Hints to {}?", "What would I do to {}?", "Does facet let me {}?",
        "Remind me how to {}.", "What is the trick to {}?", "How might I {}?", "My aim is to {}.", "I wonder how to {}.",
        "Which keys do I need to {}?", "I need to {}, how?", "Am I able to {}?", "Explain how I can {}.",
        "How could I {} in this program?",
    ],
    "validation": ["Could you explain how to {}?", "Show how I {}.", "What's the best way to {}?", "What do I have to do if I want to {}?"],
})

NOUN = frames.more("noun", {  # around a noun phrase: "the inspector"
    "train": [
        "What is {}?", "What is {}?", "What are {}?", "What's {}?", "Tell me about {}.", "Explain {}.", "Explain {} to me.",
        "What about {}?", "{}", "{}?", "I have a question about {}.", "What can you tell me about {}?",
        "What does facet know of {}?", "What does {} mean?", "Please explain {}.", "Say something about {}.",
        "What do you know about {}?", "I do not understand {}.", "Info on {}?", "Can you explain {}?", "What is {} in facet?",
        "What is meant by {}?", "I want to know about {}.", "Describe {} briefly.", "What precisely is {}?",
        "I want to understand {}.", "I would like to hear about {}.", "I'd like to know what {} is.",
        "Could you explain {} to me?", "Could you say what {} is?", "Help me understand {}.", "Give me the short story of {}.",
        "What do I need to know about {}?", "Is there something to know about {}?", "What should I know about {}?",
        "Could you describe {}?", "Give me a word on {}.", "I read about {}; what is it?", "I'd like to understand {}.",
        "What exactly is {}?",
    ],
    "validation": ["Could you tell me about {}?", "Describe {}."],
})

ASK = frames.more("ask", {  # around a whole question: "Where are my chats kept?"
    "train": [
        "{}", "{}", "{}", "{}", "{}", "{}", "Tell me: {}", "Please: {}", "One question: {}", "Hi, {}", "Hello! {}", "So, {}",
        "And {}", "Hey, {}", "{} Thanks.", "{} Please tell me.", "Quick question: {}", "About facet: {}", "Well, {}", "ok {}",
        "{} I want to know.", "{} I want to know that.", "{} I'd love to know.", "{} I need to know.", "{} Do you know?",
        "{} That is what I would like to hear.", "{} Just curious.", "{} I wonder.", "I wonder: {}", "May I ask: {}",
        "Let me ask: {}", "I was asking myself: {}", "Now then: {}", "I would love to hear: {}", "I am asking: {}",
        "Curious: {}", "Say, {}", "I have to ask: {}", "Excuse me, {}", "My question is: {}", "{} Thank you.",
        "Could you tell me: {}", "Now, {}", "I am curious: {}",
    ],
    "validation": ["I was wondering: {}", "{} I would like to know.", "Do tell, {}"],
})

PRESS = frames.more("press", {  # around the name of a key: "Ctrl-T"
    "train": [
        "What does {} do?", "What does {} do?", "What does {} do?", "What is {}?", "What is {} for?",
        "What happens when I press {}?", "What happens with {}?", "What do I get with {}?", "Tell me about {}.", "Explain {}.",
        "And {}?", "And what does {} do?", "What about {}?", "Why would I press {}?", "When do I use {}?",
        "Which command is on {}?", "I pressed {}, what does it do?", "What is the key {} for?", "What does the key {} do?",
        "Is there something on {}?", "{} does what?", "What can I do with {}?", "What is {} good for?", "What if I press {}?",
        "Say what {} does.", "I pressed {} by mistake.", "What did {} do?", "{}: what is it?", "what does {} mean",
        "What will {} do?", "Does {} do anything?", "Can I press {}?", "Describe what {} does.", "What happens when I hit {}?",
        "I hit {}, what now?", "I hit {} by accident.", "What if I hit {}?", "Could you say what {} does?",
        "Could you explain {}?", "What use is {}?", "What is the use of pressing {}?", "What could {} do?",
        "What would happen with {}?", "What does {} do here?", "I'd like to know what {} does.", "What happens after {}?",
        "What might {} do?", "Remind me what {} does.", "Could you tell me what {} does?", "What happens if I hit {}?",
    ],
    "validation": ["What would {} do?", "What is the use of {}?", "Describe {}."],
})
SLASH = frames.more("slash", {  # around the name of a typed command: "/budget"
    "train": [
        "What does {} do?", "What does {} do?", "What does {} do?", "What is {}?", "What is {} for?", "{}", "{}?",
        "What happens when I type {}?", "How do I use {}?", "Tell me about {}.", "Explain {}.", "And {}?",
        "And what does {} do?", "What about {}?", "When do I use {}?", "What is the command {}?",
        "What does the command {} do?", "What can I do with {}?", "What is {} good for?", "Say what {} does.",
        "What if I type {}?", "{}: what is it?", "what does {} mean", "how does {} work", "I typed {}, what does it do?",
        "Why would I type {}?", "Is there a command {}?", "How does {} work?", "Help me with {}.", "What do I get with {}?",
        "What will {} do?", "Describe what {} does.", "What happens when I enter {}?", "I entered {}, what now?",
        "Could you say what {} does?", "Could you explain {}?", "What use is {}?", "What is the use of typing {}?",
        "What could {} do?", "What would happen with {}?", "I'd like to know what {} does.", "What might {} do?",
        "Remind me what {} does.", "Could you tell me what {} does?", "What happens if I enter {}?",
    ],
    "validation": ["What would {} do?", "What is the use of {}?", "Describe {}."],
})


# The words of the frames of training, as often as they occur.
COMMON = [
    word for several in (DO, NOUN, ASK) for frame in several["train"] for word in re.findall("[a-z']+", frame.lower().replace("{}", " "))]


def key_name(key, rng):
    """The key as people write it: Ctrl-T, ctrl+t, ^T, control T; the case of a letter of its own stays."""
    style = rng.random()
    if style < 0.5 or "-" not in key:
        return f"the {key} key" if style < 0.1 else key
    first, _, rest = key.partition(" ")
    if first.startswith(("Ctrl-", "Alt-")) and len(first.split("-", 1)[1]) == 1:
        modifier, letter = first.split("-", 1)
        forms = [f"{modifier.lower()}-{letter.lower()}"] * 3 + [f"{modifier}+{letter}", f"{modifier.lower()}+{letter.lower()}",
                 f"{modifier.lower()} {letter.lower()}", f"{modifier} {letter}"]
        if modifier == "Ctrl":
            forms += [f"control-{letter.lower()}", f"Control {letter}", f"^{letter}", f"C-{letter.lower()}"]
        else:
            forms.append(f"M-{letter}")
        first = rng.choice(forms)
    elif style < 0.7:
        first = first.lower()
    elif style < 0.85 and len(first) > 1:
        first = first.replace("-", "+")
    if rest:
        return f"{first} {'then ' if rng.random() < 0.15 else ''}{rest.lower() if len(rest) > 1 else rest}"
    return first


def about_key(kind, name, rng, split):
    """The question what a key or a typed command does."""
    frames = (PRESS if kind == "press" else SLASH)[split]
    if split != "train":
        return capital(rng.choice(frames).format(name))
    if kind == "press":
        plain = "-" in name and len(name) > 1 and not name.endswith("?") or name in ("Esc", "Tab", "PgUp", "PgDn", "F1", "F5")
        if plain and rng.random() < 0.12:
            return key_name(name, rng) + rng.choice(["", "?"])
        if len(name) == 1 and rng.random() < 0.4:
            name = rng.choice([f"'{name}'", f"{name} in READ", f"the letter {name}" if name.isalpha() else name, f"the key {name}"])
        else:
            name = key_name(name, rng)
    elif rng.random() < 0.15:
        name = rng.choice([f"the command {name}", f"the {name} command", f"the typed command {name}"])
    frame = noisy(rng.choice(frames), rng)
    if name.startswith(("the ", "'")) or " " in name:  # the name says already what it is
        frame = re.sub(r"the (key|command) \{\}|the \{\} (key|shortcut|command)", "{}", frame)
    text = frame.format(name)
    if not text.startswith(name):
        text = (text[:1].lower() if rng.random() < 0.35 else text[:1]) + text[1:]
    if rng.random() < 0.3 and frame.endswith(("?", ".")):
        text = text[:-1]
    return text


BEFORE = ["please ", "pls ", "hi, ", "hello, ", "hey, ", "ok, ", "sorry, ", "quick question: ", "well, ", "um, ", "good morning, "]
AFTER = [" please", " pls", ", please", " in facet", " here", " now", " thanks", ", thank you", " quickly", " again", " in this program"]
FILLERS = {"a", "an", "the", "my", "do", "is", "to", "of", "it", "me", "i", "can"}

# Words that mean the same here: in training one stands for the other at times.
SYNONYMS = [
    ("picture", "image", "photo"), ("pictures", "images", "photos"), ("chat", "conversation"), ("chats", "conversations"),
    ("sessions", "chats"), ("remove", "delete"), ("show", "see", "display", "view"), ("change", "alter", "modify"), ("begin", "start"),
    ("stop", "halt", "interrupt"), ("answer", "reply", "response"), ("answers", "replies"), ("folder", "directory"),
    ("computer", "machine"), ("pick", "choose", "select"), ("big", "large"), ("thoughts", "reasoning"), ("saved", "stored", "kept"),
    ("switch off", "turn off", "disable", "deactivate"), ("switch on", "turn on", "enable", "activate"),
    ("jump to", "go to", "move to", "get to"), ("look for", "search for", "find"), ("get back", "bring back", "recover"),
    ("on the command line", "in the shell", "from the shell", "from the command line", "in a shell"),
    ("put into", "add to"), ("get rid of", "remove"), ("make a", "create a"), ("use", "work with"), ("list", "overview"),
    ("old", "earlier", "previous", "past"), ("last", "latest", "most recent"), ("all", "every one of", "all of"), ("caret", "cursor"),
    ("draft", "input"), ("the screen", "the display"), ("quickly", "fast"), ("needed", "required", "necessary"), ("file", "document"),
    ("text", "words"), ("sound", "audio"), ("attach", "add", "include"), ("send", "submit"), ("erase", "wipe", "delete"), ("exit", "leave"),
    ("keep", "retain"), ("key", "shortcut"), ("keys", "shortcuts"), ("kept", "saved", "stored"), ("where are", "where do I find"),
    ("model", "language model"), ("my machine", "this machine", "my computer"), ("settings", "options"), ("see", "look at"),
    ("title", "name"), ("end", "finish"), ("a second", "another"), ("speed", "pace"), ("colours", "colors"), ("colour", "color"),
]
DETERMINERS = ("a", "an", "the", "my")


def exchange(phrase, rng):
    """The phrase with one of its words replaced by one that means the same, and at times with another article."""
    found = [(word, group) for group in SYNONYMS for word in group if f" {word} " in f" {phrase} "]
    if found and rng.random() < 0.75:
        word, group = rng.choice(found)
        other = rng.choice([other for other in group if other != word])
        phrase = f" {phrase} ".replace(f" {word} ", f" {other} ", 1).strip()
    words = phrase.split(" ")
    places = [i for i, word in enumerate(words[:-1]) if word in DETERMINERS]
    if places and rng.random() < 0.4:
        place = rng.choice(places)
        words[place] = rng.choice({"my": ["a", "the", "this"], "the": ["a", "the", "my"]}.get(words[place], ["the"]))
    for i, word in enumerate(words[:-1]):
        if word in ("a", "an"):
            words[i] = "an" if words[i + 1][:1].lower() in "aeio" else "a"
    return " ".join(words)


def capital(text):
    return text[:1].upper() + text[1:]


def typo(text, rng):
    """The text with two neighbouring letters exchanged, or a letter lost or doubled."""
    places = [i for i in range(1, len(text) - 1) if text[i].isalpha() and text[i + 1].isalpha() and text[i - 1].isalpha()]
    if not places:
        return text
    i = rng.choice(places)
    kind = rng.random()
    if kind < 0.4:
        return text[:i] + text[i + 1] + text[i] + text[i + 2:]
    if kind < 0.8:
        return text[:i] + text[i + 1:]
    return text[:i] + text[i] + text[i:]


def slip(text, rng):
    """The text as a hurried person types it; half of the time as it is."""
    if rng.random() < 0.5:
        return text
    if rng.random() < 0.15:
        text = rng.choice(BEFORE) + text[:1].lower() + text[1:]
        if rng.random() < 0.5:
            text = capital(text)
    if rng.random() < 0.12:
        text = (text.rstrip("?.! ") or text) + rng.choice(AFTER) + ("?" if text.endswith("?") else "")
    if rng.random() < 0.5:
        text = text[:1].lower() + text[1:] if rng.random() < 0.6 else text.lower()
    if rng.random() < 0.45:
        text = text.rstrip("?.! ") or text
    if rng.random() < 0.12:
        words = text.split(" ")
        places = [i for i, word in enumerate(words) if word.lower() in FILLERS]
        if places and len(words) > 3:
            del words[rng.choice(places)]
            text = " ".join(words)
    if rng.random() < 0.15:
        text = typo(text, rng)
    return text


def among(rng, phrase):
    """The phrase among words of any frames."""
    words = [rng.choice(COMMON) for _ in range(rng.randrange(2, 9))]
    words.insert(rng.randrange(len(words) + 1), phrase)
    return " ".join(words)


def noisy(frame, rng):
    """The frame with a word of its own exchanged for one of another frame, lost, or joined by one, one time in eight.

    What is asked lies in the phrase: wordings that nobody thought of are to matter less. One time in twelve nothing
    but the phrase stays, among words of other frames.
    """
    kind = rng.random()
    if kind < 0.08 and frame.count("{}") == 1:
        return among(rng, re.search(r"\S*\{\}\S*", frame)[0])
    if kind > 0.2:
        return frame
    words = frame.split(" ")
    own = [i for i, word in enumerate(words) if word.strip("?.,!:;").isalpha()]
    if not own:
        return frame
    place = rng.choice(own)
    word = words[place]
    kind = rng.random()
    other = rng.choice(COMMON)
    new = word.replace(word.strip("?.,!:;"), other)
    words[place : place + 1] = [new] if kind < 0.5 else [] if kind < 0.75 else [other, word]
    return " ".join(words)


def plural(frame):
    """The frame for a phrase that names several things."""
    for one, many in (("is {}", "are {}"), ("What's {}", "What are {}"), ("what is it", "what are they"), ("does {} mean", "do {} mean")):
        frame = frame.replace(one, many)
    return frame


def framed(frames, phrase, rng, split):
    """The phrase in a frame of the split; in training with slips."""
    frame = rng.choice(frames[split])
    if phrase.endswith("s") and not phrase.endswith(("ss", "us")) and not phrase.startswith(("facet ", "/", "-")):
        frame = plural(frame)
    text = capital((noisy(frame, rng) if split == "train" else frame).format(phrase))
    return slip(text, rng) if split == "train" else text
