"""How a picture becomes pixel values, as the image processors of the transformers library say it in `preprocessor_config.json`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .settings import Settings

FILTERS = ("nearest", "lanczos", "bilinear", "bicubic", "box", "hamming")
"""By the numbers that Pillow gives them."""

CLIP_MEAN, CLIP_STD = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]


@dataclass(frozen=True)
class Processor:
    """What one does where its configuration does not say."""

    size: int = 224
    by_shortest_edge: bool = False
    is_cropped: bool = False
    filter: int = 2
    mean: tuple[float, ...] = (0.5, 0.5, 0.5)
    std: tuple[float, ...] = (0.5, 0.5, 0.5)


PROCESSORS = {
    "ViT": Processor(),
    "DeiT": Processor(256, is_cropped=True, filter=3),
    "Beit": Processor(256, is_cropped=True, filter=3),
    "Blip": Processor(384, filter=3, mean=tuple(CLIP_MEAN), std=tuple(CLIP_STD)),
    "CLIP": Processor(by_shortest_edge=True, is_cropped=True, filter=3, mean=tuple(CLIP_MEAN), std=tuple(CLIP_STD)),
}
PROCESSOR_OF = {"vit": "ViT", "deit": "DeiT", "beit": "Beit", "swin": "ViT", "clip_vision_model": "CLIP"}
PROCESSOR_OF |= {"blip_vision_model": "Blip", "git_vision_model": "CLIP"}
"""Where a configuration names none, by the encoder's `model_type`."""


def read_image(settings: Settings, encoder: str) -> dict[str, Any]:
    """The manifest's `image`."""
    processor = PROCESSORS[_name(settings) or PROCESSOR_OF[encoder]]
    if not settings.get("do_resize", bool, True):
        raise settings.error("do_resize", "true")
    is_rescaled, is_normalized = (settings.get(name, bool, True) for name in ("do_rescale", "do_normalize"))
    number = settings.get("resample", int, processor.filter)
    if number not in range(len(FILTERS)):
        raise settings.error("resample", f"a whole number from 0 to {len(FILTERS) - 1}")
    factor = settings.get("rescale_factor", float, 1 / 255) if is_rescaled else 1.0
    return {
        **_resize(settings, processor),
        "resample": FILTERS[number],
        **({} if factor == 1 / 255 else {"rescaleFactor": factor}),
        "mean": _channels(settings, "image_mean", processor.mean) if is_normalized else [0.0] * 3,
        "std": _channels(settings, "image_std", processor.std) if is_normalized else [1.0] * 3,
    }


def _name(settings: Settings) -> str | None:
    """Older configurations call the processor a feature extractor; `Fast` is another implementation of the same."""
    for field in ("image_processor_type", "feature_extractor_type"):
        if settings.has(field):
            name = re.sub(r"(ImageProcessor(Fast)?|FeatureExtractor)$", "", settings.get(field, str))
            if name not in PROCESSORS:
                raise settings.error(field, f"one of {', '.join(f'{known}ImageProcessor' for known in PROCESSORS)}")
            return name
    return None


def _resize(settings: Settings, processor: Processor) -> dict[str, Any]:
    size = settings.values.get("size")
    is_cropped = settings.get("do_center_crop", bool, processor.is_cropped)
    by_edge = processor.by_shortest_edge if not isinstance(size, dict) else "shortest_edge" in size
    if by_edge:
        if not is_cropped:
            raise settings.error("do_center_crop", "true, where size is that of the shorter side")
        edge = settings.field("size").size("shortest_edge") if isinstance(size, dict) else settings.size("size", processor.size)
        return {**_sides(settings, "crop_size", 224), "resize": "shortest-edge-crop", "shortestEdge": edge}
    sides = _sides(settings, "size", processor.size)
    if not is_cropped:
        return {**sides, "resize": "squash"}
    squashed = {"squashedWidth": sides["width"], "squashedHeight": sides["height"]}
    return {**_sides(settings, "crop_size", 224), "resize": "squash-crop", **squashed}


def _sides(settings: Settings, name: str, default: int) -> dict[str, int]:
    """`{"height": …, "width": …}`, or one number for both."""
    if isinstance(settings.values.get(name), dict):
        field = settings.field(name)
        return {"width": field.size("width"), "height": field.size("height")}
    side = settings.size(name, default)
    return {"width": side, "height": side}


def _channels(settings: Settings, name: str, default: tuple[float, ...]) -> list[float]:
    """Three numbers, or one for all channels."""
    value = settings.values.get(name)
    if value is None:
        return list(default)
    numbers = value if isinstance(value, list) else [value] * 3
    if len(numbers) != 3 or any(type(number) not in (int, float) for number in numbers) or (name == "image_std" and min(numbers) <= 0):
        raise settings.error(name, "three numbers" + (" above 0" if name == "image_std" else ""))
    return [float(number) for number in numbers]
