import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from captioneer_training import train
from captioneer_training.batches import Batch
from captioneer_training.config import Config, ConfigError, load_config
from captioneer_training.corpus import CorpusError, load, read_captions
from captioneer_training.export import export
from captioneer_training.model import load_captioner, new_captioner
from captioneer_training.train import TrainingError, import_captioner, run_stage


@pytest.fixture
def work(packed: Path, tmp_path: Path) -> Path:
    shutil.copytree(packed / "data", tmp_path / "work" / "data")
    return tmp_path / "work"


def test_every_stage_trains_and_the_model_folder_can_be_trained_further(work: Path, config: Config, weights: Path) -> None:
    for index, stage in enumerate(config.stages):
        run_stage(config, stage.name, work, [weights] if index == 0 else [])
    captioner, _ = load_captioner(work / "tiny" / "critical.pt")
    export(captioner.eval(), work / "model", config)
    again = import_captioner(config, work / "model")
    for name, tensor in again.state_dict().items():
        torch.testing.assert_close(tensor, captioner.state_dict()[name], atol=0.02, rtol=0.02)


@pytest.mark.parametrize("stage", ["finetuned", "critical"])  # `frozen` is killed for real in test_command.py
def test_a_run_that_stops_between_epochs_ends_the_same(stage: str, work: Path, config: Config, weights: Path, tmp_path: Path) -> None:
    run_stage(config, "frozen", work, [weights], epochs=1)
    shutil.copy(work / "tiny" / "frozen.pt", work / "tiny" / "finetuned.pt")  # so that each stage has one before it
    again = shutil.copytree(work, tmp_path / "again")
    twice = replace(config, stages=[replace(s, epochs=2, warmup=0, learning_rate=0.01) for s in config.stages])
    run_stage(twice, stage, work)
    run_stage(twice, stage, again, epochs=1)
    run_stage(twice, stage, again)
    whole, resumed = (load_captioner(folder / "tiny" / f"{stage}.pt")[0].state_dict() for folder in (work, again))
    for name, tensor in resumed.items():
        torch.testing.assert_close(tensor, whole[name], msg=name)


class Killed(Exception):
    pass


@pytest.mark.parametrize("stage", ["finetuned", "critical"])
def test_a_run_that_stops_within_an_epoch_ends_the_same(
    stage: str, work: Path, config: Config, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_stage(config, "frozen", work, [weights], epochs=1)
    shutil.copy(work / "tiny" / "frozen.pt", work / "tiny" / "finetuned.pt")
    again = shutil.copytree(work, tmp_path / "again")
    small = replace(config, stages=[replace(s, pictures=2, warmup=0, learning_rate=0.01, shares={"squares": 1.0}) for s in config.stages])
    run_stage(small, stage, work)
    learn = train.Run.learn

    def learn_until_killed(run: train.Run, batch: Batch, step: int, total: int) -> float:
        if step == 2:
            raise Killed
        return learn(run, batch, step, total)

    monkeypatch.setattr(train, "SAVE_SECONDS", 0.0)
    monkeypatch.setattr(train.Run, "learn", learn_until_killed)
    with pytest.raises(Killed):
        run_stage(small, stage, again)
    monkeypatch.setattr(train.Run, "learn", learn)
    run_stage(small, stage, again)
    assert [record["step"] for record in read_log(again) if "resumed" in record] == [2]
    whole, resumed = (load_captioner(folder / "tiny" / f"{stage}.pt")[0].state_dict() for folder in (work, again))
    for name, tensor in resumed.items():
        torch.testing.assert_close(tensor, whole[name], msg=name)


def read_log(work: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (work / "tiny" / "log.jsonl").read_text(encoding="utf-8").splitlines()]


def test_shares_must_name_the_corpora(work: Path, config: Config, weights: Path) -> None:
    wrong = replace(config, stages=[replace(s, shares={"circles": 1.0}) for s in config.stages])
    with pytest.raises(ConfigError, match="shares name circles; the corpora are squares"):
        run_stage(wrong, "frozen", work, [weights])


def test_a_later_stage_may_take_another_encoder(work: Path, config: Config, weights: Path) -> None:
    run_stage(config, "frozen", work, [weights], epochs=1)
    before, _ = load_captioner(work / "tiny" / "frozen.pt")
    other = new_captioner(config, before.tokens)
    other.save(work / "other.pt")
    run_stage(config, "finetuned", work, [work / "other.pt"], epochs=0)
    after, _ = load_captioner(work / "tiny" / "finetuned.pt")
    for found, wanted in ((after.encoder, other.encoder), (after.decoder, before.decoder)):
        for name, tensor in found.state_dict().items():
            assert torch.equal(tensor, wanted.state_dict()[name]), name


def test_clear_errors(tmp_path: Path, config: Config) -> None:
    with pytest.raises(CorpusError, match="no such file"):
        read_captions(tmp_path / "train.captions.tsv")
    with pytest.raises(CorpusError, match="'prepare'"):
        load(tmp_path, "squares", "train")
    with pytest.raises(ConfigError, match="no stage 'x'"):
        config.stage("x")
    with pytest.raises(TrainingError, match="--weights"):
        run_stage(config, "frozen", tmp_path)
    (tmp_path / "bad.toml").write_text("name = 'x'\nepoch = 3\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="unknown setting 'epoch'"):
        load_config(tmp_path / "bad.toml")


def test_shipped_configurations_are_read() -> None:
    for path in (Path(__file__).parent.parent / "configs").glob("*.toml"):
        assert load_config(path).stages
