"""One TOML file describes one model: its data, its shape, and the stages of its training."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
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
    objective: str = "cross-entropy"  # or "grounding", "self-critical", "language", "contrastive", "distillation", "imitation"
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
    shares: dict[str, float] | None = None  # of each corpus in an epoch's pictures, of "men" and "women"; None: by the number of pictures
    frozen_blocks: int = 5  # the stem and so many blocks stay as they are; -1: all learn
    side: int | None = None  # pixels of the pictures while the encoder learns; None: the encoder's own
    precision: Literal["auto", "float32", "bfloat16"] = (
        "auto"  # of products, weights and sums stay float32; auto: bfloat16 on an NVIDIA GPU that has it, else float32
    )
    averaging: float = 0.0  # decay of the moving average of the weights; 0: none
    dev_pictures: int | None = None  # pictures of each dev split that an epoch is measured on; None: all
    temperature: float = 1.0  # of the captions that self-critical training draws
    likelihood: float = 0.0  # what the loss of a caption that people wrote counts beside self-critical training's own
    gender: float = 0.0  # what the choice between male and female words counts beside the objective's own loss
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
    no_repeat_ngram_size: int = 3  # the manifest's: no run of so many tokens occurs twice; 0 allows all
    no_repeat_words: bool = True  # the manifest's: no word stands right after itself

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


def _value(text: str) -> Any:
    """A setting's value as TOML writes it; what is none is text."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _apply(values: dict[str, Any], setting: str, stage: str | None) -> None:
    """One `KEY=VALUE`: of the file, of a table (`decoder.width=320`), or of a stage (`longer.epochs=2`; `epochs=2` of `stage`)."""
    key, equals, text = setting.partition("=")
    *tables, name = key.split(".")
    stages = {each["name"]: each for each in values.get("stage", [])}
    if not equals or len(tables) > 1:
        raise ConfigError(
            f"--set takes KEY=VALUE, found {setting!r}; for example beams=3, decoder.width=320, {next(iter(stages), 'first')}.epochs=2."
        )
    if tables and tables[0] not in stages and not isinstance(values.get(tables[0]), dict):
        raise ConfigError(
            f"--set {setting}: no table and no stage {tables[0]!r} in the configuration; it has the stages {', '.join(stages)}."
        )
    if tables:
        target = stages.get(tables[0]) or values[tables[0]]
    elif name in {f.name for f in fields(Config)} or stage not in stages:
        target = values
    else:
        target = stages[stage]
    target[name] = _value(text)


def load_config(path: Path, settings: Sequence[str] = (), stage: str | None = None) -> Config:
    """`settings`: `KEY=VALUE` each, in place of what the file says; a key that only stages have is one of `stage`."""
    with path.open("rb") as file:
        values = tomllib.load(file)
    for setting in settings:
        _apply(values, setting, stage)
    stages = [_stage(each, f"{path}, stage") for each in values.pop("stage", [])]
    return Config(**_check(Config, values, str(path)), stages=stages)
