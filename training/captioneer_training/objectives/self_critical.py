"""REINFORCE with CIDEr-D as the reward (Rennie et al. 2017)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ..batches import Batch, Picture, draw_captions, pad
from ..config import Stage
from ..decode import sample
from ..decoders.decoder import Named
from ..gender import GenderLoss
from ..metrics import CiderD
from ..model import Captioner
from ..sources import Source
from ..text import END, Tokens, mirror_words, split_words
from .objective import Objective


class SelfCritical(Objective):
    """Each sample's baseline is the mean reward of the picture's other samples.

    The end is a word of the reward, so that captions learn to end well. Every corpus has document frequencies of its
    own, and its advantages are divided by their usual size, so that a corpus with fewer references a picture, whose
    rewards are lower, weighs as much as the others. Samples come from the distribution at a temperature, and it is that
    distribution which learns: after label smoothing a tenth of every word is chance, so that at temperature 1 hardly a
    caption of twelve words is free of it.
    """

    curve = "reward"

    def __init__(self, stage: Stage, sources: list[Source], tokens: Tokens, longest: int, gender: GenderLoss | None = None) -> None:
        super().__init__()
        self.stage, self.tokens, self.longest, self.gender = stage, tokens, longest, gender
        self.scorers: dict[str, CiderD] = {}
        self.sizes: dict[str, float] = {}  # root mean square of each corpus's advantages, a moving average
        for source in sources:
            texts = [source.references(row) for row in range(len(source))]
            self.scorers[source.corpus] = CiderD([[[*split_words(text), END] for text in members] for members in texts])

    def get_extra_state(self) -> dict[str, float]:
        """What a resumed run needs beside parameters; `state_dict` asks for it."""
        return self.sizes

    def set_extra_state(self, state: dict[str, float]) -> None:
        self.sizes = state

    def reward(self, picture: Picture, is_mirrored: bool, caption: list[int]) -> float:
        text = self.tokens.decode(caption)
        words = split_words(mirror_words(text) if is_mirrored else text)
        if caption and caption[-1] == self.tokens.end:
            words.append(END)
        return self.scorers[picture.source.corpus].score(picture.row, words)

    def advantages(self, rewards: Tensor, batch: Batch) -> Tensor:
        """[pictures, samples], each corpus's divided by their usual size."""
        k = rewards.shape[1]
        advantage = rewards - (rewards.sum(1, keepdim=True) - rewards) / (k - 1)
        for corpus in self.scorers:
            rows = torch.tensor([p.source.corpus == corpus for p in batch.pictures])
            if bool(rows.any()):
                size = float(advantage[rows].square().mean().sqrt())
                self.sizes[corpus] = 0.95 * self.sizes.get(corpus, size) + 0.05 * size
                advantage[rows] /= self.sizes[corpus] + 1e-6
        return advantage

    def loss(self, captioner: Captioner, batch: Batch) -> Tensor:
        k = self.stage.captions
        memory = captioner.decoder.remember(captioner.encoder.pool(batch.features(captioner.encoder)))
        captioner.eval()
        drawn = sample(captioner.decoder, memory, self.tokens, k, self.longest, self.stage.temperature)  # [pictures · k, 1 + T]
        captioner.train()
        targets = drawn[:, 1:]
        is_word = targets != self.tokens.pad
        lengths = is_word.sum(1).tolist()
        rewards = torch.tensor(
            [
                self.reward(batch.pictures[row // k], batch.mirrored[row // k], targets[row, :length].tolist())
                for row, length in enumerate(lengths)
            ]
        ).view(-1, k)
        logits, _ = captioner.decoder(memory, drawn[:, :-1], is_word)  # [words, V]
        surprise = F.cross_entropy(logits / self.stage.temperature, targets[is_word], reduction="none")
        self.shown = float(rewards.mean())
        loss = (self.advantages(rewards, batch).flatten()[is_word.nonzero()[:, 0]] * surprise).mean()
        if self.stage.likelihood:
            loss = loss + self.stage.likelihood * self.cross_entropy(captioner, memory, batch)
        if self.gender is not None:
            loss = loss + self.stage.gender * self.gender(captioner.decoder, memory, batch)
        return loss

    def cross_entropy(self, captioner: Captioner, memory: Named, batch: Batch) -> Tensor:
        """Cross-entropy of one caption of each picture that people wrote: it holds the captioner to their language (Paulus et al. 2018)."""
        inputs, targets, is_word = pad(draw_captions(batch, 1, self.tokens, self.longest), self.tokens)
        logits, _ = captioner.decoder(memory, inputs, is_word)
        return F.cross_entropy(logits, targets[is_word], label_smoothing=self.stage.label_smoothing)
