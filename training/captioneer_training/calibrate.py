"""Confidence: how probable it is that a caption is right, from statistics of the search and of the picture.

It is the product of two logistic regressions: whether the picture is a photograph, from statistics of the picture, and
whether the caption of a photograph is right, from statistics of the search.

What counts as right. Several people's captions of a photograph differ, and nearly all of them are right. So a caption
counts as right where it could have been one more person's: where it is at least as like the references (CIDEr-D) as the
second least like of the references themselves, each held against the others. The least like one is left out of account,
because about one caption in five that people write is odd. No caption of a picture of nothing is right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from .metrics import CiderD, tokenize

#: Of the search and of the picture, as the library names them (`CaptionStatistics`).
SEARCH = ("meanLogProb", "minLogProb", "meanEntropy", "maxEntropy", "length")
IMAGE = ("contrastDeficit", "regionVarianceDeficit", "colorEntropy", "colorCount", "hueSpread", "saturationSpread")
FEATURES = (*SEARCH, *IMAGE)
DEFINITION = "at least as like the references by CIDEr-D as the second least like reference is like the others"

_RIDGE = 1e-3
_FOLDS = 5
_BINS = 10

FLAGGED = 0.2
"""Share of the photographs that lie below the manifest's `reviewThreshold`."""
RARELY = 0.01
"""Share of the photographs that lie below its `nothingThreshold`."""

Statistics = Mapping[str, float]
Floats = npt.NDArray[np.float64]


def are_right(captions: Sequence[str], references: Sequence[Sequence[str]]) -> Floats:
    """[captions], 1 where a caption is right. Each needs 3 references at least."""
    tokens = [[tokenize(reference) for reference in several] for several in references]
    scorer = CiderD(tokens)
    right = []
    for image, (caption, several) in enumerate(zip(captions, tokens, strict=True)):
        people = [
            np.mean([likeness for other, likeness in enumerate(scorer.likenesses(image, reference)) if other != index])
            for index, reference in enumerate(several)
        ]
        right.append(float(scorer.score(image, tokenize(caption)) >= sorted(people)[1]))
    return np.array(right)


def fit(statistics: Sequence[Statistics], right: Floats, wrong: Sequence[Statistics] = ()) -> dict[str, Any]:
    """The `calibration` of a manifest.

    `wrong`: of captions of pictures that none is right for. Without them there is no regression of the picture.
    """
    calibration: dict[str, Any] = {}
    likeness = np.ones(len(statistics))
    if wrong:
        x = _matrix([*statistics, *wrong], IMAGE)
        is_photograph = np.arange(len(x)) < len(statistics)
        evenly = np.where(is_photograph, 0.5 / len(statistics), 0.5 / len(wrong)) * len(x)
        calibration["photograph"] = _regression(x, is_photograph.astype(float), IMAGE, np.ones(len(x)), evenly)
        likeness = _probability(calibration["photograph"], statistics, IMAGE)
    search = _regression(_matrix(statistics, SEARCH), right, SEARCH, likeness, np.ones(len(right)))
    calibration = {**search, **calibration, "definition": DEFINITION}
    confidence = predict(calibration, statistics)
    return {
        **calibration,
        "baseRate": round(float(right.mean()), 4),
        "reviewThreshold": round(float(np.quantile(confidence, FLAGGED)), 4),
        "nothingThreshold": round(float(np.quantile(confidence, RARELY)), 4),
    }


def _regression(x: Floats, right: Floats, names: Sequence[str], factor: Floats, weight: Floats) -> dict[str, Any]:
    """The logistic regression whose probability times `factor` fits `right` best (Fisher's scoring), lightly regularised."""
    mean, scale = x.mean(0), x.std(0) + 1e-9
    design = np.column_stack([np.ones(len(x)), (x - mean) / scale])  # [captions, 1 + features]
    ridge = _RIDGE * len(x) * np.diag([0.0] + [1.0] * len(names))
    beta = np.zeros(design.shape[1])
    for _ in range(100):
        own = _sigmoid(design @ beta)
        p = (factor * own).clip(1e-9, 1 - 1e-9)
        slope = factor * own * (1 - own)  # of p by the logit
        gradient = design.T @ (weight * slope * (right - p) / (p * (1 - p))) - ridge @ beta
        information = (design * (weight * slope**2 / (p * (1 - p)))[:, None]).T @ design + ridge
        step = np.linalg.solve(information, gradient)
        beta += step / max(1.0, float(np.abs(step).max()))
        if np.abs(step).max() < 1e-10:
            break
    weights = beta[1:] / scale
    return {
        "intercept": round(float(beta[0] - weights @ mean), 6),
        "weights": {name: round(float(value), 6) for name, value in zip(names, weights, strict=True)},
    }


