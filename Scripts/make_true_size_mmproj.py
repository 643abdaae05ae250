#!/usr/bin/env python3
"""Writes the encoders of a Gemma 4 model in their true size, with random weights: for speed and memory.

usage: make_true_size_mmproj.py VARIANT TYPE OUT.gguf [--only vision|audio]
  VARIANT  e2b | e4b | 12b | 26b-a4b | 31b       TYPE  f32 | f16 | bf16 | q8_0

Needs: pip install gguf numpy
Names, shapes and keys are those of published files, so that other programs load it too.
"""
import sys

import gguf
import numpy as np

T = gguf.GGMLQuantizationType
SMALL = dict(width=768, size=64, inner=3072, blocks=16, small=True)
LARGE = dict(width=1152, size=72, inner=4304, blocks=27, small=False)
VARIANTS = {
    "e2b": (1536, SMALL, True), "e4b": (2560, SMALL, True), "12b": (3840, None, True),
    "26b-a4b": (2816, LARGE, False), "31b": (5376, LARGE, False),
}


class Writer:
    def __init__(self, path, kind):
        self.writer = gguf.GGUFWriter(path, "clip")
        self.writer.add_type("mmproj")
        self.writer.add_name("random encoders of Gemma 4")
        self.writer.add_file_type({"f32": 0, "f16": 1, "q8_0": 7, "bf16": 32}[kind])
        self.kind = T[kind.upper()]
        self.rng = np.random.default_rng(11)
        self.stock = self.rng.standard_normal(1 << 22).astype(np.float32)

    def numbers(self, shape):
        count = int(np.prod(shape))
        start = int(self.rng.integers(0, self.stock.size))
        return np.resize(np.roll(self.stock, -start), count).reshape(shape)

    def add(self, name, values, kind=T.F32):
        values = np.ascontiguousarray(values, np.float32)
        self.writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)

    def vector(self, name, count, middle=1.0):
        self.add(name, middle * (1 + 0.1 * self.numbers(count)))

    def matrix(self, name, rows, columns, bounds=False, kind=None):
        self.add(name + ".weight", self.numbers((rows, columns)) / np.sqrt(columns), kind or self.kind)
        for end in ["input", "output"] if bounds else []:
            self.add(f"{name}.{end}_min", [-8.0])
            self.add(f"{name}.{end}_max", [8.0])

    def close(self):
        self.writer.write_header_to_file()
        self.writer.write_kv_data_to_file()
        self.writer.write_tensors_to_file()
        self.writer.close()


def keys(w, part, kind, text, width, inner, blocks, heads):
    w.writer.add_bool(f"clip.has_{part}_encoder", True)
    w.writer.add_string(f"clip.{part}.projector_type", kind)
    w.writer.add_float32(f"clip.{part}.attention.layer_norm_epsilon", 1e-6)
    for key, value in [
        ("projection_dim", text), ("embedding_length", width), ("feed_forward_length", inner),
        ("block_count", blocks), ("attention.head_count", heads),
    ]:
        w.writer.add_uint32(f"clip.{part}.{key}", value)
    if part == "vision":
        w.writer.add_uint32("clip.vision.image_size", 224)
        w.writer.add_uint32("clip.vision.patch_size", 16)
        w.writer.add_array("clip.vision.image_mean", [0.0] * 3)
        w.writer.add_array("clip.vision.image_std", [1.0] * 3)
    else:
        w.writer.add_uint32("clip.audio.num_mel_bins", 128)


