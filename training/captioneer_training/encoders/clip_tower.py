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
        """One learned query attends to the places of the map (the attention pooling of CLIP's ResNets)."""
        pictures = features.shape[0]
        key, value = self.key_value(self.norm(features)).view(pictures, -1, 2, self.heads, self.width // self.heads).unbind(2)
        query = self.query.view(self.heads, -1)
        weights = torch.softmax(torch.einsum("hc,bphc->bhp", query, key) * query.shape[-1] ** -0.5, -1)
        seen = torch.einsum("bhp,bphc->bhc", weights, value).flatten(1)  # [B, width]
        return F.normalize(self.out(seen), dim=-1)[:, None]

    def network(self) -> nn.Module:
        return self.trunk

    def freeze(self, blocks: int) -> None:
        self.trunk.freeze(blocks)
