#!/usr/bin/env python3
"""What the towers learn on their own, before the text model looks at what they give.

usage: lessons.py OUT vision|audio [AMOUNT]   teaches a fresh tower with two processes of one thread,
                                              writes OUT (a torch file) about each minute, from which it
                                              goes on when it was interrupted, and prints figures

A tower learns much faster from what is where than from a word about the whole. For each patch and each
soft token of a picture: which shape and colour is here, is the middle of a thing here; for each soft
token of a sound: does a beep begin here, is it high. In addition every soft token is to tell what the
whole is: shape, colour and count, or the word. These heads are thrown away. The lessons grow harder:
black shapes on white, then either way round, then all colours on white or black, then all; first on
pieces of 12x12 patches, which cost a sixth of a picture, then on whole pictures.
"""
import math
import os
import random
import sys
import tempfile
import time

import numpy as np
import torch
import torch.distributed as distributed
import torch.multiprocessing as processes
import torch.nn.functional as F
from PIL import Image
from torch import nn

import drawing
import pictures
import sounds
from drawing import COLOURS, SHAPES, Scene
from media_features import PATCH, POOL, collate, mel, patches
from mixed import scenes as mixed_scenes
from voices import WORDS

COLOUR_NAMES = list(COLOURS)
# Parts of what a head says of a whole: its name and where it begins and ends.
SEEN = (("count", 0, 5), ("shape", 5, 11), ("colour", 11, 19))
HEARD = (("word", 0, 10), ("count", 10, 15), ("pitch", 15, 17))


def normed(x):
    return x * (x.square().mean(-1, keepdim=True) + 1e-6).rsqrt()


def cross(logits, wanted):
    """Cross-entropy where something is wanted (0 or more)."""
    on = wanted >= 0
    return F.cross_entropy(logits[on], wanted[on]) if on.any() else logits.sum() * 0


def share(logits, wanted):
    """The part of the wanted that is right."""
    on = wanted >= 0
    return (logits[on].argmax(-1) == wanted[on]).float().mean().item()


def marks(positions, scenes):
    """For a grid of patches with these things: the shape and colour at each patch (-1: none), and at each
    soft token the shape and colour of the thing whose middle is there, and whether there is one."""
    across, down = positions.max(0) + 1
    root = math.sqrt(across * down)
    columns, rows = across // POOL, down // POOL
    shape, colour = np.full(len(positions), -1), np.full(len(positions), -1)
    middle = np.zeros((rows, columns), np.float32)
    middle_shape, middle_colour = np.full((2, rows, columns), -1)
    for scene in scenes:
        x, y, radius = scene.places[0]
        near = np.hypot(positions[:, 0] + 0.5 - x * across, positions[:, 1] + 0.5 - y * down) < radius * root
        place = min(rows - 1, int(y * rows)), min(columns - 1, int(x * columns))
        shape[near] = middle_shape[place] = SHAPES.index(scene.shape)
        colour[near] = middle_colour[place] = COLOUR_NAMES.index(scene.colour)
        middle[place] = 1
    return shape, colour, middle.ravel(), middle_shape.ravel(), middle_colour.ravel()


