import numpy as np
import pytest

from captioneer_training.calibrate import FEATURES, are_right, fit, held_out, predict, reliability_table, separation


def draw(count: int) -> tuple[list[dict[str, float]], np.ndarray]:
    """Statistics, and captions that are right as a known logistic regression has it."""
    random = np.random.default_rng(1)
    values = random.normal(size=(count, len(FEATURES)))
    probability = 1 / (1 + np.exp(-(0.5 + 2 * values[:, 0] - values[:, 3])))
    statistics = [dict(zip(FEATURES, row, strict=True)) for row in values.tolist()]
    return statistics, (random.random(count) < probability).astype(float)


def test_the_fit_finds_the_regression_that_made_the_data() -> None:
    statistics, right = draw(20_000)
    calibration = fit(statistics, right)
    assert calibration["intercept"] == pytest.approx(0.5, abs=0.1)
    assert calibration["weights"]["meanLogProb"] == pytest.approx(2, abs=0.15)
    assert calibration["weights"]["maxEntropy"] == pytest.approx(-1, abs=0.15)
    assert calibration["weights"]["length"] == pytest.approx(0, abs=0.1)


def test_held_out_confidence_is_reliable() -> None:
    statistics, right = draw(10_000)
    confidence = held_out(statistics, right)
    for part in np.array_split(np.argsort(confidence), 10):
        assert confidence[part].mean() == pytest.approx(right[part].mean(), abs=0.06)
    table = reliability_table(confidence, right)
    assert len(table.splitlines()) == 12
    assert "area under ROC 0.8" in table


def test_pictures_that_deserve_none_are_held_against_photographs() -> None:
    statistics, right = draw(2_000)
    calibration = fit(statistics, right)
    order = np.argsort(predict(calibration, statistics))
    noise, photograph = statistics[order[0]], statistics[order[len(order) // 2]]
    assert separation(calibration, statistics, {"noise": noise}) == "1 of 1 other pictures lie below 95 % of the photographs"
    said = separation(calibration, statistics, {"noise": noise, "photograph": photograph})
    assert said == "1 of 2 other pictures lie below 95 % of the photographs; not photograph (below 50.0%)"


def test_captions_of_pictures_of_nothing_count_as_wrong() -> None:
    statistics, right = draw(2_000)
    photographs = [{**s, "blankness": 0.0} for s in statistics]
    walls = [{**s, "blankness": 2.0} for s in statistics[:60]]
    calibration = fit(photographs, right, walls)
    assert calibration["weights"]["blankness"] < -1
    assert predict(calibration, walls).mean() < 0.2
    assert held_out(photographs, right, walls).mean() == pytest.approx(right.mean(), abs=0.02)


def test_a_caption_is_right_that_could_be_one_more_persons() -> None:
    people = ["a brown dog runs on grass", "a dog runs over the grass", "a brown dog is running", "a dog on the grass", "happy times"]
    others = [
        ["a man rides a horse", "a rider on a horse", "a man on a brown horse"],
        ["two boys swim", "boys in a pool", "two boys in water"],
    ]
    references = [people, *others]
    assert are_right(["a brown dog runs on the grass", "a man rides a horse", "boys in a pool"], references).tolist() == [1, 1, 1]
    assert are_right(["two boys swim", "a dog", "a man on a brown horse"], references).tolist() == [0, 0, 0]
