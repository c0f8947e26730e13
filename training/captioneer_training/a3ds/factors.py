"""The six factors of a scene, the numbering of their 480,000 combinations, and which of these are held out of training.

Factors, values and numbering are those of 3D Shapes (Burgess and Kim 2018, https://github.com/deepmind/3d-shapes): one
scene a combination, the last factor varying fastest.
"""

from __future__ import annotations

import random
from functools import cache

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int64]

HUES = tuple(n / 10 for n in range(10))
"""Of floor, wall and object, as in HSV on 0 … 1."""
SCALES = tuple(0.75 + n / 14 for n in range(8))
"""Size of the object, relative to its usual one."""
SHAPES = ("cube", "cylinder", "sphere", "capsule")
ORIENTATIONS = tuple(-30 + n * 30 / 7 for n in range(15))
"""Degrees that room and object are turned by; below zero the corner of the room stands on the right."""

FEATURES = ("floor_hue", "wall_hue", "object_hue", "scale", "shape", "orientation")
SIZES = (len(HUES), len(HUES), len(HUES), len(SCALES), len(SHAPES), len(ORIENTATIONS))
SCENES = 480_000

SPLITS = ("train", "dev", "test")
HELD_OUT = 5_000
"""Scenes of `dev`, and as many of `test`; all others are `train`."""


def factors_of(indices: npt.ArrayLike) -> Indices:
    """Scene numbers [...] → which value each factor has [..., 6], in the order of `FEATURES`."""
    return np.stack(np.unravel_index(np.asarray(indices, np.int64), SIZES), axis=-1)


def index_of(factors: npt.ArrayLike) -> Indices:
    """The inverse of `factors_of`: [..., 6] → [...]."""
    return np.ravel_multi_index(tuple(np.moveaxis(np.asarray(factors, np.int64), -1, 0)), SIZES)


@cache
def split_indices(split: str) -> Indices:
    """The scene numbers of a split, ascending.

    Each run of 96 consecutive numbers gives one scene to `test` and another one to `dev`, drawn at random. So every
    triple of hues has five scenes in either (of its 480), and every value of every factor stands in all splits.
    """
    if split not in SPLITS:
        raise ValueError(f"no split {split!r}; there are {', '.join(SPLITS)}.")
    run = SCENES // HELD_OUT
    rng = random.Random("a3ds held-out")
    drawn = np.array([_two_below(run, rng) for _ in range(HELD_OUT)]) + run * np.arange(HELD_OUT)[:, None]  # [5000, 2]
    if split == "train":
        return np.setdiff1d(np.arange(SCENES), drawn)
    return drawn[:, 0 if split == "test" else 1]


def _two_below(limit: int, rng: random.Random) -> tuple[int, int]:
    """Two different numbers; by `random()` alone, whose sequence Python promises to keep."""
    first, second = int(rng.random() * limit), int(rng.random() * (limit - 1))
    return first, second + (second >= first)
