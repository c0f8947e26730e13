"""Show, Attend and Tell (Xu et al. 2015) in the form of its most used PyTorch tutorial, sgrvinod's."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ..dropout import PooledDropout
from .attending_lstm import AttendingLstm
from .decoder import INITIAL, Named


@dataclass(frozen=True)
class ShowAttendTellConfig:
    vocabulary: int
    feature_width: int = 2048
    regions: int = 196
    embedding_width: int = 512
    width: int = 512
    attention_width: int = 512
    maximum_length: int = 64
    dropout: float = 0.5
    feature_dropout: float = 0.0
    doubly_stochastic: float = 1.0


class ShowAttendTellDecoder(AttendingLstm):
    """The encoder's features themselves are the regions, as wide as they are; the hidden state alone is scored.

    It differs from `soft_attention` also in the ReLU of its attention, in an initial state without a nonlinearity, and in
    words that are embedded and scored by matrices of their own.
    """

    def __init__(self, config: ShowAttendTellConfig) -> None:
        super().__init__()
        self.config = config
        self.width, self.vocabulary, self.maximum_length = config.embedding_width, config.vocabulary, config.maximum_length
        self.doubly_stochastic = config.doubly_stochastic
        self.feature_dropout = PooledDropout(config.feature_dropout)
        self.initial = nn.Linear(config.feature_width, 2 * config.width)
        self.region_score = nn.Linear(config.feature_width, config.attention_width)
        self.hidden_score = nn.Linear(config.width, config.attention_width)
        self.score = nn.Linear(config.attention_width, 1)
        self.gate = nn.Linear(config.width, config.feature_width)
        self.embed = nn.Embedding(config.vocabulary, config.embedding_width)
        self.lstm = nn.LSTMCell(config.embedding_width + config.feature_width, config.width)
        self.output = nn.Linear(config.width, config.vocabulary)
        self.dropout = PooledDropout(config.dropout)
        nn.init.uniform_(self.embed.weight, -0.1, 0.1)

    def remember(self, features: Tensor) -> Named:
        regions = self.feature_dropout(features)  # [B, regions, feature width]
        hidden, cell = self.initial(regions.mean(1)).chunk(2, -1)
        return {"regions": regions, "regions.scores": self.region_score(regions), f"{INITIAL}h": hidden, f"{INITIAL}c": cell}

    def energy(self, x: Tensor) -> Tensor:
        return torch.relu(x)

    def logits(self, hidden: Tensor, context: Tensor) -> Tensor:
        return self.output(self.dropout(hidden))
