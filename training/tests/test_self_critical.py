from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from conftest import shake
from torch import Tensor

from captioneer_training.batches import Batch, Picture
from captioneer_training.config import Config, Stage
from captioneer_training.model import Captioner, new_captioner
from captioneer_training.objectives.self_critical import SelfCritical
from captioneer_training.sources import Source, open_sources
from captioneer_training.text import SPECIAL, Vocabulary
from captioneer_training.train import set_dropout

WORDS = Vocabulary((*SPECIAL, "a", "square", "red", "green", "blue", "grey", "that", "is"))
STAGE = Stage("critical", objective="self-critical", captions=3, mirror=False, label_smoothing=0.0, dropout=0.0, feature_dropout=0.0)


@pytest.fixture
def source(packed: Path) -> Source:
    return open_sources(["squares"], "train", packed)[0]


@pytest.fixture
def student(config: Config) -> Captioner:
    torch.manual_seed(1)
    captioner = shake(new_captioner(config, WORDS))
    set_dropout(captioner, STAGE)
    return captioner


@torch.no_grad()
def batch_of(source: Source, captioner: Captioner) -> Batch:
    images = torch.from_numpy(source.pixels(range(4)))
    features = captioner.encoder.features(captioner.encoder.pixel_values(images))
    return Batch([Picture(source, row) for row in range(4)], [False] * 4, random.Random(1), cached=features)


def loss(stage: Stage, student: Captioner, source: Source) -> Tensor:
    """With the same captions drawn each time."""
    torch.manual_seed(7)
    return SelfCritical(stage, [source], WORDS, 10).loss(student, batch_of(source, student))


def test_captions_of_people_are_held_beside_the_reward(student: Captioner, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(SelfCritical, "advantages", lambda _, rewards, batch: torch.zeros_like(rewards))  # no caption is better than another
        likelihood = loss(replace(STAGE, likelihood=1.0), student, source)
        assert loss(STAGE, student, source).item() == 0.0
    assert likelihood.item() > 1.0  # it knows nothing yet
    together = loss(replace(STAGE, likelihood=0.2), student, source) - loss(STAGE, student, source)
    torch.testing.assert_close(together, 0.2 * likelihood)


def test_the_likelihood_teaches_what_the_reward_cannot_tell(student: Captioner, source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SelfCritical, "advantages", lambda _, rewards, batch: torch.zeros_like(rewards))
    stage = replace(STAGE, likelihood=1.0)
    first = loss(stage, student, source).item()
    optimizer = torch.optim.AdamW(student.decoder.parameters(), lr=3e-3)
    for _ in range(20):
        optimizer.zero_grad()
        loss(stage, student, source).backward()
        optimizer.step()
    assert loss(stage, student, source).item() < 0.7 * first
