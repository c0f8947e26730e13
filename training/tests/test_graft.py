from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor

from captioneer_training.config import Config, ConfigError
from captioneer_training.encoders.efficientnet_lite import EfficientNetLite
from captioneer_training.graft import graft, linear_map
from captioneer_training.model import Captioner, new_captioner
from captioneer_training.sources import open_sources
from captioneer_training.text import SPECIAL, Vocabulary

WORDS = Vocabulary((*SPECIAL, "a", "square"))


class Mixed(EfficientNetLite):
    """Sees what the teacher sees, but says it otherwise: 64 of its channels, mixed, and shifted."""

    width = 64

    def __init__(self, taught: EfficientNetLite) -> None:
        super().__init__("lite0")
        self.load_state_dict(taught.state_dict())
        self.mixture = torch.linalg.qr(torch.randn(64, 64))[0]

    def features(self, pixels: Tensor) -> Tensor:
        return super().features(pixels)[..., :64] @ self.mixture + 0.5


def captioner_of(config: Config, seed: int) -> Captioner:
    torch.manual_seed(seed)
    return new_captioner(config, WORDS).eval()


def test_the_map_undoes_a_linear_mixture(config: Config, packed: Path) -> None:
    teacher, student = captioner_of(config, 1), captioner_of(config, 2)
    assert isinstance(teacher.encoder, EfficientNetLite)
    student.encoder = Mixed(teacher.encoder)
    source = open_sources(["squares"], "train", packed)
    weight, bias = linear_map(student, teacher, source, 8)
    assert weight.shape == (1280, 64)
    images = torch.from_numpy(source[0].pixels([0, 1, 2, 3]))
    with torch.inference_mode():
        wanted, given = (c.encoder(c.encoder.pixel_values(images)) for c in (teacher, student))
    found, wanted = (given @ weight.T + bias)[..., :64], wanted[..., :64]
    assert float((found - wanted).square().mean() / wanted.var()) < 0.05


def test_a_grafted_decoder_says_what_it_said_on_its_own_encoder(config: Config, packed: Path) -> None:
    teacher, student = captioner_of(config, 1), captioner_of(config, 2)
    student.encoder.load_state_dict(teacher.encoder.state_dict())
    grafted = graft(student, teacher, open_sources(["squares"], "train", packed), pictures=8)
    for name, tensor in grafted.decoder.state_dict().items():
        if not name.startswith("project."):
            torch.testing.assert_close(tensor, teacher.decoder.state_dict()[name], rtol=0, atol=0)
    images = torch.from_numpy(open_sources(["squares"], "dev", packed)[0].pixels(range(4)))
    assert grafted.caption(images, config) == teacher.caption(images, config)


def test_a_decoder_that_does_not_start_with_a_linear_layer_is_refused(config: Config, packed: Path) -> None:
    lstm = captioner_of(replace(config, decoder={"type": "show-and-tell", "width": 16}), 2)
    with pytest.raises(ConfigError, match="linear layer"):
        graft(captioner_of(config, 1), lstm, open_sources(["squares"], "train", packed))
