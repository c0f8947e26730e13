"""What a stage of training strives for."""

from __future__ import annotations

from torch import Tensor, nn

from ..batches import Batch
from ..model import Captioner
from ..sources import Source


class Objective(nn.Module):
    """A loss, with whatever learns beside the captioner and is left behind when the stage ends."""

    shown: float | None = None
    """What the log shows in place of the loss."""
    curve = "loss"
    """What it is called there."""

    def loss(self, captioner: Captioner, batch: Batch) -> Tensor:
        raise NotImplementedError

    def evaluate(self, captioner: Captioner, sources: list[Source], pictures: int | None) -> dict[str, dict[str, float]] | None:
        """Scores on dev splits by corpus, of so many pictures of each; None: captions are scored, as usual."""
        return None
