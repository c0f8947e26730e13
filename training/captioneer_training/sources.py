"""Where training pictures and their captions come from: packed photographs, or scenes rendered when they are asked for."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from .corpus import Split, load
from .metrics import measure
from .text import mirror_words


class Source(Protocol):
    """Pictures of one split of one corpus, by row."""

    @property
    def corpus(self) -> str: ...
    def __len__(self) -> int: ...
    def pixels(self, rows: Sequence[int]) -> np.ndarray:
        """uint8 RGB [B, side, side, 3]."""
        ...

    def texts(self) -> Iterable[str]:
        """Captions enough to make a tokenizer of."""
        ...

    def draw(self, row: int, count: int, is_mirrored: bool, rng: random.Random) -> list[str]:
        """`count` captions of one picture, different ones where there are as many; a mirrored picture's left is right."""
        ...

    def references(self, row: int) -> list[str]:
        """All captions of one picture."""
        ...

    def score(self, captions: list[str]) -> dict[str, float]:
        """Measures of captions of the first rows."""
        ...


@dataclass(frozen=True)
class Photographs:
    """A packed corpus."""

    split: Split

    @property
    def corpus(self) -> str:
        return self.split.corpus

    def __len__(self) -> int:
        return len(self.split)

    def pixels(self, rows: Sequence[int]) -> np.ndarray:
        return np.stack([self.split.images[row] for row in rows])

    def texts(self) -> Iterable[str]:
        return (text for texts in self.split.captions for text in texts)

    def draw(self, row: int, count: int, is_mirrored: bool, rng: random.Random) -> list[str]:
        texts = self.split.captions[row]
        drawn = rng.sample(texts, count) if len(texts) >= count else texts + rng.choices(texts, k=count - len(texts))
        return [mirror_words(text) for text in drawn] if is_mirrored else drawn

    def references(self, row: int) -> list[str]:
        return self.split.captions[row]

    def score(self, captions: list[str]) -> dict[str, float]:
        return measure(captions, self.split.captions[: len(captions)])


def open_sources(corpora: Sequence[str], split: str, work: Path) -> list[Source]:
    return [Photographs(load(work / "data", corpus, split)) for corpus in corpora]
