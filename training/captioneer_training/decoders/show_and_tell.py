"""An LSTM that sees the picture once, as its first input, and then reads the words (Vinyals et al. 2015)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..dropout import PooledDropout
from .decoder import INITIAL, Decoder, Named, Step, Teaching, initial_state
from .lstm import advance


@dataclass(frozen=True)
class ShowAndTellConfig:
    vocabulary: int
    feature_width: int = 2048
    regions: int = 1
    width: int = 512
    layers: int = 1
    maximum_length: int = 32
    dropout: float = 0.3
    feature_dropout: float = 0.3


class ShowAndTellDecoder(Decoder):
    """The memory is the state after the picture was read; words are embedded, and scored, by one tied matrix."""

    def __init__(self, config: ShowAndTellConfig) -> None:
        super().__init__()
        self.config = config
        self.width, self.vocabulary, self.maximum_length = config.width, config.vocabulary, config.maximum_length
        self.feature_norm = nn.LayerNorm(config.feature_width)
        self.feature_dropout = PooledDropout(config.feature_dropout)
        self.project = nn.Linear(config.feature_width, config.width)
        self.embed = nn.Embedding(config.vocabulary, config.width)
        self.lstm = nn.LSTM(config.width, config.width, config.layers, batch_first=True)
        self.output_bias = nn.Parameter(torch.zeros(config.vocabulary))
        self.dropout = PooledDropout(config.dropout)
        nn.init.normal_(self.embed.weight, std=0.05)

    def remember(self, features: Tensor) -> Named:
        picture = self.project(self.feature_dropout(self.feature_norm(features.mean(1))))  # [B, width]
        nothing = picture.new_zeros(picture.shape[0], self.config.width)
        state = {f"{part}.{n}": nothing for n in range(self.config.layers) for part in ("h", "c")}
        _, state = self._advance(picture, state)
        return {INITIAL + name: tensor for name, tensor in state.items()}

    def _advance(self, x: Tensor, state: Named) -> tuple[Tensor, Named]:
        """One input a row [rows, width] → the uppermost layer's output, and the new state."""
        new: Named = {}
        for n in range(self.config.layers):
            w_input, w_hidden, b_input, b_hidden = (
                getattr(self.lstm, f"{kind}_l{n}") for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            )
            gates = F.linear(x, w_input, b_input) + F.linear(state[f"h.{n}"], w_hidden, b_hidden)
            x, cell = advance(gates, state[f"c.{n}"])
            new |= {f"h.{n}": x, f"c.{n}": cell}
        return x, new

    def logits(self, x: Tensor) -> Tensor:
        return F.linear(self.dropout(x), self.embed.weight, self.output_bias)

    def forward(self, memory: Named, ids: Tensor, is_word: Tensor) -> Teaching:
        rows = ids.shape[0]
        state = self.start(memory, rows)
        hidden, cell = (torch.stack([state[f"{part}.{n}"] for n in range(self.config.layers)]) for part in ("h", "c"))
        out, _ = self.lstm(self.dropout(self.embed(ids)), (hidden, cell))  # [rows, T, width]
        return Teaching(self.logits(out[is_word]))

    def start(self, memory: Named, rows: int) -> Named:
        return initial_state(memory, rows)

    def step(self, memory: Named, ids: Tensor, state: Named) -> Step:
        x, new = self._advance(self.embed(ids), state)
        return Step(self.logits(x), new)
