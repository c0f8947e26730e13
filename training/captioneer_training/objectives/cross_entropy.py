"""The likelihood of the captions that people wrote."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ..batches import Batch, draw_captions, pad
from ..config import Stage
from ..decoders.decoder import PREFIX, Named
from ..gender import GenderLoss
from ..model import Captioner
from .objective import Objective


class CrossEntropy(Objective):
    """Mean negative log-likelihood of the next token, label-smoothed."""

    def __init__(self, stage: Stage, longest: int, gender: GenderLoss | None = None) -> None:
        super().__init__()
        self.stage, self.longest, self.gender = stage, longest, gender

    def memory(self, captioner: Captioner, batch: Batch) -> Named:
        return captioner.decoder.remember(captioner.encoder.pool(batch.features(captioner.encoder)))

    def loss(self, captioner: Captioner, batch: Batch) -> Tensor:
        captions = draw_captions(batch, self.stage.captions, captioner.tokens, self.longest)
        inputs, targets, is_word = pad(captions, captioner.tokens)
        memory = self.memory(captioner, batch)
        logits, penalty = captioner.decoder(memory, inputs, is_word)  # [words, V]
        loss = F.cross_entropy(logits, targets[is_word], label_smoothing=self.stage.label_smoothing)
        loss = self.taught(loss, logits, batch, inputs, is_word)
        if self.gender is not None:
            loss = loss + self.stage.gender * self.gender(captioner.decoder, memory, batch)
        return loss if penalty is None else loss + penalty

    def taught(self, loss: Tensor, logits: Tensor, batch: Batch, inputs: Tensor, is_word: Tensor) -> Tensor:
        """The loss of what people wrote; other objectives have more to say of the `logits` [words, V]."""
        return loss


class Language(CrossEntropy):
    """The same without the picture: what a decoder with a prefix learns of language before it sees anything."""

    def memory(self, captioner: Captioner, batch: Batch) -> Named:
        return {PREFIX: torch.zeros(1, 0, captioner.decoder.width)}
