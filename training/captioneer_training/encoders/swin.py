"""Swin (Liu et al. 2021, "Hierarchical Vision Transformer using Shifted Windows")."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ..config import ConfigError
from ..decoders.layers import LayerForm, SelfAttentionLayer
from .encoder import Encoder

MASKED = -100.0
"""Added where a place must not be seen, in the published weights' training too."""


@dataclass(frozen=True)
class SwinShape:
    side: int
    patch: int
    width: int
    """Of the first stage; each further stage doubles it."""
    depths: tuple[int, ...]
    heads: tuple[int, ...]
    window: int
    expansion: float = 4.0
    """Width inside the feed-forward networks, in that of their stage."""
    activation: str = "gelu"
    epsilon: float = 1e-5


def relative_index(window: int) -> Tensor:
    """Where in a table of relative places, row by row, each pair of the window's places stands: [window², window²]."""
    rows, columns = (axis.flatten() for axis in torch.meshgrid(torch.arange(window), torch.arange(window), indexing="ij"))
    down, right = (axis[:, None] - axis[None] + window - 1 for axis in (rows, columns))
    return down * (2 * window - 1) + right


class SwinLayer(nn.Module):
    """Attention inside windows of a map [B, side, side, width]; every second layer's windows are shifted by half of one."""

    index: Tensor
    mask: Tensor

    def __init__(self, side: int, width: int, heads: int, window: int, is_shifted: bool, form: LayerForm) -> None:
        super().__init__()
        if side % window != 0:
            raise ConfigError(f"expected maps whose side is a multiple of Swin's window ({window}), found {side} places a side.")
        self.window = window
        self.shift = window // 2 if is_shifted and side > window else 0
        self.layer = SelfAttentionLayer(width, heads, 0.0, form)
        self.biases = nn.Parameter(torch.zeros((2 * window - 1) ** 2, heads))
        self.register_buffer("index", relative_index(window), persistent=False)
        self.register_buffer("mask", self._mask(side), persistent=False)

    def _mask(self, side: int) -> Tensor:
        """[windows, 1, window², window²]: a shifted window at the border holds places from opposite sides."""
        strip = torch.zeros(side)
        strip[side - self.window :] = 1
        strip[side - self.shift :] = 2
        areas = self._windows((3 * strip[:, None] + strip)[None, ..., None])[..., 0]  # [windows, window²]
        return torch.where(areas[:, :, None] == areas[:, None], 0.0, MASKED)[:, None]

    def _windows(self, x: Tensor) -> Tensor:
        """[B, side, side, width] → [B · windows, window², width]"""
        count = x.shape[1] // self.window
        x = x.view(-1, count, self.window, count, self.window, x.shape[-1])
        return x.transpose(2, 3).reshape(-1, self.window**2, x.shape[-1])

    def _map(self, windows: Tensor, side: int) -> Tensor:
        """The inverse of `_windows`."""
        count = side // self.window
        x = windows.view(-1, count, count, self.window, self.window, windows.shape[-1])
        return x.transpose(2, 3).reshape(-1, side, side, windows.shape[-1])

    def forward(self, x: Tensor) -> Tensor:
        side = x.shape[1]
        bias = self.biases[self.index].permute(2, 0, 1)[None]  # [1, heads, window², window²]
        if self.shift == 0:
            return self._map(self.layer(self._windows(x), bias=bias), side)
        x = torch.roll(x, (-self.shift, -self.shift), (1, 2))
        bias = (bias + self.mask).repeat(x.shape[0], 1, 1, 1)  # [B · windows, heads, window², window²]
        x = self._map(self.layer(self._windows(x), bias=bias), side)
        return torch.roll(x, (self.shift, self.shift), (1, 2))


class Merging(nn.Module):
    """Each square of four places becomes one of twice the width."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(4 * width)
        self.reduce = nn.Linear(4 * width, 2 * width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        corners = (x[:, row::2, column::2] for column in (0, 1) for row in (0, 1))
        return self.reduce(self.norm(torch.cat(tuple(corners), -1)))


class Swin(Encoder):
    """pixel values [B, 3, side, side] → features [B, places of the last map, its width]."""

    def __init__(self, shape: SwinShape) -> None:
        super().__init__()
        self.side = shape.side
        side, width = shape.side // shape.patch, shape.width
        self.patches = nn.Conv2d(3, width, shape.patch, shape.patch)
        self.norm_before = nn.LayerNorm(width)
        self.stages = nn.ModuleList()
        for stage, (depth, heads) in enumerate(zip(shape.depths, shape.heads, strict=True)):
            if stage > 0:
                if side % 2:
                    raise ConfigError(f"expected maps that can be halved, found one of {side} places a side.")
                self.stages.append(Merging(width))
                side, width = side // 2, 2 * width
            form = LayerForm(shape.activation, int(shape.expansion * width), shape.epsilon)
            layers = (SwinLayer(side, width, heads, shape.window, n % 2 == 1, form) for n in range(depth))
            self.stages.append(nn.Sequential(*layers))
        self.norm_after = nn.LayerNorm(width, shape.epsilon)
        self.width, self.regions = width, side**2

    def features(self, pixels: Tensor) -> Tensor:
        x = self.norm_before(self.patches(pixels).permute(0, 2, 3, 1))  # [B, side, side, width]
        for stage in self.stages:
            x = stage(x)
        return self.norm_after(x.flatten(1, 2))
