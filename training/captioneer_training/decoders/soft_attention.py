"""An LSTM with soft attention over the regions of the picture: Show, Attend and Tell (Xu et al. 2015)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..dropout import PooledDropout
from .decoder import INITIAL, Decoder, Named, Step, Teaching, initial_state
from .lstm import advance


@dataclass(frozen=True)
class SoftAttentionConfig:
    vocabulary: int
    feature_width: int = 512
    regions: int = 49
    width: int = 512
    attention_width: int = 256
    maximum_length: int = 32
    dropout: float = 0.3
    feature_dropout: float = 0.3
    doubly_stochastic: float = 1.0


class SoftAttentionDecoder(Decoder):
    """Each word: attention weights from the last hidden state, the gated mean of the regions, one LSTM step.

    Memory: `regions` [B, regions, width] and `regions.scores`, their part of the attention's first layer, computed once.
    """

    def __init__(self, config: SoftAttentionConfig) -> None:
        super().__init__()
        self.config = config
        self.width, self.vocabulary, self.maximum_length = config.width, config.vocabulary, config.maximum_length
        width = config.width
        self.feature_norm = nn.LayerNorm(config.feature_width)
        self.feature_dropout = PooledDropout(config.feature_dropout)
        self.project = nn.Linear(config.feature_width, width)
        self.initial = nn.Linear(width, 2 * width)
        self.region_score = nn.Linear(width, config.attention_width)
        self.hidden_score = nn.Linear(width, config.attention_width)
        self.score = nn.Linear(config.attention_width, 1)
        self.gate = nn.Linear(width, width)
        self.embed = nn.Embedding(config.vocabulary, width)
        self.lstm = nn.LSTMCell(2 * width, width)
        self.deep_output = nn.Linear(2 * width, width)
        self.output_bias = nn.Parameter(torch.zeros(config.vocabulary))
        self.dropout = PooledDropout(config.dropout)
        nn.init.normal_(self.embed.weight, std=0.05)

    def remember(self, features: Tensor) -> Named:
        regions = torch.relu(self.project(self.feature_dropout(self.feature_norm(features))))  # [B, regions, width]
        hidden, cell = torch.tanh(self.initial(regions.mean(1))).chunk(2, -1)
        return {"regions": regions, "regions.scores": self.region_score(regions), f"{INITIAL}h": hidden, f"{INITIAL}c": cell}

    def _look(self, memory: Named, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """hidden [rows, width] → context [rows, width] and attention [rows, regions]."""
        regions, scores = memory["regions"], memory["regions.scores"]
        pictures = regions.shape[0]
        query = self.hidden_score(hidden).view(pictures, -1, 1, self.config.attention_width)
        energy = self.score(torch.tanh(scores[:, None] + query))[..., 0]  # [pictures, rows of each, regions]
        attention = torch.softmax(energy, -1)
        context = (attention @ regions).reshape(hidden.shape)
        return torch.sigmoid(self.gate(hidden)) * context, attention.flatten(0, 1)

    def _advance(self, memory: Named, x: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        context, attention = self._look(memory, hidden)
        gates = F.linear(torch.cat((x, context), -1), self.lstm.weight_ih, self.lstm.bias_ih)
        gates = gates + F.linear(hidden, self.lstm.weight_hh, self.lstm.bias_hh)
        hidden, cell = advance(gates, cell)
        return hidden, cell, torch.cat((hidden, context), -1), attention

    def logits(self, x: Tensor) -> Tensor:
        return F.linear(self.dropout(torch.tanh(self.deep_output(x))), self.embed.weight, self.output_bias)

    def forward(self, memory: Named, ids: Tensor, is_word: Tensor) -> Teaching:
        state = self.start(memory, ids.shape[0])
        hidden, cell = state["h"], state["c"]
        words = self.dropout(self.embed(ids))  # [rows, T, width]
        outputs, looks = [], []
        for t in range(ids.shape[1]):
            hidden, cell, output, attention = self._advance(memory, words[:, t], hidden, cell)
            outputs.append(output)
            looks.append(attention)
        seen = (torch.stack(looks, 1) * is_word[..., None]).sum(1)  # [rows, regions]: how often each region was looked at
        usual = is_word.sum(1, keepdim=True) / self.config.regions
        penalty = self.config.doubly_stochastic * (usual - seen).square().mean()
        return Teaching(self.logits(torch.stack(outputs, 1)[is_word]), penalty)

    def start(self, memory: Named, rows: int) -> Named:
        return initial_state(memory, rows)

    def step(self, memory: Named, ids: Tensor, state: Named) -> Step:
        hidden, cell, output, attention = self._advance(memory, self.embed(ids), state["h"], state["c"])
        return Step(self.logits(output), {"h": hidden, "c": cell}, attention)
