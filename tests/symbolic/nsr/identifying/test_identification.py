"""Identifiability: the decision agrees with trying every relabelling, and never claims too much."""

from collections.abc import Sequence
from itertools import combinations, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.clock import OutOfTime
from abduce.symbolic.nsr.deduction.syntax import (
    JUXTAPOSITION,
    NULLARY,
    PARTNER,
    Category,
    Reach,
    Reading,
    Sign,
    parse,
)
from abduce.symbolic.nsr.identifying.categories import casts, goes_on, roles_of
from abduce.symbolic.nsr.identifying.identification import Identification, identify
from abduce.symbolic.nsr.identifying.relabelling import other_relabelling
from abduce.symbolic.nsr.identifying.rows import Readings, Watch, rows_of, value_of
from abduce.symbolic.nsr.identifying.separating import separating

Pair = tuple[tuple[str, ...], int]
PLUS = Reading.of(Sign(Category.INFIX, 10.0), lambda x, y: x + y)
MONUS = Reading.of(Sign(Category.INFIX, 10.0), lambda x, y: max(0, x - y))
TIMES = Reading.of(Sign(Category.INFIX, 20.0), lambda x, y: x * y)
TWICE = Reading.of(Sign(Category.PREFIX, 30.0), lambda x: 2 * x)
NEXT = Reading.of(Sign(Category.POSTFIX, 30.0), lambda x: x + 1)
OPEN = Reading.of(Sign(Category.CIRCUMFIX, partner=")"), lambda x: x)
CHOICE = Reading.of(Sign(Category.MIXFIX, 5.0, Reach.RIGHT, ":"), lambda x, y: 3 * x + y)
CLOSE = Reading.of(PARTNER, 0)


def numbers(count: int) -> dict[str, Reading]:
    return {str(n): Reading.of(NULLARY, n) for n in range(count)}


LEXICONS: tuple[Readings, ...] = (
    {**numbers(3), "+": PLUS, "-": MONUS},
    {**numbers(2), "+": PLUS, "(": OPEN, ")": CLOSE},
    {**numbers(2), "d": TWICE, "n": NEXT, "*": TIMES},
    {**numbers(3), "?": CHOICE, ":": CLOSE},
    {**numbers(3), "d": TWICE, JUXTAPOSITION: PLUS},
)


def words_of(readings: Readings) -> list[str]:
    return [word for word in readings if word != JUXTAPOSITION]


def drawn(readings: Readings, rng: Random, count: int, longest: int = 5) -> list[Pair]:
    """Random sentences that have a value."""
    rows: list[Pair] = []
    while len(rows) < count:
        words = tuple(rng.choices(words_of(readings), k=rng.randint(1, longest)))
        value = value_of(words, readings)
        if isinstance(value, int):
            rows.append((words, value))
    return rows


def holding(readings: Readings, pairs: Sequence[Pair]) -> list[dict[str, str]]:
    """Every relabelling of the symbols seen, none at all left out, under which all rows hold."""
    seen = [w for w in words_of(readings) if any(w in words for words, _ in pairs)]
    found: list[dict[str, str]] = []
    for labels in product(words_of(readings), repeat=len(seen)):
        to = dict(zip(seen, labels, strict=True))
        if all(value_of([to[w] for w in words], readings) == value for words, value in pairs):
            found.append(to)
    return [to for to in found if any(symbol != label for symbol, label in to.items())]


@settings(max_examples=40)
@given(st.sampled_from(LEXICONS), st.randoms(use_true_random=False), st.integers(1, 6))
def test_the_search_finds_a_relabelling_exactly_where_there_is_one(
    readings: Readings, rng: Random, count: int
) -> None:
    pairs = drawn(readings, rng, count)
    every = holding(readings, pairs)
    apart = [to for to in every if len(set(to.values())) == len(to)]
    rows = rows_of(pairs, readings)
    one, other = (other_relabelling(rows, Watch(), apart=apart) for apart in (True, False))
    assert one in apart if apart else one is None
    assert other in every if every else other is None


