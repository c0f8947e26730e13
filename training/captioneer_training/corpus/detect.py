"""Which layout a folder has."""

from __future__ import annotations

from pathlib import Path

from . import coco, flickr8k, kaggle, karpathy, tsv
from .layout import CorpusError, Layout

LAYOUTS = {layout.name: layout for layout in (tsv.LAYOUT, flickr8k.LAYOUT, kaggle.LAYOUT, karpathy.LAYOUT, coco.LAYOUT)}


def choose_layout(folder: Path, name: str | None = None) -> Layout:
    """The layout of that name, or the one that the folder looks like."""
    if not folder.is_dir():
        raise CorpusError(f"{folder}: no such folder. Give the folder that holds the captions and the photographs.")
    if name is not None:
        return LAYOUTS[name]
    found = [layout for layout in LAYOUTS.values() if layout.is_in(folder)]
    if not found:
        known = "; ".join(f"{layout.name}: {layout.marks}" for layout in LAYOUTS.values())
        raise CorpusError(f"{folder}: no layout that training knows. It looks for one of these: {known}.")
    if len(found) > 1:
        names = " and ".join(layout.name for layout in found)
        raise CorpusError(f"{folder}: this could be the layout {names}. Say which with --layout.")
    return found[0]
