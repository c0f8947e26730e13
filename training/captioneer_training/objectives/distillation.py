"""An encoder learns to see as another does, place by place (feature distillation, Romero et al. 2015)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..batches import Batch
from ..config import ConfigError
from ..encoders.encoder import Encoder
from ..encoders.staged import StagedEncoder
from ..model import Captioner
from ..sources import Source
from .objective import Objective

HINT_WEIGHT = 0.3
"""Of each map on the way, where the last counts 1."""
FINEST = 4
"""Maps on the way are learned from where a cell is so many pixels wide."""


class Distillation(Objective):
    """The student's last map, and each map on the way that has as many rows as one of the teacher's, is the teacher's through
    one linear layer.

    Of the teacher each channel counts alike, whatever its scale: what tells few pictures apart is as good as what all of
    them have. The loss of a map is the share of the teacher's variance that stays unexplained.
    """

    curve = "unexplained"

    def __init__(self, captioner: Captioner, teacher: Encoder, side: int | None) -> None:
        super().__init__()
        student = captioner.encoder
        if not isinstance(student, StagedEncoder) or not isinstance(teacher, StagedEncoder):
            raise ConfigError("distillation is between two encoders of blocks in a row, which give maps on the way.")
        self._teacher = [teacher.eval().requires_grad_(False)]  # in a list, so that it is neither learned nor saved
        given, wanted = (widths(encoder, side or encoder.side) for encoder in (student, teacher))
        shared = [size for size in given.keys() & wanted.keys() if size * FINEST <= (side or student.side)]
        self.hints = sorted({*shared} - {min(given), min(wanted)})
        self.adapters = nn.ModuleDict({str(size): nn.Conv2d(given[size], wanted[size], 1) for size in self.hints})
        self.last_adapter = nn.Conv2d(student.width, teacher.width, 1)

    def loss(self, captioner: Captioner, batch: Batch) -> Tensor:
        student, teacher = captioner.encoder, self._teacher[0]
        assert isinstance(student, StagedEncoder)
        with torch.no_grad():
            wanted = teacher.maps_by_size(batch.pixel_values(teacher))
        given = student.maps_by_size(batch.pixel_values(student))
        last = given[min(given)]
        loss = unexplained(self.last_adapter(last), F.adaptive_avg_pool2d(wanted[min(wanted)], (last.shape[-2], last.shape[-1])))
        self.shown = loss.item()
        for size in self.hints:
            loss = loss + HINT_WEIGHT * unexplained(self.adapters[str(size)](given[size]), wanted[size])
        return loss

    def evaluate(self, captioner: Captioner, sources: list[Source], pictures: int | None) -> dict[str, dict[str, float]]:
        """The loss is all there is to see; captions come later."""
        return {}


@torch.no_grad()
def widths(encoder: StagedEncoder, side: int) -> dict[int, int]:
    """Channels of the map of each size."""
    training = encoder.training
    maps = encoder.eval().maps_by_size(torch.zeros(1, 3, side, side))
    encoder.train(training)
    return {size: x.shape[1] for size, x in maps.items()}


def unexplained(given: Tensor, wanted: Tensor) -> Tensor:
    """Mean squared difference to a map [B, channels, rows, columns] whose channels are brought to mean 0 and variance 1."""
    return F.mse_loss(given, F.batch_norm(wanted, None, None, training=True, eps=1e-3))
