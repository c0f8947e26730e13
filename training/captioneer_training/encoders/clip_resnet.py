"""The residual networks of CLIP (Radford et al. 2021): three convolutions first, pooling instead of strides, attention at the end."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..decoders.decoder import merge_heads, split_heads
from .encoder import Encoder
from .resnet import conv, fold_batch_norms


@dataclass(frozen=True)
class ClipResNetShape:
    side: int
    """Width and height of pictures in pixels."""
    width: int
    """Inside the blocks of the first stage; each further stage doubles it."""
    blocks: tuple[int, int, int, int]
    heads: int
    """Of the attention at the end."""
    embedding: int


class PooledBottleneck(nn.Module):
    """1×1, 3×3 and 1×1 to four times the width, added to the input; where a stage shrinks the map, by the mean of 2×2 places."""

    def __init__(self, inputs: int, inner: int, stride: int) -> None:
        super().__init__()
        outputs = 4 * inner
        self.conv1, self.bn1 = conv(inputs, inner, 1), nn.BatchNorm2d(inner)
        self.conv2, self.bn2 = conv(inner, inner, 3), nn.BatchNorm2d(inner)
        self.pool = nn.AvgPool2d(stride)
        self.conv3, self.bn3 = conv(inner, outputs, 1), nn.BatchNorm2d(outputs)
        self.downsample = nn.Sequential()
        if stride > 1 or inputs != outputs:
            self.downsample.extend([nn.AvgPool2d(stride), conv(inputs, outputs, 1), nn.BatchNorm2d(outputs)])

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(self.pool(y)))
        return F.relu(y + self.downsample(x))


class AttentionPool(nn.Module):
    """The mean of a map attends to itself and the map's places: [B, channels, rows, columns] → [B, embedding]."""

    def __init__(self, places: int, width: int, heads: int, embedding: int) -> None:
        super().__init__()
        self.heads = heads
        self.positions = nn.Parameter(torch.zeros(places + 1, width))
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.out = nn.Linear(width, embedding)

    def forward(self, x: Tensor) -> Tensor:
        places = x.flatten(2).transpose(1, 2)  # [B, places, width]
        places = torch.cat((places.mean(1, keepdim=True), places), 1) + self.positions
        q, k, v = (split_heads(t, self.heads) for t in (self.query(places[:, :1]), self.key(places), self.value(places)))
        return self.out(merge_heads(F.scaled_dot_product_attention(q, k, v))[:, 0])


class ClipResNet(Encoder):
    """pixel values [B, 3, side, side] → the picture's embedding [B, 1, width], of any length."""

    regions = 1

    def __init__(self, shape: ClipResNetShape) -> None:
        super().__init__()
        self.side, self.width = shape.side, shape.embedding
        half = shape.width // 2
        self.conv1, self.bn1 = conv(3, half, 3, 2), nn.BatchNorm2d(half)
        self.conv2, self.bn2 = conv(half, half, 3), nn.BatchNorm2d(half)
        self.conv3, self.bn3 = conv(half, shape.width, 3), nn.BatchNorm2d(shape.width)
        inputs = shape.width
        self.stages = nn.ModuleList()
        for stage, count in enumerate(shape.blocks):
            inner = shape.width * 2**stage
            strides = (2 if stage > 0 and n == 0 else 1 for n in range(count))
            blocks = nn.Sequential()
            for stride in strides:
                blocks.append(PooledBottleneck(inputs, inner, stride))
                inputs = 4 * inner
            self.stages.append(blocks)
        self.attention = AttentionPool((shape.side // 32) ** 2, inputs, shape.heads, shape.embedding)

    def features(self, pixels: Tensor) -> Tensor:
        x = F.relu(self.bn1(self.conv1(pixels)))
        x = F.relu(self.bn2(self.conv2(x)))
        x = F.avg_pool2d(F.relu(self.bn3(self.conv3(x))), 2)
        for stage in self.stages:
            x = stage(x)
        return self.attention(x)[:, None]

    def folded(self) -> ClipResNet:
        return fold_batch_norms(self)
