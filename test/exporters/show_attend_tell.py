"""A checkpoint of the tutorial on Show, Attend and Tell of the published size: torchvision's ResNet-101, and the captioner
written down in training/tests/tutorial_reference.py, saved as the tutorial saves them: modules, pickled whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from other_beams import clipcap, tutorial
from PIL import Image
from random_captioners import BEAMS, caption_text, seeded, settle, words_with_end
from reference import Caption, Named, Reference, greedy, noise_picture
from torch import Tensor, nn
from tutorial_reference import DecoderWithAttention, Encoder, published_names

SIDE, ROWS, WIDTH, WORDS = 256, 14, 2048, 9490
NAME = "Show, Attend and Tell, ResNet-101"
SPECIAL = {0: "<pad>", WORDS - 3: "<unk>", WORDS - 2: "<start>"}
START = WORDS - 2


def full() -> dict[str, Callable[[], Reference]]:
    return {NAME: make}


def make() -> Reference:
    """ResNet-101 and 512 everywhere, of as many words as the tutorial has of COCO."""
    from torchvision.models import resnet101
    from torchvision.transforms import Normalize

    encoder = Encoder(nn.Sequential(*list(resnet101(weights=None).children())[:-2]), ROWS)
    decoder = DecoderWithAttention(512, 512, 512, WORDS, WIDTH)
    seeded(nn.ModuleList((encoder, decoder)), 0)
    for name, factor in encoder.named_parameters():
        if name.endswith("bn3.weight"):
            factor.data.mul_(0.2)  # blocks add little to what they are given, as in trained networks
    normalise = Normalize(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225])

    def pixels(picture: np.ndarray) -> Tensor:
        resized = Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        return normalise(torch.from_numpy(np.array(resized)).permute(2, 0, 1) / 255)[None]

    @cache
    def regions(values: Tensor) -> Tensor:
        return encoder(values)

    @cache
    def after(values: Tensor, ids: tuple[int, ...]) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Logits and state when the start word and these have been read."""
        state = after(values, ids[:-1])[1] if ids else decoder.first_state(regions(values))
        word = ids[-1] if ids else START
        scores, _, state = decoder.step(regions(values), torch.tensor([word]), state)
        return scores[0], state

    def logits(values: Tensor, ids: list[int]) -> Tensor:
        return after(values, tuple(ids))[0]

    @cache
    def log_probs(ids: tuple[int, ...]) -> list[float]:
        return logits(values, list(ids)).double().log_softmax(-1).tolist()

    values = pixels(noise_picture())
    settle(encoder, values)
    end, words = words_with_end(log_probs, WORDS, SPECIAL, "<end>")

    def searches(_: Tensor, longest: int) -> list[tuple[dict[str, Any], list[Caption]]]:
        options = {"maxLength": longest, "lengthPenalty": 0}
        greedy = clipcap(log_probs, end, 1, longest)  # of one beam, which the tutorial's gives only where it ends
        beams = tutorial(log_probs, end, BEAMS, longest)
        return [
            ({**options, "numBeams": 1}, [caption_text(entry, words) for entry in greedy]),
            ({**options, "numBeams": BEAMS, "beamVariant": "show-attend-tell"}, [caption_text(entry, words) for entry in beams]),
        ]

    @torch.no_grad()
    def caption_greedily(picture: np.ndarray, count: int) -> list[int]:
        seen = encoder(pixels(picture))
        state = decoder.first_state(seen)

        def read(word: int) -> Tensor:
            nonlocal state
            scores, _, state = decoder.step(seen, torch.tensor([word]), state)
            return scores[0]

        return greedy(read(START), read, [end], count)

    def save(folder: Path) -> None:
        with published_names():
            torch.save({"epoch": 0, "bleu-4": 0.0, "encoder": encoder, "decoder": decoder}, folder / "BEST_checkpoint.pth.tar")

    checkpoint = {"json": {"WORDMAP.json": {word: index for index, word in enumerate(words)}}, "weights": {}}
    command = ["show-attend-tell", "BEST_checkpoint.pth.tar", "--word-map", "WORDMAP.json"]

    def memory(values: Tensor) -> Named:
        return {"regions": regions(values)}

    return Reference(NAME, command, checkpoint, [START], pixels, memory, logits, searches, caption_greedily, save)
