from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from conftest import shake
from torch import nn

from captioneer_training.batches import Batch, Picture, draw_captions, pad
from captioneer_training.config import Config, ConfigError, Stage
from captioneer_training.encoders import create_encoder, load_pretrained
from captioneer_training.encoders.efficientnet_lite import EfficientNetLite
from captioneer_training.encoders.encoder import Encoder
from captioneer_training.encoders.side_by_side import SideBySide
from captioneer_training.model import Captioner, new_captioner
from captioneer_training.objectives.imitation import Imitation
from captioneer_training.sources import Source, open_sources
from captioneer_training.text import SPECIAL, Vocabulary
from captioneer_training.train import run_stage

WORDS = Vocabulary((*SPECIAL, "a", "square", "red", "green", "blue", "grey"))
STAGE = Stage("imitating", objective="imitation", captions=2, mirror=False, label_smoothing=0.0)


def captioner_of(config: Config, seed: int) -> Captioner:
    torch.manual_seed(seed)
    return shake(new_captioner(config, WORDS))


@torch.no_grad()
def batch_of(source: Source, captioner: Captioner) -> Batch:
    pictures = [Picture(source, row) for row in range(4)]
    images = torch.from_numpy(source.pixels(range(4)))
    features = captioner.encoder.features(captioner.encoder.pixel_values(images))
    return Batch(pictures, [False] * 4, random.Random(1), cached=features)


def test_the_student_comes_to_say_the_next_word_as_the_teacher_does(config: Config, packed: Path, tmp_path: Path) -> None:
    student, teacher = captioner_of(config, 1), captioner_of(config, 2)
    with torch.no_grad():
        teacher.decoder.get_parameter("output_bias").normal_(std=3.0)  # so that it is sure of something
    before = {name: tensor.clone() for name, tensor in teacher.state_dict().items()}
    sources = open_sources(["squares"], "train", packed)
    objective = Imitation(STAGE, [teacher], student, sources, tmp_path, 10)
    batch = batch_of(sources[0], student)

    def distance() -> float:
        inputs, _, is_word = pad(draw_captions(replace(batch, rng=random.Random(2)), 2, WORDS, 10), WORDS)
        with torch.no_grad():
            said = student.eval().decoder(student.decoder.remember(batch.features(student.encoder)), inputs, is_word)
            wanted = objective.wanted(batch, inputs, is_word)
        student.train()
        return float(nn.functional.kl_div(said.logits.log_softmax(-1), wanted, reduction="batchmean"))

    first = distance()
    optimizer = torch.optim.AdamW(student.decoder.parameters(), lr=3e-3)
    for _ in range(30):
        loss = objective.loss(student, batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert distance() < first / 3
    for name, tensor in teacher.state_dict().items():
        torch.testing.assert_close(tensor, before[name], rtol=0, atol=0)
    assert not [*objective.parameters()]


def test_a_stage_learns_from_the_checkpoint_that_it_is_given(config: Config, packed: Path, weights: Path, tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(packed / "data")
    frozen, *_ = config.stages
    twice = replace(config, stages=[frozen, replace(STAGE, pictures=4, dev_pictures=4)])
    run_stage(twice, "frozen", tmp_path, [weights], epochs=0)  # as it starts
    checkpoint = tmp_path / "tiny" / "frozen.pt"
    with pytest.raises(ConfigError, match="--teacher"):
        run_stage(twice, "imitating", tmp_path)
    run_stage(twice, "imitating", tmp_path, teachers=[checkpoint, checkpoint])
    assert (tmp_path / "tiny" / "imitating.pt").is_file()


def test_what_a_teacher_cannot_teach_is_refused(config: Config, packed: Path, tmp_path: Path) -> None:
    student, sources = captioner_of(config, 1), open_sources(["squares"], "train", packed)
    with pytest.raises(ConfigError, match="mirror = false"):
        Imitation(replace(STAGE, mirror=True), [student], student, sources, tmp_path, 10)
    torch.manual_seed(1)
    stranger = new_captioner(config, Vocabulary((*SPECIAL, "one")))
    with pytest.raises(ConfigError, match="same words"):
        Imitation(STAGE, [student, stranger], student, sources, tmp_path, 10)


def test_encoders_side_by_side_give_the_features_of_each(weights: Path) -> None:
    both = create_encoder("lite0+lite0")
    assert isinstance(both, SideBySide)
    assert (both.width, both.regions) == (2560, 49)
    load_pretrained(both, weights, weights)
    alone = create_encoder("lite0")
    load_pretrained(alone, weights)
    pixels = torch.randn(1, 3, 64, 64)
    with torch.inference_mode():
        expected = alone.eval()(pixels)
        torch.testing.assert_close(both.eval()(pixels), torch.cat((expected, expected), -1))


def test_encoders_that_do_not_go_together_are_refused(weights: Path) -> None:
    with pytest.raises(ConfigError, match="same places"):
        create_encoder("lite0+resnet18")
    with pytest.raises(ConfigError, match="weights of 2 encoders are needed, and 1 are given"):
        load_pretrained(create_encoder("lite0+lite0"), weights)
    network: Encoder = EfficientNetLite("lite0")
    with pytest.raises(ConfigError, match="weights of 1 encoders"):
        load_pretrained(network)
