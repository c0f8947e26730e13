"""Makes a Florence-2 of base size, random weights, in the published layout that bench/florence-2.mjs times.

    python bench/full/make_florence_2.py <folder>

florence-2/   the checkpoint: graphs in fp32, `_quantized` (dynamic 8-bit) and `_q4`, and what @huggingface/transformers reads beside
picture.bin   640×480 RGB

Needs what test/exporters/requirements.txt lists. What is there already is not made again. About 2 GB of disk.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "test" / "exporters"))

# isort: off
import paths  # noqa: E402, F401  (finds the next ones)

# isort: on
from checkpoints import SUFFIXES, convert  # noqa: E402
from florence_2 import FULL_SIDE, GRAPHS, build_base, full_tokenizer, processor_of, save_base  # noqa: E402
from reference import noise_picture  # noqa: E402

DTYPES = ("q8", "q4")


def main() -> None:
    folder = Path(sys.argv[1])
    target = folder / "florence-2"
    target.mkdir(parents=True, exist_ok=True)
    if not (target / "config.json").exists():
        processor = processor_of(full_tokenizer(), FULL_SIDE)
        torch.set_num_threads(2)
        save_base(build_base(processor), processor, target)
        # What the peer reads beside the files of every checkpoint.
        (target / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BartTokenizer"}), encoding="utf-8")
        path = target / "preprocessor_config.json"
        settings = json.loads(path.read_text(encoding="utf-8")) | {"processor_class": "Florence2Processor"}
        path.write_text(json.dumps(settings), encoding="utf-8")
    for graph in GRAPHS:
        source = target / "onnx" / f"{graph}.onnx"
        for dtype in DTYPES:
            written = source.with_name(f"{graph}{SUFFIXES[dtype]}.onnx")
            if not written.exists():
                convert(source, written, dtype)
    (folder / "picture.bin").write_bytes(noise_picture().tobytes())


if __name__ == "__main__":
    main()
