"""Objectives by name."""

from __future__ import annotations

from pathlib import Path

from ..config import Config, ConfigError, Stage
from ..encoders.encoder import Encoder
from ..gender import GenderLoss
from ..model import Captioner
from ..sources import Source
from .contrastive import Contrastive
from .cross_entropy import CrossEntropy, Language
from .distillation import Distillation
from .grounding import Grounding
from .imitation import Imitation
from .objective import Objective
from .self_critical import SelfCritical

Teachers = Encoder | list[Captioner] | None
"""Whom a stage learns from: an encoder to see as, captioners to speak as, or nobody."""


def create_objective(
    config: Config, stage: Stage, captioner: Captioner, sources: list[Source], teachers: Teachers, cache: Path
) -> Objective:
    """`cache`: the folder for features of pictures that stay as they are."""
    gender = GenderLoss(captioner.tokens, sources) if stage.gender else None
    if gender is not None and stage.objective not in ("cross-entropy", "self-critical"):
        raise ConfigError(f"stage {stage.name!r}: gender counts beside cross-entropy and self-critical training, not {stage.objective}.")
    match stage.objective:
        case "cross-entropy":
            return CrossEntropy(stage, config.maximum_words, gender)
        case "grounding":
            imitation = Imitation(stage, teachers, captioner, sources, cache, config.maximum_words) if isinstance(teachers, list) else None
            return Grounding(stage, captioner, config.maximum_words, imitation)
        case "language":
            return Language(stage, config.maximum_words)
        case "self-critical":
            return SelfCritical(stage, sources, captioner.tokens, config.longest, gender)
        case "contrastive":
            return Contrastive(captioner, config.maximum_words)
        case "distillation":
            if not isinstance(teachers, Encoder):
                raise ConfigError("distillation learns from an encoder: name it in the configuration and give --teacher PATH.")
            return Distillation(captioner, teachers, stage.side)
        case "imitation":
            if not isinstance(teachers, list):
                raise ConfigError("imitation learns from captioners: give their checkpoints by --teacher PATH [PATH ...].")
            return Imitation(stage, teachers, captioner, sources, cache, config.maximum_words)
    known = "cross-entropy, grounding, language, self-critical, contrastive, distillation, imitation"
    raise ConfigError(f"no objective {stage.objective!r}; known are {known}.")
