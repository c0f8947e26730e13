"""Karpathy's split files (`dataset_flickr8k.json`, `dataset_coco.json`, `dataset.json`) beside the photographs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .layout import CaptionedPhotographs, CorpusError, Layout
from .reading import field, find_files, find_one, find_photographs, read_json

PATTERN = "dataset[_.]*json"
SPLITS = {"train": "train", "restval": "train", "val": "dev", "test": "test"}
"""His names and ours. COCO's `restval` is what its validation set has beyond val and test; everyone trains on it."""


def read_image(image: Any, where: str) -> tuple[str, str, list[str]]:
    """(our split, name, captions) of one record."""
    split = field(image, "split", str, where)
    if split not in SPLITS:
        raise CorpusError(f"{where}: expected 'split' to be one of {', '.join(SPLITS)}, found {split!r}.")
    name = field(image, "filename", str, where)
    if "filepath" in image:  # COCO: `train2014` or `val2014`
        name = f"{field(image, 'filepath', str, where)}/{name}"
    captions = [field(sentence, "raw", str, where).strip() for sentence in field(image, "sentences", list, where)]
    return SPLITS[split], name, captions


def read(folder: Path) -> dict[str, CaptionedPhotographs]:
    path = find_one(folder, PATTERN)
    splits: dict[str, dict[str, list[str]]] = {}
    for index, image in enumerate(field(read_json(path), "images", list, str(path))):
        split, name, captions = read_image(image, f"{path}, images[{index}]")
        splits.setdefault(split, {})[name] = captions
    photographs = find_photographs(folder, [name for captions in splits.values() for name in captions])
    return {split: CaptionedPhotographs(texts, photographs) for split, texts in splits.items()}


LAYOUT = Layout("karpathy", "dataset_<corpus>.json", lambda folder: bool(find_files(folder, PATTERN)), read)
