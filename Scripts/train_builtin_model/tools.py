"""Questions that a declared tool answers: calls of a calculator and a clock, and answers made of their results.

A result is drawn at random and need not fit the question: the answer has to be copied from it.
"""
import frames
import facts
import others
import sums
import unknown
import words
from items import Item
from wording import capital, slip

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
for area, names in {
    "Europe": "Lisbon Dublin Brussels Amsterdam Prague Warsaw Budapest Copenhagen Stockholm Helsinki Istanbul Zurich Riga Vilnius Sofia Zagreb "
              "Belgrade Bucharest Kiev Minsk",
    "Asia": "Bangkok Manila Jakarta Taipei Karachi Dhaka Kabul Tehran Baghdad Beirut Yerevan Baku Kathmandu",
    "Africa": "Lagos Accra Dakar Tunis Algiers Harare Lusaka Kampala Luanda Casablanca",
    "Australia": "Perth Melbourne Brisbane Hobart Darwin",
    "America": "Denver Phoenix Detroit Boise Vancouver Bogota Caracas Havana Panama Santiago Montevideo",
}.items():
    CITIES |= {name: f"{area}/{name}" for name in names.split()}

OPERATIONS = {
    "*": frames.more("sum*", {
        "train": [
            "What is {} * {}?", "{} * {}", "{} times {}", "What is {} times {}?", "{} x {}", "Multiply {} by {}.", "{}*{}",
            "How much is {} times {}?", "What is the product of {} and {}?", "Calculate {} * {}.", "{} multiplied by {}",
            "what's {} x {}", "Please multiply {} and {}.", "{}*{}=", "Work out {} times {}.", "What does {} * {} make?",
            "What does {} times {} give?", "I need to know what {} * {} is.", "Find the product of {} and {}.",
            "I want {} times {}.", "Find out {} times {}.", "Solve {} * {}.", "How many are {} times {}?", "Find {} times {}.",
            "Tell me the product of {} and {}.",
        ],
        "validation": ["What does {} * {} come to?", "I need {} multiplied by {}."],
    }),
    "/": frames.more("sum/", {
        "train": [
            "What is {} / {}?", "{} / {}", "{} divided by {}", "What is {} divided by {}?", "Divide {} by {}.", "{}/{}",
            "How much is {} divided by {}?", "What is the quotient of {} and {}?", "Calculate {} / {}.", "{}/{}=", "what's {} / {}",
            "Please divide {} by {}.", "Work out {} divided by {}.", "How often does {} hold {}?", "{} over {}",
            "What is {} over {}?", "Work out {} over {}.", "How much is {} over {}?", "What does {} / {} make?",
            "What does {} over {} give?", "I need to know what {} / {} is.", "Find the quotient of {} and {}.",
            "Find out {} divided by {}.", "Solve {} / {}.", "Find {} divided by {}.",
        ],
        "validation": ["What does {} / {} come to?", "I need {} over {}."],
    }),
    "+": sums.FRAMES["+"], "-": sums.FRAMES["-"],
}
STORIES = {
    "*": frames.more("story*", {
        "train": [
            "A box holds {a} {t}. How many {t} are in {b} boxes?", "{n} buys {a} {t} on each of {b} days. How many {t} is that?",
            "There are {a} rows of {b} {t}. How many {t} are there?", "{a} bags with {b} {t} each: how many {t}?",
            "{n} packs {a} {t} an hour. How many {t} in {b} hours?", "{a} cupboards hold {b} {t} each. How many {t} are that?",
            "{n} sells {a} {t} a day. How many in {b} days?", "{n} makes {a} {t} each month. How many {t} in {b} months?",
            "{a} boxes of {b} {t}: how many {t} in all?", "{a} walls have {b} {t} each. How many {t} in total?",
            "Each of {a} children has {b} {t}. How many {t} are that?", "{n} makes {a} {t} a week. How many in {b} weeks?",
        ],
        "validation": ["{a} shelves hold {b} {t} each. How many {t} in all?"],
    }),
    "/": frames.more("story/", {
        "train": [
            "{n} shares {a} {t} among {b} friends. How many {t} does each get?", "{a} {t} go into {b} boxes. How many are in each?",
            "{a} {t} are packed in bags of {b}. How many bags is that?",
            "{n} divides {a} {t} into {b} parts. How many {t} has each?",
            "{n} splits {a} {t} between {b} friends. How many {t} does each get?",
            "{a} {t} are split into {b} equal heaps. How many are in each?",
            "{n} makes {b} equal parts of {a} {t}. How many {t} are in one?", "{a} {t} for {b} children: how many each?",
        ],
        "validation": ["{n} splits {a} {t} into {b} equal parts. How many {t} are in each?"],
    }),
    "+": sums.STORIES["+"], "-": sums.STORIES["-"],
}
TIMES = frames.more("times", {
    "train": [
        "What time is it in {}?", "What is the time in {}?", "time in {}", "Tell me the time in {}.",
        "What time is it now in {}?", "What's the time in {}?", "Do you know what time it is in {}?", "Is it late in {}?",
        "current time in {}", "What is the date in {}?", "What day is it in {}?", "Which hour is it in {}?", "{} time?",
        "I need the time in {}.", "Please say the time in {}.", "Say what time it is in {}.", "Which time is it now in {}?",
        "Give me the time in {}.", "What does the clock say in {}?", "What hour is it in {} now?",
    ],
    "validation": ["Please tell me what time it is in {}.", "How late is it now in {}?"],
})
HERE = frames.more("here", {
    "train": [
        "What time is it?", "What is the time?", "time?", "Tell me the time.", "What's the time?", "What time is it now?",
        "What is the date?", "What day is it?", "What day is today?", "What is today's date?", "how late is it", "date?",
        "Do you know the time?", "current time", "What is the time here?", "Which day is it today?", "What year is it?",
        "Please tell me the date.", "Tell me the date of today.", "today's date", "What's today's date?", "Say today's date.",
        "What time have we?", "Which date do we have?", "What day do we have today?", "Please say what time it is.",
        "Give me the time.", "What does the clock say?", "What time do we have?",
    ],
    "validation": ["Please tell me what time it is.", "Tell me today's date."],
})
HARD = frames.more("hard", {  # what the guide does not work out; the same frames with a calculator would be calls
    "train": [
        "What is {f} + {a}?", "{f} - {g}", "{f} + {g}", "What is {f} plus {g}?", "{f}+{g}", "What is {a} percent of {b}?",
        "{a}% of {b}", "How much is {a} % of {b}?", "What is ({a} + {c}) * {d}?", "({a} + {b}) - {c}", "{a} + ({b} - {c})",
        "What is half of {a}?", "half of {a}", "Half of {b}?", "How much is half of {b}?", "What is twice {a}?",
        "What is double {a}?", "double {a}", "What is {a} squared?", "{a}^2", "{a} squared", "What is the square root of {a}?",
        "sqrt({a})", "square root of {b}", "What is the cube of {a}?", "What is the factorial of {a}?", "{a} + {b} * {c}",
        "{a} * {b} + {c}", "{a} * {b} * {c}", "What is {a} to the power of {d}?", "{a} ** {d}", "What is a quarter of {a}?",
        "a quarter of {b}", "{a} mod {b}", "What is the average of {a} and {b}?", "log({a})", "sin({a})", "What is -{a} + {b}?",
        "-{a} - {b}", "-{a} + {b}", "What is 1/{d} + 1/{c}?", "Solve x + {a} = {b}.", "x + {a} = {b}",
        "What is x if {d}x = {b}?", "{a} + {b} + {c} + {d}", "Which is the larger number, {a} or {b}?", "What is {a} tenths?",
        "{f} times {d}", "{f} * {g}", "{f} / {d}", "What is a fifth of {a}?", "Work out {f} plus {g}.", "Find {f} + {g}.",
        "What does ({a} - {d}) * {c} come to?", "What is {a} doubled?",
    ],
    "validation": ["What is a third of {a}?", "How much are {a} percent of {b}?", "Give me {f} - {g}."],
})
TO_DO = sums.TO_DO | {"*": "Times", "/": "Divide"}
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
    digits = rng.choice([1, 2, 2, 3, 3, 4, 5, 6])
    return rng.randrange(10 ** (digits - 1), 10 ** digits)


