"""Checkpoints and blends of them on the same photographs of each dev split."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from .blend import blend
from .config import Config, ConfigError
from .model import Captioner, load_captioner
from .sources import Photographs, Source, open_sources
from .train import evaluate

Variant = dict[str, float]
"""Stages, or blends, and the share of each."""


def read_variant(text: str) -> Variant:
    """`STAGE`, or `STAGE=SHARE,STAGE=SHARE…`, whose shares sum to 1."""
    if "=" not in text:
        return {text: 1.0}
    parts = [part.partition("=") for part in text.split(",")]
    return {stage: float(share) for stage, _, share in parts}


def drawn(source: Source, pictures: int, seed: int) -> Source:
    """`pictures` photographs of a split, drawn at random; the same ones each time, in the order of its rows."""
    if not isinstance(source, Photographs):
        raise ConfigError(f"only photographs are compared, and {source.corpus} is rendered.")
    split = source.split
    rows = sorted(random.Random(seed).sample(range(len(split)), min(pictures, len(split))))
    return Photographs(
        replace(split, files=[split.files[r] for r in rows], captions=[split.captions[r] for r in rows], images=split.images[rows])
    )


def compare(
    config: Config, variants: Sequence[Variant], work: Path, pictures: int | None, seed: int = 1
) -> Iterator[tuple[Variant, dict[str, dict[str, float]]]]:
    """The scores of each variant by corpus; `pictures` of each dev split, None: all."""
    sources = open_sources(config.corpora, "dev", work)
    if pictures is not None:
        sources = [drawn(source, pictures, seed) for source in sources]
    for variant in variants:
        parts: list[Captioner] = [load_captioner(work / config.name / f"{stage}.pt")[0] for stage in variant]
        yield variant, evaluate(blend(parts, list(variant.values())), sources, config)


def mean_cider(scores: dict[str, dict[str, float]]) -> float:
    """The mean of CIDEr-D over the corpora, each counting alike."""
    return sum(each["ciderD"] for each in scores.values()) / len(scores)
