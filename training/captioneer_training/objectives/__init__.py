"""Objectives by name."""

from __future__ import annotations

from ..config import Config, ConfigError, Stage
from ..encoders.encoder import Encoder
from ..model import Captioner
from ..sources import Source
from .contrastive import Contrastive
from .cross_entropy import CrossEntropy, Language
from .distillation import Distillation
from .objective import Objective
from .self_critical import SelfCritical


def create_objective(config: Config, stage: Stage, captioner: Captioner, sources: list[Source], teacher: Encoder | None) -> Objective:
    match stage.objective:
        case "cross-entropy":
            return CrossEntropy(stage, config.maximum_words)
        case "language":
            return Language(stage, config.maximum_words)
        case "self-critical":
            return SelfCritical(stage, sources, captioner.tokens, config.longest)
        case "contrastive":
            return Contrastive(captioner, config.maximum_words)
        case "distillation":
            if teacher is None:
                raise ConfigError("distillation learns from a teacher: name its encoder in the configuration and give --teacher PATH.")
            return Distillation(captioner, teacher, stage.side)
    raise ConfigError(f"no objective {stage.objective!r}; known are cross-entropy, language, self-critical, contrastive, distillation.")
