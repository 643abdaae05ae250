#!/usr/bin/env python3
"""Makes the tiny encoders of Tests/Fixtures and the soft tokens that they must give.

usage: make_tiny_encoders.py OUT_DIR             writes tiny-encoders-{small,large,unified}.gguf and
                                                 tiny-encoders.json
       make_tiny_encoders.py --check GOLDEN_DIR  compares the encoders below with golden ones
       make_tiny_encoders.py --check-unified DIR compares those of tiny-encoders-unified.gguf there
                                                 with transformers

Needs: pip install gguf numpy; the last also torch and transformers (5.24)

The weights are random, from a fixed seed. The reference is float64 and was written from the
description of the architecture alone; it shares no line with the Swift and C code it judges. It was
itself judged on the soft tokens of golden models, which Hugging Face transformers computed in float32
(two pictures each, two sounds), and the 12B's on the fixture, whose weights transformers was given. The
largest differences found, soft tokens within +-5:
  e2b     pictures 2.1e-06, sounds 2.2e-06
  moe     pictures 1.9e-06
  dense   pictures 2.0e-06
  unified pictures 3.0e-06, sounds 6.1e-07
Pictures and sounds are formulas of whole numbers, which a test computes again.
The files hold on purpose what published files hold only now and then: matrices in F32, F16, BF16 and
Q8_0 side by side, a bound left out, a convolution with a bias, a factor for a layer (small), heads of
72 and a limit of pixels (large), patch norms counted from 0 (unified).
"""
import json
import os
import sys

import gguf
import numpy as np

T = gguf.GGMLQuantizationType


# The reference.


class File:
    """A GGUF file's tensors as float64 in the order [out, in]."""

    def __init__(self, path):
        self.tensors = {
            tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float64)
            for tensor in gguf.GGUFReader(path).tensors
        }

    def __call__(self, name, absent=None):
        return self.tensors[name] if absent is None else self.tensors.get(name, absent)

    def has(self, name):
        return name in self.tensors

    def linear(self, base, x):
        def bound(name, absent):
            return self(f"{base}.{name}", np.array([absent]))[0]

        x = np.clip(x, bound("input_min", -np.inf), bound("input_max", np.inf))
        y = x @ self(base + ".weight").T
        return np.clip(y, bound("output_min", -np.inf), bound("output_max", np.inf))

    def blocks(self, prefix, tensor):
        count = 0
        while self.has(f"{prefix}.blk.{count}.{tensor}"):
            count += 1
        return [f"{prefix}.blk.{i}." for i in range(count)]


def rms(x, weights=1.0):
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-6) * weights


def layer_norm(x, weights, biases, eps):
    x = x - x.mean(-1, keepdims=True)
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + eps) * weights + biases


