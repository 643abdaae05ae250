"""The complete small Gemma 4: a text model with a picture tower and a sound tower, of transformers' classes."""
import torch
from torch import nn
from transformers import Gemma4Config, Gemma4ForConditionalGeneration
from transformers.models.gemma4.configuration_gemma4 import Gemma4AudioConfig, Gemma4VisionConfig

MEL_BINS = 128


def vision_config(width=96, inner=192, layers=3, head=32, positions=256):
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
    """Begins the towers so that they learn in minutes: what each matrix gives is as large as what it gets.

    A soft token takes the place of an embedding that the text model has multiplied with the root of its
    width, so the projectors give numbers of the size of those.
    """
    body = model.model
    text = body.language_model
    size = text.embed_tokens.weight.std() * text.config.hidden_size**0.5
    for tower in (body.vision_tower, body.audio_tower):
        for module in tower.modules():
            if isinstance(module, nn.Linear):
                module.weight.normal_(0, module.in_features**-0.5)
                if module.bias is not None:
                    module.bias.zero_()
            elif isinstance(module, (nn.Conv1d, nn.Conv2d)):
                module.weight.normal_(0, (module.weight[0].numel() / 2) ** -0.5)
    embedder = body.vision_tower.patch_embedder
    embedder.position_embedding_table.normal_(0, 0.3)
    # A patch is nearly of one colour: its 768 numbers add up.
    embedder.input_proj.weight.mul_(0.5)
    for embedder in (body.embed_vision, body.embed_audio):
        columns = embedder.embedding_projection.weight.shape[1]
        embedder.embedding_projection.weight.normal_(0, size * columns**-0.5)
