"""The model's vocabulary: byte-pair merges learned from the project's own training text.

As in Gemma's own: spaces are U+2581, every digit is a token, newlines join with nothing, what has
no token is spelled in bytes. Letters merge with letters alone, and the space before a word with the
word's first piece last of all: so a word is the same pieces but for that space behind a space, a
quote or a bracket, and whoever copies it has nothing to learn by heart.
"""
import collections
import json

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from chat_format import SPECIALS

SPACE = "\u2581"
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
LETTERS = [SPACE, "\n"] + [chr(code) for code in range(33, 127)]


class Vocabulary:
    def __init__(self, tokens, merges):
        """tokens: texts by id; merges: pairs, the strongest first."""
        self.tokens, self.merges = tokens, [tuple(merge) for merge in merges]
        by_text = {token: index for index, token in enumerate(tokens)}
        self.special = {token: by_text[token] for token in SPECIALS}
        self.model = Tokenizer(models.BPE(
            by_text, self.merges, byte_fallback=True, unk_token="<unk>"))
        self.model.normalizer = normalizers.Replace(" ", SPACE)
        self.known = {}

    def __len__(self):
        return len(self.tokens)

    def encode(self, text):
        """The ids of a text in which nothing is special."""
        found = self.known.get(text)
        if found is None:
            found = self.model.encode(text).ids
            if len(self.known) < 200_000:
                self.known[text] = found
        return found

    def decode(self, ids, specials=True):
        """The text of ids; special tokens as their text, or left out."""
        data = b""
        for index in ids:
            token = self.tokens[index]
            if token in self.special:
                data += token.encode() if specials else b""
            elif token in BYTES_BY_TEXT:
                data += bytes([BYTES_BY_TEXT[token]])
            else:
                data += token.replace(SPACE, " ").encode()
        return data.decode(errors="replace")

    def save(self, path):
        with open(path, "w") as file:
            json.dump(dict(tokens=self.tokens, merges=self.merges), file)

    @property
    def types(self):
        """The GGUF type of each token: control, user-defined, byte, normal."""
        kinds = {**{t: 3 for t in SPECIALS[:5]}, **{t: 4 for t in SPECIALS[5:]}, **{t: 6 for t in BYTES}}
        return [kinds.get(token, 1) for token in self.tokens]


BYTES_BY_TEXT = {text: byte for byte, text in enumerate(BYTES)}


def train(texts, size, spaced):
    """A vocabulary of this many tokens, learned from texts; spaced of them are pieces with a space before."""
    learner = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>"))
    learner.normalizer = normalizers.Replace(" ", SPACE)
    learner.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.Split(Regex(f"[A-Za-z]+|\n|{SPACE}"), "isolated"),
    ])
    trainer = trainers.BpeTrainer(
        vocab_size=size - spaced, special_tokens=SPECIALS + BYTES, initial_alphabet=LETTERS,
        limit_alphabet=len(LETTERS), show_progress=False)
    learner.train_from_iterator(texts, trainer)
    learned = json.loads(learner.to_str())["model"]
    tokens = [text for text, _ in sorted(learned["vocab"].items(), key=lambda entry: entry[1])]
    within = Vocabulary(tokens, learned["merges"])
    behind = collections.Counter()
    for text, count in collections.Counter(texts).items():
        pieces = [tokens[index] for index in within.encode(text)]
        for one, other in zip(pieces, pieces[1:]):
            if one == SPACE and other not in BYTES_BY_TEXT and other[0] not in f"{SPACE}\n0123456789":
                behind[other] += count
    merges = [(SPACE, piece) for piece, _ in behind.most_common(spaced)]
    return Vocabulary(tokens + [SPACE + piece for _, piece in merges], within.merges + merges)


def load(path):
    with open(path) as file:
        return Vocabulary(**json.load(file))


def from_gguf(path):
    import gguf

    fields = gguf.GGUFReader(path).fields
    merges = [m.split(" ") for m in fields["tokenizer.ggml.merges"].contents()]
    return Vocabulary(fields["tokenizer.ggml.tokens"].contents(), merges)
