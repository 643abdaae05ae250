#!/usr/bin/env python3
"""Makes the three tiny models of Tests/Fixtures and the numbers a text decoder must give on them.

usage: make_tiny_models.py OUT_DIR            writes tiny-{e2b,moe,dense}.gguf and tiny-reference.json
       make_tiny_models.py --check GOLDEN_DIR compares the forward pass below with golden models

Needs: pip install gguf numpy

The weights are random, from a fixed seed. The reference is a forward pass in float64, written from
the description of the architecture alone; it shares no line with the Swift and C code it judges.
It was itself judged on three golden models whose logits come from Hugging Face transformers in
float32 (1, 5, 48 and 150 tokens each). The largest differences found, logits within +-12:
  e2b    logits 4.1e-05, hidden states 1.1e-05
  moe    logits 2.7e-05, hidden states 6.9e-06
  dense  logits 1.5e-05, hidden states 6.3e-06
The files hold on purpose what published files hold only now and then: keys and values on layers
that never use them (e2b), experts with and without fused gates (moe), a fused QKV matrix, a matrix
with a factor of its own and no soft-capping key (dense), BF16 beside F32, scalars beside arrays.
"""
import json
import os
import sys

import gguf
import numpy as np

SPECIALS = [
    "<pad>", "<eos>", "<bos>", "<unk>", "<mask>", "<|tool>", "<tool|>", "<|tool_call>",
    "<tool_call|>", "<|tool_response>", "<tool_response|>", '<|"|>', "<|think|>", "<|channel>",
    "<channel|>", "<|turn>", "<turn|>", "<|image>", "<|audio>", "<|image|>", "<|audio|>",
    "<image|>", "<audio|>", "<|video|>",
]
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
LETTERS = ["\u2581"] + [chr(code) for code in range(ord("a"), ord("z") + 1)]
MERGES = ["t h", "th e", "i n", "e r", "o u", "o f", "a n", "an d", "\u2581 the", "\u2581 of"]
TOKENS = SPECIALS + BYTES + LETTERS + [merge.replace(" ", "") for merge in MERGES]
TYPES = [3] * 5 + [4] * 19 + [6] * 256 + [1] * (len(LETTERS) + len(MERGES))


# The reference.


class Model:
    """A GGUF file: its numbers, and its tensors as float64 in the order [out, in]."""

    def __init__(self, path):
        reader = gguf.GGUFReader(path)
        self.keys = {name: field.contents() for name, field in reader.fields.items()}
        self.tensors = {
            tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(np.float64)
            for tensor in reader.tensors
        }
        self.layer_count = self.keys["gemma4.block_count"]

    def key(self, name, absent=None):
        return self.keys.get("gemma4." + name, absent)

    def per_layer(self, name, layer):
        value = self.key(name)
        return value[layer] if isinstance(value, list) else value

    def tensor(self, name, absent=None):
        return self.tensors.get(name, absent)

    def product(self, name, x):
        """`W x` for rows of x, times the factor that may stand beside the matrix."""
        factor = self.tensor(name.removesuffix(".weight") + ".scale", np.ones(1))[0]
        return x @ self.tensors[name].T * factor


def rms(x, eps, weights=None):
    normed = x / np.sqrt((x * x).mean(-1, keepdims=True) + eps)
    return normed if weights is None else normed * weights


