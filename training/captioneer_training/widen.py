"""A Transformer decoder made wider that says what it said before (Net2Net, Chen et al. 2016), to go on learning from there.

What is added changes next to nothing yet. New channels of the stream between the layers get small random values, and those from
the embeddings alone; no layer reads them, only the output, whose matrix is that of the embeddings. New heads and new units of the
feed-forward networks see, but their outputs are multiplied by zero.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from .config import ConfigError
from .decoders.transformer import TransformerDecoder
from .model import Captioner

EMBEDDINGS = ("embed.weight", "word_positions", "region_positions")
READERS = {"qkv": 3, "cross_query": 1, "cross_key_value": 2, "mlp.0": 1}
"""Linear layers that read the stream, and how many tensors lie side by side in what they give."""


def head_width(decoder: TransformerDecoder) -> int:
    return decoder.config.width // decoder.config.heads


def padded(small: Tensor, shape: tuple[int, ...]) -> Tensor:
    """`small` in the corner of zeros."""
    large = small.new_zeros(shape)
    large[tuple(slice(size) for size in small.shape)] = small
    return large


def widened_tensor(name: str, small: Tensor, fresh: Tensor) -> Tensor:
    """`small` inside a tensor of the shape of `fresh`, whose random values new heads and new units start with."""
    layer, _, kind = name.rpartition(".")
    if name in EMBEDDINGS:
        large = fresh.clone()
        large[:, : small.shape[1]] = small
        return large
    if "norm" in name and kind == "weight":
        # The variance of the stream is that of fewer channels, shared by more.
        large = torch.ones_like(fresh)
        large[: len(small)] = small * math.sqrt(len(small) / len(fresh))
        return large
    blocks = next((count for reader, count in READERS.items() if layer.endswith(reader)), 0)
    if not blocks:  # layers that add to the stream, and biases
        return padded(small, tuple(fresh.shape))
    parts = []
    for old, new in zip(small.chunk(blocks), fresh.chunk(blocks), strict=True):
        part = new.clone()
        part[: len(old)] = old if kind == "bias" else padded(old, (len(old), new.shape[1]))
        parts.append(part)
    return torch.cat(parts)


def widen(captioner: Captioner, settings: dict[str, Any]) -> Captioner:
    """The captioner with a decoder of these settings, which starts with its own in it."""
    wide = Captioner(captioner.encoder_name, settings, captioner.tokens)
    small, large = captioner.decoder, wide.decoder
    if not isinstance(small, TransformerDecoder) or not isinstance(large, TransformerDecoder):
        raise ConfigError('only decoders of type "transformer" are widened.')
    if head_width(small) != head_width(large):
        raise ConfigError(f"heads stay as wide as they are: {head_width(small)}, and the configuration says {head_width(large)}.")
    fresh, state = large.state_dict(), small.state_dict()
    if fresh.keys() != state.keys() or any(n < o for name in state for o, n in zip(state[name].shape, fresh[name].shape, strict=True)):
        raise ConfigError("the wide decoder needs as many layers as the other, and nowhere fewer channels.")
    large.load_state_dict({name: widened_tensor(name, tensor, fresh[name]) for name, tensor in state.items()})
    wide.encoder.load_state_dict(captioner.encoder.state_dict())
    return wide
