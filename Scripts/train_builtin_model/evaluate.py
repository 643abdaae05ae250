#!/usr/bin/env python3
"""Asks the built-in model what it has not seen, through facet and through transformers.

usage: evaluate.py FACET [--models FOLDER] [--split test|validation] [--share S] [--only KIND ...]
                   [--precision exact|fast] [--transformers] [--json OUT] [--show N]
  FACET           the program; the models are copied under other names first
  --models        where builtin.gguf and mmproj-builtin.gguf are (default: the repository's Models)
  --share         a part of the items only, such as 0.2
  --transformers  also runs transformers, with exactly the weights of the files, and compares
  --show          prints this many wrong answers of each kind

Answers are greedy. Right is what score.py and media_data.py call right: for most kinds the very text.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import chat_format
import media_data
import score
import text_data
from items import Output

# How many items of each kind, and the share of them that must be right.
COUNTS = {
    "fact": 808, "turns": 200, "sum": 300, "sum-plain": 300, "call": 300, "call-other": 100, "result": 300, "json": 200,
    "unknown": 300, "no-tool": 100, "repeat": 100, "picture": 300, "two-pictures": 100, "beeps": 150,
    "pitch": 50, "word": 200, "yes-no": 150, "mixed": 100, "strange": 200, "after-text": 200,
    "after-media": 150, "crossed": 50, "fact-new-phrase": 418,
}
MOST_TOKENS = 200


def held_out(kind, split, share):
    count = max(10, round(COUNTS[kind] * share))
    source = media_data if kind in media_data.KINDS else text_data
    return source.held_out(split, kind, count)


def right(item, output):
    if item.kind in media_data.KINDS:
        return media_data.right(item, output)
    return score.right(item, output)


# Facet.


def line(item, folder, name):
    """An item as `facet inspect answer` reads it; its media are written as files."""
    message = dict(
        messages=item.messages, tools=item.tools, enable_thinking=item.thinking,
        add_generation_prompt=True)
    paths = [str(path) for path in media_data.save(item, folder, name)]
    for kind, ending in (("images", ".png"), ("audio", ".wav")):
        message[kind] = [path for path in paths if path.endswith(ending)]
    return json.dumps(message)


def facet(program, models, precision, items):
    """What facet's engine answers; the model and its encoders bear names that nothing knows."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(f"{models}/builtin.gguf", f"{folder}/a.gguf")
        shutil.copy(f"{models}/mmproj-builtin.gguf", f"{folder}/b.gguf")
        lines = [line(item, folder, f"item{n}") for n, item in enumerate(items)]
        command = [
            program, "inspect", "answer", "--model", f"{folder}/a.gguf", "--mmproj",
            f"{folder}/b.gguf", "--precision", precision, "--max-tokens", str(MOST_TOKENS)]
        done = subprocess.run(command, input="\n".join(lines) + "\n", text=True, stdout=subprocess.PIPE)
    printed = [json.loads(one) for one in done.stdout.splitlines()]
    if done.returncode or len(printed) != len(items):
        sys.exit(f"facet answered {len(printed)} of {len(items)} items and ended with {done.returncode}.")
    return [
        Output(one["text"], one["thought"], [(c["name"], c["arguments"]) for c in one["tool_calls"]],
               one["malformed"] > 0)
        for one in printed]


# transformers.


class Reference:
    def __init__(self, models):
        import torch

        import vocabulary as vocabularies
        import weights

        torch.set_num_threads(2)
        self.vocabulary = vocabularies.from_gguf(f"{models}/builtin.gguf")
        paths = [f"{models}/builtin.gguf", f"{models}/mmproj-builtin.gguf"]
        self.model = weights.loaded(self.vocabulary, paths)
        special = self.vocabulary.special
        self.ends = [special[text] for text in ("<eos>", "<turn|>", "<|tool_response>")]

    def raw(self, item):
        """The ids that transformers writes, up to the one that ends them."""
        import media_features
        import torch

        features = media_features.features(item)
        prompt = chat_format.ids(chat_format.prompt(item), self.vocabulary, features["tokens"])
        media = {
            name: torch.from_numpy(value)
            for name, value in media_features.collate([features]).items()}
        ids, past, written = torch.tensor([prompt]), None, []
        with torch.no_grad():
            while len(written) < MOST_TOKENS:
                out = self.model(input_ids=ids, past_key_values=past, use_cache=True, **media)
                past, media = out.past_key_values, {}
                best = int(out.logits[0, -1].argmax())
                if best in self.ends:
                    break
                written.append(best)
                ids = torch.tensor([[best]])
        return written

    def answer(self, program, items):
        """Taken apart by `facet inspect parse`, as facet's own output is."""
        lines = []
        for item in items:
            text = self.vocabulary.decode(self.raw(item))
            began = item.thinking and item.messages[-1]["role"] == "tool"
            lines.append(json.dumps(dict(raw=text, **({"start": "thought"} if began else {}))))
        command = [program, "inspect", "parse"]
        done = subprocess.run(
            command, input="\n".join(lines) + "\n", text=True, stdout=subprocess.PIPE, check=True)
        return [
            Output(one["text"], one["thought"],
                   [(c["name"], c["arguments"]) for c in one["tool_calls"]], one["malformed"] > 0)
            for one in map(json.loads, done.stdout.splitlines())]


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1])
    parser.add_argument("program")
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--models", default=os.path.join(here, "../../Models"))
    parser.add_argument("--split", default="test")
    parser.add_argument("--share", type=float, default=1)
    parser.add_argument("--only", nargs="*", default=list(COUNTS))
    parser.add_argument("--precision", default="exact")
    parser.add_argument("--transformers", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    reference = Reference(options.models) if options.transformers else None
    report = {}
    for kind in options.only:
        began = time.time()
        items = held_out(kind, options.split, options.share)
        outputs = facet(options.program, options.models, options.precision, items)
        marks = [right(item, output) for item, output in zip(items, outputs)]
        entry = dict(items=len(items), right=sum(marks))
        if kind in score.CALLS + ("json",):
            entry["valid"] = sum(score.valid(i, o) for i, o in zip(items, outputs))
        if kind == "sum":
            entry["thought"] = sum(bool(output.thought) for output in outputs)
            told = [not item.answer["content"][:-1].isdigit() for item in items]  # "432 pears.", not "432."
            entry["in numbers"] = dict(items=told.count(False), right=sum(m and not t for m, t in zip(marks, told)))
            entry["in stories"] = dict(items=told.count(True), right=sum(m and t for m, t in zip(marks, told)))
        if reference:
            theirs = reference.answer(options.program, items)
            entry["transformers"] = sum(right(i, o) for i, o in zip(items, theirs))
            entry["differ"] = sum(a != b for a, b in zip(outputs, theirs))
        entry["share"] = round(entry["right"] / entry["items"], 4)
        report[kind] = entry
        print(kind, entry, f"{time.time() - began:.0f} s", flush=True)
        wrong = [(i, o) for i, o, mark in zip(items, outputs, marks) if not mark]
        for item, output in wrong[: options.show]:
            print("   ", item.messages[-1]["content"], "->", output, "instead of", item.answer)
    if options.json:
        with open(options.json, "w") as file:
            json.dump(report, file, indent=1)
            file.write("\n")


if __name__ == "__main__":
    main()
