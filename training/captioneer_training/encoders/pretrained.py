"""Where the weights of an encoder's network come from."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn

from ..config import ConfigError
from .efficientnet_lite import EfficientNetLite, read_published
from .inception_v3 import InceptionV3
from .nanodet import NanoDet
from .nanodet import read_published as read_nanodet


def read_network_weights(network: nn.Module, path: Path) -> dict[str, Tensor]:
    """The state dict of an encoder's network from a model folder, a checkpoint (.pt), or a published file."""
    if (path / "captioneer.json").is_file():
        from ..graph_weights import read_weights  # onnx is needed for this alone

        return _network_of(read_weights(path), network)
    if path.suffix == ".pt":
        return _network_of(torch.load(path, map_location="cpu", weights_only=True)["weights"], network)
    if isinstance(network, EfficientNetLite):
        return read_published(path)
    if isinstance(network, InceptionV3):
        return network.read_published(path)
    if isinstance(network, NanoDet):
        return read_nanodet(path)
    raise ConfigError(f"{path}: no way is known to read weights of {type(network).__name__} from it.")


def _network_of(weights: dict[str, Tensor], network: nn.Module) -> dict[str, Tensor]:
    """The part of a captioner's weights that an encoder's network takes, whether a tower stands around it or not."""
    for start in ("encoder.trunk.", "encoder.detector.", "encoder."):
        part = {name.removeprefix(start): tensor for name, tensor in weights.items() if name.startswith(start)}
        if part.keys() >= network.state_dict().keys():
            return {name: part[name] for name in network.state_dict()}
    return {name: tensor for name, tensor in weights.items() if name.startswith("encoder.")}