def _probability(regression: Mapping[str, Any], statistics: Sequence[Statistics], names: Sequence[str]) -> Floats:
    weights = np.array([regression["weights"].get(name, 0.0) for name in names])
    return _sigmoid(regression["intercept"] + _matrix(statistics, names) @ weights)


def predict(calibration: Mapping[str, Any], statistics: Sequence[Statistics]) -> Floats:
    """[captions], the confidence that the library computes."""
    confidence = _probability(calibration, statistics, FEATURES)
    if "photograph" in calibration:
        confidence = confidence * _probability(calibration["photograph"], statistics, FEATURES)
    return confidence


def held_out(statistics: Sequence[Statistics], right: Floats, wrong: Sequence[Statistics] = ()) -> Floats:
    """[captions], the confidence of each by a regression that was fitted without it."""
    fold = np.random.default_rng(0).permutation(len(right)) % _FOLDS
    confidence = np.zeros(len(right))
    for held in range(_FOLDS):
        train = [s for s, f in zip(statistics, fold, strict=True) if f != held]
        test = [s for s, f in zip(statistics, fold, strict=True) if f == held]
        confidence[fold == held] = predict(fit(train, right[fold != held], wrong), test)
    return confidence


def reliability_table(confidence: Floats, right: Floats) -> str:
    """A row for each tenth of the captions by confidence, and what sums them up."""
    order = np.argsort(confidence, kind="stable")
    bins = [part for part in np.array_split(order, _BINS) if len(part)]
    rows = [f"{confidence[part].mean():10.3f} {right[part].mean():8.3f} {len(part):9d}" for part in bins]
    error = sum(abs(confidence[part].mean() - right[part].mean()) * len(part) for part in bins) / len(right)
    brier = float(np.mean((confidence - right) ** 2))
    return "\n".join(
        [
            "confidence    right  captions",
            *rows,
            f"right: {right.mean():.3f}; calibration error {error:.3f}; Brier score {brier:.3f}; "
            f"area under ROC {_area(confidence, right):.3f}",
        ]
    )


def separation(calibration: Mapping[str, Any], photographs: Sequence[Statistics], others: Mapping[str, Statistics]) -> str:
    """How many of the other pictures lie below 95 % of the photographs, and which do not."""
    reference = predict(calibration, photographs)
    confidence = predict(calibration, list(others.values()))
    below = {name: float((reference > c).mean()) for name, c in zip(others, confidence, strict=True)}
    above = [f"{name} (below {share:.1%})" for name, share in sorted(below.items()) if share < 0.95]
    area = _area(np.concatenate([reference, confidence]), _first(len(reference), len(confidence)))
    count = f"area under ROC {area:.3f}; {len(below) - len(above)} of {len(below)} other pictures lie below 95 % of the photographs"
    return f"{count}; not {', '.join(above)}" if above else count


def kind_of(name: str) -> str:
    """`night-sky-003.png` is of the kind `night-sky`."""
    return name.rsplit("-", 1)[0]


def unseen_kinds(statistics: Sequence[Statistics], right: Floats, others: Mapping[str, Statistics]) -> dict[str, float]:
    """By kind of the other pictures: the area under ROC against the photographs, where its like was not fitted on."""
    areas = {}
    for kind in sorted({kind_of(name) for name in others}):
        alike = [s for name, s in others.items() if kind_of(name) == kind]
        calibration = fit(statistics, right, [s for name, s in others.items() if kind_of(name) != kind])
        confidence = np.concatenate([predict(calibration, statistics), predict(calibration, alike)])
        areas[kind] = _area(confidence, _first(len(statistics), len(alike)))
    return areas


def _first(ones: int, zeros: int) -> Floats:
    """So many ones, then so many zeros."""
    return np.repeat([1.0, 0.0], [ones, zeros])


def _area(confidence: Floats, right: Floats) -> float:
    """Probability that a right caption has the higher confidence of a right one and a wrong one."""
    good, bad = confidence[right == 1], confidence[right == 0]
    if not len(good) or not len(bad):
        return float("nan")
    return float(np.mean((good[:, None] > bad).astype(float) + 0.5 * (good[:, None] == bad)))


def _matrix(statistics: Sequence[Statistics], names: Sequence[str]) -> Floats:
    return np.array([[s[name] for name in names] for s in statistics], dtype=np.float64).reshape(len(statistics), len(names))


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-x)))
