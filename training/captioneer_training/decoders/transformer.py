"""A Transformer decoder that attends to a map of region features at each word (Vaswani et al. 2017)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..dropout import PooledDropout


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


@dataclass(frozen=True)
class Memory:
    """What of a picture decoding needs and what no word changes: a key and a value [B, heads, regions, head width] a layer."""

    keys: list[Tensor]
    values: list[Tensor]

    def repeat(self, times: int) -> Memory:
        """The memory of picture i for rows i·times … i·times + times − 1."""
        return Memory(*([t.repeat_interleave(times, 0) for t in ts] for ts in (self.keys, self.values)))


@dataclass(frozen=True)
class Cache:
    """Self-attention keys and values of the words so far, [rows, heads, words, head width] a layer."""

    keys: list[Tensor]
    values: list[Tensor]

    def select(self, rows: Tensor) -> Cache:
        return Cache(*([t.index_select(0, rows) for t in ts] for ts in (self.keys, self.values)))


def feed_forward(width: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), PooledDropout(dropout), nn.Linear(4 * width, width))


class RegionLayer(nn.Module):
    """One pre-norm Transformer encoder layer over the regions."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.norm_attention = nn.LayerNorm(config.width)
        self.qkv = nn.Linear(config.width, 3 * config.width)
        self.out = nn.Linear(config.width, config.width)
        self.norm_mlp = nn.LayerNorm(config.width)
        self.mlp = feed_forward(config.width, config.dropout)
        self.dropout = PooledDropout(config.dropout)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (split_heads(t, self.heads) for t in self.qkv(self.norm_attention(x)).chunk(3, -1))
        x = x + self.dropout(self.out(merge_heads(F.scaled_dot_product_attention(q, k, v))))
        return x + self.dropout(self.mlp(self.norm_mlp(x)))


