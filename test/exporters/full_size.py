"""Holds the library against references at full public size, with seeded random weights, and prints the table of the guide.

    python test/exporters/full_size.py [--folder full-size] [part of a row's name …]     (after `npm run build`)

requirements.txt of this folder says what it needs. A row takes a minute or two of two
cores, up to 4 GB of memory and 3 GB of disk, which it gives back. Each row is made, exported by captioneer-export, and run by the
built library (bench/full-size.mjs). Results, with times and memory, are kept in the folder's results.json, so that rows may be
made one by one; the table of all that there are goes into docs/guides/export.md.

A row is added in the `full()` of its kind's module, and a module in `KINDS` here and in make.py.
"""

from __future__ import annotations

# isort: off
from paths import ROOT

# isort: on
import argparse
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bert_captioners
import clipcap
import inception_lstm
import show_attend_tell
import torch
import vision_encoder_decoder
from reference import Reference, noise_picture, write

STEPS = 8
GUIDE = ROOT / "docs" / "guides" / "export.md"
KINDS = (vision_encoder_decoder, bert_captioners, clipcap, inception_lstm, show_attend_tell)
"""Each module's `full()` gives, by the names of rows, what makes their references."""
TWO_FILES = "ViT-B/16, GPT-2"
"""The row whose checkpoint is also run in the public two-file layout, and in which kinds of weights."""
DTYPES = ("fp32", "fp16", "q8")


def megabytes(folder: Path, *patterns: str) -> float:
    return sum(path.stat().st_size for pattern in patterns for path in folder.glob(pattern)) / 1e6


def run_library(recorded: Path, model: Path, *dtype: str) -> dict[str, Any]:
    command = ["node", str(ROOT / "bench" / "full-size.mjs"), str(recorded), str(model), *dtype]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def run_exported(make: Callable[[], Reference], folder: Path) -> dict[str, dict[str, Any]]:
    reference = make()
    name = reference.name
    command = write(reference, folder, noise_picture(), STEPS)
    del reference  # a gigabyte
    subprocess.run([sys.executable, "-m", "captioneer_training.exporters", *command], check=True, cwd=ROOT / "training")
    result = run_library(folder / "recorded.json", folder / "model")
    return {name: {"megabytes": megabytes(folder / "model", "*.onnx", "*.onnx_data"), **result}}


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


def table(results: dict[str, dict[str, Any]]) -> str:
    rows = [("checkpoint", "MB", "features", "logits", "greedy", "beams"), ("---", "---:", "---:", "---:", "---", "---")]
    for name, found in results.items():
        greedy, *beams = ("same" if search["isSame"] else "**differ**" for search in found["searches"])
        logits = f"{found['logits']:.1e} of {found['largestLogit']:.0f}"
        rows.append((name, f"{found['megabytes']:.0f}", f"{found['features']:.1e}", logits, greedy, " ".join(beams)))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="parts of the names of rows (default: all)")
    parser.add_argument("--folder", type=Path, default=Path("full-size"))
    arguments = parser.parse_args()
    folder: Path = arguments.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "results.json"
    results: dict[str, dict[str, Any]] = json.loads(kept.read_text()) if kept.exists() else {}
    makers = {name: make for kind in KINDS for name, make in kind.full().items()}
    order = [row for name in makers for row in (name, *(f"{name}, two files, `{d}`" for d in DTYPES if name == TWO_FILES))]
    for name, make in makers.items():
        if arguments.names and not any(part in name for part in arguments.names):
            continue
        work = folder / "row"
        shutil.rmtree(work, ignore_errors=True)
        with torch.no_grad():
            results |= run_exported(make, work)
        kept.write_text(json.dumps(results, indent=2))
        if name == TWO_FILES:
            results |= run_two_files(work)
            kept.write_text(json.dumps(results, indent=2))
        shutil.rmtree(work)
    printed = table({name: results[name] for name in order if name in results})
    print(printed)
    mark = "<!-- full size -->"
    text = re.sub(f"{mark}.*{mark}", f"{mark}\n\n{printed}\n\n{mark}", GUIDE.read_text(encoding="utf-8"), flags=re.DOTALL)
    GUIDE.write_text(text, encoding="utf-8")
    subprocess.run(["npx", "prettier", "--write", str(GUIDE)], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
