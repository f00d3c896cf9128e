"""Properties in Python: they mean what they say, print as they were written, and become VNN-LIB."""

import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from abduce.errors import InputError, UnsupportedError
from abduce.verify import Property, Proved, Refuted, variables, verify
from abduce.verify.specifications.expressions import Expression
from abduce.verify.specifications.vnnlib.reading import parse_property
from abduce.verify.specifications.vnnlib.writing import write_property
from tests.networks import Builder, relu_network
from tests.vnnlib_texts import COMPARE, GRID, found, same

x, y = variables((1, 2), 3)
BOX = (x >= -2) & (x <= [1.5, 2])

Point = tuple[list[Fraction], list[Fraction]]
Value = list[Fraction]
Made = tuple[Any, Callable[[Point], Any]]
"""An expression or a property, and its value at a point, computed from nothing of Abduce."""

points: st.SearchStrategy[Point] = st.tuples(
    st.lists(st.sampled_from(GRID), min_size=2, max_size=2),
    st.lists(st.sampled_from(GRID), min_size=3, max_size=3),
)
scalars = st.sampled_from(
    [0, 1, -1, 2, 0.5, -2.5, np.float32(0.25), Fraction(3, 4), Decimal("1.5")]
)


def exact(number: Any) -> Fraction:
    return Fraction(number.item() if isinstance(number, np.generic) else number)


def constant(number: Any) -> Made:
    return number, lambda at: [exact(number)]


def entry(which: int, place: int) -> Made:
    return (x, y)[which][place], lambda at: [at[which][place]]


def joined(sign: str, a: Made, b: Made) -> Made:
    """Of two sides of three entries, or of one; not both are numbers."""

    def value(at: Point) -> Value:
        left, right = a[1](at), b[1](at)
        left, right = left * (len(right) if len(left) == 1 else 1), right
        right = right * (len(left) if len(right) == 1 else 1)
        pairs = list(zip(left, right, strict=True))
        return [p + q if sign == "+" else p - q if sign == "-" else p * q for p, q in pairs]

    result = a[0] + b[0] if sign == "+" else a[0] - b[0] if sign == "-" else a[0] * b[0]
    return result, value


def contracted(which: int, matrix: list[list[int]]) -> Made:
    expression, size = (x, y)[which], (2, 3)[which]
    rows = [row[:size] for row in matrix]

    def value(at: Point) -> Value:
        pairs = (zip(row, at[which], strict=True) for row in rows)
        return [sum((factor * v for factor, v in row), Fraction(0)) for row in pairs]

    if matrix[0][0] > 0:
        return np.array(rows) @ expression, value
    return expression @ np.array(rows).T, value


def scaled(number: Any, made: Made, divided: bool) -> Made:
    factor = exact(number)
    if divided and factor and factor.numerator in (1, -1, 2):  # quotients that are float64 numbers
        return made[0] / number, lambda at: [v / factor for v in made[1](at)]
    return number * made[0], lambda at: [v * factor for v in made[1](at)]


entries = st.builds(entry, st.just(0), st.integers(0, 1)) | st.builds(
    entry, st.just(1), st.integers(0, 2)
)
matrices = st.lists(st.lists(st.integers(-2, 2), min_size=3, max_size=3), min_size=3, max_size=3)
threes = st.just((y, lambda at: at[1])) | st.builds(contracted, st.integers(0, 1), matrices)


def larger(inner: st.SearchStrategy[Made]) -> st.SearchStrategy[Made]:
    signs = st.sampled_from("+-")
    return st.one_of(
        st.builds(joined, signs, inner, inner),
        st.builds(joined, signs, inner, scalars.map(constant)),
        st.builds(joined, signs, scalars.map(constant), inner),
        st.builds(scaled, scalars, inner, st.booleans()),
        inner.map(lambda made: (-made[0], lambda at: [-v for v in made[1](at)])),
        inner.filter(lambda made: made[0].shape == (3,)).map(
            lambda made: (made[0].sum(), lambda at: [sum(made[1](at), Fraction(0))])
        ),
    )


expressions = st.recursive(entries | threes, larger, max_leaves=3)


