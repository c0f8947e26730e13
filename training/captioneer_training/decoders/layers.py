"""Pre-norm Transformer layers (Vaswani et al. 2017; the layer norms stand first, as in GPT-2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..config import ConfigError
from ..dropout import PooledDropout
from .decoder import merge_heads, split_heads


class QuickGelu(nn.Module):
    """The sigmoid approximation of GELU, as CLIP has it."""

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(1.702 * x)


ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "gelu": nn.GELU,
    "gelu_new": partial(nn.GELU, approximate="tanh"),
    "gelu_pytorch_tanh": partial(nn.GELU, approximate="tanh"),
    "quick_gelu": QuickGelu,
    "relu": nn.ReLU,
}
"""By the names that published configurations use."""


@dataclass(frozen=True)
class LayerForm:
    """Where Transformers of this kind differ from each other."""

    activation: str = "gelu"
    inner: int | None = None
    """Width inside the feed-forward network; None: four times the layer's."""
    epsilon: float = 1e-5
    """Added to the variance in layer norms."""


FORM = LayerForm()


def feed_forward(width: int, dropout: float, form: LayerForm = FORM) -> nn.Sequential:
    if form.activation not in ACTIVATIONS:
        raise ConfigError(f"no activation {form.activation!r}; known are {', '.join(ACTIVATIONS)}.")
    inner = form.inner or 4 * width
    return nn.Sequential(nn.Linear(width, inner), ACTIVATIONS[form.activation](), PooledDropout(dropout), nn.Linear(inner, width))


class SelfAttentionLayer(nn.Module):
    """Attention of a sequence to itself, then a feed-forward network."""

    def __init__(self, width: int, heads: int, dropout: float, form: LayerForm = FORM) -> None:
        super().__init__()
        self.heads = heads
        self.norm_attention = nn.LayerNorm(width, form.epsilon)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm_mlp = nn.LayerNorm(width, form.epsilon)
        self.mlp = feed_forward(width, dropout, form)
        self.dropout = PooledDropout(dropout)

    def read(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Query, key and value, [B, heads, T, head width] each."""
        q, k, v = (split_heads(t, self.heads) for t in self.qkv(self.norm_attention(x)).chunk(3, -1))
        return q, k, v

    def after(self, x: Tensor, attended: Tensor) -> Tensor:
        """What attention saw, [B, T, width], is taken in."""
        x = x + self.dropout(self.out(attended))
        return x + self.dropout(self.mlp(self.norm_mlp(x)))

    def forward(self, x: Tensor, is_causal: bool = False, bias: Tensor | None = None) -> Tensor:
        """`bias` [B or 1, heads, T, T] is added to what the softmax takes."""
        q, k, v = self.read(x)
        return self.after(x, merge_heads(F.scaled_dot_product_attention(q, k, v, bias, is_causal=is_causal)))


class WordLayer(nn.Module):
    """One decoder layer: words attend to the words before them, then to the regions of the picture."""

    def __init__(self, width: int, heads: int, dropout: float, form: LayerForm = FORM) -> None:
        super().__init__()
        self.heads = heads
        self.norm_self = nn.LayerNorm(width, form.epsilon)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm_cross = nn.LayerNorm(width, form.epsilon)
        self.cross_query = nn.Linear(width, width)
        self.cross_key_value = nn.Linear(width, 2 * width)
        self.cross_out = nn.Linear(width, width)
        self.norm_mlp = nn.LayerNorm(width, form.epsilon)
        self.mlp = feed_forward(width, dropout, form)
        self.dropout = PooledDropout(dropout)

    def remember(self, regions: Tensor) -> tuple[Tensor, Tensor]:
        key, value = self.cross_key_value(regions).chunk(2, -1)
        return split_heads(key, self.heads), split_heads(value, self.heads)

    def read_words(self, x: Tensor) -> Tensor:
        """Query, key and value of self-attention side by side: [..., 3 · width]."""
        return self.qkv(self.norm_self(x))

    def after_words(self, x: Tensor, attended: Tensor) -> Tensor:
        return x + self.dropout(self.out(attended))

    def read_regions(self, x: Tensor) -> Tensor:
        """The query of cross-attention."""
        return self.cross_query(self.norm_cross(x))

    def after_regions(self, x: Tensor, seen: Tensor) -> Tensor:
        x = x + self.dropout(self.cross_out(seen))
        return x + self.dropout(self.mlp(self.norm_mlp(x)))
