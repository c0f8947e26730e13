"""A decoder over a grid map that gets a detector's boxes beside it, to go on learning from there."""

from __future__ import annotations

from typing import Any

from .config import ConfigError
from .decoders.region_transformer import RegionTransformerDecoder
from .decoders.transformer import TransformerDecoder
from .encoders.region_encoder import RegionEncoder
from .model import Captioner


def add_regions(captioner: Captioner, encoder: str, settings: dict[str, Any]) -> Captioner:
    """The captioner with an encoder and a decoder of these settings; every weight that it has is kept, the detector's are random."""
    grown = Captioner(encoder, settings, captioner.tokens)
    old, new = captioner.decoder, grown.decoder
    if not isinstance(new, RegionTransformerDecoder) or not isinstance(grown.encoder, RegionEncoder):
        raise ConfigError('regions need an encoder whose name ends in "-regions", and a decoder of type "region-transformer".')
    if not isinstance(old, TransformerDecoder):
        raise ConfigError('only a decoder of type "transformer" gets regions.')
    try:
        unknown = new.load_state_dict(old.state_dict(), strict=False).unexpected_keys
        grown.encoder.trunk.load_state_dict(captioner.encoder.state_dict())
    except RuntimeError as error:
        raise ConfigError(f"the captioner is not of the shape that the configuration says: {error}") from error
    if unknown:
        raise ConfigError(f"the captioner has weights that the configuration has no place for: {', '.join(unknown)}.")
    return grown
