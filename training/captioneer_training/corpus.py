"""Captioned photographs: reading them from where people keep them, and packing them for training."""

from __future__ import annotations

import csv
import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 224
"""Photographs are packed as squares of this many pixels (the aspect ratio is squashed)."""


class CorpusError(Exception):
    """The photographs or their captions are not where, or not what, they were said to be."""


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


def read_captions(path: Path) -> dict[str, list[str]]:
    """Reads a TSV with the header `image<TAB>caption` and one row a caption."""
    if not path.is_file():
        raise CorpusError(f"{path}: no such file. Give the folder that holds <split>.captions.tsv.")
    captions: dict[str, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        header = next(rows, None)
        if header != ["image", "caption"]:
            raise CorpusError(f"{path}: expected the header 'image<TAB>caption', found {header}.")
        for number, row in enumerate(rows, start=2):
            if len(row) != 2:
                raise CorpusError(f"{path}, line {number}: expected 2 columns, found {len(row)}.")
            captions.setdefault(row[0], []).append(row[1])
    return captions


def iterate_photographs(source: Path) -> Iterator[tuple[str, bytes]]:
    """Yields (file name, encoded bytes) from a tar archive or a folder, in a stable order."""
    if source.is_dir():
        for path in sorted(source.iterdir()):
            if path.suffix.lower() in {".jpg", ".jpeg", ".png"}:
                yield path.name, path.read_bytes()
        return
    if not source.is_file():
        raise CorpusError(f"{source}: neither a tar archive nor a folder of photographs.")
    with tarfile.open(source) as archive:
        for member in archive:
            data = archive.extractfile(member)
            if data is not None:
                yield Path(member.name).name, data.read()


def decode(data: bytes) -> np.ndarray:
    """Decodes one photograph to uint8 [SIDE, SIDE, 3], by Pillow's antialiased bilinear filter."""
    with Image.open(io.BytesIO(data)) as image:
        rgb = image.convert("RGB")
        if rgb.size != (SIDE, SIDE):
            rgb = rgb.resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        return np.asarray(rgb)


def pack(corpus: str, folder: Path, split: str, out: Path) -> None:
    """Packs `<folder>/<split>.tar` (or the folder `<split>/`) and its captions into `out`."""
    captions = read_captions(folder / f"{split}.captions.tsv")
    source = folder / f"{split}.tar"
    if not source.is_file():
        source = folder / split
    out.mkdir(parents=True, exist_ok=True)
    files: list[str] = []
    images = np.lib.format.open_memmap(out / f"{corpus}-{split}.npy", mode="w+", dtype=np.uint8, shape=(len(captions), SIDE, SIDE, 3))
    for name, data in iterate_photographs(source):
        if name in captions:
            images[len(files)] = decode(data)
            files.append(name)
    if len(files) != len(captions):
        missing = next(name for name in captions if name not in set(files))
        raise CorpusError(f"{source}: {len(captions) - len(files)} captioned photographs are missing, e.g. {missing}.")
    images.flush()
    index = {"corpus": corpus, "split": split, "files": files, "captions": [captions[name] for name in files]}
    (out / f"{corpus}-{split}.json").write_text(json.dumps(index), encoding="utf-8")


def load(packed: Path, corpus: str, split: str) -> Split:
    """Loads what `pack` wrote; the pixels stay on disk until they are read."""
    path = packed / f"{corpus}-{split}.json"
    if not path.is_file():
        raise CorpusError(f"{path}: not packed yet. Run the step 'prepare' first.")
    index = json.loads(path.read_text(encoding="utf-8"))
    images = np.load(packed / f"{corpus}-{split}.npy", mmap_mode="r")
    return Split(corpus, split, index["files"], index["captions"], images)
