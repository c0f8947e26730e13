"""A captioner as it is trained: an encoder, a decoder and their vocabulary, saved and loaded as one checkpoint."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from .decode import beam_search
from .decoders.transformer import TransformerConfig, TransformerDecoder
from .encoders.efficientnet_lite import MEAN, STD, EfficientNetLite
from .text import Vocabulary


class Captioner(nn.Module):
    """uint8 pictures [B, H, W, 3] → captions."""

    def __init__(self, encoder_name: str, encoder: EfficientNetLite, config: TransformerConfig, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.encoder_name = encoder_name
        self.encoder = encoder
        self.decoder = TransformerDecoder(config)
        self.vocabulary = vocabulary
        self.last_reward: float | None = None

    def features(self, images: Tensor) -> Tensor:
        """uint8 or float [B, H, W, 3] on 0 … 255 → region features [B, regions, feature width]."""
        pixels = images.permute(0, 3, 1, 2).float().div(255.0).sub(MEAN).div(STD)  # channels-last in memory
        return self.encoder(pixels)

    @torch.inference_mode()
    def caption(self, features: Tensor, beams: int = 3, penalty: float = 0.7) -> list[str]:
        self.eval()
        memory = self.decoder.remember(features)
        return [self.vocabulary.decode(ids) for ids in beam_search(self.decoder, memory, self.vocabulary, beams, penalty)]

    def save(self, path: Path, **extra: Any) -> None:
        """Writes a checkpoint beside its place and then moves it there, so that a kill leaves the old one whole."""
        state = {
            "encoder_name": self.encoder_name,
            "config": asdict(self.decoder.config),
            "words": list(self.vocabulary.words),
            "weights": self.state_dict(),
            **extra,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(path)


def load_captioner(path: Path) -> tuple[Captioner, dict[str, Any]]:
    """Reads a checkpoint: the model, and whatever else was saved with it."""
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such checkpoint. Run the stage that makes it first.")
    state = torch.load(path, map_location="cpu", weights_only=True)
    encoder = EfficientNetLite(state["encoder_name"])
    config = TransformerConfig(**state["config"])
    captioner = Captioner(state["encoder_name"], encoder, config, Vocabulary(tuple(state["words"])))
    captioner.load_state_dict(state["weights"])
    captioner.encoder.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    return captioner, state
