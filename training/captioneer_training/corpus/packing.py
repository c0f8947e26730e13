"""Packing: every photograph of a split as one square of pixels in one array, its captions beside it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from ..files import array_file, whole_file
from .layout import CaptionedPhotographs, CorpusError
from .reading import read_json

SIDE = 224
"""Photographs are packed as squares of this many pixels (the aspect ratio is squashed)."""

TOLERATED = 0.01
"""Published corpora caption a few photographs that they do not have; so many may be missing, as a share of all."""


@dataclass(frozen=True)
class Split:
    """One split of one corpus, packed: `images` is uint8 [photographs, SIDE, SIDE, 3]."""

    corpus: str
    name: str
    files: list[str]
    captions: list[list[str]]
    images: np.ndarray

    def __len__(self) -> int:
        return len(self.files)


@dataclass(frozen=True)
class Packed:
    """What packing a split came to."""

    photographs: int
    captions: int
    missing: list[str]


def decode(data: bytes) -> np.ndarray:
    """Decodes one photograph to uint8 [SIDE, SIDE, 3], by Pillow's antialiased bilinear filter."""
    with Image.open(io.BytesIO(data)) as image:
        rgb = image.convert("RGB")
        if rgb.size != (SIDE, SIDE):
            rgb = rgb.resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        return np.asarray(rgb)


def pack(corpus: str, split: str, source: CaptionedPhotographs, out: Path) -> Packed:
    """Writes `<corpus>-<split>.npy` and, when that is whole, its index `<corpus>-<split>.json`."""
    captions, place = source.captions, source.photographs.path
    files = source.photographs.find(captions)
    missing = sorted(set(captions).difference(files))
    if not files or len(missing) > TOLERATED * len(captions):
        some = f"{len(missing)} of {len(captions)} captioned photographs are missing, e.g. {missing[0]}" if missing else "no photographs"
        raise CorpusError(f"{place}: {some}. Unpack the photographs of this corpus there, all of them.")
    index_path = out / f"{corpus}-{split}.json"
    index_path.unlink(missing_ok=True)  # an older index must not stand beside newer pixels
    with array_file(out / f"{corpus}-{split}.npy", (len(files), SIDE, SIDE, 3), np.uint8) as write:
        for name, data in source.photographs.read(files):
            try:
                pixels = decode(data)
            except (Image.DecompressionBombError, OSError, SyntaxError) as error:
                raise CorpusError(f"{place}: {name} is not a whole picture ({error}). Get it again.") from error
            write(pixels[np.newaxis])
    texts = [captions[name] for name in files]
    with whole_file(index_path) as file:
        file.write(json.dumps({"corpus": corpus, "split": split, "files": files, "captions": texts}).encode())
    return Packed(len(files), sum(map(len, texts)), missing)


def load(packed: Path, corpus: str, split: str) -> Split:
    """Loads what `pack` wrote; the pixels stay on disk until they are read."""
    path = packed / f"{corpus}-{split}.json"
    if not path.is_file():
        raise CorpusError(f"{path}: not packed yet. Run the step 'prepare' first.")
    index = read_json(path)
    images = np.load(packed / f"{corpus}-{split}.npy", mmap_mode="r")
    return Split(corpus, split, index["files"], index["captions"], images)


def packed_captions(path: Path) -> dict[str, list[str]]:
    """The captions of each photograph in an index that `pack` wrote, by file name."""
    index = read_json(path)
    return {Path(name).name: texts for name, texts in zip(index["files"], index["captions"], strict=True)}
