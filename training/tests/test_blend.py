from __future__ import annotations

import pytest
import torch

from captioneer_training.blend import blend
from captioneer_training.config import Config, ConfigError
from captioneer_training.model import Captioner, new_captioner
from captioneer_training.text import SPECIAL, Vocabulary

WORDS = Vocabulary((*SPECIAL, "a", "square"))


def captioners_of(config: Config, count: int) -> list[Captioner]:
    torch.manual_seed(1)
    return [new_captioner(config, WORDS).eval() for _ in range(count)]


def test_each_weight_is_the_mean_of_those_blended(config: Config) -> None:
    captioners = captioners_of(config, 3)
    shares = (0.2, 0.3, 0.5)
    weights = [dict(captioner.named_parameters()) for captioner in captioners]
    wanted = {name: sum(share * each[name].detach().clone() for share, each in zip(shares, weights, strict=True)) for name in weights[0]}
    for name, weight in blend(captioners, shares).named_parameters():
        torch.testing.assert_close(weight.detach(), wanted[name])


def test_shares_that_are_not_a_mean_are_refused(config: Config) -> None:
    with pytest.raises(ConfigError, match=r"sum to 1; these to 1\.3"):
        blend(captioners_of(config, 2), (0.6, 0.7))


def test_captioners_of_different_shapes_are_refused(config: Config) -> None:
    [first] = captioners_of(config, 1)
    with pytest.raises(ConfigError, match="same shape"):
        blend([first, new_captioner(config, Vocabulary((*WORDS.words, "circle")))], (0.5, 0.5))


def test_captioners_of_different_words_are_refused(config: Config) -> None:
    [first] = captioners_of(config, 1)
    with pytest.raises(ConfigError, match="same words"):
        blend([first, new_captioner(config, Vocabulary((*SPECIAL, "square", "a")))], (0.5, 0.5))
