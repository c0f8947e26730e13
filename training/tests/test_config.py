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


def test_a_precision_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'bf16'; known are float32, bfloat16"):
        load_config(write(tmp_path, 'precision = "bf16"'))
