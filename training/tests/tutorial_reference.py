"""The captioner that `captioneer-export show-attend-tell` reads, written by the published names and apart from the package."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import torch
from torch import Tensor, nn


class Bottleneck(nn.Module):
    """Of torchvision's ResNets."""

    def __init__(self, inputs: int, inner: int, stride: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(inputs, inner, 1, bias=False), nn.BatchNorm2d(inner)
        self.conv2, self.bn2 = nn.Conv2d(inner, inner, 3, stride, 1, bias=False), nn.BatchNorm2d(inner)
        self.conv3, self.bn3 = nn.Conv2d(inner, 4 * inner, 1, bias=False), nn.BatchNorm2d(4 * inner)
        self.relu = nn.ReLU()
        self.downsample = nn.Sequential(nn.Conv2d(inputs, 4 * inner, 1, stride, bias=False), nn.BatchNorm2d(4 * inner))

    def forward(self, x: Tensor) -> Tensor:
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn3(self.conv3(self.relu(self.bn2(self.conv2(y)))))
        return self.relu(y + self.downsample(x))


def resnet_14() -> nn.Sequential:
    """Children of a ResNet with one bottleneck block a stage, but its last two."""
    stages = [nn.Sequential(Bottleneck(64 if n == 0 else 128 * 2**n, 64 * 2**n, 1 if n == 0 else 2)) for n in range(4)]
    stem = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    return nn.Sequential(*stem, *stages)


class Encoder(nn.Module):
    def __init__(self, resnet: nn.Sequential, rows: int) -> None:
        super().__init__()
        self.resnet = resnet
        self.adaptive_pool = nn.AdaptiveAvgPool2d((rows, rows))

    def forward(self, images: Tensor) -> Tensor:
        return self.adaptive_pool(self.resnet(images)).permute(0, 2, 3, 1).flatten(1, 2)  # [B, rows², width]


class Attention(nn.Module):
    def __init__(self, encoder_dim: int, decoder_dim: int, attention_dim: int) -> None:
        super().__init__()
        self.encoder_att = nn.Linear(encoder_dim, attention_dim)
        self.decoder_att = nn.Linear(decoder_dim, attention_dim)
        self.full_att = nn.Linear(attention_dim, 1)
        self.relu, self.softmax = nn.ReLU(), nn.Softmax(dim=1)

    def forward(self, regions: Tensor, hidden: Tensor) -> tuple[Tensor, Tensor]:
        energy = self.full_att(self.relu(self.encoder_att(regions) + self.decoder_att(hidden)[:, None]))[..., 0]
        alpha = self.softmax(energy)  # [B, regions]
        return (regions * alpha[..., None]).sum(1), alpha


class DecoderWithAttention(nn.Module):
    def __init__(self, attention_dim: int, embed_dim: int, decoder_dim: int, vocab_size: int, encoder_dim: int) -> None:
        super().__init__()
        self.attention = Attention(encoder_dim, decoder_dim, attention_dim)
        self.embedding = nn.Embedding(vocab_size, embed_dim)
        self.dropout = nn.Dropout(0.5)
        self.decode_step = nn.LSTMCell(embed_dim + encoder_dim, decoder_dim)
        self.init_h, self.init_c = nn.Linear(encoder_dim, decoder_dim), nn.Linear(encoder_dim, decoder_dim)
        self.f_beta = nn.Linear(decoder_dim, encoder_dim)
        self.sigmoid = nn.Sigmoid()
        self.fc = nn.Linear(decoder_dim, vocab_size)

    def first_state(self, regions: Tensor) -> tuple[Tensor, Tensor]:
        mean = regions.mean(1)
        return self.init_h(mean), self.init_c(mean)

    def step(self, regions: Tensor, words: Tensor, state: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor, tuple[Tensor, Tensor]]:
        """One word a row: logits, attention and the new state."""
        seen, alpha = self.attention(regions, state[0])
        gated = self.sigmoid(self.f_beta(state[0])) * seen
        hidden, cell = self.decode_step(torch.cat((self.embedding(words), gated), 1), state)
        return self.fc(self.dropout(hidden)), alpha, (hidden, cell)


@torch.no_grad()
def greedy(decoder: DecoderWithAttention, regions: Tensor, start: int, end: int, longest: int) -> tuple[list[int], Tensor, Tensor]:
    """The likeliest word again and again: ids, the end included, logits [steps, words] and attention [steps, regions]."""
    ids, logits, alphas, word, state = [], [], [], start, decoder.first_state(regions)
    for _ in range(longest):
        scores, alpha, state = decoder.step(regions, torch.tensor([word]), state)
        word = int(scores.argmax())
        ids.append(word)
        logits.append(scores)
        alphas.append(alpha)
        if word == end:
            break
    return ids, torch.cat(logits), torch.cat(alphas)


@torch.no_grad()
def shrinking_beams(decoder: DecoderWithAttention, regions: Tensor, start: int, end: int, beams: int, longest: int) -> list[int]:
    """The tutorial's search: a caption that ends takes its beam with it; the likeliest of those that ended, its end left out."""
    rows = [([start], 0.0, decoder.first_state(regions))]
    ended: list[tuple[float, list[int]]] = []
    for _ in range(longest):
        candidates = []
        for ids, score, state in rows:
            scores, _, new = decoder.step(regions, torch.tensor(ids[-1:]), state)
            candidates += [([*ids, word], score + float(value), new) for word, value in enumerate(scores[0].double().log_softmax(0))]
        best = sorted(candidates, key=lambda candidate: -candidate[1])[: beams - len(ended)]
        ended += [(score, ids) for ids, score, _ in best if ids[-1] == end]
        rows = [row for row in best if row[0][-1] != end]
        if not rows:
            break
    if not ended:
        raise ValueError("no caption has ended")
    return max(ended)[1][1:-1]


@contextmanager
def published_names() -> Iterator[None]:
    """While it lasts, modules are pickled under the names that they have where they are published."""
    places = {Encoder: "models", Attention: "models", DecoderWithAttention: "models", Bottleneck: "torchvision.models.resnet"}
    made = {name for name in ("models", "torchvision", "torchvision.models", "torchvision.models.resnet") if name not in sys.modules}
    for name in made:
        sys.modules[name] = ModuleType(name)
    for one, name in places.items():
        if name in made:
            one.__module__ = name
            setattr(sys.modules[name], one.__name__, one)
    try:
        yield
    finally:
        for name in made:
            del sys.modules[name]
