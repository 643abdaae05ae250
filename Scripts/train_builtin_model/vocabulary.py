"""The model's vocabulary: byte-pair merges learned from the project's own training text.

As in Gemma's own: spaces are U+2581, every digit is a token, newlines join with nothing, what has
no token is spelled in bytes. No merge crosses the beginning of a word, so that a text may be cut
there before merging without changing the result.
"""
import json

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from chat_format import SPECIALS

BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
LETTERS = ["\u2581", "\n"] + [chr(code) for code in range(33, 127)]


class Vocabulary:
    def __init__(self, tokens, merges):
        """tokens: texts by id; merges: pairs, the strongest first."""
        self.tokens, self.merges = tokens, [tuple(merge) for merge in merges]
        by_text = {token: index for index, token in enumerate(tokens)}
        self.special = {token: by_text[token] for token in SPECIALS}
        self.model = Tokenizer(models.BPE(
            by_text, self.merges, byte_fallback=True, unk_token="<unk>"))
        self.model.normalizer = normalizers.Replace(" ", "\u2581")
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
                data += token.replace("\u2581", " ").encode()
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


def train(texts, size):
    """A vocabulary of this many tokens, learned from texts."""
    learner = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>"))
    learner.normalizer = normalizers.Replace(" ", "\u2581")
    learner.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.Split("\n", "isolated"),
        pre_tokenizers.Split("\u2581", "merged_with_next"),
    ])
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=SPECIALS + BYTES, initial_alphabet=LETTERS,
        limit_alphabet=len(LETTERS), show_progress=False)
    learner.train_from_iterator(texts, trainer)
    learned = json.loads(learner.to_str())["model"]
    tokens = [text for text, _ in sorted(learned["vocab"].items(), key=lambda entry: entry[1])]
    return Vocabulary(tokens, learned["merges"])


def load(path):
    with open(path) as file:
        return Vocabulary(**json.load(file))


def from_gguf(path):
    import gguf

    fields = gguf.GGUFReader(path).fields
    merges = [m.split(" ") for m in fields["tokenizer.ggml.merges"].contents()]
    return Vocabulary(fields["tokenizer.ggml.tokens"].contents(), merges)
