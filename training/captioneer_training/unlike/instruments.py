"""What instruments see: microscopes, telescopes, scanners of bodies."""

from __future__ import annotations

import numpy as np
from PIL import Image

from .colours import Rng, hue
from .paper import SIDE
from .surfaces import image_of, spectral


def blobs(rng: Rng, count: int, radius: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Soft ellipses at random: how far each pixel is inside the nearest, and the same for a core of a third its size; 0 … 1."""
    bodies, cores = np.zeros((SIDE, SIDE)), np.zeros((SIDE, SIDE))
    for _ in range(count):
        cy, cx = rng.uniform(0, SIDE, 2)
        a, b, turn = rng.uniform(*radius), rng.uniform(*radius), rng.uniform(0, np.pi)
        reach = 1.6 * max(a, b)  # beyond it nothing is left of a blob
        top, left = max(0, int(cy - reach)), max(0, int(cx - reach))
        part = np.s_[top : int(cy + reach) + 1, left : int(cx + reach) + 1]
        y, x = np.mgrid[part][0] - cy, np.mgrid[part][1] - cx
        y, x = y[: SIDE - top, : SIDE - left], x[: SIDE - top, : SIDE - left]
        r = np.hypot((x * np.cos(turn) + y * np.sin(turn)) / a, (y * np.cos(turn) - x * np.sin(turn)) / b)
        bodies[part] = np.maximum(bodies[part], inside(12 * (1 - r)))
        cores[part] = np.maximum(cores[part], inside(20 * (0.35 - r)))
    return bodies, cores


def inside(x: np.ndarray) -> np.ndarray:
    """The logistic function, a soft step from 0 to 1."""
    return np.asarray(0.5 * (1 + np.tanh(x / 2)))


def microscope(rng: Rng) -> Image.Image:
    """Cells: stained on a light ground, glowing on a dark one, or grey; perhaps with the round edge of the field of view."""
    bodies, cores = blobs(rng, int(rng.integers(6, 120)), (6, float(rng.uniform(10, 36))))
    grain = spectral(rng, rng.uniform(0.4, 1.2))[..., None]
    way = rng.choice(["stained", "glowing", "grey"])
    if way == "glowing":
        first, second = (np.array(hue(rng.random(), 0.9, 1), np.float64) for _ in range(2))
        pixels = 8 + bodies[..., None] * first * (0.3 + 0.5 * grain) + cores[..., None] * second
    else:
        tint = rng.uniform(0.75, 1.0) if way == "stained" else 0.0
        ground = np.array(hue(tint, 0.12 if tint else 0, rng.uniform(0.7, 0.97)), np.float64)
        body = np.array(hue(tint, 0.4 if tint else 0, rng.uniform(0.5, 0.85)), np.float64)
        core = np.array(hue(tint * 0.9, 0.6 if tint else 0, rng.uniform(0.2, 0.5)), np.float64)
        pixels = ground + bodies[..., None] * (body - ground)
        pixels = pixels + cores[..., None] * (core - pixels) + 40 * (grain - 0.5)
    if rng.random() < 0.3:
        y, x = np.mgrid[:SIDE, :SIDE] - SIDE / 2
        pixels = pixels * inside((0.46 * SIDE - np.hypot(x, y)) / 2)[..., None]
    return image_of(pixels + rng.normal(0, rng.uniform(1, 8), pixels.shape))


def night_sky(rng: Rng) -> Image.Image:
    """Stars, a few bright, perhaps the haze of the Milky Way, a nebula, or the moon."""
    pixels = np.array(hue(rng.uniform(0.55, 0.75), rng.uniform(0, 0.7), rng.uniform(0.0, 0.2)), np.float64) * np.ones((SIDE, SIDE, 1))
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float64)
    if rng.random() < 0.6:
        turn, place = rng.uniform(0, np.pi), rng.uniform(0.3, 0.7) * SIDE
        across = (x - place) * np.sin(turn) - (y - place) * np.cos(turn)
        haze = np.exp(-((across / rng.uniform(20, 70)) ** 2)) * spectral(rng, 1.2)
        pixels = pixels + haze[..., None] * np.array(hue(rng.random(), rng.uniform(0, 0.8), rng.uniform(0.2, 0.8)), np.float64)
    for _ in range(int(rng.integers(40, 700))):
        cy, cx, light, size = rng.uniform(0, SIDE), rng.uniform(0, SIDE), rng.pareto(1.5) * 60, rng.uniform(0.4, 1.2)
        top, left = max(0, int(cy) - 4), max(0, int(cx) - 4)
        part = np.s_[top : top + 9, left : left + 9]
        glow = np.exp(-((y[part] - cy) ** 2 + (x[part] - cx) ** 2) / (2 * size**2))
        pixels[part] += light * glow[..., None] * rng.uniform(0.7, 1.0, 3)
    if rng.random() < 0.25:
        cy, cx, r = *rng.uniform(0.2 * SIDE, 0.8 * SIDE, 2), rng.uniform(10, 110)
        disc = inside(r - np.hypot(y - cy, x - cx))
        pixels = pixels * (1 - disc[..., None]) + disc[..., None] * (120 + 120 * spectral(rng, 1.0)[..., None])
    return image_of(pixels + rng.normal(0, rng.uniform(0.5, 5), pixels.shape))


def section(rng: Rng) -> Image.Image:
    """A slice of a body as X-rays or a magnetic field show it: grey shapes within an oval on black."""
    y, x = (np.mgrid[:SIDE, :SIDE] - SIDE / 2) / (SIDE / 2)
    wide, high = rng.uniform(0.55, 0.95, 2)
    body = inside(40 * (1 - np.hypot(x / wide, y / high)))
    organs, cores = blobs(rng, int(rng.integers(4, 20)), (12, 60))
    tone = 0.25 + 0.3 * organs + 0.3 * cores + 0.3 * (spectral(rng, 1.1) - 0.5)
    rim = np.exp(-((np.hypot(x / wide, y / high) - 0.93) ** 2) / 0.002)
    grey = 255 * (body * tone + 0.7 * rim * (rng.random() < 0.6))
    return image_of(np.repeat((grey + rng.normal(0, 4, grey.shape))[..., None], 3, 2))
