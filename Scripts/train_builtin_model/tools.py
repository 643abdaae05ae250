"""Questions that a declared tool answers: calls of a calculator and a clock, and answers made of their results.

A result is drawn at random and need not fit the question: the answer has to be copied from it.
"""
from items import Item
from sums import NAMES, THINGS
from wording import capital, slip
import facts
import sums

ONLY_SUMS = "I can only add and subtract numbers up to 999. Give me a sum such as 27 + 34."
NO_CLOCK = "I have no clock here, so I do not know the time or the date."

CALCULATOR = ["Works out an arithmetic expression.", "Calculates an expression such as 2*3 and returns the number.",
              "A calculator for +, -, * and /."]
EXPRESSION = ["The expression, for example 12*7.", "What to work out.", "An arithmetic expression."]
CLOCK = ["Tells the time and the date.", "Returns the current time in a time zone.", "A clock: the time now, here or elsewhere."]
ZONE = ["A time zone such as Europe/Paris; without it the local time.", "Name of the time zone.", "The zone, if not the local one."]

CITIES = {
    "Tokyo": "Asia/Tokyo", "Paris": "Europe/Paris", "London": "Europe/London", "Berlin": "Europe/Berlin",
    "New York": "America/New_York", "Los Angeles": "America/Los_Angeles", "Chicago": "America/Chicago", "Sydney": "Australia/Sydney",
    "Moscow": "Europe/Moscow", "Rome": "Europe/Rome", "Madrid": "Europe/Madrid", "Vienna": "Europe/Vienna", "Cairo": "Africa/Cairo",
    "Nairobi": "Africa/Nairobi", "Dubai": "Asia/Dubai", "Singapore": "Asia/Singapore", "Shanghai": "Asia/Shanghai",
    "Toronto": "America/Toronto", "Lima": "America/Lima", "Oslo": "Europe/Oslo", "Athens": "Europe/Athens", "Seoul": "Asia/Seoul",
}

OPERATIONS = {
    "*": {
        "train": ["What is {} * {}?", "{} * {}", "{} times {}", "What is {} times {}?", "{} x {}", "Multiply {} by {}.", "{}*{}",
                  "How much is {} times {}?", "What is the product of {} and {}?", "Calculate {} * {}.", "{} multiplied by {}",
                  "what's {} x {}", "Please multiply {} and {}.", "{}*{}=", "Work out {} times {}."],
        "validation": ["Solve {} * {}.", "How many are {} times {}?"],
        "test": ["What does {} * {} come to?", "Find {} times {}.", "I need {} multiplied by {}.", "Tell me the product of {} and {}."],
    },
    "/": {
        "train": ["What is {} / {}?", "{} / {}", "{} divided by {}", "What is {} divided by {}?", "Divide {} by {}.", "{}/{}",
                  "How much is {} divided by {}?", "What is the quotient of {} and {}?", "Calculate {} / {}.", "{}/{}=",
                  "what's {} / {}", "Please divide {} by {}.", "Work out {} divided by {}.", "How often does {} hold {}?"],
        "validation": ["Solve {} / {}."],
        "test": ["What does {} / {} come to?", "Find {} divided by {}.", "I need {} over {}."],
    },
    "+": sums.FRAMES["+"], "-": sums.FRAMES["-"],
}
STORIES = {
    "*": {
        "train": ["A box holds {a} {t}. How many {t} are in {b} boxes?", "{n} buys {a} {t} on each of {b} days. How many {t} is that?",
                  "There are {a} rows of {b} {t}. How many {t} are there?", "{a} bags with {b} {t} each: how many {t}?",
                  "{n} packs {a} {t} an hour. How many {t} in {b} hours?"],
        "validation": ["Each of {a} children has {b} {t}. How many {t} are that?"],
        "test": ["{a} shelves hold {b} {t} each. How many {t} in all?", "{n} makes {a} {t} a week. How many in {b} weeks?"],
    },
    "/": {
        "train": ["{n} shares {a} {t} among {b} friends. How many {t} does each get?", "{a} {t} go into {b} boxes. How many are in each?",
                  "{a} {t} are packed in bags of {b}. How many bags is that?"],
        "validation": ["{a} {t} for {b} children: how many each?"],
        "test": ["{n} splits {a} {t} into {b} equal parts. How many {t} are in each?"],
    },
    "+": sums.STORIES["+"], "-": sums.STORIES["-"],
}
TIMES = {
    "train": ["What time is it in {}?", "What is the time in {}?", "time in {}", "How late is it in {}?", "Tell me the time in {}.",
              "What time is it now in {}?", "What's the time in {}?", "Do you know what time it is in {}?", "Is it late in {}?",
              "current time in {}", "What is the date in {}?", "What day is it in {}?", "Which hour is it in {}?", "{} time?",
              "I need the time in {}."],
    "validation": ["Give me the time in {}.", "What does the clock say in {}?"],
    "test": ["Please tell me what time it is in {}.", "What hour is it in {} now?", "How late is it now in {}?"],
}
HERE = {
    "train": ["What time is it?", "What is the time?", "time?", "Tell me the time.", "What's the time?", "What time is it now?",
              "What is the date?", "What day is it?", "What day is today?", "What is today's date?", "how late is it", "date?",
              "Do you know the time?", "current time", "What is the time here?", "Which day is it today?", "What year is it?"],
    "validation": ["Give me the time.", "What does the clock say?"],
    "test": ["Please tell me what time it is.", "What time do we have?", "Tell me today's date."],
}
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


