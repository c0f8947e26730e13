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
        ("precision", "bf16", "float32, bfloat16"),
        ("features", "cache", "cached, end-to-end"),
        ("encoder_rates", "fixed", "relative, absolute"),
    ],
)
def test_a_choice_that_there_is_not_is_refused(setting: str, value: str, known: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=f"{setting} is '{value}'; known are {known}"):
        load_config(write(tmp_path, f'{setting} = "{value}"'))
