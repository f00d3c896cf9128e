"""A deadline holds from reading to printing; counted in looks at the clock, not in seconds."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce import clock
from abduce.errors import InputError
from abduce.symbolic.lambda_calculus import (
    STRATEGIES,
    Limits,
    NormalForm,
    OutOfFuel,
    Term,
    TooLarge,
    de_bruijn,
    encode,
    normal_form,
    parse,
    principal_type,
    reading,
    readings,
    steps,
    tokens,
)
from abduce.symbolic.lambda_calculus.codes import view
from abduce.symbolic.lambda_calculus.deadline import STRETCH, OutOfTime, within
from abduce.symbolic.lambda_calculus.eta import eta_normal
from abduce.symbolic.lambda_calculus.graphs import reduction_graph
from abduce.symbolic.lambda_calculus.layout import text_of
from abduce.symbolic.lambda_calculus.steps import contract, eta_redex, redexes

LARGE = 400_000
"""As a numeral: nodes for twelve looks at the clock."""


class Ticking:
    """A clock that goes on by a second at each look."""

    def __init__(self) -> None:
        self.looks = 0

    def __call__(self) -> float:
        self.looks += 1
        return float(self.looks)


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> Ticking:
    found = Ticking()
    monkeypatch.setattr(clock, "wall_s", found)
    return found


NUMERAL = encode(LARGE)
REDEX = parse(f"(\\x. x) {LARGE}")

PARTS: dict[str, Callable[[float], Any]] = {
    "reading a numeral with many beside it": lambda d: parse("5 " * 500_000, deadline=d),
    "reading definitions": lambda d: parse("a = 99999\nx " + "a " * 30, deadline=d),
    "printing": lambda d: text_of(view(NUMERAL.code), (), NUMERAL.binders, deadline=d),
    "de Bruijn text": lambda d: de_bruijn(NUMERAL, deadline=d),
    "tokens": lambda d: tokens(NUMERAL, deadline=d),
    "tokens with names": lambda d: tokens(NUMERAL, named=True, deadline=d),
    "a value": lambda d: readings(NUMERAL, deadline=d),
    "a list": lambda d: readings(encode([0] * 50), deadline=d),
    "a type": lambda d: principal_type(NUMERAL, deadline=d),
    "eta": lambda d: eta_normal(NUMERAL.codes, [0, 1], d),
    "an eta redex": lambda d: eta_redex(NUMERAL.codes, d),
    "redexes": lambda d: redexes(NUMERAL.codes, d),
    "a step": lambda d: contract(REDEX, 0, d),
    "steps": lambda d: list(steps(REDEX, deadline=d)),
    "a graph": lambda d: reduction_graph(REDEX, deadline=d),
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("after", [0, 3])
def test_every_part_gives_up_at_the_next_look(part: str, after: int, ticking: Ticking) -> None:
    with pytest.raises(OutOfTime):
        PARTS[part](float(after))
    assert ticking.looks == after + 1


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("after", [0, 3])
@pytest.mark.parametrize("eta", [False, True])
def test_reduction_gives_up_at_the_next_look(
    strategy: Any, after: int, eta: bool, ticking: Ticking
) -> None:
    if eta and "head" in strategy:
        return
    limits = Limits(deadline=float(after))
    found = normal_form(NUMERAL, strategy, eta=eta, limits=limits, engine="plain")
    assert found == OutOfFuel(0, "time", "plain")
    assert ticking.looks == after + 1


def test_between_two_looks_a_heap_of_limited_size_is_made() -> None:
    found = normal_form(NUMERAL, limits=Limits(cells=100_000), engine="plain")
    assert found == TooLarge("heap", 100_000, 0, "plain")


@pytest.mark.parametrize("engine", ["plain", "compiled"])
def test_variables_far_from_their_binders_are_looked_up_within_the_limits(
    engine: Any, ticking: Ticking
) -> None:
    """Nothing is reduced or written for long, but 3,000 variables are 30,000 binders away."""
    term = Term.of([1] * 30_000 + [0] * 3_000 + [30_001] * 3_001)
    limits = Limits(deadline=3.0)
    found = normal_form(term, limits=limits, engine=engine)
    assert isinstance(found, OutOfFuel)


@given(st.lists(st.integers(), max_size=5), st.integers(1, 3))
def test_within_a_deadline_every_item_is_there(items: list[int], times: int) -> None:
    many = items * times * (STRETCH // 4)
    assert list(within(many, None)) == many == list(within(many, float("inf")))


def test_a_long_text_is_cut_between_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "d = \\x yy.  (x (yy))  # c ( d\n\n(d # more ( words )\n  d) 12 (\\a. abc)\n# end"
    whole = parse(text)
    for part in range(1, 30):
        monkeypatch.setattr(reading, "PART", part)
        assert parse(text) == whole
        for wrong, line, column in ((text.replace("abc)", "abc) )"), 4, 19), (f"{text}\n?", 6, 1)):
            with pytest.raises(InputError) as caught:
                parse(wrong)
            assert (caught.value.line, caught.value.column) == (line, column), part


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 7, 8, 9, 1000, 1023])
@pytest.mark.parametrize("encoding", ["church", "scott"])
def test_numerals_are_read_back_by_leaps(number: int, encoding: Any) -> None:
    assert readings(encode(number, encoding), encoding)["int"] == number
    assert readings(encode([number, 3], encoding), encoding)["list"] == [number, 3]


def test_numerals_may_begin_with_zeros_and_are_not_too_large() -> None:
    assert parse("0000000000000002") == parse("2")
    assert parse("0" * 5000) == parse("0")
    for text in ("10000001", "9" * 5000, f"{'9' * 5000} x"):
        with pytest.raises(InputError, match="expected a numeral up to 10,000,000"):
            parse(text)


def test_definitions_are_limited_all_together() -> None:
    text = "\n".join(f"d{n} = 10000000" for n in range(20))
    with pytest.raises(InputError, match="100,000,000 nodes in all"):
        parse(f"{text}\nx")
    assert isinstance(normal_form(parse("d = 1000\nd d1")), NormalForm)
