"""Encoders that are a stem and then blocks in a row."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .encoder import Encoder


class StagedEncoder(Encoder):
    """pixel values [B, 3, side, side] → region features [B, regions, width]: the cells of the last map, row by row."""

    frozen_layers: int = 0

    def stem_layers(self) -> list[nn.Module]:
        """What comes before the first block, in the order in which it runs."""
        raise NotImplementedError

    def block_layers(self) -> list[nn.Module]:
        """The blocks, in the order in which they run."""
        raise NotImplementedError

    def feature_map(self, pixels: Tensor) -> Tensor:
        """pixel values [B, 3, H, W] → the last map [B, width, rows, columns]."""
        layers = self.stem_layers() + self.block_layers()
        x = pixels
        with torch.set_grad_enabled(torch.is_grad_enabled() and self.frozen_layers == 0):
            for layer in layers[: self.frozen_layers]:
                x = layer(x)
        for layer in layers[self.frozen_layers :]:
            x = layer(x)
        return x

    def features(self, pixels: Tensor) -> Tensor:
        return self.feature_map(pixels).flatten(2).transpose(1, 2)  # [B, regions, width]

    def freeze(self, blocks: int) -> None:
        self.frozen_layers = len(self.stem_layers()) + blocks
        self.train(self.training)
        for layer in (*self.stem_layers(), *self.block_layers()[:blocks]):
            layer.requires_grad_(False)

    def train(self, mode: bool = True) -> StagedEncoder:
        """As of every module, but the statistics of frozen batch norms stand still."""
        super().train(mode)
        for layer in (self.stem_layers() + self.block_layers())[: self.frozen_layers]:
            layer.eval()
        return self
