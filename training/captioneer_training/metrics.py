"""Corpus measures of caption quality, computed as pycocoevalcap computes them (own tokenizer rules).

BLEU: Papineni et al. 2002. ROUGE-L: Lin 2004. CIDEr-D: Vedantam et al. 2015.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Hashable, Sequence

_TOKEN = re.compile(r"n't|'(?:s|re|ve|ll|d|m)\b|[a-z0-9]+?(?=n't\b)|[a-z0-9]+(?:[-.,][a-z0-9]+)*|[&%$#@]")
# CoreNLP's tokenizer "americanizes"; these are the words of it that captions use.
_AMERICAN = {
    "grey": "gray", "greyish": "grayish", "colour": "color", "colours": "colors", "coloured": "colored",
    "colourful": "colorful", "theatre": "theater", "centre": "center", "travelling": "traveling", "jewellery": "jewelry",
    "tyre": "tire", "tyres": "tires", "pyjamas": "pajamas", "moustache": "mustache", "aeroplane": "airplane",
    "neighbourhood": "neighborhood", "harbour": "harbor", "armour": "armor", "metre": "meter", "metres": "meters",
    "favourite": "favorite", "multicoloured": "multicolored", "catalogue": "catalog", "cosy": "cozy", "doughnut": "doughnut",
}  # fmt: skip

Ngrams = Counter[tuple[Hashable, ...]]


def tokenize(caption: str) -> list[str]:
    """Lower-case tokens without punctuation, in the manner of the Penn Treebank tokenizer."""
    return [_AMERICAN.get(token, token) for token in _TOKEN.findall(caption.lower().replace("\u2019", "'"))]


def ngrams(tokens: Sequence[Hashable], longest: int = 4) -> Ngrams:
    return Counter(tuple(tokens[i : i + n]) for n in range(1, longest + 1) for i in range(len(tokens) - n + 1))


def bleu(candidates: Sequence[Sequence[str]], references: Sequence[Sequence[Sequence[str]]]) -> list[float]:
    """BLEU-1 … BLEU-4 of the whole corpus, closest reference length."""
    correct, guessed, length, reference_length = [0] * 4, [0] * 4, 0, 0
    for candidate, refs in zip(candidates, references, strict=True):
        length += len(candidate)
        reference_length += min((abs(len(r) - len(candidate)), len(r)) for r in refs)[1]
        most: Ngrams = Counter()
        for ref in refs:
            most |= ngrams(ref)
        for gram, count in ngrams(candidate).items():
            correct[len(gram) - 1] += min(count, most[gram])
        for n in range(4):
            guessed[n] += max(len(candidate) - n, 0)
    ratio = (length + 1e-15) / (reference_length + 1e-9)
    penalty = math.exp(1 - 1 / ratio) if ratio < 1 else 1.0
    scores, product = [], 1.0
    for n in range(4):
        product *= (correct[n] + 1e-15) / (guessed[n] + 1e-9)
        scores.append(product ** (1 / (n + 1)) * penalty)
    return scores


def rouge_l(candidates: Sequence[Sequence[str]], references: Sequence[Sequence[Sequence[str]]]) -> float:
    beta_squared = 1.2**2
    total = 0.0
    for candidate, refs in zip(candidates, references, strict=True):
        common = [_longest_common(candidate, ref) for ref in refs]
        precision = max(c / max(len(candidate), 1) for c in common)
        recall = max(c / max(len(ref), 1) for c, ref in zip(common, refs, strict=True))
        if precision and recall:
            total += (1 + beta_squared) * precision * recall / (recall + beta_squared * precision)
    return total / len(candidates)


def _longest_common(a: Sequence[str], b: Sequence[str]) -> int:
    row = [0] * (len(b) + 1)
    for x in a:
        diagonal = 0
        for j, y in enumerate(b, start=1):
            diagonal, row[j] = row[j], diagonal + 1 if x == y else max(row[j], row[j - 1])
    return row[-1]


class CiderD:
    """CIDEr-D on the scale where pycocoevalcap prints 0 … 10 (usually quoted as it is, 0.6 for 60 %)."""

    def __init__(self, references: Sequence[Sequence[Sequence[Hashable]]]) -> None:
        counts = [[ngrams(ref) for ref in refs] for refs in references]
        frequency: Ngrams = Counter()
        for refs in counts:
            frequency.update(set().union(*refs))
        self._frequency = frequency
        self._log_images = math.log(max(len(references), 1))
        self._references = [[self._vector(ref) for ref in refs] for refs in counts]

    def _vector(self, counts: Ngrams) -> tuple[list[dict[tuple[Hashable, ...], float]], list[float], int]:
        weights: list[dict[tuple[Hashable, ...], float]] = [{}, {}, {}, {}]
        norms = [0.0] * 4
        bigrams = 0
        for gram, count in counts.items():
            n = len(gram) - 1
            weight = count * (self._log_images - math.log(max(1.0, self._frequency[gram])))
            weights[n][gram] = weight
            norms[n] += weight * weight
            bigrams += count if n == 1 else 0
        return weights, [math.sqrt(x) for x in norms], bigrams

    def score(self, image: int, candidate: Sequence[Hashable]) -> float:
        likenesses = self.likenesses(image, candidate)
        return sum(likenesses) / len(likenesses)

    def likenesses(self, image: int, candidate: Sequence[Hashable]) -> list[float]:
        """How like each reference of the image the candidate is; the score is their mean."""
        weights, norms, bigrams = self._vector(ngrams(candidate))
        found = []
        for ref_weights, ref_norms, ref_bigrams in self._references[image]:
            length = math.exp(-((bigrams - ref_bigrams) ** 2) / 72.0)
            total = 0.0
            for n in range(4):
                if norms[n] and ref_norms[n]:
                    ref = ref_weights[n]
                    dot = sum(min(w, ref[g]) * ref[g] for g, w in weights[n].items() if g in ref)
                    total += dot / (norms[n] * ref_norms[n]) * length
            found.append(10.0 * total / 4)
        return found


def cider_d(candidates: Sequence[Sequence[str]], references: Sequence[Sequence[Sequence[str]]]) -> float:
    scorer = CiderD(references)
    return sum(scorer.score(i, candidate) for i, candidate in enumerate(candidates)) / len(candidates)


def measure(candidates: Sequence[str], references: Sequence[Sequence[str]]) -> dict[str, float]:
    """All measures for captions as written."""
    tokens = [tokenize(c) for c in candidates]
    refs = [[tokenize(r) for r in rs] for rs in references]
    scores = {f"bleu{n}": value for n, value in enumerate(bleu(tokens, refs), start=1)}
    return scores | {"rougeL": rouge_l(tokens, refs), "ciderD": cider_d(tokens, refs)}
