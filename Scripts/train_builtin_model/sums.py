"""Sums and differences with a thought that goes from the ones upward, and small word problems."""
import zlib
import frames
import stories
import words
from items import Item
from wording import among, capital, slip

PLACES = ["ones", "tens", "hundreds", "thousands"]
TO_DO = {"+": "Add", "-": "Take away"}  # Said before the numbers, it is learned sooner.

FRAMES = {
    "+": frames.more("sum+", {
        "train": [
            "{} + {}", "What is {} + {}?", "{} plus {}", "What is {} plus {}?", "Add {} and {}.", "{}+{}", "{} + {} = ?",
            "How much is {} + {}?", "Calculate {} + {}.", "What is the sum of {} and {}?", "{}+{}=", "how much is {} plus {}",
            "Please add {} and {}", "What do {} and {} make together?", "Sum of {} and {}", "{} and {} together?", "add {} to {}",
            "Work out {} + {}.", "Can you add {} and {}?", "what's {}+{}", "Compute {} + {}", "give me {} + {}",
            "What does {} + {} make?", "What does {} + {} give?", "{} + {} comes to what?", "What do I get for {} + {}?",
            "I want to know {} + {}.", "I need to know what {} + {} is.", "What do {} and {} come to together?",
            "Please tell me {} + {}.", "Find out {} + {}.", "Find the sum of {} and {}.", "What does {} plus {} amount to?",
            "How many are {} and {}?", "Solve {} + {}.", "Tell me {} plus {}.", "Find {} plus {}.", "I need {} + {}.",
        ],
        "validation": ["What does {} + {} come to?", "Please tell me the sum of {} and {}."],
    }),
    "-": frames.more("sum-", {
        "train": [
            "{} - {}", "What is {} - {}?", "{} minus {}", "What is {} minus {}?", "{}-{}", "{} - {} = ?", "How much is {} - {}?",
            "Calculate {} - {}.", "{}-{}=", "how much is {} minus {}", "What is {} less {}?", "Work out {} - {}.", "what's {}-{}",
            "What is left of {} without {}?", "Compute {} - {}", "give me {} - {}", "{} take away {}", "From {} take {}.",
            "What remains if you take from {} the number {}?", "What does {} - {} make?", "What does {} - {} give?",
            "{} - {} comes to what?", "What do I get for {} - {}?", "I want to know {} - {}.", "I need to know what {} - {} is.",
            "Please tell me {} - {}.", "Find out {} - {}.", "What does {} minus {} amount to?", "Solve {} - {}.",
            "Tell me {} minus {}.", "Find {} minus {}.",
        ],
        "validation": ["What does {} - {} come to?", "I need {} - {}."],
    }),
}

