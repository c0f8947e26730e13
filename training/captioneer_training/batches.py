"""Training pictures and captions of all corpora together, in batches."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .config import ConfigError
from .devices import place
from .encoders.encoder import Encoder
from .sources import Source
from .text import Tokens


@dataclass(frozen=True)
class Picture:
    """One training picture: a row of a source."""

    source: Source
    row: int


@dataclass(frozen=True)
class Batch:
    """Some pictures, as they come to an objective."""

    pictures: list[Picture]
    mirrored: list[bool]
    rng: random.Random
    cached: Tensor | None = None
    """What the encoder's network gave, [B, places, channels], where it stays as it is."""
    images: Tensor | None = None
    """Augmented pixels [B, side, side, 3] on 0 … 255, where it learns too."""
    side: int | None = None
    """Pixels of the pictures as the encoder sees them; None: its own."""

    def features(self, encoder: Encoder) -> Tensor:
        """What the encoder's network gives, [B, places, channels]."""
        return encoder.features(self.pixel_values(encoder)) if self.cached is None else self.cached

    def pixel_values(self, encoder: Encoder) -> Tensor:
        """The augmented pictures as this encoder takes them, [B, 3, side, side]."""
        if self.images is None:
            raise ConfigError('the objective needs pictures, and cached features hide them: set features = "end-to-end".')
        return encoder.pixel_values(self.images, self.side)


def shuffled(rows: Sequence[int], size: int, generator: random.Random, most: int | None = None) -> Iterator[list[int]]:
    """Rows of one epoch, at most `most` of them, in batches of `size`; a last smaller batch is left out."""
    order = generator.sample(rows, min(len(rows), most or len(rows)))
    for start in range(0, len(order) - size + 1, size):
        yield order[start : start + size]


def weighed(counts: Sequence[int], shares: Sequence[float], total: int, epoch: int, seed: str) -> list[int]:
    """About `total` rows of several sources, counted over all, so many of each as its share of the sum of `shares` says.

    Each source is gone through in an order of chance, epoch after epoch, and again in another order when it is at its end: no
    picture comes a second time before every other of its source has come as often.
    """
    rows: list[int] = []
    start = 0
    for source, (count, share) in enumerate(zip(counts, shares, strict=True)):
        drawn = round(total * share / sum(shares))
        first = epoch * drawn
        for turn in range(first // count, -(-(first + drawn) // count)):
            order = random.Random(f"{seed} {source} {turn}").sample(range(count), count)
            rows += [start + row for row in order[max(0, first - turn * count) : first + drawn - turn * count]]
        start += count
    return rows


def draw_captions(batch: Batch, count: int, tokens: Tokens, longest: int) -> list[list[int]]:
    """`count` captions of each picture as ids, captions of a picture side by side."""
    return [
        tokens.encode(text, longest)
        for picture, is_mirrored in zip(batch.pictures, batch.mirrored, strict=True)
        for text in picture.source.draw(picture.row, count, is_mirrored, batch.rng)
    ]


def pad(captions: list[list[int]], tokens: Tokens) -> tuple[Tensor, Tensor, Tensor]:
    """Inputs that start with the start token, targets, and where there is a token; all [captions, T], padded on the right."""
    longest = max(map(len, captions))
    targets = torch.tensor([[*caption, *[tokens.pad] * (longest - len(caption))] for caption in captions])
    inputs = torch.tensor([[tokens.start, *caption[:-1], *[tokens.pad] * (longest - len(caption))] for caption in captions])
    return inputs, targets, targets != tokens.pad


def augment(
    images: np.ndarray,
    mirrored: list[bool],
    crops: tuple[float, float],
    colour_change: float,
    generator: random.Random,
    side: int | None = None,
) -> Tensor:
    """uint8 [B, H, W, 3] → float [B, H, W, 3] on 0 … 255: random crop, mirror, brightness, contrast and saturation.

    The sides of a crop have between the two shares `crops` of the picture's; with `side` it is sampled at so many pixels.
    """
    batch = place(np.ascontiguousarray(images)).permute(0, 3, 1, 2).float()
    transforms = []
    for is_mirrored in mirrored:
        # Each side has its own share, so that the aspect ratio varies too.
        width, height = (generator.uniform(*crops) for _ in range(2))
        x, y = generator.uniform(width - 1, 1 - width), generator.uniform(height - 1, 1 - height)
        transforms.append([[-width if is_mirrored else width, 0.0, x], [0.0, height, y]])
    size = list(batch.shape) if side is None else [*batch.shape[:2], side, side]
    grid = F.affine_grid(torch.tensor(transforms), size, align_corners=False)
    batch = F.grid_sample(batch, grid, mode="bilinear", padding_mode="reflection", align_corners=False)

    def factors() -> Tensor:
        return torch.tensor([generator.uniform(1 - colour_change, 1 + colour_change) for _ in mirrored])[:, None, None, None]

    batch = batch * factors()
    grey = batch.mean(1, keepdim=True)
    batch = grey + (batch - grey) * factors()
    mean = batch.mean((1, 2, 3), keepdim=True)
    return (mean + (batch - mean) * factors()).clamp_(0, 255).permute(0, 2, 3, 1)