def compared(sign: str, a: Made, b: Made) -> Made:
    left, right = a[0], b[0]
    results: dict[str, Callable[[], Property]] = {
        "<=": lambda: left <= right,
        ">=": lambda: left >= right,
        "<": lambda: left < right,
        ">": lambda: left > right,
        "==": lambda: left == right,
        "!=": lambda: left != right,
    }

    def truth(at: Point) -> bool:
        p, q = a[1](at), b[1](at)
        size = max(len(p), len(q))
        pairs = zip(p * (size // len(p)), q * (size // len(q)), strict=True)
        return all(COMPARE[sign](one, other) for one, other in pairs)

    return results[sign](), truth


def others(place: int, margin: Any, sign: str, turned: bool) -> Made:
    one = y[place] - margin
    results: dict[str, Callable[[], Property]] = {
        "<=": lambda: y.others >= one if turned else one <= y.others,
        ">=": lambda: y.others <= one if turned else one >= y.others,
        "<": lambda: y.others > one if turned else one < y.others,
        ">": lambda: y.others < one if turned else one > y.others,
    }

    def truth(at: Point) -> bool:
        rest = [v for j, v in enumerate(at[1]) if j != place]
        return all(COMPARE[sign](at[1][place] - exact(margin), v) for v in rest)

    return results[sign](), truth


def near(made: Made, centre: Any, radius: Any, clip: bool) -> Made:
    middle, spread = exact(centre), abs(exact(radius))

    def truth(at: Point) -> bool:
        inside = all(middle - spread <= v <= middle + spread for v in made[1](at))
        return inside and (not clip or all(middle - 1 <= v <= middle + 2 for v in made[1](at)))

    bounds = (middle - 1, middle + 2) if clip else None
    return made[0].near(centre, spread, clip=bounds), truth


def combined(sign: str, a: Made, b: Made) -> Made:
    p, q = a[1], b[1]
    if sign == "&":
        return a[0] & b[0], lambda at: p(at) and q(at)
    if sign == "|":
        return a[0] | b[0], lambda at: p(at) or q(at)
    return a[0].implies(b[0]), lambda at: not p(at) or q(at)


signs = st.sampled_from(list(COMPARE)[:4])
every_sign = st.sampled_from(["<=", ">=", "<", ">", "==", "!="])
comparisons = st.one_of(
    st.builds(compared, every_sign, expressions, expressions),
    st.builds(compared, every_sign, expressions, scalars.map(constant)),
    st.builds(compared, every_sign, scalars.map(constant), expressions),
    st.builds(others, st.integers(0, 2), scalars, signs, st.booleans()),
    st.builds(near, expressions, scalars, scalars, st.booleans()),
)
properties = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.builds(combined, st.sampled_from(["&", "|", "implies"]), inner, inner),
        inner.map(lambda made: (~made[0], lambda at: not made[1](at))),
    ),
    max_leaves=5,
)
in_box = st.builds(
    combined,
    st.just("implies"),
    st.just((BOX, lambda at: -2 <= at[0][0] <= 1.5 and -2 <= at[0][1] <= 2)),
    properties,
)


@given(in_box, st.lists(points, min_size=10, max_size=10))
def test_what_violates_a_property_is_where_it_does_not_hold(
    made: Made, places: list[Point]
) -> None:
    specification = made[0].specification()
    for at in places:
        assert found(specification, *at) != made[1](at)


@given(in_box, in_box, points)
def test_both_of_two_properties_hold_where_each_does(a: Made, b: Made, at: Point) -> None:
    both = (a[0] & b[0]).specification()
    assert found(both, *at) == (not (a[1](at) and b[1](at)))


@given(in_box)
def test_a_property_is_vnnlib_of_both_versions(made: Made) -> None:
    specification = made[0].specification()
    for version in ("1.0", "2.0"):
        text = made[0].to_vnnlib(version)
        read = parse_property(text, inputs=(1, 2), outputs=(3,))
        same(read, specification)
        assert write_property(read, version, (1, 2), (3,)) == text


@given(in_box.filter(lambda made: "…" not in str(made[0])))
def test_a_property_prints_as_python_that_makes_it_again(made: Made) -> None:
    text = str(made[0])
    again = eval(text, {"x": x, "y": y, "Fraction": Fraction, "Decimal": Decimal})
    assert str(again) == text
    same(again.specification(), made[0].specification())


