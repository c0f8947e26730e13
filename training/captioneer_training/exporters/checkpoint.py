"""Weights that others have saved, read without running code and taken tensor by tensor."""

from __future__ import annotations

import copy
import pickle
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ..config import ConfigError

Shape = Sequence[int | None]
"""None stands for any size."""

Names = Mapping[str, str | tuple[str, ...]]
"""Of a module's parts: the published name of each, or of several whose tensors stand one after the other in it."""


def load_safely(path: Path, load: Callable[[Path], Any] | None = None) -> Any:
    """What `torch.save` or safetensors wrote, tensors on the CPU; a file that would run code is refused.

    `load` reads files that hold more than tensors; it runs no code either.
    """
    if not path.is_file():
        raise ConfigError(f"{path}: expected a file of weights, found {'a folder' if path.is_dir() else 'none'}.")
    try:
        return (load or load_tensors)(path)
    except pickle.UnpicklingError as error:
        reason = _first_line(error)
        raise ConfigError(
            f"{path}: expected tensors alone, found Python objects, which could run code ({reason}); save the model's state_dict()."
        ) from error
    except ConfigError:
        raise
    except Exception as error:  # each library has errors of its own for files that are cut or of another format
        raise ConfigError(f"{path}: expected a whole file of weights, found one that cannot be read ({_first_line(error)}).") from error


def load_tensors(path: Path) -> Any:
    """The same with the errors of the libraries."""
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        return load_file(path)
    is_archive = zipfile.is_zipfile(path)
    if is_archive:
        _refuse_programs(path)
    return torch.load(path, map_location="cpu", weights_only=True, mmap=is_archive)


def read_tensors(path: Path) -> dict[str, Tensor]:
    """A state dict: tensors by name."""
    return as_tensors(load_safely(path), path)


def as_tensors(state: Any, path: Path) -> dict[str, Tensor]:
    """What was loaded, if it is a state dict."""
    if not isinstance(state, dict):
        raise ConfigError(f"{path}: expected a state dict of tensors by name, found a {type(state).__name__}.")
    for name, value in state.items():
        if not isinstance(name, str) or not isinstance(value, Tensor):
            raise ConfigError(f"{path}: expected a state dict of tensors by name, found a {type(value).__name__} under {name!r}.")
    return state


def _refuse_programs(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        if any(Path(name).name == "constants.pkl" for name in archive.namelist()):
            raise ConfigError(
                f"{path}: expected tensors alone, found a TorchScript archive, which holds code; if you trust it, run "
                f"torch.save(torch.jit.load({path.name!r}, map_location='cpu').state_dict(), 'weights.pt') and give weights.pt."
            )


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0][:160].rstrip(".") or type(error).__name__


class Checkpoint:
    """Tensors by their published names. What was neither taken nor ignored when all is done does not belong there."""

    def __init__(self, path: Path, tensors: Mapping[str, Tensor] | None = None) -> None:
        self.path = path
        self.tensors = read_tensors(path) if tensors is None else tensors
        self.known: set[str] = set()
        self.prefix = ""

    def inside(self, prefix: str) -> Checkpoint:
        """The same tensors, called by what stands after `prefix` in their names."""
        part = copy.copy(self)
        part.prefix = self.prefix + prefix
        return part

    def __contains__(self, name: str) -> bool:
        return self.prefix + name in self.tensors

    def count(self, pattern: str) -> int:
        """How many layers there are: different numbers that stand for `N` in names like `h.N.`."""
        form = re.compile(re.escape(self.prefix) + re.escape(pattern).replace("N", r"(\d+)", 1))
        return len({int(match[1]) for name in self.tensors if (match := form.match(name))})

    def take(self, name: str, shape: Shape | None = None) -> Tensor:
        """A tensor, floats as float32."""
        full = self.prefix + name
        if full not in self.tensors:
            expected = "" if shape is None else f" of shape {_shown(shape)}"
            raise ConfigError(f"{self.path}: expected a tensor {full}{expected}, found none of that name.")
        self.known.add(full)
        tensor = self.tensors[full]
        if shape is not None and not _fits(tensor, shape):
            raise ConfigError(f"{self.path}: expected {full} of shape {_shown(shape)}, found {list(tensor.shape)}.")
        return tensor.float() if tensor.is_floating_point() else tensor

    @torch.no_grad()
    def fill(self, module: nn.Module, names: Names, transposed: bool = False, zeros: Sequence[str] = ()) -> None:
        """Gives a module its weights.

        `names` has the published name of each of its tensors, or of each part that has tensors: `qkv` for `qkv.weight` and
        `qkv.bias`, and for those of the module itself the empty name. `transposed`: matrices are published [inputs, outputs].
        `zeros`: tensors that are not published because they are 0. Batch norms' counts of their training are left alone.
        """
        for name, target in module.state_dict().items():
            if name.endswith("num_batches_tracked"):
                continue
            if name in zeros:
                target.zero_()
                continue
            published = _published(name, names)
            is_matrix = transposed and target.ndim == 2
            shape = list(reversed(target.shape)) if is_matrix else list(target.shape)
            if len(published) == 1:
                tensor = self.take(published[0], shape)
            else:
                tensor = torch.cat([self.take(part, [None, *shape[1:]]) for part in published])
                if not _fits(tensor, shape):
                    together = " and ".join(self.prefix + part for part in published)
                    raise ConfigError(f"{self.path}: expected {together} of shape {shape} together, found {list(tensor.shape)}.")
            target.copy_(tensor.T if is_matrix else tensor)

    def ignore(self, *patterns: str) -> None:
        """Names, as regular expressions, of tensors that captions do not depend on."""
        for pattern in patterns:
            form = re.compile(re.escape(self.prefix) + pattern)
            self.known |= {name for name in self.tensors if form.fullmatch(name)}

    def finish(self, kind: str) -> None:
        """Refuses tensors that nobody asked for."""
        rest = sorted(self.tensors.keys() - self.known)
        if rest:
            more = f" and {len(rest) - 1} more" if len(rest) > 1 else ""
            raise ConfigError(f"{self.path}: expected the tensors of {kind} alone, found also {rest[0]}{more}.")


def under(prefix: str, names: Names) -> Names:
    """The same names inside a part of the published model."""
    return {ours: prefix + name if isinstance(name, str) else tuple(prefix + one for one in name) for ours, name in names.items()}


def _published(name: str, names: Names) -> tuple[str, ...]:
    if name in names:
        whole = names[name]
        return (whole,) if isinstance(whole, str) else whole
    owner, _, last = name.rpartition(".")
    part = names[owner]
    return tuple(f"{one}.{last}" for one in ((part,) if isinstance(part, str) else part))


def _fits(tensor: Tensor, shape: Shape) -> bool:
    return tensor.ndim == len(shape) and all(size is None or size == found for size, found in zip(shape, tensor.shape, strict=True))


def _shown(shape: Shape) -> str:
    return "[" + ", ".join("any" if size is None else str(size) for size in shape) + "]"
