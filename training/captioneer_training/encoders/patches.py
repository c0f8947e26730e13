"""Pictures cut into square patches, as a Vision Transformer takes them (Dosovitskiy et al. 2021)."""

from __future__ import annotations

from torch import Tensor

from .encoder import Encoder, grey


class Patches(Encoder):
    """pixel values [B, 3, 64, 64] → the pixels of each 8×8 patch [B, 64, 192]; the decoder's region layers do the seeing."""

    side, mean, std = 64, grey(0.5), grey(0.25)
    patch = 8
    regions, width = 64, 192

    def features(self, pixels: Tensor) -> Tensor:
        cells = pixels.unflatten(3, (-1, self.patch)).unflatten(2, (-1, self.patch))  # [B, 3, rows, patch, columns, patch]
        return cells.permute(0, 2, 4, 1, 3, 5).flatten(3).flatten(1, 2)  # [B, patches, 3 · patch²]

    def freeze(self, blocks: int) -> None:
        """There is nothing to freeze."""
