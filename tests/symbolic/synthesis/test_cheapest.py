"""The cheapest programs of numbers: in order, different, and none left out, by a second way."""

from itertools import product

import pytest

from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import compiled
from abduce.symbolic.programs.typed.terms import Term, bits, numeral
from abduce.symbolic.synthesis import Library
from abduce.symbolic.synthesis.budget import ProgramPrices
from abduce.symbolic.synthesis.cheapest import SIDES, cheapest
from tests.symbolic.synthesis.number_programs import library

PRICES = ProgramPrices()


def values(term: Term, arity: int, known: Library) -> tuple:
    function = compiled(Program(term, arity, known.table), known.alphabet)
    return tuple([function(*at) for at in product(range(SIDES[arity]), repeat=arity)])


def cost(term: Term, known: Library) -> float:
    """The prices of its primitives, each for itself: an increment of a numeral is no numeral."""
    if term[0] in ("variable", "number"):
        return bits(term, PRICES, known.table)
    parts = [cost(part, known) for part in term[1:]]
    return sum(parts, getattr(PRICES, known.table[term[0]].weight))


@pytest.mark.parametrize("arity", [1, 2])
@pytest.mark.parametrize("names", [(), ("minus",)])
def test_no_two_are_equal_on_the_grid_and_costs_ascend(arity: int, names: tuple[str, ...]) -> None:
    known = library(*names)
    terms = cheapest(arity, known, PRICES, 120, 20.0)
    assert len({values(term, arity, known) for term in terms}) == len(terms) > 20
    costs = [cost(term, known) for term in terms]
    assert costs == sorted(costs)
    assert any(term[0] == name for term in terms for name in names) == bool(names)


def test_the_number_and_the_bits_of_programs_are_limited() -> None:
    assert len(cheapest(2, Library(), PRICES, 7, 20.0)) == 7
    few = cheapest(2, Library(), PRICES, 100_000, 8.0)
    assert max(cost(term, Library()) for term in few) == 8.0
    assert cheapest(2, Library(), PRICES, 100_000, 9.0)[: len(few)] == few


@pytest.mark.parametrize(("arity", "most"), [(1, 13), (2, 11)])
def test_what_is_found_is_what_terms_of_the_same_cost_give(arity: int, most: int) -> None:
    """All terms are made one from another, and run one by one."""
    known = Library()
    leaves = [*[("variable", i) for i in range(arity)], ("zero",)]
    leaves += [numeral(n) for n in range(3, 11)]
    found: dict[int, list[Term]] = {}
    rows: dict[tuple, int] = {}
    for level in range(1, most + 1):
        terms = [leaf for leaf in leaves if cost(leaf, known) == level]
        terms += [("increment", term) for term in found.get(level - 2, ())]
        terms += [("decrement", term) for term in found.get(level - 3, ())]
        for one, two in product(range(1, level - 4), repeat=2):
            three = [found.get(k, ()) for k in (one, two, level - 4 - one - two)]
            terms += [("if_zero", *parts) for parts in product(*three)]
        found[level] = terms
        for term in terms:
            rows.setdefault(values(term, arity, known), level)
    chosen = cheapest(arity, known, PRICES, 100_000, most)
    assert {values(term, arity, known): cost(term, known) for term in chosen} == rows
