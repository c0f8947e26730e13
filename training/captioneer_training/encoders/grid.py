"""The map of a network brought to another number of cells."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .encoder import Encoder


class Grid(Encoder):
    """pixel values [B, 3, side, side] → region features [B, rows², width]: PyTorch's adaptive average pooling of a square map.

    Cell i of n new ones is the mean of the old ones from ⌊i · old / n⌋ to ⌈(i + 1) · old / n⌉, so that neighbours may share
    some where the map grows. It is one product with a fixed matrix, since runtimes have no such pooling.
    """

    shares: Tensor

    def __init__(self, trunk: Encoder, rows: int) -> None:
        super().__init__()
        self.trunk = trunk
        self.side, self.mean, self.std, self.width = trunk.side, trunk.mean, trunk.std, trunk.width
        self.regions = rows**2
        line = cell_shares(round(trunk.regions**0.5), rows)
        self.register_buffer("shares", torch.kron(line, line))  # [rows², old rows²]

    def features(self, pixels: Tensor) -> Tensor:
        return self.trunk(pixels)

    def pool(self, features: Tensor) -> Tensor:
        return self.shares @ features

    def network(self) -> nn.Module:
        return self.trunk

    def folded(self) -> Encoder:
        self.trunk = self.trunk.folded()
        return self

    def freeze(self, blocks: int) -> None:
        self.trunk.freeze(blocks)


def cell_shares(old: int, new: int) -> Tensor:
    """What each of `old` cells in a row counts in each of `new` ones: [new, old], rows summing to 1."""
    shares = torch.zeros(new, old)
    for cell in range(new):
        first, last = cell * old // new, -(-(cell + 1) * old // new)
        shares[cell, first:last] = 1 / (last - first)
    return shares
