"""An encoder learns to see as another does, place by place (feature distillation, Romero et al. 2015)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..batches import Batch
from ..encoders.encoder import Encoder
from ..model import Captioner
from ..sources import Source
from .objective import Objective


class Distillation(Objective):
    """The student's features, through one linear layer, have the direction of the teacher's at the same place of the picture."""

    curve = "distance"

    def __init__(self, captioner: Captioner, teacher: Encoder) -> None:
        super().__init__()
        self.adapter = nn.Linear(captioner.encoder.width, teacher.width)
        self._teacher = [teacher.eval().requires_grad_(False)]  # in a list, so that it is neither learned nor saved

    def loss(self, captioner: Captioner, batch: Batch) -> Tensor:
        assert batch.images is not None
        teacher = self._teacher[0]
        with torch.no_grad():
            wanted = resize_map(teacher(teacher.pixel_values(batch.images)), batch.features.shape[1])
        given = self.adapter(batch.features)
        loss = 1 - F.cosine_similarity(given, wanted, dim=-1).mean()
        self.shown = loss.item()
        return loss + F.smooth_l1_loss(given, wanted)

    def evaluate(self, captioner: Captioner, sources: list[Source], pictures: int | None) -> dict[str, dict[str, float]]:
        """The loss is all there is to see; captions come later."""
        return {}


def resize_map(features: Tensor, places: int) -> Tensor:
    """A square map [B, regions, width] averaged to another number of places."""
    if features.shape[1] == places:
        return features
    side, wanted = round(features.shape[1] ** 0.5), round(places**0.5)
    grid = features.transpose(1, 2).unflatten(2, (side, side))
    return F.adaptive_avg_pool2d(grid, wanted).flatten(2).transpose(1, 2)
