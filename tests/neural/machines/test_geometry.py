"""Hull and Delaunay: what learned predicates decide is what rational arithmetic and scipy say."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
import scipy.spatial
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.neural.machines.delaunay import FAR, Delaunay
from abduce.neural.machines.hull import convex_hull
from abduce.neural.machines.plane import Plane, Predicate
from abduce.neural.machines.points import Points, in_order, read_points
from abduce.verify.discrete.arithmetic import COMPARE
from abduce.verify.discrete.geometry import IN_CIRCLE, ORIENTATION
from abduce.verify.discrete.mealy import compiled_stream
from abduce.verify.discrete.polynomials import compiled_polynomial

COMPARES = compiled_stream(COMPARE)
TURN = Predicate.of("orientation", compiled_polynomial(ORIENTATION))
CIRCLE = Predicate.of("in-circle", compiled_polynomial(IN_CIRCLE))
Point = tuple[int, int]


def hull_of(points: Points) -> list[int]:
    order, _, _ = in_order(points, COMPARES)
    return convex_hull(Plane(points.columns, points.bits), TURN, order).tolist()


def triangles_of(points: Points) -> np.ndarray:
    kept = np.sort(in_order(points, COMPARES)[0])
    plane = Plane(points.columns[:, kept], points.bits, far=FAR)
    triangles = Delaunay(plane, TURN, CIRCLE).run()
    return kept[triangles]


def turn(a: Point, b: Point, c: Point) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def power(a: Point, b: Point, c: Point, d: Point) -> Fraction:
    """Squared radius of the circle through three points minus the squared distance of a fourth
    from its middle, by solving for the middle."""
    area = 2 * turn(a, b, c)
    corners = [(p[0] ** 2 + p[1] ** 2, q, r) for p, q, r in ((a, b, c), (b, c, a), (c, a, b))]
    mx = Fraction(sum(square * (q[1] - r[1]) for square, q, r in corners), area)
    my = Fraction(sum(square * (r[0] - q[0]) for square, q, r in corners), area)
    return (a[0] - mx) ** 2 + (a[1] - my) ** 2 - (d[0] - mx) ** 2 - (d[1] - my) ** 2


def belongs(corners: tuple[int, ...], rows: list[Point], kept: list[int]) -> bool:
    """Whether a triangle is one of the triangulation, point by point: no other point in its circle,
    and of those on it, none that the order of the file prefers."""
    a, b, c = (rows[k] for k in corners)
    for other in set(kept) - set(corners):
        inside = power(a, b, c, rows[other])
        if inside > 0:
            return False
        if inside == 0:
            least = min(*corners, other)
            two = [rows[k] for k in corners if k != least]
            if least == other or _apart(rows[least], rows[other], *two):
                return False
    return True


def _apart(p: Point, q: Point, a: Point, b: Point) -> bool:
    """Whether p and q are on different sides of the line from a to b."""
    return turn(a, b, p) * turn(a, b, q) < 0


def brute(rows: list[Point]) -> list[list[int]]:
    kept = sorted({row: place for place, row in reversed(list(enumerate(rows)))}.values())
    found = []
    for corners in combinations(kept, 3):
        side = turn(*(rows[k] for k in corners))
        if side and belongs(corners, rows, kept):
            a, b, c = corners
            found.append([a, b, c] if side > 0 else [a, c, b])
    return sorted(found)


def chained(rows: list[Point]) -> list[Point]:
    """The corners, counter-clockwise, one point after the other."""

    def half(sorted_: list[Point]) -> list[Point]:
        found: list[Point] = []
        for point in sorted_:
            while len(found) > 1 and turn(found[-2], found[-1], point) <= 0:
                found.pop()
            found.append(point)
        return found[:-1]

    distinct = sorted(set(rows))
    return half(distinct) + half(distinct[::-1]) if len(distinct) > 1 else distinct


@st.composite
def drawings(draw: st.DrawFn) -> list[Point]:
    """Few points on small grids, which are on lines, on circles and on each other; moved and
    stretched, up to coordinates that no machine has integers or floats for."""
    size = draw(st.integers(1, 4))
    place = st.tuples(st.integers(0, size), st.integers(0, size))
    rows = draw(st.lists(place, min_size=3, max_size=9))
    unit = draw(st.sampled_from([1, 7, 2**30, 10**13, 10**24, 10**60, 10**320]))
    shift = draw(st.sampled_from([0, -(10**9), 10**70]))
    jitter = draw(st.sampled_from([0, 0, 1]))
    return [
        (unit * x + shift + jitter * (k % 2), unit * y - shift) for k, (x, y) in enumerate(rows)
    ]


@pytest.mark.slow
@settings(deadline=None)
@given(drawings())
def test_every_triangle_is_one_that_rationals_find(rows: list[Point]) -> None:
    points = Points.of(*zip(*rows, strict=True))
    assert triangles_of(points).tolist() == brute(rows)


@settings(deadline=None)
@given(drawings())
def test_corners_of_the_hull_are_those_that_integers_find(rows: list[Point]) -> None:
    expected = [rows.index(point) for point in chained(rows)]
    start = expected.index(min(expected))
    assert hull_of(Points.of(*zip(*rows, strict=True))) == expected[start:] + expected[:start]


@settings(deadline=None, max_examples=30)
@given(st.integers(3, 60), st.integers(0, 2**32), st.sampled_from([5, 40, 10**6, 2**61, 10**25]))
def test_both_agree_and_cover_the_hull(count: int, seed: int, wide: int) -> None:
    drawn = np.random.default_rng(seed).integers(0, 2**62, (2, count)).astype(object) * wide >> 62
    points = Points.of(*drawn.tolist())
    rows = [tuple(row) for row in points.columns.T.tolist()]
    corners = [rows[k] for k in hull_of(points)]
    area = sum(
        a[0] * b[1] - a[1] * b[0] for a, b in zip(corners, corners[1:] + corners[:1], strict=True)
    )
    triangles = triangles_of(points).tolist()
    assert sum(turn(*(rows[k] for k in t)) for t in triangles) == area
    if area:
        assert {rows[k] for t in triangles for k in t} == set(rows)


@pytest.mark.parametrize("count", [50, 500, pytest.param(100_000, marks=pytest.mark.slow)])
def test_scipy_says_the_same_of_random_points(count: int) -> None:
    drawn = np.random.default_rng(count).random((count, 2))
    points = read_points("\n".join(f"{x!r} {y!r}" for x, y in drawn.tolist()), least=3)
    expected = scipy.spatial.ConvexHull(drawn).vertices
    assert hull_of(points) == np.roll(expected, -expected.argmin()).tolist()
    found = np.sort(triangles_of(points), axis=1)
    other = np.sort(scipy.spatial.Delaunay(drawn).simplices, axis=1)
    assert {*map(tuple, found.tolist())} == {*map(tuple, other.tolist())}


def test_a_polygon_on_a_circle_is_a_fan_from_its_first_point() -> None:
    ring = [(5, 0), (4, 3), (3, 4), (0, 5), (-3, 4), (-4, 3), (-5, 0), (0, -5)]
    order = [6, 2, 0, 4, 7, 1, 3, 5]
    triangles = triangles_of(Points.of(*zip(*(ring[k] for k in order), strict=True)))
    assert len(triangles) == 6
    assert (triangles[:, 0] == 0).all()


def test_a_long_chain_that_falls_point_by_point() -> None:
    rows = [(x, x * x) for x in range(1, 3000)]
    points = Points.of(*zip(*rows, (3000, -(10**9)), strict=True))
    assert hull_of(points) == [0, 2999, 2998]


@given(st.data())
def test_signs_are_exact_near_the_line_and_the_circle(data: st.DataObject) -> None:
    """Points at a distance of 1 from a line, or a circle, of any size."""
    size = data.draw(st.sampled_from([10**3, 10**7, 10**9, 10**15, 10**20, 10**40]))
    near = st.integers(-1, 1)
    p, q = data.draw(st.integers(1, size)), data.draw(st.integers(1, size))
    rows = [(0, 0), (p, q), (2 * p + data.draw(near), 2 * q + data.draw(near))]
    moved = [(x + 1, y + 1) for x, y in rows]
    plane = Plane(np.array(moved, dtype=object).T, (3 * size).bit_length())
    expected = np.sign(turn(*rows))
    places = [np.array([k]) for k in range(3)]
    assert plane.signs(TURN, *places)[0] == plane.sign(TURN, 0, 1, 2) == expected
    fourth = (p + data.draw(near), data.draw(near))
    rows = [(0, 0), (p, 0), (0, q), (p, q + data.draw(near)), fourth]
    plane = Plane(np.array(rows, dtype=object).T + 1, (3 * size).bit_length())
    for k in (3, 4):
        inside = power((0, 0), (p, 0), (0, q), rows[k])
        found = plane.signs(CIRCLE, *(np.array([n]) for n in (0, 1, 2, k)))
        assert found[0] == (inside > 0) - (inside < 0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1 2\n3 4\n", "found 2 points, expected 3 or more"),
        ("", "found 0 points"),
        ("1 2\n3\n4 5", ":2:2: found 1 number, expected two numbers, X Y"),
        ("1 2\n3 4 5\n", ":2:5: found 3 numbers"),
        ("1 2\n3 x # no\n", ":2:3: found 'x', expected a number"),
        ("1 nan\n", "NaN and infinity"),
    ],
)
def test_bad_points_are_told_where(text: str, told: str) -> None:
    with pytest.raises(InputError) as error:
        read_points(text, "points.txt", least=3)
    assert told in str(error.value)


def test_decimals_are_exact() -> None:
    points = read_points("0.1 0.1\n0.2,0.2 # on a line\n\n0.30000000000000004 0.3\n.3 .3", least=3)
    assert points.texts == ("0.1 0.1", "0.2 0.2", "0.30000000000000004 0.3", ".3 .3")
    assert hull_of(points) == [0, 2, 3]
    assert hull_of(read_points("1 1\n1 1\n1.0 1", least=3)) == [0]
    assert hull_of(read_points("1 1\n3 3\n2 2\n3 3", least=3)) == [0, 1]
