"""The training loop of every stage, whatever its objective, on cached features or end to end."""

from __future__ import annotations

import json
import math
import random
import time
from bisect import bisect_right
from collections.abc import Sequence
from copy import deepcopy
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from .batches import Batch, Picture, augment, shuffled, weighed
from .config import Config, ConfigError, Stage
from .devices import autocast, chance, place, set_chance
from .dropout import PooledDropout
from .encoders import FROM_SCRATCH, create_encoder, load_pretrained
from .features import cache_features
from .gender import rows_by_name
from .model import Captioner, load_captioner, new_captioner
from .objectives import Teachers, create_objective
from .progress import Progress
from .sources import Source, in_batches, open_sources
from .tokens import build_tokens, load_tokens

SAVE_SECONDS = 300.0
"""Between two checkpoints within an epoch."""


class TrainingError(Exception):
    """Training cannot go on; the message says why and what to do."""


def start_captioner(config: Config, sources: list[Source]) -> Captioner:
    """A captioner before its first stage."""
    return new_captioner(config, build_tokens(config, (text for source in sources for text in source.texts())))


def import_captioner(config: Config, folder: Path) -> Captioner:
    """The captioner that a model folder holds, its 8-bit weights read back as floats."""
    from .graph_weights import read_weights  # onnx is needed for this step alone

    captioner = new_captioner(config, load_tokens(config.tokens, folder / "tokenizer.json")).folded()
    try:
        captioner.load_state_dict(read_weights(folder))
    except RuntimeError as error:
        raise TrainingError(f"{folder}: its graphs are not of the shape that the configuration says: {error}") from error
    return captioner


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


def evaluate(captioner: Captioner, sources: list[Source], config: Config, pictures: int | None = None) -> dict[str, dict[str, float]]:
    """Scores of beam search on dev splits; `pictures`: only the first so many of each."""
    result: dict[str, dict[str, float]] = {}
    for source in sources:
        captions = [caption for images in in_batches(source, 50, pictures) for caption in captioner.caption(images, config)]
        result[source.corpus] = source.score(captions)
    return result


def encoder_groups(encoder: nn.Module, learning_rate: float, is_relative: bool) -> list[dict[str, Any]]:
    """Each tensor's rate is relative to its root mean square (as in Adafactor, Shazeer and Stern 2018).

    Folding the batch norms leaves neighbouring layers with weights tenfold apart; one absolute rate would shake the
    small ones and leave the large ones where they are. A network with live batch norms does not have that trouble.
    """
    learning = [p for p in encoder.parameters() if p.requires_grad]
    if not is_relative:
        return [{"params": learning, "lr": learning_rate}]
    return [{"params": [p], "lr": learning_rate * float(p.detach().square().mean().sqrt())} for p in learning]


