"""Several encoders that look at one picture; each place has the features of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import torch
from torch import Tensor, nn

from ..config import ConfigError
from .encoder import Encoder


class SideBySide(Encoder):
    """pixel values [B, 3, side, side] → region features [B, regions, sum of the members' widths]."""

    def __init__(self, members: Sequence[Encoder]) -> None:
        super().__init__()
        shapes = {(member.side, member.mean, member.std, member.regions) for member in members}
        if len(shapes) > 1:
            raise ConfigError("encoders stand side by side where they take the same pixel values and see the same places.")
        ((self.side, self.mean, self.std, self.regions),) = shapes
        self.members = nn.ModuleList(members)
        self.width = sum(member.width for member in members)

    @property
    def encoders(self) -> list[Encoder]:
        return cast("list[Encoder]", list(self.members))

    def networks(self) -> list[nn.Module]:
        return [encoder.network() for encoder in self.encoders]

    def features(self, pixels: Tensor) -> Tensor:
        return torch.cat([encoder(pixels) for encoder in self.encoders], -1)
