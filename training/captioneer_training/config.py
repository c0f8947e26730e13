"""One TOML file describes one model: its data, its shape, and the stages of its training."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints


class ConfigError(Exception):
    """A configuration file says something that training does not understand."""


@dataclass(frozen=True)
class Stage:
    """One stage of training."""

    name: str
    after: str | None = None  # the stage, blend or graft whose weights it starts from; None: the stage before it
    objective: str = "cross-entropy"  # or "self-critical", "language", "contrastive", "distillation", "imitation"
    features: Literal["cached", "end-to-end"] = "cached"  # "cached": the encoder's network stays as it is; "end-to-end": it learns too
    learns_pool: bool = False  # whether the encoder's pooling learns although its network stays as it is
    epochs: int = 1
    pictures: int = 32
    captions: int = 3
    learning_rate: float = 6e-4
    encoder_learning_rate: float = 1e-3
    encoder_rates: Literal["relative", "absolute"] = (
        "relative"  # to the root mean square of each tensor; absolute where a network starts anew
    )
    warmup: int = 200
    weight_decay: float = 0.02
    label_smoothing: float = 0.1
    mirror: bool = True
    smallest_crop: float = 0.75  # of each side of the picture
    largest_crop: float = 1.0
    colour_change: float = 0.25  # how much brightness, contrast and saturation vary
    epoch_pictures: int | None = None  # pictures drawn for one epoch; None: all
    shares: dict[str, float] | None = None  # of each corpus in an epoch's pictures, by its name; None: by the number of its pictures
    frozen_blocks: int = 5  # the stem and so many blocks stay as they are; -1: all learn
    side: int | None = None  # pixels of the pictures while the encoder learns; None: the encoder's own
    precision: Literal["float32", "bfloat16"] = "float32"  # of products; weights and sums stay float32
    averaging: float = 0.0  # decay of the moving average of the weights; 0: none
    dev_pictures: int | None = None  # pictures of each dev split that an epoch is measured on; None: all
    temperature: float = 1.0  # of the captions that self-critical training draws
    dropout: float | None = None
    feature_dropout: float | None = None


USUAL: dict[str, dict[str, Any]] = {
    "imitation": {"mirror": False},
    "self-critical": {
        "mirror": False,
        "captions": 5,
        "temperature": 0.5,
        "learning_rate": 5e-5,
        "warmup": 20,
        "averaging": 0.98,
        "dropout": 0.0,
        "feature_dropout": 0.0,
    },
}
"""What stages of an objective have in common where a configuration does not say otherwise."""


@dataclass(frozen=True)
class Config:
    name: str
    corpora: list[str]
    encoder: str
    minimum_count: int
    maximum_words: int
    decoder: dict[str, Any]
    stages: list[Stage]
    description: dict[str, Any]  # the manifest's fields that only a person knows
    seed: int = 1
    family: str = "attention"
    tokens: str = "word-map"  # or "byte-level-bpe"
    vocabulary_size: int = 4096  # of byte pairs; a word map takes the words seen at least `minimum_count` times
    teacher: str | None = None  # the encoder that distillation learns from
    beams: int = 3
    length_penalty: float = 0.7

    @property
    def longest(self) -> int:
        """The most tokens of a caption that is made, its end included."""
        return self.maximum_words + 2

    def stage(self, name: str) -> tuple[Stage, str | None]:
        """The stage of that name, and the name of what it starts from."""
        names = [stage.name for stage in self.stages]
        if name not in names:
            raise ConfigError(f"no stage {name!r} in the configuration; it has {', '.join(names)}.")
        index = names.index(name)
        stage = self.stages[index]
        return stage, stage.after or (names[index - 1] if index else None)


def _check(kind: type, values: dict[str, Any], where: str) -> dict[str, Any]:
    known = {f.name for f in fields(kind)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise ConfigError(f"{where}: unknown setting {unknown[0]!r}; known are {', '.join(sorted(known))}.")
    return values


def _stage(values: dict[str, Any], where: str) -> Stage:
    stage = Stage(**{**USUAL.get(values.get("objective", ""), {}), **_check(Stage, values, where)})
    for setting, kind in get_type_hints(Stage).items():
        known, value = get_args(kind), getattr(stage, setting)
        if get_origin(kind) is Literal and value not in known:
            raise ConfigError(f"{where} {stage.name!r}: {setting} is {value!r}; known are {', '.join(known)}.")
    return stage


def load_config(path: Path) -> Config:
    with path.open("rb") as file:
        values = tomllib.load(file)
    stages = [_stage(stage, f"{path}, stage") for stage in values.pop("stage", [])]
    return Config(**_check(Config, values, str(path)), stages=stages)