class Run:
    """One stage from its start, or from its last checkpoint, to its end."""

    def __init__(
        self,
        config: Config,
        stage: Stage,
        captioner: Captioner,
        sources: list[Source],
        work: Path,
        teachers: Teachers = None,
    ) -> None:
        self.config, self.stage, self.work, self.captioner = config, stage, work, captioner
        self.checkpoint = work / config.name / f"{stage.name}.last.pt"
        self.result = work / config.name / f"{stage.name}.pt"
        self.result.parent.mkdir(parents=True, exist_ok=True)
        self.sources = sources
        self.starts = [0, *accumulate(map(len, sources))]  # the first row of each, counted over all, and the number of all
        self.dev_sources = open_sources(config.corpora, "dev", work)
        set_dropout(captioner, stage)
        cache = work / config.name / "features"
        self.objective = create_objective(config, stage, captioner, self.sources, teachers, cache)
        network = captioner.encoder.network()
        self.cached: dict[str, np.ndarray] | None = None
        if stage.features == "end-to-end":
            if stage.frozen_blocks >= 0:
                captioner.encoder.freeze(stage.frozen_blocks)
        else:
            network.requires_grad_(False)
            self.cached = {s.corpus: cache_features(captioner, s, cache, 2 if stage.mirror else 1) for s in self.sources}
        inside = {id(p) for p in network.parameters()}
        learned = [*captioner.decoder.parameters(), *self.objective.parameters()]
        if stage.learns_pool or stage.features == "end-to-end":
            learned += [p for p in captioner.encoder.parameters() if id(p) not in inside]
        groups = [{"params": learned, "lr": stage.learning_rate}]
        if stage.features == "end-to-end":
            groups += encoder_groups(network, stage.encoder_learning_rate, stage.encoder_rates == "relative")
        for group in groups:
            group["base"] = group["lr"]
        self.optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=stage.weight_decay, fused=True)
        self.average = deepcopy(captioner) if stage.averaging else captioner
        self.epoch = 0
        self.within: dict[str, Any] | None = None

    def batch(self, rows: list[int], rng: random.Random) -> Batch:
        """`rows` count over all sources, one after another."""
        pictures = [Picture(self.sources[n], row - self.starts[n]) for row in rows for n in [bisect_right(self.starts, row) - 1]]
        mirrored = [self.stage.mirror and rng.random() < 0.5 for _ in pictures]
        if self.cached is not None:
            seen = [self.cached[p.source.corpus][p.row, int(m)] for p, m in zip(pictures, mirrored, strict=True)]
            return Batch(pictures, mirrored, rng, cached=place(np.stack(seen)).float())
        pixels = np.concatenate([p.source.pixels([p.row]) for p in pictures])
        stage = self.stage
        images = augment(pixels, mirrored, (stage.smallest_crop, stage.largest_crop), stage.colour_change, rng, stage.side)
        return Batch(pictures, mirrored, rng, images=images, side=stage.side)

    def resume(self) -> None:
        if not self.checkpoint.is_file():
            return
        _, state = load_captioner(self.checkpoint)
        self.captioner.load_state_dict(state["weights"])
        self.average.load_state_dict(state["average"])
        self.objective.load_state_dict(state["objective"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.epoch, self.within = state["epoch"], state.get("within")
        self.log({"resumed": self.epoch, **({"step": self.within["index"]} if self.within else {})})

    def log(self, record: dict[str, Any]) -> None:
        line = json.dumps({"stage": self.stage.name, "time": time.strftime("%H:%M:%S"), **record})
        with (self.work / self.config.name / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(line + "\n")
        print(line, flush=True)

    def epoch_batches(self, rng: random.Random) -> list[list[int]]:
        """The rows of the epoch's batches, counted over all sources."""
        stage, count = self.stage, self.starts[-1]
        if stage.shares is None:
            return list(shuffled(range(count), stage.pictures, rng, stage.epoch_pictures))
        groups = rows_by_name(self.sources, stage.shares)
        if sorted(stage.shares) != sorted(groups):
            known = ", ".join(source.corpus for source in self.sources)
            raise ConfigError(f"stage {stage.name!r}: shares name {', '.join(stage.shares)}; the corpora are {known}.")
        shares = [stage.shares[name] for name in groups]
        members = [row for rows in groups.values() for row in rows]
        seed = f"{self.config.seed} {stage.name}"
        drawn = weighed([len(rows) for rows in groups.values()], shares, stage.epoch_pictures or count, self.epoch, seed)
        return list(shuffled([members[index] for index in drawn], stage.pictures, rng))

    def train_epoch(self) -> None:
        stage = self.stage
        rng = random.Random(f"{self.config.seed} {stage.name} {self.epoch}")
        torch.manual_seed(rng.getrandbits(32))
        batches = self.epoch_batches(rng)
        first, running = self.return_to(rng)
        total = stage.epochs * len(batches)
        self.captioner.train()
        self.objective.train()
        started = saved = time.monotonic()
        progress = Progress(f"{self.config.name} {stage.name}, epoch {self.epoch + 1} of {stage.epochs}, step", len(batches), first)
        for index, rows in enumerate(batches[first:], first):
            step = self.epoch * len(batches) + index
            shown = self.learn(self.batch(rows, rng), step, total)
            running = shown if index == 0 else 0.98 * running + 0.02 * shown
            progress.at(index + 1, f"{self.objective.curve} {running:.3f}")
            if index % 50 == 49:
                place = {"epoch": self.epoch + 1, "step": step + 1, "of": total}
                self.log({**place, self.objective.curve: round(running, 4), "seconds": round(time.monotonic() - started)})
            if time.monotonic() - saved > SAVE_SECONDS and index + 1 < len(batches):
                self.save({"index": index + 1, "rng": rng.getstate(), "torch": chance(), "running": running})
                saved = time.monotonic()
        self.epoch += 1

    def return_to(self, rng: random.Random) -> tuple[int, float]:
        """The epoch's first batch and what the log showed before it; generators of chance are set as they were there."""
        if self.within is None:
            return 0, 0.0
        within, self.within = self.within, None
        rng.setstate(within["rng"])
        set_chance(within["torch"])
        return within["index"], within["running"]

    def learn(self, batch: Batch, step: int, total: int) -> float:
        """One step of the optimizer; what the log shows of it."""
        stage = self.stage
        with autocast(stage.precision):
            loss = self.objective.loss(self.captioner, batch)
        if not math.isfinite(loss.item()):
            raise TrainingError(f"step {step}: the loss is {loss.item()}. Lower the learning rate and resume from the last epoch.")
        for group in self.optimizer.param_groups:
            group["lr"] = group["base"] * schedule(step, total, stage.warmup)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_([p for group in self.optimizer.param_groups for p in group["params"]], 1.0)
        self.optimizer.step()
        self.update_average(step)
        return loss.item() if self.objective.shown is None else self.objective.shown

    def update_average(self, step: int) -> None:
        if self.average is self.captioner:
            return
        decay = min(self.stage.averaging, (step + 1) / (step + 10))
        with torch.no_grad():
            for mean, weight in zip(self.average.parameters(), self.captioner.parameters(), strict=True):
                if weight.requires_grad:
                    mean.lerp_(weight, 1 - decay)
            for kept, statistic in zip(self.average.buffers(), self.captioner.buffers(), strict=True):
                kept.copy_(statistic)  # the batch norms' statistics, themselves averages

    def save(self, within: dict[str, Any] | None = None) -> None:
        """`within`: where the run stands in its epoch; None: between two."""
        self.captioner.save(
            self.checkpoint,
            optimizer=self.optimizer.state_dict(),
            average=self.average.state_dict(),
            objective=self.objective.state_dict(),
            epoch=self.epoch,
            within=within,
        )

    def measure(self) -> dict[str, dict[str, float]]:
        scores = self.objective.evaluate(self.average, self.dev_sources, self.stage.dev_pictures)
        return evaluate(self.average, self.dev_sources, self.config, self.stage.dev_pictures) if scores is None else scores

    def go(self, epochs: int | None = None) -> None:
        """Trains to the end of the stage, or for the first `epochs` of it."""
        self.resume()
        while self.epoch < min(self.stage.epochs, self.stage.epochs if epochs is None else epochs):
            self.train_epoch()
            self.save()
            dev = {corpus: {k: round(v, 4) for k, v in scores.items()} for corpus, scores in self.measure().items()}
            self.log({"epoch": self.epoch, "dev": dev})
        self.average.save(self.result)


def load_teachers(config: Config, stage: Stage, paths: Sequence[Path]) -> Teachers:
    """Captioners, or the encoder that the configuration names."""
    if not paths:
        return None
    if stage.objective in ("imitation", "grounding"):
        return [load_captioner(path)[0] for path in paths]
    if config.teacher is None:
        return None
    if len(paths) > 1:
        raise TrainingError(f"{stage.objective} learns from one teacher, and --teacher names {len(paths)}.")
    teacher = create_encoder(config.teacher)
    load_pretrained(teacher, *paths)
    return teacher.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def run_stage(
    config: Config, name: str, work: Path, weights: Sequence[Path] = (), epochs: int | None = None, teachers: Sequence[Path] = ()
) -> None:
    """Trains one stage; a killed run goes on from its last epoch when it is started again.

    `weights`: of the encoder's network, or networks, instead of those that the stage before ended with.
    """
    torch.manual_seed(config.seed)
    stage, before = config.stage(name)
    if before is None and not weights and config.encoder not in FROM_SCRATCH:
        raise TrainingError(
            "the first stage starts from trained weights of its encoder: give --weights PATH (training/README.md says where from)."
        )
    sources = open_sources(config.corpora, "train", work)
    if before is None:
        captioner = start_captioner(config, sources)
    else:
        captioner, _ = load_captioner(work / config.name / f"{before}.pt")
    if weights:
        load_pretrained(captioner.encoder, *weights)
    Run(config, stage, captioner, sources, work, load_teachers(config, stage, teachers)).go(epochs)
