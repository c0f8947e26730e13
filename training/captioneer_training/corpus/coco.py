"""COCO as its authors publish it: `annotations/captions_train2017.json` and `train2017/`, and the same for val."""

from __future__ import annotations

from pathlib import Path

from .layout import CaptionedPhotographs, CorpusError, Layout
from .reading import field, find_files, find_one, find_photographs, read_json

PATTERNS = {"train": "captions_train*.json", "dev": "captions_val*.json"}


def read_annotations(path: Path) -> dict[str, list[str]]:
    content = read_json(path)
    captions: dict[str, list[str]] = {}
    by_id: dict[int, list[str]] = {}
    for index, image in enumerate(field(content, "images", list, str(path))):
        where = f"{path}, images[{index}]"
        by_id[field(image, "id", int, where)] = captions.setdefault(field(image, "file_name", str, where), [])
    for index, annotation in enumerate(field(content, "annotations", list, str(path))):
        where = f"{path}, annotations[{index}]"
        number = field(annotation, "image_id", int, where)
        if number not in by_id:
            raise CorpusError(f"{where}: expected 'image_id' to be the id of an image, found {number}.")
        by_id[number].append(field(annotation, "caption", str, where).strip())
    return {name: texts for name, texts in captions.items() if texts}


def read(folder: Path) -> dict[str, CaptionedPhotographs]:
    splits = {}
    for split, pattern in PATTERNS.items():
        if find_files(folder, pattern):
            captions = read_annotations(find_one(folder, pattern))
            splits[split] = CaptionedPhotographs(captions, find_photographs(folder, captions))
    return splits


LAYOUT = Layout("coco", "annotations/captions_train<year>.json", lambda folder: bool(find_files(folder, PATTERNS["train"])), read)