def arithmetic(rng, split, signs="**//+-"):
    """A question for the calculator, and the expression to give it."""
    sign = rng.choice(signs)
    while True:
        a, b = number(rng), number(rng)
        if split == "train" and rng.random() < 0.25:
            a, b = (sums.doubled(rng, a), b) if rng.random() < 0.5 else (a, sums.doubled(rng, b))
        if (sign == "/" or sign == "-" and rng.random() < 0.8) and a < b:
            a, b = b, a
        if sums.split_of(a, b) == split:
            break
    if rng.random() < (0.55 if split == "train" else 0.7):  # Stories are what is hard to learn.
        text = rng.choice(OPERATIONS[sign][split]).format(a, b)
        if text.startswith("How often does"):
            sign = "/"
    else:
        n, m = words.names(rng, 2)
        story = sums.story_of(rng, split, sign, STORIES)
        text = story.format(n=n, m=m, t=words.thing(rng), **sums.as_read(story, sign, a, b))
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


def long_expression(rng, split):
    """A question with three numbers, at times brackets, for the calculator."""
    while True:
        a, b, c = number(rng), number(rng), number(rng)
        if sums.split_of(a, b) == split:
            break
    one, two = rng.choice("+-*"), rng.choice("+-*")
    form = rng.choice(["{a}{x}{b}{y}{c}", "{a}{x}{b}{y}{c}", "({a}{x}{b}){y}{c}", "{a}{x}({b}{y}{c})"])
    expression = form.format(a=a, b=b, c=c, x=one, y=two)
    return rng.choice(sums.CHAINS[split]).format(spaced(expression) if rng.random() < 0.6 else expression), expression


