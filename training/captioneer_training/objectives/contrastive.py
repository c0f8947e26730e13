"""A small CLIP: pictures and captions that belong together lie close (Radford et al. 2021)."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..batches import Batch, draw_captions, pad
from ..decoders.layers import SelfAttentionLayer
from ..model import Captioner
from ..sources import Source, in_batches
from ..text import Tokens
from .objective import Objective


class TextTower(nn.Module):
    """A causal Transformer; the embedding is read where the caption ends."""

    def __init__(self, vocabulary: int, out: int, width: int = 256, heads: int = 4, layers: int = 4, *, longest: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(torch.randn(longest, width) * 0.02)
        self.layers = nn.ModuleList(SelfAttentionLayer(width, heads, 0.1) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, out, bias=False)
        nn.init.normal_(self.embed.weight, std=0.02)

    def forward(self, ids: Tensor, is_word: Tensor) -> Tensor:
        """ids [B, T], closed by the end token and padded on the right → embeddings of unit length [B, out]."""
        x = self.embed(ids) + self.positions[: ids.shape[1]]
        for layer in self.layers:
            x = layer(x, is_causal=True)
        last = x[torch.arange(len(ids)), is_word.sum(1) - 1]  # [B, width]
        return F.normalize(self.out(self.norm(last)), dim=-1)


class Contrastive(Objective):
    """Symmetric cross-entropy of the cosines of all pairs of a batch, by a learned temperature."""

    def __init__(self, captioner: Captioner, longest: int) -> None:
        super().__init__()
        self.longest = longest
        self.text = TextTower(len(captioner.tokens), captioner.encoder.width, longest=longest)
        self.log_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))

    def embed_texts(self, captions: list[list[int]], tokens: Tokens) -> Tensor:
        _, ids, is_word = pad(captions, tokens)
        return self.text(ids, is_word)

    def loss(self, captioner: Captioner, batch: Batch) -> Tensor:
        captions = draw_captions(batch, 1, captioner.tokens, self.longest)
        pictures = captioner.encoder.pool(batch.features(captioner.encoder))[:, 0]  # [B, width]
        cosines = pictures @ self.embed_texts(captions, captioner.tokens).T * self.log_scale.clamp(max=math.log(100)).exp()
        same = torch.arange(len(captions))
        return (F.cross_entropy(cosines, same) + F.cross_entropy(cosines.T, same)) / 2

    @torch.inference_mode()
    def evaluate(self, captioner: Captioner, sources: list[Source], pictures: int | None) -> dict[str, dict[str, float]]:
        """Recall at 1, 5 and 10, captions by picture and pictures by caption, each among all of its split."""
        self.eval()
        captioner.eval()
        result = {}
        for source in sources:
            count = min(pictures or len(source), len(source))
            encoder = captioner.encoder
            seen = [encoder(encoder.pixel_values(images))[:, 0] for images in in_batches(source, 50, count)]
            owner = torch.tensor([row for row in range(count) for _ in source.references(row)])
            texts = [captioner.tokens.encode(text, self.longest) for row in range(count) for text in source.references(row)]
            read = torch.cat([self.embed_texts(texts[n : n + 250], captioner.tokens) for n in range(0, len(texts), 250)])
            result[source.corpus] = recalls(torch.cat(seen) @ read.T, owner)
        self.train()
        return result


def recalls(cosines: Tensor, owner: Tensor) -> dict[str, float]:
    """cosines [pictures, captions], owner [captions] → shares of queries with a right answer among the first k."""
    by_picture = owner[cosines.argsort(1, descending=True)] == torch.arange(len(cosines))[:, None]  # [pictures, captions]
    by_caption = cosines.T.argsort(1, descending=True) == owner[:, None]  # [captions, pictures]
    scores = {f"captionR@{k}": float(by_picture[:, :k].any(1).float().mean()) for k in (1, 5, 10)}
    return scores | {f"pictureR@{k}": float(by_caption[:, :k].any(1).float().mean()) for k in (1, 5, 10)}
