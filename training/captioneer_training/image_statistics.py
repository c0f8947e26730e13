"""What tells pictures that are no photographs of things, as the library computes it (`src/preprocess/image-statistics.ts`)."""

from __future__ import annotations

import numpy as np

PARTS = 8
LEAST_CONTRAST, LEAST_SHARE, NOTHING = 0.1, 0.2, 1e-3
COUNTED = 1 / 2000


def image_statistics(pixels: np.ndarray) -> dict[str, float]:
    """uint8 RGB [height, width, 3], as the encoder is about to see it, each side a multiple of 8."""
    values = pixels.astype(np.float64) / 255
    height, width, _ = values.shape
    parts = values.reshape(PARTS, height // PARTS, PARTS, width // PARTS, 3).mean((1, 3))
    total = values.var((0, 1)).sum()
    contrast = np.sqrt(total / 3)
    share = parts.var((0, 1)).sum() / total if contrast > NOTHING else 1.0
    levels = (pixels >> 4).astype(np.int64)
    shares = np.bincount((levels @ [256, 16, 1]).ravel()) / (height * width)
    red, green, blue = np.moveaxis(values, -1, 0)
    return {
        "contrastDeficit": octaves_below(LEAST_CONTRAST, contrast),
        "regionVarianceDeficit": octaves_below(LEAST_SHARE, share),
        "colorEntropy": float(-(shares[shares > 0] * np.log2(shares[shares > 0])).sum()),
        "colorCount": float(np.log1p((shares > COUNTED).sum())),
        "hueSpread": float(np.abs(red - green).std() + np.abs(green - blue).std()),
        "saturationSpread": float((values.max(-1) - values.min(-1)).std()),
    }


def octaves_below(least: float, value: float) -> float:
    return max(0.0, float(np.log2(least / max(value, NOTHING))))
