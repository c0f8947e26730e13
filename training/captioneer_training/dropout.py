"""Dropout that is cheap on a CPU."""

from __future__ import annotations

import torch
from torch import Tensor, nn

POOL = 1 << 22


class PooledDropout(nn.Module):
    """Dropout whose mask is a window, at a random place, of masks drawn once.

    Drawing a fresh Bernoulli mask takes a CPU as long as the layer before it; a window of a pool of four million takes
    next to nothing.
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p
        self._pool: Tensor | None = None
        self._pool_p = -1.0

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return x
        if self._pool is None or self._pool_p != self.p:
            drawn = torch.rand(POOL, generator=torch.Generator("cpu").manual_seed(7), device="cpu")
            self._pool = (drawn >= self.p).float().div_(1 - self.p).to(x.device)
            self._pool_p = self.p
        if x.numel() > POOL // 2:
            return nn.functional.dropout(x, self.p)
        start = int(torch.randint(POOL - x.numel(), ()))
        return x * self._pool[start : start + x.numel()].view_as(x)
