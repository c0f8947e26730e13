"""The captioner that `captioneer-export inception-lstm` reads, written by the published names and apart from the package.

Plain modules with live batch norms; a caption is found as the code that goes with such checkpoints finds it.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Size = int | tuple[int, int]


class BasicConv2d(nn.Module):
    def __init__(self, inputs: int, outputs: int, kernel_size: Size, stride: int = 1, padding: Size = 0) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel_size, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=0.001)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.bn(self.conv(x)))


class Mixed(nn.Module):
    """A block: `spec` has for each convolution its name and arguments, `paths` the branches as chains of names.

    In a chain `avg` and `max` are the pools, and a tuple of names stands for convolutions side by side.
    """

    def __init__(self, spec: dict[str, tuple[int, int, Size, int, Size]], paths: list[list[str | tuple[str, str]]]) -> None:
        super().__init__()
        for name, arguments in spec.items():
            self.add_module(name, BasicConv2d(*arguments))
        self.paths = paths

    def _run(self, x: Tensor, part: str | tuple[str, str]) -> Tensor:
        if isinstance(part, tuple):
            return torch.cat([self._run(x, one) for one in part], 1)
        if part == "avg":
            return F.avg_pool2d(x, kernel_size=3, stride=1, padding=1)
        if part == "max":
            return F.max_pool2d(x, kernel_size=3, stride=2)
        return self.get_submodule(part)(x)

    def forward(self, x: Tensor) -> Tensor:
        outputs = []
        for path in self.paths:
            y = x
            for part in path:
                y = self._run(y, part)
            outputs.append(y)
        return torch.cat(outputs, 1)


def inception_a(inputs: int, pooled: int) -> Mixed:
    return Mixed(
        {
            "branch1x1": (inputs, 64, 1, 1, 0),
            "branch5x5_1": (inputs, 48, 1, 1, 0),
            "branch5x5_2": (48, 64, 5, 1, 2),
            "branch3x3dbl_1": (inputs, 64, 1, 1, 0),
            "branch3x3dbl_2": (64, 96, 3, 1, 1),
            "branch3x3dbl_3": (96, 96, 3, 1, 1),
            "branch_pool": (inputs, pooled, 1, 1, 0),
        },
        [
            ["branch1x1"],
            ["branch5x5_1", "branch5x5_2"],
            ["branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"],
            ["avg", "branch_pool"],
        ],
    )


def inception_b(inputs: int) -> Mixed:
    return Mixed(
        {
            "branch3x3": (inputs, 384, 3, 2, 0),
            "branch3x3dbl_1": (inputs, 64, 1, 1, 0),
            "branch3x3dbl_2": (64, 96, 3, 1, 1),
            "branch3x3dbl_3": (96, 96, 3, 2, 0),
        },
        [["branch3x3"], ["branch3x3dbl_1", "branch3x3dbl_2", "branch3x3dbl_3"], ["max"]],
    )


def inception_c(inner: int) -> Mixed:
    along, down = ((1, 7), (0, 3)), ((7, 1), (3, 0))
    return Mixed(
        {
            "branch1x1": (768, 192, 1, 1, 0),
            "branch7x7_1": (768, inner, 1, 1, 0),
            "branch7x7_2": (inner, inner, along[0], 1, along[1]),
            "branch7x7_3": (inner, 192, down[0], 1, down[1]),
            "branch7x7dbl_1": (768, inner, 1, 1, 0),
            "branch7x7dbl_2": (inner, inner, down[0], 1, down[1]),
            "branch7x7dbl_3": (inner, inner, along[0], 1, along[1]),
            "branch7x7dbl_4": (inner, inner, down[0], 1, down[1]),
            "branch7x7dbl_5": (inner, 192, along[0], 1, along[1]),
            "branch_pool": (768, 192, 1, 1, 0),
        },
        [
            ["branch1x1"],
            ["branch7x7_1", "branch7x7_2", "branch7x7_3"],
            [f"branch7x7dbl_{n}" for n in range(1, 6)],
            ["avg", "branch_pool"],
        ],
    )


def inception_d() -> Mixed:
    return Mixed(
        {
            "branch3x3_1": (768, 192, 1, 1, 0),
            "branch3x3_2": (192, 320, 3, 2, 0),
            "branch7x7x3_1": (768, 192, 1, 1, 0),
            "branch7x7x3_2": (192, 192, (1, 7), 1, (0, 3)),
            "branch7x7x3_3": (192, 192, (7, 1), 1, (3, 0)),
            "branch7x7x3_4": (192, 192, 3, 2, 0),
        },
        [["branch3x3_1", "branch3x3_2"], [f"branch7x7x3_{n}" for n in range(1, 5)], ["max"]],
    )


def inception_e(inputs: int) -> Mixed:
    return Mixed(
        {
            "branch1x1": (inputs, 320, 1, 1, 0),
            "branch3x3_1": (inputs, 384, 1, 1, 0),
            "branch3x3_2a": (384, 384, (1, 3), 1, (0, 1)),
            "branch3x3_2b": (384, 384, (3, 1), 1, (1, 0)),
            "branch3x3dbl_1": (inputs, 448, 1, 1, 0),
            "branch3x3dbl_2": (448, 384, 3, 1, 1),
            "branch3x3dbl_3a": (384, 384, (1, 3), 1, (0, 1)),
            "branch3x3dbl_3b": (384, 384, (3, 1), 1, (1, 0)),
            "branch_pool": (inputs, 192, 1, 1, 0),
        },
        [
            ["branch1x1"],
            ["branch3x3_1", ("branch3x3_2a", "branch3x3_2b")],
            ["branch3x3dbl_1", "branch3x3dbl_2", ("branch3x3dbl_3a", "branch3x3dbl_3b")],
            ["avg", "branch_pool"],
        ],
    )


class Auxiliary(nn.Module):
    """What only training runs."""

    def __init__(self) -> None:
        super().__init__()
        self.conv0, self.conv1 = BasicConv2d(768, 128, 1), BasicConv2d(128, 768, 5)
        self.fc = nn.Linear(768, 1000)


class Inception(nn.Module):
    """torchvision's `inception_v3` in evaluation; `transform_input` is on where it is built with pretrained weights."""

    def __init__(self, outputs: int, transform_input: bool) -> None:
        super().__init__()
        self.transform_input = transform_input
        self.Conv2d_1a_3x3 = BasicConv2d(3, 32, 3, stride=2)
        self.Conv2d_2a_3x3 = BasicConv2d(32, 32, 3)
        self.Conv2d_2b_3x3 = BasicConv2d(32, 64, 3, padding=1)
        self.Conv2d_3b_1x1 = BasicConv2d(64, 80, 1)
        self.Conv2d_4a_3x3 = BasicConv2d(80, 192, 3)
        self.blocks = [
            ("Mixed_5b", inception_a(192, 32)),
            ("Mixed_5c", inception_a(256, 64)),
            ("Mixed_5d", inception_a(288, 64)),
            ("Mixed_6a", inception_b(288)),
            *((f"Mixed_6{letter}", inception_c(inner)) for letter, inner in zip("bcde", (128, 160, 160, 192), strict=True)),
            ("Mixed_7a", inception_d()),
            ("Mixed_7b", inception_e(1280)),
            ("Mixed_7c", inception_e(2048)),
        ]
        for name, block in self.blocks:
            self.add_module(name, block)
        self.AuxLogits = Auxiliary()
        self.fc = nn.Linear(2048, outputs)

    def forward(self, x: Tensor) -> Tensor:
        if self.transform_input:
            of_imagenet = zip(x.unbind(1), (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), strict=True)
            x = torch.stack([channel * (std / 0.5) + (mean - 0.5) / 0.5 for channel, mean, std in of_imagenet], 1)
        x = F.max_pool2d(self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x))), 3, 2)
        x = F.max_pool2d(self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(x)), 3, 2)
        for _, block in self.blocks:
            x = block(x)
        return self.fc(F.adaptive_avg_pool2d(x, (1, 1)).flatten(1))


