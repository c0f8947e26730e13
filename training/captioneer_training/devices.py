"""Where training computes: the processor, or one NVIDIA or Apple GPU.

`use` makes a device PyTorch's default, so that models and tensors are made there; `place` brings NumPy's arrays there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from .config import ConfigError

DEVICES = ("auto", "cpu", "cuda", "mps")
"""`auto`: an NVIDIA GPU if there is one, else the processor."""


def use(name: str) -> None:
    has_cuda = torch.cuda.is_available()
    chosen = ("cuda" if has_cuda else "cpu") if name == "auto" else name
    if chosen == "cuda" and not has_cuda:
        raise ConfigError("PyTorch finds no NVIDIA GPU for --device cuda. Use --device cpu, or install a build of PyTorch for your CUDA.")
    if chosen == "mps" and not torch.backends.mps.is_available():
        raise ConfigError("PyTorch finds no Apple GPU for --device mps. Use --device cpu.")
    torch.set_default_device(chosen)


def place(array: np.ndarray) -> Tensor:
    """A tensor of the array's values on the device in use."""
    return torch.from_numpy(array).to(torch.get_default_device())


def autocast(precision: str) -> torch.autocast:
    """Multiplies in bfloat16 where `precision` says so; `auto` does where an NVIDIA GPU can, since it is much faster there."""
    kind = torch.get_default_device().type
    is_half = precision == "bfloat16" or (precision == "auto" and kind == "cuda" and torch.cuda.is_bf16_supported())
    return torch.autocast(kind, torch.bfloat16, enabled=is_half)


def chance() -> dict[str, Any]:
    """The state of PyTorch's generators of chance, for a checkpoint."""
    return {"cpu": torch.get_rng_state()} | ({"cuda": torch.cuda.get_rng_state()} if torch.cuda.is_available() else {})


def set_chance(state: dict[str, Any]) -> None:
    torch.set_rng_state(state["cpu"])
    if "cuda" in state and torch.cuda.is_available():
        torch.cuda.set_rng_state(state["cuda"])
