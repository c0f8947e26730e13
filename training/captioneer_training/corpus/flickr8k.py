"""Flickr8k as its authors published it: a token file, lists of the splits, and a folder of photographs."""

from __future__ import annotations

import re
from pathlib import Path

from .layout import CaptionedPhotographs, CorpusError, Layout
from .reading import find_files, find_one, find_photographs, read_lines

TOKENS = "Flickr8k.token.txt"
LISTS = {split: f"Flickr_8k.{split}Images.txt" for split in ("train", "dev", "test")}

# <name>#<number of the caption><TAB><caption>. One photograph of the published file is called `<name>.jpg.1` there.
_LINE = re.compile(r"(?P<name>.+?\.jpe?g)(?:\.\d+)?#\d+\t(?P<caption>.*)", re.IGNORECASE)


def read_tokens(path: Path) -> dict[str, list[str]]:
    captions: dict[str, list[str]] = {}
    for number, line in read_lines(path):
        match = _LINE.fullmatch(line)
        if match:
            captions.setdefault(match["name"], []).append(match["caption"].strip())
        elif line.strip():
            raise CorpusError(f"{path}, line {number}: expected 'name.jpg#0<TAB>caption', found {line[:80]!r}.")
    return captions


def read_lists(folder: Path, captions: dict[str, list[str]]) -> dict[str, dict[str, list[str]]]:
    """The captions of each split that the folder has a list of; photographs that no list names are left out."""
    splits: dict[str, dict[str, list[str]]] = {}
    for split, pattern in LISTS.items():
        if not find_files(folder, pattern):
            continue
        path = find_one(folder, pattern)
        splits[split] = {}
        for number, line in read_lines(path):
            name = line.strip()
            if name and name not in captions:
                raise CorpusError(f"{path}, line {number}: expected the name of a captioned photograph, found {name!r}.")
            if name:
                splits[split][name] = captions[name]
    return splits


def read(folder: Path) -> dict[str, CaptionedPhotographs]:
    captions = read_tokens(find_one(folder, TOKENS))
    find_one(folder, LISTS["train"])  # says what is missing
    splits = read_lists(folder, captions)
    photographs = find_photographs(folder, splits["train"])
    return {split: CaptionedPhotographs(texts, photographs) for split, texts in splits.items()}


LAYOUT = Layout("flickr8k", f"{TOKENS} and {LISTS['train']}", lambda folder: bool(find_files(folder, TOKENS)), read)