def vision(w, text, width, size, inner, blocks, small):
    keys(w, "vision", "gemma4v", text, width, inner, blocks, width // size)
    # Rows of 16 fill no block: as in published files, this one is F16 or F32.
    w.add(
        "v.patch_embd.weight", w.numbers((width, 3, 16, 16)) / 28,
        T.F16 if w.kind == T.F16 else T.F32)
    w.add("v.position_embd.weight", 0.1 * w.numbers((2, 10240, width)))
    for i in range(blocks):
        b = f"v.blk.{i}."
        for name in ["ln1", "attn_post_norm", "ln2", "ffn_post_norm"]:
            w.vector(f"{b}{name}.weight", width)
        for name in ["attn_q_norm", "attn_k_norm"]:
            w.vector(f"{b}{name}.weight", size, 0.4)
        for name in ["attn_q", "attn_k", "attn_v", "attn_out"]:
            w.matrix(b + name, width, width, small)
        w.matrix(b + "ffn_gate", inner, width, small)
        w.matrix(b + "ffn_up", inner, width, small)
        # Rows of 4304 fill no blocks of 32.
        w.matrix(
            b + "ffn_down", width, inner, small, T.F16 if w.kind == T.Q8_0 and inner % 32 else None)
    if not small:
        w.add("v.std_bias", w.numbers(width))
        w.vector("v.std_scale", width)
    w.matrix("mm.input_projection", text, width)


def audio(w, text):
    width, size, inner = 1024, 128, 4096
    keys(w, "audio", "gemma4a", text, width, inner, 12, width // size)
    w.add("a.conv1d.0.weight", w.numbers((128, 1, 3, 3)) / 3)
    w.add("a.conv1d.1.weight", w.numbers((32, 128, 3, 3)) / 34)
    w.vector("a.conv1d.0.norm.weight", 128)
    w.vector("a.conv1d.1.norm.weight", 32)
    w.matrix("a.input_projection", width, width, kind=T.F32)
    for i in range(12):
        b = f"a.blk.{i}."
        for name in [
            "ffn_norm", "ffn_post_norm", "ffn_norm_1", "ffn_post_norm_1", "attn_pre_norm",
            "attn_post_norm", "conv_norm", "norm_conv", "ln2",
        ]:
            w.vector(f"{b}{name}.weight", width)
        for end in ["", "_1"]:
            w.matrix(f"{b}ffn_up{end}", inner, width, True)
            w.matrix(f"{b}ffn_down{end}", width, inner, True)
        for name in ["attn_q", "attn_k", "attn_v", "attn_out"]:
            w.matrix(b + name, width, width, True)
        w.matrix(b + "attn_k_rel", width, width)
        w.vector(b + "per_dim_scale.weight", size, 0.7)
        w.matrix(b + "conv_pw1", 2 * width, width, True)
        w.add(b + "conv_dw.weight", w.numbers((width, 5)) / 2)
        w.matrix(b + "conv_pw2", width, width, True)
    w.matrix("a.pre_encode.out", 1536, width)
    w.add("a.pre_encode.out.bias", 0.1 * w.numbers(1536))
    w.matrix("mm.a.input_projection", text, 1536)


def unified(w, text, parts):
    if "vision" in parts:
        keys(w, "vision", "gemma4uv", text, text, 0, 0, 0)
        w.matrix("v.patch_embd", text, 6912)
        w.add("v.patch_embd.bias", 0.1 * w.numbers(text))
        for i, count in enumerate([6912, text, text]):
            w.vector(f"v.patch_norm.{i + 1}.weight", count)
            w.add(f"v.patch_norm.{i + 1}.bias", 0.1 * w.numbers(count))
        w.add("v.position_embd.weight", 0.1 * w.numbers((2, 1120, text)))
        w.matrix("mm.input_projection", text, text)
    if "audio" in parts:
        keys(w, "audio", "gemma4ua", text, 640, 0, 0, 0)
        w.matrix("mm.a.input_projection", text, 640)


def main(variant, kind, path, parts):
    text, tower, hears = VARIANTS[variant]
    w = Writer(path, kind)
    if tower is None:
        unified(w, text, parts)
    else:
        if "vision" in parts:
            vision(w, text, **tower)
        if hears and "audio" in parts:
            audio(w, text)
    w.close()


if __name__ == "__main__":
    arguments = sys.argv[1:]
    parts = ["vision", "audio"]
    if "--only" in arguments:
        place = arguments.index("--only")
        parts = arguments[place + 1 : place + 2]
        del arguments[place : place + 2]
    if len(arguments) != 3 or arguments[0] not in VARIANTS:
        sys.exit(__doc__)
    main(*arguments, parts)
