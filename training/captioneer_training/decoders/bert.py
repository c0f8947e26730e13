"""BERT (Devlin et al. 2019) as a decoder of captions: BLIP (Li et al. 2022) and GIT (Wang et al. 2022).

Both read words through BERT's layers, whose layer norms stand after what is added, and score the next word. They differ in
how they see the picture: BLIP's layers have cross-attention to it; GIT puts its vectors in front of the words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .decoder import Decoder, Named, Step, attend, empty_caches, merge_heads, split_heads
from .layers import ACTIVATIONS, LayerForm, feed_forward


@dataclass(frozen=True)
class BertShape:
    vocabulary: int
    width: int
    heads: int
    layers: int
    positions: int
    """The most tokens that it can take in."""
    form: LayerForm
    feature_width: int
    """Of the picture's vectors, of which the first is that of the class token."""


class BertLayer(nn.Module):
    """Words attend to the words before them and, where `feature_width` is given, to the picture."""

    def __init__(self, width: int, heads: int, form: LayerForm, feature_width: int | None) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm_self = nn.LayerNorm(width, form.epsilon)
        if feature_width is not None:
            self.cross_query = nn.Linear(width, width)
            self.cross_key_value = nn.Linear(feature_width, 2 * width)
            self.cross_out = nn.Linear(width, width)
            self.norm_cross = nn.LayerNorm(width, form.epsilon)
        self.mlp = feed_forward(width, 0.0, form)
        self.norm_mlp = nn.LayerNorm(width, form.epsilon)

    def remember(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of the picture, [B, heads, places, head width]."""
        key, value = self.cross_key_value(features).chunk(2, -1)
        return split_heads(key, self.heads), split_heads(value, self.heads)

    def after_words(self, x: Tensor, attended: Tensor) -> Tensor:
        return self.norm_self(x + self.out(attended))

    def after_picture(self, x: Tensor, seen: Tensor) -> Tensor:
        return self.norm_cross(x + self.cross_out(seen))

    def think(self, x: Tensor) -> Tensor:
        return self.norm_mlp(x + self.mlp(x))


class BertStack(Decoder):
    """What BLIP and GIT have in common. They are exported, not trained here."""

    growing = (2,)

    def __init__(self, shape: BertShape, has_cross_attention: bool) -> None:
        super().__init__()
        self.width, self.vocabulary, self.maximum_length = shape.width, shape.vocabulary, shape.positions
        self.heads = shape.heads
        self.embed = nn.Embedding(shape.vocabulary, shape.width)
        self.word_positions = nn.Parameter(torch.zeros(shape.positions, shape.width))
        self.norm_embed = nn.LayerNorm(shape.width, shape.form.epsilon)
        across = shape.feature_width if has_cross_attention else None
        self.word_layers = nn.ModuleList(BertLayer(shape.width, shape.heads, shape.form, across) for _ in range(shape.layers))

    @property
    def layers(self) -> list[BertLayer]:
        return cast("list[BertLayer]", list(self.word_layers))

    def start(self, memory: Named, rows: int) -> Named:
        return empty_caches(rows, len(self.word_layers), self.heads, self.width)

    def read(self, ids: Tensor, state: Named) -> Tensor:
        """The embeddings of one word a row: [rows, width]."""
        return self.norm_embed(self.embed(ids) + self.word_positions[state["0.key"].shape[2]])

    def grow(self, n: int, layer: BertLayer, x: Tensor, state: Named) -> tuple[Tensor, Named]:
        """The query of the new words, [rows, heads, 1, head width], and keys and values of all words so far."""
        q, k, v = layer.qkv(x).view(-1, 3 * self.heads, 1, self.width // self.heads).split(self.heads, 1)
        key, value = f"{n}.key", f"{n}.value"
        return q, {key: torch.cat((state[key], k), 2), value: torch.cat((state[value], v), 2)}

    def by_picture(self, x: Tensor, pictures: int) -> Tensor:
        """[rows, heads, 1, n] → [pictures, heads, rows of each, n]."""
        return x.view(pictures, -1, self.heads, x.shape[-1]).transpose(1, 2)

    def by_row(self, x: Tensor) -> Tensor:
        """[pictures, heads, rows of each, n] → [rows, heads, n]."""
        return x.transpose(1, 2).reshape(-1, self.heads, x.shape[-1])


def over_cells(looks: list[Tensor]) -> Tensor:
    """The attention of each layer, [pictures, heads, rows of each, places], as one over the picture's cells, [rows, cells].

    It is the mean of all heads and layers, without the class token, which has no place in the picture, and sums to 1.
    """
    weights = torch.stack([look.mean(1).flatten(0, 1) for look in looks]).mean(0)[:, 1:]
    return weights / weights.sum(-1, keepdim=True)


class BlipDecoder(BertStack):
    """Cross-attention to the picture, whose keys and values are the memory, and BERT's head, tied to the embeddings."""

    def __init__(self, shape: BertShape) -> None:
        super().__init__(shape, has_cross_attention=True)
        self.head = nn.Linear(shape.width, shape.width)
        self.activation = ACTIVATIONS[shape.form.activation]()
        self.norm_head = nn.LayerNorm(shape.width, shape.form.epsilon)
        self.bias = nn.Parameter(torch.zeros(shape.vocabulary))

    def remember(self, features: Tensor) -> Named:
        memory: Named = {}
        for n, layer in enumerate(self.layers):
            memory[f"cross.{n}.key"], memory[f"cross.{n}.value"] = layer.remember(features)
        return memory

    def step(self, memory: Named, ids: Tensor, state: Named) -> Step:
        pictures = memory["cross.0.key"].shape[0]
        x = self.read(ids, state)
        grown: Named = {}
        looks: list[Tensor] = []
        for n, layer in enumerate(self.layers):
            q, words = self.grow(n, layer, x, state)
            grown |= words
            x = layer.after_words(x, attend(q, words[f"{n}.key"], words[f"{n}.value"])[0].view(-1, self.width))
            query = layer.cross_query(x).view(-1, self.heads, 1, self.width // self.heads)
            seen, weights = attend(self.by_picture(query, pictures), memory[f"cross.{n}.key"], memory[f"cross.{n}.value"])
            looks.append(weights)
            x = layer.think(layer.after_picture(x, self.by_row(seen).reshape(-1, self.width)))
        logits = F.linear(self.norm_head(self.activation(self.head(x))), self.embed.weight, self.bias)
        return Step(logits, grown, over_cells(looks))


class GitDecoder(BertStack):
    """The picture's vectors in front of the words. They see each other and no word, so their keys and values are the memory."""

    def __init__(self, shape: BertShape, epsilon: float) -> None:
        """`epsilon` is that of the projection's layer norm."""
        super().__init__(shape, has_cross_attention=False)
        self.project = nn.Linear(shape.feature_width, shape.width)
        self.norm_project = nn.LayerNorm(shape.width, epsilon)
        self.output = nn.Linear(shape.width, shape.vocabulary)

    def remember(self, features: Tensor) -> Named:
        x = self.norm_project(self.project(features))  # [B, places, width]
        memory: Named = {}
        for n, layer in enumerate(self.layers):
            q, key, value = (split_heads(part, self.heads) for part in layer.qkv(x).chunk(3, -1))
            memory |= {f"image.{n}.key": key, f"image.{n}.value": value}
            if n < len(self.word_layers) - 1:
                x = layer.think(layer.after_words(x, merge_heads(F.scaled_dot_product_attention(q, key, value))))
        return memory

    def step(self, memory: Named, ids: Tensor, state: Named) -> Step:
        pictures, places = memory["image.0.key"].shape[0], int(memory["image.0.key"].shape[2])
        scale = (self.width // self.heads) ** -0.5
        x = self.read(ids, state)
        grown: Named = {}
        looks: list[Tensor] = []
        for n, layer in enumerate(self.layers):
            q, words = self.grow(n, layer, x, state)
            grown |= words
            # One softmax over picture and words, without a copy of the picture's keys and values for each row.
            to_picture = self.by_picture(q, pictures) @ memory[f"image.{n}.key"].transpose(-1, -2)
            to_words = q @ words[f"{n}.key"].transpose(-1, -2)  # [rows, heads, 1, words]
            scores = torch.cat((self.by_row(to_picture), to_words[:, :, 0]), -1) * scale  # [rows, heads, places + words]
            weights = torch.softmax(scores, -1)[:, :, None]
            on_picture = self.by_picture(weights[..., :places], pictures)
            seen = self.by_row(on_picture @ memory[f"image.{n}.value"])[:, :, None] + weights[..., places:] @ words[f"{n}.value"]
            looks.append(on_picture)
            x = layer.think(layer.after_words(x, seen.reshape(-1, self.width)))
        return Step(self.output(x), grown, over_cells(looks))
