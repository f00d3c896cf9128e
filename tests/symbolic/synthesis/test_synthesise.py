"""The search: what it finds explains the examples, and nothing cheaper does."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.grammars import enumerate_trees
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.primitives import INTEGER, LIST, PRIMITIVES
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import TooLargeError, compiled
from abduce.symbolic.programs.typed.terms import Term
from abduce.symbolic.programs.typed.typing import Signature
from abduce.symbolic.synthesis import (
    Budget,
    Example,
    GaveUp,
    Library,
    ProgramPrices,
    Solved,
    synthesise,
)
from abduce.symbolic.synthesis.enumeration.language import language
from abduce.symbolic.synthesis.examples import merged, spread
from abduce.symbolic.synthesis.techniques.oracle import pairs
from tests.symbolic.synthesis.number_programs import BINARY, library, terms

FEW = Budget(programs=60_000, bits=26)


def examples(
    function: Callable[[int, int], int], seed: int = 0, count: int = 30, largest: int = 40
) -> list[Example]:
    random = Random(seed)
    drawn = [(random.randint(0, largest), random.randint(0, largest)) for _ in range(count)]
    return [Example((x, y), function(x, y)) for x, y in drawn]


def values(term: Term, inputs: list[tuple[int, int]]) -> list[int] | None:
    run = compiled(Program(term, 2, library("minus").table), Alphabet())
    try:
        found = [run(*each) for each in inputs]
    except TooLargeError:
        return None
    return [f for f in found if isinstance(f, int) and f < 2**31] if found else None


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(terms(("plus", "minus"), depth=2), st.randoms(use_true_random=False))
def test_what_is_found_explains_all_examples(term: Term, random: Random) -> None:
    inputs = [(random.randint(0, 12), random.randint(0, 12)) for _ in range(12)]
    outputs = values(term, inputs)
    if outputs is None or len(outputs) < len(inputs):
        return
    given_ = [Example(i, o) for i, o in zip(inputs, outputs, strict=True)]
    found = synthesise(given_, BINARY, library("minus"), FEW)
    again = synthesise(given_, BINARY, library("minus"), FEW)
    assert found == again
    if isinstance(found, Solved):
        assert values(found.program.term, inputs) == outputs
        assert found.bits == found.program.bits(ProgramPrices())
        assert found.unexplained == 0


def test_the_cheapest_program_is_found_as_by_listing_all_of_them() -> None:
    """Every program of at most 13 bits, as the grammar lists them, by another way."""
    searched = language(BINARY, PRIMITIVES, ProgramPrices())
    inputs = [(0, 3), (4, 1), (2, 2), (5, 0), (1, 6), (3, 5)]
    least: dict[tuple[int, ...], float] = {}
    for _, tree in enumerate_trees(searched.grammar, cost=searched.cost, max_cost=13):
        term = leafed(tree, searched.leaves)
        outputs = values(term, inputs)
        if outputs is not None and len(outputs) == len(inputs):
            bits = Program(term, 2).bits(ProgramPrices())
            least[tuple(outputs)] = min(bits, least.get(tuple(outputs), bits))
    assert len(least) > 100
    budget = Budget(patience=10**9, constants=0)
    for outputs, bits in list(least.items())[:: len(least) // 12]:
        given_ = [Example(i, o) for i, o in zip(inputs, outputs, strict=True)]
        found = synthesise(given_, BINARY, budget=budget)
        assert isinstance(found, Solved)
        assert found.bits <= bits


def leafed(tree: Term, leaves: object) -> Term:
    if len(tree) == 1:
        return leaves[tree[0]]  # type: ignore[index]
    return (tree[0], *[leafed(part, leaves) for part in tree[1:]])


LEARNED: list[tuple[str, Callable[[int, int], int], tuple[str, ...]]] = [
    ("plus", lambda x, y: x + y, ()),
    ("minus", lambda x, y: max(0, x - y), ()),
    ("times", lambda x, y: x * y, ("plus",)),
    ("maximum", max, ("minus",)),
    ("distance", lambda x, y: abs(x - y), ("minus",)),
    ("twice the first, at 0 the second", lambda x, y: 2 * x if y else 7, ("plus",)),
]


@pytest.mark.parametrize(("name", "function", "known"), LEARNED, ids=[row[0] for row in LEARNED])
def test_arithmetic_is_learned_and_holds_beyond_the_examples(
    name: str, function: Callable[[int, int], int], known: tuple[str, ...]
) -> None:
    given_ = [*examples(function, largest=12), Example((3, 0), function(3, 0))]
    found = synthesise(given_, BINARY, library(*known), Budget(programs=300_000))
    assert isinstance(found, Solved)
    run = compiled(found.program, Alphabet())
    assert all(run(x, y) == function(x, y) for x in range(0, 40, 3) for y in range(0, 40, 3))


def test_ceiling_division_is_learned_from_minus_and_times() -> None:
    pytest.importorskip("z3")
    from abduce.symbolic.synthesis.proving.replacing import natively

    given_ = [e for e in examples(lambda x, y: -(-x // y) if y else 0) if e.arguments[1]]
    found = synthesise(given_, BINARY, natively(library("times")))
    assert isinstance(found, Solved)
    known = natively(library("times").added("divide", found.program))
    assert (known.entries[-1].proof or "").endswith("where y = 0 it is x")


@pytest.mark.parametrize("seed", range(2))
def test_wrong_examples_are_left_unexplained(seed: int) -> None:
    random = Random(seed)
    right = examples(lambda x, y: x + y, seed, 24, 20)
    wrong = [Example(e.arguments, random.randint(0, 40), 1.0) for e in examples(max, seed + 9, 4)]
    budget = Budget(noise=0.2, penalty=3, unsure=3_000)
    found = synthesise([*right, *wrong], BINARY, budget=budget)
    assert isinstance(found, Solved)
    assert str(found.program) in ("iterate(y, s + 1, x)", "iterate(x, s + 1, y)")
    assert 0 < found.unexplained <= 0.2 * 28
    bits = [candidate.bits for candidate in found.front]
    missed = [candidate.unexplained for candidate in found.front]
    assert bits == sorted(bits)
    assert missed == sorted(missed, reverse=True)
    assert len(set(zip(bits, missed, strict=True))) == len(bits)
    exact = synthesise([*right, *wrong], BINARY, budget=Budget(programs=3_000))
    assert isinstance(exact, GaveUp)


def test_votes_count() -> None:
    given_ = [Example((x,), 3, 1.0) for x in range(4)] + [Example((x,), x, 9.0) for x in range(4)]
    unary = Signature((INTEGER,), INTEGER)
    found = synthesise(given_, unary, budget=Budget(noise=0.3, unsure=100))
    assert isinstance(found, Solved)
    assert (str(found.program), found.unexplained) == ("x", 3.0)


LISTS: list[tuple[str, tuple[str, ...], Callable[..., list[str]], str]] = [
    ("twice", (LIST,), lambda x: x + x, "x x"),
    ("last", (LIST,), lambda x: x[-1:], "head(reverse(x))"),
    ("all but the last", (LIST,), lambda x: x[:-1], "reverse(tail(reverse(x)))"),
    ("the first moved to the end", (LIST,), lambda x: x[1:] + x[:1], "tail(x) head(x)"),
    ("constants", (LIST, LIST), lambda x, y: [*y, "Q", "R", *x], "y 'Q' 'R' x"),
    ("times a number", (LIST, INTEGER), lambda x, n: x * n, "iterate(y, x s, nil)"),
    ("from a place on", (LIST, INTEGER), lambda x, n: x[n:], "iterate(y, tail(s), x)"),
    ("by a number", (LIST, LIST, INTEGER), lambda x, y, n: y if n else x + y, "if_zero(z, x y, y)"),
]


@pytest.mark.parametrize(("sorts", "function", "shown"), [row[1:] for row in LISTS],
                         ids=[row[0] for row in LISTS])  # fmt: skip
def test_lists_are_learned_by_the_same_path(
    sorts: tuple[str, ...], function: Callable[..., list[str]], shown: str
) -> None:
    random, alphabet = Random(3), Alphabet()

    def argument(sort: str, row: int) -> list[str] | int:
        if sort == INTEGER:
            return row % 4
        return [random.choice("abcdefg") for _ in range(row % 6)]

    given_ = []
    for row in range(12):
        arguments = [argument(sort, row * (at + 1)) for at, sort in enumerate(sorts)]
        coded = [alphabet.encode(a) if isinstance(a, list) else a for a in arguments]
        given_.append(Example(tuple(coded), alphabet.encode(function(*arguments))))
    known, budget = Library(alphabet=alphabet), Budget(patience=0)
    found = synthesise(given_, Signature(sorts, LIST), known, budget)
    assert isinstance(found, Solved)
    assert str(found.program) == shown


def test_a_step_is_found_from_one_example_to_the_next() -> None:
    given_ = [Example((x, y), 3 * x + y) for x in range(5) for y in (1, 4)]
    assert len(pairs(given_, 0)) == 8
    assert all(pair.value == pair.state + 3 for pair in pairs(given_, 0))  # type: ignore[operator]
    found = synthesise(given_, BINARY)
    assert isinstance(found, Solved)
    assert str(found.program) == "iterate(x, s + 1 + 1 + 1, y)"


def test_a_program_without_arguments_is_a_constant() -> None:
    found = synthesise([Example((), 7)], Signature((), INTEGER))
    assert isinstance(found, Solved)
    assert str(found.program) == "7"


def test_a_search_that_does_not_find_says_why() -> None:
    given_ = examples(lambda x, y: (37 * x + 11 * y * y) % 7)
    cases = {
        "programs": Budget(programs=2_000),
        "cells": Budget(cells=2_000),
        "bits": Budget(bits=6),
    }
    for word, budget in cases.items():
        found = synthesise(given_, BINARY, budget=budget)
        assert isinstance(found, GaveUp)
        assert word in found.reason
    late = synthesise(given_, BINARY, seconds=0.0)
    assert isinstance(late, GaveUp)
    assert late.reason == "the time was up"


def test_two_outputs_for_one_input_are_not_explained() -> None:
    given_ = [Example((1,), 1), Example((1,), 2)]
    found = synthesise(given_, Signature((INTEGER,), INTEGER), budget=Budget(programs=5_000))
    assert isinstance(found, GaveUp)


@pytest.mark.parametrize(
    ("given_", "said"),
    [
        ([], "no examples"),
        ([Example((1,), 2)], r"1 argument\(s\) in example 1"),
        ([Example((1, "a"), 2)], "example 1"),
        ([Example((1, -1), 2)], "from 0 to"),
        ([Example((1, 1), 2, 0.0)], "weight"),
        ([Example((1, True), 2)], "example 1"),
    ],
)
def test_examples_of_another_type_are_refused(given_: list[Example], said: str) -> None:
    with pytest.raises(InputError, match=said):
        synthesise(given_, BINARY)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9)), min_size=1, max_size=40))
def test_the_working_examples_are_different_ones(rows: list[tuple[int, int]]) -> None:
    given_ = merged([Example((x,), y) for x, y in rows])
    assert sum(e.weight for e in given_) == len(rows)
    chosen = spread(given_, 10, 3)
    assert len(chosen) == len(set(chosen)) == min(10, len(given_))