@settings(max_examples=40)
@given(st.sampled_from(LEXICONS), st.randoms(use_true_random=False), st.integers(1, 6))
def test_the_decision_is_that_of_trying_all(readings: Readings, rng: Random, count: int) -> None:
    pairs = drawn(readings, rng, count)
    found = identify(pairs, readings)
    every = holding(readings, pairs)
    apart = [to for to in every if len(set(to.values())) == len(to)]
    seen = {word for words, _ in pairs for word in words}
    assert set(found.seen) == seen
    assert set(found.unseen) == set(words_of(readings)) - seen
    moves = [{w: label for w, label in to.items() if w != label} for to in apart]
    pairs_held = {
        frozenset(pair)
        for pair in combinations(words_of(readings), 2)
        if {word: label for word, label in swap(*pair).items() if word in seen} in moves
    }
    assert {frozenset(each.pair or ()) for each in found.exchanges} == pairs_held
    verdict = "exchangeable" if pairs_held else "relabelled" if apart else "fixed"
    assert found.verdict == verdict
    if verdict == "fixed":
        assert (found.merging is not None, found.merging_known) == (bool(every), True)
    for each in (*found.exchanges, found.relabelling, found.merging):
        if each is not None and each.separating is not None:
            told = each.separating
            assert value_of(told.words, readings) == told.value
            moved = [each.moved.get(word, word) for word in told.words]
            assert value_of(moved, readings) == told.relabelled != told.value


def swap(first: str, second: str) -> dict[str, str]:
    return {first: second, second: first}


@settings(max_examples=200)
@given(st.sampled_from(LEXICONS), st.data())
def test_roles_alone_tell_whether_a_sentence_has_a_derivation(
    readings: Readings, data: st.DataObject
) -> None:
    words = data.draw(st.lists(st.sampled_from(words_of(readings)), min_size=1, max_size=7))
    role_of = {word: role for role, own in roles_of(readings).items() for word in own}
    roles = [role_of[word] for word in words]
    juxtaposed = JUXTAPOSITION in readings
    whole = goes_on(roles, juxtaposed, whole=True)
    assert whole == (parse(words, readings) is not None)
    if whole:
        assert all(goes_on(roles[:end], juxtaposed, whole=False) for end in range(len(roles)))


@pytest.mark.parametrize("readings", LEXICONS)
def test_no_shorter_sentence_separates_an_exchange(readings: Readings) -> None:
    for first, second in combinations(words_of(readings), 2):
        found = separating(swap(first, second), readings, Watch())
        assert found is not None
        for length in range(1, min(len(found.words), 4)):
            for words in product(words_of(readings), repeat=length):
                value = value_of(words, readings)
                moved = [swap(first, second).get(word, word) for word in words]
                assert value is None or value_of(moved, readings) == value


def test_three_symbols_in_a_circle_are_not_called_fixed() -> None:
    """No two of them can be exchanged, and all three can be moved on by one."""
    minus = Reading.of(Sign(Category.INFIX, 10.0), lambda x, y: (x - y) % 3)
    readings = {**numbers(3), "-": minus, "1'": Reading.of(NULLARY, 1)}
    rows = [(("1", "-", "0"), 1), (("2", "-", "1"), 1), (("0", "-", "2"), 1)]
    found = identify(rows, {word: readings[word] for word in "012-"})
    assert (found.verdict, found.exchanges) == ("relabelled", ())
    assert found.relabelling is not None
    assert set(found.relabelling.moved) == {"0", "1", "2"}
    assert found.relabelling.pair is None
    assert found.relabelling.separating is not None
    assert found.relabelling.separating.words == ("0",)
    assert identify([*rows, (("0",), 0)], {w: readings[w] for w in "012-"}).verdict == "fixed"


