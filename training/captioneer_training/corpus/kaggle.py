"""Flickr8k as Kaggle has it: `captions.txt`, comma-separated, and a folder of photographs, but no splits.

Flickr8k's official lists (`Flickr_8k.trainImages.txt` and so on) are followed where they are in the folder too.
Without them a photograph's place is told by its name alone, so that it is the same on every machine: the SHA-256 of the
file name, its first eight hexadecimal digits as a number, modulo 8; 0 is dev, 1 is test, the others are train.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path

from .flickr8k import read_lists
from .layout import CaptionedPhotographs, CorpusError, Layout
from .reading import find_files, find_one, find_photographs, read_lines

CAPTIONS = "captions.txt"


def read_captions(path: Path) -> dict[str, list[str]]:
    captions: dict[str, list[str]] = {}
    for number, row in _rows(path):
        if number == 1:
            if row != ["image", "caption"]:
                raise CorpusError(f"{path}, line 1: expected the header 'image,caption', found {','.join(row)!r}.")
            continue
        name, *parts = row
        if not parts:
            raise CorpusError(f"{path}, line {number}: expected 'name.jpg,caption', found {name[:80]!r}.")
        captions.setdefault(name, []).append(",".join(parts).strip())  # some copies do not quote a caption that has commas
    return captions


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Every line is a record of its own: a quotation mark that is never closed must not swallow the lines after it."""
    for number, line in read_lines(path):
        if line.strip():
            yield number, next(csv.reader([line]))


def split_of(name: str) -> str:
    place = int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % 8
    return {0: "dev", 1: "test"}.get(place, "train")


def read(folder: Path) -> dict[str, CaptionedPhotographs]:
    captions = read_captions(find_one(folder, CAPTIONS))
    splits = read_lists(folder, captions)
    if not splits:
        for name, texts in captions.items():
            splits.setdefault(split_of(name), {})[name] = texts
    photographs = find_photographs(folder, captions)
    return {split: CaptionedPhotographs(texts, photographs) for split, texts in splits.items()}


LAYOUT = Layout("kaggle", f"{CAPTIONS} (image,caption)", lambda folder: bool(find_files(folder, CAPTIONS)), read)
