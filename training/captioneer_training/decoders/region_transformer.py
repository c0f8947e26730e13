"""A Transformer decoder that attends to the cells of a map and to the boxes of a detector (bottom-up attention, Anderson et al. 2018)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from ..encoders.nanodet import KINDS, WIDTH
from ..encoders.region_encoder import BOXES, Boxes, read_boxes
from .decoder import Named
from .transformer import TransformerConfig, TransformerDecoder
from .words import BIAS

BOX, KIND, SCORE = "regions.boxes", "regions.labels", "regions.scores"
"""Names under which the encoder's graph tells of the boxes."""
NOTHING = -1e4
"""Added to the attention to a box that is not there, before the softmax."""


@dataclass(frozen=True)
class RegionTransformerConfig(TransformerConfig):
    minimum_score: float = 0.1
    """Boxes of lower scores are taken for none."""


class RegionTransformerDecoder(TransformerDecoder):
    """What a box is: the cells that it covers, each by the share of the box on it, and what the detector says of it.

    So each box starts as the mean of what the decoder knows of its cells, their places included, and a decoder that was trained
    on the grid alone understands it.
    """

    def __init__(self, config: RegionTransformerConfig) -> None:
        self.cells = config.regions - BOXES
        super().__init__(replace(config, regions=self.cells))
        self.minimum_score = config.minimum_score
        self.describe = nn.Linear(WIDTH + len(KINDS) + 6, config.width)
        nn.init.zeros_(self.describe.weight)
        nn.init.zeros_(self.describe.bias)

    def remember(self, features: Tensor) -> Named:
        boxes = read_boxes(features[:, self.cells :])
        grid = self.project(self.feature_dropout(features[:, : self.cells])) + self.region_positions  # [B, cells, width]
        cover = coverage(boxes.box, round(self.cells**0.5))
        is_there = (boxes.score > self.minimum_score).float()  # [B, boxes, 1]
        x = torch.cat((grid, cover @ grid + self.describe(self._said(boxes))), 1)
        absent = NOTHING * (1 - is_there.transpose(1, 2)[:, :, None])  # [B, 1, 1, boxes]
        bias = torch.cat((absent.new_zeros(absent.shape[0], 1, 1, self.cells), absent), -1)
        for layer in self.region_layers:
            x = layer(x, bias=bias)
        score = (boxes.score * is_there)[..., 0]
        return self.remember_regions(self.region_norm(x)) | {BIAS: bias, BOX: boxes.box, KIND: boxes.kind[..., 0], SCORE: score}

    def _said(self, boxes: Boxes) -> Tensor:
        """[B, boxes, 214]: the detector's features at about unit size, the kinds' scores, the box, its area and its score."""
        size = boxes.box[..., 2:] - boxes.box[..., :2]
        return torch.cat((boxes.features * 7, boxes.scores * 4, boxes.box, size.prod(-1, keepdim=True), boxes.score), -1)


def coverage(box: Tensor, side: int) -> Tensor:
    """Boxes [B, n, 4] as shares of the picture → the share of each box that lies on each cell of a square grid, [B, n, side²]."""
    edges = torch.arange(side + 1).float() / side

    def along(start: Tensor, end: Tensor) -> Tensor:
        """[B, n, 1] each → [B, n, side]: what of the line lies on each cell."""
        return (torch.minimum(end, edges[1:]) - torch.maximum(start, edges[:-1])).clamp(min=0)

    left, top, right, bottom = (box[..., n : n + 1] for n in range(4))
    area = along(top, bottom)[..., :, None] * along(left, right)[..., None, :]  # [B, n, rows, columns]
    area = area.flatten(2)
    return area / area.sum(-1, keepdim=True).clamp(min=1e-9)
