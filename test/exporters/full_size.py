"""Holds the library against references at full public size, with seeded random weights, and writes the table of docs/parity.md.

    python test/exporters/full_size.py [--folder full-size] [part of a row's name …]     (after `npm run build`)

requirements.txt of this folder says what it needs. A row takes a minute or two of two cores, up to 4 GB of memory and 3 GB of disk,
which it gives back. Each row is made, exported by captioneer-export (or written in a public layout, which needs no export), and run by
the built library (bench/full-size.mjs). What was found is kept in full-size.json beside this file, so that rows may be made one by
one; test/parity/table.test.ts writes the table of all that there are. Times and memory are printed.

A row is added in the `full()` of its kind's module, and a module in `KINDS` here and in make.py.
"""

from __future__ import annotations

# isort: off
from paths import ROOT

# isort: on
import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bert_captioners
import clipcap
import florence_2
import inception_lstm
import show_attend_tell
import torch
import vision_encoder_decoder
from reference import Reference, noise_picture, write

STEPS = 8
KEPT = Path(__file__).with_name("full-size.json")
PARITY = ("megabytes", "pixels", "features", "logits", "largestLogit", "searches")
"""What is kept of a row."""
KINDS = (vision_encoder_decoder, florence_2, bert_captioners, clipcap, inception_lstm, show_attend_tell)
"""Each module's `full()` gives, by the names of rows, what makes their references."""
TWO_FILES = "ViT-B/16, GPT-2"
"""The row whose checkpoint is also run in the public two-file layout, and in which kinds of weights."""
DTYPES = ("fp32", "fp16", "q8")


def megabytes(folder: Path, *patterns: str) -> float:
    return sum(path.stat().st_size for pattern in patterns for path in folder.glob(pattern)) / 1e6


def run_library(recorded: Path, model: Path, *dtype: str) -> dict[str, Any]:
    command = ["node", str(ROOT / "bench" / "full-size.mjs"), str(recorded), str(model), *dtype]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def run_row(make: Callable[[], Reference], folder: Path) -> dict[str, dict[str, Any]]:
    reference = make()
    name, is_exported = reference.name, reference.command != []
    command = write(reference, folder, noise_picture(), STEPS)
    del reference  # a gigabyte
    model = folder / "model" if is_exported else folder / "checkpoint"
    if is_exported:
        subprocess.run([sys.executable, "-m", "captioneer_training.exporters", *command], check=True, cwd=ROOT / "training")
    result = run_library(folder / "recorded.json", model)
    return {name: {"megabytes": megabytes(model, "*.onnx", "*.onnx_data", "onnx/*.onnx", "onnx/*.onnx_data"), **result}}


def run_two_files(folder: Path) -> dict[str, dict[str, Any]]:
    """The same checkpoint as the public exporter writes it."""
    from checkpoints import GRAPHS, SUFFIXES, export_folder, quantise

    export_folder(folder / "checkpoint", folder / "two-files")
    quantise(folder / "two-files", [dtype for dtype in DTYPES if dtype != "fp32"])
    results = {}
    for dtype in DTYPES:
        graphs = (f"{graph}{SUFFIXES.get(dtype, '')}.onnx*" for graph in GRAPHS)
        size = megabytes(folder / "two-files" / "onnx", *graphs)
        result = run_library(folder / "recorded.json", folder / "two-files", dtype)
        results[f"{TWO_FILES}, two files, `{dtype}`"] = {"megabytes": size, **result}
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="parts of the names of rows (default: all)")
    parser.add_argument("--folder", type=Path, default=Path("full-size"))
    arguments = parser.parse_args()
    folder: Path = arguments.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    results: dict[str, dict[str, Any]] = json.loads(KEPT.read_text(encoding="utf-8"))
    makers = {name: make for kind in KINDS for name, make in kind.full().items()}
    order = [row for name in makers for row in (name, *(f"{name}, two files, `{d}`" for d in DTYPES if name == TWO_FILES))]
    for name, make in makers.items():
        if arguments.names and not any(part in name for part in arguments.names):
            continue
        work = folder / "row"
        shutil.rmtree(work, ignore_errors=True)
        with torch.no_grad():
            found = run_row(make, work)
        found |= run_two_files(work) if name == TWO_FILES else {}
        shutil.rmtree(work)
        print(json.dumps(found, indent=2))
        results |= {row: {field: values[field] for field in PARITY} for row, values in found.items()}
        kept = {row: results[row] for row in order if row in results}
        KEPT.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    subprocess.run(["npx", "prettier", "--write", str(KEPT)], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    subprocess.run(["npx", "vitest", "run", "test/parity/table.test.ts", "-u"], check=True, cwd=ROOT)


if __name__ == "__main__":
    main()
