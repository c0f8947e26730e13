"""The arithmetic of a long short-term memory cell (Hochreiter and Schmidhuber 1997), as PyTorch orders its gates."""

from __future__ import annotations

import torch
from torch import Tensor


def advance(gates: Tensor, cell: Tensor) -> tuple[Tensor, Tensor]:
    """gates [rows, 4 · width] before their nonlinearities, cell [rows, width] → hidden state and cell after the step."""
    enter, forget, candidate, leave = gates.chunk(4, -1)
    cell = torch.sigmoid(forget) * cell + torch.sigmoid(enter) * torch.tanh(candidate)
    return torch.sigmoid(leave) * torch.tanh(cell), cell
