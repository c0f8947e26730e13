"""Features of whole splits, computed once for an encoder that stays as it is."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import torch

from .files import array_file
from .model import Captioner
from .progress import Progress
from .sources import Source, in_batches


def encoder_digest(captioner: Captioner) -> str:
    """A short name for exactly these weights of the encoder's network."""
    digest = hashlib.sha256()
    for tensor in captioner.encoder.network().state_dict().values():
        digest.update(tensor.contiguous().cpu().numpy().tobytes())
    return digest.hexdigest()[:12]


@torch.inference_mode()
def cache_features(captioner: Captioner, source: Source, folder: Path, views: int) -> np.ndarray:
    """float16 [pictures, views, places, channels]; view 0 is the picture, view 1 its mirror image."""
    path = folder / f"{source.corpus}-train-{encoder_digest(captioner)}-{views}.npy"
    if path.is_file():
        return np.load(path, mmap_mode="r")
    captioner.eval()
    encoder = captioner.encoder
    probe = encoder.features(encoder.pixel_values(next(in_batches(source, 1))))
    progress = Progress(f"features of {source.corpus}, picture", len(source))
    with array_file(path, (len(source), views, *probe.shape[1:]), np.float16) as write:
        for number, images in enumerate(in_batches(source, 32)):
            seen = [images, images.flip(2)][:views]
            write(np.stack([encoder.features(encoder.pixel_values(view)).cpu().numpy() for view in seen], axis=1))
            progress.at(min(len(source), 32 * (number + 1)))
    return np.load(path, mmap_mode="r")
