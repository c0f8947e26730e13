"""GPT-2 (Radford et al. 2019) with cross-attention to an encoder's features, as published encoder-decoder checkpoints have it."""

from __future__ import annotations

from torch import Tensor, nn

from .decoder import Named, Step
from .layers import LayerForm
from .words import WordStack


class CrossGpt2Decoder(WordStack):
    """Features are the regions, as they are or, where they have another width, projected.

    It tells no attention over regions: they are not a grid, since most encoders add a token of their own.
    """

    def __init__(
        self, vocabulary: int, width: int, heads: int, layers: int, maximum_length: int, form: LayerForm, feature_width: int
    ) -> None:
        super().__init__(vocabulary, width, heads, layers, maximum_length, dropout=0.0, form=form)
        self.project = nn.Identity() if feature_width == width else nn.Linear(feature_width, width)

    def remember(self, features: Tensor) -> Named:
        return self.remember_regions(self.project(features))

    def step(self, memory: Named, ids: Tensor, state: Named) -> Step:
        return super().step(memory, ids, state)._replace(attention=None)