def piece(rng, level):
    """A part of a picture, 12x12 patches, with up to four things. Level 0 is the easiest, 3 the last."""
    side, pixels = 192, rng.choice((32, 48, 64, 96, 128, 192))
    factor = pixels / side
    ground = (
        (255,) * 3 if level == 0 else rng.choice(((255,) * 3, (0,) * 3)) if level < 3
        else rng.choice(drawing.BACKGROUNDS))
    back, things = drawing._ground(rng, ground, pixels, pixels), []
    for _ in range(12):
        radius = math.exp(rng.uniform(math.log(33), math.log(88)))
        x, y = rng.uniform(radius, side - radius), rng.uniform(radius, side - radius)
        if any(math.hypot(x - a, y - b) < 1.08 * (radius + c) + 4 for a, b, c in things):
            continue
        things.append((x, y, radius))
        if len(things) == 4:
            break
    scenes = []
    for x, y, radius in things:
        while True:
            name = rng.choice(COLOUR_NAMES) if level > 1 else "black" if ground[0] else "white"
            colour = drawing._shade(rng, name)
            if drawing._stands_out(colour, ground):
                break
        shape = rng.choice(SHAPES)
        place = (x * factor, y * factor, radius * factor)
        mask = drawing._mask(rng, shape, [place], pixels, pixels).astype(np.float32)[..., None] / 255
        back = back + mask * (np.array(colour, np.float32) - back)
        scenes.append(Scene(name, shape, 1, [(x / side, y / side, radius / side)]))
    array = drawing._finish(rng, back, pixels, pixels)
    array = np.asarray(Image.fromarray(array).resize((side, side), Image.Resampling.BICUBIC))
    grid = side // PATCH
    values = array.reshape(grid, PATCH, grid, PATCH, 3).transpose(0, 2, 1, 3, 4).reshape(grid * grid, -1)
    y, x = np.divmod(np.arange(grid * grid), grid)
    return (values * (1 / 255)).astype(np.float32), np.stack([x, y], -1), scenes


def pieces(rng, count, level):
    """A batch of pieces, each at its own place in a larger grid."""
    rows = []
    for _ in range(count):
        values, positions, scenes = piece(rng, level)
        moved = positions + np.array([POOL * rng.randrange(5), POOL * rng.randrange(5)])
        rows.append((values, moved, *marks(positions, scenes), len(scenes) - 1))
    values, moved, shape, colour, *middles, number = (torch.tensor(np.stack(part)) for part in zip(*rows))
    none = torch.full((count,), -1)
    return dict(
        pixel_values=values, positions=moved, tokens=torch.full((count,), 16), patch_shape=shape,
        patch_colour=colour, middles=[part.ravel() for part in middles],
        whole=dict(count=number, shape=none, colour=none))


def styled(rng):
    """A picture with things of two or three kinds as people draw them, and a scene of one thing for each."""
    seen = mixed_scenes(rng)
    array, places = drawing.draw_styled(rng, seen)
    return array, [
        Scene(s.colour, s.shape, 1, [place]) for s, mine in zip(seen, places) for place in mine]


def wholes(rng, split, count, mixed):
    """A batch of whole pictures, of which a part holds things of different kinds."""
    found, rows, truth = [], [], []
    for _ in range(count):
        if rng.random() < mixed:
            array, scenes = styled(rng) if rng.random() < 0.5 else drawing.draw_mixed(rng)
            truth.append((len(scenes) - 1, -1, -1))
        else:
            scene = pictures.scene(rng, split)
            array = drawing.draw(rng, scene, split == "train")
            scenes = [Scene(scene.colour, scene.shape, 1, [place]) for place in scene.places]
            truth.append((scene.count - 1, SHAPES.index(scene.shape), COLOUR_NAMES.index(scene.colour)))
        values, positions, tokens = patches(array)
        found.append(dict(pictures=[(values, positions)], sounds=[], tokens=[tokens]))
        rows.append(marks(positions, scenes))
    batch = collate(found)
    most = batch["pixel_values"].shape[1]

    def padded(index):
        return torch.tensor(np.stack(
            [np.pad(row[index], (0, most - len(row[index])), constant_values=-2) for row in rows]))

    numbers = torch.tensor(truth)
    return dict(
        pixel_values=torch.tensor(batch["pixel_values"]), positions=torch.tensor(batch["image_position_ids"]),
        tokens=torch.tensor([one["tokens"][0] for one in found]), patch_shape=padded(0),
        patch_colour=padded(1),
        middles=[torch.tensor(np.concatenate([row[index] for row in rows])) for index in (2, 3, 4)],
        whole=dict(count=numbers[:, 0], shape=numbers[:, 1], colour=numbers[:, 2]))


