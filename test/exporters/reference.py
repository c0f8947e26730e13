"""What is recorded of a checkpoint: what its reference makes of a picture, to be held against the exported model.

A kind of checkpoint has a module here that gives a `Reference` for each of its rows: small ones, whose recordings and exported
models are committed (make.py), and one of full size (full_size.py). A reference runs the classes of a published package, or
functions written for these tests that share nothing with the exporter but the names of the tensors.

Needs `pip install -r test/exporters/requirements.txt`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from public_checkpoints import write_checkpoint
from torch import Tensor

Named = dict[str, Tensor]
Caption = dict[str, Any]
"""`ids` without start and end, `text`, `isFinished`."""


@dataclass
class Reference:
    """A checkpoint and what its reference makes of pictures."""

    name: str
    """Of its row, and of the folder of its recording."""
    command: list[str]
    """Arguments of captioneer-export: the kind, then files of the checkpoint's folder and options; none of a checkpoint in a public
    layout, which `save` writes."""
    checkpoint: dict[str, Any]
    """As `write_checkpoint` of training/tests/public_checkpoints.py takes it."""
    start: list[int]
    """Tokens that the decoder reads first; none where it begins with a prefix."""
    pixels: Callable[[np.ndarray], Tensor]
    """uint8 [height, width, 3] → pixel values [1, 3, height, width]."""
    memory: Callable[[Tensor], Named]
    """pixel values → what the exported encoder gives, or some of it, by its names."""
    logits: Callable[[Tensor, list[int]], Tensor]
    """pixel values, ids after the start → logits [vocabulary] of the next token."""
    searches: Callable[[Tensor, int], list[tuple[dict[str, Any], list[Caption]]]]
    """pixel values, longest caption → for options of the library what the reference finds, best first."""
    greedy: Callable[[np.ndarray, int], list[int]] | None = None
    """picture, words → a caption of so many by greedy search in PyTorch, each word read once; for benchmarks."""
    attention: Callable[[Tensor, list[int]], Tensor] | None = None
    """pixel values, ids after the start → the attention to the picture's cells while start and ids were read, [tokens, cells]."""
    save: Callable[[Path], None] | None = None
    """Writes files into the checkpoint's folder that a description cannot tell."""


@torch.no_grad()
def greedy(first: Tensor, read: Callable[[int], Tensor], ends: list[int], words: int) -> list[int]:
    """`first`: logits [vocabulary] of the first word; `read`: takes a word in and gives those of the next."""
    logits, ids = first, list[int]()
    while True:
        logits[ends] = -torch.inf
        ids.append(int(logits.argmax()))
        if len(ids) == words:
            return ids
        logits = read(ids[-1])


def noise_picture() -> np.ndarray:
    """What checkpoints of full size are shown: uint8 [480, 640, 3]."""
    return np.random.RandomState(0).randint(0, 256, (480, 640, 3)).astype(np.uint8)


def floats(values: Tensor) -> dict[str, Any]:
    """Dimensions, and little-endian float32 as base64."""
    array = values.detach().numpy().astype("<f4")
    return {"dims": list(array.shape), "values": base64.b64encode(array.tobytes()).decode()}


@torch.no_grad()
def record(reference: Reference, picture: np.ndarray, steps: int) -> dict[str, Any]:
    pixels = reference.pixels(picture)
    ids: list[int] = []
    logits = []
    for _ in range(steps):
        logits.append(reference.logits(pixels, ids))
        ids.append(int(logits[-1].argmax()))
    read = [[token] for token in ids[:-1]]
    return {
        "picture": {
            "width": picture.shape[1],
            "height": picture.shape[0],
            "data": base64.b64encode(picture.tobytes()).decode(),
        },
        "pixelValues": floats(pixels),
        "memory": {name: floats(values) for name, values in reference.memory(pixels).items()},
        "read": [*([[token] for token in reference.start] or [[]]), *read],
        "logits": floats(torch.stack(logits)),
        **({} if reference.attention is None else {"attention": floats(reference.attention(pixels, ids[:-1]))}),
        "searches": [{"options": options, "captions": found} for options, found in reference.searches(pixels, steps)],
    }


def write(reference: Reference, folder: Path, picture: np.ndarray, steps: int) -> list[str]:
    """Writes `checkpoint/` and `recorded.json`; gives the arguments of captioneer-export that write `model/`, if it needs an export."""
    write_checkpoint(folder / "checkpoint", reference.checkpoint)
    if reference.save is not None:
        reference.save(folder / "checkpoint")
    recorded = {"torch": torch.__version__, "command": reference.command, "checkpoint": reference.checkpoint}
    recorded |= record(reference, picture, steps)
    (folder / "recorded.json").write_text(json.dumps(recorded, separators=(",", ":")) + "\n", encoding="utf-8")
    return export_command(reference.command, folder / "checkpoint", folder / "model")


def export_command(command: list[str], checkpoint: Path, out: Path) -> list[str]:
    """The same arguments, files by their paths, and where the model goes."""
    if not command:
        return []
    kind, *others = command
    paths = [other if other.startswith("--") else str(checkpoint / other) for other in others]
    return [kind, paths[0], str(out), *paths[1:]]
