from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
import torch

from captioneer_training.batches import Batch, augment
from captioneer_training.config import Config, ConfigError
from captioneer_training.encoders.efficientnet_lite import EfficientNetLite
from captioneer_training.encoders.resnet import ResNet
from captioneer_training.model import Captioner, new_captioner
from captioneer_training.objectives.distillation import Distillation, unexplained
from captioneer_training.text import SPECIAL, Vocabulary

WORDS = Vocabulary((*SPECIAL, "a", "square"))


def student_of(config: Config) -> Captioner:
    torch.manual_seed(7)
    return new_captioner(replace(config, encoder="resnet18"), WORDS)


def test_maps_by_size_end_with_the_feature_map() -> None:
    pixels = torch.randn(1, 3, 64, 64)
    for network in (ResNet(side=64).eval(), EfficientNetLite("lite0").eval()):
        with torch.inference_mode():
            maps = network.maps_by_size(pixels)
            torch.testing.assert_close(maps[2], network.feature_map(pixels))
        assert {16, 8, 4, 2} <= maps.keys()


def test_only_maps_of_one_size_are_held_against_each_other(config: Config) -> None:
    objective = Distillation(student_of(config), EfficientNetLite("lite0"), 64)
    assert objective.hints == [4, 8, 16]
    assert objective.last_adapter.weight.shape[:2] == (1280, 512)


def test_a_channel_counts_alike_whatever_its_scale() -> None:
    torch.manual_seed(1)
    wanted = torch.randn(4, 3, 5, 5)
    given = torch.randn(4, 3, 5, 5)
    scaled = wanted * torch.tensor([1.0, 100.0, 10.0])[:, None, None] + 7
    torch.testing.assert_close(unexplained(given, scaled), unexplained(given, wanted), atol=1e-3, rtol=1e-3)
    mean = torch.zeros_like(wanted)
    assert float(unexplained(mean, wanted)) == pytest.approx(1, abs=0.01)


def test_the_student_comes_nearer_and_the_teacher_stays(config: Config) -> None:
    student, teacher = student_of(config), EfficientNetLite("lite0")
    before = {name: tensor.clone() for name, tensor in teacher.state_dict().items()}
    objective = Distillation(student, teacher, 64)
    batch = Batch([], [], random.Random(1), images=torch.rand(4, 64, 64, 3) * 255, side=64)
    optimizer = torch.optim.AdamW([*student.encoder.parameters(), *objective.parameters()], lr=3e-3)
    shown = []
    for _ in range(12):
        loss = objective.loss(student, batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        shown.append(objective.shown or 0.0)
    assert shown[-1] < 0.8 * shown[0]
    for name, tensor in teacher.state_dict().items():
        torch.testing.assert_close(tensor, before[name], rtol=0, atol=0)


def test_in_half_precision_the_loss_is_nearly_the_same_and_the_weights_learn_as_floats(config: Config) -> None:
    student, teacher = student_of(config).eval(), EfficientNetLite("lite0")
    objective = Distillation(student, teacher, 64)
    batch = Batch([], [], random.Random(1), images=torch.rand(4, 64, 64, 3) * 255, side=64)
    losses = []
    for enabled in (False, True):
        with torch.autocast("cpu", torch.bfloat16, enabled=enabled):
            losses.append(objective.loss(student, batch))
    assert losses[1].dtype == torch.float32
    torch.testing.assert_close(losses[1], losses[0], rtol=0.02, atol=0.02)
    losses[1].backward()
    assert {p.grad.dtype for p in student.encoder.parameters() if p.grad is not None} == {torch.float32}


def test_cached_features_have_no_pictures_to_learn_from(config: Config) -> None:
    objective = Distillation(student_of(config), EfficientNetLite("lite0"), 64)
    with pytest.raises(ConfigError, match="end-to-end"):
        objective.loss(student_of(config), Batch([], [], random.Random(1), cached=torch.zeros(1, 49, 512)))


def test_crops_are_sampled_at_the_side_asked_for() -> None:
    pictures = torch.arange(32 * 32, dtype=torch.uint8).view(1, 32, 32, 1).expand(2, 32, 32, 3).numpy()
    seen = augment(pictures, [False, True], (0.25, 0.5), 0.0, random.Random(3), side=16)
    assert seen.shape == (2, 16, 16, 3)
    assert Counter(seen.isnan().flatten().tolist()) == {False: seen.numel()}
