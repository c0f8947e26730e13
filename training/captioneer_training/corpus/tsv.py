"""`<split>.captions.tsv` beside `<split>.tar` or the folder `<split>/`: the layout of captioneer's own corpora."""

from __future__ import annotations

from pathlib import Path

from .layout import CaptionedPhotographs, CorpusError, Folder, Layout, Tar
from .reading import read_lines

ENDING = ".captions.tsv"


def read_captions(path: Path) -> dict[str, list[str]]:
    """Reads a TSV with the header `image<TAB>caption` and one row a caption."""
    lines = read_lines(path)
    _, header = next(lines, (1, ""))
    if header.split("\t") != ["image", "caption"]:
        raise CorpusError(f"{path}, line 1: expected the header 'image<TAB>caption', found {header!r}.")
    captions: dict[str, list[str]] = {}
    for number, line in lines:
        row = line.split("\t")
        if len(row) != 2:
            raise CorpusError(f"{path}, line {number}: expected 2 columns, found {len(row)}.")
        captions.setdefault(row[0], []).append(row[1])
    return captions


def read(folder: Path) -> dict[str, CaptionedPhotographs]:
    splits = {}
    for path in sorted(folder.glob(f"*{ENDING}")):
        split = path.name.removesuffix(ENDING)
        tar = folder / f"{split}.tar"
        splits[split] = CaptionedPhotographs(read_captions(path), Tar(tar) if tar.is_file() else Folder(folder / split))
    return splits


LAYOUT = Layout("tsv", "train.captions.tsv and dev.captions.tsv", lambda folder: any(folder.glob(f"*{ENDING}")), read)
