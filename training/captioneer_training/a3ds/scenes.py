"""Scenes for training and measuring, rendered when they are asked for: nothing is read from disk."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .factors import split_indices
from .grammar import caption
from .render import render

_VARIANTS = 1 << 20  # more than there are forms, so that each is drawn about equally often


class Scenes:
    """The scenes of one split, in place of captioned photographs.

    Rows count from 0 in the order of the scene numbers. Mirroring them is no way to have more: the shadow always falls to
    the right.
    """

    def __init__(self, split: str, short_share: float = 0.0) -> None:
        """`split`: "train", "dev" or "test"; `short_share`: how many of the drawn captions are short ones, 0 … 1."""
        if not 0 <= short_share <= 1:
            raise ValueError(f"short_share is {short_share}; it is a share, from 0 to 1.")
        self.indices = split_indices(split)
        """The scene number of each row, int64 [rows]."""
        self.short_share = short_share

    def __len__(self) -> int:
        return len(self.indices)

    def images(self, rows: Sequence[int]) -> npt.NDArray[np.uint8]:
        """Pictures of these rows: uint8 RGB [B, 64, 64, 3]."""
        return render(self.indices[np.asarray(rows, np.int64)])

    def captions(self, row: int, rng: random.Random, count: int = 1) -> list[str]:
        """Captions of one row, drawn anew with each call; each is long or short by chance."""
        index = int(self.indices[row])
        kinds = rng.choices(("long", "short"), (1 - self.short_share, self.short_share), k=count)
        return [caption(index, "long" if kind == "long" else "short", rng.randrange(_VARIANTS)) for kind in kinds]