def hard_sum(rng, split):
    """A sum that the guide does not work out: a negative result, parts, powers, brackets."""
    if rng.random() < 0.15:
        while True:
            a, b = sums.number(rng), sums.number(rng)
            if a < b and sums.split_of(a, b) == split:
                return rng.choice(sums.FRAMES["-"][split]).format(a, b)
    a, b, c, d = sums.number(rng), sums.number(rng), sums.number(rng), rng.randrange(2, 10)
    f, g = (f"{rng.randrange(100)}.{rng.randrange(1, 100)}" for _ in "fg")
    return rng.choice(HARD[split]).format(a=a, b=b, c=c, d=d, f=f, g=g)


def time_question(rng, split, anywhere=False):
    """A question for the clock, the zone to give it (None is here), and the place as it was named.

    anywhere: also of places that no zone is named after, where nobody has to name it.
    """
    if anywhere and rng.random() < 0.7:
        place = words.city(rng)
        area = rng.choice(["Europe", "Asia", "Africa", "America"])
        return rng.choice(TIMES[split]).format(place), f"{area}/{place.replace(' ', '_')}", place
    if rng.random() < 0.25:
        return rng.choice(HERE[split]), None, None
    city = rng.choice(list(CITIES))
    return rng.choice(TIMES[split]).format(city), CITIES[city], city


def question(rng, split, anywhere=False):
    """A question for a tool: its text, the call's name and arguments, and the place where it is about time."""
    if rng.random() < 0.55:
        text, expression = arithmetic(rng, split) if rng.random() < 0.85 else long_expression(rng, split)
        name, arguments, place = "calculator", {"expression": expression}, None
    else:
        text, zone, place = time_question(rng, split, anywhere)
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


def call_of(name, arguments, number=1, thinking=False):
    """The message that calls; with a thought before it, which says what is to be done."""
    call = {"type": "function", "id": f"call_{number}", "function": {"name": name, "arguments": arguments}}
    return {"role": "assistant", "content": "", "tool_calls": [call]} | ({"reasoning": to_do(name, arguments)} if thinking else {})


def to_do(name, arguments):
    """The thought before a call: as in a sum it begins with what is to be done."""
    if name == "clock":
        return "The clock tells that."
    signs = [c for c in arguments["expression"] if c in TO_DO]
    return f"{TO_DO[signs[0]]}." if len(signs) == 1 else "Several steps."


def call_item(rng, split, thinking):
    """A question that a tool has to be called for; at times after one that was answered, in training after up to three.

    What the tools are takes most of an item: with several questions more calls are learned from it.
    """
    text, name, arguments, _ = question(rng, split)
    if split == "train":
        messages = []
        for earlier in range(rng.choices([0, 1, 2, 3], [3, 3, 2, 2])[0]):
            messages += exchange(rng, split, earlier + 1, anywhere=False)
    else:
        messages = exchange(rng, split) if rng.random() < 0.15 else []
    number = 1 + sum("tool_calls" in message for message in messages)
    tools = declared(rng, name if not messages else None)
    if messages and len(tools) < 2:
        tools = [calculator(rng), clock(rng)]
    if rng.random() < 0.15:
        tools.insert(rng.randrange(len(tools) + 1), others.tool(rng, split, tools))
    return Item("call", messages + [{"role": "user", "content": capital(text)}], call_of(name, arguments, number, thinking), thinking, tools)


