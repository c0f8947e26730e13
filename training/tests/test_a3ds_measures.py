import json
import random
from argparse import ArgumentParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from captioneer_training.a3ds.factors import FEATURES, SCENES, factors_of, index_of, split_indices
from captioneer_training.a3ds.grammar import caption
from captioneer_training.a3ds.measures import (
    DISTRACTORS,
    SHARED,
    Pragmatics,
    contrastive_features,
    draw_distractor,
    pragmatics,
    score_captions,
    true_features,
)
from captioneer_training.a3ds.parse import parse
from captioneer_training.a3ds.render import render
from captioneer_training.a3ds.scenes import Scenes
from captioneer_training.a3ds.steps import add_steps
from captioneer_training.corpus import CorpusError

HUES = frozenset({"floor_hue", "wall_hue", "object_hue"})


@pytest.mark.parametrize(
    ("named", "contrastive", "expected"),
    [
        ({"shape"}, {"shape"}, Pragmatics(1, 1, 1)),
        ({"scale"}, {"shape"}, Pragmatics(0, 0, 1 - 1 / 5)),
        (set(FEATURES), {"shape"}, Pragmatics(1, 1, 0)),
        ({"wall_hue"}, HUES, Pragmatics(1, 1, 1)),
        ({"wall_hue", "floor_hue", "scale"}, HUES, Pragmatics(1, 0.5, 1 - 1 / 3)),
        (set(FEATURES), HUES, Pragmatics(1, 0, 0)),
        (set(), HUES, Pragmatics(0, 0, 1)),
        ({"scale"}, set(FEATURES), Pragmatics(1, 1, None)),
    ],
)
def test_pragmatic_measures_of_hand_worked_cases(named: set[str], contrastive: set[str], expected: Pragmatics) -> None:
    assert pragmatics(named, contrastive) == expected


def test_a_distractor_must_differ() -> None:
    with pytest.raises(ValueError, match="looks like the target"):
        pragmatics(HUES, frozenset())


def test_orientations_of_one_phrase_are_no_contrast() -> None:
    scene = index_of([1, 2, 3, 4, 1, 6])
    assert contrastive_features(int(scene), int(index_of([1, 2, 3, 4, 1, 8]))) == frozenset()
    assert contrastive_features(int(scene), int(index_of([0, 2, 3, 4, 1, 9]))) == {"floor_hue", "orientation"}


def test_similar_distractors_share_three_features() -> None:
    drawn = [contrastive_features(index, draw_distractor(index, "similar")) for index in range(0, SCENES, 997)]
    assert {len(features) for features in drawn} == {len(FEATURES) - SHARED}
    assert len(set(drawn)) == 20  # every choice of three of the six
    assert draw_distractor(5, "similar") == draw_distractor(5, "similar")


def test_a_wrong_caption_is_found_out() -> None:
    rng = random.Random(5)
    for _ in range(500):
        scene = rng.randrange(SCENES)
        other = draw_distractor(scene, "similar")
        claims = parse(caption(other, "long", rng.randrange(1000)))
        assert true_features(claims, factors_of(other).tolist()) == set(FEATURES)
        assert true_features(claims, factors_of(scene).tolist()) == set(FEATURES) - contrastive_features(scene, other)


def test_true_captions_score_one() -> None:
    report = score_captions({index: caption(index, "long", index) for index in range(0, SCENES, 4801)})
    assert (report["accuracy"], report["named"], report["unparsed"]) == (1, 6, {})
    assert all(feature == {"named": 1, "accuracy": 1} for feature in report["features"].values())
    assert report["pragmatics"]["similar"] == {"discriminativity": 1, "efficiency": 0, "relevance": 0}


def test_scores_of_hand_worked_captions() -> None:
    scene = int(index_of([0, 3, 5, 7, 2, 0]))  # red floor, green wall, giant cyan ball in the right corner
    captions = {
        scene: "a giant cyan ball in the right corner",
        scene + 1: "a giant cyan ball in the right corner",  # it is on the right
        scene + 2: "a giant pink ball",
        scene + 3: "a giant giant",
    }
    report = score_captions(captions)
    assert report["accuracy"] == 1 / 4
    assert report["named"] == (4 + 4 + 3 + 0) / 4
    assert list(report["unparsed"]) == [scene + 3]
    assert report["features"]["object_hue"] == {"named": 3 / 4, "accuracy": 2 / 3}
    assert report["features"]["orientation"] == {"named": 2 / 4, "accuracy": 1 / 2}
    assert report["features"]["wall_hue"] == {"named": 0, "accuracy": None}


def test_scenes_give_pictures_and_true_captions() -> None:
    scenes = Scenes("train", short_share=0.5)
    rows = [0, 1000, len(scenes) - 1]
    assert np.array_equal(scenes.images(rows), render(scenes.indices[rows]))
    drawn = scenes.captions(1000, random.Random(1), count=40)
    assert drawn == scenes.captions(1000, random.Random(1), count=40)
    factors = factors_of(scenes.indices[1000]).tolist()
    named = [len(true_features(parse(text), factors)) for text in drawn]
    assert named == [len(parse(text)) for text in drawn]
    assert 10 < named.count(6) < 30
    assert all(len(parse(text)) == 6 for text in Scenes("dev").captions(3, random.Random(2), count=9))


def run(*arguments: str) -> None:
    parser = ArgumentParser()
    add_steps(parser.add_subparsers())
    parsed = parser.parse_args(arguments)
    parsed.run(parsed)


def test_scenes_are_written_and_their_captions_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("a3ds-scenes", "--out", str(tmp_path), "--count", "3")
    rows = [line.split("\t") for line in (tmp_path / "truths.tsv").read_text(encoding="utf-8").splitlines()]
    assert rows[0] == ["image", *FEATURES]
    files = sorted(tmp_path.glob("*.png"))
    assert [row[0] for row in rows[1:]] == [file.name for file in files]
    first = int(split_indices("test")[0])
    with Image.open(files[0]) as picture:
        assert np.array_equal(np.asarray(picture), render([first])[0])
    truths = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    texts = [f"a {truth['scale']} {truth['object_hue']} {truth['shape']}" for truth in truths[:2]] + ["a dog"]
    lines = [json.dumps({"image": str(file), "text": text}) for file, text in zip(files, texts, strict=True)]
    (tmp_path / "captions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    run("a3ds-score", str(tmp_path / "captions.jsonl"))
    report = json.loads(capsys.readouterr().out)
    assert report["captions"] == 3
    assert report["accuracy"] == pytest.approx(2 / 3)
    assert report["unparsed"]["captions"] == 1
    assert report["pragmatics"].keys() == set(DISTRACTORS)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"image": "photo.jpg", "text": "a ball"}, "not named as"),
        ({"image": "scene-480000.png", "text": "a ball"}, "not named as"),
        ({"image": "scene-000001.png", "error": {}}, "no caption for scene-000001.png"),
    ],
)
def test_captions_that_cannot_be_scored_are_refused(tmp_path: Path, line: dict[str, object], message: str) -> None:
    path = tmp_path / "captions.jsonl"
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        run("a3ds-score", str(path))