@pytest.mark.parametrize(
    ("property_", "text"),
    [
        (2 * y[0] - y[1] + x[1] <= 4, "2 * y[0] - y[1] + x[1] <= 4"),
        (2 * (y[0] - (y[1] + x[1])) < -y[2], "2 * (y[0] - (y[1] + x[1])) < -y[2]"),
        (np.array([1, 2]) @ x >= (x / 2).sum(), "[1, 2] @ x >= (x / 2).sum()"),
        (BOX & (y > 0) | ~(y[0] == 1), "((x >= -2) & (x <= [1.5, 2.0]) & (y > 0)) | ~(y[0] == 1)"),
        (x.near([0, 1], 0.1, clip=(0, 1)), "x.near([0, 1], 0.1, clip=(0, 1))"),
        (BOX.implies(y[1] > y.others), f"({BOX}).implies(y[1] > y.others)"),
        (y[[0, 2]] <= y[1:].flatten(), "y[[0, 2]] <= y[1:].flatten()"),
        (y.others < y[0] - 0.5, "y[0] - 0.5 > y.others"),
        (variables(20, 1)[0] <= np.arange(20), "x <= [0, … 20 numbers …, 19]"),
    ],
)
def test_text(property_: Property, text: str) -> None:
    assert str(property_) == text


def test_numbers_are_those_of_python_and_are_rounded_once() -> None:
    one, out = variables(1, 1)
    property_ = one.near(Fraction(3, 10), 0.1).implies(0.7 * (0.1 * (3 * out[0])) > 0.1 + one[0])
    (case,) = property_.specification().cases
    assert case.lower[0] == float(Fraction(3, 10) - Fraction(0.1))
    assert case.outputs[0, 0] == float(3 * Fraction(0.7) * Fraction(0.1)) != 0.7 * 0.1 * 3
    assert case.bounds[0] == 0.1  # 0.21 y - x <= 0.1 violates it


def test_hypotheses_that_are_unions_are_several_cases() -> None:
    two = (x.near(0, 1) | x.near(5, [1, 2])).implies(y[0] > y.others)
    boxes = [(case.lower.tolist(), case.upper.tolist()) for case in two.specification().cases]
    assert boxes == [([-1, -1], [1, 1])] * 2 + [([4, 3], [6, 7])] * 2


def test_strict_bounds_and_their_negations() -> None:
    (case,) = ((x > 0) & (x <= 1)).implies(y[0] >= 0).specification().cases
    assert case.strict.tolist() == [True, True, True]
    assert (case.lower.tolist(), case.upper.tolist()) == ([0, 0], [1, 1])
    first, second = BOX.implies(x < 1).specification().cases
    assert (first.lower.tolist(), second.lower.tolist()) == ([1, -2], [-2, 1])
    assert first.strict.tolist() == second.strict.tolist() == []


def test_variables_leave_out_axes_of_one_entry() -> None:
    network = Builder((1, 1, 4, 1, 5))
    image, out = variables(network.network())
    assert image.shape == out.shape == (4, 5)
    assert variables((1, 1), ())[0].shape == variables(1, 1)[1].shape == (1,)
    assert str(image[2, 1:]) == "x[2, 1:]"
    assert [str(row) for row in image][3] == "x[3]"
    assert (image >= np.zeros((1, 4, 1, 5))).implies(out[0, 0] <= 0) is not None


