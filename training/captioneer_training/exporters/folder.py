"""A checkpoint's folder as `save_pretrained` of the transformers library writes it, on disk or on the Hugging Face hub."""

from __future__ import annotations

import re
from pathlib import Path

from ..config import ConfigError
from .settings import Settings

HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
WEIGHTS = ("model.safetensors", "pytorch_model.bin")
"""The second is fetched if the first is not there."""


def find_folder(checkpoint: Path) -> Path:
    """The folder given or, if there is none and it has the form of a hub id (`owner/name`), one with the downloaded files."""
    if checkpoint.is_dir():
        return checkpoint
    if not checkpoint.exists() and HUB_ID.fullmatch(checkpoint.as_posix()):
        return download(checkpoint.as_posix())
    found = "a file" if checkpoint.exists() else "none"
    raise ConfigError(f"{checkpoint}: expected a folder with config.json and the weights, or a hub id (owner/name), found {found}.")


def download(hub_id: str) -> Path:
    """Fetches configurations, tokenizer and weights into the cache of the Hugging Face tools."""
    from huggingface_hub import snapshot_download

    try:
        folder = Path(snapshot_download(hub_id, allow_patterns=["*.json", "vocab.txt", WEIGHTS[0]]))
        if not (folder / WEIGHTS[0]).is_file():
            folder = Path(snapshot_download(hub_id, allow_patterns=["*.json", "vocab.txt", WEIGHTS[1]]))
    except Exception as error:  # the library has many
        reason = str(error).strip().split("\n")[0][:160].rstrip(".") or type(error).__name__
        raise ConfigError(
            f"{hub_id}: expected a folder of that name, or a checkpoint on the hub, found neither ({reason}). "
            "Check the name and the network."
        ) from error
    return folder


def find_weights(folder: Path) -> Path:
    found = next((folder / name for name in WEIGHTS if (folder / name).is_file()), None)
    if found is None:
        raise ConfigError(f"{folder}: expected {' or '.join(WEIGHTS)}, found neither.")
    return found


def read_if_there(path: Path) -> Settings | None:
    return Settings.read(path) if path.is_file() else None


def check_architecture(config: Settings, name: str) -> None:
    """Other architectures have the same `model_type`, and other graphs."""
    if config.has("architectures") and name not in config.get("architectures", list):
        raise config.error("architectures", f'["{name}"]')


def check_side(folder: Path, image: dict[str, int], side: int, field: str) -> None:
    """Pixels of another size would not fit the encoder."""
    if (image["height"], image["width"]) != (side, side):
        expected = f"{side}×{side}, as {field} in config.json says"
        raise ConfigError(
            f"{folder / 'preprocessor_config.json'}: expected pictures of {expected}, found {image['height']}×{image['width']}."
        )
