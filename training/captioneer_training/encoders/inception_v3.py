"""Inception-v3 (Szegedy et al. 2015, "Rethinking the Inception Architecture for Computer Vision"), batch norms folded.

Modules have torchvision's names, and are made in the order in which a walk through the graph meets them, the branches of a block
from left to right; the weights of a Keras model are matched by that order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_weights

from ..config import ConfigError
from .staged import StagedEncoder
from .tfjs import LayersModel, read_layers_model

BATCH_NORM_EPSILON = 1e-3
BATCH_NORM = ("bias", "weight", "running_mean", "running_var")
"""Its tensors, in the order in which they are folded."""
NPM_FOLDER = "package/dist/models/inception_v3"  # of the npm package nsfwjs


class Conv(nn.Conv2d):
    """A convolution and a ReLU. A padded one keeps the sides of the map where its stride is 1."""

    def __init__(self, inputs: int, outputs: int, kernel: tuple[int, int], stride: int = 1, padded: bool = True) -> None:
        padding = (kernel[0] // 2, kernel[1] // 2) if padded else 0
        super().__init__(inputs, outputs, kernel, stride, padding)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(super().forward(x))


class BlockA(nn.Module):
    """1×1, 5×5, two 3×3, and pooled; the widths are 64, 64, 96 and `pooled`."""

    def __init__(self, inputs: int, pooled: int, pool: nn.Module) -> None:
        super().__init__()
        self.branch1x1 = Conv(inputs, 64, (1, 1))
        self.branch5x5_1 = Conv(inputs, 48, (1, 1))
        self.branch5x5_2 = Conv(48, 64, (5, 5))
        self.branch3x3dbl_1 = Conv(inputs, 64, (1, 1))
        self.branch3x3dbl_2 = Conv(64, 96, (3, 3))
        self.branch3x3dbl_3 = Conv(96, 96, (3, 3))
        self.branch_pool = Conv(inputs, pooled, (1, 1))
        self.pool = pool

    def forward(self, x: Tensor) -> Tensor:
        five = self.branch5x5_2(self.branch5x5_1(x))
        three = self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x)))
        return torch.cat((self.branch1x1(x), five, three, self.branch_pool(self.pool(x))), 1)


class BlockB(nn.Module):
    """Halves the sides: 3×3, two 3×3, and the largest of 3×3; 480 channels more."""

    def __init__(self, inputs: int) -> None:
        super().__init__()
        self.branch3x3 = Conv(inputs, 384, (3, 3), stride=2, padded=False)
        self.branch3x3dbl_1 = Conv(inputs, 64, (1, 1))
        self.branch3x3dbl_2 = Conv(64, 96, (3, 3))
        self.branch3x3dbl_3 = Conv(96, 96, (3, 3), stride=2, padded=False)

    def forward(self, x: Tensor) -> Tensor:
        three = self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x)))
        return torch.cat((self.branch3x3(x), three, F.max_pool2d(x, 3, 2)), 1)


class BlockC(nn.Module):
    """1×1, one 7×7, two 7×7, and pooled, each 7×7 as 1×7 and 7×1 of `inner` channels; 768 in and out."""

    def __init__(self, inner: int, pool: nn.Module) -> None:
        super().__init__()
        self.branch1x1 = Conv(768, 192, (1, 1))
        self.branch7x7_1 = Conv(768, inner, (1, 1))
        self.branch7x7_2 = Conv(inner, inner, (1, 7))
        self.branch7x7_3 = Conv(inner, 192, (7, 1))
        self.branch7x7dbl_1 = Conv(768, inner, (1, 1))
        self.branch7x7dbl_2 = Conv(inner, inner, (7, 1))
        self.branch7x7dbl_3 = Conv(inner, inner, (1, 7))
        self.branch7x7dbl_4 = Conv(inner, inner, (7, 1))
        self.branch7x7dbl_5 = Conv(inner, 192, (1, 7))
        self.branch_pool = Conv(768, 192, (1, 1))
        self.pool = pool

    def forward(self, x: Tensor) -> Tensor:
        seven = self.branch7x7_3(self.branch7x7_2(self.branch7x7_1(x)))
        double = self.branch7x7dbl_3(self.branch7x7dbl_2(self.branch7x7dbl_1(x)))
        double = self.branch7x7dbl_5(self.branch7x7dbl_4(double))
        return torch.cat((self.branch1x1(x), seven, double, self.branch_pool(self.pool(x))), 1)


class BlockD(nn.Module):
    """Halves the sides: 3×3, 7×7 and 3×3, and the largest of 3×3; 768 in, 1280 out."""

    def __init__(self) -> None:
        super().__init__()
        self.branch3x3_1 = Conv(768, 192, (1, 1))
        self.branch3x3_2 = Conv(192, 320, (3, 3), stride=2, padded=False)
        self.branch7x7x3_1 = Conv(768, 192, (1, 1))
        self.branch7x7x3_2 = Conv(192, 192, (1, 7))
        self.branch7x7x3_3 = Conv(192, 192, (7, 1))
        self.branch7x7x3_4 = Conv(192, 192, (3, 3), stride=2, padded=False)

    def forward(self, x: Tensor) -> Tensor:
        three = self.branch3x3_2(self.branch3x3_1(x))
        seven = self.branch7x7x3_4(self.branch7x7x3_3(self.branch7x7x3_2(self.branch7x7x3_1(x))))
        return torch.cat((three, seven, F.max_pool2d(x, 3, 2)), 1)


class BlockE(nn.Module):
    """1×1, 3×3, two 3×3, and pooled, the last 3×3 of a branch as 1×3 beside 3×1; 2048 out."""

    def __init__(self, inputs: int, pool: nn.Module) -> None:
        super().__init__()
        self.branch1x1 = Conv(inputs, 320, (1, 1))
        self.branch3x3_1 = Conv(inputs, 384, (1, 1))
        self.branch3x3_2a = Conv(384, 384, (1, 3))
        self.branch3x3_2b = Conv(384, 384, (3, 1))
        self.branch3x3dbl_1 = Conv(inputs, 448, (1, 1))
        self.branch3x3dbl_2 = Conv(448, 384, (3, 3))
        self.branch3x3dbl_3a = Conv(384, 384, (1, 3))
        self.branch3x3dbl_3b = Conv(384, 384, (3, 1))
        self.branch_pool = Conv(inputs, 192, (1, 1))
        self.pool = pool

    def forward(self, x: Tensor) -> Tensor:
        three = self.branch3x3_1(x)
        double = self.branch3x3dbl_2(self.branch3x3dbl_1(x))
        wide = (self.branch3x3_2a(three), self.branch3x3_2b(three), self.branch3x3dbl_3a(double), self.branch3x3dbl_3b(double))
        return torch.cat((self.branch1x1(x), *wide, self.branch_pool(self.pool(x))), 1)


# Each block by torchvision's name: how many channels it gives, and how it is made with the network's average pooling.
BLOCKS: dict[str, tuple[int, Callable[[nn.Module], nn.Module]]] = {
    "Mixed_5b": (256, lambda pool: BlockA(192, 32, pool)),
    "Mixed_5c": (288, lambda pool: BlockA(256, 64, pool)),
    "Mixed_5d": (288, lambda pool: BlockA(288, 64, pool)),  # Keras: mixed2
    "Mixed_6a": (768, lambda _: BlockB(288)),
    "Mixed_6b": (768, lambda pool: BlockC(128, pool)),
    "Mixed_6c": (768, lambda pool: BlockC(160, pool)),  # Keras: mixed5
    "Mixed_6d": (768, lambda pool: BlockC(160, pool)),
    "Mixed_6e": (768, lambda pool: BlockC(192, pool)),  # Keras: mixed7
    "Mixed_7a": (1280, lambda _: BlockD()),
    "Mixed_7b": (2048, lambda pool: BlockE(1280, pool)),
    "Mixed_7c": (2048, lambda pool: BlockE(2048, pool)),  # Keras: mixed10
}


class InceptionV3(StagedEncoder):
    """pixel values on 0 … 1 [B, 3, side, side] → region features [B, regions, width], up to and with the block `last`.

    299 pixels, the side it was designed for, give 64 regions of 2048 channels; any side from 75 will do.
    `pools_count_padding` tells whether the average pools divide by 9 at the borders too: torchvision's do, Keras's do not.
    """

    def __init__(self, side: int = 299, last: str = "Mixed_7c", pools_count_padding: bool = False) -> None:
        super().__init__()
        if last not in BLOCKS:
            raise ConfigError(f"Inception-v3 has no block '{last}'; its blocks are {', '.join(BLOCKS)}.")
        self.Conv2d_1a_3x3 = Conv(3, 32, (3, 3), stride=2, padded=False)
        self.Conv2d_2a_3x3 = Conv(32, 32, (3, 3), padded=False)
        self.Conv2d_2b_3x3 = Conv(32, 64, (3, 3))
        self.maxpool1 = nn.MaxPool2d(3, 2)
        self.Conv2d_3b_1x1 = Conv(64, 80, (1, 1))
        self.Conv2d_4a_3x3 = Conv(80, 192, (3, 3), padded=False)
        self.maxpool2 = nn.MaxPool2d(3, 2)
        pool = nn.AvgPool2d(3, 1, 1, count_include_pad=pools_count_padding)
        self.names = list(BLOCKS)[: list(BLOCKS).index(last) + 1]
        for name in self.names:
            self.add_module(name, BLOCKS[name][1](pool))
        self.side = side
        self.width = BLOCKS[last][0]
        self.regions = self._rows() ** 2

    def stem_layers(self) -> list[nn.Module]:
        first = [self.Conv2d_1a_3x3, self.Conv2d_2a_3x3, self.Conv2d_2b_3x3, self.maxpool1]
        return [*first, self.Conv2d_3b_1x1, self.Conv2d_4a_3x3, self.maxpool2]

    def block_layers(self) -> list[nn.Module]:
        return [self.get_submodule(name) for name in self.names]

    def convolutions(self) -> list[str]:
        """Names of all convolutions, in the order of the graph."""
        return [name for name, module in self.named_modules() if isinstance(module, Conv)]

    def torchvision_shapes(self) -> dict[str, list[int]]:
        """The tensors of torchvision's `inception_v3` that `fold_torchvision` takes, and their shapes."""
        shapes: dict[str, list[int]] = {}
        for name in self.convolutions():
            shape = list(self.get_parameter(f"{name}.weight").shape)
            shapes |= {f"{name}.conv.weight": shape, **{f"{name}.bn.{part}": shape[:1] for part in BATCH_NORM}}
        return shapes

    def fold_torchvision(self, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The network's state dict from one of torchvision's `inception_v3`; such weights want `pools_count_padding`."""
        folded: dict[str, Tensor] = {}
        for name in self.convolutions():
            offset, scale, mean, variance = (state[f"{name}.bn.{part}"] for part in BATCH_NORM)
            folded |= _fold(name, state[f"{name}.conv.weight"], offset, scale, mean, variance)
        return folded

    def fold_keras(self, model: LayersModel) -> dict[str, Tensor]:
        """The network's state dict from a Keras model of it, whose batch norms have no scales."""
        names, norms = self.convolutions(), list(model.walk("BatchNormalization"))
        if len(norms) != 94:
            raise ConfigError(f"the model has {len(norms)} batch norms; Inception-v3 has 94.")
        folded: dict[str, Tensor] = {}
        for name, norm in zip(names, norms[: len(names)], strict=True):
            kernel = model.weights[f"{model.inputs(norm)[0]}/kernel"].permute(3, 2, 0, 1)  # [H, W, in, out] → [out, in, H, W]
            offset, mean, variance = (model.weights[f"{norm}/{part}"] for part in ("beta", "moving_mean", "moving_variance"))
            folded |= _fold(name, kernel, offset, torch.ones_like(mean), mean, variance)
        return folded

    def read_published(self, path: Path) -> dict[str, Tensor]:
        """The state dict in the npm package `nsfwjs` (MIT): its `.tgz`, or its folder `dist/models/inception_v3`.

        These weights want pixels on 0 … 1 and average pools that do not count padding, which are the defaults here.
        """
        return self.fold_keras(read_layers_model(path, NPM_FOLDER))

    @staticmethod
    def from_pretrained(path: Path, side: int = 299, last: str = "Mixed_7c") -> InceptionV3:
        """A network with the weights of `read_published`."""
        network = InceptionV3(side, last)
        network.load_state_dict(network.read_published(path))
        return network

    def _rows(self) -> int:
        """Rows, and columns, of the last map."""

        def half(n: int) -> int:
            return (n - 3) // 2 + 1

        rows = half(half(half(self.side) - 2) - 2)
        for block in ("Mixed_6a", "Mixed_7a"):
            if block in self.names:
                rows = half(rows)
        if rows < 1:
            raise ConfigError(f"a side of {self.side} pixels is too small for Inception-v3: give 75 or more.")
        return rows


def _fold(name: str, kernel: Tensor, offset: Tensor, scale: Tensor, mean: Tensor, variance: Tensor) -> dict[str, Tensor]:
    weight, bias = fuse_conv_bn_weights(kernel, None, mean, variance, BATCH_NORM_EPSILON, scale, offset)
    return {f"{name}.weight": weight.detach(), f"{name}.bias": bias.detach()}