STORIES = {
    "+": frames.more("story+", {
        "train": [
            "{n} has {a} {t} and gets {b} more. How many {t} does {n} have now?",
            "{n} has {a} {t} and {m} has {b}. How many {t} do they have together?",
            "There are {a} {t} in a box and {b} in a bag. How many {t} are there?",
            "{n} buys {a} {t}, then {b} more. How many {t} is that?",
            "{n} found {a} {t} yesterday and {b} {t} today. How many {t} are that in all?",
            "A shop sold {a} {t} on Monday and {b} on Tuesday. How many {t} did it sell?",
            "{n} had {a} {t}. {m} gave {n} {b} {t}. How many {t} does {n} have?",
            "On one shelf are {a} {t}, on another {b}. How many {t} are on both?",
            "{n} collects {t}. With {a} at home and {b} at school, how many {t} are there?",
            "{n} made {a} {t} and {m} made {b} {t}. How many {t} did they make?",
            "{n} owns {a} {t} and finds {b} more. How many {t} are there now?",
            "{m} brings {n} {b} {t}. {n} had {a} before. How many {t} are there now?",
            "{n} counts {a} {t} at home and {b} {t} at work. How many are that?",
            "In spring {n} planted {a} {t}, in summer {b} more. How many {t} were planted?",
            "{a} {t} lie on the table and {b} under it. How many {t} are that in all?",
            "{n} saw {a} {t} in the morning and {b} in the evening. How many {t} did {n} see?",
            "{n} has {a} {t}. {m} has {b} more than {n}. How many {t} has {m}?",
            "To {a} {t} come {b} more. How many {t} are there?",
            "{n} ordered {a} {t} and later another {b}. How many {t} were ordered?",
            "A truck carries {a} {t} and loads {b} more {t}. How many {t} does it carry now?",
            "{n} wins {a} {t} in one game and {b} in the next. How many {t} did {n} win?",
            "There are {a} red {t} and {b} blue {t}. How many {t} are there?",
            "I have {a} {t} and get {b} more. How many {t} do I have?", "{a} {t} and {b} {t}: how many {t}?",
            "If I have {a} {t} and buy {b}, how many {t} do I have?", "{a} {t} plus {b} {t}?",
            "We have {a} {t} here and {b} there. How many {t} in total?", "{n} has {a} {t}, {m} {b}. How many in all?",
            "On Monday {n} counts {a} {t}, on Tuesday {b} more. How many {t} did {n} count?",
            "In May {n} sees {a} {t}, in June {b} more. How many are that?",
            "{n} owns {a} {t}. {n} buys another {b}. How many {t} are that now?",
            "Here are {a} {t}. {m} puts {b} more there. How many {t} are there?",
            "{n} picked {a} {t} and {m} picked {b}. How many {t} did they pick?",
            "In the morning {n} counts {a} {t}, in the evening {b} more. How many {t} are that?",
        ],
        "validation": ["{n} owns {a} {t}. {m} brings {b} more. How many {t} are there now?"],
    }),
    "-": frames.more("story-", {
        "train": [
            "{n} has {a} {t} and gives {b} away. How many {t} are left?",
            "{n} has {a} {t} and loses {b}. How many {t} does {n} have now?",
            "There were {a} {t} in a box. {n} took {b} out. How many {t} are still there?",
            "{n} had {a} {t} and sold {b} of them. How many {t} are left?", "Of {a} {t}, {b} are broken. How many {t} are whole?",
            "{n} had {a} {t}. {m} took {b} of them. How many {t} does {n} have?",
            "A shop had {a} {t} and sold {b}. How many {t} remain?", "{n} needs {a} {t} and has {b}. How many {t} are missing?",
            "{n} has {a} {t}, {m} has {b}. How many more {t} does {n} have?",
            "{n} bought {a} {t} and used {b}. How many {t} are left over?",
            "{n} owns {a} {t} and sells {b}. How many {t} does {n} keep?", "{n} gives {m} {b} of {a} {t}. How many {t} are left?",
            "{n} takes {b} of the {a} {t}. How many {t} stay there?",
            "From a pile of {a} {t}, {b} are taken. How many {t} are left?",
            "{n} gave {b} {t} to {m} and had {a} before. How many {t} remain?",
            "A box held {a} {t}; {b} fell out. How many {t} are in it now?",
            "{n} baked {a} {t} and ate {b}. How many {t} are left?",
            "{a} {t} were on the shelf, {b} were bought. How many {t} stay on the shelf?",
            "{n} wants {a} {t} and has only {b}. How many {t} does {n} still need?",
            "{n} has {a} {t} and throws {b} away. How many {t} does {n} keep?",
            "A truck carries {a} {t} and unloads {b}. How many {t} does it carry now?",
            "There are {a} {t}, {b} of them red. How many {t} are not red?",
            "{m} borrowed {b} of the {a} {t} of {n}. How many {t} does {n} have now?",
            "{n} has {a} {t} and eats {b}. How many {t} are left?", "{a} {t} minus {b} {t}?",
            "I have {a} {t} and lose {b}. How many {t} do I have?", "If I have {a} {t} and give {b} away, how many {t} are left?",
            "{n} has {a} {t}. {m} has {b} fewer. How many {t} has {m}?", "We had {a} {t} and used {b}. How many {t} remain?",
            "{n} keeps {a} {t} and gives {m} {b} of these. How many {t} are left?",
            "{n} has {a} {t} and hands {b} of them to {m}. How many {t} does {n} keep?",
            "From {a} {t} are taken {b}. How many {t} are left?", "{n} takes {b} from {a} {t}. How many {t} remain?",
            "{n} carried {a} {t} and dropped {b}. How many {t} are left?", "From {a} {t} {n} takes {b}. How many {t} stay?",
        ],
        "validation": ["{n} owns {a} {t} and gives {m} {b} of them. How many {t} does {n} keep?"],
    }),
}
# Measures have a unit of their own, in place of the things.
MEASURES = {
    "+": frames.more("measure+", {
        "train": [
            ("{n} is {a} years old. {m} is {b} years older. How old is {m}?", "years"),
            ("{n} is {a}. How old is {n} in {b} years?", "years"),
            ("{n} is {a} years old. How old will {n} be in {b} years?", "years"),
            ("{m} is {b} years older than {n}, who is {a}. How old is {m}?", "years"),
            ("{n} paid {a} dollars for {t} and {b} dollars for a bag. How many dollars is that?", "dollars"),
            ("{n} walks {a} metres and then {b} more. How many metres is that?", "metres"),
            ("A film takes {a} minutes, the break {b}. How many minutes is that?", "minutes"),
            ("{n} has {a} euros and earns {b}. How many euros does {n} have?", "euros"),
            ("{m} is {b} years older than {n}. {n} is {a}. What age has {m}?", "years"),
            ("{m} is older than {n} by {b} years. {n} is {a} years old. How old is {m}?", "years"),
            ("{n} runs {a} miles and {m} {b} miles. How many miles do they run?", "miles"),
            ("{n} drives {a} miles in the morning and {b} miles at night. How many miles are that?", "miles"),
            ("{n} is {a}, {m} is {b} years older. What age is {m}?", "years"),
            ("{n} drives {a} miles, then {b} miles. How many miles is that?", "miles"),
        ],
        "validation": [("{m} is {b} years older than {n}. {n} is {a} years old. How old is {m}?", "years")],
    }),
    "-": frames.more("measure-", {
        "train": [
            ("{n} is {a} years old. {m} is {b} years younger. How old is {m}?", "years"),
            ("{n} is {a}. How old was {n} {b} years ago?", "years"),
            ("{n} is {a} years old. How old was {n} {b} years ago?", "years"),
            ("{m} is {b} years younger than {n}, who is {a}. How old is {m}?", "years"),
            ("{n} is {a} and {m} is {b} years younger. How old is {m}?", "years"),
            ("{n} has {a} dollars and spends {b}. How many dollars are left?", "dollars"),
            ("A rope of {a} metres loses {b}. How many metres are left?", "metres"),
            ("Of {a} minutes {b} are over. How many minutes are left?", "minutes"),
            ("{n} has {a} euros and pays {b} for {t}. How many euros are left?", "euros"),
            ("{m} is {b} years younger than {n}. {n} is {a}. What age has {m}?", "years"),
            ("{m} is younger than {n} by {b} years. {n} is {a} years old. How old is {m}?", "years"),
            ("Of a trip of {a} miles {b} are done. How many miles are left?", "miles"),
            ("{n} wants to drive {a} miles and has driven {b}. How many miles are left?", "miles"),
            ("{n} is {a}, {m} is {b} years younger. What age is {m}?", "years"),
            ("A trip of {a} miles has {b} miles behind it. How many miles are left?", "miles"),
        ],
        "validation": [("{m} is {b} years younger than {n}. {n} is {a} years old. How old is {m}?", "years")],
    }),
}
CHAINS = frames.more("chain", {  # three numbers
    "train": [
        "{}", "What is {}?", "{} = ?", "How much is {}?", "Calculate {}.", "Work out {}.", "what's {}", "{}=", "Compute {}",
        "give me {}", "Please work out {}.", "how much is {}", "What does {} make?", "What does {} give?", "{} comes to what?",
        "What do I get for {}?", "I want to know {}.", "I need to know what {} is.", "Find out {}.", "Solve {}.", "Find {}.",
    ],
    "validation": ["What does {} come to?", "I need {}."],
})
THREE = frames.more("three", {
    "train": [
        "{n} has {a} {t}, {m} has {b} and {o} has {c}. How many {t} do they have together?",
        "{n} has {a} {t}, gets {b} more and then {c} more. How many {t} are that?",
        "There are {a}, {b} and {c} {t}. How many {t} are that?", "{a} {t}, {b} {t} and {c} {t}: how many {t}?",
        "{n} buys {a} {t}, then {b}, then {c}. How many {t} is that?",
        "{n} bought {a} {t}, {b} {t} and {c} {t}. How many {t} are that?",
    ],
    "validation": ["{n} found {a} {t}, {m} {b} and {o} {c}. How many {t} did they find?"],
})


