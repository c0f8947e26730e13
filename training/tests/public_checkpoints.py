"""Checkpoints in the form in which captioners are published, with weights that a seed and their names decide.

A description says which files there are and which tensors they hold. It is small; the recordings of `test/exporters` keep it,
so that the tests here make the very checkpoints that the references were run with.
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from torch import Tensor

END = "<|endoftext|>"


def seeded_tensor(name: str, shape: list[int], seed: int) -> Tensor:
    """Normal numbers; matrices keep the size of what they are multiplied with, factors lie about 1 and variances above 0."""
    random = np.random.RandomState(zlib.crc32(name.encode()) ^ seed)  # a stream that never changes
    if name.endswith("num_batches_tracked"):
        return torch.zeros(shape, dtype=torch.int64)
    if name.endswith("running_var"):
        values = random.uniform(0.5, 1.5, shape)
    else:
        values = random.standard_normal(shape)
        if len(shape) > 1:
            values *= 2 / np.prod(shape[1:]) ** 0.5
            values *= 4 if name.endswith(("wpe.weight", "embeddings.position_embeddings.weight")) else 1  # else captions repeat one word
        else:
            values = values * 0.2 + (1.0 if name.endswith("weight") else 0.0)
    return torch.from_numpy(values.astype(np.float32))


def seeded_tensors(shapes: dict[str, list[int]], seed: int, scales: dict[str, float] | None = None) -> dict[str, Tensor]:
    """`scales` are factors by the ends of names."""

    def factor(name: str) -> float:
        return next((scale for end, scale in (scales or {}).items() if name.endswith(end)), 1.0)

    return {name: factor(name) * seeded_tensor(name, shape, seed) for name, shape in shapes.items()}


def byte_pairs(merged: int) -> Tokenizer:
    """A GPT-2 tokenizer of so many pairs of bytes: 256 bytes, `.` being token 13 as in GPT-2, the pairs, and the end."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [(first, second) for first in letters for second in letters][:merged]
    tokens = letters + [first + second for first, second in merges]
    tokenizer = Tokenizer(models.BPE({token: index for index, token in enumerate(tokens)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([END])
    return tokenizer


def write_checkpoint(folder: Path, description: dict[str, Any]) -> None:
    """Writes what a description says: `json` files, `texts`, `weights` (shapes by name, the `tied` ones equal to others, `scales`), and a
    tokenizer of `merges` pairs."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in description.get("json", {}).items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    for name, content in description.get("texts", {}).items():
        (folder / name).write_text(content, encoding="utf-8")
    for name, shapes in description["weights"].items():
        tensors = seeded_tensors(shapes, description["seed"], description.get("scales"))
        tied = {copy: source for copy, source in description.get("tied", {}).items() if copy in shapes}
        save_tensors(tensors | {copy: tensors[source].clone() for copy, source in tied.items()}, folder / name)
    if "merges" in description:
        byte_pairs(description["merges"]).save(str(folder / "tokenizer.json"))


def save_tensors(tensors: dict[str, Tensor], path: Path) -> None:
    if path.suffix == ".safetensors":
        from safetensors.torch import save_file

        save_file(tensors, path, {"format": "pt"})
    else:
        torch.save(tensors, path)
