"""A grid map, and beside it the boxes that a detector finds (bottom-up attention, Anderson et al. 2018)."""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .encoder import Encoder
from .nanodet import KINDS, MEAN, STD, WIDTH, NanoDet

BOXES = 20
"""Of each picture, the best ones."""
CANDIDATES = 100
"""Cells of the best scores, of whose boxes those are chosen that are not another's."""
SAME = 0.6
"""Overlap (intersection over union) from which on two boxes are one thing, whatever kinds they are said to be."""
ROUNDS = 8
"""Of suppression; on 64 photographs no box differs from those of twice as many rounds."""

BOX, SCORE, KIND, FEATURES, SCORES = (0, 4), (4, 5), (5, 6), (6, 6 + WIDTH), (6 + WIDTH, 6 + WIDTH + len(KINDS))
"""Where in the row of a box its parts stand."""


class Boxes(NamedTuple):
    """What the rows of boxes say, [B, boxes, …] each, the best score first; a row of zeros where there are no more."""

    box: Tensor
    """[B, boxes, 4]: left, top, right and bottom as shares of the picture's width and height, 0 … 1."""
    score: Tensor
    """[B, boxes, 1], 0 … 1."""
    kind: Tensor
    """[B, boxes, 1]: the class, as a float."""
    features: Tensor
    """[B, boxes, 128]: the detector's map at the cell that found it."""
    scores: Tensor
    """[B, boxes, 80]: of all kinds."""


def read_boxes(rows: Tensor) -> Boxes:
    """Rows of boxes [B, boxes, at least 214] → their parts."""
    return Boxes(*(rows[..., start:end] for start, end in (BOX, SCORE, KIND, FEATURES, SCORES)))


class RegionEncoder(Encoder):
    """pixel values [B, 3, side, side] → region features [B, cells + boxes, width]: the trunk's map, then a row a box."""

    def __init__(self, trunk: Encoder) -> None:
        super().__init__()
        self.trunk, self.detector = trunk, NanoDet()
        self.side, self.mean, self.std, self.width = trunk.side, trunk.mean, trunk.std, trunk.width
        self.regions = trunk.regions + BOXES

    def features(self, pixels: Tensor) -> Tensor:
        # From the trunk's normalisation to the detector's, in one product and one sum.
        mean, std, own_mean, own_std = (torch.tensor(channels).view(3, 1, 1) for channels in (self.mean, self.std, MEAN, STD))
        rows = best_boxes(self.detector, pixels * (255 * std / own_std) + (255 * mean - own_mean) / own_std)
        return torch.cat((self.trunk(pixels), F.pad(rows, (0, self.width - rows.shape[-1]))), 1)

    def networks(self) -> list[nn.Module]:
        return [self.trunk.network(), self.detector]

    def freeze(self, blocks: int) -> None:
        self.trunk.freeze(blocks)
        self.detector.requires_grad_(False)


def best_boxes(detector: NanoDet, pixels: Tensor) -> Tensor:
    """The detector's own pixels [B, 3, H, W] → rows of boxes [B, boxes, 214]."""
    found = detector(pixels)
    height, width = int(pixels.shape[-2]), int(pixels.shape[-1])
    best, kind = found.scores.max(-1)
    score, cell = best.topk(CANDIDATES)  # [B, candidates], falling

    def at(table: Tensor, places: Tensor) -> Tensor:
        return table.gather(1, places[..., None].expand(-1, -1, table.shape[-1]))

    box = (at(found.boxes, cell) / torch.tensor([width, height, width, height])).clamp(0, 1)
    kept = _suppress(box)  # [B, candidates], 1 or 0
    order = torch.arange(CANDIDATES, 0, -1).float() / CANDIDATES
    rank, chosen = (order * (2 * kept - 1)).topk(BOXES)  # those that are kept, in their order, then the others
    cell, is_there = cell.gather(1, chosen), (rank > 0).float()[..., None]
    row = torch.cat(
        (
            box.gather(1, chosen[..., None].expand(-1, -1, 4)),
            score.gather(1, chosen)[..., None],
            kind.gather(1, cell)[..., None].float(),
            at(found.features, cell),
            at(found.scores, cell),
        ),
        -1,
    )
    return row * is_there


def _suppress(box: Tensor) -> Tensor:
    """Boxes [B, n, 4], the best first → 1 for those that stay, [B, n].

    Cluster NMS (Zheng et al. 2021): each round lets those suppress that the round before left, until what greedy suppression gives.
    """
    left, top, right, bottom = (box[..., n] for n in range(4))
    width = torch.minimum(right[:, :, None], right[:, None]) - torch.maximum(left[:, :, None], left[:, None])
    height = torch.minimum(bottom[:, :, None], bottom[:, None]) - torch.maximum(top[:, :, None], top[:, None])
    both = width.clamp(min=0) * height.clamp(min=0)
    area = (right - left) * (bottom - top)
    overlap = both / (area[:, :, None] + area[:, None] - both).clamp(min=1e-9)
    better = torch.ones(box.shape[1], box.shape[1]).triu(1)  # [n, n]: whether the row's box is better than the column's
    suppresses = (overlap > SAME).float() * better
    kept = torch.ones_like(left)
    for _ in range(ROUNDS):
        kept = 1 - (suppresses * kept[:, :, None]).amax(1)
    return kept
