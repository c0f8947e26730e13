import numpy as np
import pytest

from captioneer_training.image_statistics import image_statistics
from captioneer_training.unlike_photographs import KINDS


def test_one_colour_has_nothing() -> None:
    found = image_statistics(np.full((64, 64, 3), 130, np.uint8))
    assert found == {
        "contrastDeficit": pytest.approx(np.log2(100)),
        "regionVarianceDeficit": 0.0,
        "colorEntropy": 0.0,
        "colorCount": pytest.approx(np.log(2)),
        "hueSpread": 0.0,
        "saturationSpread": 0.0,
    }


def test_halves_have_one_bit() -> None:
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[:, :32, 0] = 255
    found = image_statistics(pixels)
    assert (found["colorEntropy"], found["hueSpread"], found["saturationSpread"]) == pytest.approx((1.0, 0.5, 0.5))
    assert (found["contrastDeficit"], found["regionVarianceDeficit"]) == (0.0, 0.0)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_drawn_as_its_number_says(kind: str) -> None:
    first, again, other = (np.asarray(KINDS[kind](np.random.default_rng(seed))) for seed in (1, 1, 2))
    assert first.shape == (320, 320, 3)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
