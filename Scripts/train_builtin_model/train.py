#!/usr/bin/env python3
"""Trains the built-in model.

usage: train.py [FOLDER]      begins or goes on in FOLDER (default .build/builtin-model)

First the vocabulary is learned, then the two towers have their lessons (lessons.py), then the whole is
trained: text alone at first, then text with pictures or sounds. Two processes do it, one thread each, and
average their gradients; torch compiles the text layers, which takes two minutes and about halves a step.
What a step is given depends on its number alone, so a run that was interrupted goes on from its checkpoint
as if it had not been; one is written every five minutes, or each minute during the lessons.
"""
import glob
import json
import os
import random
import sys
import time

# A thread each, that waits without spinning; and kernels of many shapes are kept.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "16384")
import torch
import torch.distributed as distributed
import torch.fx.experimental._config
import torch.multiprocessing as processes
import torch.nn.functional as F
from transformers.modeling_outputs import BaseModelOutputWithPooling

import chat_format
import lessons
import media_data
import media_features
import model as models
import norms
import orthogonal
import skipping
import text_data
import vocabulary as vocabularies

SEED = 2026
WORKERS = lessons.WORKERS
VOCABULARY, SPACED = 2048, 640  # Tokens, and those of them that are a piece of a word with the space before it.
MAIN = 8000  # Steps whose rates fall to nothing.
LAST = 160  # Steps behind them, at low rates, with pictures or sounds at each, more calls and more that is unknown.
STEPS = MAIN + LAST
LAST_RATE = 0.05  # Their rate's share, at first.
LAST_WEIGHTS = text_data.WEIGHTS | {"tools": 36, "unknown": 34}
MEDIA_FROM = 800  # Pictures and sounds join once the text makes sense.
MANY_UNTIL = 1300  # They come with every step at first, then with some.
TOWERS_FROM = 5300  # Until then the towers stay as their lessons left them.
TEXT_COST = 980  # A worker's share of a step of text; see `cost`.
SIZES = (2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 28, 32, 40, 48)  # Items that a batch of text may have.
CUT = {"fact": 0.8, "turns": 0.8, "unknown": 0.9, "no-tool": 0.9, "sum": 0.75}  # Share of items that end early.
CUT_TOKENS = 10
ASKED, ASKED_UNTIL = 0.3, 3000  # Weight of the tokens of what is asked, at first, and the step from which it is none.
POOL = 640  # Text items that are sorted by length together.
MEDIA_ITEMS = 8
CROSSED_EVERY = 5  # Steps whose media are of both kinds.
RATE = 5e-3
MUON_RATE = 1.2e-2
TOWERS_RATE = 2e-3  # Of the towers, which have had their lessons: the others' rates would undo those.
WARM_UP = 100
CHECKPOINT_SECONDS = 300
LARGEST = 8 << 20  # Weights that a model may have.


def learn_vocabulary():
    rng = random.Random(SEED)
    texts = []
    for _ in range(12000):
        item = text_data.item(rng, "train")
        for part in chat_format.prompt(item) + chat_format.answer(item):
            if type(part) is str:
                texts.append(part)
    for _ in range(600):
        kind = rng.choice(["picture", "two-pictures", "beeps", "pitch", "yes-no", "mixed", "strange"])
        item = media_data.item(rng, "train", kind)
        texts += [p for p in chat_format.prompt(item) + chat_format.answer(item) if type(p) is str]
    return vocabularies.train(texts, VOCABULARY, SPACED)


# Batches.


def text_example(rng, vocabulary, weights):
    """A text item as (ids, answers), of which each answer is (begin, end); those of earlier turns are among them.

    Many end once it is clear what will be answered: what follows is learned from the others, and the more questions
    fit into a step. Of a sum that is the first line of its thought.
    """
    item = text_data.item(rng, "train", weights)
    ids, begin = chat_format.example(item, vocabulary)
    if rng.random() < CUT.get(item.kind, 0):
        newline = vocabulary.encode("\n")[0]
        ends = [place for place in range(begin, len(ids)) if ids[place] == newline] if item.kind == "sum" else []
        ids = ids[: ends[1] + 1 if len(ends) > 1 else begin + CUT_TOKENS]
    earlier = earlier_calls if item.kind == "call" else earlier_answers
    return ids, earlier(ids, begin, vocabulary) + [(begin, len(ids))]


