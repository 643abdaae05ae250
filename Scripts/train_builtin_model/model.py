"""The architecture: E2B's topology, made small. Every class is transformers' own."""
import torch
from transformers import Gemma4TextConfig

import towers

LAYERS = 10
EVERY = 5  # Every fifth layer is global.
SLIDING_SIZE, GLOBAL_SIZE = 32, 64  # Of a head.


def text_config(vocabulary):
    """Ten layers of width 192; the last five use the keys and values of earlier ones, as in E2B."""
    return Gemma4TextConfig(
        vocab_size=vocabulary, vocab_size_per_layer_input=vocabulary, hidden_size=192,
        intermediate_size=256, use_double_wide_mlp=True, num_hidden_layers=LAYERS,
        num_kv_shared_layers=LAYERS // 2, num_attention_heads=4, num_key_value_heads=1,
        head_dim=SLIDING_SIZE, global_head_dim=GLOBAL_SIZE, sliding_window=256, hidden_size_per_layer_input=32,
        max_position_embeddings=4096, final_logit_softcapping=30.0, pad_token_id=0, eos_token_id=1,
        bos_token_id=2, tie_word_embeddings=True, attn_implementation="eager",
        layer_types=[
            "full_attention" if (layer + 1) % EVERY == 0 else "sliding_attention"
            for layer in range(LAYERS)])


def build(vocabulary, seed):
    """The model with fresh weights."""
    torch.manual_seed(seed)
    model = towers.build(
        text_config(len(vocabulary)), towers.vision_config(), towers.audio_config(),
        vocabulary.special)
    for name, buffer in model.named_buffers():
        if name.endswith("layer_scalar"):
            buffer.fill_(1.0)
    with torch.no_grad():
        # Products of queries and keys are not scaled: begin with attention that is not peaked.
        for name, weight in model.named_parameters():
            if "language_model" in name and name.endswith(("q_norm.weight", "k_norm.weight")):
                weight.fill_(0.6)
    return model
