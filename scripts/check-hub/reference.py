"""What Python transformers makes of images with a checkpoint of the hub; scripts/check-hub.mjs runs this.

    python scripts/check-hub/reference.py <id or folder> <image folder> <work folder> [--count 20] [--max-new-tokens 30]

Needs `pip install -r test/exporters/requirements.txt`. Writes `<n>.png`, the images as both sides read them, and `reference.json` to the
work folder.
"""

from __future__ import annotations

import argparse
import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from PIL import Image, ImageOps
from torch import Tensor
from transformers import (
    AutoConfig,
    AutoImageProcessor,
    AutoProcessor,
    AutoTokenizer,
    Florence2ForConditionalGeneration,
    VisionEncoderDecoderModel,
)
from transformers.modeling_outputs import BaseModelOutput

STEPS = 8
SAMPLES = 4000
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
FLORENCE_PROMPT = "<CAPTION>"

Inputs = dict[str, Tensor]


def parts_of(picture: Image.Image) -> list[Image.Image]:
    """The picture, its mirror image and its quarters: other images for a network."""
    width, height = picture.size
    halves = [(x, y, x + width // 2, y + height // 2) for y in (0, height // 2) for x in (0, width // 2)]
    return [picture, ImageOps.mirror(picture), *(picture.crop(box) for box in halves)]


def read(path: Path) -> Image.Image:
    """Its pixels alone: upright, without a profile that the other side might apply."""
    return Image.fromarray(np.asarray(ImageOps.exif_transpose(Image.open(path)).convert("RGB")))


def pictures_of(folder: Path, count: int) -> list[Image.Image]:
    """As many images as there are in the folder, then parts of them if they are too few."""
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    if not paths:
        raise SystemExit(f"{folder} has no image ({', '.join(SUFFIXES)}).")
    parts = [parts_of(read(path)) for path in paths[:count]]
    return [row[n] for n in range(len(parts[0])) for row in parts][:count]


def floats(values: Tensor | np.ndarray) -> dict[str, Any]:
    """Dimensions and evenly spread values, first and last among them, as little-endian float32 in base64."""
    array = np.asarray(values, "<f4")
    at = np.linspace(0, array.size - 1, min(SAMPLES, array.size)).astype(int)
    return {"dims": list(array.shape), "values": base64.b64encode(array.ravel()[at].tobytes()).decode()}


class Reference:
    """A checkpoint in transformers: `inputs` of an image, and the tokens that its captions begin with."""

    def __init__(self, source: str) -> None:
        kind = AutoConfig.from_pretrained(source).model_type
        if kind == "vision-encoder-decoder":
            self.model = VisionEncoderDecoderModel.from_pretrained(source).eval()
            processor = AutoImageProcessor.from_pretrained(source)
            self.tokenizer = AutoTokenizer.from_pretrained(source)
            self.inputs: Callable[[Image.Image], Inputs] = lambda image: dict(processor(image, return_tensors="pt"))
        elif kind == "florence2":
            self.model = Florence2ForConditionalGeneration.from_pretrained(source, torch_dtype=torch.float32).eval()
            florence = AutoProcessor.from_pretrained(source)
            self.tokenizer = florence.tokenizer
            self.inputs = lambda image: dict(florence(images=image, text=FLORENCE_PROMPT, return_tensors="pt"))
        else:
            raise SystemExit(f"{source} is a {kind}. This script knows vision-encoder-decoder and florence2.")
        settings = self.model.generation_config
        configs = [settings, self.model.config, self.model.config.get_text_config(decoder=True)]
        start = next(value for config in configs if (value := getattr(config, "decoder_start_token_id", None)) is not None)
        forced = settings.forced_bos_token_id
        self.start = [start] if forced is None else [start, forced]
        self.end = settings.eos_token_id if isinstance(settings.eos_token_id, list) else [settings.eos_token_id]

    def follow(self, inputs: Inputs) -> tuple[Tensor, list[int], list[np.ndarray]]:
        """What the encoder gives; the likeliest token of each step and its logits, ends not heeded."""
        ids, logits = list(self.start), []
        known = inputs  # the image is encoded once
        for _ in range(STEPS):
            found = self.model(**known, decoder_input_ids=torch.tensor([ids]))
            hidden = found.encoder_last_hidden_state
            known = {name: values for name, values in inputs.items() if name == "attention_mask"}
            known["encoder_outputs"] = BaseModelOutput(last_hidden_state=hidden)
            logits.append(found.logits[0, -1].numpy())
            ids.append(int(logits[-1].argmax()))
        return hidden, ids[len(self.start) :], logits

    def caption(self, inputs: Inputs, **options: Any) -> str:
        row = self.model.generate(**inputs, do_sample=False, **options)[0]
        return self.tokenizer.decode(row, skip_special_tokens=True, clean_up_tokenization_spaces=False).strip()


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source")
    parser.add_argument("images", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--max-new-tokens", type=int, default=30)
    given = parser.parse_args()
    transformers.logging.set_verbosity_error()
    given.work.mkdir(parents=True, exist_ok=True)
    reference = Reference(given.source)
    results = []
    for n, picture in enumerate(pictures_of(given.images, given.count)):
        name = f"{n}.png"
        picture.save(given.work / name)
        inputs = reference.inputs(picture)
        features, ids, logits = reference.follow(inputs)
        longest = {"max_new_tokens": given.max_new_tokens}
        captions = {"greedy": reference.caption(inputs, num_beams=1, **longest), "default": reference.caption(inputs, **longest)}
        steps = {"ids": ids, "logits": [floats(row) for row in logits]}
        found = {"file": name, "pixelValues": floats(inputs["pixel_values"]), "features": floats(features)}
        results.append(found | {"steps": steps, "captions": captions})
    value = {"transformers": transformers.__version__, "source": given.source, "maxNewTokens": given.max_new_tokens}
    (given.work / "reference.json").write_text(json.dumps(value | {"start": reference.start, "images": results}) + "\n")


if __name__ == "__main__":
    main()
