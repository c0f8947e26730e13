"""Image encoders by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..config import ConfigError
from .clip_tower import ClipTower
from .efficientnet_lite import SCALES, EfficientNetLite
from .encoder import Encoder
from .inception_v3 import InceptionV3
from .patches import Patches
from .region_encoder import RegionEncoder
from .resnet import ResNet
from .side_by_side import SideBySide

ENCODERS: dict[str, Callable[[], Encoder]] = {
    **{name: (lambda name=name: EfficientNetLite(name)) for name in SCALES},  # type: ignore[misc]
    **{f"clip-{name}": (lambda name=name: ClipTower(EfficientNetLite(name))) for name in SCALES},  # type: ignore[misc]
    "inception-v3": lambda: InceptionV3(side=176),
    **{f"{name}-regions": (lambda name=name: RegionEncoder(EfficientNetLite(name))) for name in SCALES},  # type: ignore[misc]
    "patches": Patches,
    "resnet18": ResNet,
}

FROM_SCRATCH = ("patches", "resnet18")
"""Encoders that start without trained weights."""


SIDE_BY_SIDE = "+"
"""Between the names of encoders that look at one picture together."""

FOLDED = "-folded"
"""After the name of an encoder whose batch norms are folded into its convolutions."""


def create_encoder(name: str) -> Encoder:
    """An encoder with random weights."""
    if name.endswith(FOLDED):
        return create_encoder(name.removesuffix(FOLDED)).folded()
    if SIDE_BY_SIDE in name:
        return SideBySide([create_encoder(member) for member in name.split(SIDE_BY_SIDE)])
    if name not in ENCODERS:
        raise ConfigError(f"no encoder {name!r}; known are {', '.join(ENCODERS)}.")
    return ENCODERS[name]()


def load_pretrained(encoder: Encoder, *paths: Path) -> None:
    """Reads weights into the encoder's network: published ones, or those of a model folder or checkpoint of this package.

    Encoders side by side take a path each.
    """
    from .pretrained import read_network_weights

    networks = encoder.networks()
    if len(networks) != len(paths):
        raise ConfigError(f"the weights of {len(networks)} encoders are needed, and {len(paths)} are given.")
    for network, path in zip(networks, paths, strict=True):
        try:
            network.load_state_dict(read_network_weights(network, path))
        except RuntimeError as error:
            raise ConfigError(f"{path}: its weights are not of the shape of {type(network).__name__}: {error}") from error
