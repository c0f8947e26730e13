"""A ray caster for scenes in the manner of 3D Shapes: one object in the middle of a room that is open to the sky.

Light is linear in the colours of the surfaces, so a picture is a sum: for floor, wall, object and sky, how much of the
surface's light reaches each pixel, times its colour. These shares depend on shape, scale and orientation alone (480
cases); each case is traced once, and a scene is then four multiplications a pixel.
"""

from __future__ import annotations

import colorsys
from functools import cache

import numpy as np
import numpy.typing as npt

from .factors import HUES, ORIENTATIONS, SCALES, SHAPES, factors_of
from .solids import FAR, Array, Solid, between, solid

Mask = npt.NDArray[np.bool_]

SIDE = 64
"""Pictures are squares of this many pixels."""
_SAMPLES = 4  # rays a pixel, along each axis

# Lengths in half-widths of the square room, whose middle on the floor is the origin; y is up, the camera looks along -z.
# The camera is placed so that the room's corner, the wall's edges and the object's base are where 3D Shapes has them.
_WALL_HEIGHT = 0.62
_CAMERA_DISTANCE = 1.107
_CAMERA_HEIGHT = 0.3
_CAMERA_PITCH = np.radians(2.0)
_FOCAL_LENGTH = 1.284  # in widths of the picture
_RADIUS = 0.16  # of the object at scale 1

_TO_LIGHT = np.array([-0.4, 0.7, 0.6])
_TO_LIGHT /= np.linalg.norm(_TO_LIGHT)
_AMBIENT, _DIFFUSE = 0.45, 0.52
_WALL_REFLECTANCE = 0.85  # below that of the object, which else would vanish before a wall of its hue
_SKY = 153, 226, 249

_PALETTE = np.array([colorsys.hsv_to_rgb(hue, 1, 1) for hue in HUES], np.float32) * 255  # [10, 3]


def render(indices: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    """Scene numbers [B] → RGB pictures, uint8 [B, 64, 64, 3]. The same number always gives the same picture."""
    factors = factors_of(indices)  # [B, 6]
    colours = np.empty((len(factors), 4, 3), np.float32)
    colours[:, :3] = _PALETTE[factors[:, :3]]
    colours[:, 3] = _SKY
    shares = np.stack([surface_shares(*map(int, case)) for case in factors[:, 3:]])  # [B, 4, SIDE · SIDE]
    planes = np.full((len(factors), 3, SIDE * SIDE), 0.5, np.float32)  # cutting off then rounds to nearest
    for surface in range(4):
        planes += shares[:, surface, None] * colours[:, surface, :, None]
    return planes.astype(np.uint8).transpose(0, 2, 1).reshape(-1, SIDE, SIDE, 3)


@cache
def surface_shares(scale: int, shape: int, orientation: int) -> npt.NDArray[np.float32]:
    """How bright floor, wall, object and sky are in each pixel, 0 … 1: float32 [4, SIDE · SIDE]. Read only."""
    origin, directions = _camera_rays(np.radians(ORIENTATIONS[orientation]))
    thing = solid(SHAPES[shape], _RADIUS * SCALES[scale])
    is_floor, is_wall, normals, to_room = _hit_room(origin, directions)
    to_object = thing.hit(origin, directions)
    is_object = to_object < to_room
    room_light = _room_light(thing, origin + to_room * directions, normals)
    object_light = _lambert(thing.normal(origin + to_object * directions))
    layers = np.stack(
        [
            np.where(is_floor & ~is_object, room_light, 0),
            np.where(is_wall & ~is_object, _WALL_REFLECTANCE * room_light, 0),
            np.where(is_object, object_light, 0),
            ~(is_floor | is_wall | is_object),
        ]
    )  # [4, rays]
    shares = layers.reshape(4, SIDE, _SAMPLES, SIDE, _SAMPLES).mean(axis=(2, 4)).reshape(4, -1).astype(np.float32)
    shares.flags.writeable = False
    return shares


def _camera_rays(angle: float) -> tuple[Array, Array]:
    """Where the camera stands [3, 1], and the directions it looks into, row by row [3, rays]."""
    count = SIDE * _SAMPLES
    offsets = (np.arange(count) + 0.5) / count - 0.5
    down, right = np.meshgrid(offsets, offsets, indexing="ij")
    ahead = np.full(count * count, _FOCAL_LENGTH)
    cos, sin = np.cos(_CAMERA_PITCH), np.sin(_CAMERA_PITCH)
    up, ahead = -down.ravel() * cos - ahead * sin, ahead * cos - down.ravel() * sin
    cos, sin = np.cos(angle), np.sin(angle)
    x, z = right.ravel() * cos - ahead * sin, -right.ravel() * sin - ahead * cos
    return _CAMERA_DISTANCE * np.array([[sin], [_CAMERA_HEIGHT / _CAMERA_DISTANCE], [cos]]), np.stack([x, up, z])


def _hit_room(origin: Array, directions: Array) -> tuple[Mask, Mask, Array, Array]:
    """Which rays end at the floor and which at a wall [rays], the normals there [3, rays], and how far away [rays].

    The camera is inside the room and looks away from its open side.
    """
    x, y, z = directions
    to_floor = np.where(y < 0, -origin[1] / np.minimum(y, -1e-9), FAR)
    to_side = between(origin[0], x, -1, 1)[1]
    to_back = (-1 - origin[2]) / z
    to_wall = np.minimum(to_side, to_back)
    is_floor = to_floor < to_wall
    is_wall = ~is_floor & (origin[1] + to_wall * y < _WALL_HEIGHT)
    is_side = ~is_floor & (to_side < to_back)
    normals = np.stack([np.where(is_side, -np.sign(x), 0), is_floor, ~is_floor & ~is_side])
    return is_floor, is_wall, normals, np.where(is_floor | is_wall, np.minimum(to_floor, to_wall), FAR)


def _lambert(normals: Array) -> Array:
    """Light from everywhere, and from the one lamp by Lambert's law: unit normals [3, rays] → [rays]."""
    return _AMBIENT + _DIFFUSE * np.maximum(_TO_LIGHT @ normals, 0)


def _room_light(thing: Solid, points: Array, normals: Array) -> Array:
    """The light on floor and walls; where the object stands before the lamp, that from everywhere alone."""
    to_light = np.broadcast_to(_TO_LIGHT[:, None], points.shape)
    return np.where(thing.hit(points, to_light) < FAR, _AMBIENT, _lambert(normals))
