"""Captions of scenes: long ones that name all six features, short ones that name up to three.

The content is that of A3DS (Tsvilodub and Franke 2023); the sentences are this project's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import combinations, permutations, product
from typing import Literal

from .factors import FEATURES, factors_of
from .words import wording

Kind = Literal["long", "short"]

# {thing}: the object with what is said of it there; {places}: where it stands. A predicate says one feature at the end.
_FRAMES = ("{a thing} {places}", "there is {a thing} {places}", "here we see {a thing} {places}", "a room with {a thing} {places}")
_STANDING = "{a thing} stands {places}"
_PREDICATES = {"object_hue": "the {thing} {places} is {object_hue}", "scale": "the {thing} {places} is {scale}"}
_WALLS = ("in front of {a wall}", "against {a wall}")
_FLOORS = ("on {a floor}", "on the {floor}")


@dataclass(frozen=True)
class Form:
    """One way to say a set of features."""

    features: frozenset[str]
    frame: str
    predicate: str | None
    """The feature that the frame says at its end, and the object's own words therefore do not."""
    places: tuple[str, ...]
    """Orientation, wall and floor where they are named, in the order of the sentence."""

    def say(self, phrases: dict[str, str]) -> str:
        """The sentence, in lower case and without punctuation."""
        said = self.features - {self.predicate}
        adjectives = [phrases[f] for f in ("scale", "object_hue") if f in said]
        slots = phrases | {
            "thing": " ".join([*adjectives, phrases["shape"] if "shape" in said else "object"]),
            "wall": f"{phrases['wall_hue']} wall",
            "floor": f"{phrases['floor_hue']} floor",
        }
        slots |= {f"a {noun}": _with_article(slots[noun]) for noun in ("thing", "wall", "floor")}
        places = " ".join(self.places).format_map(slots)
        return " ".join(self.frame.format_map(slots | {"places": places}).split())


def _with_article(phrase: str) -> str:
    return f"an {phrase}" if phrase[0] in "aeiou" else f"a {phrase}"


def _forms(features: Iterable[str]) -> Iterable[Form]:
    """All ways to say these features."""
    named = frozenset(features)
    choices = {"orientation": ("{orientation}",), "wall_hue": _WALLS, "floor_hue": _FLOORS}
    frames: list[tuple[str, str | None]] = [(frame, None) for frame in _FRAMES]
    frames += [(frame, feature) for feature, frame in _PREDICATES.items() if feature in named]
    spots = [choices[f] for f in choices if f in named]
    if spots:
        frames.append((_STANDING, None))
    for (frame, predicate), order in product(frames, permutations(spots)):
        yield from (Form(named, frame, predicate, places) for places in product(*order))


@cache
def forms(kind: Kind) -> tuple[tuple[Form, ...], ...]:
    """The forms of long or of short captions, one group for each set of features that such captions name."""
    sizes = (len(FEATURES),) if kind == "long" else (1, 2, 3)
    return tuple(tuple(_forms(named)) for size in sizes for named in combinations(FEATURES, size))


def caption(index: int, kind: Kind, variant: int) -> str:
    """The caption of a scene in one of its variants.

    Any `variant` from 0 on will do. Successive ones go through the sets of features in turn, and through the
    forms of each; after as many as there are forms they repeat.
    """
    groups = forms(kind)
    turn, group = divmod(variant, len(groups))
    return groups[group][turn % len(groups[group])].say(wording(factors_of(index).tolist()))
