"""Encoders that are a stem and then blocks in a row."""

from __future__ import annotations

from collections.abc import Iterator

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

    def layer_maps(self, pixels: Tensor) -> Iterator[Tensor]:
        """What each layer of stem and blocks makes of pixel values [B, 3, H, W], one after another."""
        x = pixels
        for index, layer in enumerate(self.stem_layers() + self.block_layers()):
            with torch.set_grad_enabled(torch.is_grad_enabled() and index >= self.frozen_layers):
                x = layer(x)
            yield x

    def finish(self, x: Tensor) -> Tensor:
        """What comes after the last block."""
        return x

    def feature_map(self, pixels: Tensor) -> Tensor:
        """pixel values [B, 3, H, W] → the last map [B, width, rows, columns]."""
        x = pixels
        for made in self.layer_maps(pixels):
            x = made
        return self.finish(x)

    def maps_by_size(self, pixels: Tensor) -> dict[int, Tensor]:
        """The last map [B, channels, rows, columns] of each number of rows on the way; the smallest is the feature map."""
        maps = {x.shape[-2]: x for x in self.layer_maps(pixels)}
        return maps | {min(maps): self.finish(maps[min(maps)])}

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
