"""Makes the small recordings and exported models that the tests load.

    python test/exporters/make.py [name …]

reference.py says what it needs. Results are committed; run this again only to change them. For each row:

    fixtures/<name>/recorded.json    the checkpoint's description and what its reference makes of a picture
    fixtures/<name>/model/…          the exported model folder, graphs compressed; for one row a kind
"""

from __future__ import annotations

# isort: off
from paths import ROOT

# isort: on
import gzip
import json
import shutil
import sys
import tempfile
from pathlib import Path

import bert_captioners
import clipcap
import numpy as np
import torch
import vision_encoder_decoder
from captioneer_training.exporters import clip_towers
from captioneer_training.exporters.__main__ import main as export
from reference import Reference, write

FIXTURES = Path(__file__).parent / "fixtures"
STEPS = 10
KINDS = (bert_captioners.small, bert_captioners.small_git, clipcap.small, vision_encoder_decoder.small)
"""Each gives references; the exported model of the first of them is kept."""


def picture() -> np.ndarray:
    """`noise-tall` of the tests of pixels, [height, width, 3]."""
    folder = ROOT / "test" / "fixtures" / "pixels"
    entry = next(e for e in json.loads((folder / "index.json").read_text())["images"] if e["name"] == "noise-tall")
    data = np.frombuffer((folder / "images.bin").read_bytes(), np.uint8, entry["length"], entry["offset"])
    return data.reshape(entry["height"], entry["width"], 3)


def make(reference: Reference, keeps_model: bool) -> None:
    target = FIXTURES / reference.name
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if export(write(reference, folder, picture(), STEPS)) != 0:
            raise SystemExit(f"{reference.name}: not exported")
        shutil.copy(folder / "recorded.json", target)
        for path in (folder / "model").iterdir() if keeps_model else ():
            (target / "model").mkdir(exist_ok=True)
            if path.suffix == ".onnx":
                (target / "model" / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
            else:
                shutil.copy(path, target / "model")


def main() -> None:
    torch.set_num_threads(1)
    clip_towers.HEAD_WIDTH = 8  # of the small checkpoints
    for kind in KINDS:
        for index, reference in enumerate(kind()):
            if len(sys.argv) == 1 or reference.name in sys.argv[1:]:
                make(reference, keeps_model=index == 0)


if __name__ == "__main__":
    main()
