"""A stack of Transformer layers whose words attend to the words before them and to a map of regions."""

from __future__ import annotations

from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..dropout import PooledDropout
from .decoder import Decoder, Named, Step, Teaching, attend, empty_caches, merge_heads, split_heads, spread
from .layers import FORM, LayerForm, WordLayer

BIAS = "cross.bias"
"""The memory's tensor, where there is one, that is added to the attention to regions before the softmax: [B, 1, 1, regions]."""


class WordStack(Decoder):
    """Input and output embeddings are tied. What comes before, from features to regions, is for its heirs to say."""

    growing = (2,)

    def __init__(
        self, vocabulary: int, width: int, heads: int, layers: int, maximum_length: int, dropout: float, form: LayerForm = FORM
    ) -> None:
        super().__init__()
        self.width, self.vocabulary, self.maximum_length, self.heads = width, vocabulary, maximum_length, heads
        self.embed = nn.Embedding(vocabulary, width)
        self.word_positions = nn.Parameter(torch.randn(maximum_length, width) * 0.02)
        self.word_layers = nn.ModuleList(WordLayer(width, heads, dropout, form) for _ in range(layers))
        self.word_norm = nn.LayerNorm(width, form.epsilon)
        self.dropout = PooledDropout(dropout)
        nn.init.normal_(self.embed.weight, std=0.02)

    @property
    def layers(self) -> list[WordLayer]:
        return cast("list[WordLayer]", list(self.word_layers))

    def remember_regions(self, regions: Tensor) -> Named:
        """regions [B, regions, width] → keys and values of every layer."""
        memory: Named = {}
        for n, layer in enumerate(self.layers):
            memory[f"cross.{n}.key"], memory[f"cross.{n}.value"] = layer.remember(regions)  # [B, heads, regions, head width]
        return memory

    def logits(self, x: Tensor) -> Tensor:
        return F.linear(self.word_norm(x), self.embed.weight)

    def forward(self, memory: Named, ids: Tensor, is_word: Tensor, looks: list[Tensor] | None = None) -> Teaching:
        """With `looks`, the attention to regions is added to it: [pictures, captions · T, regions] a layer, the mean of the heads."""
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
            if looks is None:
                seen = F.scaled_dot_product_attention(query, key, value, memory.get(BIAS))
            else:
                seen, weights = attend(query, key, value, memory.get(BIAS))
                looks.append(weights.mean(1))
            x = layer.after_regions(x, merge_heads(seen).flatten(0, 1)[places])  # [pictures, captions · T, width]
        return Teaching(self.logits(x))

    def start(self, memory: Named, rows: int) -> Named:
        return empty_caches(rows, len(self.word_layers), self.heads, self.width)

    def step(self, memory: Named, ids: Tensor, state: Named) -> Step:
        # Written with sizes that are known beforehand, so that the exported graph computes no shapes at each word.
        heads, width = self.heads, self.width
        pictures = memory["cross.0.key"].shape[0]
        regions = int(memory["cross.0.key"].shape[2])
        x = self.embed(ids) + self.word_positions[state["0.key"].shape[2]]  # [rows, width]
        grown: Named = {}
        looks: list[Tensor] = []  # [rows, regions] each
        for n, layer in enumerate(self.layers):
            q, k, v = layer.read_words(x).view(-1, 3 * heads, 1, width // heads).split(heads, 1)  # [rows, heads, 1, head width]
            key, value = torch.cat((state[f"{n}.key"], k), 2), torch.cat((state[f"{n}.value"], v), 2)
            grown |= {f"{n}.key": key, f"{n}.value": value}
            x = layer.after_words(x, attend(q, key, value)[0].view(-1, width))
            query = layer.read_regions(x).view(pictures, -1, heads, width // heads).transpose(1, 2)
            seen, weights = attend(query, memory[f"cross.{n}.key"], memory[f"cross.{n}.value"], memory.get(BIAS))
            looks.append(weights.mean(1).view(-1, regions))
            x = layer.after_regions(x, seen.transpose(1, 2).reshape(-1, width))
        return Step(self.logits(x), grown, torch.stack(looks).mean(0))
