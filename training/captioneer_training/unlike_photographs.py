"""Pictures that deserve no confidence, for `calibrate --against`, as PNG or JPEG files: noise, walls, text, charts, drawings, screenshots,
textures, microscopes, the night sky.

captioneer-unlike-photographs /tmp/unlike [--scikit-image]
"""

from __future__ import annotations

import argparse
import importlib.util
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from .unlike.colours import Rng
from .unlike.drawings import cartoon, line_drawing, screenshot, sketch
from .unlike.instruments import microscope, night_sky, section
from .unlike.paper import chart, page, scan, sheet_music
from .unlike.surfaces import noise, texture, wall

KINDS: dict[str, Callable[[Rng], Image.Image]] = {
    "noise": noise,
    "wall": wall,
    "page": page,
    "scan": scan,
    "music": sheet_music,
    "chart": chart,
    "line-drawing": line_drawing,
    "cartoon": cartoon,
    "sketch": sketch,
    "screenshot": screenshot,
    "texture": texture,
    "microscope": microscope,
    "night-sky": night_sky,
    "section": section,
}

FREE = (
    *("brick", "grass", "gravel", "cell", "ihc", "retina", "microaneurysms", "hubble_deep_field"),
    *("moon", "page", "text", "phantom", "logo", "color", "horse", "chessboard_GRAY"),
)
"""Pictures in the wheel of scikit-image that are no photographs of things: textures, microscopes, telescopes, text, drawings."""


def free_pictures() -> dict[str, Path]:
    """Those of scikit-image, by name."""
    found = importlib.util.find_spec("skimage")
    if found is None or found.origin is None:
        raise FileNotFoundError("scikit-image is not installed: pip install scikit-image, or leave out --scikit-image.")
    data = Path(found.origin).parent / "data"
    return {name: next(data.glob(f"{name}.*g")) for name in FREE}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="captioneer-unlike-photographs", description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the files")
    parser.add_argument("--count", type=int, default=20, help="pictures of each kind (default: 20)")
    parser.add_argument("--scikit-image", action="store_true", help="and those that scikit-image's wheel carries, of real instruments too")
    parsed = parser.parse_args(arguments)
    parsed.out.mkdir(parents=True, exist_ok=True)
    for kind, draw in KINDS.items():
        for number in range(parsed.count):
            rng = np.random.default_rng([number, *kind.encode()])
            quality, ending = int(rng.integers(60, 96)), "jpg" if number % 3 == 2 else "png"
            draw(rng).save(parsed.out / f"{kind}-{number:03d}.{ending}", quality=quality)  # of which PNG takes no notice
    if parsed.scikit_image:
        for name, path in free_pictures().items():
            with Image.open(path) as image:
                image.convert("RGB").save(parsed.out / f"real-{name}.png")


if __name__ == "__main__":
    main()
