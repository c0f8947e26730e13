"""A Transformer decoder that attends to a map of region features at each word (Vaswani et al. 2017).

With `encoder_layers` over the regions it is the Vision Transformer and GPT-2 pair of the `vit-gpt2` family: a hybrid ViT
(Dosovitskiy et al. 2021) where the features are a convolutional map, a plain one where they are patches; GPT-2's
pre-norm layers, learned positions and tied embeddings, with cross-attention.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..dropout import PooledDropout
from .decoder import Named
from .layers import LayerForm, SelfAttentionLayer
from .words import WordStack


@dataclass(frozen=True)
class TransformerConfig:
    vocabulary: int
    feature_width: int = 1280
    regions: int = 49
    width: int = 256
    heads: int = 4
    layers: int = 3
    inner: int | None = None
    """Width inside the feed-forward networks of the words' layers; None: four times the layer's."""
    encoder_layers: int = 1
    maximum_length: int = 32
    dropout: float = 0.2
    feature_dropout: float = 0.3


class TransformerDecoder(WordStack):
    """Regions are features with a position each, after Transformer layers of their own."""

    def __init__(self, config: TransformerConfig) -> None:
        width, heads, dropout = config.width, config.heads, config.dropout
        super().__init__(config.vocabulary, width, heads, config.layers, config.maximum_length, dropout, LayerForm(inner=config.inner))
        self.config = config
        self.feature_dropout = PooledDropout(config.feature_dropout)
        self.project = nn.Linear(config.feature_width, width)
        self.region_positions = nn.Parameter(torch.randn(config.regions, width) * 0.02)
        self.region_layers = nn.ModuleList(SelfAttentionLayer(width, heads, dropout) for _ in range(config.encoder_layers))
        self.region_norm = nn.LayerNorm(width)
        self.output_bias = nn.Parameter(torch.zeros(config.vocabulary))

    def remember(self, features: Tensor) -> Named:
        x = self.project(self.feature_dropout(features)) + self.region_positions  # [B, regions, width]
        for layer in self.region_layers:
            x = layer(x)
        return self.remember_regions(self.region_norm(x))

    def logits(self, x: Tensor) -> Tensor:
        return F.linear(self.word_norm(x), self.embed.weight, self.output_bias)
