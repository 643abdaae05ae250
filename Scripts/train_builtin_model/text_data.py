#!/usr/bin/env python3
"""The mixture of all text items. usage: text_data.py [COUNT [KIND]] prints samples; text_data.py --check looks for faults

Kinds: fact, fact-new-phrase (test only), turns, sum, sum-plain, call, call-other, result, json, unknown, no-tool, repeat.
"""
import random
import re
import sys
import facts
import frames
import jsons
import others
import repeats
import sums
import tools
import unknown
import wording

KINDS = ("fact", "turns", "sum", "sum-plain", "call", "call-other", "result", "json", "unknown", "no-tool", "repeat")
WEIGHTS = {"fact": 46, "turns": 7, "sums": 43, "tools": 26, "json": 6, "unknown": 23, "repeat": 4}
SYSTEMS = ["You are a helpful assistant.", "Answer briefly.", "Be kind.", "You are a guide.", "Answer in one sentence.",
           "You help the user.",
           "You are a friendly assistant.", "Be short.", "Answer in plain English.", "You are an assistant in a terminal."]
MAKE = {"fact": facts.item, "turns": facts.turns_item, "sums": sums.item, "tools": tools.item, "json": jsons.item, "unknown": unknown.item,
        "repeat": repeats.item}


def history(rng, split):
    """One to three exchanges, the answers without thoughts."""
    messages, number = [], rng.choices([1, 2, 3], [6, 3, 1])[0]
    while len(messages) < 2 * number:
        make = rng.choices([facts.item, sums.item, unknown.item, jsons.item], [6, 2, 2, 1])[0]
        earlier = make(rng, split)
        if len(earlier.messages[-1]["content"]) > 160 or len(earlier.messages) > 1:
            continue
        messages += earlier.messages + [{"role": "assistant", "content": earlier.answer["content"]}]
    return messages


NEEDS_TOOL = re.compile(r"\d|time|date|day|year|hour|late|clock|month|plus|minus|number", re.IGNORECASE)


def dressed(item, rng, split):
    """The item as it may stand in a conversation.

    One time in five it has earlier turns, one time in ten a system prompt; at times tools that it does not need.
    """
    if item.kind in ("sum", "sum-plain") and rng.random() < 0.08:
        item.tools = [tools.clock(rng)] if rng.random() < 0.5 else [others.tool(rng, split)]
    if item.kind in ("json", "unknown", "repeat") and rng.random() < 0.06 and not NEEDS_TOOL.search(item.messages[-1]["content"]):
        item.tools = tools.declared(rng) if rng.random() < 0.6 else [others.tool(rng, split)]
    if len(item.messages) == 1 and rng.random() < 0.2 or item.kind == "turns" and rng.random() < 0.1:
        item.messages = history(rng, split) + item.messages
    if rng.random() < 0.1:
        item.messages = [{"role": "system", "content": rng.choice(SYSTEMS)}] + item.messages
    return item


def item(rng, split, weights=WEIGHTS):
    """An item of any kind."""
    kind = rng.choices(list(weights), list(weights.values()))[0]
    return dressed(MAKE[kind](rng, split), rng, split)


def of_kind(rng, split, kind, index=None):
    """An item of the kind; index says which fact it is about, where it is about one."""
    if kind == "fact":
        return dressed(facts.item(rng, split, index=index), rng, split)
    if kind == "fact-new-phrase":
        return facts.new_phrase_item(rng, index)
    if kind in ("sum", "sum-plain"):
        return dressed(sums.item(rng, split, kind == "sum"), rng, split)
    thinking = rng.random() < 0.5
    if kind in ("call", "call-other", "result", "no-tool"):
        make = {"call": tools.call_item, "call-other": tools.other_item, "result": tools.result_item, "no-tool": tools.missing_item}[kind]
        made = make(rng, split, thinking)
        while made.kind != kind:
            made = make(rng, split, thinking)
        return dressed(made, rng, split)
    return dressed(MAKE[kind](rng, split), rng, split)


