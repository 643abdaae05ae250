"""Questions that the guide does not know the answer to, and the kind words that say so.

Templates and the words in them are split apart: the test has both templates and words that training never saw.
"""
import os
import random
import zlib
import frames
import words
from items import Item
from wording import DO, capital, noisy, slip

KNOWS = "Ask me about its keys, commands, files, models or privacy, or give me a sum."
REFUSAL = f"I do not know that: I am only a small guide to facet. {KNOWS}"
ENGLISH = "I only speak English, and only about facet. Ask me about its keys, commands, files, models or privacy."

TEMPLATES = {
    "thing": frames.more("u-thing", {
        "train": [
            "What is {}?", "What are {}?", "Tell me about {}.", "Explain {}.", "Who invented {}?", "Why is {} important?",
            "What do you know about {}?", "What do you think about {}?", "Do you like {}?", "{}", "{}?", "I like {}.", "I hate {}.",
            "How does {} work?", "How do {} work?", "When was {} discovered?", "Where does {} come from?",
            "What is the history of {}?", "Give me three facts about {}.", "Is {} dangerous?", "Are {} good for me?",
            "What is the best thing about {}?", "What is the difference between {} and {}?", "Which is better: {} or {}?",
            "Write something about {}.", "Define {}.", "Give me a definition of {}.", "How important is {}?",
            "Why do people like {}?", "Why do I need {}?", "What does {} cost?", "How much is {}?", "Where can I buy {}?",
            "Where can I find {}?", "Can you teach me {}?", "I want to learn about {}.", "I need help with {}.", "Help me with {}.",
            "Help me understand {}.", "What causes {}?", "How many kinds of {} are there?", "How big is {}?", "How old is {}?",
            "What colour has {}?", "Name a book about {}.", "Recommend a film about {}.", "Tell me a joke about {}.",
            "Write a poem about {}.", "Summarise {} for me.", "What is new about {}?", "Who is the expert on {}?", "Who likes {}?",
            "What happened to {}?", "What is {} made of?", "Can {} be eaten?", "Can you draw {}?", "Does {} exist?",
            "Have you heard of {}?", "Let us talk about {}.", "I have a question about {}.", "My question is about {}.",
            "What about {}?", "And {}?", "Describe {}.", "What does {} mean?", "How do you spell {}?", "How do I pronounce {}?",
            "What is the opposite of {}?", "Is {} older than {}?", "Is {} better than {}?", "Why are there {}?", "Show me {}.",
            "Give me {}.", "I want {}.", "Everybody talks about {}.", "My friend told me about {}.", "Yesterday I read about {}.",
            "All about {}", "info on {}", "how to make {}", "What is good about {}?", "Is it true that {} is bad?",
            "What would happen without {}?", "Can you explain {}?", "Explain {} to a child.", "Could you explain what {} is?",
            "Explain {} simply.", "Explain {} in easy words.", "Can you explain {} to a child?",
            "Tell me in simple terms what {} is.", "Explain in a few words what {} is.", "Compare {} and {}.",
            "Compare {} with {} for me.", "I want to know more about {}.", "I would like to hear about {}.",
            "What makes {} so good?", "How long is {}?", "How long do {} live?", "Since when is there {}?",
            "What is your view of {}?", "Who studied {}?", "Could you describe {} to me?", "What should everyone know about {}?",
            "When did {} begin?", "How is {} made?", "What makes {} special?", "Please compare {} with {}.",
            "What is your opinion on {}?", "Who was first to study {}?",
        ],
        "validation": [
            "Can you explain {} in simple words?", "Since when do we have {}?", "I would like to know more about {}.",
            "How long does {} last?",
        ],
    }),
    "object": frames.more("u-object", {
        "train": [
            "I have {}.", "My brother wants {}.", "We saw {} yesterday.", "Where is {}?", "Who owns {}?", "Why did I buy {}?",
            "There is {} in the garden.", "Is {} too expensive?", "I dreamt of {}.", "Do you want {}?", "How much does {} cost?",
            "What should I do with {}?", "My sister lost {}.", "I do not like {}.", "How do I choose {}?", "Who broke {}?",
            "Can I borrow {}?", "How old is {}?", "What is wrong with {}?", "Why is {} so loud?", "Where do I put {}?",
            "Which is nicer, {} or {}?", "Is {} heavier than {}?", "How heavy is {}?", "I am afraid of {}.", "Please bring {}.",
            "Does {} need water?", "What colour is {}?", "I forgot {} at home.", "How many people fit on {}?", "Did you see {}?",
            "When will {} be ready?", "Who takes care of {}?", "I saw {} next to {}.", "Is {} safe for children?",
            "What happens with {} at night?", "How did I lose {}?", "Would you buy {}?", "A man came with {}.", "Whose is {}?",
            "I was thinking of {}.", "Would {} look good in my room?", "What happens to {} in winter?",
        ],
        "validation": ["How did {} get here?", "I met a man with {}."],
    }),
    "person": frames.more("u-person", {
        "train": [
            "Who is {}?", "Who was {}?", "Tell me about {}.", "When was {} born?", "Where was {} born?", "How old is {}?",
            "What did {} do?", "What did {} invent?", "Why is {} famous?", "When did {} die?", "Is {} still alive?",
            "Where does {} live?", "What do you think of {}?", "Do you know {}?", "What is {} known for?", "How tall is {}?",
            "Who is the wife of {}?", "What would {} say?", "Write a letter to {}.", "Talk like {}.", "How rich is {}?", "{}",
            "Is {} a good man?", "Where did {} go to school?", "What is the name of the father of {}?",
            "What was the greatest work of {}?", "Who came after {}?",
        ],
        "validation": ["Give me a short biography of {}.", "Did {} have children?"],
    }),
    "place": frames.more("u-place", {
        "train": [
            "What is the capital of {}?", "Where is {}?", "How many people live in {}?", "How big is {}?", "What is {} famous for?",
            "What is the weather in {}?", "Is it warm in {}?", "Will it rain in {} tomorrow?", "Which language is spoken in {}?",
            "How do I get to {}?", "What can I see in {}?", "What do people eat in {}?", "Who rules {}?", "Is {} safe?",
            "Which currency has {}?", "How far is {} from {}?", "When should I travel to {}?", "Book a hotel in {}.",
            "I want to go to {}.", "I live in {}.", "Tell me about {}.", "Which rivers are in {}?", "Who won the election in {}?",
            "How cold does it get in {}?", "Which is the largest lake in {}?", "What is the highest mountain of {}?",
            "Do I need a visa for {}?", "How expensive is {}?", "How old is {}?", "weather {}", "capital of {}",
            "restaurants in {}", "flights to {}", "Which countries border {}?", "What is the population of {}?",
            "Which city is the largest in {}?", "What is the flag of {}?",
        ],
        "validation": ["How hot does it get in {}?", "Plan a trip to {}."],
    }),
    "food": frames.more("u-food", {
        "train": [
            "How do I make {}?", "Give me a recipe for {}.", "How long do I cook {}?", "What goes into {}?", "Is {} healthy?",
            "How many calories has {}?", "What can I drink with {}?", "I want to cook {}.", "recipe for {}", "how to cook {}",
            "How do you like {}?", "Where do I get good {}?", "What do I need for {}?", "Can I freeze {}?", "Is there sugar in {}?",
            "What is the secret of good {}?", "Tell me how one prepares {}.", "Who first made {}?",
        ],
        "validation": ["Which spices go with {}?", "Can dogs eat {}?"],
    }),
    "code": frames.more("u-code", {
        "train": [
            "Write {}.", "Write me {}.", "Give me {}.", "Can you write {}?", "I need {}.", "Show me {}.", "Please write {}.",
            "Make {}.", "How do I write {}?", "Explain {}.", "Debug {}.", "Create {} for me.", "Code {}.", "Could you program {}?",
            "What would {} look like?",
        ],
        "validation": ["Generate {} for me.", "I have to hand in {} tomorrow."],
    }),
    "text": frames.more("u-text", {
        "train": [
            "Write {}.", "Write me {}.", "Give me {}.", "Can you write {}?", "I need {}.", "Tell me {}.", "Please write {}.",
            "Make {}.", "Help me write {}.", "Compose {}.", "Create {} for me.", "Can you make {}?", "I want {}.",
            "Could you think of {}?", "Would you draft {}?",
        ],
        "validation": ["Come up with {}.", "I'd love {}."],
    }),
}
NUMBERS = frames.more("u-numbers", {  # numbers that are no sum
    "train": [
        "I have {} {t}.", "{n} has {} {t}.", "{n} is {} years old.", "My house number is {}.",
        "Convert {} miles to kilometres.", "Is {} even?", "Is {} a prime number?", "What happened in the year {}?",
        "Which number comes after {}?", "Is {} more than {}?", "Is {} larger than {}?", "Round {} to tens.",
        "What is {} in Roman numerals?", "Write {} in words.", "Call {}.", "I paid {} euros.", "The train leaves at {}.",
        "It is {} degrees outside.", "Why is {} unlucky?", "Count to {}.", "Count from {} to {}.", "Give me {} {t}.",
        "Name {} animals.", "How do you spell {}?", "{} bottles of beer", "Page {} of the book",
        "Can you tell me about the year {}?", "Who won in {}?", "{n} sold {} {t} yesterday.", "What is so special about {}?",
        "How many digits has {}?", "Is {} divisible by {}?",
    ],
    "validation": ["{n} counted {} {t} last week.", "I was born in {}."],
})
TRANSLATE = frames.more("u-translate", {
    "train": [
        "Translate '{}' into {}.", "How do you say {} in {}?", "What is {} in {}?", "What does {} mean in {}?", "Say {} in {}.",
        "translate {} to {}", "What is the {1} word for {0}?", "Can you translate {} into {}?", "I need {} in {}.",
        "Put {} into {}, please.",
    ],
    "validation": ["How would one say {} in {}?"],
})
DO_ONLY = frames.more("u-do", {  # besides the frames of the facts
    "train": [
        "What is the best way to {}?", "How long does it take to {}?", "Should I {}?", "Why should I {}?", "When should I {}?",
        "Who can {}?", "Teach me to {}.", "I have to {} tomorrow.", "What do I need to {}?", "Is it hard to {}?",
        "How hard is it to {}?", "Where do I learn to {}?", "I love to {}.", "My son wants to {}.", "Is it legal to {}?",
        "What does it cost to {}?", "Is it dangerous to {}?", "How often should I {}?", "Why do people {}?",
        "Can you {} for me?", "Can you {}?", "How quickly can one {}?", "Who taught you to {}?", "At what age can children {}?",
    ],
    "validation": ["What tools do I need to {}?", "Give me tips to {}."],
})


