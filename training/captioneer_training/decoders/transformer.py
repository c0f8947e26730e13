"""A Transformer decoder that attends to a map of region features at each word (Vaswani et al. 2017).

With `encoder_layers` over the regions it is the Vision Transformer and GPT-2 pair of the `vit-gpt2` family: a hybrid ViT
(Dosovitskiy et al. 2021) where the features are a convolutional map, a plain one where they are patches; GPT-2's
pre-norm layers, learned positions and tied embeddings, with cross-attention.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..dropout import PooledDropout
from .decoder import Decoder, Named, Step, Teaching, attend, empty_caches, merge_heads, split_heads, spread
from .layers import SelfAttentionLayer, WordLayer


@dataclass(frozen=True)
class TransformerConfig:
    vocabulary: int
    feature_width: int = 1280
    regions: int = 49
    width: int = 256
    heads: int = 4
    layers: int = 3
    encoder_layers: int = 1
    maximum_length: int = 32
    dropout: float = 0.2
    feature_dropout: float = 0.3


class TransformerDecoder(Decoder):
    """Input and output embeddings are tied."""

    growing = (2,)

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        self.width, self.vocabulary, self.maximum_length = config.width, config.vocabulary, config.maximum_length
        self.feature_dropout = PooledDropout(config.feature_dropout)
        self.project = nn.Linear(config.feature_width, config.width)
        self.region_positions = nn.Parameter(torch.randn(config.regions, config.width) * 0.02)
        self.region_layers = nn.ModuleList(
            SelfAttentionLayer(config.width, config.heads, config.dropout) for _ in range(config.encoder_layers)
        )
        self.region_norm = nn.LayerNorm(config.width)
        self.embed = nn.Embedding(config.vocabulary, config.width)
        self.word_positions = nn.Parameter(torch.randn(config.maximum_length, config.width) * 0.02)
        self.word_layers = nn.ModuleList(WordLayer(config.width, config.heads, config.dropout) for _ in range(config.layers))
        self.word_norm = nn.LayerNorm(config.width)
        self.output_bias = nn.Parameter(torch.zeros(config.vocabulary))
        self.dropout = PooledDropout(config.dropout)
        nn.init.normal_(self.embed.weight, std=0.02)

    @property
    def layers(self) -> list[WordLayer]:
        return cast("list[WordLayer]", list(self.word_layers))

    def remember(self, features: Tensor) -> Named:
        x = self.project(self.feature_dropout(features)) + self.region_positions  # [B, regions, width]
        for layer in self.region_layers:
            x = layer(x)
        x = self.region_norm(x)
        memory: Named = {}
        for n, layer in enumerate(self.layers):
            memory[f"cross.{n}.key"], memory[f"cross.{n}.value"] = layer.remember(x)  # [B, heads, regions, head width]
        return memory

    def logits(self, x: Tensor) -> Tensor:
        return F.linear(self.word_norm(x), self.embed.weight, self.output_bias)

    def forward(self, memory: Named, ids: Tensor, is_word: Tensor) -> Teaching:
        length = ids.shape[1]
        pictures = memory["cross.0.key"].shape[0]
        places = is_word.flatten().nonzero()[:, 0]  # [M]
        x = self.dropout(self.embed(ids.flatten()[places]) + self.word_positions[places % length])  # [M, width]
        for n, layer in enumerate(self.layers):
            qkv = spread(layer.read_words(x), is_word)
            q, k, v = (split_heads(t, layer.heads) for t in qkv.chunk(3, -1))  # [rows, heads, T, head width]
            attended = merge_heads(F.scaled_dot_product_attention(q, k, v, is_causal=True))
            x = layer.after_words(x, attended.flatten(0, 1)[places])
            query = split_heads(spread(layer.read_regions(x), is_word).view(pictures, -1, x.shape[-1]), layer.heads)
            key, value = memory[f"cross.{n}.key"], memory[f"cross.{n}.value"]
            seen = merge_heads(F.scaled_dot_product_attention(query, key, value))  # [pictures, captions · T, width]
            x = layer.after_regions(x, seen.flatten(0, 1)[places])
        return Teaching(self.logits(x))

    def start(self, memory: Named, rows: int) -> Named:
        return empty_caches(rows, self.config.layers, self.config.heads, self.config.width)

    def step(self, memory: Named, ids: Tensor, state: Named) -> Step:
        # Written with sizes that are known beforehand, so that the exported graph computes no shapes at each word.
        heads, width = self.config.heads, self.config.width
        pictures = memory["cross.0.key"].shape[0]
        x = self.embed(ids) + self.word_positions[state["0.key"].shape[2]]  # [rows, width]
        grown: Named = {}
        looks: list[Tensor] = []  # [rows, regions] each
        for n, layer in enumerate(self.layers):
            q, k, v = layer.read_words(x).view(-1, 3 * heads, 1, width // heads).split(heads, 1)  # [rows, heads, 1, head width]
            key, value = torch.cat((state[f"{n}.key"], k), 2), torch.cat((state[f"{n}.value"], v), 2)
            grown |= {f"{n}.key": key, f"{n}.value": value}
            x = layer.after_words(x, attend(q, key, value)[0].view(-1, width))
            query = layer.read_regions(x).view(pictures, -1, heads, width // heads).transpose(1, 2)
            seen, weights = attend(query, memory[f"cross.{n}.key"], memory[f"cross.{n}.value"])
            looks.append(weights.mean(1).view(-1, self.config.regions))
            x = layer.after_regions(x, seen.transpose(1, 2).reshape(-1, width))
        return Step(self.logits(x), grown, torch.stack(looks).mean(0))
