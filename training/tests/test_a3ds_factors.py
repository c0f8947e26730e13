import numpy as np
import pytest

from captioneer_training.a3ds.factors import FEATURES, HELD_OUT, SCENES, SIZES, SPLITS, factors_of, index_of, split_indices


def test_scene_numbers_and_factors_are_each_others_inverse() -> None:
    indices = np.arange(SCENES)
    factors = factors_of(indices)
    assert factors.shape == (SCENES, len(FEATURES))
    assert np.array_equal(index_of(factors), indices)


def test_the_numbering_is_that_of_3d_shapes() -> None:
    assert factors_of(0).tolist() == [0, 0, 0, 0, 0, 0]
    assert factors_of(1).tolist() == [0, 0, 0, 0, 0, 1]  # orientation varies fastest
    assert factors_of(48_000).tolist() == [1, 0, 0, 0, 0, 0]  # the floor's hue slowest
    assert int(index_of([9, 9, 9, 7, 3, 14])) == SCENES - 1


def test_splits_are_disjoint_whole_and_the_same_every_time() -> None:
    splits = {name: split_indices(name) for name in SPLITS}
    assert len(splits["test"]) == len(splits["dev"]) == HELD_OUT
    assert np.array_equal(np.sort(np.concatenate(list(splits.values()))), np.arange(SCENES))
    assert splits["test"][:3].tolist() == [94, 136, 217]
    split_indices.cache_clear()
    assert np.array_equal(split_indices("test"), splits["test"])


@pytest.mark.parametrize("split", ["dev", "test"])
def test_every_value_is_held_out_about_equally_often(split: str) -> None:
    factors = factors_of(split_indices(split))
    for column, size in enumerate(SIZES):
        counts = np.bincount(factors[:, column], minlength=size)
        assert counts.min() > 0.8 * HELD_OUT / size
        assert counts.max() < 1.2 * HELD_OUT / size
    triples = np.bincount(np.ravel_multi_index(tuple(factors[:, :3].T), SIZES[:3]))
    assert np.array_equal(triples, np.full(1000, 5))


def test_an_unknown_split_is_refused() -> None:
    with pytest.raises(ValueError, match="no split 'validation'"):
        split_indices("validation")
