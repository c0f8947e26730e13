"""Tensors of modules that were pickled whole, read without running the pickle's code.

A checkpoint that holds modules names their classes, and unpickling it would import and build those. PyTorch's restricted
unpickler, which calls nothing but what it is told to, is here told to make an inert `Part` wherever one of a list of classes
is named, and an empty dict for a `defaultdict`. So nothing of the file's choice is imported or called; any other name is
refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import torch
from torch import Tensor

LAYERS = (
    "torch.nn.modules.activation.ReLU",
    "torch.nn.modules.activation.Sigmoid",
    "torch.nn.modules.activation.Softmax",
    "torch.nn.modules.batchnorm.BatchNorm2d",
    "torch.nn.modules.container.Sequential",
    "torch.nn.modules.conv.Conv2d",
    "torch.nn.modules.dropout.Dropout",
    "torch.nn.modules.linear.Linear",
    "torch.nn.modules.pooling.AdaptiveAvgPool2d",
    "torch.nn.modules.pooling.MaxPool2d",
    "torch.nn.modules.rnn.LSTMCell",
    "torch.nn.modules.sparse.Embedding",
    "torchvision.models.resnet.BasicBlock",
    "torchvision.models.resnet.Bottleneck",
)
OPTIMIZERS = ("torch.optim.adam.Adam", "torch.optim.adamw.AdamW", "torch.optim.rmsprop.RMSprop", "torch.optim.sgd.SGD")


class Part:
    """Stands where a module or an optimizer was: its attributes, and no behaviour."""


def empty(*_: object) -> dict[Any, Any]:
    """Stands for a `defaultdict`, which optimizers keep their state in."""
    return {}


def stand_ins(classes: Sequence[str]) -> AbstractContextManager[None]:
    """While it lasts, `torch.load(…, weights_only=True)` makes a `Part` of every module of these classes."""
    allowed: list[Callable[..., Any] | tuple[Callable[..., Any], str]] = [(Part, name) for name in (*classes, *LAYERS, *OPTIMIZERS)]
    return torch.serialization.safe_globals([*allowed, (empty, "collections.defaultdict"), (dict, "builtins.dict")])


def tensors_of(part: Part, prefix: str = "") -> dict[str, Tensor]:
    """What `state_dict()` would have given."""
    found: dict[str, Tensor] = {}
    attributes = vars(part)
    for group in ("_parameters", "_buffers"):
        held = attributes.get(group)
        if isinstance(held, dict):
            found |= {f"{prefix}{name}": tensor.detach() for name, tensor in held.items() if isinstance(tensor, Tensor)}
    children = attributes.get("_modules")
    if isinstance(children, dict):
        for name, child in children.items():
            if isinstance(child, Part):
                found |= tensors_of(child, f"{prefix}{name}.")
    return found