def calculator(rng):
    return {"type": "function", "function": {"name": "calculator", "description": rng.choice(CALCULATOR), "parameters": {
        "type": "object", "properties": {"expression": {"type": "string", "description": rng.choice(EXPRESSION)}},
        "required": ["expression"]}}}


def clock(rng):
    return {"type": "function", "function": {"name": "clock", "description": rng.choice(CLOCK), "parameters": {
        "type": "object", "properties": {"zone": {"type": "string", "description": rng.choice(ZONE)}}}}}


def declared(rng, needed=None):
    """Declarations: both tools in either order or one; the needed one is among them."""
    both = [calculator(rng), clock(rng)]
    rng.shuffle(both)
    if rng.random() < 0.3:
        names = [tool["function"]["name"] for tool in both]
        return [both[names.index(needed)]] if needed else both[:1]
    return both


def number(rng):
    digits = rng.choice([1, 2, 2, 3, 3, 4])
    return rng.randrange(10 ** (digits - 1), 10 ** digits)


def arithmetic(rng, split, signs="**//+-"):
    """A question for the calculator, and the expression to give it."""
    sign = rng.choice(signs)
    while True:
        a, b = number(rng), number(rng)
        if sign in "-/" and a < b:
            a, b = b, a
        if sums.split_of(a, b) == split:
            break
    if rng.random() < 0.7:
        text = rng.choice(OPERATIONS[sign][split]).format(a, b)
        if text.startswith("How often does"):
            sign = "/"
    else:
        n, m = rng.sample(NAMES, 2)
        text = rng.choice(STORIES[sign][split]).format(a=a, b=b, n=n, m=m, t=rng.choice(THINGS))
    return text, f"{a}{sign}{b}"


def large_sum(rng, split):
    """A sum or difference with a number of more than three digits, too large for the guide's own head."""
    sign = rng.choice("+-")
    while True:
        a, b = rng.randrange(1000, 10 ** rng.choice([4, 4, 5, 6])), number(rng)
        if sums.split_of(a, b) == split:
            break
    if sign == "+" and rng.random() < 0.5:
        a, b = b, a
    return rng.choice(OPERATIONS[sign][split]).format(a, b), f"{a}{sign}{b}"


def time_question(rng, split):
    """A question for the clock, the zone to give it (None is here), and the place as it was named."""
    if rng.random() < 0.25:
        return rng.choice(HERE[split]), None, None
    city = rng.choice(list(CITIES))
    return rng.choice(TIMES[split]).format(city), CITIES[city], city


