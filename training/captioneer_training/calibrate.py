"""Confidence: a logistic regression from statistics of the search and the picture to whether a caption is right.

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

#: As the library names them (`CaptionStatistics`).
FEATURES = ("meanLogProb", "minLogProb", "meanEntropy", "maxEntropy", "length", "blankness", "uniformity")
DEFINITION = "at least as like the references by CIDEr-D as the second least like reference is like the others"

_RIDGE = 1e-3
_FOLDS = 5
_BINS = 10

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
    """The `calibration` of a manifest: logistic regression by Newton's method, lightly regularised.

    `wrong`: of captions of pictures that none is right for.
    """
    right = np.concatenate([right, np.zeros(len(wrong))])
    x = _matrix([*statistics, *wrong])
    mean, scale = x.mean(0), x.std(0) + 1e-9
    design = np.column_stack([np.ones(len(x)), (x - mean) / scale])  # [captions, 1 + features]
    ridge = _RIDGE * len(x) * np.diag([0.0] + [1.0] * len(FEATURES))
    beta = np.zeros(design.shape[1])
    for _ in range(50):
        p = _sigmoid(design @ beta)
        gradient = design.T @ (right - p) - ridge @ beta
        hessian = (design * (p * (1 - p))[:, None]).T @ design + ridge
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-10:
            break
    weights = beta[1:] / scale
    return {
        "intercept": round(float(beta[0] - weights @ mean), 6),
        "weights": {name: round(float(weight), 6) for name, weight in zip(FEATURES, weights, strict=True)},
        "definition": DEFINITION,
    }


def predict(calibration: Mapping[str, Any], statistics: Sequence[Statistics]) -> Floats:
    """[captions], the confidence that the library computes."""
    weights = np.array([calibration["weights"].get(name, 0.0) for name in FEATURES])
    return _sigmoid(calibration["intercept"] + _matrix(statistics) @ weights)


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
    count = f"{len(below) - len(above)} of {len(below)} other pictures lie below 95 % of the photographs"
    return f"{count}; not {', '.join(above)}" if above else count


def _area(confidence: Floats, right: Floats) -> float:
    """Probability that a right caption has the higher confidence of a right one and a wrong one."""
    good, bad = confidence[right == 1], confidence[right == 0]
    if not len(good) or not len(bad):
        return float("nan")
    return float(np.mean((good[:, None] > bad).astype(float) + 0.5 * (good[:, None] == bad)))


def _matrix(statistics: Sequence[Statistics]) -> Floats:
    return np.array([[s[name] for name in FEATURES] for s in statistics], dtype=np.float64)


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-x)))