def exchange(rng, split, number=1, anywhere=True):
    """A question with its call, result and answer, as history; anywhere: also of zones that the place does not tell."""
    text, name, arguments, place = question(rng, split, anywhere)
    value = result(rng, name, arguments)
    return [{"role": "user", "content": capital(text)}, call_of(name, arguments, number),
            {"role": "tool", "tool_call_id": f"call_{number}", "content": value},
            {"role": "assistant", "content": reply(name, arguments, place, value)}]


def result_item(rng, split, thinking):
    """A question, the call and its result: the answer says the result."""
    messages = exchange(rng, split)
    answer = messages.pop()
    if thinking and split == "train" and rng.random() < 0.7:
        messages[1]["reasoning"] = to_do(**messages[1]["tool_calls"][0]["function"])
    if thinking:
        answer["reasoning"] = f"The tool gave {messages[-1]['content']}."
    return Item("result", messages, answer, thinking, declared(rng, messages[1]["tool_calls"][0]["function"]["name"]))


def direct_item(rng, split, thinking):
    """Tools are declared, and a question about facet needs none."""
    item = facts.item(rng, split, thinking)
    item.tools = declared(rng) if rng.random() < 0.6 else [others.tool(rng, split)]
    return item


def other_item(rng, split, thinking):
    """A question for a tool that is neither calculator nor clock; one time in three its result is there and is said."""
    text, tool, arguments = others.question(rng, split)
    tools = [tool]
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        more = rng.choice([calculator, clock, None, None, None])
        more = more(rng) if more else others.tool(rng, split, tools)
        if more["function"]["name"] not in {one["function"]["name"] for one in tools}:
            tools.insert(rng.randrange(len(tools) + 1), more)
    call = call_of(tool["function"]["name"], arguments)
    messages = [{"role": "user", "content": text}]
    if rng.random() < 0.67:
        return Item("call-other", messages, call, thinking, tools)
    value = others.result(rng)
    answer = {"role": "assistant", "content": others.reply(value)}
    if thinking:
        answer["reasoning"] = f"The tool gave {value}."
    return Item("result", messages + [call, {"role": "tool", "tool_call_id": "call_1", "content": value}], answer, thinking, tools)


def missing_item(rng, split, thinking):
    """A question for a tool that is not there."""
    tools, kind = [], rng.random()
    if kind < 0.6:
        if kind < 0.3:
            text, _ = arithmetic(rng, split, "*/") if rng.random() < 0.75 else large_sum(rng, split)
        else:
            text = hard_sum(rng, split)
        answer = ONLY_SUMS
    elif kind < 0.9:
        text, _, _ = time_question(rng, split, anywhere=True)
        answer = NO_CLOCK
    else:
        noun = rng.choice(list(others.REAL)) if rng.random() < 0.6 else words.made_up(rng)
        _, values, by = others.REAL.get(noun, ("", "word", "of"))
        text = rng.choice(others.FRAMES[split]).format(noun=noun.replace("_", " "), by=by, value=others.value(rng, values))
        tools = [calculator(rng), clock(rng)][:rng.randrange(3)]
        answer = {"role": "assistant", "content": unknown.REFUSAL}
        return Item("no-tool", [{"role": "user", "content": capital(text)}], answer, thinking, tools)
    if rng.random() < 0.35:
        other = clock(rng) if kind < 0.6 else calculator(rng)
        tools = rng.choice([[other], [others.tool(rng, split)], [other, others.tool(rng, split)]])
    if split == "train" and text[:1].isalpha() and rng.random() < 0.4:
        text = slip(text, rng)
    return Item("no-tool", [{"role": "user", "content": capital(text)}], {"role": "assistant", "content": answer}, thinking, tools)


def item(rng, split):
    thinking = rng.random() < 0.5
    make = rng.choices([call_item, result_item, direct_item, missing_item, other_item], [7, 1, 1, 4, 3])[0]
    return make(rng, split, thinking)
