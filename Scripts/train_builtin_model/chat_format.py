"""Items as the token ids that facet gives a model of E2B's kind (chat template v3, small).

`python3 chat_format.py FACET MODEL.gguf` renders items of every kind and compares the ids with what
`facet inspect prompt` prints for them.
"""
import json

SPECIALS = [
    "<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "<|tool>", "<tool|>", "<|tool_call>",
    "<tool_call|>", "<|tool_response>", "<tool_response|>", '<|"|>', "<|think|>", "<|channel>",
    "<channel|>", "<|turn>", "<turn|>", "<|image>", "<|audio>", "<|image|>", "<|audio|>",
    "<image|>", "<audio|>", "<|video|>",
]
ROLES = {"assistant": "model"}


class Special(str):
    """One of the special tokens, told apart from text that looks like it."""


def value(v):
    """A JSON value in tool notation."""
    if isinstance(v, str):
        return [Special('<|"|>'), v, Special('<|"|>')]
    if v is None or isinstance(v, bool):
        return [{None: "null", True: "true", False: "false"}[v]]
    if isinstance(v, (int, float)):
        return [repr(v)]
    if isinstance(v, list):
        return ["[", *separated(map(value, v)), "]"]
    return ["{", *pairs(v), "}"]


def separated(parts):
    joined = []
    for part in parts:
        joined += [","] * bool(joined) + part
    return joined


def pairs(fields):
    ordered = sorted(fields.items(), key=lambda field: field[0].lower())
    return separated([key + ":", *value(v)] for key, v in ordered)


def schema_fields(schema):
    """The fields of a property: those that the tools of this folder use."""
    fields = []
    if schema.get("description"):
        fields.append(["description:", *value(schema["description"])])
    if schema["type"] == "object":
        fields.append(["properties:{", *properties(schema), "}"])
        if schema.get("required"):
            fields.append(["required:", *value(schema["required"])])
    fields.append(["type:", *value(schema["type"].upper())])
    return separated(fields)


def properties(schema):
    ordered = sorted(schema.get("properties", {}).items(), key=lambda field: field[0].lower())
    return separated([key + ":{", *schema_fields(v), "}"] for key, v in ordered)


def declaration(tool):
    function = tool["function"]
    parts = [Special("<|tool>"), f"declaration:{function['name']}", "{description:"]
    parts += value(function["description"])
    parameters = function.get("parameters")
    if parameters:
        parts.append(",parameters:{")
        if parameters.get("properties"):
            parts += ["properties:{", *properties(parameters), "},"]
        if parameters.get("required"):
            parts += ["required:", *value(parameters["required"]), ","]
        parts += ["type:", *value(parameters["type"].upper()), "}"]
    return [*parts, "}", Special("<tool|>")]


def call(tool_call):
    function = tool_call["function"]
    fields = pairs(function["arguments"])
    return [
        Special("<|tool_call>"), f"call:{function['name']}", "{", *fields, "}",
        Special("<tool_call|>"),
    ]


def thought(text):
    return [Special("<|channel>"), "thought\n", text + "\n", Special("<channel|>")]


def content(message):
    """Text, and (kind,) for a picture or a sound."""
    parts = message.get("content") or ""
    if isinstance(parts, str):
        return [parts.strip()]
    return [part["text"].strip() if part["type"] == "text" else (part["type"],) for part in parts]


