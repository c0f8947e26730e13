from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from conftest import pack_photographs, shake

from captioneer_training.batches import Batch, Picture
from captioneer_training.config import Config, ConfigError, Stage
from captioneer_training.gender import CONTEXTS, GenderChoice, GenderLoss, before_gender, label, labels
from captioneer_training.model import Captioner, new_captioner
from captioneer_training.objectives import create_objective
from captioneer_training.objectives.cross_entropy import CrossEntropy
from captioneer_training.objectives.self_critical import SelfCritical
from captioneer_training.sources import Source, open_sources
from captioneer_training.text import SPECIAL, Vocabulary
from captioneer_training.train import Run

WORDS = Vocabulary((*SPECIAL, "a", "young", "man", "men", "woman", "girl", "dog", "runs", "two"))
TEXTS = {  # of a red, a green, a blue and a grey picture
    "red": ["A man runs .", "two men"],
    "green": ["a dog", "a dog runs"],
    "blue": ["a young woman runs", "A girl and a dog"],
    "grey": ["a man and a woman", "a man"],
}
STAGE = Stage("people", captions=2, mirror=False, label_smoothing=0.0, gender=0.5)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    pack_photographs(folder, "people", 8, TEXTS)
    return folder


@pytest.fixture
def source(work: Path) -> Source:
    return open_sources(["people"], "train", work)[0]


@pytest.fixture
def student(config: Config) -> Captioner:
    torch.manual_seed(1)
    return shake(new_captioner(config, WORDS))


def batch_of(source: Source, captioner: Captioner) -> Batch:
    """Four pictures that a trained encoder would tell apart."""
    torch.manual_seed(2)
    features = torch.randn(4, captioner.encoder.regions, captioner.encoder.width)
    return Batch([Picture(source, row) for row in range(4)], [False] * 4, random.Random(1), cached=features)


@pytest.mark.parametrize(
    ("captions", "gender"),
    [
        (["A man.", "the boy's dog", "a dog"], "men"),
        (["A man.", "a dog"], None),  # half is not most
        (["Two women", "a girl", "a man"], None),
        (["a man and a woman", "a woman"], None),
        (["Two women", "a girl", "a person"], "women"),
        (["A manhole", "a human", "womanly"], None),
    ],
)
def test_a_picture_is_of_men_or_women_if_most_captions_say_so_and_none_the_other(captions: list[str], gender: str | None) -> None:
    assert label(captions) == gender


def test_the_words_before_the_first_gendered_one() -> None:
    assert before_gender("Two young Women and a man") == "two young"
    assert before_gender("Man in a boat") == ""
    assert before_gender("a dog") is None


def test_log_odds_are_those_of_the_next_word(student: Captioner, source: Source) -> None:
    features = batch_of(source, student).features(student.encoder)
    memory = student.decoder.remember(student.encoder.pool(features))
    found = GenderChoice(WORDS).log_odds(student.decoder, memory, ["a", "a young"] * 4).view(4, 2)
    state, ids = student.decoder.start(memory, 4), WORDS.ids
    for word in ("<start>", "a", "young"):
        logits, state, _ = student.decoder.step(memory, torch.full((4,), ids[word]), state)
        probabilities = logits.softmax(-1)
        odds = (probabilities[:, [ids["man"], ids["men"]]].sum(-1) / probabilities[:, [ids["woman"], ids["girl"]]].sum(-1)).log()
        if word != "<start>":
            torch.testing.assert_close(found[:, int(word == "young")], odds, atol=1e-5, rtol=1e-4)


def test_the_loss_teaches_the_choice(student: Captioner, source: Source) -> None:
    assert labels(source)[:4] == ["men", None, "women", None]
    loss = GenderLoss(WORDS, [source])
    batch = batch_of(source, student)
    optimizer = torch.optim.AdamW(student.decoder.parameters(), lr=3e-3)
    for _ in range(60):
        memory = student.decoder.remember(batch.features(student.encoder))
        optimizer.zero_grad()
        loss(student.decoder, memory, batch).backward()
        optimizer.step()
    odds = loss.choice.log_odds(student.decoder, student.decoder.remember(batch.features(student.encoder)), list(CONTEXTS) * 4).view(4, 2)
    assert bool((odds[0] > 1).all()) and bool((odds[2] < -1).all())


def test_men_and_women_count_alike_however_many_they_are(student: Captioner, source: Source) -> None:
    loss = GenderLoss(WORDS, [source])
    batch = batch_of(source, student)
    memory = student.decoder.remember(batch.features(student.encoder))

    def of(rows: list[int]) -> float:
        chosen = replace(batch, pictures=[batch.pictures[row] for row in rows], mirrored=[False] * len(rows), rng=random.Random(1))
        return loss(student.decoder, {name: tensor[rows] for name, tensor in memory.items()}, chosen).item()

    loss.contexts = lambda *_: list(CONTEXTS)  # type: ignore[method-assign]  # the same each time
    assert of([0, 0, 0, 2]) == pytest.approx(of([0, 2]), rel=1e-4)
    assert of([0, 0, 0, 2]) == pytest.approx((of([0]) + of([2])) / 2, rel=1e-4)
    assert of([1, 3]) == 0.0


@pytest.mark.parametrize("kind", [CrossEntropy, SelfCritical])
def test_it_counts_beside_the_loss_of_the_objective(
    kind: type, config: Config, student: Captioner, source: Source, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GenderLoss, "__call__", lambda *_: torch.tensor(3.0))
    objective = "cross-entropy" if kind is CrossEntropy else "self-critical"

    def total(gender: float) -> float:
        torch.manual_seed(7)
        stage = replace(STAGE, objective=objective, gender=gender)
        made = create_objective(config, stage, student.eval(), [source], None, work)
        assert isinstance(made, kind)
        return made.loss(student, batch_of(source, student)).item()

    monkeypatch.setattr(student, "train", lambda mode=True: student)  # no dropout: the same loss twice
    assert total(0.5) - total(0.0) == pytest.approx(1.5, rel=1e-3)


def test_only_some_objectives_have_it(config: Config, student: Captioner, source: Source, work: Path) -> None:
    with pytest.raises(ConfigError, match="gender counts beside"):
        create_objective(config, replace(STAGE, objective="contrastive"), student, [source], None, work)


def test_shares_of_men_and_of_women(config: Config, student: Captioner, source: Source, work: Path) -> None:
    stage = replace(STAGE, features="end-to-end", epoch_pictures=40, pictures=4, shares={"people": 0.5, "men": 0.25, "women": 0.25})
    run = Run(replace(config, corpora=["people"]), stage, student, [source], work)
    rows = [row for batch in run.epoch_batches(random.Random(1)) for row in batch]
    found = [labels(source)[row] for row in rows]
    assert len(rows) == 40
    assert found.count("men") == found.count("women") == 15  # a quarter of 40, and of 20 of all pictures a quarter
    run.stage = replace(stage, shares={"people": 0.5, "children": 0.5})
    with pytest.raises(ConfigError, match="shares name people, children"):
        run.epoch_batches(random.Random(1))
