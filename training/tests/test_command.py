"""The command from outside: what it prints and returns, and what a kill or a full disk leaves behind."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from tiny import TINY

from captioneer_training.__main__ import main
from captioneer_training.corpus import load
from captioneer_training.model import load_captioner

CONFIG = (
    TINY
    + """
[[stage]]
name = "frozen"
epochs = {epochs}
pictures = 4
captions = 2
warmup = 0
learning_rate = {learning_rate}
"""
)


@pytest.fixture
def train(packed: Path, weights: Path, tmp_path: Path) -> list[str]:
    """The arguments that train the stage `frozen` in `tmp_path`."""
    (tmp_path / "data").symlink_to(packed / "data")
    config = tmp_path / "tiny.toml"
    config.write_text(CONFIG.format(epochs=5, learning_rate=6e-4), encoding="utf-8")
    return ["--work", str(tmp_path), "train", str(config), "frozen", "--weights", str(weights)]


def sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """What the command said on stderr, which must be one line."""
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def test_a_run_killed_at_any_moment_ends_the_same(train: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    command = [sys.executable, "-m", "captioneer_training", *train]
    with subprocess.Popen(command, cwd=Path(__file__).parent.parent, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None and not (folder / "frozen.last.pt").is_file():
            time.sleep(0.01)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert not (folder / "frozen.pt").exists()
    assert main(train) == 0
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert any("resumed" in record for record in log)
    resumed, _ = load_captioner(folder / "frozen.pt")

    for path in folder.glob("*.*"):
        path.unlink()
    assert main(train) == 0
    whole, _ = load_captioner(folder / "frozen.pt")
    for name, tensor in resumed.state_dict().items():
        torch.testing.assert_close(tensor, whole.state_dict()[name], msg=name)


def test_a_loss_that_is_not_a_number(train: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tiny.toml").write_text(CONFIG.format(epochs=5, learning_rate=1e30), encoding="utf-8")
    assert main(train) == 2
    assert "the loss is nan. Lower the learning rate and resume from the last epoch." in sentence(capsys)


def test_a_disk_that_fills_leaves_the_last_checkpoint(train: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*train, "--epochs", "1"]) == 0
    before = (tmp_path / "tiny" / "frozen.last.pt").read_bytes()
    partial = tmp_path / "tiny" / "frozen.last.pt.partial"
    partial.symlink_to("/dev/full")  # every write to it ends with ENOSPC
    assert main(train) == 2
    assert "tiny/frozen.last.pt: the disk is full. Make room" in sentence(capsys)
    assert not partial.is_symlink()
    assert (tmp_path / "tiny" / "frozen.last.pt").read_bytes() == before


def test_a_disk_that_fills_while_packing(packed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prepare = ["--work", str(tmp_path), "prepare", "squares", str(packed / "source")]
    assert main([*prepare, "--splits", "train"]) == 0
    (tmp_path / "data" / "squares-train.npy.partial").symlink_to("/dev/full")
    assert main(prepare) == 2
    assert "squares-train.npy: the disk is full. Make room, or move the working folder (--work)" in sentence(capsys)
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["squares-train.npy"]  # without an index nothing reads it
    assert main(prepare) == 0
    assert len(load(tmp_path / "data", "squares", "train")) == 8


def test_what_is_missing_is_said(train: list[str], packed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", "squares", str(tmp_path / "nothing")]) == 2
    assert "nothing: no such folder. Give the folder that holds" in sentence(capsys)
    assert main(["--work", str(tmp_path), "prepare", "squares", str(packed / "source"), "--splits", "test"]) == 2
    assert "no split 'test' (layout tsv); it has dev, train." in sentence(capsys)
    assert main(["evaluate", str(tmp_path / "nothing.toml")]) == 2
    assert "nothing.toml: no such file or directory. Check the path" in sentence(capsys)
    assert main(["--work", str(tmp_path), "evaluate", str(tmp_path / "tiny.toml")]) == 2
    assert "frozen.pt: no such checkpoint. Run the stage that makes it first." in sentence(capsys)
    assert main(train[:-2]) == 2
    assert "give --weights PATH" in sentence(capsys)


def test_a_packed_split_scores_captions(packed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    captions = tmp_path / "dev.jsonl"
    colours = ("red", "green", "blue", "grey")
    rows = [{"image": f"/pictures/{n}.jpg", "text": f"a {colours[n % 4]} square"} for n in range(8)]
    captions.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    scores = []
    for references in (packed / "data" / "squares-dev.json", packed / "source" / "dev.captions.tsv"):
        assert main(["score", str(captions), str(references)]) == 0
        scores.append(json.loads(capsys.readouterr().out))
    assert scores[0] == scores[1]
    assert scores[0]["bleu1"] == pytest.approx(1)


def test_scores_are_written_into_a_manifest_beside_those_of_other_photographs(packed: Path, tmp_path: Path) -> None:
    captions, manifest = tmp_path / "dev.jsonl", tmp_path / "captioneer.json"
    rows = [{"image": f"{n}.jpg", "text": "a red square"} for n in range(8)]
    captions.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    manifest.write_text(json.dumps({"name": "tiny", "quality": {"circles dev": {"bleu1": 0.5}}}), encoding="utf-8")
    score = ["score", str(captions), str(packed / "data" / "squares-dev.json"), "--manifest", str(manifest), "squares dev"]
    assert main(score) == 0
    written = json.loads(manifest.read_text(encoding="utf-8"))
    assert written["name"] == "tiny"
    assert written["quality"]["circles dev"] == {"bleu1": 0.5}
    assert 0 < written["quality"]["squares dev"]["bleu1"] < 1