class WordLayer(nn.Module):
    """One pre-norm decoder layer: words attend to the words before them, then to the regions."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.norm_self = nn.LayerNorm(config.width)
        self.qkv = nn.Linear(config.width, 3 * config.width)
        self.out = nn.Linear(config.width, config.width)
        self.norm_cross = nn.LayerNorm(config.width)
        self.cross_query = nn.Linear(config.width, config.width)
        self.cross_key_value = nn.Linear(config.width, 2 * config.width)
        self.cross_out = nn.Linear(config.width, config.width)
        self.norm_mlp = nn.LayerNorm(config.width)
        self.mlp = feed_forward(config.width, config.dropout)
        self.dropout = PooledDropout(config.dropout)

    def remember(self, regions: Tensor) -> tuple[Tensor, Tensor]:
        key, value = self.cross_key_value(regions).chunk(2, -1)
        return split_heads(key, self.heads), split_heads(value, self.heads)

    def read_words(self, x: Tensor) -> Tensor:
        """Query, key and value of self-attention side by side: [..., 3 · width]."""
        return self.qkv(self.norm_self(x))

    def after_words(self, x: Tensor, attended: Tensor) -> Tensor:
        return x + self.dropout(self.out(attended))

    def read_regions(self, x: Tensor) -> Tensor:
        """The query of cross-attention."""
        return self.cross_query(self.norm_cross(x))

    def after_regions(self, x: Tensor, seen: Tensor) -> Tensor:
        x = x + self.dropout(self.cross_out(seen))
        return x + self.dropout(self.mlp(self.norm_mlp(x)))


class TransformerDecoder(nn.Module):
    """Region features → memory; memory and words → logits. Input and output embeddings are tied."""

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        self.feature_dropout = PooledDropout(config.feature_dropout)
        self.project = nn.Linear(config.feature_width, config.width)
        self.region_positions = nn.Parameter(torch.randn(config.regions, config.width) * 0.02)
        self.region_layers = nn.ModuleList(RegionLayer(config) for _ in range(config.encoder_layers))
        self.region_norm = nn.LayerNorm(config.width)
        self.embed = nn.Embedding(config.vocabulary, config.width)
        self.word_positions = nn.Parameter(torch.randn(config.maximum_length, config.width) * 0.02)
        self.word_layers = nn.ModuleList(WordLayer(config) for _ in range(config.layers))
        self.word_norm = nn.LayerNorm(config.width)
        self.output_bias = nn.Parameter(torch.zeros(config.vocabulary))
        self.dropout = PooledDropout(config.dropout)
        nn.init.normal_(self.embed.weight, std=0.02)

    @property
    def layers(self) -> list[WordLayer]:
        return cast("list[WordLayer]", list(self.word_layers))

    def remember(self, features: Tensor) -> Memory:
        """features [B, regions, feature width] → memory."""
        x = self.project(self.feature_dropout(features)) + self.region_positions  # [B, regions, width]
        for layer in self.region_layers:
            x = layer(x)
        x = self.region_norm(x)
        pairs = [layer.remember(x) for layer in self.layers]
        return Memory([key for key, _ in pairs], [value for _, value in pairs])

    def logits(self, x: Tensor) -> Tensor:
        return F.linear(self.word_norm(x), self.embed.weight, self.output_bias)

    def forward(self, memory: Memory, ids: Tensor, is_word: Tensor) -> Tensor:
        """Logits of the next word at every place that holds a word; padding costs next to nothing.

        ids [pictures · captions, T], captions of a picture side by side; is_word bool, the same shape, padding on the
        right → logits [words in all, V], row after row.
        """
        rows, length = ids.shape
        pictures = memory.keys[0].shape[0]
        places = is_word.flatten().nonzero()[:, 0]  # [M]

        def spread(packed: Tensor) -> Tensor:  # [M, width] → [rows · T, width]
            return packed.new_zeros(rows * length, packed.shape[-1]).index_copy(0, places, packed)

        x = self.dropout(self.embed(ids.flatten()[places]) + self.word_positions[places % length])  # [M, width]
        for layer, key, value in zip(self.layers, memory.keys, memory.values, strict=True):
            qkv = spread(layer.read_words(x)).view(rows, length, -1)
            q, k, v = (split_heads(t, layer.heads) for t in qkv.chunk(3, -1))  # [rows, heads, T, head width]
            attended = merge_heads(F.scaled_dot_product_attention(q, k, v, is_causal=True))
            x = layer.after_words(x, attended.flatten(0, 1)[places])
            query = split_heads(spread(layer.read_regions(x)).view(pictures, -1, x.shape[-1]), layer.heads)
            seen = merge_heads(F.scaled_dot_product_attention(query, key, value))  # [pictures, captions · T, width]
            x = layer.after_regions(x, seen.flatten(0, 1)[places])
        return self.logits(x)

    def empty_cache(self, rows: int) -> Cache:
        head_width = self.config.width // self.config.heads
        empty = [torch.zeros(rows, self.config.heads, 0, head_width) for _ in self.word_layers]
        return Cache(empty, empty)

    def step(self, memory: Memory, ids: Tensor, cache: Cache) -> tuple[Tensor, Cache]:
        """ids [rows] → logits [rows, V] of the next word, and the cache grown by one word."""
        x = (self.embed(ids) + self.word_positions[cache.keys[0].shape[2]]).unsqueeze(1)  # [rows, 1, width]
        keys, values = [], []
        pictures = memory.keys[0].shape[0]
        for n, layer in enumerate(self.layers):
            q, k, v = (split_heads(t, layer.heads) for t in layer.read_words(x).chunk(3, -1))
            k, v = torch.cat((cache.keys[n], k), 2), torch.cat((cache.values[n], v), 2)
            x = layer.after_words(x, merge_heads(F.scaled_dot_product_attention(q, k, v)))
            query = split_heads(layer.read_regions(x).view(pictures, -1, x.shape[-1]), layer.heads)
            seen = merge_heads(F.scaled_dot_product_attention(query, memory.keys[n], memory.values[n]))
            x = layer.after_regions(x, seen.reshape(x.shape))
            keys.append(k)
            values.append(v)
        return self.logits(x[:, 0]), Cache(keys, values)


def split_heads(x: Tensor, heads: int) -> Tensor:
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)  # [B, heads, T, head width]


def merge_heads(x: Tensor) -> Tensor:
    return x.transpose(1, 2).flatten(2)  # [B, T, width]
