from __future__ import annotations

from pathlib import Path

import pytest
from tiny import TINY

from captioneer_training.config import ConfigError, load_config


def write(folder: Path, stage: str) -> Path:
    path = folder / "tiny.toml"
    path.write_text(f'{TINY}\n[[stage]]\nname = "first"\n{stage}\n', encoding="utf-8")
    return path


def test_an_objective_has_its_usual_settings_until_the_file_says_otherwise(tmp_path: Path) -> None:
    [stage] = load_config(write(tmp_path, 'objective = "self-critical"\ncaptions = 7')).stages
    assert (stage.captions, stage.temperature, stage.dropout, stage.mirror) == (7, 0.5, 0.0, False)
    [plain] = load_config(write(tmp_path, "captions = 7")).stages
    assert (plain.captions, plain.temperature, plain.dropout, plain.mirror) == (7, 1.0, None, True)


@pytest.mark.parametrize(
    ("setting", "value", "known"),
    [
        ("precision", "bf16", "auto, float32, bfloat16"),
        ("features", "cache", "cached, end-to-end"),
        ("encoder_rates", "fixed", "relative, absolute"),
    ],
)
def test_a_choice_that_there_is_not_is_refused(setting: str, value: str, known: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"{setting} is '{value}'; known are {known}"):
        load_config(write(tmp_path, f'{setting} = "{value}"'))


def test_settings_take_the_place_of_the_files(tmp_path: Path) -> None:
    path = write(tmp_path, "captions = 7")
    config = load_config(path, ["beams=5", "decoder.width=32", "first.captions=2", "epochs=4", "encoder=lite2"], "first")
    assert (config.beams, config.decoder["width"], config.encoder) == (5, 32, "lite2")
    assert (config.stages[0].captions, config.stages[0].epochs) == (2, 4)
    shares = load_config(path, ["first.shares={ squares = 0.5 }"]).stages[0].shares
    assert shares == {"squares": 0.5}


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("beams", "--set takes KEY=VALUE, found 'beams'"),
        ("a.b.c=1", "--set takes KEY=VALUE, found 'a.b.c=1'"),
        ("second.epochs=1", "no table and no stage 'second' in the configuration; it has the stages first"),
        ("epoch=1", "unknown setting 'epoch'"),
        ("first.epoch=1", "unknown setting 'epoch'"),
        ("first.precision=bf16", "precision is 'bf16'; known are auto, float32, bfloat16"),
    ],
)
def test_settings_that_there_are_not_are_refused(setting: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=message):
        load_config(write(tmp_path, ""), [setting])
