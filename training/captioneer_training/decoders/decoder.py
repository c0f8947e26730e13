"""What every caption decoder is to training, to search and to export.

What of a picture decoding needs (the memory) and what it knows of the words so far (the state) are tensors by name,
so that one search, one sampler and one exporter serve every family. The names are those of the exported graphs.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

import torch
from torch import Tensor, nn

Named = dict[str, Tensor]

PREFIX = "prefix"
"""The memory's tensor that is read before the first word, [pictures, length, width], and is empty from then on."""


INITIAL = "initial."
"""Before the name of a state's tensor: the memory's tensor [pictures, …] that the state starts with."""


class Teaching(NamedTuple):
    """What reading whole captions gives."""

    logits: Tensor
    """[words in all, V], row after row."""
    penalty: Tensor | None = None
    """A term of the family's own that is added to the loss."""


class Step(NamedTuple):
    """What reading one word a row gives."""

    logits: Tensor
    """[rows, V]."""
    state: Named
    attention: Tensor | None = None
    """[rows, regions], each row summing to 1."""


class Decoder(nn.Module):
    """Region features → memory; memory and words → logits of the next word.

    `memory` has one row a picture. Where there are more rows of words than pictures, they are in the order of the
    pictures, equally many of each.
    """

    family: ClassVar[str]
    growing: ClassVar[tuple[int, ...]] = ()
    """Axes, besides the first, along which a state's tensors grow from word to word."""
    reads_prefix_alone: ClassVar[bool] = False
    """Whether a step may read the prefix and no word; then its ids may be [rows, 0 or 1], too."""
    width: int
    """Of its word embeddings."""
    vocabulary: int
    """Number of tokens scored."""
    maximum_length: int
    """The most tokens that a row can take in."""

    def remember(self, features: Tensor) -> Named:
        """features [B, regions, feature width] → memory."""
        raise NotImplementedError

    def forward(self, memory: Named, ids: Tensor, is_word: Tensor) -> Teaching:
        """Logits of the next word at every place that holds a word; padding costs next to nothing.

        ids [rows, T]; is_word bool, the same shape, padding on the right.
        """
        raise NotImplementedError

    def start(self, memory: Named, rows: int) -> Named:
        """The state before the first word; its tensors have `rows` rows."""
        raise NotImplementedError

    def step(self, memory: Named, ids: Tensor, state: Named) -> Step:
        """Reads one word a row: ids [rows]."""
        raise NotImplementedError


def select(named: Named, rows: Tensor) -> Named:
    return {name: tensor.index_select(0, rows) for name, tensor in named.items()}


def after_first_step(memory: Named) -> Named:
    """The memory for all steps but the first: its prefix has been read."""
    return {name: tensor[:, :0] if name == PREFIX else tensor for name, tensor in memory.items()}


def initial_state(memory: Named, rows: int) -> Named:
    """A state that starts with what the memory says, each picture's for equally many of the rows."""
    initial = {name.removeprefix(INITIAL): tensor for name, tensor in memory.items() if name.startswith(INITIAL)}
    return {name: tensor.repeat_interleave(rows // tensor.shape[0], 0) for name, tensor in initial.items()}


def empty_caches(rows: int, layers: int, heads: int, width: int) -> Named:
    """Keys and values of no words yet, [rows, heads, 0, head width] a layer."""
    empty = torch.zeros(rows, heads, 0, width // heads)
    return {f"{n}.{part}": empty for n in range(layers) for part in ("key", "value")}


def spread(packed: Tensor, is_word: Tensor) -> Tensor:
    """[words in all, width] → [rows, T, width], zero where there is no word."""
    out = packed.new_zeros(is_word.numel(), packed.shape[-1])
    return out.index_copy(0, is_word.flatten().nonzero()[:, 0], packed).view(*is_word.shape, -1)


def split_heads(x: Tensor, heads: int) -> Tensor:
    return x.unflatten(-1, (heads, -1)).transpose(1, 2)  # [B, heads, T, head width]


def merge_heads(x: Tensor) -> Tensor:
    return x.transpose(1, 2).flatten(2)  # [B, T, width]


def attend(query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Attention written out: what is seen, and the weights. The exported graphs have it in this form."""
    scale = int(query.shape[-1]) ** -0.5  # a plain number, which the exported graph need not compute
    scores = query @ key.transpose(-1, -2) * scale
    weights = torch.softmax(scores if bias is None else scores + bias, -1)
    return weights @ value, weights
