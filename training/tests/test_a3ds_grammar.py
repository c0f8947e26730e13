import random

import pytest

from captioneer_training.a3ds.factors import FEATURES, SCENES, factors_of
from captioneer_training.a3ds.grammar import Kind, caption, forms
from captioneer_training.a3ds.parse import ParseError, parse
from captioneer_training.a3ds.words import PHRASES

# A red floor, a light green wall, and a huge orange ball where "close to the middle" is said of two orientations.
SENTENCE = "a huge orange ball in front of a light green wall on the red floor close to the middle"
CLAIMS = {
    "floor_hue": {0},
    "wall_hue": {4},
    "object_hue": {1},
    "scale": {6},
    "shape": {2},
    "orientation": {4, 10},
}


@pytest.mark.parametrize(("kind", "fewest", "most"), [("long", 6, 6), ("short", 1, 3)])
def test_parsing_a_caption_gives_back_its_scene(kind: Kind, fewest: int, most: int) -> None:
    rng = random.Random(3)
    for _ in range(2000):
        index = rng.randrange(SCENES)
        claims = parse(caption(index, kind, rng.randrange(1 << 20)))
        assert fewest <= len(claims) <= most
        for feature, value in zip(FEATURES, factors_of(index).tolist(), strict=True):
            if feature in claims:
                assert claims[feature] == {v for v, phrase in enumerate(PHRASES[feature]) if phrase == PHRASES[feature][value]}


def test_every_form_names_the_features_it_says_it_names() -> None:
    phrases = {feature: names[-1] for feature, names in PHRASES.items()}
    for kind in ("long", "short"):
        sentences = [(form, form.say(phrases)) for group in forms(kind) for form in group]
        assert all(parse(sentence).keys() == form.features for form, sentence in sentences)
        assert len({sentence for _, sentence in sentences}) == len(sentences)


def test_captions_depend_on_number_and_variant_alone() -> None:
    assert caption(123_456, "long", 5) == caption(123_456, "long", 5)
    assert len({caption(123_456, "long", variant) for variant in range(40)}) == 40
    assert caption(123_456, "long", 0) == caption(123_456, "long", len(forms("long")[0]))


def test_short_captions_go_through_all_sets_of_up_to_three_features() -> None:
    named = {frozenset(parse(caption(99, "short", variant))) for variant in range(41)}
    assert len(named) == 6 + 15 + 20


def test_long_captions_have_15_to_25_words() -> None:
    lengths = [len(caption(index, "long", index).split()) for index in range(0, SCENES, 97)]
    assert (min(lengths), max(lengths)) == (15, 25)


@pytest.mark.parametrize(
    "sentence",
    [
        SENTENCE,
        "A huge, orange ball in front of the light-green wall, on red floor, close to the middle.",
        "there is an orange huge ball close to the middle on a red floor against a light green wall",
        "the ball is huge and orange in front of a light green wall on the red floor and close to the middle",
        "the huge ball standing on the red floor close to the middle in front of a light green wall is orange",
    ],
)
def test_wording_may_vary(sentence: str) -> None:
    assert parse(sentence) == CLAIMS


def test_a_hue_belongs_to_what_follows_it() -> None:
    assert parse("the block on the green floor is cyan") == {"shape": {0}, "floor_hue": {3}, "object_hue": {5}}
    assert parse("a green object") == {"object_hue": {3}}
    assert parse("an object on the right on the red floor") == {"orientation": {1}, "floor_hue": {0}}


def test_a_caption_that_contradicts_itself_can_be_true_of_nothing() -> None:
    assert parse("the red ball in front of a pink wall is green") == {"object_hue": set(), "shape": {2}, "wall_hue": {9}}


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "an object",
        "a dog runs on the grass",
        "a blue ball",  # neither of the two blues
        "a huge orange ball in front of a light green",
        "a huge orange",
        "the ball is",
        "a ball a ball",
        "a wall in front of a ball",
    ],
)
def test_what_is_no_sentence_is_refused(sentence: str) -> None:
    with pytest.raises(ParseError):
        parse(sentence)
