"""`python -m captioneer_training.plots runs/<model>/log.jsonl … --out FOLDER`: learning curves, an SVG a model.

Needs matplotlib (`pip install -r requirements-plots.txt`).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from .files import whole_file

CURVES = {
    "loss": "training loss",
    "reward": "CIDEr-D of samples (reward)",
    "distance": "distance to the teacher",  # as logs had it before the next one
    "unexplained": "unexplained of the teacher's map",
}
"""What training logs every fifty steps, by the name it has there (`Objective.curve`), and its axis label."""
MEASURES = {"ciderD": "CIDEr-D (dev)", "captionR@5": "recall at 5, caption by picture (dev)"}
"""What is drawn of the scores after each epoch."""


class LogError(Exception):
    """A log has nothing to draw, or is not one."""


@dataclass
class StageLog:
    """What one stage logged; of epochs that were run twice, the second time."""

    training: dict[int, dict[str, dict[int, float]]] = field(default_factory=dict)
    """By epoch, by curve, by step."""
    dev: dict[int, dict[str, dict[str, float]]] = field(default_factory=dict)
    """By epoch, by corpus, by measure."""

    def restart(self, epoch: int) -> None:
        """Forgets this epoch and those after it: the run was killed, or was started anew."""
        for records in (self.training, self.dev):
            for later in [e for e in records if e >= epoch]:
                del records[later]

    @property
    def epochs(self) -> int:
        return max((*self.training, *self.dev))

    def points(self, curve: str) -> list[tuple[float, float]]:
        """(epochs, value), the records of an epoch spread evenly over it."""
        by_epoch = {epoch: sorted(curves.get(curve, {}).items()) for epoch, curves in self.training.items()}
        most = max(map(len, by_epoch.values()), default=0)
        return [(epoch - 1 + k / most, value) for epoch in sorted(by_epoch) for k, (_, value) in enumerate(by_epoch[epoch], start=1)]


def read_log(path: Path) -> dict[str, StageLog]:
    """The stages in the order in which they were first run."""
    stages: dict[str, StageLog] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            record = json.loads(line)
            stage = stages.setdefault(record["stage"], StageLog())
            if "resumed" in record:
                stage.restart(record["resumed"] + 1)
                continue
            epoch = record["epoch"]
            if "dev" in record:
                stage.dev[epoch] = record["dev"]
                continue
            curve = next(name for name in CURVES if name in record)
            if any(record["step"] <= step for curves in stage.training.get(epoch, {}).values() for step in curves) or epoch in stage.dev:
                stage.restart(epoch)
            stage.training.setdefault(epoch, {}).setdefault(curve, {})[record["step"]] = record[curve]
        except (json.JSONDecodeError, KeyError, TypeError, StopIteration) as error:
            raise LogError(f"{path}, line {number}: not a record of a training log: {line[:80]}") from error
    stages = {name: stage for name, stage in stages.items() if stage.training or stage.dev}
    if not stages:
        raise LogError(f"{path}: no records yet. The first comes after fifty steps or one epoch.")
    return stages


def dev_points(stages: Iterable[StageLog], measure: str) -> dict[str, list[tuple[float, float]]]:
    """(epochs since the first stage began, score) by corpus."""
    points: dict[str, list[tuple[float, float]]] = {}
    begin = 0
    for stage in stages:
        for epoch, scores in sorted(stage.dev.items()):
            for corpus, values in scores.items():
                if measure in values:
                    points.setdefault(corpus, []).append((begin + epoch, values[measure]))
        begin += stage.epochs
    return points


def draw(stages: dict[str, StageLog], out: Path) -> None:
    """One panel for each curve and each measure that was logged, over the epochs of all stages."""
    import matplotlib  # an optional dependency

    matplotlib.use("svg")
    matplotlib.rcParams |= {"svg.fonttype": "none", "svg.hashsalt": "captioneer", "axes.grid": True, "grid.alpha": 0.3, "font.size": 9}
    from matplotlib import pyplot

    curves = [curve for curve in CURVES if any(stage.points(curve) for stage in stages.values())]
    measures = {measure: scored for measure in MEASURES if (scored := dev_points(stages.values(), measure))}
    panels = len(curves) + len(measures)
    figure, axes = pyplot.subplots(panels, 1, sharex=True, squeeze=False, figsize=(7, 0.6 + 2.1 * panels), layout="constrained")
    for axis, curve in zip(axes[: len(curves), 0], curves, strict=True):
        axis.set_ylabel(CURVES[curve])
        begin = 0
        for number, (name, stage) in enumerate(stages.items()):
            if points := stage.points(curve):
                axis.plot([begin + x for x, _ in points], [y for _, y in points], linewidth=1.2, color=f"C{number}", label=name)
            begin += stage.epochs
        axis.legend()
    for axis, (measure, by_corpus) in zip(axes[len(curves) :, 0], measures.items(), strict=True):
        axis.set_ylabel(MEASURES[measure])
        for corpus, scores in by_corpus.items():
            axis.plot(*zip(*scores, strict=True), marker="o", markersize=3, linewidth=1.2, label=corpus)
        axis.legend()
    begin = 0
    for stage in stages.values():
        begin += stage.epochs
        for axis in axes[:, 0]:
            axis.axvline(begin, color="grey", linewidth=0.8, linestyle=":")  # where the stage ends
    axes[-1, 0].set_xlabel("epochs")
    with whole_file(out) as file:
        figure.savefig(file, format="svg", metadata={"Date": None})
    pyplot.close(figure)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m captioneer_training.plots", description="Draws learning curves, an SVG a model.")
    parser.add_argument("logs", type=Path, nargs="+", metavar="LOG", help="runs/<model>/log.jsonl; the SVG is called <model>.svg")
    parser.add_argument("--out", type=Path, required=True, help="folder of the SVG files")
    parsed = parser.parse_args(arguments)
    try:
        for log in parsed.logs:
            draw(read_log(log), parsed.out / f"{log.resolve().parent.name}.svg")
    except ModuleNotFoundError as error:
        print(f"captioneer_training.plots: {error.name} is missing: pip install -r requirements-plots.txt", file=sys.stderr)
        return 2
    except (LogError, OSError) as error:
        print(f"captioneer_training.plots: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
