#!/usr/bin/env python3
"""Writes a checkpoint of training as GGUF files.

usage: export.py [FOLDER [OUT]]  FOLDER as for train.py; OUT is where builtin.gguf and
                                 mmproj-builtin.gguf go (default: the folder)
"""
import os
import sys

import gguf
import numpy as np
import torch

import media_features
import model as models
import vocabulary as vocabularies
import weights

T = gguf.GGMLQuantizationType


def write(path, architecture, keys, model, names, extra=()):
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_author("The Facet project")
    writer.add_license("apache-2.0")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    writer.add_quantization_version(2)
    keys(writer)
    state = model.state_dict()
    for name, weight, (there, _) in names:
        values = np.ascontiguousarray(there(state[weight].float().numpy()), np.float32)
        whole = values.ndim == 2 and values.shape[1] % 32 == 0 and values.shape[0] > 2
        kind = T.Q8_0 if whole else T.F32
        writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)
    for name, values in extra:
        writer.add_tensor(name, np.array(values, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(path, os.path.getsize(path), "bytes")


def parameters(model):
    return sum(weight.numel() for weight in model.parameters())


def text_keys(model, vocabulary):
    config = model.config.text_config
    prefix = "gemma4."

    def keys(writer):
        writer.add_type("model")
        writer.add_name("built-in guide")
        writer.add_description(
            "A very small Gemma 4, trained by Facet's own script to answer questions about Facet.")
        # Of so small a model the likeliest token is nearly always the better one.
        writer.add_sampling_temp(0.2)
        writer.add_size_label(f"{round(parameters(model) / 1e6)}M")
        writer.add_block_count(config.num_hidden_layers)
        writer.add_context_length(config.max_position_embeddings)
        writer.add_embedding_length(config.hidden_size)
        shared = config.num_hidden_layers - config.num_kv_shared_layers
        writer.add_feed_forward_length([
            config.intermediate_size * (1 + (layer >= shared))
            for layer in range(config.num_hidden_layers)])
        writer.add_head_count(config.num_attention_heads)
        writer.add_head_count_kv(config.num_key_value_heads)
        writer.add_layer_norm_rms_eps(config.rms_norm_eps)
        ropes = config.rope_parameters
        writer.add_rope_freq_base(ropes["full_attention"]["rope_theta"])
        writer.add_float32(prefix + "rope.freq_base_swa", ropes["sliding_attention"]["rope_theta"])
        writer.add_float32(prefix + "final_logit_softcapping", config.final_logit_softcapping)
        for key, value in [
            ("attention.key_length", models.GLOBAL_SIZE),
            ("attention.value_length", models.GLOBAL_SIZE),
            ("attention.key_length_swa", models.SLIDING_SIZE),
            ("attention.value_length_swa", models.SLIDING_SIZE),
            ("attention.sliding_window", config.sliding_window),
            ("attention.shared_kv_layers", config.num_kv_shared_layers),
            ("embedding_length_per_layer_input", config.hidden_size_per_layer_input),
        ]:
            writer.add_uint32(prefix + key, value)
        writer.add_array(
            prefix + "attention.sliding_window_pattern",
            [kind == "sliding_attention" for kind in config.layer_types])
        writer.add_tokenizer_model("gemma4")
        writer.add_token_list(vocabulary.tokens)
        writer.add_token_types(vocabulary.types)
        writer.add_token_merges([" ".join(merge) for merge in vocabulary.merges])
        writer.add_bos_token_id(vocabulary.special["<bos>"])
        writer.add_eos_token_id(vocabulary.special["<eos>"])
        writer.add_unk_token_id(vocabulary.special["<unk>"])
        writer.add_pad_token_id(vocabulary.special["<pad>"])
        writer.add_add_bos_token(True)
        writer.add_add_space_prefix(False)

    return keys


def encoder_keys(model):
    def keys(writer):
        writer.add_type("mmproj")
        writer.add_name("built-in guide's encoders")
        width = model.config.text_config.hidden_size
        vision, audio = model.config.vision_config, model.config.audio_config
        for part, kind, inner, blocks, config in [
            ("vision", "gemma4v", vision.intermediate_size, vision.num_hidden_layers, vision),
            ("audio", "gemma4a", 4 * audio.hidden_size, audio.num_hidden_layers, audio),
        ]:
            writer.add_bool(f"clip.has_{part}_encoder", True)
            writer.add_string(f"clip.{part}.projector_type", kind)
            writer.add_float32(f"clip.{part}.attention.layer_norm_epsilon", 1e-6)
            for key, value in [
                ("projection_dim", width), ("embedding_length", config.hidden_size),
                ("feed_forward_length", inner), ("block_count", blocks),
                ("attention.head_count", config.num_attention_heads),
            ]:
                writer.add_uint32(f"clip.{part}.{key}", value)
        writer.add_uint32("clip.vision.patch_size", vision.patch_size)
        writer.add_uint32("clip.vision.image_size", 384)
        writer.add_uint32("clip.vision.projector.scale_factor", vision.pooling_kernel_size)
        writer.add_uint32(
            "clip.vision.image_max_pixels", media_features.BUDGET * (vision.patch_size * 3) ** 2)
        writer.add_array("clip.vision.image_mean", [0.0] * 3)
        writer.add_array("clip.vision.image_std", [1.0] * 3)
        writer.add_uint32("clip.audio.num_mel_bins", 128)

    return keys


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "../../.build/builtin-model")
    out = sys.argv[2] if len(sys.argv) > 2 else folder
    os.makedirs(out, exist_ok=True)
    vocabulary = vocabularies.load(f"{folder}/vocabulary.json")
    model = models.build(vocabulary, 0)
    state = torch.load(f"{folder}/checkpoint-0.pt")
    model.load_state_dict(state["model"])
    print(f"step {state['step']}, {parameters(model):,} parameters")
    size = models.GLOBAL_SIZE // 2
    turned = int(model.config.text_config.rope_parameters["full_attention"]["partial_rotary_factor"] * size)
    write(
        f"{out}/builtin.gguf", "gemma4", text_keys(model, vocabulary), model, weights.text(model),
        [("rope_freqs.weight", [1.0] * turned + [1e30] * (size - turned))])
    write(f"{out}/mmproj-builtin.gguf", "clip", encoder_keys(model), model, weights.encoders(model))


if __name__ == "__main__":
    main()