class VisionLessons(nn.Module):
    """A picture tower, its projector and the heads that teach it."""

    def __init__(self, tower, embedder):
        super().__init__()
        self.tower, self.embedder = tower, embedder
        width = embedder.embedding_projection.out_features
        self.patch_head = nn.Linear(tower.config.hidden_size, 1 + 6 + 8)
        self.token_head = nn.Linear(width, 1 + 6 + 8)
        self.whole_head = nn.Linear(width, SEEN[-1][2])
        self.hidden = None
        tower.encoder.register_forward_hook(self._keep)
        self._pool = tower.pooler._avg_pool_by_positions
        tower.pooler._avg_pool_by_positions = self._pooled

    def _keep(self, module, inputs, output):
        self.hidden = output.last_hidden_state

    def _pooled(self, hidden, positions, length):
        """A piece's patches begin anywhere, which the pooling must not see."""
        least = torch.where(positions < 0, 10_000, positions).amin(1, keepdim=True)
        return self._pool(hidden, torch.where(positions < 0, positions, positions - least), length)

    def forward(self, batch):
        """The loss, and what is right of the whole."""
        soft = self.tower(
            pixel_values=batch["pixel_values"], pixel_position_ids=batch["positions"]).last_hidden_state
        soft = self.embedder(soft)
        self.size = soft.square().mean().sqrt().item()
        soft = normed(soft)
        count = batch["tokens"]
        owner = torch.repeat_interleave(torch.arange(len(count)), count)
        local, each = self.token_head(soft), self.whole_head(soft)
        whole = torch.zeros(len(count), each.shape[1]).index_add(0, owner, each) / count[:, None]
        middle, shape, colour = batch["middles"]
        loss = F.binary_cross_entropy_with_logits(local[:, 0], middle, pos_weight=torch.tensor(2.0))
        # The middles are to add up to the count: a model that looks at the soft tokens counts them.
        total = torch.zeros(len(count)).index_add(0, owner, local[:, 0].sigmoid())
        number = batch["whole"]["count"] + 1
        loss = loss + F.smooth_l1_loss(total, number.float())
        loss = loss + cross(local[:, 1:7], shape) + cross(local[:, 7:], colour)
        patch = self.patch_head(normed(self.hidden))
        real = batch["patch_shape"] >= -1
        loss = loss + F.binary_cross_entropy_with_logits(
            patch[..., 0][real], (batch["patch_shape"][real] >= 0).float())
        loss = loss + cross(patch[..., 1:7], batch["patch_shape"]) + cross(patch[..., 7:], batch["patch_colour"])
        right = {
            "here": share(local[:, 1:7], shape), "middles": (total.round() == number).float().mean().item()}
        for name, begin, end in SEEN:
            wanted = batch["whole"][name]
            loss = loss + cross(whole[:, begin:end], wanted) + cross(each[:, begin:end], wanted[owner])
            right[name] = share(whole[:, begin:end], wanted)
        return loss, right

    def batch(self, rng, done):
        """The batch that comes after so many pieces' worth: see `STAGES`."""
        for level, end in enumerate(STAGES):
            if done < end:
                return pieces(rng, 8, level), 8
        return wholes(rng, "train", 4, 0.35), 16

    def test(self, rng, count):
        return wholes(rng, "test", count, 0)


# How much each tower is taught: pieces, with a whole picture for four of them, and sounds.
AMOUNTS = {"vision": 64000, "audio": 16000}
# After how many pieces the next level comes; after the last, whole pictures.
STAGES = (1600, 2400, 4800, 12000)
# Each process makes its own half of a step's batch.
WORKERS = 2
SAVE_EVERY = 200  # Steps.