MISTAKES: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "y[0] * y[1]": (lambda: y[0] * y[1], UnsupportedError, "Only numbers multiply x and y"),
    "(y @ y)": (lambda: y @ y, UnsupportedError, "Only numbers multiply"),
    "1 / y[0]": (lambda: 1 / y[0], UnsupportedError, "Only numbers multiply"),
    "y[0] ** 2": (lambda: y[0] ** 2, UnsupportedError, "Only numbers multiply"),
    "abs(y[0])": (lambda: abs(y[0]), UnsupportedError, r"\(e >= -r\) & \(e <= r\)"),
    "bool": (lambda: bool(x <= 1), TypeError, "not true or false: x <= 1\nWrite & for and"),
    "and": (lambda: x >= 0 and x <= 1, TypeError, r"not true or false: x >= 0\nWrite & for and"),
    "chained": (lambda: 0 <= x <= 1, TypeError, r"\(low <= x\) & \(x <= high\)"),
    "not": (lambda: not (x <= 1), TypeError, "~ for not"),
    "no parentheses": (lambda: x >= 0 & x <= 1, TypeError, r"\(x >= 0\) & \(x <= 1\), in paren"),
    "max": (lambda: max(y), TypeError, "not true or false"),
    "no property": (lambda: operator.and_(x >= 0, True), TypeError, "unsupported operand"),
    "other network": (lambda: x[0] + variables(1, 1)[0], ValueError, "variables of different netw"),
    "two": (lambda: (x > 0) & (variables(1, 1)[0] > 0), ValueError, "properties of different net"),
    "shapes": (lambda: x <= [1, 2, 3], ValueError, r"x <= \[1, 2, 3\]: shapes \(2,\) and \(3,\)"),
    "no broadcasting": (lambda: y <= np.zeros((3, 3)), ValueError, r"shapes \(3,\) and \(3, 3\)"),
    "matrix": (lambda: np.ones((3, 2)) @ y, ValueError, "y has shape"),
    "number": (lambda: y @ 2, ValueError, "y has shape"),
    "nan": (lambda: x <= np.nan, ValueError, "found nan, expected numbers that are finite"),
    "inf": (lambda: x[0] <= -np.inf, ValueError, "expected numbers that are finite"),
    "text": (lambda: x <= "1", TypeError, "found '1', expected an expression or numbers"),
    "none": (lambda: x == None, TypeError, "found None, expected an expression or numbers"),  # noqa: E711
    "list of entries": (lambda: x <= [y[0], 1], TypeError, "expected an expression or numbers"),
    "nothing": (lambda: x <= [], ValueError, "an array without entries"),
    "no entries": (lambda: y[3:], IndexError, r"y\[3:\] has no entries: y has shape \(3,\)"),
    "no such entry": (lambda: y[3], IndexError, "out of bounds"),
    "length": (lambda: len(y[0]), TypeError, r"y\[0\] is one entry"),
    "ball": (lambda: x.near([0, 9], 1, clip=(0, 1)), ValueError, "entry 1 of x: no number is with"),
    "radius": (lambda: x.near(0, -1), ValueError, "entry 0 of x: no number is within the radius"),
    "points": (lambda: y[0].near([1, 2], 1), ValueError, r"y\[0\] is one entry, and \[1, 2\] are"),
    "others of two": (lambda: y[:2] > y.others, ValueError, r"write y\[3\] > y.others"),
    "others of none": (lambda: y.others < 0, ValueError, "y.others is compared with 0, and not"),
    "others of x": (lambda: x[0] > y.others, ValueError, r"compared with x\[0\], and not with one"),
    "others of a sum": (lambda: y[0] + y[1] > y.others, ValueError, "not with one entry of y"),
    "no others": (
        lambda: variables(1, 1)[1][0] > variables(1, 1)[1].others,
        ValueError,
        "y has one entry: there are no y.others",
    ),
    "lower": (
        lambda: (x[0] >= 0).implies(y[0] > 0).specification(),
        InputError,
        r"found no lower bound of x\[1\], expected x\[1\] >= …\nBound every input",
    ),
    "upper": (
        lambda: (((x >= 0) & (x[1] <= 1)) | BOX).implies(y[0] > 0).to_vnnlib(),
        InputError,
        r"found no upper bound of x\[0\] in case 1 of 2, expected x\[0\] <= …",
    ),
    "no hypothesis": (lambda: (y[0] > 0).specification(), InputError, r"no lower bound of x\[0\]"),
    "large": (lambda: BOX.implies(many()).specification(), UnsupportedError, "more than 100,000 c"),
    "version": (lambda: BOX.implies(y > 0).to_vnnlib("3.0"), ValueError, r"VNN-LIB 3\.0; there a"),
    "range": (lambda: 1e308 * (10 * y) <= 1, OverflowError, "too large"),
}


def many() -> Property:
    """A conclusion whose negation has 3^11 cases."""
    parts = (y < number for number in range(11))
    return ~reduce(lambda a, b: a & b, (~part for part in parts))


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_told_with_what_to_do(name: str) -> None:
    mistake, kind, message = MISTAKES[name]
    with pytest.raises(kind, match=message):
        mistake()


def test_long_chains_are_read() -> None:
    long = BOX
    for number in range(3000):
        long = long.implies(y[0] <= number)
        long = (long & (x <= 2)) if number % 2 else ~~long
    assert long.formula is not None


def test_verify_takes_a_property() -> None:
    network = relu_network((np.array([[1.0, -1.0]]), np.zeros(2)), (np.eye(2), np.zeros(2)))
    one, out = variables(network)
    box = (one >= -1) & (one <= 1)
    assert isinstance(verify(network, box.implies(out >= -0.0625)), Proved)
    assert isinstance(verify(network, box.implies(out[0] + out[1] <= 1.0625)), Proved)
    verdict = verify(network, box.implies(out[0] > out.others))
    assert isinstance(verdict, Refuted)
    assert verdict.y[0] <= verdict.y[1]
    other, result = variables(3, 2)
    with pytest.raises(ValueError, match=r"a property of x \(3,\) and y \(2,\), where the network"):
        verify(network, other.near(0, 1).implies(result[0] > 0))


def test_an_expression_is_no_key() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(x[0])
    assert isinstance(x[0], Expression)
