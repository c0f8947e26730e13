"""Where training pictures and their captions come from: packed photographs, or scenes rendered when they are asked for."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from torch import Tensor

from .a3ds.measures import score_captions
from .a3ds.scenes import Scenes
from .config import ConfigError
from .corpus import Split, load
from .devices import place
from .metrics import measure
from .text import mirror_words

A3DS = "a3ds"
"""The corpus that is rendered, not read."""


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


def in_batches(source: Source, size: int, most: int | None = None) -> Iterator[Tensor]:
    """The pictures of a source in the order of its rows, at most `most` of them: uint8 [size or fewer, side, side, 3]."""
    count = min(most or len(source), len(source))
    for start in range(0, count, size):
        yield place(source.pixels(range(start, min(start + size, count))))


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


@dataclass(frozen=True)
class RenderedScenes:
    """Scenes in the manner of 3D Shapes, with long captions in the manner of A3DS: nothing tells a model when to be short."""

    scenes: Scenes
    corpus: str = A3DS

    @cached_property
    def order(self) -> np.ndarray:
        """The scenes' own rows in an order of chance, so that the first ones are like all."""
        return np.random.default_rng(1).permutation(len(self.scenes))

    def __len__(self) -> int:
        return len(self.scenes)

    def pixels(self, rows: Sequence[int]) -> np.ndarray:
        return self.scenes.images(self.order[list(rows)].tolist())

    def texts(self) -> Iterable[str]:
        rng = random.Random(1)
        return (text for row in rng.sample(range(len(self)), 5000) for text in self.scenes.captions(row, rng))

    def draw(self, row: int, count: int, is_mirrored: bool, rng: random.Random) -> list[str]:
        if is_mirrored:
            raise ConfigError("scenes are not to be mirrored, since their shadow always falls to the right: set mirror = false.")
        return self.scenes.captions(int(self.order[row]), rng, count)

    def references(self, row: int) -> list[str]:
        raise ConfigError("scenes have no list of captions to be compared with; train them with cross-entropy.")

    def score(self, captions: list[str]) -> dict[str, float]:
        """Factual accuracy, features named a caption, and how often each is right where it is named."""
        numbers = self.scenes.indices[self.order[: len(captions)]].tolist()
        report = score_captions(dict(zip(numbers, captions, strict=True)))
        features = {name: feature["accuracy"] or 0.0 for name, feature in report["features"].items()}
        return {"accuracy": report["accuracy"], "named": report["named"], **features}


def open_sources(corpora: Sequence[str], split: str, work: Path) -> list[Source]:
    def open_source(corpus: str) -> Source:
        return RenderedScenes(Scenes(split)) if corpus == A3DS else Photographs(load(work / "data", corpus, split))

    return [open_source(corpus) for corpus in corpora]
