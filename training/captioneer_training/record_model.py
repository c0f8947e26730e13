"""Records what PyTorch computes for a model folder, for the parity tests of the TypeScript library.

`python -m captioneer_training.record_model <config> <model folder> <pictures> <out.json>`: for each picture in the folder
of pictures the float32 model with the folder's own weights gives features, logits step by step, ids and text.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from .config import load_config
from .corpus import SIDE
from .decode import LONGEST, beam_search
from .decoders.transformer import Memory
from .model import Captioner
from .text import END, PAD, START, UNKNOWN
from .train import import_captioner

BEAMS = (2, 3, 5)
TOP = 12
"""Logits recorded of each step: the highest ones."""


@torch.inference_mode()
def record(captioner: Captioner, picture: Path, penalty: float) -> dict[str, Any]:
    with Image.open(picture) as image:
        pixels = np.asarray(image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR))
    features = captioner.features(torch.from_numpy(pixels.copy())[None])
    memory = captioner.decoder.remember(features)
    vocabulary = captioner.vocabulary
    steps = greedy_steps(captioner, memory)
    greedy = [step["read"] for step in steps[1:]]
    beams = {"1": {"ids": greedy, "text": vocabulary.decode(greedy)}}
    for count in BEAMS:
        ids = beam_search(captioner.decoder, memory, vocabulary, count, penalty)[0]
        beams[str(count)] = {"ids": ids, "text": vocabulary.decode(ids)}
    return {
        "picture": picture.name,
        "pixels": {"sum": int(pixels.astype(np.int64).sum()), "first": pixels.reshape(-1)[:24].tolist()},
        "crossKey": {"mean": float(memory.keys[0].mean()), "first": memory.keys[0].flatten()[:32].tolist()},
        "steps": steps,
        "beams": beams,
    }


def greedy_steps(captioner: Captioner, memory: Memory) -> list[dict[str, Any]]:
    ids = captioner.vocabulary.ids
    word, cache, steps = ids[START], captioner.decoder.empty_cache(1), []
    for _ in range(LONGEST):
        logits, cache = captioner.decoder.step(memory, torch.tensor([word]), cache)
        top = logits[0].topk(TOP)
        steps.append({"read": word, "ids": top.indices.tolist(), "logits": [round(v, 5) for v in top.values.tolist()]})
        logits[:, [ids[PAD], ids[START], ids[UNKNOWN]]] = -1e9
        word = int(logits.argmax())
        if word == ids[END]:
            break
    return steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("config", "folder", "pictures", "out"):
        parser.add_argument(name, type=Path)
    arguments = parser.parse_args()
    config = load_config(arguments.config)
    captioner = import_captioner(config, arguments.folder).eval()
    pictures = sorted(arguments.pictures.glob("*.jpg"))
    recording = {
        "torch": torch.__version__,
        "lengthPenalty": config.length_penalty,
        "pictures": [record(captioner, picture, config.length_penalty) for picture in pictures],
    }
    arguments.out.write_text(json.dumps(recording, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
