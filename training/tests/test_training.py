import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from captioneer_training.config import Config, ConfigError, load_config
from captioneer_training.corpus import CorpusError, load, read_captions
from captioneer_training.export import export
from captioneer_training.model import load_captioner
from captioneer_training.train import TrainingError, import_captioner, run_stage


@pytest.fixture
def work(packed: Path, tmp_path: Path) -> Path:
    shutil.copytree(packed / "data", tmp_path / "data")
    return tmp_path


def test_every_stage_trains_and_the_model_folder_can_be_trained_further(work: Path, config: Config, weights: Path) -> None:
    for stage in config.stages:
        run_stage(config, stage.name, work, weights)
    captioner, _ = load_captioner(work / "tiny" / "critical.pt")
    export(captioner.eval(), work / "model", config)
    again = import_captioner(config, work / "model")
    for name, tensor in again.state_dict().items():
        torch.testing.assert_close(tensor, captioner.state_dict()[name], atol=0.02, rtol=0.02)


def test_a_run_that_stops_between_epochs_ends_the_same(work: Path, config: Config, weights: Path) -> None:
    run_stage(config, "frozen", work, weights, epochs=1)
    shutil.copy(work / "tiny" / "frozen.pt", work / "tiny" / "finetuned.pt")  # so that each stage has one before it
    twice = replace(config, stages=[replace(stage, epochs=2) for stage in config.stages])
    for stage in ("finetuned", "critical"):  # `frozen` is killed for real in test_command.py
        before = {path: path.read_bytes() for path in (work / "tiny").glob("*.pt")}
        run_stage(twice, stage, work, None)
        whole, _ = load_captioner(work / "tiny" / f"{stage}.pt")
        (work / "tiny" / f"{stage}.last.pt").unlink()
        for path, content in before.items():
            path.write_bytes(content)
        run_stage(twice, stage, work, None, epochs=1)
        run_stage(twice, stage, work, None)
        resumed, _ = load_captioner(work / "tiny" / f"{stage}.pt")
        for name, tensor in resumed.state_dict().items():
            torch.testing.assert_close(tensor, whole.state_dict()[name], msg=f"{stage} {name}")


def test_clear_errors(tmp_path: Path, config: Config) -> None:
    with pytest.raises(CorpusError, match="no such file"):
        read_captions(tmp_path / "train.captions.tsv")
    with pytest.raises(CorpusError, match="'prepare'"):
        load(tmp_path, "squares", "train")
    with pytest.raises(ConfigError, match="no stage 'x'"):
        config.stage("x")
    with pytest.raises(TrainingError, match="--weights"):
        run_stage(config, "frozen", tmp_path, None)
    (tmp_path / "bad.toml").write_text("name = 'x'\nepoch = 3\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="unknown setting 'epoch'"):
        load_config(tmp_path / "bad.toml")


def test_shipped_configurations_are_read() -> None:
    for path in (Path(__file__).parent.parent / "configs").glob("*.toml"):
        assert load_config(path).stages
