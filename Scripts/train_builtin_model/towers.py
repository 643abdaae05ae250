"""The complete small Gemma 4: a text model with a picture tower and a sound tower, of transformers' classes."""
import math

import numpy as np
import torch
from torch import nn
from transformers import Gemma4Config, Gemma4ForConditionalGeneration
from transformers.models.gemma4.configuration_gemma4 import Gemma4AudioConfig, Gemma4VisionConfig

MEL_BINS = 128


def vision_config(width=96, inner=192, layers=3, head=24, positions=256):
    """gemma4v: patches of 16 pixels, 3x3 of them a soft token; no clamps and nothing standardised."""
    return Gemma4VisionConfig(
        hidden_size=width, intermediate_size=inner, num_hidden_layers=layers,
        num_attention_heads=width // head, num_key_value_heads=width // head, head_dim=head,
        patch_size=16, pooling_kernel_size=3, position_embedding_size=positions,
        use_clipped_linears=False, standardize=False)


def audio_config(width=96, layers=2, heads=4, channels=(16, 16), output=96):
    """gemma4a: a conformer over log-mel frames, of which four become a soft token; no clamps."""
    return Gemma4AudioConfig(
        hidden_size=width, num_hidden_layers=layers, num_attention_heads=heads,
        subsampling_conv_channels=list(channels), output_proj_dims=output, use_clipped_linears=False)


def special_ids(ids):
    """The token ids of `Gemma4Config`, from a map of Gemma's special tokens to ids."""
    return dict(
        boi_token_id=ids["<|image>"], eoi_token_id=ids["<image|>"], image_token_id=ids["<|image|>"],
        boa_token_id=ids["<|audio>"], eoa_token_index=ids["<audio|>"], audio_token_id=ids["<|audio|>"],
        video_token_id=ids["<|video|>"])


def build(text, vision, audio, ids):
    """A model with fresh weights of text, vision and audio configurations and special token ids.

    transformers derives the width of what the sound tower's convolutions give from the number of their
    channels, which holds for 128 of them alone: that matrix is replaced by one that fits.
    """
    model = Gemma4ForConditionalGeneration(
        Gemma4Config(text_config=text, vision_config=vision, audio_config=audio, **special_ids(ids)))
    convolutions = model.model.audio_tower.subsample_conv_projection
    size = (MEL_BINS // 4) * audio.subsampling_conv_channels[1]
    convolutions.input_proj_linear = nn.Linear(size, audio.hidden_size, bias=False)
    initialise(model)
    return model


@torch.no_grad()
def initialise(model):
    """Begins the towers so that they learn in minutes, not hours.

    The patches' matrix begins as a cosine transform, the heads look at near neighbours, the sound's first
    convolutions look at differences. A soft token takes the place of an embedding that the text model has
    multiplied with the root of its width, so the projectors give numbers of the size of those.
    """
    body = model.model
    for tower in (body.vision_tower, body.audio_tower):
        for module in tower.modules():
            if isinstance(module, nn.Linear):
                module.weight.normal_(0, module.in_features**-0.5)
                if module.bias is not None:
                    module.bias.zero_()
            elif isinstance(module, (nn.Conv1d, nn.Conv2d)):
                module.weight.normal_(0, (module.weight[0].numel() / 2) ** -0.5)
    # Log-mel frames lie around -5: what differs within them is what counts.
    first = body.audio_tower.subsample_conv_projection.layer0.conv.weight
    first.sub_(0.8 * first.mean((1, 2, 3), keepdim=True))
    initialise_vision(body.vision_tower)
    text = body.language_model
    size = (text.embed_tokens.weight.std() * text.config.hidden_size**0.5).item()
    for embedder in (body.embed_vision, body.embed_audio):
        columns = embedder.embedding_projection.weight.shape[1]
        embedder.embedding_projection.weight.normal_(0, size * columns**-0.5)


def cosines(count):
    """float32 [count, 768]: the slowest waves over a patch, of its light and of two differences of colour."""
    at = (np.arange(16) + 0.5) / 16
    waves = np.cos(np.pi * at * np.arange(16)[:, None])
    waves *= np.where(np.arange(16) == 0, 1, 2**0.5)[:, None] / 4
    colours = np.array([[1, 1, 1], [1, 0, -1], [1, -2, 1]]) / np.sqrt([[3], [2], [6]])
    order = sorted(((i, j) for i in range(16) for j in range(16)), key=lambda p: (p[0] ** 2 + p[1] ** 2, p))
    each = count * 3 // 10
    rows = []
    for colour, number in zip(colours, (count - 2 * each, each, each)):
        for i, j in order[:number]:
            # Fast waves are weak in pictures: they are given as much weight as the slow ones.
            factor = (1 + 1.5 * math.hypot(i, j)) / 16
            rows.append(factor * np.einsum("y,x,c->yxc", waves[i], waves[j], colour).ravel())
    return torch.tensor(np.stack(rows)).float()


# Where the heads of each layer look at first, in patches from their own; None: anywhere.
LOOKS = (
    ((1, 0), (-1, 0), (0, 1), (0, -1)),
    ((2, 0), (-2, 0), (0, 2), (0, -2)),
    ((3, 3), (-3, -3), None, None),
)


@torch.no_grad()
def initialise_vision(tower):
    """One channel of the stream is a constant; queries and keys made of it turn to a place nearby."""
    config = tower.config
    size = config.head_dim
    pairs = size // 4
    turns = 100.0 ** (-np.arange(pairs) / pairs)
    strength = np.where(np.arange(pairs) < max(3, pairs // 2), 1, 0.15)
    embedder = tower.patch_embedder
    embedder.input_proj.weight.copy_(cosines(config.hidden_size))
    embedder.input_proj.weight[0] = 0
    embedder.position_embedding_table.normal_(0, 0.1)
    embedder.position_embedding_table[:, :, 0] = 1
    for layer, looks in zip(tower.encoder.layers, LOOKS):
        attention = layer.self_attn
        for head in range(config.num_attention_heads):
            look = looks[head % len(looks)]
            query, key = np.zeros(size), np.zeros(size)
            rows = slice(head * size, (head + 1) * size)
            queries, keys = attention.q_proj.linear.weight, attention.k_proj.linear.weight
            if look is not None:
                for axis in (0, 1):
                    begin, angle = 2 * axis * pairs, turns * look[axis]
                    query[begin : begin + pairs] = strength * np.cos(angle)
                    query[begin + pairs : begin + 2 * pairs] = strength * np.sin(angle)
                    key[begin : begin + pairs] = strength
                queries[rows] *= 0.3
                keys[rows] *= 0.3
            queries[rows, 0], keys[rows, 0] = torch.tensor(query).float(), torch.tensor(key).float()
        attention.o_proj.linear.weight[0] = 0
        layer.mlp.down_proj.linear.weight[0] = 0
        layer.post_attention_layernorm.weight.fill_(0.7)
        layer.post_feedforward_layernorm.weight.fill_(0.7)
