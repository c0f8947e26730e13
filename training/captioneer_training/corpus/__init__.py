"""Captioned photographs: reading them in the layouts that people have, and packing them for training."""

from .detect import LAYOUTS, choose_layout
from .layout import CaptionedPhotographs, CorpusError, Layout
from .packing import SIDE, Packed, Split, load, pack, packed_captions
from .tsv import read_captions

__all__ = [
    "LAYOUTS",
    "SIDE",
    "CaptionedPhotographs",
    "CorpusError",
    "Layout",
    "Packed",
    "Split",
    "choose_layout",
    "load",
    "pack",
    "packed_captions",
    "read_captions",
]
