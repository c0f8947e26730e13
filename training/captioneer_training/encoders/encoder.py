"""What every image encoder is to the training loop."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Channels = tuple[float, float, float]
"""A number each for red, green and blue."""

IMAGENET_MEAN: Channels = (0.485, 0.456, 0.406)
IMAGENET_STD: Channels = (0.229, 0.224, 0.225)
"""What torchvision's networks want pixels on 0 … 1 normalised by."""


def grey(value: float) -> Channels:
    """The same number for all three."""
    return value, value, value


class Encoder(nn.Module):
    """pixel values [B, 3, side, side] → region features [B, regions, width]; one region where the picture is one vector.

    It has two parts: a network, whose features may be cached where it stays as it is, and a pooling of them, which
    most encoders do without.
    """

    side: int = 224
    """Width and height of its pictures, in pixels."""
    mean: Channels = (0.0, 0.0, 0.0)
    """Subtracted from pixels on 0 … 1."""
    std: Channels = (1.0, 1.0, 1.0)
    """What the difference is divided by."""
    width: int
    regions: int

    def pixel_values(self, images: Tensor, side: int | None = None) -> Tensor:
        """uint8 or float [B, H, W, 3] on 0 … 255 → [B, 3, H, W], channels-last in memory, of the side given or the encoder's own."""
        mean, std = (torch.tensor(channels).view(3, 1, 1) for channels in (self.mean, self.std))
        values = images.permute(0, 3, 1, 2).float().div(255.0).sub(mean).div(std)
        wanted = side or self.side
        if values.shape[-2:] == (wanted, wanted):
            return values
        return F.interpolate(values, size=(wanted, wanted), mode="bilinear", antialias=True)

    def features(self, pixels: Tensor) -> Tensor:
        """pixel values [B, 3, side, side] → what may be cached [B, places, channels]."""
        raise NotImplementedError

    def pool(self, features: Tensor) -> Tensor:
        """What `features` gave → region features [B, regions, width]."""
        return features

    def forward(self, pixels: Tensor) -> Tensor:
        return self.pool(self.features(pixels))

    def network(self) -> nn.Module:
        """The part that `features` runs."""
        return self

    def networks(self) -> list[nn.Module]:
        """The networks that published weights are of, one each: several where encoders stand side by side."""
        return [self.network()]

    def folded(self) -> Encoder:
        """The same function with batch norms folded into the convolutions; itself where there are none."""
        return self

    def freeze(self, blocks: int) -> None:
        """Leaves the stem and the first `blocks` blocks as they are from now on; they run without gradients."""
        raise NotImplementedError
