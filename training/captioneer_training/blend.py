"""The weights of several stages averaged (Wortsman et al. 2022, model soups)."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .config import ConfigError
from .model import Captioner


def blend(captioners: Sequence[Captioner], shares: Sequence[float]) -> Captioner:
    """The first captioner with the mean of all weights; what is no float stays as it is.

    Captioners that went different ways from one start lie in one valley, and the mean does better than each of them.
    """
    if not math.isclose(sum(shares), 1.0, abs_tol=1e-6):
        raise ConfigError(f"the shares of a blend sum to 1; these to {sum(shares):g}.")
    states = [captioner.state_dict() for captioner in captioners]
    shapes = [{name: weight.shape for name, weight in state.items()} for state in states]
    if any(shape != shapes[0] for shape in shapes):
        raise ConfigError("the stages of a blend need the same shape.")
    words = [captioner.tokens.state() for captioner in captioners]
    if any(each != words[0] for each in words):
        raise ConfigError("the stages of a blend need the same words, in the same order.")
    for name, weight in states[0].items():
        if weight.is_floating_point():
            weight.copy_(sum(share * state[name] for share, state in zip(shares, states, strict=True)))
    return captioners[0]