def earlier_answers(ids, begin, vocabulary):
    """Where the answers of earlier turns begin and end, as pairs; as much of each as of the answers that end early.

    Sums, which begin with a digit, are left out: before an answer of their own there is a thought.
    """
    head = [vocabulary.special["<|turn>"], *vocabulary.encode("model\n")]
    found = []
    for place in range(begin - len(head)):
        start = place + len(head)
        if ids[place:start] != head:
            continue
        end = ids.index(vocabulary.special["<turn|>"], start) + 1
        texts = [vocabulary.tokens[index] for index in ids[start : end - 1]]
        if not texts[0][0].isdigit() and vocabulary.special.keys().isdisjoint(texts):
            found.append((start, min(end, start + CUT_TOKENS)))
    return found


def earlier_calls(ids, begin, vocabulary):
    """Where earlier calls and what is said to their results begin and end, as pairs."""
    found, ends = [], {"<|tool_call>": ("<|tool_response>", 0), "<tool_response|>": ("<turn|>", 1)}
    for name, (end, skipped) in ends.items():
        for place in range(begin):
            if ids[place] == vocabulary.special[name]:
                found.append((place + skipped, ids.index(vocabulary.special[end], place) + 1))
    return found


def text_batches(vocabulary, seed, pool=0, weights=text_data.WEIGHTS):
    """Batches of (ids, answers) without end, of items of like lengths each, and of answers of like lengths."""
    while True:
        rng = random.Random(f"{seed} {pool}")
        examples = [text_example(rng, vocabulary, weights) for _ in range(POOL)]
        examples.sort(key=lambda example: (padded(len(example[0])), answered(example)))
        batches = []
        while examples:
            size, most = 2, len(examples)  # One item alone would be compiled for itself.
            while size < most and cost(examples[: size + 1]) <= TEXT_COST:
                size += 1
            size = max(n for n in SIZES if n <= size)
            batches.append(examples[:size])
            examples = examples[size:]
            if len(examples) == 1:
                batches[-1] += examples
                examples = []
        rng.shuffle(batches)
        yield from ((pool, index, batch) for index, batch in enumerate(batches))
        pool += 1


def answered(example):
    """How many tokens of it are learned."""
    return sum(end - begin for begin, end in example[1])


