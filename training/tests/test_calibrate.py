import numpy as np
import pytest

from captioneer_training.calibrate import FEATURES, are_right, fit, held_out, predict, reliability_table, separation, unseen_kinds


def draw(count: int) -> tuple[list[dict[str, float]], np.ndarray]:
    """Statistics of photographs, and captions that are right as a known logistic regression of the search has it."""
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
    assert separation(calibration, statistics, {"noise": noise}) == (
        "area under ROC 1.000; 1 of 1 other pictures lie below 95 % of the photographs"
    )
    said = separation(calibration, statistics, {"noise": noise, "photograph": photograph})
    assert said.endswith("1 of 2 other pictures lie below 95 % of the photographs; not photograph (below 50.0%)")


def test_pictures_that_are_no_photographs_have_no_confidence() -> None:
    statistics, right = draw(2_000)
    walls = [{**s, "contrastDeficit": s["contrastDeficit"] + 8.0} for s in statistics[:60]]
    calibration = fit(statistics, right, walls)
    assert calibration["photograph"]["weights"]["contrastDeficit"] < -1
    assert predict(calibration, walls).mean() < 0.05
    assert predict(calibration, statistics).mean() == pytest.approx(right.mean(), abs=0.02)
    assert held_out(statistics, right, walls).mean() == pytest.approx(right.mean(), abs=0.02)
    assert separation(calibration, statistics, {f"wall-{n}": s for n, s in enumerate(walls)}).startswith("area under ROC 0.9")


def test_a_kind_is_judged_by_what_others_taught() -> None:
    statistics, right = draw(1_000)
    others = {f"wall-{n}": {**s, "contrastDeficit": 8.0} for n, s in enumerate(statistics[:30])}
    others |= {f"poster-{n}": {**s, "colorEntropy": -8.0} for n, s in enumerate(statistics[30:60])}
    areas = unseen_kinds(
        statistics, right, {**others, **{f"dark-wall-{n}": {**s, "contrastDeficit": 7.0} for n, s in enumerate(statistics[:9])}}
    )
    assert areas["dark-wall"] > 0.95  # walls taught it
    assert areas["poster"] < 0.8  # nothing did


def test_thresholds_flag_a_fifth_and_a_hundredth_of_the_photographs() -> None:
    statistics, right = draw(2_000)
    calibration = fit(statistics, right)
    confidence = predict(calibration, statistics)
    assert (confidence < calibration["reviewThreshold"]).mean() == pytest.approx(0.2, abs=0.005)
    assert (confidence < calibration["nothingThreshold"]).mean() == pytest.approx(0.01, abs=0.002)
    assert calibration["baseRate"] == pytest.approx(right.mean(), abs=1e-4)


def test_a_caption_is_right_that_could_be_one_more_persons() -> None:
    people = ["a brown dog runs on grass", "a dog runs over the grass", "a brown dog is running", "a dog on the grass", "happy times"]
    others = [
        ["a man rides a horse", "a rider on a horse", "a man on a brown horse"],
        ["two boys swim", "boys in a pool", "two boys in water"],
    ]
    references = [people, *others]
    assert are_right(["a brown dog runs on the grass", "a man rides a horse", "boys in a pool"], references).tolist() == [1, 1, 1]
    assert are_right(["two boys swim", "a dog", "a man on a brown horse"], references).tolist() == [0, 0, 0]
