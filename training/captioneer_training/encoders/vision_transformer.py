"""Vision Transformers (Dosovitskiy et al. 2021) as they are published: ViT, DeiT, BEiT and the picture side of CLIP."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ..decoders.layers import FORM, LayerForm, SelfAttentionLayer
from .encoder import Encoder


@dataclass(frozen=True)
class VisionShape:
    side: int
    """Width and height of pictures in pixels."""
    patch: int
    width: int
    heads: int
    layers: int
    form: LayerForm = FORM
    tokens: int = 1
    """Learned vectors before those of the patches: the class token; DeiT has one more."""
    norm_before: bool = False
    """A layer norm before the first layer, as in CLIP."""
    norm_after: bool = True
    """A layer norm after the last one."""
    relative: bool = False
    """Attention has a bias for each pair of places, as in BEiT."""


class VisionTransformer(Encoder):
    """pixel values [B, 3, side, side] → features [B, tokens + patches, width]."""

    def __init__(self, shape: VisionShape) -> None:
        super().__init__()
        self.side, self.width = shape.side, shape.width
        self.regions = shape.tokens + (shape.side // shape.patch) ** 2
        self.patches = nn.Conv2d(3, shape.width, shape.patch, shape.patch)
        self.tokens = nn.Parameter(torch.zeros(1, shape.tokens, shape.width))
        self.positions = nn.Parameter(torch.zeros(1, self.regions, shape.width))
        self.norm_before = nn.LayerNorm(shape.width, shape.form.epsilon) if shape.norm_before else nn.Identity()
        self.layers = nn.ModuleList(SelfAttentionLayer(shape.width, shape.heads, 0.0, shape.form) for _ in range(shape.layers))
        self.norm_after = nn.LayerNorm(shape.width, shape.form.epsilon) if shape.norm_after else nn.Identity()
        biases = torch.zeros(shape.layers, shape.heads, self.regions, self.regions)
        self.biases = nn.Parameter(biases) if shape.relative else None

    def features(self, pixels: Tensor) -> Tensor:
        patches = self.patches(pixels).flatten(2).transpose(1, 2)  # [B, patches, width]
        x = torch.cat((self.tokens.expand(patches.shape[0], -1, -1), patches), 1) + self.positions
        x = self.norm_before(x)
        for n, layer in enumerate(self.layers):
            x = layer(x, bias=None if self.biases is None else self.biases[n])
        return self.norm_after(x)
