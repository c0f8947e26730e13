"""How much an encoder sees of what captions tell, without training a decoder.

The mean of each picture's features, and a ridge regression of them to each of the words that captions use neither rarely nor
nearly always; by cross-validation over pictures that the encoder was not trained on.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import torch

from .model import Captioner
from .sources import Source, in_batches
from .text import split_words

FOLDS = 4
RAREST, COMMONEST = 0.02, 0.5
"""Words are probed that are in the captions of at least, and at most, this share of the pictures."""
PENALTIES = (0.1, 0.3, 1.0, 3.0)
"""Of the ridge regression, times the number of pictures; the best is told."""


@dataclass(frozen=True)
class Probed:
    words: int
    precision: float
    """Mean over words of the average precision with which pictures are ranked by a word."""
    chance: float
    """What an encoder that sees nothing comes to."""


def word_table(source: Source) -> np.ndarray:
    """Whether the captions of a picture have a word, bool [pictures, words]."""
    texts = [{word for text in source.references(row) for word in split_words(text)} for row in range(len(source))]
    counts = Counter(word for words in texts for word in words)
    probed = sorted(word for word, count in counts.items() if RAREST <= count / len(source) <= COMMONEST)
    return np.array([[word in words for word in probed] for words in texts]).reshape(len(source), -1)


def average_precision(scores: np.ndarray, is_there: np.ndarray) -> float:
    ordered = is_there[np.argsort(-scores, kind="stable")]
    hits = np.cumsum(ordered)
    return float((hits / np.arange(1, len(ordered) + 1))[ordered].mean())


def ridge_precision(features: np.ndarray, has_word: np.ndarray, penalty: float) -> float:
    """`features` [pictures, width], `has_word` [pictures, words]; each fold ranked by what the others teach."""
    scores = np.empty(has_word.shape)
    fold = np.random.default_rng(0).permutation(len(features)) % FOLDS
    for held_out in range(FOLDS):
        known = fold != held_out
        mean, deviation = features[known].mean(0), features[known].std(0) + 1e-6
        seen = (features - mean) / deviation
        products = seen[known].T @ seen[known] + penalty * known.sum() * np.eye(features.shape[1])
        targets = has_word[known] - has_word[known].mean(0)
        scores[~known] = seen[~known] @ np.linalg.solve(products, seen[known].T @ targets)
    return float(np.mean([average_precision(scores[:, n], has_word[:, n]) for n in range(has_word.shape[1])]))


@torch.inference_mode()
def probe(captioner: Captioner, source: Source) -> Probed:
    captioner.eval()
    encoder = captioner.encoder
    maps = (encoder.features(encoder.pixel_values(images)) for images in in_batches(source, 32))
    features = torch.cat([places.mean(1) for places in maps]).cpu().double().numpy()
    has_word = word_table(source)
    best = max(ridge_precision(features, has_word, penalty) for penalty in PENALTIES)
    return Probed(has_word.shape[1], best, float(has_word.mean()))
