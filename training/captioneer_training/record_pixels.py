"""Records what Pillow makes of small synthetic pictures, for the parity tests of the preprocessing.

    python -m captioneer_training.record_pixels <out folder>

Writes four files, all made anew on each run and the same each time with the same versions:

    index.json         versions, and what lies where in the other files (offsets and lengths in bytes)
    images.bin         the pictures, 8-bit RGB, height x width x 3
    resampled.bin      results of `Image.resize`, 8-bit RGB
    pixel-values.bin   results of resize, crop or pad, and normalise: little-endian float32, 3 x height x width
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import PIL
from numpy.typing import NDArray
from PIL import Image, ImageOps

Pixels = NDArray[np.uint8]  # (height, width, 3)
Box = tuple[float, float, float, float]  # left, top, right, bottom

FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "box": Image.Resampling.BOX,
    "bilinear": Image.Resampling.BILINEAR,
    "hamming": Image.Resampling.HAMMING,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
}

CLIP_MEAN, CLIP_STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
HALF = (0.5, 0.5, 0.5)


def gradient(width: int, height: int) -> Pixels:
    """Red grows to the right, green downwards, blue along the diagonal."""
    x = np.linspace(0, 255, width)[None, :].repeat(height, 0)
    y = np.linspace(0, 255, height)[:, None].repeat(width, 1)
    return np.stack([x, y, 255 - (x + y) / 2], axis=-1).astype(np.uint8)


def noise(width: int, height: int, seed: int) -> Pixels:
    """Each byte on its own."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def checkerboard(width: int, height: int, cell: int) -> Pixels:
    """Black and white cells: the overshoot of the sharper filters has to be cut off here."""
    x, y = np.arange(width)[None, :] // cell, np.arange(height)[:, None] // cell
    return np.repeat((((x + y) % 2) * 255).astype(np.uint8)[..., None], 3, axis=2)


def pictures() -> dict[str, Pixels]:
    """The pictures by name."""
    return {
        "gradient": gradient(90, 63),
        "noise": noise(135, 99, seed=1),
        "noise-tall": noise(31, 77, seed=2),
        "checkerboard": checkerboard(64, 48, cell=1),
        "checkerboard-coarse": checkerboard(40, 41, cell=5),
        "single-pixel": noise(1, 1, seed=3),
        "one-pixel-wide": noise(1, 37, seed=4),
        "one-pixel-high": noise(53, 1, seed=5),
        "two-by-three": noise(2, 3, seed=6),
    }


@dataclass(frozen=True)
class Resize:
    """One call of `Image.resize`."""

    image: str
    width: int
    height: int
    filter: str
    box: Box | None = None


def resizes() -> list[Resize]:
    """Shrinking, enlarging, one axis only, odd sizes, boxes; with every filter."""
    cases: list[Resize] = []
    for name in FILTERS:
        cases += [
            Resize("noise", 15, 11, name),  # ninefold
            Resize("noise", 31, 44, name),
            Resize("noise", 135, 9, name),  # height only
            Resize("noise", 17, 99, name),  # width only
            Resize("noise", 12, 120, name),  # one shrinks, the other grows
            Resize("noise-tall", 35, 79, name),
            Resize("noise-tall", 15, 45, name),  # Pillow 13: the last height at which rows come first, ...
            Resize("noise-tall", 15, 44, name),  # ... and the first at which columns do
            Resize("gradient", 20, 20, name),
            Resize("checkerboard", 20, 20, name),
            Resize("checkerboard-coarse", 59, 23, name),
            Resize("single-pixel", 5, 4, name),
            Resize("one-pixel-wide", 7, 16, name),
            Resize("one-pixel-high", 20, 3, name),
            Resize("two-by-three", 13, 8, name),
            Resize("noise", 24, 24, name, (20, 10, 110, 91)),
            Resize("noise", 24, 40, name, (3.25, 7.6, 30.1, 40.9)),  # between pixels
            Resize("noise", 20, 20, name, (60, 30, 80, 50)),  # same size: a crop
        ]
    return cases


@dataclass(frozen=True)
class Spec:
    """What a model wants; the fields of captioneer's `ImageSpec`."""

    width: int
    height: int
    resize: str
    resample: str
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    options: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        fields = {name: value for name, value in vars(self).items() if name != "options"}
        return {**fields, **self.options}


