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

from .config import Config, load_config
from .decode import beam_search
from .decoders.decoder import Named, after_first_step
from .image_statistics import image_statistics
from .model import Captioner
from .train import import_captioner

BEAMS = (2, 3, 5)
TOP = 12
"""Logits recorded of each step: the highest ones."""


@torch.inference_mode()
def record(captioner: Captioner, picture: Path, config: Config) -> dict[str, Any]:
    with Image.open(picture) as image:
        side = captioner.encoder.side
        pixels = np.asarray(image.convert("RGB").resize((side, side), Image.Resampling.BILINEAR))
    memory = captioner.decoder.remember(captioner.encoder(captioner.encoder.pixel_values(torch.from_numpy(pixels.copy())[None])))
    tokens = captioner.tokens
    steps, greedy = greedy_steps(captioner, memory, config.longest)
    beams = {"1": {"ids": greedy, "text": tokens.decode(greedy)}}
    for count in BEAMS:
        ids = beam_search(captioner.decoder, memory, tokens, count, config.length_penalty, config.longest)[0]
        beams[str(count)] = {"ids": ids, "text": tokens.decode(ids)}
    return {
        "picture": picture.name,
        "pixels": {"sum": int(pixels.astype(np.int64).sum()), "first": pixels.reshape(-1)[:24].tolist()},
        "memory": {name: {"mean": float(t.mean()), "first": t.flatten()[:32].tolist()} for name, t in list(memory.items())[:1]},
        "imageStatistics": image_statistics(pixels),
        "steps": steps,
        "beams": beams,
    }


def greedy_steps(captioner: Captioner, memory: Named, longest: int) -> tuple[list[dict[str, Any]], list[int]]:
    """What each step read and its highest logits, and the ids of the caption."""
    tokens = captioner.tokens
    word, state, steps, caption = tokens.start, captioner.decoder.start(memory, 1), [], []
    for _ in range(longest):
        logits, state, _ = captioner.decoder.step(memory, torch.tensor([word]), state)
        memory = after_first_step(memory)
        top = logits[0].topk(TOP)
        steps.append({"read": word, "ids": top.indices.tolist(), "logits": [round(v, 5) for v in top.values.tolist()]})
        logits[:, tokens.banned] = -1e9
        word = int(logits.argmax())
        if word == tokens.end:
            break
        caption.append(word)
    return steps, caption


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
        "pictures": [record(captioner, picture, config) for picture in pictures],
    }
    arguments.out.write_text(json.dumps(recording, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
