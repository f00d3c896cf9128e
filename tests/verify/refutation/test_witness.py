"""What refutes a property is judged by its text, in rational arithmetic."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.verify.bounds.affine.layers import layers_of
from abduce.verify.bounds.query import queries
from abduce.verify.networks.functions.smooth.tanh import TANH
from abduce.verify.networks.network import Affine, Network, Sum
from abduce.verify.refutation.witness import Court, around
from abduce.verify.specifications.specification import (
    Span,
    Specification,
    violated,
    violated_exactly,
)
from abduce.verify.specifications.vnnlib.reading import parse_property, read_property
from abduce.verify.strategy import CheckConfig
from abduce.verify.verdict import Proved, Refuted, Verdict
from abduce.verify.verification import Budget, Semantics, verify
from tests.networks import Builder

BRIEF = Budget(timeout_s=0.3)
DECLARED = "(declare-const X_0 Real)(declare-const X_1 Real)(declare-const Y_0 Real)"
SINGLE = 0.10000000149011612  # the float32 number next to 0.1: ...0149011611938476562 exactly
numbers = st.integers(-8, 8).map(lambda n: Fraction(n, 4))
words = st.one_of(
    numbers.map(lambda n: str(float(n))), st.sampled_from(["X_0", "X_1", "Y_0"]), st.just("X_1")
)


def terms(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda parts: f"(+ {' '.join(parts)})"),
        several.map(lambda parts: f"(- {' '.join(parts)})"),
        st.tuples(numbers, inner).map(lambda part: f"(* {float(part[0])} {part[1]})"),
    )


def formulas(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda parts: f"(and {' '.join(parts)})"),
        several.map(lambda parts: f"(or {' '.join(parts)})"),
        inner.map(lambda part: f"(not {part})"),
    )


term = st.recursive(words, terms, max_leaves=4)
atom = st.tuples(st.sampled_from(["<=", ">=", "<", ">", "="]), term, term).map(
    lambda parts: "({} {} {})".format(*parts)
)
formula = st.recursive(atom, formulas, max_leaves=5)


def parsed(*assertions: str, box: str = "-2 2") -> Specification:
    low, high = box.split()
    bounds = "".join(f"(assert (and (>= X_{i} {low}) (<= X_{i} {high})))" for i in (0, 1))
    return parse_property(DECLARED + bounds + "".join(f"(assert {a})" for a in assertions))


@given(formula, formula, numbers, numbers, numbers)
def test_the_text_is_what_its_cases_are(
    first: str, second: str, a: Fraction, b: Fraction, y: Fraction
) -> None:
    """All numbers are binary fractions: the reader rounds nothing."""
    properties = parsed(first, second)
    ours = properties.judged([a, b], [(y, y)])
    theirs = any(violated_exactly(case, [a, b], [y]) for case in properties.cases)
    assert ours == theirs
    assert Specification(2, 1, properties.cases).judged([a, b], [(y, y)]) == theirs


SECOND_VERSION = """(vnnlib-version <2.0>)
(declare-network N (declare-input X float32 [2]) (declare-output Y float32 [1]))
"""


@given(atom, atom, numbers, numbers, numbers)
def test_the_text_of_the_second_version_is_what_its_cases_are(
    first: str, second: str, a: Fraction, b: Fraction, y: Fraction
) -> None:
    box = "".join(f"(assert (and (>= X_{i} -2.0) (<= X_{i} 2.0)))" for i in (0, 1))
    text = f"{box}(assert (or {first} {second.replace('=', '==')}))".replace("<==", "<=")
    text = text.replace(">==", ">=") + f"(assert (or (!= X_0 {float(a)}) (== X_1 {float(b)})))"
    for old, new in (("X_0", "X[0]"), ("X_1", "X[1]"), ("Y_0", "Y[0]")):
        text = text.replace(old, new)
    properties = parse_property(SECOND_VERSION + text)
    theirs = any(violated_exactly(case, [a, b], [y]) for case in properties.cases)
    assert properties.judged([a, b], [(y, y)]) == theirs


@given(formula, numbers, numbers, numbers, st.lists(numbers, min_size=1, max_size=4))
def test_what_is_told_of_a_span_holds_in_all_of_it(
    text: str, a: Fraction, b: Fraction, low: Fraction, steps: list[Fraction]
) -> None:
    ends = [low + abs(step) for step in steps]
    span: Span = low, max(ends)
    for properties in (both := parsed(text)), Specification(2, 1, both.cases):
        told = properties.judged([a, b], [span])
        if told is not None:
            assert {properties.judged([a, b], [(y, y)]) for y in (low, *ends)} == {told}


singles = st.floats(-1e6, 1e6, width=32).filter(lambda value: abs(value) > 1e-30)


@given(singles, st.integers(14, 24), st.sampled_from(["<=", ">=", "<", ">"]))
def test_float32_numbers_are_in_the_box_exactly_if_they_are_in_the_text(
    value: float, digits: int, comparison: str
) -> None:
    word = f"{value:.{digits}g}"
    text = f"({comparison} X_0 {word})" if digits % 2 else f"({FLIPPED[comparison]} {word} X_0)"
    (case,) = parsed(text, box="-1e7 1e7").cases
    near = np.float32(value)
    for x in (
        np.nextafter(near, np.float32(-np.inf)),
        near,
        np.nextafter(near, np.float32(np.inf)),
    ):
        exact = COMPARED[comparison](Fraction(float(x)), Fraction(word))
        inside = case.lower[0] <= float(x) <= case.upper[0]
        assert inside == exact or (not exact and float(x) == float(word) and comparison in "<>")


FLIPPED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}
COMPARED: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
}


@given(singles, st.integers(6, 24))
def test_an_input_that_is_fixed_keeps_its_place_in_a_box(value: float, digits: int) -> None:
    word = f"{value:.{digits}g}"
    (case,) = parsed(f"(= X_0 {word})", box="-1e7 1e7").cases
    assert case.lower[0] == case.upper[0]
    low, high = np.nextafter(case.lower[0], -np.inf), np.nextafter(case.upper[0], np.inf)
    assert Fraction(float(low)) <= Fraction(word) <= Fraction(float(high))
    single = float(np.float32(case.lower[0])) == case.lower[0]
    assert not single or Fraction(word) == Fraction(float(case.lower[0]))
    assert parsed(f"(= X_0 {word})", box="-1e7 1e7").decimal(0, case.lower[0]) == Fraction(word)


def identity() -> Network:
    """y = x_0, computed by an operation."""
    builder = Builder((2,))
    builder.add(Affine(np.array([1.0, 0.0]), np.zeros(2)))
    builder.add(Sum((0,), True), (1,))
    return builder.network()


def answer(text: str, semantics: Semantics = "real", network: Network | None = None) -> Verdict:
    return verify(
        network or identity(), parse_property(DECLARED + text), BRIEF, semantics=semantics
    )


SECOND = "(assert (and (>= X_1 0) (<= X_1 1)))"


@pytest.mark.parametrize("semantics", ["real", "float32"])
def test_an_output_that_only_rounding_puts_at_a_bound_refutes_nothing(
    semantics: Semantics,
) -> None:
    exactly = "0.100000001490116119384765625"
    fixed = f"(assert (= X_0 {exactly})){SECOND}"
    for digits in (-30, -40):
        less = Fraction(exactly) - Fraction(10) ** digits
        below = f"(assert (<= Y_0 {float(less)!r}))"
        assert isinstance(answer(fixed + below, semantics), Refuted)
    word = "0.1000000014901161193847656249999999"
    assert float(word) == SINGLE
    assert not isinstance(answer(f"{fixed}(assert (<= Y_0 {word}))", semantics), Refuted)
    assert isinstance(answer(f"{fixed}(assert (<= Y_0 {exactly}))", semantics), Refuted)


@pytest.mark.parametrize("semantics", ["real", "float32"])
def test_an_input_beyond_its_decimal_bound_refutes_nothing(semantics: Semantics) -> None:
    """0.10000000149011612 is more than the float32 number that it is rounded to."""
    lower = f"(assert (>= X_0 {SINGLE!r})){SECOND}"
    found = answer(f"{lower}(assert (<= X_0 1))(assert (<= Y_0 0.2))", semantics)
    assert isinstance(found, Refuted)
    assert Fraction(found.x[0].item()) >= Fraction("0.10000000149011612")
    above = "(assert (<= Y_0 0.100000002))"
    found = answer(f"{lower}(assert (<= X_0 1)){above}", semantics)
    assert not isinstance(found, Refuted | Proved)


@pytest.mark.parametrize("semantics", ["real", "float32"])
@pytest.mark.parametrize("word", ["0.1", "0.10000000149011612", "0.10000000149011611", "1e-60"])
def test_a_fixed_input_that_is_no_float32_number_can_refute(
    word: str, semantics: Semantics
) -> None:
    fixed = f"(assert (>= X_0 {word}))(assert (<= X_0 {word})){SECOND}"
    seen: list[np.ndarray] = []

    def replay(x: np.ndarray) -> np.ndarray:
        seen.append(x.astype(np.float32))
        return seen[-1][:1]

    properties = parse_property(DECLARED + fixed + "(assert (<= Y_0 0.5))")
    found = verify(identity(), properties, BRIEF, semantics=semantics, replay=replay)
    assert isinstance(found, Refuted)
    assert abs(Fraction(found.x[0].item()) - Fraction(word)) <= Fraction(1, 2**50)
    assert seen[-1][0] == np.float32(float(word))
    safe = parse_property(DECLARED + fixed + "(assert (>= Y_0 0.5))")
    assert isinstance(verify(identity(), safe, BRIEF, semantics=semantics), Proved)


def test_a_box_without_float32_numbers_stands_for_the_nearest_one_in_float32() -> None:
    """The runtime computes with 0.1000000015, which is more than the input may be."""
    fixed = f"(assert (= X_0 0.1)){SECOND}"
    above = "(assert (>= Y_0 0.1000000001))"
    assert isinstance(answer(fixed + above), Proved)
    assert not isinstance(answer(fixed + above, "float32"), Proved)


def test_exact_outputs_and_enclosures_judge_alike() -> None:
    network = identity()
    layers = layers_of(network)
    for config in (CheckConfig(), CheckConfig(exact_work=0.0)):
        for bound, refuted in (("0.5", True), ("0.25", False)):
            properties = parsed(f"(>= Y_0 {bound})" if refuted else f"(< Y_0 {bound})")
            court = Court(network, properties, layers, None, config)
            (query,) = queries(properties)
            found = court.judged(query, np.array([0.625, 0.5]))
            assert isinstance(found, Refuted) == refuted


def test_an_enclosure_that_reaches_a_bound_decides_nothing() -> None:
    builder = Builder((2,))
    builder.add(TANH)
    builder.add(Affine(np.array([1.0, 0.0]), np.zeros(2)))
    builder.add(Sum((0,), True), (1,))
    network = builder.network()
    value = float(np.tanh(0.5))
    for margin, refuted in ((1e-9, True), (0.0, False)):
        properties = parsed(f"(<= Y_0 {value + margin!r})")
        court = Court(network, properties, layers_of(network), None)
        (query,) = queries(properties)
        found = court.judged(query, np.array([0.5, 0.5]))
        assert isinstance(found, Refuted) == refuted


def test_doubles_around_rationals_are_next_to_them() -> None:
    low, high = around([Fraction(1, 3), Fraction(1, 2)])
    assert Fraction(low[0, 0].item()) < Fraction(1, 3) < Fraction(high[0, 0].item())
    assert low[0, 1] == high[0, 1] == 0.5


def test_published_counterexamples_hold_in_the_text(data: Path) -> None:
    """Those of float32 numbers, with some room to the bounds."""
    place = data / "verify" / "test"
    properties = read_property(place / "test_small.vnnlib")
    for case in properties.cases:
        x, y = (case.lower + case.upper) / 2, np.full(properties.outputs, 1e6)
        exactly = [Fraction(v) for v in x.tolist()], [(Fraction(v),) * 2 for v in y.tolist()]
        hit = any(violated(c, x, y) for c in properties.cases)
        assert properties.judged(*exactly) == hit  # type: ignore[arg-type]
