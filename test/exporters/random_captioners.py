"""What random captioners with an LSTM need to behave like trained ones: activations of the usual size, words that are told apart,
and an end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import torch
from other_beams import LogProbs, clipcap
from public_checkpoints import seeded_tensors
from reference import Caption
from torch import Tensor, nn

Module = TypeVar("Module", bound=nn.Module)

STEPS_TO_END, BEAMS = 4, 5


def seeded(model: Module, seed: int) -> Module:
    """Weights that a seed and their names decide; embeddings and LSTMs large enough to lead from one word to another."""
    shapes = {name: list(tensor.shape) for name, tensor in model.state_dict().items()}
    model.load_state_dict(seeded_tensors(shapes, seed))
    for module in model.modules():
        if isinstance(module, nn.Embedding):
            module.weight.data.mul_(10)
        elif isinstance(module, nn.LSTM):
            for parameter in module.parameters():
                parameter.data.mul_(2)
    return model.eval()


@torch.no_grad()
def settle(network: nn.Module, values: Tensor) -> None:
    """Gives the batch norms of maps the statistics of a picture, without which the activations of a deep network explode."""
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.train().momentum = 1.0
    network(values)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.eval().momentum = momentum


def words_with_end(log_probs: LogProbs, count: int, special: Mapping[int, str], end: str) -> tuple[int, list[str]]:
    """Words by id, of which the end is one that beams come to after some others. Gives its id, and the words."""
    for length in range(STEPS_TO_END, 3 * STEPS_TO_END):
        *before, last = clipcap(log_probs, -1, BEAMS, length)[0]["tokenIds"]
        if last not in before and last not in special:
            return last, [special.get(index, end if index == last else f"word{index}") for index in range(count)]
    raise ValueError(f"beam search goes round in circles: {before}")


def caption_text(entry: dict[str, Any], words: list[str]) -> Caption:
    """Words with spaces between them, without the special ones."""
    ids = entry["tokenIds"]
    text = " ".join(words[index] for index in ids if not words[index].startswith("<"))
    return {"ids": ids, "text": text, "isFinished": entry["isFinished"]}