def gelu(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def patches(picture, side):
    """`[rows, columns, channel * row * column]` of a picture `[height, width, 3]`, from 0 to 1."""
    h, w, _ = picture.shape
    grid = picture.reshape(h // side, side, w // side, side, 3).transpose(0, 2, 4, 1, 3)
    return grid.reshape(h // side, w // side, 3 * side * side) / 255


def turn(x, positions):
    """Turns pairs (i, i + half) of the last axis by position * 100 ** (-i / half)."""
    half = x.shape[-1] // 2
    angle = positions[:, None, None] * 100.0 ** (-np.arange(half) / half)
    u, v = x[..., :half], x[..., half:]
    return np.concatenate(
        [u * np.cos(angle) - v * np.sin(angle), v * np.cos(angle) + u * np.sin(angle)], -1)


def see(m, picture):
    x = 2 * patches(picture, 16) - 1
    rows, columns, _ = x.shape
    table = m("v.position_embd.weight")
    ys, xs = [axis.ravel() for axis in np.mgrid[0:rows, 0:columns]]
    weights = m("v.patch_embd.weight")
    x = x.reshape(rows * columns, -1) @ weights.reshape(len(weights), -1).T
    x = x + table[0][xs] + table[1][ys]
    n, d = x.shape
    for b in m.blocks("v", "ln1.weight"):
        a = rms(x, m(b + "ln1.weight"))
        size = len(m(b + "attn_q_norm.weight"))
        q, k, v = [m.linear(b + "attn_" + part, a).reshape(n, -1, size) for part in "qkv"]
        q, k, v = rms(q, m(b + "attn_q_norm.weight")), rms(k, m(b + "attn_k_norm.weight")), rms(v)
        half = size // 2
        q, k = [
            np.concatenate([turn(t[..., :half], xs), turn(t[..., half:], ys)], -1) for t in (q, k)]
        o = np.stack(
            [softmax(q[:, h] @ k[:, h].T) @ v[:, h] for h in range(q.shape[1])], 1).reshape(n, d)
        x = x + rms(m.linear(b + "attn_out", o), m(b + "attn_post_norm.weight"))
        f = rms(x, m(b + "ln2.weight"))
        g = gelu(m.linear(b + "ffn_gate", f)) * m.linear(b + "ffn_up", f)
        x = x + rms(m.linear(b + "ffn_down", g), m(b + "ffn_post_norm.weight"))
        x = x * m(b + "out_scale.weight", np.ones(1))
    x = x.reshape(rows // 3, 3, columns // 3, 3, d).mean((1, 3)).reshape(-1, d) * np.sqrt(d)
    if m.has("v.std_bias"):
        x = (x - m("v.std_bias")) * m("v.std_scale")
    return m.linear("mm.input_projection", rms(x))


def see_unified(m, picture):
    x = patches(picture, 48)
    rows, columns, _ = x.shape
    first = 0 if m.has("v.patch_norm.0.weight") else 1

    def norm(x, index):
        name = f"v.patch_norm.{first + index}."
        return layer_norm(x, m(name + "weight"), m(name + "bias"), 1e-5)

    weights = m("v.patch_embd.weight")
    x = norm(norm(x, 0) @ weights.reshape(len(weights), -1).T + m("v.patch_embd.bias"), 1)
    table = m("v.position_embd.weight")
    x = norm(x + table[0][:columns][None] + table[1][:rows][:, None], 2)
    return m.linear("mm.input_projection", rms(x.reshape(rows * columns, -1)))


def convolve(m, index, x):
    """Three by three, stride 2, over `[time, mel, channels]`."""
    weights = m(f"a.conv1d.{index}.weight")
    padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))
    height, width = (x.shape[0] + 1) // 2, (x.shape[1] + 1) // 2
    y = np.zeros((height, width, len(weights)))
    for t in range(3):
        for f in range(3):
            part = padded[t : t + 2 * height - 1 : 2, f : f + 2 * width - 1 : 2]
            y += part @ weights[:, :, t, f].T
    y = y + m(f"a.conv1d.{index}.bias", np.zeros(1))
    norm = m(f"a.conv1d.{index}.norm.weight")
    return np.maximum(layer_norm(y, norm, 0, 1e-6), 0)


def hear(m, mel):
    x = convolve(m, 1, convolve(m, 0, mel[:, :, None]))
    n = len(x)
    x = m.linear("a.input_projection", x.reshape(n, -1))
    d = x.shape[1]
    steps = np.exp(-np.arange(d // 2) * np.log(10000) / (d // 2 - 1))
    angles = np.arange(12)[:, None] * steps
    waves = np.concatenate([np.sin(angles), np.cos(angles)], -1)
    behind = np.arange(n)[:, None] - np.arange(n)
    seen = (behind >= 0) & (behind < 12)

    def feed_forward(x, b, end):
        z = m.linear(f"{b}ffn_up{end}", rms(x, m(f"{b}ffn_norm{end}.weight")))
        z = m.linear(f"{b}ffn_down{end}", z * sigmoid(z))
        return x + 0.5 * rms(z, m(f"{b}ffn_post_norm{end}.weight"))

    for b in m.blocks("a", "ffn_up.weight"):
        x = feed_forward(x, b, "")
        a = rms(x, m(b + "attn_pre_norm.weight"))
        scale = m(b + "per_dim_scale.weight")
        size = len(scale)
        q, k, v = [m.linear(b + "attn_" + part, a).reshape(n, -1, size) for part in "qkv"]
        q = q * scale / (np.sqrt(size) * np.log(2))
        k = k * np.log(1 + np.e) / np.log(2) * m(b + "per_dim_k_scale.weight", np.ones(1))
        r = m.linear(b + "attn_k_rel", waves).reshape(12, -1, size)
        o = np.empty_like(q)
        for h in range(q.shape[1]):
            near = (q[:, h] @ r[:, h].T)[np.arange(n)[:, None], np.clip(behind, 0, 11)]
            scores = 50 * np.tanh((q[:, h] @ k[:, h].T + near) / 50)
            o[:, h] = softmax(np.where(seen, scores, -np.inf)) @ v[:, h]
        x = x + rms(m.linear(b + "attn_out", o.reshape(n, d)), m(b + "attn_post_norm.weight"))
        z = m.linear(b + "conv_pw1", rms(x, m(b + "conv_norm.weight")))
        z = np.pad(z[:, :d] * sigmoid(z[:, d:]), ((4, 0), (0, 0)))
        kernel = m(b + "conv_dw.weight")
        y = sum(kernel[:, j] * z[j : j + n] for j in range(5))
        y = rms(y, m(b + "norm_conv.weight"))
        x = x + m.linear(b + "conv_pw2", y * sigmoid(y))
        x = rms(feed_forward(x, b, "_1"), m(b + "ln2.weight"))
    x = m.linear("a.pre_encode.out", x) + m("a.pre_encode.out.bias")
    return m.linear("mm.a.input_projection", rms(x))


def hear_unified(m, samples):
    size = m("mm.a.input_projection.weight").shape[1]
    frames = np.pad(samples, (0, -len(samples) % size)).reshape(-1, size)
    return m.linear("mm.a.input_projection", rms(frames))


def check(folder):
    for name in ["e2b", "moe", "dense"]:
        m = File(f"{folder}/{name}/mmproj-{name}-f32.gguf")
        with open(f"{folder}/{name}/reference.json") as file:
            reference = json.load(file)

        def floats(entry):
            path = f"{folder}/{name}/{entry['file']}"
            return np.fromfile(path, "<f4").reshape(entry["shape"]).astype(np.float64)

        pictures = sounds = 0
        for image in reference["images"]:
            columns, rows = image["resized_patches"]
            bytes_ = np.fromfile(f"{folder}/{name}/{image['patches']['file']}", np.uint8)
            grid = bytes_.reshape(rows, columns, 16, 16, 3).transpose(0, 2, 1, 3, 4)
            soft = see(m, grid.reshape(16 * rows, 16 * columns, 3).astype(np.float64))
            pictures = max(pictures, np.abs(soft - floats(image["embeddings"])).max())
        for sound in reference.get("audio", []):
            soft = hear(m, floats(sound["mel"])[: sound["mask_frames"]])
            sounds = max(sounds, np.abs(soft - floats(sound["embeddings"])).max())
        print(f"  {name:<7} pictures {pictures:.1e}, sounds {sounds:.1e}")


def check_unified(folder):
    import torch
    from transformers.models.gemma4_unified import configuration_gemma4_unified as configurations
    from transformers.models.gemma4_unified import modeling_gemma4_unified as models

    m = File(os.path.join(folder, "tiny-encoders-unified.gguf"))
    table = m("v.position_embd.weight")
    _, positions, width = table.shape
    text = configurations.Gemma4UnifiedTextConfig(hidden_size=TEXT)
    vision = models.Gemma4UnifiedVisionEmbedder(
        configurations.Gemma4UnifiedVisionConfig(
            mm_embed_dim=width, mm_posemb_size=positions, output_proj_dims=width),
        text)
    audio = models.Gemma4UnifiedMultimodalEmbedder(configurations.Gemma4UnifiedAudioConfig(), text)

    def by_row(values):
        """From (channel, row, column) to the order there, (row, column, channel)."""
        return np.moveaxis(values.reshape(-1, 3, 48, 48), 1, -1).reshape(values.shape)

    state = {
        "patch_ln1.weight": by_row(m("v.patch_norm.0.weight")),
        "patch_ln1.bias": by_row(m("v.patch_norm.0.bias")),
        "patch_dense.weight": by_row(m("v.patch_embd.weight")),
        "patch_dense.bias": m("v.patch_embd.bias"),
        "patch_ln2.weight": m("v.patch_norm.1.weight"),
        "patch_ln2.bias": m("v.patch_norm.1.bias"),
        "pos_embedding": table.transpose(1, 0, 2),
        "pos_norm.weight": m("v.patch_norm.2.weight"),
        "pos_norm.bias": m("v.patch_norm.2.bias"),
        "multimodal_embedder.embedding_projection.weight": m("mm.input_projection.weight"),
    }
    vision.load_state_dict({name: torch.tensor(value).float() for name, value in state.items()})
    audio.embedding_projection.weight.data = torch.tensor(m("mm.a.input_projection.weight")).float()
    photo = picture(144, 96)
    rows, columns, _ = patches(photo, 48).shape
    ys, xs = [axis.ravel() for axis in np.mgrid[0:rows, 0:columns]]
    with torch.no_grad():
        seen = vision(
            torch.tensor(by_row(patches(photo, 48).reshape(rows * columns, -1))).float()[None],
            torch.tensor(np.stack([xs, ys], -1))[None]).pooler_output[0].numpy()
        frames = np.pad(samples(1500), (0, -1500 % 640)).reshape(-1, 640)
        heard = audio(torch.tensor(frames).float()).numpy()
    pictures = np.abs(seen - see_unified(m, photo)).max()
    print(f"  unified pictures {pictures:.1e}, sounds {np.abs(heard - hear_unified(m, samples(1500))).max():.1e}")


# The files.


def number(*places):
    """A whole number from 0 to 999 that depends on its places alone."""
    sum_ = 0
    for place, factor in zip(places, (7919, 104729, 1299709)):
        sum_ = sum_ + place * factor
    return sum_ * 31 % 7907 % 1000


def picture(width, height):
    y, x, c = np.mgrid[0:height, 0:width, 0:3]
    return (number(x // 5, y // 7, c) % 256).astype(np.float64)


def mel(frames):
    t, b = np.mgrid[0:frames, 0:128]
    return (number(t, b).astype(np.float32) / np.float32(100) - np.float32(7)).astype(np.float64)


def samples(count):
    return (number(np.arange(count)).astype(np.float32) / np.float32(500) - np.float32(1)).astype(
        np.float64)


class Writer:
    def __init__(self, path, rng):
        self.writer = gguf.GGUFWriter(path, "clip")
        self.rng = rng
        self.written = 0

    def add(self, name, values, kind=T.F32):
        values = np.ascontiguousarray(values, np.float32)
        self.writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)

    def vector(self, name, count, middle=1.0):
        self.add(name + ".weight", middle + 0.2 * self.rng.standard_normal(count))

    def matrix(self, name, rows, columns, kind=None, bounds=False):
        """A matrix of the next type in turn, with its four bounds."""
        if kind is None:
            kinds = [T.BF16, T.F16, T.Q8_0, T.F32] if columns % 32 == 0 else [T.BF16, T.F16, T.F32]
            kind = kinds[self.written % len(kinds)]
            self.written += 1
        size = self.rng.standard_normal((rows, columns)) / np.sqrt(columns)
        self.add(name + ".weight", size, kind)
        if bounds:
            for end in ["input", "output"]:
                low, high = -1.2 - self.rng.random(), 1.2 + self.rng.random()
                if self.written % 5:
                    self.add(f"{name}.{end}_min", [low])
                self.add(f"{name}.{end}_max", [high])

    def close(self):
        self.writer.write_header_to_file()
        self.writer.write_kv_data_to_file()
        self.writer.write_tensors_to_file()
        self.writer.close()


TEXT = 32


def keys(w, part, kind, width, inner, blocks, heads):
    w.writer.add_bool(f"clip.has_{part}_encoder", True)
    w.writer.add_string(f"clip.{part}.projector_type", kind)
    for key, value in [
        ("projection_dim", TEXT), ("embedding_length", width), ("feed_forward_length", inner),
        ("block_count", blocks), ("attention.head_count", heads),
    ]:
        w.writer.add_uint32(f"clip.{part}.{key}", value)


def write_vision(w, width, size, inner, blocks, small):
    keys(w, "vision", "gemma4v", width, inner, blocks, width // size)
    w.writer.add_uint32("clip.vision.patch_size", 16)
    if not small:
        # Between 140 and 280 soft tokens of 48 * 48 pixels.
        w.writer.add_uint32("clip.vision.image_max_pixels", 400_000)
    if small:
        w.writer.add_uint32("clip.vision.projector.scale_factor", 3)
    w.add(
        "v.patch_embd.weight", w.rng.standard_normal((width, 3, 16, 16)) / 28,
        T.F32 if small else T.F16)
    w.add("v.position_embd.weight", 0.3 * w.rng.standard_normal((2, 16, width)))
    for i in range(blocks):
        b = f"v.blk.{i}."
        for name in ["ln1", "attn_post_norm", "ln2", "ffn_post_norm"]:
            w.vector(b + name, width)
        for name in ["attn_q_norm", "attn_k_norm"]:
            w.vector(b + name, size, 0.5)
        for name in ["attn_q", "attn_k", "attn_v", "attn_out"]:
            w.matrix(b + name, width, width, bounds=small)
        for name in ["ffn_gate", "ffn_up"]:
            w.matrix(b + name, inner, width, bounds=small)
        w.matrix(b + "ffn_down", width, inner, bounds=small)
        if small and i == 1:
            w.add(b + "out_scale.weight", [0.8])
    if not small:
        w.add("v.std_bias", w.rng.standard_normal(width))
        w.add("v.std_scale", 1 + 0.2 * w.rng.standard_normal(width))
    w.matrix("mm.input_projection", TEXT, width)


def write_audio(w, width, size, inner, blocks, output, channels):
    keys(w, "audio", "gemma4a", width, inner, blocks, width // size)
    w.writer.add_uint32("clip.audio.num_mel_bins", 128)
    inputs = 1
    for i, count in enumerate(channels):
        w.add(
            f"a.conv1d.{i}.weight",
            w.rng.standard_normal((count, inputs, 3, 3)) / np.sqrt(9 * inputs))
        w.vector(f"a.conv1d.{i}.norm", count)
        inputs = count
    w.add("a.conv1d.1.bias", 0.2 * w.rng.standard_normal(inputs))
    w.matrix("a.input_projection", width, 32 * inputs, T.F32)
    for i in range(blocks):
        b = f"a.blk.{i}."
        for name in [
            "ffn_norm", "ffn_post_norm", "ffn_norm_1", "ffn_post_norm_1", "attn_pre_norm",
            "attn_post_norm", "conv_norm", "norm_conv", "ln2",
        ]:
            w.vector(b + name, width)
        for end in ["", "_1"]:
            w.matrix(f"{b}ffn_up{end}", inner, width, bounds=True)
            w.matrix(f"{b}ffn_down{end}", width, inner, bounds=True)
        for name in ["attn_q", "attn_k", "attn_v", "attn_out"]:
            w.matrix(b + name, width, width, bounds=True)
        w.matrix(b + "attn_k_rel", width, width)
        w.vector(b + "per_dim_scale", size)
        if i == 1:
            w.vector(b + "per_dim_k_scale", size)
        w.matrix(b + "conv_pw1", 2 * width, width, bounds=True)
        w.add(b + "conv_dw.weight", w.rng.standard_normal((width, 5)) / 2)
        w.matrix(b + "conv_pw2", width, width, bounds=True)
    w.matrix("a.pre_encode.out", output, width)
    w.add("a.pre_encode.out.bias", 0.2 * w.rng.standard_normal(output))
    w.matrix("mm.a.input_projection", TEXT, output)


def write_unified(w, width):
    keys(w, "vision", "gemma4uv", width, 0, 0, 0)
    keys(w, "audio", "gemma4ua", 640, 0, 0, 0)
    w.matrix("v.patch_embd", width, 6912, T.Q8_0)
    w.add("v.patch_embd.bias", 0.2 * w.rng.standard_normal(width))
    for i, count in enumerate([6912, width, width]):
        w.vector(f"v.patch_norm.{i}", count)
        w.add(f"v.patch_norm.{i}.bias", 0.2 * w.rng.standard_normal(count))
    w.add("v.position_embd.weight", 0.3 * w.rng.standard_normal((2, 8, width)))
    w.matrix("mm.input_projection", TEXT, width, T.BF16)
    w.matrix("mm.a.input_projection", TEXT, 640, T.F16)


def make(folder):
    rng = np.random.default_rng(20261126)
    entries = []

    def entry(name, write, **expected):
        path = os.path.join(folder, f"tiny-encoders-{name}.gguf")
        w = Writer(path, rng)
        write(w)
        w.close()
        m = File(path)
        values = {}
        for key, function in expected.items():
            soft = function(m)
            values[key] = [float(f"{value:.7g}") for value in soft.ravel()]
            print(path, os.path.getsize(path), "bytes;", key, soft.shape, np.abs(soft).max())
        entries.append(dict(file=os.path.basename(path), **values))

    def small(w):
        write_vision(w, 32, 16, 64, 2, True)
        write_audio(w, 32, 16, 64, 2, 40, (8, 4))

    entry("small", small, picture=lambda m: see(m, picture(144, 96)), mel=lambda m: hear(m, mel(103)))
    entry(
        "large", lambda w: write_vision(w, 72, 72, 84, 2, False),
        picture=lambda m: see(m, picture(144, 96)))
    entry(
        "unified", lambda w: write_unified(w, 32),
        picture=lambda m: see_unified(m, picture(144, 96)),
        samples=lambda m: hear_unified(m, samples(1500)))
    with open(os.path.join(folder, "tiny-encoders.json"), "w") as file:
        json.dump(dict(textWidth=TEXT, encoders=entries), file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--check":
        check(sys.argv[2])
    elif len(sys.argv) == 3 and sys.argv[1] == "--check-unified":
        check_unified(sys.argv[2])
    elif len(sys.argv) == 2 and not sys.argv[1].startswith("-"):
        make(sys.argv[1])
    else:
        sys.exit(__doc__)
