"""Caption decoders by name."""

from __future__ import annotations

from typing import Any

from ..config import ConfigError
from .decoder import Decoder
from .picture_first import PictureFirstConfig, PictureFirstDecoder
from .prefix_gpt2 import PrefixConfig, PrefixDecoder
from .region_transformer import RegionTransformerConfig, RegionTransformerDecoder
from .show_and_tell import ShowAndTellConfig, ShowAndTellDecoder
from .show_attend_tell import ShowAttendTellConfig, ShowAttendTellDecoder
from .soft_attention import SoftAttentionConfig, SoftAttentionDecoder
from .transformer import TransformerConfig, TransformerDecoder

DECODERS: dict[str, tuple[type[Any], type[Any]]] = {
    "transformer": (TransformerConfig, TransformerDecoder),
    "region-transformer": (RegionTransformerConfig, RegionTransformerDecoder),
    "soft-attention": (SoftAttentionConfig, SoftAttentionDecoder),
    "show-attend-tell": (ShowAttendTellConfig, ShowAttendTellDecoder),
    "show-and-tell": (ShowAndTellConfig, ShowAndTellDecoder),
    "picture-first": (PictureFirstConfig, PictureFirstDecoder),
    "prefix-gpt2": (PrefixConfig, PrefixDecoder),
}


def create_decoder(kind: str, settings: dict[str, Any]) -> Decoder:
    """A decoder with random weights; `settings` are the fields of its configuration."""
    if kind not in DECODERS:
        raise ConfigError(f"no decoder {kind!r}; known are {', '.join(DECODERS)}.")
    shape, decoder = DECODERS[kind]
    try:
        return decoder(shape(**settings))
    except TypeError as error:
        raise ConfigError(f"decoder {kind!r}: {error}") from error
