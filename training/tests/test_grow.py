import pytest
import torch

from captioneer_training.byte_pairs import BytePairs
from captioneer_training.config import ConfigError
from captioneer_training.grow import grow
from captioneer_training.model import Captioner
from captioneer_training.text import SPECIAL, Vocabulary

CAPTIONS = ["a w1 zebra", "a zebra w2", "an okapi"]


def test_new_words_come_after_the_old_ones_commonest_first() -> None:
    old = Vocabulary((*SPECIAL, "w1", "w2"))
    assert old.extended(CAPTIONS, 1).words == (*SPECIAL, "w1", "w2", "a", "zebra", "an", "okapi")
    assert old.extended(CAPTIONS, 2).words == (*SPECIAL, "w1", "w2", "a", "zebra")


@torch.inference_mode()
def test_old_words_are_scored_as_before(captioner: Captioner) -> None:
    images = torch.randint(0, 256, (2, 224, 224, 3), dtype=torch.uint8)
    ids, is_word = torch.tensor([[1, 7, 9], [1, 20, 5]]), torch.ones(2, 3, dtype=torch.bool)

    def logits(model: Captioner) -> torch.Tensor:
        encoder, decoder = model.eval().encoder, model.decoder
        return decoder(decoder.remember(encoder(encoder.pixel_values(images))), ids, is_word).logits

    old = len(captioner.tokens)
    grown = grow(captioner, CAPTIONS, 2)
    before, after = logits(captioner), logits(grown)
    assert after.shape == (before.shape[0], old + 2)
    torch.testing.assert_close(after[:, :old], before)


def test_a_new_word_starts_as_likely_as_a_word_of_no_account(captioner: Captioner) -> None:
    torch.manual_seed(0)
    grown = grow(captioner, CAPTIONS, 1)
    state, old = grown.state_dict(), len(captioner.tokens)
    changed = {name: weight for name, weight in captioner.state_dict().items() if weight.shape != state[name].shape}
    assert changed
    for name, weight in changed.items():
        new = state[name][old:]
        assert len(new) == 4
        assert not torch.equal(new[0], new[1]), name
        assert bool(((new - weight.mean(0)).abs() <= weight.std(0) * 0.6 + 1e-6).all()), name


def test_byte_pairs_do_not_grow(captioner: Captioner) -> None:
    captioner.tokens = BytePairs.build(CAPTIONS, 300)
    with pytest.raises(ConfigError, match="only a word map grows"):
        grow(captioner, CAPTIONS, 1)
