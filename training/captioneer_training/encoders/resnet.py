"""Residual networks (He et al. 2015, "Deep Residual Learning for Image Recognition") with torchvision's names.

Batch norms stay live, since these networks are also trained from scratch; `folded` gives the network to export.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from itertools import pairwise
from typing import TypeVar

import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from .encoder import grey
from .staged import StagedEncoder

Network = TypeVar("Network", bound=nn.Module)


def conv(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Conv2d:
    """A convolution before a batch norm, which has the bias."""
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)


def shortcut(inputs: int, outputs: int, stride: int) -> nn.Sequential | None:
    """What brings the input of a block to the shape of its output; none where the shapes agree."""
    if stride == 1 and inputs == outputs:
        return None
    return nn.Sequential(conv(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))


def fold_batch_norms(network: Network) -> Network:
    """The same function, in evaluation, by convolutions with biases: each takes in the batch norm after it. A copy."""
    network = copy.deepcopy(network).eval()
    for module in list(network.modules()):
        for (conv_name, before), (norm_name, norm) in pairwise(list(module.named_children())):
            if isinstance(before, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                setattr(module, conv_name, fuse_conv_bn_eval(before, norm))
                setattr(module, norm_name, nn.Identity())
    return network


class BasicBlock(nn.Module):
    """Two 3×3 convolutions, added to the input."""

    expansion = 1

    def __init__(self, inputs: int, inner: int, stride: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = conv(inputs, inner, 3, stride), nn.BatchNorm2d(inner)
        self.conv2, self.bn2 = conv(inner, inner, 3), nn.BatchNorm2d(inner)
        self.downsample = shortcut(inputs, inner, stride)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class Bottleneck(nn.Module):
    """1×1, 3×3 (which has the stride, as in torchvision) and 1×1 to four times the width, added to the input."""

    expansion = 4

    def __init__(self, inputs: int, inner: int, stride: int) -> None:
        super().__init__()
        outputs = inner * self.expansion
        self.conv1, self.bn1 = conv(inputs, inner, 1), nn.BatchNorm2d(inner)
        self.conv2, self.bn2 = conv(inner, inner, 3, stride), nn.BatchNorm2d(inner)
        self.conv3, self.bn3 = conv(inner, outputs, 1), nn.BatchNorm2d(outputs)
        self.downsample = shortcut(inputs, outputs, stride)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(StagedEncoder):
    """pixel values [B, 3, side, side] → region features [B, regions, width], each region 32 pixels wide.

    ResNet-18 (512 channels) unless told otherwise; ResNet-101 (2048) has the blocks (3, 4, 23, 3) and `bottleneck`.
    """

    mean, std = grey(0.449), grey(0.226)  # the mean of ImageNet's three channels

    def __init__(self, blocks: tuple[int, int, int, int] = (2, 2, 2, 2), bottleneck: bool = False, side: int = 224) -> None:
        super().__init__()
        block = Bottleneck if bottleneck else BasicBlock
        self.conv1, self.bn1 = conv(3, 64, 7, 2), nn.BatchNorm2d(64)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        inputs = 64
        for stage, repeats in enumerate(blocks):
            inner = 64 * 2**stage
            layer = nn.Sequential()
            for repeat in range(repeats):
                layer.append(block(inputs, inner, stride=2 if stage > 0 and repeat == 0 else 1))
                inputs = inner * block.expansion
            self.add_module(f"layer{stage + 1}", layer)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        self.side = side
        self.width = inputs
        self.regions = (-(-side // 32)) ** 2  # every halving rounds up

    def stem_layers(self) -> list[nn.Module]:
        return [self.conv1, self.bn1, self.relu, self.maxpool]

    def block_layers(self) -> list[nn.Module]:
        return [block for stage in range(1, 5) for block in self.get_submodule(f"layer{stage}").children()]

    def load_torchvision(self, state: Mapping[str, Tensor]) -> None:
        """Loads a state dict of torchvision's network of the same size, without its classifier."""
        self.load_state_dict({name: tensor for name, tensor in state.items() if not name.startswith("fc.")})

    def folded(self) -> ResNet:
        return fold_batch_norms(self)
