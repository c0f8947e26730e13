"""Training pictures and captions of all corpora together, in batches."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .corpus import Split
from .text import Tokens, mirror_words


@dataclass(frozen=True)
class Picture:
    """One training picture: where its pixels are, and its captions as ids, as it stands and mirrored."""

    split: Split
    row: int
    captions: list[list[int]]
    mirrored: list[list[int]]

    @property
    def texts(self) -> list[str]:
        return self.split.captions[self.row]


@dataclass(frozen=True)
class Batch:
    """Some pictures, as they come to an objective."""

    pictures: list[Picture]
    mirrored: list[bool]
    features: Tensor
    """What the encoder's network gives, [B, places, channels]."""
    images: Tensor | None
    """Augmented pixels [B, H, W, 3] on 0 … 255, where the encoder learns too."""
    rng: random.Random


def gather_pictures(splits: list[Split], tokens: Tokens, longest: int) -> list[Picture]:
    """All pictures of all splits; in a mirrored picture left is right."""
    pictures = []
    for split in splits:
        for row, texts in enumerate(split.captions):
            captions = [tokens.encode(text, longest) for text in texts]
            mirrored = [tokens.encode(mirror_words(text), longest) for text in texts]
            pictures.append(Picture(split, row, captions, mirrored))
    return pictures


def shuffled(count: int, size: int, generator: random.Random) -> Iterator[list[int]]:
    """Indices of one epoch in batches of `size`; a last smaller batch is left out."""
    order = list(range(count))
    generator.shuffle(order)
    for start in range(0, count - size + 1, size):
        yield order[start : start + size]


def draw_captions(picture: Picture, is_mirrored: bool, count: int, generator: random.Random) -> list[list[int]]:
    """`count` different captions where there are as many, else all of them and some again."""
    captions = picture.mirrored if is_mirrored else picture.captions
    if len(captions) >= count:
        return generator.sample(captions, count)
    return captions + generator.choices(captions, k=count - len(captions))


def pad(captions: list[list[int]], tokens: Tokens) -> tuple[Tensor, Tensor, Tensor]:
    """Inputs that start with the start token, targets, and where there is a token; all [captions, T], padded on the right."""
    longest = max(map(len, captions))
    inputs = torch.full((len(captions), longest), tokens.pad)
    targets = torch.full((len(captions), longest), tokens.pad)
    for row, caption in enumerate(captions):
        inputs[row, : len(caption)] = torch.tensor([tokens.start, *caption[:-1]])
        targets[row, : len(caption)] = torch.tensor(caption)
    return inputs, targets, targets != tokens.pad


def augment(images: np.ndarray, mirrored: list[bool], smallest_crop: float, generator: random.Random) -> Tensor:
    """uint8 [B, H, W, 3] → float [B, H, W, 3] on 0 … 255: random crop, mirror, brightness, contrast and saturation."""
    batch = torch.from_numpy(np.ascontiguousarray(images)).permute(0, 3, 1, 2).float()
    transforms = []
    for is_mirrored in mirrored:
        # Sides between smallest_crop and 1, each its own, so that the aspect ratio varies too.
        width, height = (generator.uniform(smallest_crop, 1.0) for _ in range(2))
        x, y = generator.uniform(width - 1, 1 - width), generator.uniform(height - 1, 1 - height)
        transforms.append([[-width if is_mirrored else width, 0.0, x], [0.0, height, y]])
    grid = F.affine_grid(torch.tensor(transforms), list(batch.shape), align_corners=False)
    batch = F.grid_sample(batch, grid, mode="bilinear", padding_mode="reflection", align_corners=False)

    def factors() -> Tensor:
        return torch.tensor([generator.uniform(0.75, 1.25) for _ in mirrored])[:, None, None, None]

    batch = batch * factors()
    grey = batch.mean(1, keepdim=True)
    batch = grey + (batch - grey) * factors()
    mean = batch.mean((1, 2, 3), keepdim=True)
    return (mean + (batch - mean) * factors()).clamp_(0, 255).permute(0, 2, 3, 1)
