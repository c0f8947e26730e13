"""Beam search and sampling over a batch of pictures, for evaluation and for self-critical training."""

from __future__ import annotations

import torch
from torch import Tensor

from .decoders.transformer import Memory, TransformerDecoder
from .text import END, PAD, START, UNKNOWN, Vocabulary

LONGEST = 24
"""The most words of a caption, its end included."""


@torch.inference_mode()
def beam_search(
    decoder: TransformerDecoder, memory: Memory, vocabulary: Vocabulary, beams: int = 3, penalty: float = 0.7, longest: int = LONGEST
) -> list[list[int]]:
    """The best caption of each picture as word ids without the end; score = log-probability / words ** penalty.

    Banned words keep their share of the probability, as in the TypeScript library and in transformers' `generate`.
    """
    ids = vocabulary.ids
    banned = torch.tensor([ids[PAD], ids[START], ids[UNKNOWN]])
    pictures = memory.keys[0].shape[0]
    rows = pictures * beams
    cache = decoder.empty_cache(rows)
    tokens = torch.full((rows, 1), ids[START])
    scores = torch.full((pictures, beams), -1e9)
    scores[:, 0] = 0.0
    finished: list[tuple[float, list[int]]] = [(-1e30, []) for _ in range(pictures)]
    offsets = torch.arange(pictures)[:, None] * beams
    for length in range(1, longest + 1):
        logits, cache = decoder.step(memory, tokens[:, -1], cache)
        log_probs = logits.log_softmax(-1).index_fill(-1, banned, -1e9).view(pictures, beams, -1)
        words = log_probs.shape[-1]
        top, flat = (scores[:, :, None] + log_probs).flatten(1).topk(2 * beams, 1)  # [pictures, 2 · beams]
        parents, chosen = flat // words, flat % words
        ended = chosen == ids[END]
        for picture, place in ended[:, :beams].nonzero().tolist():
            score = float(top[picture, place]) / length**penalty
            if score > finished[picture][0]:
                finished[picture] = (score, tokens[picture * beams + int(parents[picture, place]), 1:].tolist())
        order = ended.int().argsort(dim=1, stable=True)[:, :beams]  # unfinished ones first, best first
        scores = top.gather(1, order)
        source = (parents.gather(1, order) + offsets).flatten()
        tokens = torch.cat((tokens[source], chosen.gather(1, order).flatten()[:, None]), 1)
        cache = cache.select(source)
        if all(best[0] >= float(s) / longest**penalty for best, s in zip(finished, scores[:, 0], strict=True)):
            break
    for picture, (score, _) in enumerate(finished):
        if score <= -1e30:
            finished[picture] = (0.0, tokens[picture * beams, 1:].tolist())
    return [caption for _, caption in finished]


@torch.no_grad()
def sample(decoder: TransformerDecoder, memory: Memory, vocabulary: Vocabulary, longest: int = LONGEST) -> Tensor:
    """Draws one caption a row: ids [rows, T] that start with the start token; after the end comes padding."""
    ids = vocabulary.ids
    banned = torch.tensor([ids[PAD], ids[START], ids[UNKNOWN]])
    rows = memory.keys[0].shape[0]
    cache = decoder.empty_cache(rows)
    tokens = torch.full((rows, 1), ids[START])
    is_over = torch.zeros(rows, dtype=torch.bool)
    for _ in range(longest):
        logits, cache = decoder.step(memory, tokens[:, -1], cache)
        logits[:, banned] = -1e9
        word = torch.multinomial(logits.softmax(-1), 1)[:, 0].masked_fill(is_over, ids[PAD])
        tokens = torch.cat((tokens, word[:, None]), 1)
        is_over |= word == ids[END]
        if bool(is_over.all()):
            break
    return tokens
