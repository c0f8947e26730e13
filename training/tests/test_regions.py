"""A decoder over a grid and boxes: what a box is made of, what boxes that are not there change, and words that learn to point."""

from __future__ import annotations

import random

import pytest
import torch
from conftest import shake
from torch import Tensor

from captioneer_training.add_regions import add_regions
from captioneer_training.batches import Batch, Picture
from captioneer_training.config import ConfigError, Stage
from captioneer_training.decoders.region_transformer import RegionTransformerDecoder, coverage
from captioneer_training.encoders.nanodet import KINDS
from captioneer_training.encoders.region_encoder import BOXES
from captioneer_training.model import Captioner
from captioneer_training.objectives.grounding import Grounding, kinds_of_words
from captioneer_training.text import SPECIAL, Vocabulary

DECODER = {"width": 16, "heads": 2, "layers": 2, "encoder_layers": 1}
WORDS = Vocabulary((*SPECIAL, "a", "dog", "red", "square"))


def with_regions() -> Captioner:
    torch.manual_seed(4)
    return shake(Captioner("lite0-regions", {"type": "region-transformer", **DECODER}, WORDS))


def features_of(*boxes: tuple[float, float, float, float, float, int]) -> Tensor:
    """A random map, and these boxes: left, top, right, bottom, score, kind."""
    features = torch.zeros(1, 49 + BOXES, 1280)
    features[:, :49] = torch.randn(1, 49, 1280)
    for row, box in enumerate(boxes, 49):
        features[0, row, :6] = torch.tensor(box)
    return features


def test_a_box_covers_its_cells_by_their_shares() -> None:
    cover = coverage(torch.tensor([[[0.0, 0.0, 0.5, 1.0], [0.25, 0.5, 0.5, 0.75], [0.3, 0.3, 0.3, 0.9]]]), 2)
    torch.testing.assert_close(cover[0], torch.tensor([[0.5, 0, 0.5, 0], [0, 0, 1, 0], [0, 0, 0, 0]]))


def test_boxes_that_are_not_there_change_nothing() -> None:
    decoder = with_regions().decoder
    features = features_of((0.1, 0.2, 0.8, 0.9, 0.7, 16))
    other = features.clone()
    other[0, 50:, :4] = torch.rand(BOXES - 1, 4)
    other[0, 50:, 4] = 0.05  # below what counts
    with torch.inference_mode():
        steps = [decoder.step(memory := decoder.remember(f), torch.tensor([1]), decoder.start(memory, 1)) for f in (features, other)]
    torch.testing.assert_close(steps[0].logits, steps[1].logits)
    attention = steps[0].attention
    assert attention is not None
    assert attention.shape == (1, 49 + BOXES)
    assert float(attention[0, 49]) > 0
    assert not attention[0, 50:].any()


def test_regions_start_from_what_the_decoder_knows_of_the_grid() -> None:
    torch.manual_seed(4)
    grid = shake(Captioner("lite0", {"type": "transformer", **DECODER}, WORDS))
    grown = add_regions(grid, "lite0-regions", {"type": "region-transformer", **DECODER}).eval()
    features = features_of()
    with torch.inference_mode():
        wanted, found = (
            c.decoder.step(memory := c.decoder.remember(f), torch.tensor([1]), c.decoder.start(memory, 1)).logits
            for c, f in ((grid, features[:, :49]), (grown, features))
        )
    torch.testing.assert_close(found, wanted)
    with pytest.raises(ConfigError, match='whose name ends in "-regions"'):
        add_regions(grid, "lite0", {"type": "transformer", **DECODER})


def test_words_learn_to_look_at_the_boxes_of_their_kind() -> None:
    captioner = with_regions()
    dog, cat = KINDS.index("dog"), KINDS.index("cat")
    features = features_of((0.0, 0.0, 0.4, 0.4, 0.8, cat), (0.5, 0.5, 1.0, 1.0, 0.8, dog))

    class DogSource:
        def draw(self, *_: object) -> list[str]:
            return ["a dog"]

    objective = Grounding(Stage("tiny", captions=1), captioner, 8)
    batch = Batch([Picture(DogSource(), 0)], [False], random.Random(1), cached=features)  # type: ignore[arg-type]

    def attention() -> float:
        """Of the box of the dog, when "dog" is said."""
        decoder = captioner.eval().decoder
        with torch.inference_mode():
            memory = decoder.remember(features)
            state = decoder.step(memory, torch.tensor([WORDS.start]), decoder.start(memory, 1)).state
            looks = decoder.step(memory, torch.tensor(WORDS.encode("a", 4)[:1]), state).attention
        assert looks is not None
        return float(looks[0, 50])

    before = attention()
    optimizer = torch.optim.Adam(captioner.decoder.parameters(), lr=0.01)
    for _ in range(40):
        optimizer.zero_grad()
        objective.loss(captioner, batch).backward()
        optimizer.step()
    assert attention() > max(0.5, 3 * before)


def test_teachers_have_their_part_in_the_loss_of_words() -> None:
    captioner = with_regions()

    class RedSquares:
        def draw(self, *_: object) -> list[str]:
            return ["a red square"]  # no word of it names a kind

    class Doubling:
        def taught(self, loss: Tensor, *_: object) -> Tensor:
            return loss * 2

    batch = Batch([Picture(RedSquares(), 0)], [False], random.Random(1), cached=features_of())  # type: ignore[arg-type]
    stage = Stage("tiny", captions=1)
    with torch.inference_mode():
        alone = Grounding(stage, captioner, 8).loss(captioner, batch)
        taught = Grounding(stage, captioner, 8, Doubling()).loss(captioner, batch)  # type: ignore[arg-type]
    torch.testing.assert_close(taught, alone * 2)


def test_words_name_kinds() -> None:
    named = kinds_of_words(Vocabulary((*SPECIAL, "man", "dogs", "bag", "red", "phone")))

    def kinds(word: int) -> list[str]:
        return [KINDS[kind] for kind in named[len(SPECIAL) + word].nonzero()[:, 0].tolist()]

    assert [kinds(n) for n in range(5)] == [["person"], ["dog"], ["backpack", "handbag"], [], ["cell phone"]]
    assert not named[: len(SPECIAL)].any()


def test_grounding_asks_for_boxes() -> None:
    grid = Captioner("lite0", {"type": "transformer", **DECODER}, WORDS)
    with pytest.raises(ConfigError, match="grounding needs boxes"):
        Grounding(Stage("tiny"), grid, 8)
    assert isinstance(with_regions().decoder, RegionTransformerDecoder)
