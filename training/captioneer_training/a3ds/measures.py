"""How true captions of scenes are, and how well they tell a scene from another one.

The pragmatic measures are those of Tsvilodub and Franke 2023, "Evaluating Pragmatic Abilities of Image Captioners on
A3DS": a caption of a target scene is judged against a distractor scene. Contrastive features are those that the two scenes
differ in; a feature counts as named where the caption names it and it is true of the target.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from statistics import fmean
from typing import Any, Literal

from .factors import FEATURES, SCENES, factors_of, index_of
from .parse import Claims, ParseError, parse
from .words import PHRASES, wording

Distractor = Literal["random", "similar"]
DISTRACTORS: tuple[Distractor, ...] = ("random", "similar")
SHARED = 3
"""Features that a similar distractor has in common with its target."""


@dataclass(frozen=True)
class Pragmatics:
    """The three measures of one caption, each 0 … 1 and best at 1."""

    discriminativity: float
    """1 where any contrastive feature is named: the caption tells the two scenes apart."""
    efficiency: float
    """1 where one contrastive feature is named and no second one, falling evenly to 0 where all are; 0 where none is."""
    relevance: float | None
    """The share of the features that the scenes have in common that are not named; None where they have none."""


def pragmatics(named: AbstractSet[str], contrastive: AbstractSet[str]) -> Pragmatics:
    """The measures by the named features that are true of the target, and the features it differs in from the distractor."""
    if not contrastive:
        raise ValueError("the distractor looks like the target: give one that differs in a feature.")
    told, others = len(named & contrastive), len(named - contrastive)
    spare, shared = len(contrastive) - 1, len(FEATURES) - len(contrastive)
    efficiency = 1 - (told - 1) / spare if told and spare else float(told)
    return Pragmatics(float(told > 0), efficiency, 1 - others / shared if shared else None)


def contrastive_features(target: int, distractor: int) -> frozenset[str]:
    """The features whose phrases differ; two orientations of one phrase are no contrast, since no caption could tell them."""
    one, other = wording(factors_of(target).tolist()), wording(factors_of(distractor).tolist())
    return frozenset(feature for feature in FEATURES if one[feature] != other[feature])


def draw_distractor(target: int, kind: Distractor) -> int:
    """A scene to tell the target from, the same one every time: any other scene, or one with just three features in common."""
    rng = random.Random(f"{kind} distractor of {target}")
    if kind == "random":
        while True:
            scene = rng.randrange(SCENES)
            if contrastive_features(target, scene):
                return scene
    factors = factors_of(target).tolist()
    for place in rng.sample(range(len(FEATURES)), len(FEATURES) - SHARED):
        phrases = PHRASES[FEATURES[place]]
        factors[place] = rng.choice([value for value, phrase in enumerate(phrases) if phrase != phrases[factors[place]]])
    return int(index_of(factors))


def true_features(claims: Claims, factors: Sequence[int]) -> frozenset[str]:
    """The named features whose phrase is true of a scene."""
    return frozenset(f for f, value in zip(FEATURES, factors, strict=True) if value in claims.get(f, ()))


def score_captions(captions: Mapping[int, str]) -> dict[str, Any]:
    """Measures of one caption a scene, by scene number.

    Returns:
        `accuracy`: the share of captions in which every named feature is true; one that does not parse counts as false,
        and is listed under `unparsed`. `features`: how often each is named, and how often truly so where it is. `named`: the mean
        number of features named. `pragmatics`: the means of the three measures, against either kind of distractor;
        an unparsed caption names nothing.
    """
    if not captions:
        raise ValueError("no captions to score.")
    named: Counter[str] = Counter()
    true: Counter[str] = Counter()
    told: dict[int, frozenset[str]] = {}
    unparsed: dict[int, str] = {}
    correct = 0
    for index, text in captions.items():
        try:
            claims = parse(text)
        except ParseError as error:
            unparsed[index] = str(error)
            claims = {}
        told[index] = true_features(claims, factors_of(index).tolist())
        named.update(claims.keys())
        true.update(told[index])
        correct += bool(claims) and len(told[index]) == len(claims)
    return {
        "captions": len(captions),
        "accuracy": correct / len(captions),
        "unparsed": unparsed,
        "named": named.total() / len(captions),
        "features": {f: {"named": named[f] / len(captions), "accuracy": true[f] / named[f] if named[f] else None} for f in FEATURES},
        "pragmatics": {kind: _mean_pragmatics(told, kind) for kind in DISTRACTORS},
    }


def _mean_pragmatics(told: Mapping[int, frozenset[str]], kind: Distractor) -> dict[str, float | None]:
    scores = [pragmatics(named, contrastive_features(i, draw_distractor(i, kind))) for i, named in told.items()]
    relevance = [s.relevance for s in scores if s.relevance is not None]
    return {
        "discriminativity": fmean(s.discriminativity for s in scores),
        "efficiency": fmean(s.efficiency for s in scores),
        "relevance": fmean(relevance) if relevance else None,
    }
