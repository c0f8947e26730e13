"""Answers each line of standard input, a request as JSON, with a caption by transformers' `generate` and its milliseconds.

`python bench/full/pytorch.py <checkpoint> <picture.bin>`; bench/full/runner.mjs speaks with it.
"""

import sys
import time
from pathlib import Path

import numpy as np
import torch
import transformers
from answer import Request, answer
from PIL import Image
from transformers import AutoTokenizer, VisionEncoderDecoderModel, ViTImageProcessor

THREADS = 2


def bandwidth() -> float:
    """Bytes a second that all threads together read."""
    numbers = torch.ones(128 * 2**20)
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        numbers.sum()
        seconds.append(time.perf_counter() - started)
    return numbers.nbytes / min(seconds)


@torch.inference_mode()
def main() -> None:
    torch.set_num_threads(THREADS)
    checkpoint, picture = sys.argv[1:]
    model = VisionEncoderDecoderModel.from_pretrained(checkpoint).eval()
    processor = ViTImageProcessor.from_pretrained(checkpoint)
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    image = Image.fromarray(np.frombuffer(Path(picture).read_bytes(), np.uint8).reshape(480, 640, 3))
    versions = {"transformers": transformers.__version__, "torch": torch.__version__, "python": sys.version.split()[0]}

    def caption(request: Request) -> list[int]:
        pixels = processor(image, return_tensors="pt").pixel_values
        lengths = {"min_new_tokens": request["words"], "max_new_tokens": request["words"]}
        row = model.generate(pixels, num_beams=request["numBeams"], do_sample=False, **lengths)[0]
        tokenizer.decode(row, skip_special_tokens=True)
        return row[1:].tolist()

    answer({"versions": versions, "bandwidth": bandwidth()}, caption)


main()
