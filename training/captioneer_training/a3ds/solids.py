"""The four solids that stand in the room: where a ray meets them, and which way their surface faces there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

FAR = 1e6
"""The distance of a ray that meets nothing."""
_EDGE = 1e-6


@dataclass(frozen=True)
class Solid:
    """A solid that stands on the floor, around the y axis."""

    hit: Callable[[Array, Array], Array]
    """Origins [3, rays] or [3, 1] and directions [3, rays] → distances in lengths of the direction [rays], or `FAR`."""
    normal: Callable[[Array], Array]
    """Points of the surface [3, rays] → unit normals [3, rays]."""


def solid(shape: str, radius: float) -> Solid:
    """One of `factors.SHAPES`; the radius of a cube is half its edge."""
    if shape == "cube":
        return _cube(radius)
    if shape == "cylinder":
        return _cylinder(radius, 2 * radius)
    return _capsule(radius, 2 * radius) if shape == "sphere" else _capsule(0.72 * radius, 2.5 * radius)


def _cube(half: float) -> Solid:
    def hit(origin: Array, direction: Array) -> Array:
        x, y, z = (between(o, d, low, low + 2 * half) for o, d, low in zip(origin, direction, (-half, 0, -half), strict=True))
        return _entry(x, y, z)

    def normal(points: Array) -> Array:
        centred = points - np.array([[0], [half], [0]])
        largest = np.abs(centred).argmax(axis=0)
        return np.where(np.arange(3)[:, None] == largest, np.sign(centred), 0)

    return Solid(hit, normal)


def _cylinder(radius: float, height: float) -> Solid:
    def hit(origin: Array, direction: Array) -> Array:
        side = _within(origin, direction, np.array([[1], [0], [1]]), radius)
        return _entry(side, between(origin[1], direction[1], 0, height))

    def normal(points: Array) -> Array:
        x, y, z = points
        is_top = y > height - _EDGE
        return np.stack([np.where(is_top, 0, x / radius), is_top, np.where(is_top, 0, z / radius)])

    return Solid(hit, normal)


def _capsule(radius: float, height: float) -> Solid:
    """All points within `radius` of an upright line; a sphere where the height is twice the radius."""
    low, high = radius, height - radius

    def hit(origin: Array, direction: Array) -> Array:
        side = _within(origin, direction, np.array([[1], [0], [1]]), radius)
        ball = np.array([[1], [1], [1]])
        ends = [_entry(_within(origin - np.array([[0], [y], [0]]), direction, ball, radius)) for y in (low, high)]
        return np.minimum(np.minimum(*ends), _entry(side, between(origin[1], direction[1], low, high)))

    def normal(points: Array) -> Array:
        x, y, z = points
        return np.stack([x, y - y.clip(low, high), z]) / radius

    return Solid(hit, normal)


def between(origin: Array, direction: Array, low: float, high: float) -> tuple[Array, Array]:
    """The stretch of each ray between two parallel planes: where it starts and where it ends, by one coordinate of the rays."""
    step = 1 / np.where(np.abs(direction) < 1e-12, 1e-12, direction)
    first, second = (low - origin) * step, (high - origin) * step
    return np.minimum(first, second), np.maximum(first, second)


def _within(origin: Array, direction: Array, axes: Array, radius: float) -> tuple[Array, Array]:
    """The stretch of each ray where the coordinates named by `axes` are within `radius` of zero: a ball or a cylinder."""
    a = np.maximum((axes * direction * direction).sum(0), 1e-12)
    b = (axes * origin * direction).sum(0)
    c = (axes * origin * origin).sum(0) - radius * radius
    discriminant = b * b - a * c
    root = np.sqrt(np.maximum(discriminant, 0))
    is_met = discriminant > 0
    return np.where(is_met, (-b - root) / a, FAR), np.where(is_met, (-b + root) / a, -FAR)


def _entry(*stretches: tuple[Array, Array]) -> Array:
    """Where each ray enters what all stretches have in common; `FAR` where that is nothing, or behind the ray's origin."""
    near = reduce(np.maximum, (start for start, _ in stretches))
    far = reduce(np.minimum, (end for _, end in stretches))
    return np.where((near < far) & (near > _EDGE), near, FAR)
