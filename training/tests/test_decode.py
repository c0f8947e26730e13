import torch

from captioneer_training.decode import beam_search, sample
from captioneer_training.model import Captioner

LONGEST = 8


def words_of(captioner: Captioner, ids: torch.Tensor) -> list[list[int]]:
    """Rows of ids without the start token, the end and what comes after it."""
    ends = {captioner.tokens.end, captioner.tokens.pad}
    return [[i for i in row[1:] if i not in ends] for row in ids.tolist()]


def test_a_cold_sample_is_the_greedy_caption(captioner: Captioner) -> None:
    with torch.inference_mode():
        pixels = torch.rand(2, 3, captioner.encoder.side, captioner.encoder.side)
        memory = captioner.decoder.remember(captioner.encoder(pixels))
    greedy = beam_search(captioner.decoder, memory, captioner.tokens, beams=1, penalty=0.0, longest=LONGEST)
    cold = words_of(captioner, sample(captioner.decoder, memory, captioner.tokens, 3, LONGEST, temperature=1e-4))
    assert cold == [caption[:LONGEST] for caption in greedy for _ in range(3)]


def test_a_warm_sample_varies(captioner: Captioner) -> None:
    torch.manual_seed(4)
    with torch.inference_mode():
        memory = captioner.decoder.remember(captioner.encoder(torch.rand(1, 3, captioner.encoder.side, captioner.encoder.side)))
    warm = words_of(captioner, sample(captioner.decoder, memory, captioner.tokens, 8, LONGEST))
    assert len({tuple(caption) for caption in warm}) > 1
