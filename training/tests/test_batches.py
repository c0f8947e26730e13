import random

import torch

from captioneer_training.batches import pad, shuffled, weighed
from captioneer_training.text import Vocabulary


def test_an_epoch_has_each_source_by_its_share() -> None:
    rows = weighed([100, 10, 1000], [0.5, 0.25, 0.25], 40, 0, "seed")
    assert [sum(first <= row < last for row in rows) for first, last in ((0, 100), (100, 110), (110, 1110))] == [20, 10, 10]


def test_epochs_go_through_a_source_before_a_picture_comes_again() -> None:
    seen = [row for epoch in range(10) for row in weighed([10, 50], [3, 1], 4, epoch, "seed") if row < 10]
    assert [sorted(seen[turn : turn + 10]) for turn in (0, 10, 20)] == [list(range(10))] * 3
    assert seen[:10] != seen[10:20]


def test_a_share_larger_than_its_source_repeats_it() -> None:
    rows = weighed([4, 100], [1, 1], 24, 1, "seed")
    assert [rows.count(row) for row in range(4)] == [3, 3, 3, 3]


def test_batches_are_whole_and_of_given_rows() -> None:
    batches = list(shuffled([5, 5, 6, 7, 8], 2, random.Random(1)))
    assert [len(batch) for batch in batches] == [2, 2]
    assert {row for batch in batches for row in batch} <= {5, 6, 7, 8}


def test_captions_are_padded_on_the_right() -> None:
    tokens = Vocabulary.build(["a dog runs"], 1)
    inputs, targets, is_word = pad([tokens.encode("a dog runs", 9), tokens.encode("dog", 9)], tokens)
    start, end, empty = tokens.start, tokens.end, tokens.pad
    a, dog, runs = (tokens.ids[word] for word in ("a", "dog", "runs"))
    assert inputs.tolist() == [[start, a, dog, runs], [start, dog, empty, empty]]
    assert targets.tolist() == [[a, dog, runs, end], [dog, end, empty, empty]]
    assert torch.equal(is_word, targets != empty)
