"""An LSTM to which the picture is the first word: Show and Tell (Vinyals et al. 2015) as its widely used PyTorch codes have it.

They differ from `show_and_tell` in what stands before a caption. In training the picture's embedding is put in front of the
embeddings of the whole caption, its start word included, so that the network learns to answer the picture with the start
word. To caption, they begin with an empty state, feed the picture and then, again and again, the likeliest word; the start
word is thus the first one found, no input of its own, and nothing keeps the network from finding another.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ..dropout import PooledDropout
from .decoder import PREFIX, Decoder, Named, Step, Teaching


@dataclass(frozen=True)
class PictureFirstConfig:
    vocabulary: int
    feature_width: int = 2048
    regions: int = 1
    embedding_width: int = 512
    width: int = 512
    layers: int = 1
    maximum_length: int = 64
    dropout: float = 0.3
    feature_dropout: float = 0.3


class PictureFirstDecoder(Decoder):
    """The memory is the picture's embedding as a prefix of one place; words have embeddings and scores of their own."""

    reads_prefix_alone = True

    def __init__(self, config: PictureFirstConfig) -> None:
        super().__init__()
        self.config = config
        self.width, self.vocabulary, self.maximum_length = config.embedding_width, config.vocabulary, config.maximum_length
        self.feature_dropout = PooledDropout(config.feature_dropout)
        self.project = nn.Linear(config.feature_width, config.embedding_width)
        self.embed = nn.Embedding(config.vocabulary, config.embedding_width)
        self.lstm = nn.LSTM(config.embedding_width, config.width, config.layers, batch_first=True)
        self.output = nn.Linear(config.width, config.vocabulary)
        self.dropout = PooledDropout(config.dropout)
        nn.init.normal_(self.embed.weight, std=0.05)

    def remember(self, features: Tensor) -> Named:
        return {PREFIX: self.project(self.feature_dropout(features.mean(1)))[:, None]}  # [B, 1, width]

    def _before(self, memory: Named, rows: int) -> Tensor:
        """The prefix, or none where it has been read, of every row: [rows, 1 or 0, width]."""
        prefix = memory[PREFIX]
        return prefix.index_select(0, torch.arange(rows) // (rows // prefix.shape[0]))

    def forward(self, memory: Named, ids: Tensor, is_word: Tensor) -> Teaching:
        before = self._before(memory, ids.shape[0])
        out, _ = self.lstm(torch.cat((before, self.dropout(self.embed(ids))), 1))  # [rows, 1 + T, hidden width]
        return Teaching(self.output(self.dropout(out[:, before.shape[1] :][is_word])))

    def start(self, memory: Named, rows: int) -> Named:
        nothing = memory[PREFIX].new_zeros(rows, self.config.width)
        return {f"{part}.{n}": nothing for part in ("h", "c") for n in range(self.config.layers)}

    def step(self, memory: Named, ids: Tensor, state: Named) -> Step:
        rows = ids.shape[0]
        x = torch.cat((self._before(memory, rows), self.embed(ids.view(rows, -1))), 1)  # [rows, 1 or 2, width]
        layers = range(self.config.layers)
        hidden, cell = (torch.stack([state[f"{part}.{n}"] for n in layers]) for part in ("h", "c"))
        out, (hidden, cell) = self.lstm(x, (hidden, cell))
        new = {f"{part}.{n}": whole[n] for part, whole in (("h", hidden), ("c", cell)) for n in layers}
        return Step(self.output(out[:, -1]), new)
