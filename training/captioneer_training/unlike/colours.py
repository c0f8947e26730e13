"""Colours at random."""

from __future__ import annotations

import colorsys

import numpy as np

Rng = np.random.Generator
Colour = tuple[int, int, int]


def any_colour(rng: Rng) -> Colour:
    """Of any hue, mostly full."""
    return hue(rng.random(), rng.uniform(0.2, 1), rng.uniform(0.3, 1))


def pale(rng: Rng) -> Colour:
    """As paper is."""
    return hue(rng.random(), rng.uniform(0, 0.08), rng.uniform(0.88, 1))


def hue(h: float, s: float, v: float) -> Colour:
    """Hue, saturation and value on 0 … 1 → red, green and blue on 0 … 255."""
    r, g, b = colorsys.hsv_to_rgb(h, s, v)
    return round(255 * r), round(255 * g), round(255 * b)
