"""The steps of the command line that write scenes and score their captions."""

from __future__ import annotations

import argparse
import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from ..corpus import CorpusError
from ..manifest import add_quality
from .factors import FEATURES, SCENES, factors_of, split_indices
from .measures import score_captions
from .render import render
from .words import wording

if TYPE_CHECKING:
    Steps = argparse._SubParsersAction[argparse.ArgumentParser]

_PREFIX = "scene-"


def write_scenes(arguments: argparse.Namespace) -> None:
    """Writes scenes as PNG files that are named by their numbers, and the phrases that are true of them."""
    indices = split_indices(arguments.split)
    if not 1 <= arguments.count <= len(indices):
        raise CorpusError(f"--count is {arguments.count}; the split {arguments.split!r} has 1 to {len(indices)} scenes.")
    chosen = indices[[n * len(indices) // arguments.count for n in range(arguments.count)]]  # spread over the split
    arguments.out.mkdir(parents=True, exist_ok=True)
    with (arguments.out / "truths.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow(["image", *FEATURES])
        for index in chosen.tolist():
            name = f"{_PREFIX}{index:06d}.png"
            Image.fromarray(render([index])[0]).save(arguments.out / name)
            table.writerow([name, *wording(factors_of(index).tolist()).values()])


def scene_of(file: str) -> int:
    """The number of the scene that a file shows, by its name."""
    digits = Path(file).stem.removeprefix(_PREFIX)
    if not digits.isdecimal() or int(digits) >= SCENES:
        raise CorpusError(f"{file}: not named as the step 'a3ds-scenes' names scenes ({_PREFIX}<number>.png).")
    return int(digits)


def score(arguments: argparse.Namespace) -> None:
    """Scores captions of scenes: JSON Lines with `image` and `text`, as `captioneer --json` prints them."""
    captions: dict[int, str] = {}
    for number, line in enumerate(arguments.captions.read_text(encoding="utf-8").splitlines(), start=1):
        record = json.loads(line)
        if "text" not in record:
            raise CorpusError(f"{arguments.captions}, line {number}: no caption for {record.get('image')}. Caption all scenes, then score.")
        captions[scene_of(record["image"])] = record["text"]
    if not captions:
        raise CorpusError(f"{arguments.captions}: no captions. Make them with `captioneer --json`.")
    report = score_captions(captions)
    unparsed = report.pop("unparsed")
    print(json.dumps(report | {"unparsed": {"captions": len(unparsed), "first": list(unparsed.values())[:5]}}, indent=2))
    if arguments.manifest:
        add_quality(Path(arguments.manifest[0]), arguments.manifest[1], {"accuracy": report["accuracy"]})


def add_steps(steps: Steps) -> None:
    """Adds `a3ds-scenes` and `a3ds-score` to the command line."""
    step = steps.add_parser("a3ds-scenes", help="write scenes as pictures, with what is true of them")
    step.add_argument("--out", type=Path, required=True, help="folder for the PNG files and truths.tsv")
    step.add_argument("--count", type=int, default=5000, help="scenes, spread over the split (default: 5000)")
    step.add_argument("--split", default="test", choices=("dev", "test", "train"), help="default: test, never trained on")
    step.set_defaults(run=write_scenes)

    step = steps.add_parser("a3ds-score", help="score captions of scenes made by the TypeScript library")
    step.add_argument("captions", type=Path, help="JSON Lines from `captioneer --json`")
    step.add_argument(
        "--manifest", nargs=2, metavar=("FILE", "CORPUS"), help="captioneer.json to write the accuracy into, as its quality on CORPUS"
    )
    step.set_defaults(run=score)
