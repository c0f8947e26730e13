"""A captioner learns each next word as a better one would say it (Hinton et al. 2015, word by word as Kim and Rush 2016)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..batches import Batch, draw_captions, pad
from ..config import ConfigError, Stage
from ..features import cache_features
from ..model import Captioner
from ..sources import Source
from .objective import Objective

TEACHER_SHARE = 0.7
"""Of the loss that is the teacher's word; the rest is the word that people wrote."""


class Imitation(Objective):
    """Cross-entropy to the teacher's distribution of the next word, and to the word that stands there.

    The teacher sees each picture whole, from a cache: what the student sees may be a part of it in other colours.
    """

    def __init__(self, stage: Stage, teacher: Captioner, captioner: Captioner, sources: list[Source], cache: Path, longest: int) -> None:
        super().__init__()
        if stage.mirror:
            raise ConfigError("the teacher sees pictures as they are: set mirror = false.")
        if teacher.tokens.state() != captioner.tokens.state():
            raise ConfigError("teacher and captioner need the same words.")
        self.stage, self.longest = stage, longest
        self._teacher = [teacher.eval().requires_grad_(False)]  # in a list, so that it is neither learned nor saved
        self._seen: dict[str, np.ndarray] = {s.corpus: cache_features(teacher, s, cache, 1) for s in sources}

    @torch.no_grad()
    def wanted(self, batch: Batch, inputs: Tensor, is_word: Tensor) -> Tensor:
        """The teacher's probabilities of the next word, [words, V]."""
        teacher = self._teacher[0]
        seen = np.stack([self._seen[picture.source.corpus][picture.row, 0] for picture in batch.pictures])
        memory = teacher.decoder.remember(teacher.encoder.pool(torch.from_numpy(seen).float()))
        return teacher.decoder(memory, inputs, is_word).logits.softmax(-1)

    def loss(self, captioner: Captioner, batch: Batch) -> Tensor:
        captions = draw_captions(batch, self.stage.captions, captioner.tokens, self.longest)
        inputs, targets, is_word = pad(captions, captioner.tokens)
        memory = captioner.decoder.remember(captioner.encoder.pool(batch.features(captioner.encoder)))
        logits, penalty = captioner.decoder(memory, inputs, is_word)  # [words, V]
        taught = F.cross_entropy(logits, self.wanted(batch, inputs, is_word))
        told = F.cross_entropy(logits, targets[is_word], label_smoothing=self.stage.label_smoothing)
        loss = told.lerp(taught, TEACHER_SHARE)
        return loss if penalty is None else loss + penalty
