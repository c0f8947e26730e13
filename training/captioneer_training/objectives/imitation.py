"""A captioner learns each next word as better ones would say it (Hinton et al. 2015, word by word as Kim and Rush 2016)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..batches import Batch
from ..config import ConfigError, Stage
from ..devices import place
from ..features import cache_features
from ..model import Captioner
from ..sources import Source
from .cross_entropy import CrossEntropy

TEACHERS_SHARE = 0.7
"""Of the loss that is the teachers' word; the rest is the word that people wrote."""


class Imitation(CrossEntropy):
    """Cross-entropy to the mean of the teachers' distributions of the next word, and to the word that stands there.

    The teachers see each picture whole, from a cache: what the student sees may be a part of it in other colours.
    """

    def __init__(
        self, stage: Stage, teachers: Sequence[Captioner], captioner: Captioner, sources: list[Source], cache: Path, longest: int
    ) -> None:
        super().__init__(stage, longest)
        if stage.mirror:
            raise ConfigError("the teachers see pictures as they are: set mirror = false.")
        if any(teacher.tokens.state() != captioner.tokens.state() for teacher in teachers):
            raise ConfigError("teachers and captioner need the same words.")
        self._teachers = [teacher.eval().requires_grad_(False) for teacher in teachers]  # in a list: neither learned nor saved
        self._seen = [{s.corpus: cache_features(teacher, s, cache, 1) for s in sources} for teacher in teachers]

    @torch.no_grad()
    def wanted(self, batch: Batch, inputs: Tensor, is_word: Tensor) -> Tensor:
        """The teachers' probabilities of the next word, [words, V]."""
        said = []
        for teacher, seen in zip(self._teachers, self._seen, strict=True):
            features = np.stack([seen[picture.source.corpus][picture.row, 0] for picture in batch.pictures])
            memory = teacher.decoder.remember(teacher.encoder.pool(place(features).float()))
            said.append(teacher.decoder(memory, inputs, is_word).logits.softmax(-1))
        return torch.stack(said).mean(0)

    def taught(self, loss: Tensor, logits: Tensor, batch: Batch, inputs: Tensor, is_word: Tensor) -> Tensor:
        return loss.lerp(F.cross_entropy(logits, self.wanted(batch, inputs, is_word)), TEACHERS_SHARE)
