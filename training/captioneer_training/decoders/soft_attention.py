"""An LSTM with soft attention over the regions of the picture: Show, Attend and Tell (Xu et al. 2015)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..dropout import PooledDropout
from .attending_lstm import AttendingLstm
from .decoder import INITIAL, Named


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


class SoftAttentionDecoder(AttendingLstm):
    """The regions are projected to the width of the words; words are embedded, and scored, by one tied matrix."""

    def __init__(self, config: SoftAttentionConfig) -> None:
        super().__init__()
        self.config = config
        self.width, self.vocabulary, self.maximum_length = config.width, config.vocabulary, config.maximum_length
        self.doubly_stochastic = config.doubly_stochastic
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

    def logits(self, hidden: Tensor, context: Tensor) -> Tensor:
        output = torch.tanh(self.deep_output(torch.cat((hidden, context), -1)))
        return F.linear(self.dropout(output), self.embed.weight, self.output_bias)
