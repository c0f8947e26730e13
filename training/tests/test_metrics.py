import math

import pytest

from captioneer_training.metrics import bleu, cider_d, rouge_l, tokenize


def test_tokenize_follows_the_treebank_rules_that_captions_meet() -> None:
    assert tokenize("A man's grey T-shirt doesn't fit, it seems.") == [
        "a",
        "man",
        "'s",
        "gray",
        "t-shirt",
        "does",
        "n't",
        "fit",
        "it",
        "seems",
    ]


def test_a_reference_scores_full_marks() -> None:
    references = [[["a", "dog", "runs", "on", "grass"]], [["two", "men", "ride", "a", "bike"]]]
    candidates = [r[0] for r in references]
    assert bleu(candidates, references) == pytest.approx([1, 1, 1, 1])
    assert rouge_l(candidates, references) == pytest.approx(1)
    assert cider_d(candidates, references) == pytest.approx(10)


def test_bleu_of_a_hand_worked_case() -> None:
    # 3 of 4 words and 2 of 3 word pairs are right; the candidate is one word short.
    scores = bleu([["a", "dog", "runs", "fast"]], [[["a", "dog", "runs", "on", "grass"]]])
    assert scores[0] == pytest.approx(3 / 4 * math.exp(-1 / 4), rel=1e-6)
    assert scores[1] == pytest.approx(math.sqrt(3 / 4 * 2 / 3) * math.exp(-1 / 4), rel=1e-6)


def test_cider_of_a_hand_worked_case() -> None:
    # Only "a" is shared, and it stands in every image: its weight is ln(2 / 2) = 0.
    assert cider_d([["a", "dog"], ["a", "cat"]], [[["a", "cow"]], [["a", "pig"]]]) == 0
    # "a cat" against "a cat sits", whose words but "a" are each in one image of two: idf ln 2, so norms count words.
    score = cider_d([["a", "cat"], ["x"]], [[["a", "cat", "sits"]], [["a", "pig"]]])
    one, two = 1 / math.sqrt(2), 1 / math.sqrt(2)  # unigrams: cat of {cat, sits}; bigrams: "a cat" of two
    assert score == pytest.approx((one + two) / 4 * 10 * math.exp(-1 / 72) / 2)
