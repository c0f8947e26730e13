import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from captioneer_training.plots import LogError, dev_points, main, read_log


def step(stage: str, epoch: int, number: int, **curve: float) -> dict[str, Any]:
    return {"stage": stage, "time": "00:00:00", "epoch": epoch, "step": number, "of": 400, **curve, "seconds": 1}


def dev(stage: str, epoch: int, score: float) -> dict[str, Any]:
    return {"stage": stage, "time": "00:00:00", "epoch": epoch, "dev": {"flickr8k": {"bleu4": 0.1, "ciderD": score}}}


RECORDS = [
    step("frozen", 1, 50, loss=5.0),
    step("frozen", 1, 100, loss=4.0),
    dev("frozen", 1, 0.2),
    step("frozen", 2, 150, loss=9.0),  # killed after this, and resumed from epoch 1
    {"stage": "frozen", "time": "00:00:00", "resumed": 1},
    step("frozen", 2, 150, loss=3.5),
    step("frozen", 2, 200, loss=3.0),
    dev("frozen", 2, 0.3),
    step("critical", 1, 50, reward=0.1),  # started anew after this
    dev("critical", 1, 0.1),
    step("critical", 1, 50, reward=0.5),
    dev("critical", 1, 0.4),
]


def write_log(folder: Path, records: list[dict[str, Any]]) -> Path:
    folder.mkdir()
    (folder / "log.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return folder / "log.jsonl"


def test_epochs_that_were_run_twice_count_once(tmp_path: Path) -> None:
    stages = read_log(write_log(tmp_path / "tiny", RECORDS))
    assert stages["frozen"].points("loss") == [(0.5, 5.0), (1.0, 4.0), (1.5, 3.5), (2.0, 3.0)]
    assert stages["critical"].points("reward") == [(1.0, 0.5)]
    assert dev_points(stages.values(), "ciderD") == {"flickr8k": [(1, 0.2), (2, 0.3), (3, 0.4)]}


def test_draws_a_panel_for_each_thing_logged(tmp_path: Path) -> None:
    log = write_log(tmp_path / "tiny", RECORDS)
    assert main([str(log), "--out", str(tmp_path / "images")]) == 0
    image = tmp_path / "images" / "tiny.svg"
    texts = {"".join(node.itertext()) for node in ElementTree.parse(image).iter("{http://www.w3.org/2000/svg}text")}
    assert {"training loss", "CIDEr-D of samples (reward)", "CIDEr-D (dev)", "epochs", "flickr8k", "frozen", "critical"} <= texts
    assert "recall at 5, caption by picture (dev)" not in texts
    assert image.stat().st_size < 50_000
    first = image.read_bytes()
    assert main([str(log), "--out", str(tmp_path / "images")]) == 0
    assert image.read_bytes() == first


def test_what_is_no_log_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = write_log(tmp_path / "tiny", [RECORDS[0], {"epoch": 3}])
    with pytest.raises(LogError, match="line 2: not a record"):
        read_log(log)
    log.write_text("", encoding="utf-8")
    assert main([str(log), "--out", str(tmp_path)]) == 2
    assert "no records yet" in capsys.readouterr().err
