"""What it is to be refused by `captioneer-export`."""

from __future__ import annotations

import re
from pathlib import Path


def assert_refused(said: str, checkpoint: Path, message: str, out: Path) -> None:
    """One sentence that names the checkpoint and matches `message`, and no model folder."""
    assert said.startswith(f"captioneer-export: {checkpoint}: expected ")
    assert len(said.strip().splitlines()) == 1
    assert re.search(message, said), said
    assert not out.exists()
