"""Beam search and sampling over a batch of pictures, for evaluation and for self-critical training."""

from __future__ import annotations

import torch
from torch import Tensor

from .decoders.decoder import Decoder, Named, after_first_step, select
from .text import Tokens


def pictures_of(memory: Named) -> int:
    return next(iter(memory.values())).shape[0]


@torch.inference_mode()
def beam_search(decoder: Decoder, memory: Named, tokens: Tokens, beams: int, penalty: float, longest: int) -> list[list[int]]:
    """The best caption of each picture as ids without the end; score = log-probability / tokens ** penalty.

    Banned tokens keep their share of the probability, as in the TypeScript library and in transformers' `generate`.
    """
    banned = torch.tensor(tokens.banned)
    pictures = pictures_of(memory)
    rows = pictures * beams
    state = decoder.start(memory, rows)
    read = torch.full((rows, 1), tokens.start)
    scores = torch.full((pictures, beams), -1e9)
    scores[:, 0] = 0.0
    finished: list[tuple[float, list[int]]] = [(-1e30, []) for _ in range(pictures)]
    offsets = torch.arange(pictures)[:, None] * beams
    for length in range(1, longest + 1):
        logits, state, _ = decoder.step(memory, read[:, -1], state)
        memory = after_first_step(memory)
        log_probs = logits.log_softmax(-1).index_fill(-1, banned, -1e9).view(pictures, beams, -1)
        size = log_probs.shape[-1]
        top, flat = (scores[:, :, None] + log_probs).flatten(1).topk(2 * beams, 1)  # [pictures, 2 · beams]
        parents, chosen = flat // size, flat % size
        ended = chosen == tokens.end
        for picture, place in ended[:, :beams].nonzero().tolist():
            score = float(top[picture, place]) / length**penalty
            if score > finished[picture][0]:
                finished[picture] = (score, read[picture * beams + int(parents[picture, place]), 1:].tolist())
        order = ended.int().argsort(dim=1, stable=True)[:, :beams]  # unfinished ones first, best first
        scores = top.gather(1, order)
        source = (parents.gather(1, order) + offsets).flatten()
        read = torch.cat((read[source], chosen.gather(1, order).flatten()[:, None]), 1)
        state = select(state, source)
        if all(best[0] >= float(s) / longest**penalty for best, s in zip(finished, scores[:, 0], strict=True)):
            break
    for picture, (score, _) in enumerate(finished):
        if score <= -1e30:
            finished[picture] = (0.0, read[picture * beams, 1:].tolist())
    return [caption for _, caption in finished]


@torch.no_grad()
def sample(decoder: Decoder, memory: Named, tokens: Tokens, times: int, longest: int, temperature: float = 1.0) -> Tensor:
    """Draws `times` captions a picture: ids [pictures · times, 1 + T] with the start token; after the end comes padding."""
    banned = torch.tensor(tokens.banned)
    rows = pictures_of(memory) * times
    state = decoder.start(memory, rows)
    read = torch.full((rows, 1), tokens.start)
    is_over = torch.zeros(rows, dtype=torch.bool)
    for _ in range(longest):
        logits, state, _ = decoder.step(memory, read[:, -1], state)
        memory = after_first_step(memory)
        logits[:, banned] = -1e9
        drawn = torch.multinomial((logits / temperature).softmax(-1), 1)[:, 0].masked_fill(is_over, tokens.pad)
        read = torch.cat((read, drawn[:, None]), 1)
        is_over |= drawn == tokens.end
        if bool(is_over.all()):
            break
    return read
