"""What fills a frame without being a thing: noise, walls, textures."""

from __future__ import annotations

import numpy as np
from PIL import Image

from .colours import Rng, any_colour
from .paper import SIDE

Field = np.ndarray
"""float [SIDE, SIDE], on 0 … 1."""


def noise(rng: Rng) -> Image.Image:
    """Independent pixels, or blocks of them, grey or in colour."""
    block, channels = int(rng.choice([1, 2, 8])), int(rng.choice([1, 3]))
    pixels = rng.integers(0, 256, (SIDE // block, SIDE // block, channels), np.uint8)
    return Image.fromarray(np.broadcast_to(pixels.repeat(block, 0).repeat(block, 1), (SIDE, SIDE, 3)))


def wall(rng: Rng) -> Image.Image:
    """One colour, a little lighter on one side, with the grain of a sensor."""
    colour = rng.uniform(40, 235, 3)
    light = np.linspace(-1, 1, SIDE)[None, :, None] * rng.uniform(0, 20)
    return image_of(colour + light + rng.normal(0, rng.uniform(0.5, 3), (SIDE, SIDE, 3)))


def image_of(pixels: np.ndarray) -> Image.Image:
    """Numbers on 0 … 255 [SIDE, SIDE, 3] → a picture."""
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def spectral(rng: Rng, slope: float, stretch: float = 1.0) -> Field:
    """Noise whose amplitude falls with frequency to the power of `slope`; `stretch` > 1 draws it out along one axis."""
    fy, fx = np.fft.fftfreq(SIDE)[:, None] * stretch, np.fft.rfftfreq(SIDE)[None]
    amplitude = np.maximum(np.hypot(fx, fy), 1 / SIDE) ** -slope
    phase = np.exp(2j * np.pi * rng.random(amplitude.shape))
    field = np.fft.irfft2(amplitude * phase * rng.rayleigh(1, amplitude.shape), (SIDE, SIDE))
    return between(field)


def between(field: Field) -> Field:
    """Brought to 0 … 1, the farthest hundredth on either side cut off."""
    low, high = np.quantile(field, (0.01, 0.99))
    return ((field - low) / (high - low + 1e-9)).clip(0, 1)


def tinted(rng: Rng, field: Field) -> Image.Image:
    """From one colour to another."""
    low, high = (np.array(any_colour(rng), np.float64) for _ in range(2))
    return image_of(low + field[..., None] * (high - low) + rng.normal(0, 3, (SIDE, SIDE, 1)))


def texture(rng: Rng) -> Image.Image:
    """Stone or plaster, wood or hair, cloth, bricks, gravel: the same all over."""
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float64)
    match rng.choice(["grain", "strands", "weave", "bricks", "gravel"]):
        case "grain":
            return tinted(rng, spectral(rng, rng.uniform(0.3, 1.0)))
        case "strands":
            return tinted(rng, spectral(rng, rng.uniform(0.5, 1.0), rng.uniform(4, 20)))
        case "weave":
            period = rng.uniform(5, 24)
            field = np.sin(2 * np.pi * x / period) * np.sin(2 * np.pi * y / (period * rng.uniform(0.5, 2)))
            return tinted(rng, between(field + rng.uniform(0.2, 1) * (spectral(rng, 0.5) - 0.5)))
        case "bricks":
            height = rng.uniform(14, 50)
            width = height * rng.uniform(1.5, 3)
            row = np.floor(y / height)
            shifted = x + (row % 2) * width / 2
            is_joint = (y % height < 0.12 * height) | (shifted % width < 0.12 * height)
            tone = rng.random((64, 64))[row.astype(int) % 64, np.floor(shifted / width).astype(int) % 64]
            return tinted(rng, between(np.where(is_joint, 1.6, tone * 0.5) + 0.4 * spectral(rng, 0.7)))
        case _:
            cell = rng.uniform(12, 40)  # one stone a cell, somewhere in it
            row, column = (y // cell).astype(int), (x // cell).astype(int)
            places = rng.random((2, SIDE, SIDE))
            distance = np.full((SIDE, SIDE), np.inf)
            for r, c in ((row + dy, column + dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)):
                distance = np.minimum(distance, np.hypot(y - (r + places[0][r, c]) * cell, x - (c + places[1][r, c]) * cell))
            return tinted(rng, between(-distance + 4 * spectral(rng, 0.8)))
