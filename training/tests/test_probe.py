from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from captioneer_training.__main__ import main
from captioneer_training.config import Config
from captioneer_training.encoders import load_pretrained
from captioneer_training.probe import average_precision, probe, ridge_precision, word_table
from captioneer_training.sources import open_sources
from captioneer_training.train import start_captioner


def test_average_precision_is_that_of_the_ranking() -> None:
    is_there = np.array([True, False, True, False])
    assert average_precision(np.array([4.0, 3.0, 2.0, 1.0]), is_there) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(np.array([4.0, 2.0, 3.0, 1.0]), is_there) == 1


def test_what_is_in_the_features_is_found_and_what_is_not_is_chance() -> None:
    rng = np.random.default_rng(0)
    features = rng.standard_normal((400, 12))
    seen, unseen = features[:, :1] > 1, rng.random((400, 1)) < 0.16
    assert ridge_precision(features, seen, 0.1) > 0.9
    assert ridge_precision(features, unseen, 0.1) < 0.3


def test_words_that_are_neither_rare_nor_everywhere(packed: Path) -> None:
    (source,) = open_sources(["squares"], "dev", packed)
    assert word_table(source).sum(0).tolist() == [2, 2, 2, 2]  # each colour; "a", "square", "that" and "is" are everywhere


def test_an_encoder_is_probed(packed: Path, config: Config, weights: Path) -> None:
    (source,) = open_sources(["squares"], "dev", packed)
    captioner = start_captioner(config, [source])
    load_pretrained(captioner.encoder, weights)
    found = probe(captioner, source)
    assert found.words == 4
    assert found.chance == 0.25
    assert found.precision > 0.9  # colours are easy


def test_the_command_says_where_a_checkpoint_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = Path(__file__).parents[1] / "configs" / "default.toml"
    assert main(["--work", str(tmp_path), "probe", str(config), "--stage", "frozen"]) == 2
    assert "frozen.pt" in capsys.readouterr().err