def padded(length):
    """The length that is computed for one: a quarter more at most, so that few differ, as oneDNN prepares kernels for each anew."""
    step = max(8, (1 << (length - 1).bit_length()) // 8)
    return -(-length // step) * step


def cost(batch):
    """What a batch takes, in tokens: the later half of the layers compute the answers alone."""
    return len(batch) * (0.4 * padded(max(len(ids) for ids, _ in batch)) + 0.6 * padded(max(map(answered, batch))))


def medium(step):
    """What a step of text has with it: "pictures", "sounds" or nothing."""
    if step < MEDIA_FROM:
        return None
    if step < MANY_UNTIL:
        return ("pictures", "sounds")[step % 2]
    if step >= MAIN:
        return "sounds" if step % 4 == 3 else "pictures"
    return {0: "pictures", 3: "sounds", 5: "pictures", 10: "pictures", 13: "sounds"}.get(step % 16)


def media_batch(vocabulary, seed, step):
    """The groups of a step's items with media, the shorter ones and the longer, as (examples, sounds, number of pictures).

    Also what the vision tower is given for both, once: the pictures of the first group come first.
    """
    rng = random.Random(f"{seed} media {step}")
    # Both workers' batches need the same towers: the step alone says which.
    items = media_data.batch(rng, MEDIA_ITEMS, medium(step), crossed=step % CROSSED_EVERY == 0)
    known, made = {}, []
    for item in items:
        features = media_features.features(item, known)
        ids, begin = chat_format.example(item, vocabulary, features["tokens"])
        made.append(((ids, [(begin, len(ids))]), features))
    made.sort(key=lambda one: len(one[0][0]))
    lengths = [len(ids) for (ids, _), _ in made]
    # One item alone would be compiled for itself.
    cut = min(range(2, len(made) - 1), key=lambda n: n * lengths[n - 1] + (len(made) - n) * lengths[-1])
    groups = []
    for part in (made[:cut], made[cut:]):
        sounds = collated([features | {"pictures": []} for _, features in part])
        groups.append(([example for example, _ in part], sounds, sum(len(features["pictures"]) for _, features in part)))
    return groups, collated([features | {"sounds": []} for _, features in made])


def collated(features):
    return {name: torch.from_numpy(value) for name, value in media_features.collate(features).items()}


def tensors(examples):
    """Padded ids and mask, and labels of the answers, -100 elsewhere."""
    longest = padded(max(len(ids) for ids, _ in examples))
    ids = torch.zeros(len(examples), longest, dtype=torch.long)
    mask, labels = torch.zeros_like(ids), torch.full_like(ids, -100)
    for row, (example, answers) in enumerate(examples):
        ids[row, : len(example)] = torch.tensor(example)
        mask[row, : len(example)] = 1
        for begin, end in answers:
            labels[row, begin:end] = ids[row, begin:end]
    return ids, mask, labels


def seen(model, pixel_values=None, image_position_ids=None, picture_order=None):
    """The soft tokens of each picture in order; those that occur more than once are encoded once."""
    if pixel_values is None:
        return []
    found = model.model.get_image_features(pixel_values, image_position_ids, return_dict=True).pooler_output
    return found if picture_order is None else [found[place] for place in picture_order.tolist()]


def loss_of(model, groups, pictures, asked=0.0):
    """Mean cross entropy of the answers' tokens, and with it `asked` times that of a quarter of all other tokens.

    groups: (examples, arguments for their sounds, number of their pictures); pictures: arguments for those of all groups.
    """
    states, targets = ([], []), ([], [])
    with torch.autocast("cpu", torch.bfloat16, enabled=orthogonal.HALF):
        images = seen(model, **pictures)
        for examples, media, count in groups:
            if count:
                media = media | {"mm_encoder_outputs": {"image": BaseModelOutputWithPooling(pooler_output=images[:count])}}
            images = images[count:]
            ids, mask, labels = tensors(examples)
            chosen = learned = labels[:, 1:] != -100
            if asked:
                rows, columns = chosen.shape
                quarter = (torch.arange(rows)[:, None] + torch.arange(columns)) % 4 == 0
                learned = chosen | (mask[:, 1:] == 1) & quarter
            places, there = skipping.places(learned, padded(int(learned.sum(1).max())))
            hidden = model.model(
                input_ids=ids, attention_mask=mask, use_cache=False, logits_to_keep=places, **media).last_hidden_state
            answers = chosen.gather(1, places)
            for kind, those in enumerate((there & answers, there & ~answers)):
                states[kind].append(hidden[those])
                targets[kind].append(ids[:, 1:].gather(1, places)[those])
        logits = model.lm_head(torch.cat(states[0] + states[1]))
    cap = model.config.text_config.final_logit_softcapping
    logits = cap * torch.tanh(logits.float() / cap)
    losses = F.cross_entropy(logits, torch.cat(targets[0] + targets[1]), reduction="none")
    answers = sum(map(len, targets[0]))
    mean = losses[:answers].mean()
    return mean + asked * losses[answers:].mean() if asked else mean, mean.item()


def size(groups):
    """The tokens of groups, padding included."""
    return sum(len(examples) * max(len(ids) for ids, _ in examples) for examples, *_ in groups)


def asked_weight(step):
    """Weight of the tokens of what is asked: to guess them teaches words early on; then the answers count alone."""
    return ASKED * max(0.0, 1 - step / ASKED_UNTIL)


# Steps.


def optimisers(model, rank):
    """Muon for the matrices within layers, each worker's share of them, and AdamW for all else; the towers' have a rate of their own.

    Returns the two, and for each worker the matrices that are its share.
    """
    matrices, others = [], []
    for name, weight in model.named_parameters():
        (matrices if weight.ndim == 2 and ".layers." in name else others).append(weight)
    matrices.sort(key=lambda weight: weight.numel())
    shares = [matrices[r::WORKERS] for r in range(WORKERS)]
    towers = {*model.model.vision_tower.parameters(), *model.model.audio_tower.parameters()}

    def groups(weights):
        return [{"params": [w for w in weights if w not in towers]},
                {"params": [w for w in weights if w in towers], "lr": TOWERS_RATE}]

    muon = torch.optim.Muon(
        groups(shares[rank]), lr=MUON_RATE, weight_decay=0.05, momentum=0.95, adjust_lr_fn="match_rms_adamw")
    adam = torch.optim.AdamW(groups(others), lr=RATE, betas=(0.9, 0.98), weight_decay=0.0, fused=True)
    return [muon, adam], shares


class Board:
    """Numbers that the workers show each other, in memory that they share: sockets take ten times as long."""

    def __init__(self, size):
        self.rows = torch.zeros(WORKERS, size).share_memory_()
        self.barrier = processes.get_context("spawn").Barrier(WORKERS)

    def shown(self, rank, parts):
        """What every worker shows, [workers, numbers], once all do; nobody shows more before `seen`."""
        count = sum(part.numel() for part in parts)
        torch.cat([part.flatten() for part in parts], out=self.rows[rank, :count])
        self.barrier.wait()
        return self.rows[:, :count]

    def seen(self):
        self.barrier.wait()


@torch.no_grad()
def exchanged(shares, rank, board):
    """Gives every worker the matrices that the others moved."""
    sizes = [sum(w.numel() for w in share) for share in shares]
    rows = board.shown(rank, [*shares[rank], torch.zeros(max(sizes) - sizes[rank])])
    for owner, share in enumerate(shares):
        offset = 0
        for w in share if owner != rank else ():
            w.copy_(rows[owner, offset : offset + w.numel()].view_as(w))
            offset += w.numel()
    board.seen()


def rate(step):
    """Share of the full learning rate: a short rise, then a fall to nothing, and a small one again for the last steps."""
    if step >= MAIN:
        return LAST_RATE * (1 - (step - MAIN) / LAST)
    return min(1, (step + 1) / WARM_UP) * max(0.01, 1 - step / MAIN)


def shared(weights, rank, board):
    """Makes the gradients the mean of the workers', of a norm of 1 at most; returns the norm.

    Towers that a step does not use have none, on either side.
    """
    weights = [w for w in weights if w.grad is not None]
    rows = board.shown(rank, [w.grad for w in weights])
    flat = sum(rows[1:], rows[0])  # Three times as fast as torch's mean over rows.
    board.seen()
    norm = flat.norm().item() / WORKERS
    flat *= min(1.0, 1.0 / (norm + 1e-6)) / WORKERS
    offset = 0
    for w in weights:
        w.grad = flat[offset : offset + w.numel()].view_as(w)
        offset += w.numel()
    return norm


def compiled(model):
    """Has the text layers compiled, once for all lengths; returns the model.

    The attention of torch that wins for long texts is slow for the short ones here, the other way round for pictures.
    """
    torch._dynamo.config.recompile_limit = 64  # There are five kinds of layers, and a few forms of each.
    torch.fx.experimental._config.use_duck_shape = False  # Sizes that are the same once need not be again.
    model.set_attn_implementation({"text_config": "eager", "vision_config": "sdpa", "audio_config": "eager"})
    for layer in model.model.language_model.layers:
        layer.compile(dynamic=True)
    return model


def worker(rank, folder, board):
    lessons.join(rank, f"{folder}/meeting")
    norms.install()
    orthogonal.install()
    vocabulary = vocabularies.load(f"{folder}/vocabulary.json")
    model = compiled(models.build(vocabulary, SEED).train())
    skipping.install(model)
    weights = list(model.parameters())
    optimisers_, shares = optimisers(model, rank)
    began, place, spent = 0, (0, -1), 0.0
    checkpoint = f"{folder}/checkpoint-{rank}.pt"
    if all(os.path.exists(f"{folder}/checkpoint-{r}.pt") for r in range(WORKERS)):
        state = torch.load(checkpoint)
        model.load_state_dict(torch.load(f"{folder}/checkpoint-0.pt")["model"])
        for optimiser, saved in zip(optimisers_, state["optimisers"]):
            optimiser.load_state_dict(saved)
        began, place, spent = state["step"], state["place"], state["spent"]
    last = {"seed": f"{SEED} {rank} last", "weights": LAST_WEIGHTS}
    texts = after(place, text_batches(vocabulary, pool=place[0], **(last if began > MAIN else {"seed": f"{SEED} {rank}"})))
    start = saved_at = time.time()
    sums, tokens = {}, 0
    for step in range(began, STEPS):
        for optimiser in optimisers_:
            for group in optimiser.param_groups:
                group["lr"] = group.setdefault("full", group["lr"]) * rate(step)
        if step == MAIN:
            texts = text_batches(vocabulary, **last)
        if step == MEDIA_FROM:
            lessons.load(model, f"{folder}/vision.pt", f"{folder}/audio.pt")
        for tower in (model.model.vision_tower, model.model.audio_tower):
            tower.requires_grad_(step >= TOWERS_FROM)
        *place, examples = next(texts)
        groups = [(examples, {}, 0)]
        total, answers = loss_of(model, groups, {}, asked_weight(step))
        sums.setdefault("text", []).append(answers)
        tokens += size(groups)
        if medium(step):
            groups, pictures = media_batch(vocabulary, f"{SEED} {rank}", step)
            of_media, answers = loss_of(model, groups, pictures)
            total = total + of_media
            sums.setdefault(medium(step), []).append(answers)
            tokens += size(groups)
        total.backward()
        norm = shared(weights, rank, board)
        for optimiser in optimisers_:
            optimiser.step()
        model.zero_grad()
        exchanged(shares, rank, board)
        if rank == 0 and (step + 1) % 50 == 0:
            elapsed = spent + time.time() - start
            line = dict(step=step + 1, seconds=round(elapsed), norm=round(norm, 2),
                        tokens_per_second=round(WORKERS * tokens / (time.time() - start)),
                        **{name: round(sum(v) / len(v), 4) for name, v in sums.items()})
            print(json.dumps(line), flush=True)
            sums = {}
        # The workers agree on when to save: by the first one's clock.
        due = torch.tensor([float(time.time() - saved_at > CHECKPOINT_SECONDS or step + 1 == STEPS)])
        if (step + 1) % 10 == 0:
            distributed.broadcast(due, 0)
            if due.item():
                saved_at = time.time()
                state = dict(
                    place=tuple(place), step=step + 1, spent=spent + time.time() - start,
                    optimisers=[optimiser.state_dict() for optimiser in optimisers_])
                if rank == 0:
                    state["model"] = model.state_dict()
                torch.save(state, checkpoint + ".partial")
                distributed.barrier()
                os.replace(checkpoint + ".partial", checkpoint)
    distributed.destroy_process_group()


def after(place, batches):
    """The batches after a place, which is (pool, number in the pool)."""
    return (batch for batch in batches if batch[:2] > tuple(place))


def with_jemalloc():
    """Begins again with jemalloc where it is installed: glibc's malloc takes a third of the time."""
    found = glob.glob("/usr/lib/*/libjemalloc.so.2")
    if found and "LD_PRELOAD" not in os.environ:
        os.environ["LD_PRELOAD"] = found[0]
        # Memory that is free stays until the next step wants it, but not for ever: with bfloat16 that filled 24 GB.
        os.environ["MALLOC_CONF"] = "dirty_decay_ms:10000,muzzy_decay_ms:10000"
        os.execv(sys.executable, [sys.executable, *sys.argv])


def taught(rank, folder):
    """The lessons of both towers, one after the other, by both processes."""
    lessons.join(rank, f"{folder}/meeting")
    for tower in ("vision", "audio"):
        if os.path.exists(f"{folder}/{tower}.pt"):
            continue
        lessons.main(rank, f"{folder}/{tower}-lessons.pt", tower)
        if rank == 0:
            os.replace(f"{folder}/{tower}-lessons.pt", f"{folder}/{tower}.pt")
        distributed.barrier()
    distributed.destroy_process_group()


def start(work, folder, *others):
    """Runs work in the processes; they meet anew."""
    if os.path.exists(f"{folder}/meeting"):
        os.remove(f"{folder}/meeting")
    processes.spawn(work, args=(folder, *others), nprocs=WORKERS)


def main():
    with_jemalloc()
    here = os.path.dirname(os.path.abspath(__file__))
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "../../.build/builtin-model")
    folder = os.path.abspath(folder)
    os.makedirs(folder, exist_ok=True)
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = f"{folder}/compiled"  # For a run that goes on.
    if not os.path.exists(f"{folder}/vocabulary.json"):
        learn_vocabulary().save(f"{folder}/vocabulary.json")
    start(taught, folder)
    start(worker, folder, Board(LARGEST))


if __name__ == "__main__":
    main()
