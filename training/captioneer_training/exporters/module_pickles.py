"""Tensors of modules that were pickled whole, read without running the pickle's code.

A checkpoint that holds modules names their classes, and unpickling it would import and build those. Here an inert `Part` is
made wherever one of a list of classes is named, and an empty dict for what optimizers keep their state in. Nothing of the
file's choice is imported or called; any other name is refused.

PyTorch's restricted unpickler can be told so for files of its present format. It refuses modules in the format that PyTorch
wrote before 1.6, whatever it is told; those are read by an unpickler that finds nothing but what stands here.
"""

from __future__ import annotations

import collections
import pickle
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

import torch
from torch import Tensor

from .checkpoint import load_tensors

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

OLD_FORMAT = bytes.fromhex("80028a0a6cfc9c46f9206aa850192e")
"""How files begin that PyTorch wrote before 1.6."""
OLD_BACKEND = "torch.nn.backends.thnn._get_thnn_function_backend"
"""Modules of PyTorch before 1.3 name it."""
TENSORS: dict[str, Callable[..., Any]] = {
    "collections.OrderedDict": collections.OrderedDict,
    "torch._utils._rebuild_parameter": torch._utils._rebuild_parameter,
    "torch._utils._rebuild_tensor": torch._utils._rebuild_tensor,
    "torch._utils._rebuild_tensor_v2": torch._utils._rebuild_tensor_v2,
}
"""What tensors are made with in that format; their storages PyTorch reads itself."""


class Inert(type):
    """Classes that a pickle cannot change."""

    def __setattr__(cls, name: str, value: object) -> None:
        raise pickle.UnpicklingError(f"Unsupported attribute of a class: {name}")


class Part(metaclass=Inert):
    """Stands where a module or an optimizer was: its attributes, and no behaviour."""

    dump_patches = False  # asked by PyTorch where a file tells the source of its classes


def empty(*_: object) -> dict[Any, Any]:
    """Stands for a `defaultdict` and for what is called without need."""
    return {}


def load_modules(path: Path, classes: Sequence[str]) -> Any:
    """What `torch.save` wrote, with a `Part` for each module of PyTorch's layers and of these classes.

    Throws pickle.UnpicklingError where the file names anything else.
    """
    known: dict[str, Callable[..., Any]] = dict.fromkeys((*classes, *LAYERS, *OPTIMIZERS), Part)
    known |= {"collections.defaultdict": empty, "builtins.dict": dict, "builtins.set": set}
    with path.open("rb") as file:
        is_old = file.read(len(OLD_FORMAT)) == OLD_FORMAT
    if is_old:
        reader = restricted({**known, **TENSORS, OLD_BACKEND: empty})
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a Part has another source than the class it stands for
            return torch.load(path, map_location="cpu", pickle_module=reader, weights_only=False)
    with torch.serialization.safe_globals([(stand_in, name) for name, stand_in in known.items()]):
        return load_tensors(path)


def restricted(known: Mapping[str, Callable[..., Any]]) -> SimpleNamespace:
    """What PyTorch asks of the module `pickle`, for files that may name these and nothing else."""

    class Reader(pickle.Unpickler):
        def find_class(self, module: str, name: str) -> Any:
            full = f"{module.replace('__builtin__', 'builtins')}.{name}"
            if full not in known:
                raise pickle.UnpicklingError(f"Unsupported global: GLOBAL {full} is not known.")
            return known[full]

    def load(file: IO[bytes], **options: Any) -> Any:
        return Reader(file, **options).load()

    return SimpleNamespace(__name__="restricted", Unpickler=Reader, load=load)


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
