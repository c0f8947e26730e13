"""What the values of the factors are called."""

from __future__ import annotations

from collections.abc import Sequence

from .factors import FEATURES

_HUES = ("red", "orange", "yellow", "green", "light green", "cyan", "medium blue", "dark blue", "purple", "pink")
_SIDE = ("in the {} corner", "on the {}", "close to the {} side", "near the {} corner", "close to the middle", "nearly in the middle")

PHRASES: dict[str, tuple[str, ...]] = {
    "floor_hue": _HUES,
    "wall_hue": _HUES,
    "object_hue": _HUES,
    "scale": ("tiny", "small", "medium-sized", "middle-sized", "big", "large", "huge", "giant"),
    "shape": ("block", "cylinder", "ball", "pill"),
    "orientation": (
        *(phrase.format("right") for phrase in _SIDE),
        *["in the middle"] * 3,
        *(phrase.format("left") for phrase in reversed(_SIDE)),
    ),
}
"""The phrase of every value of every feature, as in A3DS. An orientation is said as the object's place in the room.

The turns next to none are all "in the middle", and the two phrases around that do not tell left from right: 15
orientations have 11 phrases.
"""


def wording(factors: Sequence[int]) -> dict[str, str]:
    """A scene's phrases by feature; `factors` as `factors_of` gives them."""
    return {feature: PHRASES[feature][value] for feature, value in zip(FEATURES, factors, strict=True)}
