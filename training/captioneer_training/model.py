"""A captioner as it is trained: an encoder, a decoder and their tokenizer, saved and loaded as one checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from .config import Config
from .decode import beam_search
from .decoders import create_decoder
from .decoders.decoder import Decoder
from .encoders import FOLDED, create_encoder
from .encoders.encoder import Encoder
from .files import whole_file
from .text import Tokens
from .tokens import restore_tokens


class Captioner(nn.Module):
    """uint8 pictures [B, H, W, 3] → captions."""

    def __init__(self, encoder_name: str, decoder_settings: dict[str, Any], tokens: Tokens) -> None:
        super().__init__()
        self.encoder_name = encoder_name
        self.encoder: Encoder = create_encoder(encoder_name)
        self.decoder_settings = decoder_settings
        settings = {"feature_width": self.encoder.width, "regions": self.encoder.regions, **decoder_settings}
        self.decoder: Decoder = create_decoder(settings.pop("type"), {"vocabulary": len(tokens), **settings})
        self.tokens = tokens
        self.encoder.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def folded(self) -> Captioner:
        """Itself, its encoder's batch norms folded into the convolutions: the form that is exported."""
        folded = self.encoder.folded()
        if folded is not self.encoder:
            self.encoder, self.encoder_name = folded, self.encoder_name + FOLDED
        return self

    @torch.inference_mode()
    def caption(self, images: Tensor, config: Config) -> list[str]:
        self.eval()
        memory = self.decoder.remember(self.encoder(self.encoder.pixel_values(images)))
        found = beam_search(self.decoder, memory, self.tokens, config.beams, config.length_penalty, config.longest)
        return [self.tokens.decode(ids) for ids in found]

    def save(self, path: Path, **extra: Any) -> None:
        """Writes a checkpoint; a kill or a full disk leaves the old one whole."""
        state = {
            "encoder": self.encoder_name,
            "decoder": self.decoder_settings,
            "tokens": (self.tokens.type, self.tokens.state()),
            "weights": self.state_dict(),
            **extra,
        }
        with whole_file(path) as file:
            torch.save(state, file)


def new_captioner(config: Config, tokens: Tokens) -> Captioner:
    """A captioner of the shape that a configuration says, with random weights."""
    return Captioner(config.encoder, config.decoder, tokens)


def load_captioner(path: Path) -> tuple[Captioner, dict[str, Any]]:
    """Reads a checkpoint: the model, and whatever else was saved with it."""
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no such checkpoint. Run the stage that makes it first.")
    state = torch.load(path, map_location="cpu", weights_only=True)
    captioner = Captioner(state["encoder"], state["decoder"], restore_tokens(*state["tokens"]))
    captioner.load_state_dict(state["weights"])
    return captioner, state
