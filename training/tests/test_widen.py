from __future__ import annotations

import pytest
import torch
from torch import Tensor

from captioneer_training.batches import pad
from captioneer_training.config import Config, ConfigError
from captioneer_training.model import Captioner, new_captioner
from captioneer_training.text import SPECIAL, Vocabulary
from captioneer_training.widen import EMBEDDINGS, widen

WRITERS = ("out", "cross_out", "mlp.3", "project")
"""Linear layers that add to the stream."""

WORDS = Vocabulary((*SPECIAL, "a", "red", "green", "square"))


def stream_without_mean(captioner: Captioner) -> Captioner:
    """Everything that is added to the stream between the layers has mean 0 over the channels, as is nearly so after training."""
    for name, tensor in captioner.decoder.named_parameters():
        layer = name.rpartition(".")[0]
        with torch.no_grad():
            if name in EMBEDDINGS:
                tensor.normal_().sub_(tensor.mean(1, keepdim=True))
            elif layer.endswith(WRITERS):
                tensor.sub_(tensor.mean(0, keepdim=True))
    return captioner


def logits(captioner: Captioner, features: Tensor) -> Tensor:
    captions = [WORDS.encode(text, 8) for text in ("a red square", "a green square a square")]
    inputs, _, is_word = pad(captions, WORDS)
    with torch.inference_mode():
        teaching = captioner.eval().decoder(captioner.decoder.remember(features), inputs, is_word)
    found: Tensor = teaching.logits
    return found


def test_a_wider_decoder_says_what_it_said(config: Config) -> None:
    torch.manual_seed(1)
    narrow = stream_without_mean(new_captioner(config, WORDS))
    wide = widen(narrow, {**config.decoder, "width": 40, "heads": 5, "inner": 200})
    assert wide.decoder.width == 40
    features = torch.randn(2, 49, 1280)
    wanted, found = logits(narrow, features), logits(wide, features)
    assert float((found - wanted).std() / wanted.std()) < 0.02


def test_all_that_is_new_learns(config: Config) -> None:
    torch.manual_seed(1)
    narrow = new_captioner(config, WORDS)
    wide = widen(narrow, {**config.decoder, "width": 40, "heads": 5})
    start = {name: tensor.clone() for name, tensor in wide.decoder.state_dict().items()}
    optimizer = torch.optim.Adam(wide.decoder.parameters(), lr=0.01)
    inputs, targets, is_word = pad([WORDS.encode("a red square", 8)], WORDS)
    for _ in range(3):  # what is multiplied by zero learns once that has changed
        optimizer.zero_grad()
        found = wide.decoder(wide.decoder.remember(torch.randn(1, 49, 1280)), inputs, is_word).logits
        torch.nn.functional.cross_entropy(found, targets[is_word]).backward()
        optimizer.step()
    for name, tensor in wide.decoder.state_dict().items():
        old = narrow.decoder.state_dict()[name]
        if old.shape != tensor.shape and "qkv.bias" not in name and "key_value.bias" not in name:  # a key's bias changes no softmax
            corner = tuple(slice(size) for size in old.shape)
            moved = (tensor != start[name]).clone()
            moved[corner] = False
            assert bool(moved.any()), name


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"width": 40, "heads": 4}, "heads stay as wide as they are: 8, and the configuration says 10"),
        ({"width": 8, "heads": 1}, "nowhere fewer channels"),
        ({"width": 40, "heads": 5, "layers": 2}, "as many layers as the other"),
        ({"type": "soft-attention", "width": 16}, 'only decoders of type "transformer"'),
    ],
)
def test_what_cannot_be_widened_is_told(config: Config, settings: dict[str, object], message: str) -> None:
    narrow = new_captioner(config, WORDS)
    kept = {} if "type" in settings else config.decoder
    with pytest.raises(ConfigError, match=message):
        widen(narrow, {**kept, **settings})


def test_the_same_encoder_is_kept(config: Config) -> None:
    narrow = new_captioner(config, WORDS).folded()
    wide = widen(narrow, {**config.decoder, "width": 24, "heads": 3})
    assert wide.encoder_name == narrow.encoder_name
    torch.testing.assert_close(wide.encoder.state_dict(), narrow.encoder.state_dict())
