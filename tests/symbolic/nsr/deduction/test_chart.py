"""The chart agrees with ``parse`` where words have one reading, and with enumeration elsewhere."""

import math
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.symbolic.nsr.deduction.chart import (
    Deduction,
    Derivation,
    GaveUp,
    deduce,
    derivations,
    positions_of,
)
from abduce.symbolic.nsr.deduction.syntax import (
    JUXTAPOSITION,
    NULLARY,
    Category,
    Reach,
    Reading,
    Sign,
    evaluate,
    parse,
)
from abduce.symbolic.programs.typed.primitives import INTEGER, LIST, Value
from abduce.symbolic.programs.typed.running import TooLargeError
from abduce.symbolic.programs.typed.typing import Signature
from tests.strategies import (
    PARTNERS,
    UNPAIRED,
    WORDS,
    lexicons,
    lexicons_and_sentences,
    meaning,
    readings,
    sentences,
)

WEIGHT = st.sampled_from([math.log(p) for p in (0.125, 0.25, 0.5, 1.0)])
Lexicon = dict[str, list[tuple[float, Reading]]]
CONTENT = UNPAIRED


def certain(lexicon: dict[str, Reading]) -> Lexicon:
    return {word: [(0.0, reading)] for word, reading in lexicon.items()}


def deduced(words: list[str], lexicon: Lexicon, **options: float) -> Deduction:
    found = deduce(*positions_of(words, lexicon), **options)  # type: ignore[arg-type]
    assert isinstance(found, Deduction)
    return found


def derived(words: list[str], lexicon: Lexicon, limit: int, **options: float) -> list[Derivation]:
    found = derivations(*positions_of(words, lexicon), limit, **options)  # type: ignore[arg-type]
    assert not isinstance(found, GaveUp)
    return list(found)


@settings(max_examples=100)
@given(lexicons_and_sentences(most=10))
def test_with_one_reading_a_word_the_chart_finds_what_parse_finds(drawn: tuple) -> None:
    lexicon, words = drawn
    code = parse(words, lexicon)
    expected = [] if code is None else [code]
    assert [list(d.code) for d in derived(words, certain(lexicon), 3)] == expected
    assert deduced(words, certain(lexicon)).values == {evaluate(c): 0.0 for c in expected}


@st.composite
def ambiguous(draw: st.DrawFn) -> tuple[Lexicon, list[str]]:
    """Two weighted readings for some words, and a sentence for one choice among them."""
    first = draw(lexicons())
    words = draw(sentences(first, 6))
    lexicon = {word: [(draw(WEIGHT), reading)] for word, reading in first.items()}
    for word in draw(st.lists(st.sampled_from(WORDS + PARTNERS), max_size=3, unique=True)):
        lexicon[word].append((draw(WEIGHT), draw(readings(word, CONTENT))))
    return lexicon, words


def by_enumeration(words: list[str], lexicon: Lexicon) -> dict[Value, float]:
    """Weights (not their logs) of values: ``parse`` with every reading at every place."""
    found: dict[Value, float] = {}
    empty = lexicon.get(JUXTAPOSITION, [])
    for choice in product(*(lexicon[word] for word in words)):
        # every place gets a name of its own, but for the partners, which are found by name
        names = [
            word if reading.category is Category.PARTNER else f"{word}{at}"
            for at, (word, (_, reading)) in enumerate(zip(words, choice, strict=True))
        ]
        one = {name: reading for name, (_, reading) in zip(names, choice, strict=True)}
        if empty:
            one[JUXTAPOSITION] = empty[0][1]
        code = parse(names, one)
        if code is not None:
            uses = sum(index < 0 for _, _, index in code)
            log_weight = sum(w for w, _ in choice) + uses * sum(w for w, _ in empty)
            value = evaluate(code)
            found[value] = found.get(value, 0.0) + math.exp(log_weight)
    return found


@settings(max_examples=80)
@given(ambiguous())
def test_several_readings_give_the_mixture_of_all_choices(drawn: tuple) -> None:
    lexicon, words = drawn
    expected = by_enumeration(words, lexicon)
    found = deduced(words, lexicon)
    assert {v: math.exp(w) for v, w in found.values.items()} == pytest.approx(expected)
    weights = list(found.values.values())
    assert weights == sorted(weights, reverse=True)
    if expected:
        assert sum(found.posterior.values()) == pytest.approx(1.0)
        assert math.exp(found.log_weight) == pytest.approx(sum(expected.values()))
        assert tuple(found.values) == tuple(found.posterior)
    else:
        assert not found.values


@settings(max_examples=50)
@given(ambiguous(), st.sampled_from([math.inf, 1.0, 3.0]))
def test_the_derivations_add_up_to_the_values(drawn: tuple, violation_bits: float) -> None:
    lexicon, words = drawn
    everything = derived(words, lexicon, 2_000, violation_bits=violation_bits)
    if len(everything) == 2_000:
        return
    total: dict[Value, float] = {}
    for derivation in everything:
        value = evaluate(derivation.code)
        total[value] = total.get(value, 0.0) + math.exp(derivation.log_weight)
    found = deduced(words, lexicon, violation_bits=violation_bits)
    assert {v: math.exp(w) for v, w in found.values.items()} == pytest.approx(total)


@settings(max_examples=50)
@given(ambiguous(), st.integers(1, 5))
def test_the_best_derivations_are_the_first_of_all(drawn: tuple, limit: int) -> None:
    lexicon, words = drawn
    everything = derived(words, lexicon, 500, violation_bits=2.0)
    few = derived(words, lexicon, limit, violation_bits=2.0)
    weights = [d.log_weight for d in everything]
    assert weights == sorted(weights, reverse=True)
    assert [d.log_weight for d in few] == pytest.approx(weights[:limit])
    assert all(
        step[1] is reading.meaning
        for d in few
        for step, reading in zip(d.code, d.readings, strict=True)
    )


