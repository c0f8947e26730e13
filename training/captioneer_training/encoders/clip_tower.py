"""The image side of a small CLIP (Radford et al. 2021): a convolutional network and attention pooling to one vector."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .encoder import Encoder


class ClipTower(Encoder):
    """pixel values [B, 3, side, side] → an embedding of unit length [B, 1, width]."""

    regions = 1

    def __init__(self, trunk: Encoder, width: int = 512, heads: int = 8) -> None:
        super().__init__()
        self.trunk = trunk
        self.side, self.mean, self.std = trunk.side, trunk.mean, trunk.std
        self.width = width
        self.heads = heads
        self.norm = nn.LayerNorm(trunk.width)
        self.query = nn.Parameter(torch.randn(width) * 0.02)
        self.key_value = nn.Linear(trunk.width, 2 * width)
        self.out = nn.Linear(width, width)

    def features(self, pixels: Tensor) -> Tensor:
        return self.trunk(pixels)

    def pool(self, features: Tensor) -> Tensor:
        """One learned query attends to the places of the map (the attention pooling of CLIP's ResNets).

        Keys and values are linear, and the query is the same everywhere: so it is the query that meets the keys' matrix, and
        the mean of the places that meets the values', which leaves next to nothing to do at each place.
        """
        places = self.norm(features)  # [B, places, trunk width]
        key, value = self.key_value.weight.view(2, self.heads, self.width // self.heads, -1)  # each [heads, c, trunk width]
        query = torch.einsum("hc,hcw->hw", self.query.view(self.heads, -1), key) * (self.width // self.heads) ** -0.5
        weights = torch.softmax(places @ query.T, 1)  # [B, places, heads]; the keys' bias is the same at all places
        mean = weights.transpose(1, 2) @ places  # [B, heads, trunk width]
        seen = torch.einsum("bhw,hcw->bhc", mean, value).flatten(1) + self.key_value.bias[self.width :]  # [B, width]
        return F.normalize(self.out(seen), dim=-1)[:, None]

    def network(self) -> nn.Module:
        return self.trunk

    def freeze(self, blocks: int) -> None:
        self.trunk.freeze(blocks)
