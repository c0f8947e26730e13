"""Objectives by name."""

from __future__ import annotations

from ..batches import Picture
from ..config import ConfigError, Stage
from ..encoders.encoder import Encoder
from ..model import Captioner
from .contrastive import Contrastive
from .cross_entropy import CrossEntropy, Language
from .distillation import Distillation
from .objective import Objective
from .self_critical import SelfCritical


def create_objective(stage: Stage, captioner: Captioner, pictures: list[Picture], teacher: Encoder | None) -> Objective:
    match stage.objective:
        case "cross-entropy":
            return CrossEntropy(stage)
        case "language":
            return Language(stage)
        case "self-critical":
            return SelfCritical(stage, pictures, captioner.tokens)
        case "contrastive":
            return Contrastive(stage, captioner)
        case "distillation":
            if teacher is None:
                raise ConfigError("distillation learns from a teacher: name its encoder in the configuration and give --teacher PATH.")
            return Distillation(captioner, teacher)
    raise ConfigError(f"no objective {stage.objective!r}; known are cross-entropy, language, self-critical, contrastive, distillation.")