def split_of(a, b):
    """The split that a pair of numbers belongs to."""
    return {0: "validation", 1: "test"}.get(zlib.crc32(f"{a},{b}".encode()) % 10, "train")


def steps(a, b, sign):
    """What is to be done and the written sum, a line a digit, with what there is of the result behind each."""
    width = max(len(str(a)), len(str(b)))
    first, second = str(a).zfill(width), str(b).zfill(width)
    lines, carry, result = [f"{TO_DO[sign]}: {first} {sign} {second}"], 0, ""
    for place in range(width):
        x, y = int(first[-1 - place]), int(second[-1 - place])
        if sign == "+":
            total = x + y + carry
            line = f"{PLACES[place]} {x}+{y}+{carry}={total}"
            digit, carry = total % 10, total // 10
            word = "carry"
        else:
            low = x - y - carry < 0
            top = x + 10 if low else x
            digit = top - y - carry
            line = f"{PLACES[place]} {top}-{y}-{carry}={digit}"
            carry, word = int(low), "borrow"
        result = f"{digit}{result}"
        lines.append(f"{line}, {word} {carry}: {result}")
    value = a + b if sign == "+" else a - b
    return "\n".join(lines + [f"So {value}."]), value


def number(rng):
    if rng.random() < 0.05:
        return rng.choice([0, 1, 9, 10, 11, 90, 99, 100, 101, 900, 909, 990, 998, 999, 999])
    digits = rng.choice([1, 2, 2, 3, 3, 3])
    return rng.randrange(10 ** (digits - 1) if digits > 1 else 0, 10 ** digits)


