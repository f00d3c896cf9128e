"""Where a runtime is looked at: in every box, and nothing that violates is passed over."""

from fractions import Fraction
from itertools import pairwise, product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from abduce.verify.bounds.query import queries
from abduce.verify.refutation.sampling import Ends, may_violate, sample
from abduce.verify.refutation.witness import spans
from abduce.verify.specifications.specification import Case, Specification
from abduce.verify.strategy import AUTOMATIC
from tests.networks import specification

quarters = st.integers(-8, 8).map(lambda n: n / 4)


def boxes(*corners: tuple[list[float], list[float]]) -> Specification:
    """Cases ``y <= 0``, one a box."""
    parts = [specification(low, high, [([0] * len(low), [1], 0.0, False)]) for low, high in corners]
    return Specification(len(corners[0][0]), 1, tuple(case for p in parts for case in p.cases))


@given(st.lists(st.tuples(quarters, quarters, quarters, quarters), min_size=1, max_size=6))
def test_every_box_has_a_point_and_every_point_is_a_float32_number_of_the_hull(
    ends: list[tuple[float, float, float, float]],
) -> None:
    corners = [([min(a, b), min(c, d)], [max(a, b), max(c, d)]) for a, b, c, d in ends]
    found = queries(boxes(*corners))
    points = sample(found, Ends(), np.random.default_rng(0))
    assert points.boxes == points.of == len(found)
    assert (points.x.astype(np.float32) == points.x).all()
    assert len(np.unique(points.x, axis=0)) == len(points.x)
    for query in found:
        inside = ((query.low <= points.x) & (points.x <= query.high)).all(-1)
        assert inside.any()
    low, high = np.array([c[0] for c in corners]), np.array([c[1] for c in corners])
    assert ((low.min(0) <= points.x) & (points.x <= high.max(0))).all()


def test_of_a_box_of_few_inputs_all_corners_are_looked_at() -> None:
    low, high = [-1.0, 0.5, 0.0, 2.0], [1.0, 0.5, 3.0, 4.0]
    points = sample(queries(boxes((low, high))), Ends(), np.random.default_rng(0)).x
    there = {tuple(point) for point in points.tolist()}
    assert set(product(*zip(low, high, strict=True))) <= there


def test_of_a_box_of_many_inputs_corners_are_drawn_and_its_centre_is_there() -> None:
    low, high = np.full(30, -1.0), np.full(30, 3.0)
    points = sample(queries(boxes((list(low), list(high)))), Ends(), np.random.default_rng(0)).x
    assert ((points == low) | (points == high)).all(-1).sum() == AUTOMATIC.checks.corners
    assert (points == 1.0).all(-1).any()


def test_no_hundredth_of_the_interval_of_an_input_is_missed() -> None:
    points = sample(queries(boxes(([0.0, 5.0], [1.0, 6.0]))), Ends(), np.random.default_rng(0)).x
    for values in (points[:, 0], points[:, 1] - 5.0):
        places = [0.0, *np.sort(values).tolist(), 1.0]
        assert max(b - a for a, b in pairwise(places)) < 4e-3


def test_of_too_many_boxes_some_are_drawn_and_the_same_ones_again() -> None:
    count = AUTOMATIC.checks.boxes + 50
    found = queries(boxes(*[([float(i)], [i + 0.5]) for i in range(count)]))
    one, same = (sample(found, Ends(), np.random.default_rng(3)) for _ in range(2))
    assert (one.boxes, one.of) == (AUTOMATIC.checks.boxes, count)
    assert np.array_equal(one.x, same.x)
    seen = {int(value) for value in np.floor(one.x[: AUTOMATIC.checks.boxes, 0])}
    assert len(seen) == AUTOMATIC.checks.boxes
    assert max(seen) > AUTOMATIC.checks.boxes


def test_where_attacks_end_is_looked_at() -> None:
    (query,) = queries(boxes(([0.0], [1.0])))
    ends = Ends()
    ends.add(query, np.array([[0.125], [0.3], [7.0]]))
    points = sample([query], ends, np.random.default_rng(0)).x[:, 0].tolist()
    assert {0.125, float(np.float32(0.3)), 1.0} <= set(points)


coefficients = st.integers(-4, 4).map(float)
values = st.one_of(quarters, st.floats(width=32, allow_nan=False))


@given(st.data())
def test_nothing_that_violates_is_passed_over(draws: st.DataObject) -> None:
    rows = draws.draw(st.integers(1, 3))

    def numbers(count: int) -> np.ndarray:
        return np.array([draws.draw(coefficients) for _ in range(count)])

    case = Case(
        np.full(2, -1.0),
        np.full(2, 1.0),
        numbers(rows * 2).reshape(rows, 2),
        numbers(rows * 2).reshape(rows, 2),
        numbers(rows) / 3,
        np.array([draws.draw(st.booleans()) for _ in range(rows)]),
    )
    properties = Specification(2, 2, (case,))
    x = np.array([[draws.draw(quarters) for _ in range(2)]])
    y = np.array([[draws.draw(values) for _ in range(2)]])
    (query,) = queries(properties)
    if properties.judged([Fraction(v) for v in x[0].tolist()], spans(y)):
        assert may_violate(query, x, y).tolist() == [0]
