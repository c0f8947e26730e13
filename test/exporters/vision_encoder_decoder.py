"""VisionEncoderDecoder checkpoints, run by transformers itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from PIL import Image
from public_checkpoints import byte_pairs, seeded_tensors
from reference import Caption, Named, Reference
from torch import Tensor
from transformers import (
    BeitConfig,
    BeitImageProcessor,
    CLIPImageProcessor,
    CLIPVisionConfig,
    DeiTConfig,
    DeiTImageProcessor,
    GPT2Config,
    PretrainedConfig,
    SwinConfig,
    VisionEncoderDecoderConfig,
    VisionEncoderDecoderModel,
    ViTConfig,
    ViTImageProcessor,
)
from transformers.image_processing_utils import BaseImageProcessor

WIDTH = 16


def small_encoders() -> dict[str, tuple[PretrainedConfig, BaseImageProcessor]]:
    """Each encoder that the exporter knows, with a processor that shows its own way of resizing."""
    common = {"hidden_size": WIDTH, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 2 * WIDTH}
    common |= {"image_size": 32, "patch_size": 8}
    swin = {"image_size": 32, "patch_size": 2, "window_size": 4, "embed_dim": WIDTH // 2, "depths": [2, 2], "num_heads": [1, 2]}
    square = {"height": 32, "width": 32}
    beit = {"use_relative_position_bias": True, "use_shared_relative_position_bias": True, "use_mean_pooling": False}
    return {
        "vit": (ViTConfig(**common), ViTImageProcessor(size=square)),
        "deit": (DeiTConfig(**common), DeiTImageProcessor(size={"height": 37, "width": 37}, crop_size=square)),
        "beit": (
            BeitConfig(**common, **beit),
            BeitImageProcessor(size={"height": 36, "width": 36}, crop_size=square, do_center_crop=True),
        ),
        "swin": (SwinConfig(**swin, mlp_ratio=2), ViTImageProcessor(size=square, resample=3, image_mean=[0.4, 0.5, 0.6])),
        "clip": (CLIPVisionConfig(**common), CLIPImageProcessor(size={"shortest_edge": 32}, crop_size=square)),
    }


def reference(
    name: str,
    encoder: PretrainedConfig,
    processor: BaseImageProcessor,
    merges: int,
    seed: int,
    is_two_files_too: bool = False,
    **sizes: Any,
) -> Reference:
    """`is_two_files_too` also records what the encoder of the public two-file layout gives."""
    tokenizer = byte_pairs(merges)
    end = tokenizer.get_vocab_size() - 1
    gpt2 = GPT2Config(vocab_size=end + 1, bos_token_id=end, eos_token_id=end, add_cross_attention=True, **sizes)
    config = VisionEncoderDecoderConfig.from_encoder_decoder_configs(encoder, gpt2)
    config.decoder_start_token_id = config.pad_token_id = config.eos_token_id = end
    model = VisionEncoderDecoderModel(config).eval()
    model.generation_config.decoder_start_token_id = model.generation_config.pad_token_id = end
    constant = {"decoder.lm_head.weight"} | {key for key, _ in model.named_buffers()}  # the head is the embedding
    shapes = {key: list(tensor.shape) for key, tensor in model.state_dict().items() if key not in constant}
    model.load_state_dict(seeded_tensors(shapes, seed), strict=False)

    def features(pixels: Tensor) -> Tensor:
        hidden = model.encoder(pixels).last_hidden_state
        return model.enc_to_dec_proj(hidden) if hasattr(model, "enc_to_dec_proj") else hidden

    def memory(pixels: Tensor) -> Named:
        seen = features(pixels)
        named = {"last_hidden_state": model.encoder(pixels).last_hidden_state} if is_two_files_too else {}
        for n, layer in enumerate(model.decoder.transformer.h):
            for part, values in zip(("key", "value"), layer.crossattention.c_attn(seen).chunk(2, -1), strict=True):
                named[f"cross.{n}.{part}"] = values.unflatten(-1, (gpt2.n_head, -1)).transpose(1, 2)
        return named

    def logits(pixels: Tensor, ids: list[int]) -> Tensor:
        return model.decoder(torch.tensor([[end, *ids]]), encoder_hidden_states=features(pixels)).logits[0, -1]

    def captions(pixels: Tensor, beams: int, longest: int) -> list[Caption]:
        rows = model.generate(pixels, max_new_tokens=longest, num_beams=beams, num_return_sequences=beams, do_sample=False)
        found = []
        for row in rows.tolist():
            ids = row[1:]
            is_finished = end in ids
            ids = ids[: ids.index(end)] if is_finished else ids
            found.append({"ids": ids, "text": tokenizer.decode(ids).strip(), "isFinished": is_finished})
        return found

    def searches(pixels: Tensor, longest: int) -> list[tuple[dict[str, Any], list[Caption]]]:
        return [
            ({"numBeams": beams, "numCaptions": beams, "maxLength": longest}, captions(pixels, beams, longest)) for beams in (1, 4)
        ]

    def pixel_values(picture: np.ndarray) -> Tensor:
        return processor(Image.fromarray(picture), return_tensors="pt").pixel_values

    files = {
        "config.json": config.to_dict(),
        "generation_config.json": model.generation_config.to_dict(),
        "preprocessor_config.json": json.loads(processor.to_json_string()),
    }
    checkpoint = {"seed": seed, "merges": merges, "json": files, "weights": {"model.safetensors": shapes}}
    command = ["vision-encoder-decoder", "."]
    return Reference(name, command, checkpoint, [end], pixel_values, memory, logits, searches)


def small() -> list[Reference]:
    sizes = {"n_positions": 32, "n_embd": WIDTH, "n_layer": 2, "n_head": 2}
    return [
        reference(f"{name}-gpt2", *encoder, merges=20, seed=46, **(sizes | ({"n_embd": 24} if name == "deit" else {})))
        for name, encoder in small_encoders().items()
    ]


def full() -> dict[str, Callable[[], Reference]]:
    """The size of nlpconnect/vit-gpt2-image-captioning, and Swin with distilGPT-2."""
    swin = SwinConfig(embed_dim=96, depths=[2, 2, 6, 2], num_heads=[3, 6, 12, 24], window_size=7)

    def row(name: str, *encoder: Any, **sizes: Any) -> tuple[str, Callable[[], Reference]]:
        return name, lambda: reference(name, *encoder, merges=50_000, seed=0, is_two_files_too=True, **sizes)

    return dict(
        [
            row("ViT-B/16, GPT-2", ViTConfig(), ViTImageProcessor()),
            row("Swin-T, distilGPT-2", swin, ViTImageProcessor(resample=3), n_layer=6),
        ]
    )