def doubled(rng, value):
    """The number with a digit that is there twice in a row, which is hard to copy: 799 of 739."""
    digits = list(str(value))
    if len(digits) > 1:
        place = rng.randrange(len(digits) - 1)
        digits[place + 1] = digits[place]
    return int("".join(digits))


def pair(rng, split, sign, low=0):
    """Two numbers of the split; for a difference the larger one first."""
    while True:
        a, b = number(rng), number(rng)
        if split == "train" and rng.random() < 0.25:
            a, b = (doubled(rng, a), b) if rng.random() < 0.5 else (a, doubled(rng, b))
        if sign == "-" and a < b:
            a, b = b, a
        if a >= low and b >= low and split_of(a, b) == split:
            return a, b


def story_of(rng, split, sign, several=STORIES):
    """A story of the split; in training often one that is put together by chance."""
    if split == "train" and sign in "+-" and rng.random() < 0.12:
        return stories.story(rng, sign)
    return rng.choice(several[sign][split])


def as_read(story, sign, a, b):
    """The numbers of a story: where the order is the same to the result, what is written begins with the one read first."""
    later = sign in "+*" and story.find("{b}") < story.find("{a}")
    return {"a": b, "b": a} if later else {"a": a, "b": b}


def fits(name, thing, split):
    """Whether the split may speak of this name with these things."""
    return (zlib.crc32(f"{name},{thing}".encode()) % 5 == 0) == (split != "train")


def chain(rng, split):
    """A sum of three numbers, such as 12+30-7, the thought in two rounds, and the value."""
    while True:
        a, b, c = number(rng), number(rng), number(rng)
        first, second = rng.choice(["++", "++", "+-", "-+", "--"])
        middle = a + b if first == "+" else a - b
        if split_of(a, b) == split and middle >= 0 and (second == "+" or middle >= c):
            break
    kind = rng.random()
    if kind < 0.12 and first == second == "+":
        text = rng.choice(["{} and {} and {}", "{}, {} and {}"]).format(a, b, c)
        text = f"Add {text}." if split == "train" else f"Please add {text}."
    else:
        space = " " if kind < 0.7 else ""
        signs = {"+": "+", "-": "-"} if kind < 0.85 else {"+": " plus ", "-": " minus "}
        text = rng.choice(CHAINS[split]).format(f"{a}{space}{signs[first]}{space}{b}{space}{signs[second]}{space}{c}".replace("  ", " "))
    one, middle = steps(a, b, first)
    two, value = steps(middle, c, second)
    return text, f"{one}\n{two}", f"{value}."