ODD = frames.more("u-odd", {  # what people type to see what happens, and what only a shell or the web could answer
    "train": [
        "What is my IP address?", "who am i", "Where am I?", "what's my name", "What is my name?", "ls -la", "ls", "cd ..",
        "sudo apt install vim", "rm -rf /", "git status", "cat /etc/passwd", "ping google.com", "whoami", "pwd",
        "SELECT * FROM users;", "print('hello')", "console.log(1)", "<html></html>", "http://example.com", "www.google.com",
        "open google.com", "google it", "???", "??", "!!!", "...", ".", "-", "?!", ",,,", "hmm", "hm", "uh", "eh", "lol",
        "haha", "test test", "testing", "foo bar", "foo", "bar", "blah", "bla bla", "aaa", "xyz", "abc", "a", "x", "q", "zzz",
        "qwerty", "asdf", "asdfgh", "jkl", "1 2 3 4", "12345", "007", "3.14", ":)", ":-(", "<3", "$$$", "@@@", "(((", "[]",
        "{}", "\\n", "null", "undefined", "true", "lorem ipsum", "lorem ipsum dolor sit amet", "play music", "Call my mother.",
        "order a pizza", "Book a table for two.", "Turn on the lights.", "What did I say yesterday?", "what is on my screen",
        "Which processes are running?", "How much disk is free?", "what is my wifi password", "Who is logged in?",
        "Read my email.", "What is in my calendar?", "What is my phone number?", "When is my birthday?", "What is the news?",
        "news", "weather", "stocks", "Which song is this?", "Sing a song.", "sing", "dance", "Tell me a story.",
        "Tell me a joke.", "joke", "story", "poem", "translate this", "Translate this text.", "Can you translate?", "translate",
        "Summarise this.", "summarize", "Explain this code.", "fix this", "Fix my code.", "why", "why?", "who?", "because",
        "then?", "and?", "so?", "maybe", "I love you", "you are stupid", "idiot", "shut your mouth", "show me my ip", "uptime",
        "????", "qwert", "ip?", "asdf qwer", "df -h", "....", "98765", "Translate that for me.", "top", "mmm",
        "Order me a taxi.",
    ],
    "validation": ["tell me my ip", "What's my IP?", "!?!?", "hjkl", "blub", "my ip address?", "Which wifi am I on?", "yxcv"],
})
ABOUT = frames.more("u-about", {  # a document: what is asked about it
    "train": [
        "what is it?", "what is this?", "What is this about?", "sum it up", "Sum it up.", "summarise this",
        "Summarize the text.", "explain this", "what does it say?", "review this", "Translate this.",
        "Translate it into German.", "Who wrote this?", "What is the main idea?", "Give me the key points.", "is it right?",
        "find the mistakes", "Shorten this.", "rewrite it", "What is in this file?", "tl;dr", "What do you think of it?",
        "Answer the question in the text.", "proofread this", "Make a list of it.", "describe it", "read this",
        "what can you say about it?", "Give a summary.", "What does the text say?", "Which topic is it?",
    ],
    "validation": ["tell me what this is", "Make it shorter.", "Check this."],
})
SMALL = "the a of and to in is was for on with that it as by at from his her not be are this had or an but they which you were all".split()


