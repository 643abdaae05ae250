#!/usr/bin/env python3
"""Writes pictures and sounds of the test split with questions and answers, for the project's own tests.

usage: make_fixtures.py OUT    OUT gets files and guide.json

Needs what the training data need, but neither torch nor a model: what the model makes of them is for the
tests to find out.
"""
import json
import os
import sys

import media_data

COUNTS = {"picture": 4, "two-pictures": 2, "beeps": 2, "pitch": 1, "word": 3}


def main(out):
    os.makedirs(out, exist_ok=True)
    entries = []
    for kind, count in COUNTS.items():
        items = [
            item for item in media_data.held_out("test", kind, 10 * count, seed="fixtures")
            if len(item.messages) == 1]
        for number, item in enumerate(items[:count]):
            files = media_data.save(item, out, f"{kind}-{number}")
            question = " ".join(
                part["text"] for part in item.messages[-1]["content"] if part["type"] == "text")
            entries.append(dict(
                files=[os.path.basename(path) for path in files], question=question,
                answer=item.answer["content"]))
    with open(os.path.join(out, "guide.json"), "w") as file:
        json.dump(entries, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1])