def gelu(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def rope(x, base, divisors):
    """Turns the pairs (j, j + half) of `[positions, heads, size]` by position times frequency."""
    positions, _, size = x.shape
    half = size // 2
    frequency = base ** (-2 * np.arange(half) / size) / divisors
    angle = np.arange(positions)[:, None, None] * frequency
    u, v = x[..., :half], x[..., half:]
    return np.concatenate(
        [u * np.cos(angle) - v * np.sin(angle), v * np.cos(angle) + u * np.sin(angle)], -1)


def experts(m, block, a, eps):
    """The dense branch and the mixture beside it, both from the same rows a."""
    def t(name):
        return m.tensor(block + name)

    z = rms(a, eps, t("ffn_norm.weight"))
    dense = m.product(
        block + "ffn_down.weight",
        gelu(m.product(block + "ffn_gate.weight", z)) * m.product(block + "ffn_up.weight", z))
    dense = rms(dense, eps, t("post_ffw_norm_1.weight"))
    r = rms(a, eps) * t("ffn_gate_inp.scale") / np.sqrt(a.shape[-1])
    chances = softmax(r @ t("ffn_gate_inp.weight").T)
    z = rms(a, eps, t("pre_ffw_norm_2.weight"))
    mixed = np.zeros_like(a)
    for row, chance in enumerate(chances):
        chosen = np.argsort(-chance, kind="stable")[: m.key("expert_used_count")]
        for e in chosen:
            fused = t("ffn_gate_up_exps.weight")
            if fused is not None:
                half = fused.shape[1] // 2
                gate, up = fused[e, :half], fused[e, half:]
            else:
                gate, up = t("ffn_gate_exps.weight")[e], t("ffn_up_exps.weight")[e]
            share = chance[e] / chance[chosen].sum() * t("ffn_down_exps.scale")[e]
            inner = gelu(gate @ z[row]) * (up @ z[row])
            mixed[row] += share * (t("ffn_down_exps.weight")[e] @ inner)
    return dense + rms(mixed, eps, t("post_ffw_norm_2.weight"))


def forward(m, ids):
    """Logits of every position, and the residual stream before layer 0 and after each layer."""
    eps = m.key("attention.layer_norm_rms_epsilon")
    d = m.key("embedding_length")
    heads = m.key("attention.head_count")
    window = m.key("attention.sliding_window")
    sliding = m.key("attention.sliding_window_pattern")
    producers = m.layer_count - m.key("attention.shared_kv_layers", 0)
    p = m.key("embedding_length_per_layer_input")
    n = len(ids)
    x = m.tensor("token_embd.weight")[ids] * np.sqrt(d)
    if p:
        table = m.tensor("per_layer_token_embd.weight")[ids].reshape(n, -1, p) * np.sqrt(p)
        context = m.product("per_layer_model_proj.weight", x) / np.sqrt(d)
        context = rms(context.reshape(n, -1, p), eps, m.tensor("per_layer_proj_norm.weight"))
        per_layer = (context + table) / np.sqrt(2)
    behind = np.arange(n)[:, None] - np.arange(n)
    hidden, cache = [x], {}
    for i in range(m.layer_count):
        block = f"blk.{i}."
        size = m.key("attention.key_length_swa" if sliding[i] else "attention.key_length")
        base = m.key("rope.freq_base_swa" if sliding[i] else "rope.freq_base")
        divisors = 1 if sliding[i] else m.tensor("rope_freqs.weight")
        h = rms(x, eps, m.tensor(block + "attn_norm.weight"))
        kv_heads = m.per_layer("attention.head_count_kv", i)
        if m.tensor(block + "attn_qkv.weight") is not None:
            parts = np.split(
                m.product(block + "attn_qkv.weight", h),
                [heads * size, (heads + kv_heads) * size], axis=-1)
            q, k, v = [part.reshape(n, -1, size) for part in parts]
        else:
            q = m.product(block + "attn_q.weight", h).reshape(n, heads, size)
            if i < producers:
                k = m.product(block + "attn_k.weight", h).reshape(n, kv_heads, size)
                v = k
                if m.tensor(block + "attn_v.weight") is not None:
                    v = m.product(block + "attn_v.weight", h).reshape(n, kv_heads, size)
        q = rope(rms(q, eps, m.tensor(block + "attn_q_norm.weight")), base, divisors)
        if i < producers:
            k = rope(rms(k, eps, m.tensor(block + "attn_k_norm.weight")), base, divisors)
            cache[i] = k, rms(v, eps)
        source = i if i < producers else max(j for j in range(producers) if sliding[j] == sliding[i])
        keys, values = cache[source]
        seen = (behind >= 0) & ((behind < window) if sliding[i] else True)
        attended = np.empty_like(q)
        for head in range(heads):
            group = head // (heads // keys.shape[1])
            scores = np.where(seen, q[:, head] @ keys[:, group].T, -np.inf)
            attended[:, head] = softmax(scores) @ values[:, group]
        update = m.product(block + "attn_output.weight", attended.reshape(n, -1))
        a = x + rms(update, eps, m.tensor(block + "post_attention_norm.weight"))
        if m.tensor(block + "ffn_gate_inp.weight") is not None:
            update = experts(m, block, a, eps)
        else:
            z = rms(a, eps, m.tensor(block + "ffn_norm.weight"))
            update = m.product(
                block + "ffn_down.weight",
                gelu(m.product(block + "ffn_gate.weight", z))
                * m.product(block + "ffn_up.weight", z))
        x = a + rms(update, eps, m.tensor(block + "post_ffw_norm.weight"))
        if p:
            gate = gelu(m.product(block + "inp_gate.weight", x)) * per_layer[:, i]
            update = m.product(block + "proj.weight", gate)
            x = x + rms(update, eps, m.tensor(block + "post_norm.weight"))
        x = x * m.tensor(block + "layer_output_scale.weight", np.ones(1))[0]
        hidden.append(x)
    head = "output.weight" if "output.weight" in m.tensors else "token_embd.weight"
    logits = rms(x, eps, m.tensor("output_norm.weight")) @ m.tensor(head).T
    cap = m.key("final_logit_softcapping", 30.0)
    return cap * np.tanh(logits / cap), np.array(hidden)


def check(folder):
    for name in ["e2b", "moe", "dense"]:
        m = Model(f"{folder}/{name}/{name}-bf16.gguf")
        with open(f"{folder}/{name}/reference.json") as file:
            reference = json.load(file)
        logit_error = hidden_error = 0
        for case in reference["cases"]:
            def floats(entry):
                path = f"{folder}/{name}/{entry['file']}"
                return np.fromfile(path, "<f4").reshape(entry["shape"])
            logits, hidden = forward(m, case["ids"])
            logit_error = max(logit_error, np.abs(logits - floats(case["logits"])).max())
            if "hidden" in case:
                # The last entry there is taken after the final norm.
                difference = np.abs(hidden[:-1] - floats(case["hidden"])[:-1])
                hidden_error = max(hidden_error, difference.max())
        print(f"  {name:<6} logits {logit_error:.1e}, hidden states {hidden_error:.1e}")


# The models.

SHAPES = {
    "e2b": dict(
        pattern="SSGSSG", heads=2, kv=1, ff=[48, 48, 48, 64, 64, 64], shared=3, p=8),
    "moe": dict(pattern="SGSG", heads=4, kv=[2, 1, 2, 1], ff=32, experts=(4, 2, 24)),
    "dense": dict(pattern="SSG", heads=4, kv=[2, 2, 1], ff=48),
}
WIDTH, SLIDING_SIZE, GLOBAL_SIZE, WINDOW, ROTATED = 32, 32, 64, 8, 8


def write(path, name, shape, rng):
    layers = len(shape["pattern"])
    p = shape.get("p", 0)
    writer = gguf.GGUFWriter(path, "gemma4")
    writer.add_name(f"tiny {name}")
    writer.add_block_count(layers)
    writer.add_context_length(4096)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(shape["ff"])
    writer.add_head_count(shape["heads"])
    writer.add_head_count_kv(shape["kv"])
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1e6)
    for key, value in [
        ("rope.freq_base_swa", 1e4),
        *([] if name == "dense" else [("final_logit_softcapping", 30.0)]),
    ]:
        writer.add_float32("gemma4." + key, value)
    for key, value in [
        ("attention.key_length", GLOBAL_SIZE), ("attention.value_length", GLOBAL_SIZE),
        ("attention.key_length_swa", SLIDING_SIZE), ("attention.value_length_swa", SLIDING_SIZE),
        ("attention.sliding_window", WINDOW), ("attention.shared_kv_layers", shape.get("shared", 0)),
        ("embedding_length_per_layer_input", p),
    ]:
        writer.add_uint32("gemma4." + key, value)
    writer.add_array(
        "gemma4.attention.sliding_window_pattern", [kind == "S" for kind in shape["pattern"]])
    if "experts" in shape:
        for key, value in zip(
            ["expert_count", "expert_used_count", "expert_feed_forward_length"], shape["experts"]):
            writer.add_uint32("gemma4." + key, value)
    writer.add_tokenizer_model("gemma4")
    writer.add_token_list(TOKENS)
    writer.add_token_types(TYPES)
    writer.add_token_merges(MERGES)
    writer.add_bos_token_id(2)
    writer.add_eos_token_id(1)

    def add(tensor, values, half=False):
        values = np.ascontiguousarray(values, np.float32)
        kind = gguf.GGMLQuantizationType.BF16 if half else gguf.GGMLQuantizationType.F32
        writer.add_tensor(tensor, gguf.quants.quantize(values, kind), raw_dtype=kind)

    def vector(tensor, size, middle=1.0):
        add(tensor, middle * (1 + 0.3 * rng.standard_normal(size)))

    def matrix(tensor, rows, columns, half, *stack):
        add(tensor, rng.standard_normal((*stack, rows, columns)) / np.sqrt(columns), half)

    # Small enough for logits between which a sampler has a choice.
    add("token_embd.weight", rng.standard_normal((len(TOKENS), WIDTH)) / 3, True)
    vector("output_norm.weight", WIDTH)
    add("rope_freqs.weight", [1.0] * ROTATED + [1e30] * (GLOBAL_SIZE // 2 - ROTATED))
    if p:
        add("per_layer_token_embd.weight", rng.standard_normal((len(TOKENS), layers * p)) / 3, True)
        matrix("per_layer_model_proj.weight", layers * p, WIDTH, False)
        vector("per_layer_proj_norm.weight", p)
    for i, kind in enumerate(shape["pattern"]):
        block = f"blk.{i}."
        half = i % 2 == 0
        size = SLIDING_SIZE if kind == "S" else GLOBAL_SIZE
        kv = (shape["kv"][i] if isinstance(shape["kv"], list) else shape["kv"]) * size
        q = shape["heads"] * size
        ff = shape["ff"][i] if isinstance(shape["ff"], list) else shape["ff"]
        for norm in ["attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm"]:
            vector(f"{block}{norm}.weight", WIDTH)
        # With a scale of 1, products of query and key spread by size * middle ** 2.
        for norm in ["attn_q_norm", "attn_k_norm"]:
            vector(f"{block}{norm}.weight", size, 0.5)
        if name == "dense" and i == 0:
            matrix(block + "attn_qkv.weight", q + 2 * kv, WIDTH, half)
        else:
            matrix(block + "attn_q.weight", q, WIDTH, half)
            matrix(block + "attn_k.weight", kv, WIDTH, half)
            if kind == "S" or name == "e2b":
                matrix(block + "attn_v.weight", kv, WIDTH, half)
        matrix(block + "attn_output.weight", WIDTH, q, half)
        matrix(block + "ffn_gate.weight", ff, WIDTH, half)
        matrix(block + "ffn_up.weight", ff, WIDTH, half)
        matrix(block + "ffn_down.weight", WIDTH, ff, half)
        if name == "dense" and i == 1:
            # The norm behind it hides a factor of the down projection, not one of the gate.
            add(block + "ffn_gate.scale", [1.75])
        add(block + "layer_output_scale.weight", [0.5 + 0.5 * rng.random()])
        if p:
            matrix(block + "inp_gate.weight", p, WIDTH, half)
            matrix(block + "proj.weight", WIDTH, p, half)
            vector(block + "post_norm.weight", WIDTH)
        if "experts" in shape:
            count, _, inner = shape["experts"]
            for norm in ["pre_ffw_norm_2", "post_ffw_norm_1", "post_ffw_norm_2"]:
                vector(f"{block}{norm}.weight", WIDTH)
            matrix(block + "ffn_gate_inp.weight", count, WIDTH, False)
            vector(block + "ffn_gate_inp.scale", WIDTH, np.sqrt(WIDTH) * 2)
            vector(block + "ffn_down_exps.scale", count)
            if i == 1:
                matrix(block + "ffn_gate_exps.weight", inner, WIDTH, half, count)
                matrix(block + "ffn_up_exps.weight", inner, WIDTH, half, count)
            else:
                matrix(block + "ffn_gate_up_exps.weight", 2 * inner, WIDTH, half, count)
            matrix(block + "ffn_down_exps.weight", WIDTH, inner, half, count)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def make(folder):
    rng = np.random.default_rng(20261124)
    models = []
    for name, shape in SHAPES.items():
        path = os.path.join(folder, f"tiny-{name}.gguf")
        write(path, name, shape, rng)
        m = Model(path)
        ids = [2] + rng.integers(len(SPECIALS), len(TOKENS), 23).tolist()
        logits, hidden = forward(m, ids)

        def rounded(values):
            return [float(f"{value:.7g}") for value in np.asarray(values).ravel()]

        models.append(
            dict(
                file=os.path.basename(path), ids=ids, logits=rounded(logits),
                hidden=rounded(hidden[:, :5])))
        print(path, os.path.getsize(path), "bytes; largest logit", np.abs(logits).max())
    with open(os.path.join(folder, "tiny-reference.json"), "w") as file:
        json.dump(dict(hiddenPositions=5, models=models), file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--check":
        check(sys.argv[2])
    elif len(sys.argv) == 2 and not sys.argv[1].startswith("-"):
        make(sys.argv[1])
    else:
        sys.exit(__doc__)