def document(rng, split):
    """Text that was pasted, or a file as facet sends it: its name, its text, then the question."""
    lines = []
    for _ in range(rng.choice([1, 1, 2, 3, 5, 8])):
        style = rng.random()
        parts = [rng.choice(SMALL) if rng.random() < 0.5 else words.any_word(rng) for _ in range(rng.randrange(3, 20))]
        if style < 0.12:
            lines.append(f"{words.made_up(rng)}({parts[0]}, {rng.randrange(100)})")
        elif style < 0.2:
            lines.append(f"{parts[0]},{parts[1]},{rng.randrange(1000)}")
        else:
            lines.append(capital(" ".join(parts)) + ".")
    text = rng.choice(["\n", " ", "\n\n"]).join(lines)
    ending = rng.choice(["txt", "txt", "md", "csv", "py", "json", "log", "c"])
    name = rng.choice([f"{rng.choice(words.OTHERS + words.KEYS)}.{ending}", f"{words.made_up(rng)}.{ending}", "standard input"])
    style = rng.random()
    if style < 0.6:
        return f"{name}:\n\n{text}\n\n{rng.choice(ABOUT[split])}"
    if style < 0.75:
        return f"{rng.choice(ABOUT[split])}\n\n{text}"
    return text if style < 0.85 else f"{text}\n{rng.choice(ABOUT[split])}"


