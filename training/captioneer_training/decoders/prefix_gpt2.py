"""ClipCap (Mokady et al. 2021): a mapping network turns an image embedding into a prefix that a GPT-2 continues."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..dropout import PooledDropout
from .decoder import PREFIX, Decoder, Named, Step, Teaching, empty_caches, merge_heads
from .layers import LayerForm, SelfAttentionLayer


@dataclass(frozen=True)
class PrefixConfig:
    vocabulary: int
    feature_width: int = 512
    regions: int = 1
    width: int = 256
    heads: int = 4
    layers: int = 4
    prefix: int = 8
    mapping: str = "mlp"  # or "transformer"
    mapping_layers: int = 2
    mapping_heads: int | None = None  # None: as many as GPT-2 has
    mapping_inner: int | None = None  # width inside the mapping's feed-forward networks; None: four times the layer's
    mapping_activation: str = "gelu"
    places: int | None = None  # over which a Transformer mapping spreads the embedding; None: as many as the prefix has
    activation: str = "gelu"
    maximum_length: int = 32
    dropout: float = 0.2
    feature_dropout: float = 0.1


class MlpMapping(nn.Module):
    """One hidden layer half as wide as the whole prefix."""

    def __init__(self, config: PrefixConfig) -> None:
        super().__init__()
        self.shape = (config.prefix, config.width)
        whole = config.prefix * config.width
        self.layers = nn.Sequential(nn.Linear(config.feature_width, whole // 2), nn.Tanh(), nn.Linear(whole // 2, whole))

    def forward(self, embedding: Tensor) -> Tensor:
        return self.layers(embedding).unflatten(-1, self.shape)  # [B, prefix, width]


class TransformerMapping(nn.Module):
    """The embedding, spread over some places, and learned constants attend to each other."""

    def __init__(self, config: PrefixConfig) -> None:
        super().__init__()
        self.shape = (config.places or config.prefix, config.width)
        self.spread = nn.Linear(config.feature_width, self.shape[0] * config.width)
        self.constants = nn.Parameter(torch.randn(config.prefix, config.width) * 0.02)
        form = LayerForm(config.mapping_activation, config.mapping_inner)
        heads = config.mapping_heads or config.heads
        self.layers = nn.ModuleList(SelfAttentionLayer(config.width, heads, config.dropout, form) for _ in range(config.mapping_layers))

    def forward(self, embedding: Tensor) -> Tensor:
        places = self.spread(embedding).unflatten(-1, self.shape)
        x = torch.cat((places, self.constants.expand(places.shape[0], -1, -1)), 1)  # [B, places + prefix, width]
        for layer in self.layers:
            x = layer(x)
        return x[:, self.shape[0] :]


MAPPINGS: dict[str, type[MlpMapping] | type[TransformerMapping]] = {"mlp": MlpMapping, "transformer": TransformerMapping}


class PrefixDecoder(Decoder):
    """GPT-2's layers (Radford et al. 2019): pre-norm, learned positions, tied embeddings. The prefix stands before the words."""

    growing = (2,)
    reads_prefix_alone = True

    def __init__(self, config: PrefixConfig) -> None:
        super().__init__()
        self.config = config
        self.width, self.vocabulary, self.maximum_length = config.width, config.vocabulary, config.maximum_length
        self.feature_dropout = PooledDropout(config.feature_dropout)
        self.mapping = MAPPINGS[config.mapping](config)
        self.embed = nn.Embedding(config.vocabulary, config.width)
        self.positions = nn.Parameter(torch.randn(config.prefix + config.maximum_length, config.width) * 0.02)
        form = LayerForm(config.activation)
        self.word_layers = nn.ModuleList(SelfAttentionLayer(config.width, config.heads, config.dropout, form) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width)
        self.dropout = PooledDropout(config.dropout)
        nn.init.normal_(self.embed.weight, std=0.02)

    @property
    def layers(self) -> list[SelfAttentionLayer]:
        return cast("list[SelfAttentionLayer]", list(self.word_layers))

    def remember(self, features: Tensor) -> Named:
        """features [B, 1, feature width]: the picture's embedding."""
        return {PREFIX: self.mapping(self.feature_dropout(features[:, 0]))}

    def logits(self, x: Tensor) -> Tensor:
        return F.linear(self.norm(x), self.embed.weight)

    def forward(self, memory: Named, ids: Tensor, is_word: Tensor) -> Teaching:
        rows, length = ids.shape
        prefix = memory[PREFIX]  # [pictures, k, width]; k = 0 where there is no picture, only language
        k = prefix.shape[1]
        words = self.dropout(self.embed(ids) + self.positions[k : k + length])  # [rows, T, width]
        before = prefix + self.positions[:k]
        each = rows // prefix.shape[0]
        mask = torch.ones(length, k + length, dtype=torch.bool).tril(k)  # a word sees the prefix and the words up to itself
        for layer in self.layers:
            q, key, value = layer.read(words)
            if k:
                prefix_q, prefix_key, prefix_value = layer.read(before)
                key = torch.cat((prefix_key.repeat_interleave(each, 0), key), 2)
                value = torch.cat((prefix_value.repeat_interleave(each, 0), value), 2)
                seen = F.scaled_dot_product_attention(prefix_q, prefix_key, prefix_value, is_causal=True)
                before = layer.after(before, merge_heads(seen))
            words = layer.after(words, merge_heads(F.scaled_dot_product_attention(q, key, value, attn_mask=mask)))
        return Teaching(self.logits(words[is_word]))

    def start(self, memory: Named, rows: int) -> Named:
        return empty_caches(rows, self.config.layers, self.config.heads, self.config.width)

    def step(self, memory: Named, ids: Tensor, state: Named) -> Step:
        prefix = memory[PREFIX]  # [pictures, k or 0, width]
        rows = ids.shape[0]
        before = prefix.index_select(0, torch.arange(rows) // (rows // prefix.shape[0]))  # [rows, k or 0, width]
        words = self.embed(ids.view(rows, -1))  # [rows, 1, width]; none where the prefix is read alone
        x = torch.cat((before, words), 1)
        past, new = state["0.key"].shape[2], x.shape[1]
        x = x + self.positions[past : past + new]
        mask = torch.arange(past + new)[None] <= past + torch.arange(new)[:, None]  # [new, past + new]
        grown: Named = {}
        for n, layer in enumerate(self.layers):
            q, key, value = layer.read(x)
            key, value = torch.cat((state[f"{n}.key"], key), 2), torch.cat((state[f"{n}.value"], value), 2)
            grown |= {f"{n}.key": key, f"{n}.value": value}
            scores = (q @ key.transpose(-1, -2) * q.shape[-1] ** -0.5).masked_fill(~mask, -torch.inf)
            x = layer.after(x, merge_heads(torch.softmax(scores, -1) @ value))
        return Step(self.logits(x[:, -1]), grown)
