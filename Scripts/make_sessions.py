#!/usr/bin/env python3
"""Writes sessions as years of use leave them: most are small, some have several megabytes.

The same arguments give the same files. Words follow Zipf's law; `quixotry` is in five messages of
all, and the words of `the lost umbrella` stand side by side in about one message in a thousand.
"""

import argparse
import datetime
import itertools
import json
import os
import random

COMMON = """the of and to a in is it you that he was for on are with as I his they be at one have this
from or had by hot but some what there we can out other were all your when up use word how said an each
she which do their time if will way about many then them would write like so these her long make thing
see him two has look more day could go come did my sound no most number who over know water than call
first people may down side been now find any new work part take get place made live where after back
little only round man year came show every good me give our under name very through just form much great
think say help low line before turn cause same mean differ move right boy old too does tell sentence set
three want air well also play small end put home read hand port large spell add even land here must big
high such follow act why ask men change went light kind off need house picture try us again animal point
mother world near build self earth father""".split()
BEGINNINGS = "ba be bi bo bu ca ce co da de di do fa fe fi ga ge go ha he in ka ko la le li lo ma me mi mo na ne no pa pe pro qua ra re ri ro sa se si so sta ta te ti to tra un va ve vi wa we za".split()
MIDDLES = "bel cal den fer gon har ist jun kel lin mar nor per quen ros sal tur ven wil xen yar zen".split()
ENDINGS = "a ed er es ing ion ist ity le ly ment ness o or ous s tion um y".split()
MODELS = ["gemma-4-e2b-it Q4_0", "gemma-4-e4b-it Q4_K_M", "gemma-4-26b-a4b-it Q4_0", "gemma-4-31b-it Q8_0"]
TAGS = "work home garden taxes recipes travel code letters school health music ideas".split()
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LAST = datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc)
RARE, PHRASE = "quixotry", "the lost umbrella"


def stamp(seconds):
    time = LAST + datetime.timedelta(seconds=seconds)
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03d}Z"


def ulid(rng, seconds):
    value = int((LAST.timestamp() + seconds) * 1000) << 80 | rng.getrandbits(80)
    return "".join(ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))


class Words:
    """Sentences put together from a vocabulary of a person and a model."""

    def __init__(self, rng):
        self.rng = rng
        made = {
            rng.choice(BEGINNINGS) + "".join(rng.choice(MIDDLES) for _ in range(rng.randint(0, 2)))
            + rng.choice(ENDINGS)
            for _ in range(60_000)
        }
        rare = sorted(made)
        rng.shuffle(rare)
        vocabulary = COMMON + rare
        weights = list(itertools.accumulate(1 / (rank + 8) for rank in range(len(vocabulary))))
        self.sentences = []
        for _ in range(60_000):
            words = rng.choices(vocabulary, cum_weights=weights, k=rng.randint(4, 24))
            self.sentences.append(" ".join(words).capitalize() + ".")

    def text(self, length):
        """About this many bytes, in paragraphs; now and then a number, code, another script."""
        parts, size = [], 0
        while size < length:
            part = self.rng.choice(self.sentences)
            chance = self.rng.random()
            if chance < 0.02:
                part = f"`item_{self.rng.getrandbits(24):x} = {self.rng.randint(0, 10**6)}`"
            elif chance < 0.03:
                part = self.rng.choice(["Größe und Länge.", "日本語の文章です。", "Où est le café ?"])
            elif chance < 0.032:
                part = f"I found {PHRASE} again."
            parts.append(part)
            parts.append("\n\n" if self.rng.random() < 0.1 else " ")
            size += len(part) + 1
        return "".join(parts).strip()


def session(rng, words, seconds, size, rare):
    """A conversation of about so many bytes."""
    model = rng.choice(MODELS)
    has_calls, has_pictures = rng.random() < 0.12, rng.random() < 0.06
    messages, written, parent = [], 0, None

    def add(role, text, **fields):
        nonlocal parent, seconds, written
        message = {
            "created": stamp(seconds), "id": ulid(rng, seconds), "parent": parent,
            "parts": [{"text": text, "type": "text"}], "role": role,
        } | fields
        messages.append(message)
        parent = message["id"]
        written += len(text) + 500
        seconds += rng.uniform(1, 240)
        return message

    begun = seconds
    while written < size or len(messages) < 2:
        question = add("user", words.text(rng.choice([20, 60, 60, 120, 400])))
        if has_pictures and rng.random() < 0.3:
            question["parts"].append({
                "hash": f"{rng.getrandbits(256):064x}", "name": f"photo {rng.randint(1, 999)}.jpg",
                "size": rng.randint(10**4, 10**6), "type": "image",
            })
        made = {
            "model": model, "model_hash": "5f0c" * 16, "stop_reason": "end", "thinking": "auto",
            "statistics": {
                "context_size": 32768, "context_used": 900, "generated_tokens": 300,
                "generation_seconds": 12.5, "prompt_seconds": 0.8, "prompt_tokens": 200,
                "reused_tokens": 150, "seed": rng.getrandbits(63), "thought_tokens": 120,
                "thought_unclosed": False,
            },
        }
        if has_calls and rng.random() < 0.4:
            call = f"call-{len(messages)}"
            add("assistant", "", **made, tool_calls=[
                {"arguments": {"query": words.text(30)}, "id": call, "name": "look_up"}
            ])
            add("tool", "", tool_results=[
                {"call_id": call, "name": "look_up", "response": words.text(300)}
            ])
        if rng.random() < 0.6:
            thought = words.text(min(rng.lognormvariate(7.2, 0.9), 30_000))
            written += len(thought)
            made["thoughts"] = [
                {"ending": "closed", "seconds": 4.2, "text": thought, "tokens": len(thought) // 4}
            ]
        add("assistant", words.text(min(rng.lognormvariate(6.8, 0.9), 30_000)), **made)
    if rare:
        messages[-1]["parts"][0]["text"] += f" A case of {RARE}."
    value = {
        "active_leaf": parent, "created": stamp(begun), "format": 1, "id": ulid(rng, begun),
        "messages": messages, "model": model, "path": [message["id"] for message in messages],
        "thinking": "auto", "title": words.text(30)[:60] if rng.random() < 0.5 else "",
        "updated": stamp(seconds),
    }
    if rng.random() < 0.3:
        value["tags"] = rng.sample(TAGS, rng.randint(1, 3))
    if rng.random() < 0.01:
        value["pinned"] = True
    return value


def make(folder, count, size):
    """Writes the sessions; gives the bytes they have together."""
    rng = random.Random(5000)
    words = Words(rng)
    shares = [min(rng.lognormvariate(0, 1.5), 60) for _ in range(count)]
    scale = size / sum(shares)
    os.makedirs(folder, exist_ok=True)
    total = 0
    rare = {count * part // 6 for part in range(1, 6)}
    for number, share in enumerate(shares):
        seconds = -2 * 365 * 86_400 * (count - number) / count
        value = session(rng, words, seconds, share * scale * 0.92, number in rare)
        data = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False).encode() + b"\n"
        with open(os.path.join(folder, value["id"] + ".json"), "wb") as file:
            file.write(data)
        total += len(data)
    return total


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", metavar="OUT")
    parser.add_argument("--count", type=int, default=5000, help="sessions (5000)")
    parser.add_argument("--bytes", type=float, default=1e9, help="of all together, about (1e9)")
    options = parser.parse_args()
    total = make(options.folder, options.count, options.bytes)
    print(f"{options.count} sessions, {total} bytes in {options.folder}")


if __name__ == "__main__":
    main()