def gibberish(rng, split):
    """Keys that were hit at random."""
    while True:
        text = _mash(rng)
        if (zlib.crc32(text.encode()) % 5 == 0) == (split != "train") and text.lower() not in _held:
            return text


def _mash(rng):
    rows = rng.choice(["asdfghjkl", "qwertyuiop", "zxcvbnm", "asdfjklqweruiop", "abcdefghijklmnopqrstuvwxyz", "0123456789abc", "?!.,;-_#+*"])
    return " ".join("".join(rng.choice(rows) for _ in range(rng.randrange(2, 8))) for _ in range(rng.choice([1, 1, 2, 2, 3, 4])))


def _load():
    """The lists of unknown.txt, each split by position, but for those of names with a plus, which are training's."""
    lists = {}
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "unknown.txt")) as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                kind, _, words = line.rstrip("\n").partition(": ")
                words = list(dict.fromkeys(words.split(" | ")))
                if kind.endswith("+"):
                    lists[kind[:-1]]["train"] += words
                    continue
                random.Random(kind).shuffle(words)
                split = {"validation": words[::7]}
                rest = [word for i, word in enumerate(words) if i % 7]
                split["test"] = rest[::6]
                split["train"] = [word for i, word in enumerate(rest) if i % 6]
                lists[kind] = split
    for kind, slot in (("ask", "u-ask"), ("nearask", "u-near")):
        lists[kind] = frames.more(slot, lists[kind])
    return lists


