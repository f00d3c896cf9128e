"""Posteriors of positions equal those by enumeration of all readings, compiled or not."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.symbolic.nsr.deduction.chart import Candidate, GaveUp, deduce
from abduce.symbolic.nsr.deduction.charts import Charts, Limits, TooMuch
from abduce.symbolic.nsr.deduction.outside import Posteriors, posteriors
from abduce.symbolic.nsr.deduction.syntax import (
    NULLARY,
    Category,
    Reading,
    Sign,
    evaluate,
    parse,
)
from abduce.symbolic.nsr.deduction.tables import Tables
from abduce.symbolic.programs.typed.primitives import Value
from tests.strategies import lexicons, sentences

CONTENT = [c for c in Category if c is not Category.PARTNER]
ARITHMETIC = {
    **{str(n): Reading.of(NULLARY, n) for n in range(4)},
    "+": Reading.of(Sign(Category.INFIX, 10.0), lambda x, y: x + y),
    "-": Reading.of(Sign(Category.INFIX, 10.0), lambda x, y: max(0, x - y)),
    "*": Reading.of(Sign(Category.INFIX, 20.0), lambda x, y: x * y),
    "/": Reading.of(Sign(Category.INFIX, 20.0), lambda x, y: -(-x // y) if y else None),  # type: ignore[arg-type,return-value]
    "(": Reading.of(Sign(Category.CIRCUMFIX, partner=")"), lambda x: x),
    ")": Reading.of(Sign(Category.PARTNER), 0),
}
"""HINT's language with four digits."""
LIMITS = Limits()


@st.composite
def seen(draw: st.DrawFn) -> tuple[dict[str, Reading], np.ndarray, Value]:
    """A lexicon, what is seen of a sentence, and a value that the sentence can have, or any."""
    lexicon = {w: r for w, r in draw(lexicons(paired=False)).items() if w}
    words = draw(sentences(lexicon, 5))
    names = list(lexicon)
    rows = np.zeros((len(words), len(names)))
    for at, word in enumerate(words):
        others = draw(st.lists(st.integers(0, len(names) - 1), max_size=2))
        for number in (names.index(word), *others):
            rows[at, number] = draw(st.sampled_from([0.125, 0.25, 0.5, 1.0]))
    rows /= np.maximum(rows.sum(axis=1, keepdims=True), 1e-9)
    code = parse(words, lexicon)
    return lexicon, rows, "nothing" if code is None else evaluate(code)


def by_enumeration(lexicon: dict[str, Reading], rows: np.ndarray, value: Value) -> np.ndarray:
    """Weights by position and symbol, over all sentences of the value."""
    names, found = list(lexicon), np.zeros(rows.shape)
    choices = [np.flatnonzero(row).tolist() for row in rows]
    for choice in product(*choices) if choices else ():
        code = parse([names[n] for n in choice], lexicon)
        if code is not None and evaluate(code) == value:
            weight = math.prod(row[n] for row, n in zip(rows, choice, strict=True))
            for at, n in enumerate(choice):
                found[at, n] += weight
    return found


def general(lexicon: dict[str, Reading], rows: np.ndarray, value: Value) -> Posteriors:
    positions = [
        [Candidate(math.log(p), w, r) for p, (w, r) in zip(row, lexicon.items(), strict=True) if p]
        for row in rows
    ]
    found = posteriors(positions, (), value)
    assert isinstance(found, Posteriors)
    return found


def compiled(lexicon: dict[str, Reading], limits: Limits = LIMITS) -> Charts:
    one = {word: [(1.0, reading)] for word, reading in lexicon.items()}
    return Charts(one, Tables(lambda value: True, most=4096, operands=64), limits)


@settings(max_examples=80)
@given(seen())
def test_the_outside_pass_is_the_sum_over_all_readings(drawn: tuple) -> None:
    lexicon, rows, value = drawn
    expected = by_enumeration(lexicon, rows, value)
    found = general(lexicon, rows, value)
    total = expected[0].sum() if len(rows) else 0.0
    assert math.exp(found.log_weight) == pytest.approx(total)
    for row, shares, weights in zip(rows, found.shares, expected, strict=True):
        assert list(shares) == pytest.approx(list(weights[row > 0] / (total or 1.0)))