class Encoder(nn.Module):
    def __init__(self, inception: nn.Module, embedding: int) -> None:
        super().__init__()
        self.inception = inception
        self.bn = nn.BatchNorm1d(embedding)

    def forward(self, images: Tensor) -> Tensor:
        return self.bn(self.inception(images))


class Decoder(nn.Module):
    def __init__(self, embedding: int, hidden: int, words: int, layers: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(words, embedding)
        self.lstm = nn.LSTM(embedding, hidden, layers, batch_first=True)
        self.linear = nn.Linear(hidden, words)


class InceptionLstm(nn.Module):
    """The whole captioner. `inception` is a network whose `fc` gives the embedding."""

    def __init__(self, inception: nn.Module, embedding: int, hidden: int, words: int, layers: int) -> None:
        super().__init__()
        self.encoder = Encoder(inception, embedding)
        self.decoder = Decoder(embedding, hidden, words, layers)

    @torch.no_grad()
    def caption(self, images: Tensor, end: int, longest: int) -> tuple[list[int], Tensor]:
        """The likeliest word again and again: ids, the end included, and the logits of each step [steps, words]."""
        x, states = self.encoder(images)[:, None], None
        ids: list[int] = []
        steps = []
        for _ in range(longest):
            out, states = self.decoder.lstm(x, states)
            steps.append(self.decoder.linear(out[:, -1]))
            ids.append(int(steps[-1].argmax()))
            if ids[-1] == end:
                break
            x = self.decoder.embed(torch.tensor([ids[-1:]]))
        return ids, torch.cat(steps)

    @torch.no_grad()
    def logits(self, images: Tensor, ids: list[int]) -> Tensor:
        """Of the words after the picture and after each of these words, read as one sentence: [1 + ids, words]."""
        x = torch.cat((self.encoder(images)[:, None], self.decoder.embed(torch.tensor([ids], dtype=torch.int64))), 1)
        return self.decoder.linear(self.decoder.lstm(x)[0][0])


def shake(model: nn.Module, seed: int) -> nn.Module:
    """Random statistics of batch norms, and weights that give words far apart, in evaluation."""
    torch.manual_seed(seed)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            assert module.running_mean is not None and module.running_var is not None
            for tensor in (module.running_mean, module.bias):
                nn.init.normal_(tensor, std=0.1)
            for tensor in (module.running_var, module.weight):
                nn.init.uniform_(tensor, 0.5, 1.5)
        elif isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        elif isinstance(module, nn.Linear | nn.Embedding | nn.LSTM | nn.LSTMCell):
            for parameter in module.parameters():
                nn.init.normal_(parameter, std=0.3 if parameter.ndim == 2 else 0.1)
    return model.eval()
