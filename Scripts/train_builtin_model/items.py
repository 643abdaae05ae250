"""What one training or test item is.

Every generator of this folder has the form `item(rng, split) -> Item`, where rng is a
`random.Random` and split is "train", "validation" or "test". Items of different splits differ in
wording (sentence frames, phrases, voices) and in values (numbers, names, positions).
"""
from dataclasses import dataclass, field

SPLITS = ("train", "validation", "test")


@dataclass
class Item:
    """A conversation up to the answer, and the answer.

    messages: what the model is given, in the form `facet inspect prompt` reads: role system, user,
      assistant or tool; content a string or parts {"type": "text", "text": ...}, {"type": "image"},
      {"type": "audio"}; assistant messages may have tool_calls, tool messages tool_call_id.
    answer: the assistant message to learn: content, and where there is one reasoning or tool_calls.
    tools: declarations, {"type": "function", "function": {name, description, parameters}}.
    media: one array for each image or audio part, in order: uint8 [rows, columns, 3], or float32
      [samples] at 16 kHz.
    """

    kind: str
    messages: list
    answer: dict
    thinking: bool = False
    tools: list = field(default_factory=list)
    media: list = field(default_factory=list)


@dataclass
class Output:
    """What a model made of an item, taken apart."""

    text: str
    thought: str = ""
    calls: list = field(default_factory=list)  # (name, arguments as a dict)
    malformed: bool = False
