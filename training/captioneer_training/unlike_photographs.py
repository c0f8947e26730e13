"""Pictures that deserve no confidence, for `calibrate --against`: noise, blank walls, pages of text.

python -m captioneer_training.unlike_photographs /tmp/noise
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIDE = 320
Rng = np.random.Generator
LETTERS = np.array(list("eeeeaaaooiintttsshhrrdlcumwfgypbvk"))


def noise(rng: Rng) -> Image.Image:
    """Independent pixels, or blocks of them, grey or in colour."""
    block, channels = int(rng.choice([1, 2, 8])), int(rng.choice([1, 3]))
    pixels = rng.integers(0, 256, (SIDE // block, SIDE // block, channels), np.uint8)
    return Image.fromarray(np.broadcast_to(pixels.repeat(block, 0).repeat(block, 1), (SIDE, SIDE, 3)))


def wall(rng: Rng) -> Image.Image:
    """One colour, a little lighter on one side, with the grain of a sensor."""
    colour = rng.uniform(40, 235, 3)
    light = np.linspace(-1, 1, SIDE)[None, :, None] * rng.uniform(0, 20)
    pixels = colour + light + rng.normal(0, rng.uniform(0.5, 3), (SIDE, SIDE, 3))
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def page(rng: Rng) -> Image.Image:
    """Lines of dark letters on light paper."""
    image = Image.new("RGB", (SIDE, SIDE), tuple(int(value) for value in rng.integers(225, 256, 3)))
    size = int(rng.integers(10, 18))
    font = ImageFont.load_default(size)
    pen = ImageDraw.Draw(image)
    for top in range(16, SIDE - size - 16, round(size * 1.5)):
        words = ["".join(rng.choice(LETTERS, int(rng.integers(1, 10)))) for _ in range(int(rng.integers(6, 12)))]
        pen.text((16, top), " ".join(words)[: int(1.7 * (SIDE - 32) / size)], fill=(20, 20, 24), font=font)
    return image


KINDS: dict[str, Callable[[Rng], Image.Image]] = {"noise": noise, "wall": wall, "page": page}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, help="folder for the PNG files")
    parser.add_argument("--count", type=int, default=20, help="pictures of each kind (default: 20)")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for kind, draw in KINDS.items():
        for number in range(arguments.count):
            rng = np.random.default_rng([number, *kind.encode()])
            draw(rng).save(arguments.out / f"{kind}-{number:02d}.png")


if __name__ == "__main__":
    main()
