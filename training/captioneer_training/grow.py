"""New words for a trained captioner: its word map grows, and every old word keeps its row."""

from __future__ import annotations

from collections.abc import Iterable

import torch

from .config import ConfigError
from .model import Captioner
from .text import Vocabulary

NOISE = 0.1
"""How far a new word's weights lie from the mean of the old words', as a share of the old words' standard deviation."""


@torch.no_grad()
def grow(captioner: Captioner, captions: Iterable[str], minimum_count: int) -> Captioner:
    """Adds the words that `captions` use at least `minimum_count` times and the captioner does not have.

    A new word starts at the mean of the old ones (Hewitt 2021, "Initializing new word embeddings for pretrained language
    models"), so that it takes little probability from the words that were trained; a little noise tells new words apart.
    """
    old = captioner.tokens
    if not isinstance(old, Vocabulary):
        raise ConfigError(f"only a word map grows, and these tokens are {old.type}.")
    tokens = old.extended(captions, minimum_count)
    grown = Captioner(captioner.encoder_name, captioner.decoder_settings, tokens)
    state = grown.state_dict()
    for name, weight in captioner.state_dict().items():
        new = state[name]
        if new.shape != weight.shape:
            mean, spread = weight.mean(0), weight.std(0, correction=0)
            new[: len(old)] = weight
            new[len(old) :] = mean + NOISE * spread * torch.randn_like(new[len(old) :])
        else:
            new.copy_(weight)
    return grown
