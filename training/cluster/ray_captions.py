"""Captions of a folder of images on a Ray cluster, as JSON Lines.

    python training/cluster/ray_captions.py <model folder> <images> <output folder> [--workers 8]

`<images>` is a folder or a URL that Ray Data reads, such as s3://bucket/photos. The model folder must be at the same path on each machine.
"""

from __future__ import annotations

import argparse
import logging
from typing import Any

import ray

from captioneer_training.onnx_captions import OnnxCaptioner

IMAGES = ["jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff"]


class Captions:
    """One of these in each worker: the graphs are loaded once."""

    def __init__(self, folder: str) -> None:
        self.captioner = OnnxCaptioner(folder, threads=1)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[str]]:
        texts: list[str] = []
        errors: list[str] = []
        for content in batch["bytes"]:
            try:
                texts.append(self.captioner.caption(content)[0])
                errors.append("")
            except (OSError, ValueError) as error:  # one damaged image does not end the job
                texts.append("")
                errors.append(str(error))
        return {"image": list(batch["path"]), "text": texts, "error": errors}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("model", "images", "output"):
        parser.add_argument(name)
    parser.add_argument("--workers", type=int, default=2, help="one core each")
    given = parser.parse_args()
    ray.init(logging_level=logging.WARNING)
    images = ray.data.read_binary_files(given.images, include_paths=True, file_extensions=IMAGES)
    captions = images.map_batches(Captions, fn_constructor_args=(given.model,), batch_size=16, concurrency=given.workers, num_cpus=1)
    captions.write_json(given.output)


if __name__ == "__main__":
    main()