def infix(level: float, symbol: str, reach: Reach = Reach.LEFT) -> Reading:
    return Reading.of(Sign(Category.INFIX, level, reach), meaning(symbol, Category.INFIX))


NAMES = {w: [(0.0, Reading.of(NULLARY, w))] for w in "wxyz"}
CHAIN = ["w", "+", "x", "*", "y", "+", "z"]
ARITHMETIC = {"+": [(0.0, infix(10.0, "+"))], "*": [(0.0, infix(20.0, "*"))], **NAMES}


def test_rival_levels_are_runners_up() -> None:
    times = [(math.log(0.75), infix(20.0, "*")), (math.log(0.25), infix(10.0, "*"))]
    found = deduced(CHAIN, {**ARITHMETIC, "*": times})
    assert found.posterior == pytest.approx(
        {"(+ (+ w (* x y)) z)": 0.75, "(+ (* (+ w x) y) z)": 0.25}
    )


def test_equal_values_of_rival_derivations_add_up() -> None:
    concat = Reading.of(Sign(Category.INFIX, 10.0), lambda x, y: x + y)
    rival = Reading.of(Sign(Category.INFIX, 20.0, Reach.RIGHT), lambda x, y: x + y)
    lexicon = {JUXTAPOSITION: [(math.log(0.5), concat), (math.log(0.5), rival)], **NAMES}
    found = deduced(["w", "x", "y"], lexicon)
    assert list(found.values) == ["wxy"]
    assert len(derived(["w", "x", "y"], lexicon, 9)) > 1


def test_broken_constraints_cost_bits_and_zero_bits_free_all_trees() -> None:
    priced = derived(CHAIN, ARITHMETIC, 9, violation_bits=4.0)
    assert len(priced) == 5  # all binary trees of four leaves
    violations = [-d.log_weight / (4.0 * math.log(2.0)) for d in priced]
    assert violations == pytest.approx([round(v) for v in violations])
    assert [round(v) for v in violations].count(0) == 1
    code = parse(CHAIN, {w: r[0][1] for w, r in ARITHMETIC.items()})
    assert list(priced[0].code) == code
    free = deduced(CHAIN, ARITHMETIC, violation_bits=0.0)
    assert list(free.posterior.values()) == pytest.approx([0.2] * 5)


def test_mixed_sorts_are_no_derivation_and_values_too_large_are_no_values() -> None:
    added = Signature(("a", "a"), "a")
    plus = Reading.of(Sign(Category.INFIX, 10.0), lambda x, y: x + y, added)

    def outgrow(value: Value) -> Value:
        raise TooLargeError

    lexicon = {
        "x": [
            (math.log(0.5), Reading.of(NULLARY, "x", Signature((), LIST))),
            (math.log(0.5), Reading.of(NULLARY, 1, Signature((), INTEGER))),
        ],
        "+": [(0.0, plus)],
        "double": [(0.0, Reading.of(Sign(Category.POSTFIX, 10.0), lambda x: x + x))],
        "outgrow": [(0.0, Reading.of(Sign(Category.POSTFIX, 10.0), outgrow))],
    }
    assert deduced(["x", "+", "x"], lexicon).posterior == pytest.approx({2: 0.5, "xx": 0.5})
    assert deduced(["x", "outgrow"], lexicon).values == {}
    assert next(iter(deduced(["x", *["double"] * 30], lexicon).values)) == 2**30


def test_of_equal_weights_integers_and_lesser_values_come_first() -> None:
    rivals = [(0.0, Reading.of(NULLARY, v)) for v in ("b", 7, "a", 3)]
    assert list(deduced(["x"], {"x": rivals}).values) == [3, 7, "a", "b"]


def test_unknown_words_and_readings_of_no_weight_leave_no_derivation() -> None:
    assert deduced(["w", "+", "unknown"], ARITHMETIC).values == {}
    assert deduced([], ARITHMETIC).values == {}
    assert deduced(["w"], {"w": [(-math.inf, Reading.of(NULLARY, "w"))]}).values == {}


def test_forty_words_with_one_reading_each_are_soon_deduced() -> None:
    lexicon = {**ARITHMETIC, JUXTAPOSITION: [(0.0, infix(30.0, "", Reach.RIGHT))]}
    words = ["x", "+", "y", "z", "*", "w"] * 7
    one = {word: rivals[0][1] for word, rivals in lexicon.items()}
    code = parse(words, one)
    assert code is not None
    assert deduced(words, lexicon).values == {evaluate(code): 0.0}


@pytest.mark.parametrize(
    ("words", "lexicon"),
    [
        (["x"] * 10_000, {**NAMES, JUXTAPOSITION: [(0.0, infix(10.0, ""))]}),
        (["x", *["+", "x"] * 40], {"+": [(0.0, infix(10.0, f"{i}")) for i in range(5)], **NAMES}),
        (["x", *["d"] * 19], {"d": [(0.0, Reading.of(Sign(Category.POSTFIX), str.__mul__))]}),
    ],
)
def test_without_fuel_the_chart_gives_up(words: list[str], lexicon: Lexicon) -> None:
    doubled = Reading.of(Sign(Category.POSTFIX, 10.0), lambda x: x + x)
    lexicon = {**NAMES, **lexicon} | ({"d": [(0.0, doubled)]} if "d" in lexicon else {})
    for found in (
        deduce(*positions_of(words, lexicon), max_items=5_000),
        derivations(*positions_of(words, lexicon), 3, max_items=100),
    ):
        assert isinstance(found, GaveUp)
        assert str(found.items) in found.reason