def question(rng, split):
    """A question for a tool: its text, the call's name and arguments, and the place where it is about time."""
    if rng.random() < 0.62:
        text, expression = arithmetic(rng, split)
        name, arguments, place = "calculator", {"expression": expression}, None
    else:
        text, zone, place = time_question(rng, split)
        name, arguments = "clock", {} if zone is None else {"zone": zone}
    if split == "train" and not text[:1].isdigit() and rng.random() < 0.4:
        text = slip(text, rng)
    return text, name, arguments, place


def result(rng, name, arguments):
    """What the tool says: right one time in four, else anything of the same form."""
    if name == "clock":
        time = f"{rng.randrange(24):02d}:{rng.randrange(60):02d}"
        kind = rng.random()
        if kind < 0.6:
            return time
        if kind < 0.8:
            return f"{rng.choice(DAYS)}, {time}"
        return f"{rng.randrange(2024, 2032)}-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d} {time}"
    if rng.random() < 0.25 and "/" not in arguments["expression"]:
        return str(eval(arguments["expression"]))  # two numbers of ours and a sign
    kind = rng.random()
    if kind < 0.15:
        return f"{rng.randrange(1, 1000)}.{rng.randrange(1, 100)}"
    value = rng.randrange(10 ** rng.randrange(1, 8))
    return str(-value if kind < 0.2 else value)


def spaced(expression):
    """The expression with spaces around its sign: 12*7 as 12 * 7."""
    for sign in "*/+-":
        expression = expression.replace(sign, f" {sign} ")
    return expression


def reply(name, arguments, place, value):
    if name == "calculator":
        return f"{spaced(arguments['expression'])} = {value}."
    return f"It is {value} in {place}." if place else f"It is {value}."


def call_of(name, arguments, number=1):
    return {"role": "assistant", "content": "", "tool_calls": [
        {"type": "function", "id": f"call_{number}", "function": {"name": name, "arguments": arguments}}]}


def call_item(rng, split, thinking):
    """A question that a tool has to be called for; at times after one that was answered."""
    text, name, arguments, _ = question(rng, split)
    messages = exchange(rng, split) if rng.random() < 0.15 else []
    number = 1 + sum("tool_calls" in message for message in messages)
    tools = declared(rng, name if not messages else None)
    if messages and len(tools) < 2:
        tools = [calculator(rng), clock(rng)]
    return Item("call", messages + [{"role": "user", "content": capital(text)}], call_of(name, arguments, number), thinking, tools)


def exchange(rng, split):
    """A question with its call, result and answer, as history."""
    text, name, arguments, place = question(rng, split)
    value = result(rng, name, arguments)
    return [{"role": "user", "content": capital(text)}, call_of(name, arguments),
            {"role": "tool", "tool_call_id": "call_1", "content": value},
            {"role": "assistant", "content": reply(name, arguments, place, value)}]


def result_item(rng, split, thinking):
    """A question, the call and its result: the answer says the result."""
    messages = exchange(rng, split)
    answer = messages.pop()
    if thinking:
        answer["reasoning"] = f"The tool gave {messages[-1]['content']}."
    return Item("result", messages, answer, thinking, declared(rng, messages[1]["tool_calls"][0]["function"]["name"]))


def direct_item(rng, split, thinking):
    """Tools are declared, and a question about facet needs none."""
    item = facts.item(rng, split, thinking)
    item.tools = declared(rng)
    return item


def missing_item(rng, split, thinking):
    """A question for a tool that is not there."""
    tools = []
    if rng.random() < 0.6:
        text, _ = arithmetic(rng, split, "*/") if rng.random() < 0.85 else large_sum(rng, split)
        answer = ONLY_SUMS
        if rng.random() < 0.15:
            tools = [clock(rng)]
    else:
        text, _, _ = time_question(rng, split)
        answer = NO_CLOCK
        if rng.random() < 0.15:
            tools = [calculator(rng)]
    if split == "train" and not text[:1].isdigit() and rng.random() < 0.4:
        text = slip(text, rng)
    return Item("no-tool", [{"role": "user", "content": capital(text)}], {"role": "assistant", "content": answer}, thinking, tools)


def item(rng, split):
    thinking = rng.random() < 0.5
    make = rng.choices([call_item, result_item, direct_item, missing_item], [5, 4, 1, 2])[0]
    return make(rng, split, thinking)