def prompt(item):
    """What stands before the answer: strings, Specials and (kind,) for media."""
    messages = list(item.messages)
    first = messages[0] if messages[0]["role"] == "system" else None
    parts = [Special("<bos>")]
    if item.thinking or item.tools or first:
        parts += [Special("<|turn>"), "system\n"]
        parts += [Special("<|think|>"), "\n"] * item.thinking
        if first:
            parts += content(messages.pop(0))
        for tool in item.tools:
            parts += declaration(tool)
        parts += [Special("<turn|>"), "\n"]
    open_turn = False
    last_user = max(index for index, message in enumerate(messages) if message["role"] == "user")
    for index, message in enumerate(messages):
        if message["role"] == "tool":
            continue
        if not open_turn:
            parts += [Special("<|turn>"), ROLES.get(message["role"], message["role"]) + "\n"]
        results = []
        # A thought stays while calls of its turn are answered.
        if message.get("reasoning") and message.get("tool_calls") and index > last_user:
            parts += thought(message["reasoning"])
        for tool_call in message.get("tool_calls", []):
            parts += call(tool_call)
            results += [
                (tool_call["function"]["name"], m["content"]) for m in messages[index + 1 :]
                if m["role"] == "tool" and m["tool_call_id"] == tool_call["id"]]
        for name, result in results:
            parts += [Special("<|tool_response>"), f"response:{name}", "{value:", *value(result)]
            parts += ["}", Special("<tool_response|>")]
        parts += content(message)
        # What the model says to a result stands in the same turn.
        open_turn = bool(results)
        if not open_turn:
            parts += [Special("<turn|>"), "\n"]
    if not open_turn:
        parts += [Special("<|turn>"), "model\n"]
    elif item.thinking:
        parts += [Special("<|channel>"), "thought\n"]
    return parts


def answer(item):
    """What the model is to write after the prompt, up to the token it stops at."""
    message = item.answer
    parts = []
    if message.get("reasoning"):
        began = item.thinking and item.messages[-1]["role"] == "tool"
        parts += thought(message["reasoning"])[2 if began else 0 :]
    for tool_call in message.get("tool_calls", []):
        parts += call(tool_call)
    if message.get("tool_calls"):
        return [*parts, Special("<|tool_response>")]
    return [*parts, message["content"], Special("<turn|>")]


def merged(parts):
    """Neighbouring texts as one, since they are read as one."""
    joined = []
    for part in parts:
        if type(part) is str and joined and type(joined[-1]) is str:
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return joined


MEDIA = {
    "image": ("<|image>", "<|image|>", "<image|>"),
    "audio": ("<|audio>", "<|audio|>", "<audio|>"),
}


def ids(parts, tokenizer, soft_tokens=()):
    """Token ids; soft_tokens: how many each picture and sound takes, in order."""
    counts = iter(soft_tokens)
    result = []
    for part in merged(parts):
        if isinstance(part, tuple):
            begin, soft, end = MEDIA[part[0]]
            result += [tokenizer.special[begin]] + [tokenizer.special[soft]] * next(counts)
            result.append(tokenizer.special[end])
        elif isinstance(part, Special):
            result.append(tokenizer.special[part])
        else:
            result += tokenizer.encode(part)
    return result


def example(item, tokenizer, soft_tokens=()):
    """Ids of prompt and answer, and where the answer begins."""
    before = ids(prompt(item), tokenizer, soft_tokens)
    return before + ids(answer(item), tokenizer), len(before)


def main():
    import random
    import subprocess
    import sys

    import text_data
    import vocabulary

    tokenizer = vocabulary.from_gguf(sys.argv[2])
    rng = random.Random(7)
    items = [text_data.item(rng, "train") for _ in range(2000)]
    lines = [json.dumps(dict(
        messages=i.messages, tools=i.tools, enable_thinking=i.thinking, add_generation_prompt=True,
    )) for i in items]
    command = [sys.argv[1], "inspect", "prompt", "--model", sys.argv[2]]
    printed = subprocess.run(
        command, input="\n".join(lines), capture_output=True, text=True, check=True).stdout
    differ = 0
    for i, line in zip(items, printed.splitlines(), strict=True):
        theirs, ours = json.loads(line)["ids"], ids(prompt(i), tokenizer)
        if theirs != ours:
            differ += 1
            if differ < 4:
                print(i, json.loads(line)["text"], tokenizer.decode(ours), sep="\n")
    print(f"{len(items)} prompts, {differ} differ")


if __name__ == "__main__":
    main()