LISTS = _load()
_held = {question.lower().rstrip("?.! ") or question for split in ("validation", "test") for question in LISTS["ask"][split] + ODD[split]}
for several in (ODD, LISTS["ask"], LISTS["nearask"], LISTS["thing"]):
    several["train"] = [question for question in several["train"] if (question.lower().rstrip("?.! ") or question) not in _held]
SYLLABLES = ["ba", "ko", "ri", "tu", "lem", "nor", "fi", "gra", "plo", "ske", "vin", "dro", "zu", "mar", "tel", "quo", "wex", "jib", "hul",
             "pam", "ost", "ern", "ick", "yat"]


def nonsense(rng):
    """Words that mean nothing."""
    words = ["".join(rng.choice(SYLLABLES) for _ in range(rng.choice([1, 2, 2, 3]))) for _ in range(rng.choice([1, 1, 2, 3]))]
    return " ".join(words)


def question(rng, split):
    """A question and the refusal that fits it."""
    kind = rng.choices(["thing", "person", "place", "food", "code", "text", "do", "near", "verb", "ask", "nearask", "translate", "foreign",
                        "nonsense", "object", "numbers", "odd", "gibberish", "document"],
                       [17, 6, 8, 4, 3, 3, 10, 11, 9, 11, 9, 6, 7, 3, 5, 5, 6, 5, 5])[0]
    known = LISTS.get(kind, {}).get(split)
    if kind == "foreign":
        return rng.choice(known), ENGLISH
    if kind in ("gibberish", "document"):
        return (gibberish(rng, split) if kind == "gibberish" else document(rng, split)), REFUSAL
    if kind == "odd":
        return rng.choice(ODD[split]), REFUSAL
    if kind in ("ask", "nearask"):
        text = rng.choice(known)
    elif kind == "nonsense":
        word = nonsense(rng)
        text = rng.choice([word, word, "What is {}?", "How do I {}?", "Tell me about {}.", "Is {} good?"]).format(word)
    elif kind == "numbers":
        a, b = rng.randrange(1, 10 ** rng.choice([1, 2, 3, 4])), rng.randrange(1, 10 ** rng.choice([1, 2, 3]))
        text = rng.choice(NUMBERS[split]).format(a, b, n=words.name(rng), t=words.thing(rng))
    elif kind == "translate":
        said = " ".join(words.any_word(rng) for _ in range(rng.choice([1, 2, 3])))
        said = said if rng.random() < 0.4 else rng.choice(LISTS["word"][split])
        text = rng.choice(TRANSLATE[split]).format(said, rng.choice(LISTS["language"][split]))
    elif kind in ("do", "near", "verb"):
        frames = DO if rng.random() < (0.6 if kind == "do" else 0.85) else DO_ONLY
        phrase = rng.choice(known)
        if kind == "verb":
            phrase = f"{phrase} {rng.choice(LISTS['object'][split])}"
        frame = rng.choice(frames[split])
        text = (noisy(frame, rng) if split == "train" else frame).format(phrase)
    else:
        template = rng.choice(TEMPLATES[kind][split])
        template = noisy(template, rng) if split == "train" else template
        text = template.format(*rng.sample(known, 2))
    text = capital(text) if kind not in ("ask", "nearask", "nonsense") else text
    return (slip(text, rng) if split == "train" else text), REFUSAL


def item(rng, split):
    text, answer = question(rng, split)
    return Item("unknown", [{"role": "user", "content": text}], {"role": "assistant", "content": answer}, rng.random() < 0.5)