def test_what_stands_where_it_does_not_matter_may_be_merged() -> None:
    readings = {**numbers(3), "*": TIMES, "+": PLUS}
    rows = [(("0", "*", "2"), 0), (("1",), 1), (("0",), 0), (("1", "+", "1"), 2)]
    rows += [(("1", "*", "1"), 1)]
    found = identify(rows, readings)
    assert (found.verdict, found.merging_known) == ("fixed", True)
    assert found.merging is not None
    assert set(found.merging.moved) == {"2"}


def test_a_symbol_that_never_occurs_is_listed_and_may_be_what_another_is() -> None:
    readings = {**numbers(3), "*": TIMES, "+": PLUS}
    rows = [(("0", "*", "2"), 0), (("0",), 0), (("0", "+", "0"), 0)]
    found = identify(rows, readings)
    assert found.unseen == ("1",)
    assert [each.pair for each in found.exchanges] == [("*", "+"), ("2", "1")][
        1:
    ] or found.exchanges
    assert ("2", "1") in [each.pair for each in found.exchanges]


def test_words_that_mean_the_same_are_told_apart_by_a_label_only() -> None:
    readings = {**numbers(2), "uno": Reading.of(NULLARY, 1), "+": PLUS}
    found = identify([(("1", "+", "uno"), 2), (("0",), 0)], readings)
    (exchange,) = found.exchanges
    assert (exchange.pair, exchange.same, exchange.separating) == (("1", "uno"), True, None)


def test_no_time_is_no_verdict() -> None:
    readings = LEXICONS[0]
    pairs = drawn(readings, Random(1), 200)
    found = identify(pairs, readings, deadline=-1.0)
    assert (found.verdict, found.merging_known) == ("unknown", False)
    with pytest.raises(OutOfTime):
        other_relabelling(rows_of(pairs, readings), Watch(-1.0), apart=True)


def test_no_fuel_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    readings = {**numbers(3), "*": TIMES, "+": PLUS}
    rows = [(("0", "*", "2"), 0), (("1",), 1), (("0",), 0), (("1", "+", "1"), 2)]
    rows += [(("1", "*", "1"), 1)]
    home = "abduce.symbolic.nsr.identifying.identification"
    for name in ("A_ROW", "MERGING_FUEL"):
        monkeypatch.setattr(f"{home}.{name}", 0)
    found = identify(rows, readings)
    assert (found.verdict, found.merging, found.merging_known) == ("fixed", None, False)
    monkeypatch.setattr(f"{home}.RELABELLING_FUEL", 0)
    assert identify(rows, readings).verdict == "unknown"


def test_rows_that_the_lexicon_contradicts_fix_nothing() -> None:
    rows = [(("1", "+", "1"), 2), (("1",), 2), (("1", "1"), 2)]
    found = identify(rows, LEXICONS[0])
    assert (found.verdict, found.contradicted) == ("contradicted", (("1",), ("1", "1")))
    assert not found.exchanges
    assert found.relabelling is found.merging is None


def test_a_large_vocabulary_is_no_matter_of_recursion() -> None:
    readings = {**numbers(1_200), "+": PLUS}
    pairs = [((str(n),), n) for n in range(1_200)] + [(("1", "+", "2"), 3)]
    cast = next(casts(rows_of(pairs, readings), True, Watch()))
    assert cast["1199"].category is Category.NULLARY
    assert cast["+"].category is Category.INFIX


def test_the_verdict_is_plain_data() -> None:
    found: Identification = identify([(("1", "+", "2"), 3)], LEXICONS[0])
    told = found.as_json()
    assert told["verdict"] == "exchangeable"
    assert told["never_seen"] == ["0", "-"]
    assert told["exchanges"][0] == {
        "moved": {"1": "2", "2": "1"},
        "means_the_same": False,
        "separating": {"sentence": ["1"], "value": 1, "relabelled": 2},
    }
