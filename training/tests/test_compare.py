from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import pytest
import torch

from captioneer_training.__main__ import build_parser, compare_checkpoints, variant
from captioneer_training.compare import compare, drawn, read_variant
from captioneer_training.config import Config
from captioneer_training.model import new_captioner
from captioneer_training.sources import open_sources
from captioneer_training.text import SPECIAL, Vocabulary


@pytest.fixture
def work(packed: Path, config: Config, tmp_path: Path) -> Path:
    """Two checkpoints of random weights beside the packed squares."""
    shutil.copytree(packed / "data", tmp_path / "data")
    (tmp_path / "tiny").mkdir()
    tokens = Vocabulary((*SPECIAL, "a", "red", "green", "blue", "grey", "square", "that", "is"))
    for seed, name in enumerate(("one", "two")):
        torch.manual_seed(seed)
        new_captioner(config, tokens).save(tmp_path / "tiny" / f"{name}.pt")
    return tmp_path


def test_a_variant_is_a_stage_or_shares_of_several() -> None:
    assert read_variant("longer") == {"longer": 1.0}
    assert read_variant("longer=0.6,critical=0.4") == {"longer": 0.6, "critical": 0.4}
    with pytest.raises(argparse.ArgumentTypeError, match="neither STAGE nor"):
        variant("longer=0.6,critical")


def test_the_same_photographs_are_drawn_each_time(packed: Path) -> None:
    [source] = open_sources(["squares"], "dev", packed)
    few = drawn(source, 3, 1)
    rows = [row for row in range(8) if source.pixels([row]).tolist() in [few.pixels([n]).tolist() for n in range(3)]]
    assert len(few) == 3
    assert drawn(source, 3, 1).references(0) == few.references(0)
    assert len(rows) >= 3  # colours repeat
    assert len(drawn(source, 100, 1)) == 8


def test_blends_are_scored_beside_their_parts(work: Path, config: Config, capsys: pytest.CaptureFixture[str]) -> None:
    variants = [{"one": 1.0}, {"one": 0.5, "two": 0.5}, {"one": 1.0, "two": 0.0}]
    found = [scores for _, scores in compare(config, variants, work, 4)]
    assert found[0] == found[2]  # nothing of the other
    assert set(found[1]) == {"squares"}
    with pytest.raises(FileNotFoundError, match="no such checkpoint"):
        list(compare(config, [{"three": 1.0}], work, 4))


def test_the_command_prints_a_line_a_variant(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (work / "tiny.toml").write_text(
        'name = "tiny"\ncorpora = ["squares"]\nencoder = "lite0"\nminimum_count = 1\nmaximum_words = 10\n'
        '[description]\n[decoder]\ntype = "transformer"\n[[stage]]\nname = "one"\n',
        encoding="utf-8",
    )
    arguments = ["--work", str(work), "compare", str(work / "tiny.toml"), "one", "one=0.5,two=0.5", "--pictures", "4"]
    compare_checkpoints(build_parser().parse_args(arguments))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["parts"] for line in lines] == [{"one": 1.0}, {"one": 0.5, "two": 0.5}]
    assert lines[0]["mean"] == lines[0]["squares"]["ciderD"]