def held_out(split, kind, count, seed=0):
    """That many items of the kind; all facts are asked about in turn."""
    rng = random.Random(f"{split} {kind} {seed}")
    order = rng.sample(range(len(facts.FACTS)), len(facts.FACTS))
    return [of_kind(rng, split, kind, order[i % len(order)]) for i in range(count)]


def framed(where=None, it=None):
    """Every set of frames of the generators, with its name."""
    if where is None:
        for module in (facts, wording, sums, tools, others, jsons, repeats, unknown):
            for name, it in vars(module).items():
                if name.isupper() and name != "LISTS":
                    yield from framed(f"{module.__name__}.{name}", it)
    elif isinstance(it, dict) and "test" in it:
        yield where, it
    elif isinstance(it, dict):
        for name in it:
            yield from framed(f"{where} {name}", it[name])


def check():
    """Looks for what would make the data ambiguous or the test unfair; prints it and gives the number of faults."""
    faults = []
    answers = {}
    for fact in facts.FACTS:
        for kind in ("do", "noun", "ask", "press", "slash"):
            for phrase in fact.get(kind, []):
                key = phrase if kind == "press" else phrase.lower().rstrip("?.! ")
                if answers.setdefault(key, fact["id"]) != fact["id"]:
                    faults.append(f"{phrase!r} is in {answers[key]} and {fact['id']}")
        if not all(ord(c) < 127 for c in str(fact)):
            faults.append(f"{fact['id']} is not ASCII")
    for where, several in framed():
        alike = {split: {frames.likeness(frame): frame for frame in several[split]} for split in several}
        # What has the words of a held-out frame is in no training: `frames.more` sees to that.
        for words in alike["test"].keys() & alike["validation"].keys():
            faults.append(f"the test frame {alike['test'][words]!r} of {where} has the words of {alike['validation'][words]!r}")
    rng = random.Random(1)
    train, seen = {}, {}
    for _ in range(60000):
        it = item(rng, "train")
        key = (it.messages[-1]["content"].lower().rstrip("?.! "), bool(it.tools), it.thinking)
        answer = it.answer["content"] or str(it.answer.get("tool_calls"))
        if it.kind in ("turns", "result", "call", "call-other") or len(it.messages) > 1 and it.kind.startswith("sum"):
            continue
        train.setdefault(key[0], it.kind)
        key = (it.messages[-1]["content"].removesuffix("?").rstrip(".! "),) + key[1:]
        if seen.setdefault(key, (answer, it.kind))[0] != answer and "sum" not in it.kind:
            faults.append(f"{key[0]!r}: {seen[key]} and {(answer, it.kind)}")
    for kind in KINDS + ("fact-new-phrase",):
        both = [it for it in held_out("test", kind, 1000) if it.messages[-1]["content"].lower().rstrip("?.! ") in train]
        if kind in ("turns", "result"):
            continue
        print(f"{kind}: {len(both)} of 1000 test questions occur in 60000 training items")
        for it in both[:5]:
            print("   ", it.messages[-1]["content"])
    for fault in dict.fromkeys(faults):
        print(fault)
    return len(faults)


def shown(item):
    lines = [f"[{item.kind}] thinking {item.thinking}, tools {[tool['function']['name'] for tool in item.tools]}"]
    for message in item.messages + [item.answer]:
        calls = "".join(f" CALL {call['function']['name']} {call['function']['arguments']}" for call in message.get("tool_calls", []))
        thought = f" ({message['reasoning']!r})" if "reasoning" in message else ""
        lines.append(f"  {message['role']}:{thought} {message['content']}{calls}")
    return "\n".join(lines)


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(1 if check() else 0)
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    for split in ("train", "test"):
        for name in [sys.argv[2]] if len(sys.argv) > 2 else KINDS + (("fact-new-phrase",) if split == "test" else ()):
            generator = random.Random(f"{split}{name}")
            print(f"--- {split} {name}")
            for _ in range(number):
                print(shown(of_kind(generator, split, name)))
