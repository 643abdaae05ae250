"""Which tensor of a GGUF file is which weight of transformers' model, both ways."""
import numpy as np
import torch

import model as models

TEXT = {
    "attn_norm": "input_layernorm", "post_attention_norm": "post_attention_layernorm",
    "ffn_norm": "pre_feedforward_layernorm", "post_ffw_norm": "post_feedforward_layernorm",
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj", "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj", "inp_gate": "per_layer_input_gate",
    "proj": "per_layer_projection", "post_norm": "post_per_layer_input_norm",
}
VISION = {
    "ln1": "input_layernorm", "attn_post_norm": "post_attention_layernorm",
    "ln2": "pre_feedforward_layernorm", "ffn_post_norm": "post_feedforward_layernorm",
    "attn_q": "self_attn.q_proj.linear", "attn_k": "self_attn.k_proj.linear",
    "attn_v": "self_attn.v_proj.linear", "attn_out": "self_attn.o_proj.linear",
    "attn_q_norm": "self_attn.q_norm", "attn_k_norm": "self_attn.k_norm",
    "ffn_gate": "mlp.gate_proj.linear", "ffn_up": "mlp.up_proj.linear",
    "ffn_down": "mlp.down_proj.linear",
}
AUDIO = {
    "ffn_norm": "feed_forward1.pre_layer_norm", "ffn_post_norm": "feed_forward1.post_layer_norm",
    "ffn_up": "feed_forward1.ffw_layer_1.linear", "ffn_down": "feed_forward1.ffw_layer_2.linear",
    "ffn_norm_1": "feed_forward2.pre_layer_norm", "ffn_post_norm_1": "feed_forward2.post_layer_norm",
    "ffn_up_1": "feed_forward2.ffw_layer_1.linear", "ffn_down_1": "feed_forward2.ffw_layer_2.linear",
    "attn_pre_norm": "norm_pre_attn", "attn_post_norm": "norm_post_attn",
    "attn_q": "self_attn.q_proj.linear", "attn_k": "self_attn.k_proj.linear",
    "attn_v": "self_attn.v_proj.linear", "attn_out": "self_attn.post.linear",
    "attn_k_rel": "self_attn.relative_k_proj", "conv_norm": "lconv1d.pre_layer_norm",
    "conv_pw1": "lconv1d.linear_start.linear", "conv_pw2": "lconv1d.linear_end.linear",
    "norm_conv": "lconv1d.conv_norm", "ln2": "norm_out",
}
SAME = (lambda x: x, lambda x: x)
# From (row, column, channel) within a patch to (channel, row, column).
PATCH = (
    lambda x: np.moveaxis(x.reshape(-1, 16, 16, 3), 3, 1),
    lambda x: np.moveaxis(x.reshape(-1, 3, 16, 16), 1, 3).reshape(len(x), -1))
# Files hold the softplus of this one.
SOFTPLUS = (lambda x: np.logaddexp(0, x), lambda x: x + np.log(-np.expm1(-x)))
DEPTHWISE = (lambda x: x[:, 0], lambda x: x[:, None])


def text(model):
    """For each tensor of the text model: its name, the weight's name, and the change there and back."""
    body = "model.language_model."
    yield "token_embd.weight", body + "embed_tokens.weight", SAME
    yield "output_norm.weight", body + "norm.weight", SAME
    yield "per_layer_token_embd.weight", body + "embed_tokens_per_layer.weight", SAME
    yield "per_layer_model_proj.weight", body + "per_layer_model_projection.weight", SAME
    yield "per_layer_proj_norm.weight", body + "per_layer_projection_norm.weight", SAME
    state = model.state_dict()
    for i in range(models.LAYERS):
        for name, weight in TEXT.items():
            weight = f"{body}layers.{i}.{weight}.weight"
            if weight in state:
                yield f"blk.{i}.{name}.weight", weight, SAME
        yield f"blk.{i}.layer_output_scale.weight", f"{body}layers.{i}.layer_scalar", SAME


def encoders(model):
    """The same of the towers and their projectors."""
    body = "model.vision_tower."
    yield "v.patch_embd.weight", body + "patch_embedder.input_proj.weight", PATCH
    yield "v.position_embd.weight", body + "patch_embedder.position_embedding_table", SAME
    for i in range(len(model.model.vision_tower.encoder.layers)):
        for name, weight in VISION.items():
            yield f"v.blk.{i}.{name}.weight", f"{body}encoder.layers.{i}.{weight}.weight", SAME
    yield "mm.input_projection.weight", "model.embed_vision.embedding_projection.weight", SAME
    body = "model.audio_tower."
    for i in range(2):
        convolution = f"{body}subsample_conv_projection.layer{i}."
        yield f"a.conv1d.{i}.weight", convolution + "conv.weight", SAME
        yield f"a.conv1d.{i}.norm.weight", convolution + "norm.weight", SAME
    yield "a.input_projection.weight", body + "subsample_conv_projection.input_proj_linear.weight", SAME
    for i in range(len(model.model.audio_tower.layers)):
        layer = f"{body}layers.{i}."
        for name, weight in AUDIO.items():
            yield f"a.blk.{i}.{name}.weight", f"{layer}{weight}.weight", SAME
        yield f"a.blk.{i}.per_dim_scale.weight", layer + "self_attn.per_dim_scale", SOFTPLUS
        yield f"a.blk.{i}.conv_dw.weight", layer + "lconv1d.depthwise_conv1d.weight", DEPTHWISE
    yield "a.pre_encode.out.weight", body + "output_proj.weight", SAME
    yield "a.pre_encode.out.bias", body + "output_proj.bias", SAME
    yield "mm.a.input_projection.weight", "model.embed_audio.embedding_projection.weight", SAME


def loaded(vocabulary, paths):
    """transformers' model with exactly the weights that two GGUF files hold, in float32."""
    import gguf

    model = models.build(vocabulary, 0).eval()
    tensors = {
        tensor.name: gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        for path in paths for tensor in gguf.GGUFReader(path).tensors}
    state = model.state_dict()
    for name, weight, (_, back) in [*text(model), *encoders(model)]:
        values = back(tensors.pop(name).astype(np.float64))
        state[weight] = torch.from_numpy(values.astype(np.float32)).reshape(state[weight].shape)
    tensors.pop("rope_freqs.weight")
    if tensors:
        raise SystemExit(f"No weight takes {sorted(tensors)}.")
    model.load_state_dict(state)
    model.tie_weights()
    return model
