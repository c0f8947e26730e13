"""What is written into a model folder's captioneer.json after it was exported and measured."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .files import whole_file


def add_quality(path: Path, corpus: str, scores: Mapping[str, float]) -> None:
    """What was measured on `corpus`, in the place of what was measured on it before."""
    _update(path, lambda manifest: {"quality": manifest.get("quality", {}) | {corpus: {k: round(v, 6) for k, v in scores.items()}}})


def set_calibration(path: Path, calibration: Mapping[str, Any]) -> None:
    _update(path, lambda _: {"calibration": calibration})


def _update(path: Path, fields: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    manifest = json.loads(path.read_text(encoding="utf-8"))
    text = json.dumps(manifest | fields(manifest), indent=2, ensure_ascii=False) + "\n"
    with whole_file(path) as file:
        file.write(text.encode())
