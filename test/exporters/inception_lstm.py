"""An Inception-LSTM checkpoint of the published size: torchvision's Inception-v3, and the captioner written down in
training/tests/inception_reference.py."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from inception_reference import InceptionLstm
from other_beams import clipcap
from PIL import Image
from random_captioners import BEAMS, caption_text, seeded, settle, words_with_end
from reference import Caption, Named, Reference, greedy, noise_picture
from torch import Tensor, nn

SIDE, EMBEDDING, HIDDEN, LAYERS, WORDS = 299, 512, 512, 3, 7666
NAME = "Inception-LSTM, 3 × 512"
SPECIAL = {0: "<PAD>", 1: "<SOS>", 3: "<UNK>"}


def full() -> dict[str, Callable[[], Reference]]:
    return {NAME: make}


def make() -> Reference:
    """Of 7,666 words; the network is built as one with pretrained weights is, so that it renormalises its input."""
    from torchvision.models import inception_v3

    network = inception_v3(weights=None, aux_logits=True, transform_input=True, init_weights=False)
    network.fc = nn.Linear(network.fc.in_features, EMBEDDING)
    model = seeded(InceptionLstm(network, EMBEDDING, HIDDEN, WORDS, LAYERS), 0)

    def pixels(picture: np.ndarray) -> Tensor:
        resized = Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        normalised = (torch.from_numpy(np.array(resized)).permute(2, 0, 1)[None] / 255 - 0.5) / 0.5
        network.transform_input = True
        values = network._transform_input(normalised)
        network.transform_input = False  # it has been done
        return values

    @cache
    def embedding(values: Tensor) -> Tensor:
        return model.encoder(values)[:, None]

    values = pixels(noise_picture())
    settle(network, values)
    return reference(model, pixels, embedding, values)


def reference(
    model: InceptionLstm, pixels: Callable[[np.ndarray], Tensor], embedding: Callable[[Tensor], Tensor], values: Tensor
) -> Reference:
    """`values` are the pixel values of the picture that it is shown."""
    decoder = model.decoder

    def logits(values: Tensor, ids: list[int]) -> Tensor:
        words = decoder.embed(torch.tensor([ids], dtype=torch.int64))
        return decoder.linear(decoder.lstm(torch.cat((embedding(values), words), 1))[0][0, -1])

    @cache
    def log_probs(ids: tuple[int, ...]) -> list[float]:
        return logits(values, list(ids)).double().log_softmax(-1).tolist()

    end, words = words_with_end(log_probs, WORDS, SPECIAL, "<EOS>")

    def searches(_: Tensor, longest: int) -> list[tuple[dict[str, Any], list[Caption]]]:
        found = []
        for beams in (1, BEAMS):
            options = {"numBeams": beams, "numCaptions": beams, "maxLength": longest}
            captions = [caption_text(entry, words) for entry in clipcap(log_probs, end, beams, longest)]
            found.append((options if beams == 1 else {**options, "beamVariant": "clipcap"}, captions))
        return found

    @torch.no_grad()
    def caption_greedily(picture: np.ndarray, count: int) -> list[int]:
        output, state = decoder.lstm(model.encoder(pixels(picture))[:, None])

        def read(word: int) -> Tensor:
            nonlocal state
            output, state = decoder.lstm(decoder.embed(torch.tensor([[word]])), state)
            return decoder.linear(output[0, -1])

        return greedy(decoder.linear(output[0, -1]), read, [end], count)

    def save(folder: Path) -> None:
        torch.save({"state_dict": model.state_dict(), "step": 0}, folder / "checkpoint.pth.tar")

    vocabulary = {"itos": dict(enumerate(words)), "stoi": {word: index for index, word in enumerate(words)}}
    command = ["inception-lstm", "checkpoint.pth.tar", "--vocabulary", "vocabulary.json", "--transform-input"]
    checkpoint = {"json": {"vocabulary.json": vocabulary}, "weights": {}}

    def memory(values: Tensor) -> Named:
        return {"prefix": embedding(values)}

    return Reference(NAME, command, checkpoint, [], pixels, memory, logits, searches, caption_greedily, save)