class AudioLessons(nn.Module):
    """A sound tower, its projector and the heads that teach it."""

    def __init__(self, tower, embedder):
        super().__init__()
        self.tower, self.embedder = tower, embedder
        width = embedder.embedding_projection.out_features
        self.token_head = nn.Linear(width, 2)
        self.whole_head = nn.Linear(width, HEARD[-1][2])

    def forward(self, batch):
        out = self.tower(batch["input_features"], batch["mask"])
        soft = self.embedder(out.last_hidden_state)
        real = out.attention_mask
        self.size = soft[real].square().mean().sqrt().item()
        soft = normed(soft)
        local, each = self.token_head(soft), self.whole_head(soft)
        whole = (each * real[..., None]).sum(1) / real.sum(1, keepdim=True)
        starts, lasts = batch["starts"][:, : real.shape[1]], batch["lasts"][:, : real.shape[1]]
        heard = real & (batch["whole"]["count"] >= 0)[:, None]
        loss = torch.zeros(())
        for index, wanted in enumerate((starts, lasts)):
            loss = loss + F.binary_cross_entropy_with_logits(
                local[..., index][heard], wanted[heard], pos_weight=torch.tensor(3.0))
        right = {"begins": ((local[..., 0] > 0) & heard).sum(1).eq(batch["whole"]["count"] + 1)[
            batch["whole"]["count"] >= 0].float().mean().item()}
        for name, begin, end in HEARD:
            wanted = batch["whole"][name]
            loss = loss + cross(whole[:, begin:end], wanted)
            right[name] = share(whole[:, begin:end], wanted)
        return loss, right

    def batch(self, rng, done):
        return self._make(rng, "train", 16), 16

    def test(self, rng, count):
        return self._make(rng, "test", count)

    def _make(self, rng, split, count):
        found, truth = [], []
        starts, lasts = np.zeros((2, count, 80), np.float32)
        for row in range(count):
            if rng.random() < 0.65:
                sound, is_ = sounds.word(rng, split)
                truth.append((WORDS.index(is_["word"]), -1, -1))
            else:
                sound, is_ = sounds.beeps(rng, split)
                truth.append((-1, is_["count"] - 1, int(is_["pitch"] == "high")))
                for begin, end in is_["places"]:
                    starts[row, min(79, int(begin * 25) + 1)] = 1
                    lasts[row, int(begin * 25) + 1 : int(end * 25) + 1] = 1
            frames, _, tokens = mel(sound)
            found.append(dict(pictures=[], sounds=[frames], tokens=[tokens]))
        batch, numbers = collate(found), torch.tensor(truth)
        return dict(
            input_features=torch.tensor(batch["input_features"]),
            mask=torch.tensor(batch["input_features_mask"]), starts=torch.tensor(starts),
            lasts=torch.tensor(lasts),
            whole=dict(word=numbers[:, 0], count=numbers[:, 1], pitch=numbers[:, 2]))


@torch.no_grad()
def load(model, vision=None, audio=None):
    """Gives a model the towers that had their lessons: paths of what this script wrote.

    The projectors are made to give numbers as large as the text model's own embeddings are by now.
    """
    body = model.model
    embeddings = body.language_model.embed_tokens
    size = embeddings.weight.square().mean().sqrt().item() * embeddings.weight.shape[1] ** 0.5
    for path, tower, embedder in (
            (vision, body.vision_tower, body.embed_vision), (audio, body.audio_tower, body.embed_audio)):
        if path is None:
            continue
        saved = torch.load(path)
        tower.load_state_dict(saved["tower"])
        embedder.load_state_dict(saved["embedder"])
        embedder.embedding_projection.weight.mul_(size / saved["size"])


