"""What LSTMs with soft attention over the regions of the picture have in common (Xu et al. 2015)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..dropout import PooledDropout
from .decoder import Decoder, Named, Step, Teaching, initial_state
from .lstm import advance


class AttendingLstm(Decoder):
    """Each word: attention weights from the last hidden state, the gated mean of the regions, one LSTM step.

    Memory: `regions` [B, regions, region width] and `regions.scores`, their part of the attention's first layer, computed once;
    and the initial state. Subclasses make the modules named here, the memory and the logits.
    """

    hidden_score: nn.Linear
    score: nn.Linear
    gate: nn.Linear
    embed: nn.Embedding
    lstm: nn.LSTMCell
    dropout: PooledDropout
    doubly_stochastic: float
    """Weight of the penalty for looking at some regions more often than at others, over a whole caption."""

    def energy(self, x: Tensor) -> Tensor:
        """The nonlinearity between the two layers of the attention."""
        return torch.tanh(x)

    def logits(self, hidden: Tensor, context: Tensor) -> Tensor:
        """The hidden state [rows, width] and the gated mean of the regions [rows, region width] → [rows, V]."""
        raise NotImplementedError

    def _look(self, memory: Named, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """hidden [rows, width] → context [rows, region width] and attention [rows, regions]."""
        regions, scores = memory["regions"], memory["regions.scores"]
        query = self.hidden_score(hidden).view(regions.shape[0], -1, 1, scores.shape[-1])
        energy = self.score(self.energy(scores[:, None] + query))[..., 0]  # [pictures, rows of each, regions]
        attention = torch.softmax(energy, -1)
        context = (attention @ regions).flatten(0, 1)
        return torch.sigmoid(self.gate(hidden)) * context, attention.flatten(0, 1)

    def _advance(self, memory: Named, x: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """One word a row → the new hidden state and cell, what was seen, and the attention."""
        context, attention = self._look(memory, hidden)
        gates = F.linear(torch.cat((x, context), -1), self.lstm.weight_ih, self.lstm.bias_ih)
        gates = gates + F.linear(hidden, self.lstm.weight_hh, self.lstm.bias_hh)
        hidden, cell = advance(gates, cell)
        return hidden, cell, context, attention

    def forward(self, memory: Named, ids: Tensor, is_word: Tensor) -> Teaching:
        state = self.start(memory, ids.shape[0])
        hidden, cell = state["h"], state["c"]
        words = self.dropout(self.embed(ids))  # [rows, T, width]
        hiddens, contexts, looks = [], [], []
        for t in range(ids.shape[1]):
            hidden, cell, context, attention = self._advance(memory, words[:, t], hidden, cell)
            hiddens.append(hidden)
            contexts.append(context)
            looks.append(attention)
        seen = (torch.stack(looks, 1) * is_word[..., None]).sum(1)  # [rows, regions]: how often each region was looked at
        usual = is_word.sum(1, keepdim=True) / seen.shape[1]
        penalty = self.doubly_stochastic * (usual - seen).square().mean()
        return Teaching(self.logits(torch.stack(hiddens, 1)[is_word], torch.stack(contexts, 1)[is_word]), penalty)

    def start(self, memory: Named, rows: int) -> Named:
        return initial_state(memory, rows)

    def step(self, memory: Named, ids: Tensor, state: Named) -> Step:
        hidden, cell, context, attention = self._advance(memory, self.embed(ids), state["h"], state["c"])
        return Step(self.logits(hidden, context), {"h": hidden, "c": cell}, attention)