@settings(max_examples=60, deadline=None)
@given(seen())
def test_the_compiled_chart_agrees(drawn: tuple) -> None:
    lexicon, rows, value = drawn
    if len(rows) == 0:
        return
    expected = by_enumeration(lexicon, rows, value)
    total = expected[0].sum()
    found = compiled(lexicon).given(rows, value)
    assert not isinstance(found, TooMuch)
    assert (found.probability > 0) == (total > 0)
    if total:
        assert found.symbols == pytest.approx(expected / total)
        assert found.readings == pytest.approx(found.symbols.sum(axis=0))
    assert found.dropped == pytest.approx(0.0)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 5), st.integers(0, 12))
def test_posteriors_of_arithmetic_are_shares_of_all_sentences(
    seed: int, n: int, value: int
) -> None:
    rows = np.random.default_rng(seed).dirichlet(np.full(len(ARITHMETIC), 0.5), n)
    rows[rows < 0.02] = 0.0
    found = compiled(ARITHMETIC).given(rows, value)
    expected = {}
    names = list(ARITHMETIC)
    for choice in product(*[np.flatnonzero(row).tolist() for row in rows]):
        code = parse([names[k] for k in choice], ARITHMETIC)
        weight = math.prod(row[k] for row, k in zip(rows, choice, strict=True))
        given_ = None
        if code is not None:
            try:
                given_ = evaluate(code)
            except TypeError:  # a quotient by zero has no value, and is an operand
                given_ = None
        if given_ is not None:
            expected[choice] = weight, given_
    total = sum(w for w, v in expected.values() if v == value)
    assert not isinstance(found, TooMuch)
    assert (found.probability > 0) == (total > 0)
    for at in range(n):
        for k in range(len(names)):
            weight = sum(w for c, (w, v) in expected.items() if v == value and c[at] == k)
            assert found.symbols[at, k] == pytest.approx(weight / (total or 1.0), abs=1e-9)


def test_what_is_left_out_is_told() -> None:
    rows = np.full((9, len(ARITHMETIC)), 0.01)
    for at in range(9):
        rows[at, 1 if at % 2 == 0 else 4] = 1.0
    rows /= rows.sum(axis=1, keepdims=True)
    found = compiled(ARITHMETIC, Limits(exact=7, symbols=1)).given(rows, 5)
    assert not isinstance(found, TooMuch)
    assert found.dropped == pytest.approx(1 - rows.max(axis=1).prod())
    few = Charts(
        {word: [(1.0, reading)] for word, reading in ARITHMETIC.items()},
        Tables(lambda value: value <= 2),
    ).given(rows[:5], 2)
    assert not isinstance(few, TooMuch)
    assert 0.5 < few.dropped < 1.0


def test_fuel_bounds_both_ways() -> None:
    rows = np.full((7, len(ARITHMETIC)), 1 / len(ARITHMETIC))
    assert isinstance(compiled(ARITHMETIC, Limits(edges=50)).given(rows, 1), TooMuch)
    assert isinstance(compiled(ARITHMETIC, Limits(steps=50)).given(rows, 1), TooMuch)
    one = [Candidate(0.0, str(n), ARITHMETIC[str(n)]) for n in range(4)]
    assert isinstance(posteriors([one], (), 1, max_items=3), GaveUp)


@settings(max_examples=30, deadline=None)
@given(seen())
def test_the_likeliest_derivation_is_the_heaviest(drawn: tuple) -> None:
    lexicon, rows, _ = drawn
    names = list(lexicon)
    weights = [
        math.prod(row[k] for row, k in zip(rows, choice, strict=True))
        for choice in product(*[np.flatnonzero(row).tolist() for row in rows])
        if choice and parse([names[k] for k in choice], lexicon) is not None
    ]
    found = compiled(lexicon).likeliest(rows) if len(rows) else None
    if not weights:
        assert found is None
    else:
        assert found is not None
        assert parse([names[k] for k in found], lexicon) is not None
        heaviest = math.prod(row[k] for row, k in zip(rows, found, strict=True))
        assert heaviest == pytest.approx(max(weights))


def test_a_fraction_is_a_meaning() -> None:
    from fractions import Fraction

    half = Reading.of(NULLARY, Fraction(1, 2))  # type: ignore[arg-type]
    found = deduce([[Candidate(0.0, "half", half)]])
    assert not isinstance(found, GaveUp)
    assert list(found.values) == [Fraction(1, 2)]