def specs() -> list[tuple[str, Spec]]:
    """Pictures and the specs to prepare them for."""
    crop, even = "shortest-edge-crop", {"cropRounding": "half-to-even"}
    return [
        ("noise", Spec(16, 16, "squash", "bilinear", HALF, HALF)),
        ("gradient", Spec(18, 14, "squash", "bicubic", IMAGENET_MEAN, IMAGENET_STD)),
        ("noise", Spec(9, 9, "squash", "bilinear", (127 / 255,) * 3, (128 / 255,) * 3)),
        ("noise", Spec(9, 9, "squash", "nearest", (0.0,) * 3, (1.0,) * 3, {"rescaleFactor": 1.0})),
        ("noise", Spec(16, 16, crop, "bicubic", CLIP_MEAN, CLIP_STD)),
        ("noise", Spec(16, 16, crop, "bicubic", IMAGENET_MEAN, IMAGENET_STD, {"shortestEdge": 19})),
        ("noise-tall", Spec(15, 15, crop, "bicubic", CLIP_MEAN, CLIP_STD)),
        ("noise-tall", Spec(22, 18, crop, "bilinear", CLIP_MEAN, CLIP_STD, {"shortestEdge": 25})),
        ("noise-tall", Spec(22, 18, crop, "bilinear", CLIP_MEAN, CLIP_STD, {"shortestEdge": 25, **even})),
        ("one-pixel-wide", Spec(6, 6, crop, "bicubic", CLIP_MEAN, CLIP_STD)),
        ("noise", Spec(16, 16, "pad", "bicubic", CLIP_MEAN, CLIP_STD)),
        ("noise-tall", Spec(16, 15, "pad", "bilinear", HALF, HALF, {"padColor": (124, 116, 104)})),
        ("two-by-three", Spec(9, 9, "pad", "bilinear", HALF, HALF)),
        ("gradient", Spec(20, 14, "pad", "bicubic", HALF, HALF)),
    ]


def fit(picture: Image.Image, spec: Spec) -> Image.Image:
    """Resizes by the spec's rule."""
    resample = FILTERS[spec.resample]
    if spec.resize == "squash":
        return picture.resize((spec.width, spec.height), resample)
    if spec.resize == "pad":
        color = spec.options.get("padColor", (0, 0, 0))
        return ImageOps.pad(picture, (spec.width, spec.height), resample, color=color)
    # As torchvision's Resize(int) and CenterCrop, or, where the offset is rounded down, as transformers.
    edge = spec.options.get("shortestEdge", max(spec.width, spec.height))
    short = min(picture.size)
    resized = picture.resize((int(edge * picture.width / short), int(edge * picture.height / short)), resample)
    rounding = round if spec.options.get("cropRounding") == "half-to-even" else int
    left, top = rounding((resized.width - spec.width) / 2), rounding((resized.height - spec.height) / 2)
    return resized.crop((left, top, left + spec.width, top + spec.height))


def normalise(picture: Image.Image, spec: Spec) -> NDArray[np.float32]:
    """Float32 step by step, channels first, as the image processors of transformers do it."""
    scaled = (np.asarray(picture) * spec.options.get("rescaleFactor", 1 / 255)).astype(np.float32)
    values = (scaled - np.array(spec.mean, np.float32)) / np.array(spec.std, np.float32)
    return np.ascontiguousarray(values.transpose(2, 0, 1))  # (3, height, width)


class Blob:
    """Bytes put one after another into a file."""

    def __init__(self) -> None:
        self.data = bytearray()

    def add(self, array: NDArray[Any]) -> dict[str, int]:
        offset = len(self.data)
        self.data += array.tobytes()
        return {"offset": offset, "length": len(self.data) - offset}


def record(folder: Path) -> None:
    """Writes the recording into a folder, which is made if it is not there."""
    images, resampled, values = Blob(), Blob(), Blob()
    pixels = pictures()
    sources = {name: Image.fromarray(array) for name, array in pixels.items()}
    index: dict[str, Any] = {
        "recordedWith": {"pillow": PIL.__version__, "numpy": np.__version__},
        "images": [
            {"name": name, "width": array.shape[1], "height": array.shape[0], **images.add(array)} for name, array in pixels.items()
        ],
        "resamples": [],
        "pixelValues": [],
    }
    for case in resizes():
        result = sources[case.image].resize((case.width, case.height), FILTERS[case.filter], case.box)
        fields = {name: value for name, value in vars(case).items() if value is not None}
        index["resamples"].append({**fields, **resampled.add(np.asarray(result))})
    for name, spec in specs():
        normalised = normalise(fit(sources[name], spec), spec).astype("<f4")
        index["pixelValues"].append({"image": name, "spec": spec.as_json(), **values.add(normalised)})

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "images.bin").write_bytes(images.data)
    (folder / "resampled.bin").write_bytes(resampled.data)
    (folder / "pixel-values.bin").write_bytes(values.data)
    (folder / "index.json").write_text(one_entry_a_line(index), encoding="utf-8")


def one_entry_a_line(index: dict[str, Any]) -> str:
    """JSON in which each entry of a list stands on a line of its own, so that changes show well."""
    parts = []
    for key, value in index.items():
        if isinstance(value, list):
            body = ",\n".join(f"    {json.dumps(entry)}" for entry in value)
            parts.append(f'  "{key}": [\n{body}\n  ]')
        else:
            parts.append(f'  "{key}": {json.dumps(value)}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: python -m captioneer_training.record_pixels <out folder>")
    record(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
