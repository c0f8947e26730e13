import colorsys

import numpy as np
import pytest

from captioneer_training.a3ds.factors import HUES, SHAPES, index_of
from captioneer_training.a3ds.render import SIDE, render, surface_shares
from captioneer_training.a3ds.solids import FAR, solid

FLOOR, WALL, OBJECT, SKY = range(4)
MIDDLE = 7

# Where the room's corner stands in pictures of 3D Shapes, as shares of the width, by orientation from -30 degrees on.
CORNERS = [0.69, 0.75, 0.80, 0.86, 0.92, 0.98]


def regions(scale: int, shape: int, orientation: int) -> np.ndarray:
    """Which surface covers most of each pixel: [SIDE, SIDE]."""
    return (surface_shares(scale, shape, orientation) > 0).reshape(4, SIDE, SIDE).argmax(0)


def test_a_scene_is_the_same_alone_and_in_a_batch() -> None:
    indices = [7, 123_456, 479_999]
    pictures = render(indices)
    assert pictures.shape == (3, SIDE, SIDE, 3)
    assert pictures.dtype == np.uint8
    surface_shares.cache_clear()
    for index, picture in zip(indices, pictures, strict=True):
        assert np.array_equal(render([index])[0], picture)


@pytest.mark.parametrize("shift", range(5))
def test_each_surface_has_its_hue(shift: int) -> None:
    floor, wall, thing = (shift, (shift + 3) % 10, (shift + 6) % 10)
    picture = render([index_of([floor, wall, thing, 4, shift % 4, MIDDLE])])[0]
    expected = {(60, 4): floor, (24, 4): wall, (42, 32): thing}
    for (y, x), hue in expected.items():
        found, saturation, _ = colorsys.rgb_to_hsv(*(picture[y, x] / 255))
        assert abs((found - HUES[hue] + 0.5) % 1 - 0.5) < 0.01
        assert saturation > 0.98
    assert picture[2, 32].tolist() == [153, 226, 249]


@pytest.mark.parametrize("shape", range(4))
def test_a_larger_scale_covers_more(shape: int) -> None:
    areas = [(regions(scale, shape, 3) == OBJECT).sum() for scale in range(8)]
    assert np.all(np.diff(areas) > 10)


def test_opposite_orientations_are_mirrored() -> None:
    for shape, orientation in [(0, 0), (1, 2), (2, 4), (3, 6)]:
        one, other = regions(3, shape, orientation), regions(3, shape, 14 - orientation)
        assert (one == other[:, ::-1]).mean() > 0.999
    assert (regions(3, 0, 0) == regions(3, 0, 0)[:, ::-1]).mean() < 0.99


@pytest.mark.parametrize("orientation", range(15))
def test_the_rooms_corner_stands_where_3d_shapes_has_it(orientation: int) -> None:
    row = surface_shares(0, 2, orientation).reshape(4, SIDE, SIDE)[WALL, 26]  # above the smallest ball
    jumps = np.abs(np.diff(row))
    if 6 <= orientation <= 8:
        assert jumps.max() < 0.001
        return
    expected = CORNERS[orientation] if orientation < 6 else 1 - CORNERS[14 - orientation]
    assert jumps.max() > 0.02
    assert (jumps.argmax() + 1) / SIDE == pytest.approx(expected, abs=0.025)


def test_walls_and_floor_meet_where_3d_shapes_has_them() -> None:
    column = regions(0, 2, MIDDLE)[:, 4]
    assert (column == SKY).sum() / SIDE == pytest.approx(0.275, abs=0.03)
    assert 1 - (column == FLOOR).sum() / SIDE == pytest.approx(0.635, abs=0.03)


@pytest.mark.parametrize("shape", range(4))
@pytest.mark.parametrize("hues", [(7, 7, 7), (0, 5, 2)])
def test_scenes_that_are_worded_differently_look_different(shape: int, hues: tuple[int, int, int]) -> None:
    def changed(one: tuple[int, int], other: tuple[int, int]) -> int:
        """Pixels that differ by more than a thirtieth of the range, between two (scale, orientation)."""
        indices = [index_of([*hues, scale, shape, orientation]) for scale, orientation in (one, other)]
        first, second = render(indices).astype(int)
        return int((np.abs(first - second).max(2) > 8).sum())

    assert min(changed((scale, 3), (scale + 1, 3)) for scale in range(7)) > 90
    assert min(changed((7, turn), (7, turn + 1)) for turn in range(7)) > 90


def test_the_shadow_falls_to_the_right() -> None:
    for shape in range(4):
        floor = surface_shares(7, shape, MIDDLE).reshape(4, SIDE, SIDE)[FLOOR]
        is_object = (regions(7, shape, MIDDLE) == OBJECT).any(0).nonzero()[0]
        left, right = floor[44:52, is_object[0] - 2], floor[44:52, is_object[-1] + 2]
        assert right.min() < 0.8 * left.min()


def test_rays_meet_the_solids() -> None:
    origin = np.array([[0.0, 0.5, 3.0], [10.0] * 3, [0.0] * 3])
    down = np.array([[0.0] * 3, [-1.0] * 3, [0.0] * 3])
    tops = {"cube": (2, 2), "cylinder": (2, 2), "sphere": (2, 1 + np.sqrt(0.75)), "capsule": (2.5, 1.78 + np.sqrt(0.72**2 - 0.25))}
    for shape in SHAPES:
        thing = solid(shape, 1.0)
        distance = thing.hit(origin, down)
        assert distance[:2] == pytest.approx([10 - top for top in tops[shape]])
        assert distance[2] == FAR
        assert thing.normal(origin[:, :1] + distance[:1] * down[:, :1])[:, 0] == pytest.approx([0, 1, 0])
        assert np.all(thing.hit(origin, -down) == FAR)


def test_a_cube_shows_its_nearest_side() -> None:
    cube = solid("cube", 1.0)
    origin, direction = np.array([[5.0], [1.0], [0.5]]), np.array([[-1.0], [0.0], [0.0]])
    distance = cube.hit(origin, direction)
    assert distance == pytest.approx([4])
    assert cube.normal(origin + distance * direction)[:, 0] == pytest.approx([1, 0, 0])
