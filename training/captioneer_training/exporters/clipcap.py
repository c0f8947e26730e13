"""ClipCap (Mokady et al. 2021) as its authors publish it: one state dict of a GPT-2 and a mapping network, without CLIP.

CLIP comes as a file of its own, and GPT-2's tokenizer as a folder. Whether the picture's embedding is divided by its norm
before it is mapped is not in any file: the authors' training has it as a switch, `--normalize_prefix`, and their programs for
the published weights differ in it. So the command asks.
"""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction, Namespace
from pathlib import Path
from typing import Any

import torch

from ..config import ConfigError
from ..decoders.prefix_gpt2 import MlpMapping, PrefixConfig, PrefixDecoder, TransformerMapping
from ..export import ModelParts
from . import clip_towers
from .checkpoint import Checkpoint, Names, under
from .gpt2 import LAYER, PublishedBytePairs, ignore_masks
from .image_processor import CLIP_MEAN, CLIP_STD
from .kind import Kind
from .vision_encoders import put

MAPPING_HEADS = 8
STOP = "."
"""The token that ends a caption in the authors' programs."""
LONGEST = 67
"""Tokens of a caption, there."""

MAPPING_LAYER: Names = {
    "norm_attention": "norm1",
    "qkv": ("attn.to_queries", "attn.to_keys_values"),
    "out": "attn.project",
    "norm_mlp": "norm2",
    "mlp.0": "mlp.fc1",
    "mlp.3": "mlp.fc2",
}


def read(arguments: Namespace) -> ModelParts:
    weights, clip = Checkpoint(arguments.checkpoint), Checkpoint(arguments.clip)
    tower = clip_towers.read_tower(clip)
    clip.finish("CLIP")
    decoder = read_decoder(weights)
    weights.finish("ClipCap")
    if tower.width != decoder.config.feature_width:
        expected = f"a CLIP whose embeddings have {decoder.config.feature_width} numbers, as {arguments.checkpoint} takes them"
        raise ConfigError(f"{arguments.clip}: expected {expected}, found {tower.width}.")
    tokens = PublishedBytePairs(arguments.tokenizer)
    description = {
        "family": "clip-prefix",
        "image": image_of(tower.side),
        "tokens": {"start": [], "end": [tokens.id(STOP)], "banned": []},
        "generation": {
            "numBeams": 5,
            "lengthPenalty": 1.0,
            "minLength": 0,
            "maxLength": min(LONGEST, decoder.maximum_length),
            "noRepeatNgramSize": 0,
            "beamVariant": "clipcap",
        },
        "text": {"sentenceCase": False, "fullStop": True},  # the end token is one
    }
    encoder = clip_towers.UnitLength(tower) if arguments.normalize else tower
    return ModelParts(encoder, decoder, tokens, description, arguments.normalize)


def image_of(side: int) -> dict[str, Any]:
    """CLIP's own preprocessing."""
    return {
        "width": side,
        "height": side,
        "resize": "shortest-edge-crop",
        "cropRounding": "half-to-even",
        "resample": "bicubic",
        "mean": CLIP_MEAN,
        "std": CLIP_STD,
    }


def read_decoder(weights: Checkpoint) -> PrefixDecoder:
    """GPT-2 and the mapping network, of the sizes that the tensors have."""
    gpt = weights.inside("gpt.")
    vocabulary, width = gpt.take("transformer.wte.weight", [None, None]).shape
    positions = gpt.take("transformer.wpe.weight", [None, width]).shape[0]
    mapping = mapping_shape(weights.inside("clip_project."), width)
    config = PrefixConfig(
        vocabulary,
        width=width,
        heads=width // clip_towers.HEAD_WIDTH,
        layers=gpt.count("transformer.h.N."),
        activation="gelu_new",
        maximum_length=positions - mapping["prefix"],
        **mapping,
    )
    decoder = PrefixDecoder(config)
    gpt.fill(decoder.embed, {"": "transformer.wte"})
    put(decoder.positions, gpt.take("transformer.wpe.weight"))
    for n, layer in enumerate(decoder.layers):
        gpt.fill(layer, under(f"transformer.h.{n}.", LAYER), transposed=True)
    gpt.fill(decoder.norm, {"": "transformer.ln_f"})
    if not torch.equal(gpt.take("lm_head.weight", [vocabulary, width]), decoder.embed.weight):
        raise ConfigError(f"{weights.path}: expected gpt.lm_head.weight to be gpt.transformer.wte.weight, found other numbers.")
    ignore_masks(gpt)
    fill_mapping(decoder, weights.inside("clip_project."))
    return decoder


def mapping_shape(weights: Checkpoint, width: int) -> dict[str, Any]:
    """What the tensors of the mapping network say of its sizes, as fields of a PrefixConfig."""
    if "model.0.weight" in weights:
        inner, embedding = weights.take("model.0.weight", [None, None]).shape
        prefix = weights.take("model.2.weight", [None, inner]).shape[0] // width
        return {"mapping": "mlp", "prefix": prefix, "feature_width": embedding}
    if "prefix_const" in weights:
        whole, embedding = weights.take("linear.weight", [None, None]).shape
        return {
            "mapping": "transformer",
            "prefix": weights.take("prefix_const", [None, width]).shape[0],
            "places": whole // width,
            "feature_width": embedding,
            "mapping_layers": weights.count("transformer.layers.N."),
            "mapping_heads": MAPPING_HEADS,
            "mapping_inner": weights.take("transformer.layers.0.mlp.fc1.weight", [None, width]).shape[0],
            "mapping_activation": "relu",
        }
    raise ConfigError(
        f"{weights.path}: expected clip_project.model.0.weight (a perceptron) or clip_project.prefix_const (a Transformer), found neither."
    )


def fill_mapping(decoder: PrefixDecoder, weights: Checkpoint) -> None:
    mapping = decoder.mapping
    if isinstance(mapping, MlpMapping):
        weights.fill(mapping.layers, {"0": "model.0", "2": "model.2"})
    if isinstance(mapping, TransformerMapping):
        weights.fill(mapping.spread, {"": "linear"})
        put(mapping.constants, weights.take("prefix_const", list(mapping.constants.shape)))
        for n, layer in enumerate(mapping.layers):
            weights.fill(layer, under(f"transformer.layers.{n}.", MAPPING_LAYER), zeros=("qkv.bias",))


def add_options(parser: ArgumentParser) -> None:
    parser.add_argument("--clip", type=Path, required=True, help="weights of CLIP ViT-B/32, RN50x4, …: a state dict or safetensors")
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder with GPT-2's vocab.json and merges.txt, or tokenizer.json")
    parser.add_argument(
        "--normalize",
        action=BooleanOptionalAction,
        required=True,
        help="whether the checkpoint was trained on embeddings of unit length (--normalize_prefix of its training)",
    )


KIND = Kind("clipcap", "ClipCap's published weights: a GPT-2 and a mapping network from CLIP's embedding to its prefix", add_options, read)