def optimisers(lessons, matrices=5e-3, others=3e-3):
    """Muon for the matrices, which learns in a third of Adam's steps, and Adam for the rest."""
    towards = [p for n, p in lessons.named_parameters() if p.ndim == 2 and "head" not in n]
    chosen = {id(p) for p in towards}
    rest = [p for p in lessons.parameters() if id(p) not in chosen]
    return [
        torch.optim.Muon(
            towards, lr=matrices, weight_decay=0.01, momentum=0.95, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(rest, lr=others, weight_decay=0.01, betas=(0.9, 0.98)),
    ]


def averaged(lessons):
    """Makes the gradients the mean of the processes'."""
    weights = [p for p in lessons.parameters() if p.grad is not None]
    flat = torch.cat([p.grad.flatten() for p in weights])
    distributed.all_reduce(flat)
    flat /= distributed.get_world_size()
    offset = 0
    for p in weights:
        p.grad = flat[offset : offset + p.numel()].view_as(p)
        offset += p.numel()


def teach(lessons, path, amount):
    """Lessons of so many pieces' worth, or sounds; the rate falls to nothing at their end.

    Every process of the group calls it. A batch depends on the number of its step and the process alone, so
    that lessons which were interrupted go on as if they had not been.
    """
    rank, workers = distributed.get_rank(), distributed.get_world_size()
    opts = optimisers(lessons)
    for opt in opts:
        for group in opt.param_groups:
            group["base"] = group["lr"]
    done = steps = 0
    if os.path.exists(path):
        state = torch.load(path)
        lessons.load_state_dict(state["lessons"])
        for opt, saved in zip(opts, state["optimisers"]):
            opt.load_state_dict(saved)
        done, steps = state["done"], state["steps"]
    begin = time.time()
    while done < amount:
        steps += 1
        for opt in opts:
            for group in opt.param_groups:
                group["lr"] = group["base"] * min(1, steps / 40) * max(0.02, 1 - done / amount)
        batch, cost = lessons.batch(random.Random(f"lessons {steps} {rank}"), done)
        loss, right = lessons(batch)
        loss.backward()
        averaged(lessons)
        torch.nn.utils.clip_grad_norm_(lessons.parameters(), 1.0)
        for opt in opts:
            opt.step()
            opt.zero_grad()
        done += cost * workers
        if (steps % SAVE_EVERY == 0 or done >= amount) and rank == 0:
            figures = test(lessons)
            print(f"{round(time.time() - begin)} s, {done}, loss {loss.item():.2f}, {figures}", flush=True)
            torch.save({
                "tower": lessons.tower.state_dict(), "embedder": lessons.embedder.state_dict(),
                "size": lessons.size, "lessons": lessons.state_dict(), "done": done, "steps": steps,
                "optimisers": [opt.state_dict() for opt in opts]}, path + ".partial")
            os.replace(path + ".partial", path)
    distributed.barrier()


@torch.no_grad()
def test(lessons, seed=0, times=4, count=25):
    """Parts that are right, of pictures or sounds of the validation."""
    rng = random.Random(f"test of lessons {seed}")
    found = [lessons(lessons.test(rng, count))[1] for _ in range(times)]
    return {name: round(float(np.nanmean([one[name] for one in found])), 3) for name in found[0]}


def join(rank, meeting):
    """Makes this process one of `WORKERS`, which meet at a file that is not there yet."""
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=rank, world_size=WORKERS)


def main(rank, path, which, amount=None):
    """The lessons of a tower, in each process of a group."""
    from transformers.models.gemma4.modeling_gemma4 import Gemma4TextConfig

    import norms
    import orthogonal
    import towers

    norms.install()
    orthogonal.install()
    torch.manual_seed(0)
    text = Gemma4TextConfig(
        vocab_size=64, vocab_size_per_layer_input=64, hidden_size=192, intermediate_size=64,
        num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=1, head_dim=48,
        hidden_size_per_layer_input=0, num_kv_shared_layers=0,
        layer_types=["sliding_attention", "full_attention"])
    names = ["<|image>", "<|audio>", "<|image|>", "<|audio|>", "<image|>", "<audio|>", "<|video|>"]
    model = towers.build(
        text, towers.vision_config(), towers.audio_config(), {name: 40 + i for i, name in enumerate(names)})
    body = model.model
    if which == "vision":
        lessons = VisionLessons(body.vision_tower, body.embed_vision)
    else:
        lessons = AudioLessons(body.audio_tower, body.embed_audio)

    teach(lessons, path, amount or AMOUNTS[which])


def alone(rank, meeting, arguments):
    join(rank, meeting)
    main(rank, *arguments)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        processes.spawn(
            alone, args=(f"{folder}/meeting", (sys.argv[1], sys.argv[2], *map(int, sys.argv[3:]))), nprocs=WORKERS)
