"""Features of whole splits, computed once for an encoder that stays as it is."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import torch

from .corpus import Split
from .model import Captioner


def encoder_digest(captioner: Captioner) -> str:
    """A short name for exactly these weights of the encoder's network."""
    digest = hashlib.sha256()
    for tensor in captioner.encoder.network().state_dict().values():
        digest.update(tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()[:12]


@torch.inference_mode()
def cache_features(captioner: Captioner, split: Split, folder: Path, views: int) -> np.ndarray:
    """float16 [pictures, views, places, channels]; view 0 is the picture, view 1 its mirror image."""
    path = folder / f"{split.corpus}-{split.name}-{encoder_digest(captioner)}-{views}.npy"
    if path.is_file():
        return np.load(path, mmap_mode="r")
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    captioner.eval()
    probe = captioner.encoder.features(captioner.pixel_values(torch.from_numpy(np.array(split.images[:1]))))
    shape = (len(split), views, *probe.shape[1:])
    out = np.lib.format.open_memmap(partial, mode="w+", dtype=np.float16, shape=shape)
    for start in range(0, len(split), 32):
        images = torch.from_numpy(np.array(split.images[start : start + 32]))
        for view in range(views):
            seen = images.flip(2) if view else images
            out[start : start + 32, view] = captioner.encoder.features(captioner.pixel_values(seen)).numpy()
    out.flush()
    partial.replace(path)
    return out