def question(rng, split):
    """A question, the thought that solves it, and the answer."""
    sign = rng.choice("+-")
    kind = rng.random()
    bare, chained = (0.36, 0.44) if split == "train" else (0.5, 0.6)  # Stories are what is hard to learn.
    if kind < bare:
        a, b = pair(rng, split, sign)
        frame = rng.choice(FRAMES[sign][split])
        if split == "train" and rng.random() < 0.08:
            frame = among(rng, f"{{}} {sign} {{}}")
        text = frame.format(a, b)
        thought, value = steps(a, b, sign)
        return text, thought, f"{value}."
    if kind < chained:
        return chain(rng, split)
    n, m, o = words.names(rng, 3)
    thing = words.thing(rng)
    while not fits(n, thing, split) or n in (m, o):
        n, thing = words.name(rng), words.thing(rng)
    if kind < 0.95:
        a, b = pair(rng, split, sign, low=2)
        story = story_of(rng, split, sign)
        if rng.random() < (0.28 if split == "train" else 0.2):
            story, unit = rng.choice(MEASURES[sign][split])
        else:
            unit = thing
        text = story.format(n=n, m=m, t=thing, **as_read(story, sign, a, b))
        thought, value = steps(a, b, sign)
    else:
        while True:
            a, b, c = rng.randrange(2, 90), rng.randrange(2, 90), rng.randrange(2, 90)
            if split_of(a, b) == split:
                break
        text, unit = rng.choice(THREE[split]).format(n=n, m=m, o=o, t=thing, a=a, b=b, c=c), thing
        first, middle = steps(a, b, "+")
        second, value = steps(middle, c, "+")
        thought = f"{first}\n{second}"
    return text, thought, f"{value} {unit}."


GO_ON = {
    "+": frames.more("goon+", {
        "train": [
            "And plus {}?", "and plus {}", "plus {}", "Now add {}.", "add {} to that", "And if I add {}?", "+ {}", "And {} more?",
            "Then add {}.", "Add {} more.",
        ],
        "validation": ["And what is that plus {}?"],
    }),
    "-": frames.more("goon-", {
        "train": [
            "And minus {}?", "and minus {}", "minus {}", "Now take {} away.", "take {} from that", "And if I take {} away?", "- {}",
            "And {} less?", "Then take away {}.", "Take {} off.",
        ],
        "validation": ["And what is that minus {}?"],
    }),
}


def going_on(rng, split):
    """A sum and its answer, and a question that goes on with the result: messages, thought, answer."""
    while True:
        sign, next_sign, c = rng.choice("+-"), rng.choice("+-"), number(rng)
        a, b = pair(rng, split, sign)
        value = a + b if sign == "+" else a - b
        if next_sign == "+" or value >= c:
            break
    thought, after = steps(value, c, next_sign)
    first = capital(rng.choice(FRAMES[sign][split]).format(a, b))
    before = [{"role": "user", "content": first}, {"role": "assistant", "content": f"{value}."}]
    return before + [{"role": "user", "content": rng.choice(GO_ON[next_sign][split]).format(c)}], thought, f"{after}."


def item(rng, split, thinking=None):
    """A sum with its thought, or one time in twelve without: thinking is off then, and there is little to learn."""
    messages = None
    if rng.random() < 0.06:
        messages, thought, answer = going_on(rng, split)
        text = ""
    else:
        text, thought, answer = question(rng, split)
    if split == "train" and text:
        text = slip(text, rng) if not any(c.isdigit() for c in text[:1]) and rng.random() < 0.4 else text
    if thinking is None:
        thinking = rng.random() > 1 / 12
    reply = {"role": "assistant", "content": answer}
    if thinking:
        reply["reasoning"] = thought
    return Item("sum" if thinking else "sum-plain", messages or [{"role": "user", "content": capital(text)}], reply, thinking)


def right(item, output):
    return not output.malformed and output.text.strip() == item.answer["content"]
