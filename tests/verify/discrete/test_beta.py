"""Proved tables contract the leftmost outermost redex; every other filling is wrong somewhere."""

import random
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from hypothesis import given

from abduce import clock
from abduce.symbolic.lambda_calculus import Term
from abduce.symbolic.lambda_calculus.terms.codes import fault
from abduce.symbolic.lambda_calculus.terms.sampling import Uniform
from abduce.symbolic.programs.compiling import compiled
from abduce.symbolic.programs.definitions.beta import BETA
from abduce.symbolic.programs.step_tables import ENTRIES, SHAPES, Case, StepTables, cases
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Proved, Refuted, Unknown
from tests.lambda_terms import step, term_of, terms, tree_of

FREE = ("y", "z")


@cache
def tables() -> StepTables:
    found = compiled(BETA)
    assert isinstance(found, StepTables)
    return found


def all_terms(size: int, depth: int = 0) -> Iterator[tuple[int, ...]]:
    """The codes of all terms of so many nodes, with one free variable."""
    if size == 1:
        yield from ((2 + index,) for index in range(depth))
        yield (-1,)
        return
    yield from ((1, *body) for body in all_terms(size - 1, depth + 1))
    for first in range(1, size - 1):
        for function in all_terms(first, depth):
            yield from (
                (0, *function, *argument) for argument in all_terms(size - 1 - first, depth)
            )


def by_the_book(codes: tuple[int, ...]) -> Term | None:
    tree = step(tree_of(Term.of(codes, FREE)), "normal")
    return None if tree is None else term_of(tree)


def by_tables(machine: StepTables, codes: tuple[int, ...]) -> Term | str | None:
    """The term, None at an end, or what went wrong."""
    try:
        found = machine(codes)
    except ValueError as error:
        return str(error)
    if found is None:
        return None
    return fault(found) or Term.of(found, FREE)


@cache
def small() -> list[tuple[tuple[int, ...], Term | None]]:
    return [(codes, by_the_book(codes)) for size in range(1, 9) for codes in all_terms(size)]


def test_compiled_tables_are_proved() -> None:
    verdict = prove(tables(), BETA)
    assert isinstance(verdict, Proved)
    assert verdict.certificate is not None
    assert verdict.certificate.cases == 44
    assert isinstance(prove(tables(), BETA, deadline=clock.wall_s() - 1), Unknown)


def test_proved_tables_make_the_step_of_the_book_on_all_small_terms() -> None:
    assert len(small()) > 1000
    for codes, expected in small():
        assert by_tables(tables(), codes) == expected


@given(terms())
def test_proved_tables_make_the_step_of_the_book(term: Term) -> None:
    expected = step(tree_of(term), "normal")
    found = tables()(term.codes)
    assert (found is None) == (expected is None)
    if found is not None and expected is not None:
        assert Term.of(found, term.free) == term_of(expected)


def others() -> Iterator[tuple[Case, int]]:
    """Each entry that can be met, and each value that it should not have."""
    for case in cases():
        wanted = BETA.rule(case)
        if wanted is not None:
            yield from ((case, value) for value in range(ENTRIES[case[0]]) if value != wanted)


def test_every_other_value_of_every_entry_is_refuted_and_is_wrong_on_some_term() -> None:
    rng, uniform = random.Random(0), Uniform(16, FREE)
    larger = [tuple(uniform.draw(rng.randint(8, 16), rng).codes) for _ in range(2000)]
    extended = small() + [(codes, by_the_book(codes)) for codes in larger]
    attacks = list(others())
    assert len(attacks) > 60
    for case, value in attacks:
        changed = tables().changed(case, value)
        verdict = prove(changed, BETA)
        assert isinstance(verdict, Refuted)
        assert verdict.x.tolist() == [list(SHAPES).index(case[0]), *case[1]]
        assert verdict.y.tolist() == [value]
        assert verdict.expected is not None
        assert verdict.expected.tolist() == [BETA.rule(case)]
        assert any(by_tables(changed, codes) != wanted for codes, wanted in extended), case


def test_entries_that_no_term_leads_to_do_not_matter() -> None:
    for case in cases():
        if BETA.rule(case) is None:
            for value in range(ENTRIES[case[0]]):
                changed = tables().changed(case, value)
                assert isinstance(prove(changed, BETA), Proved)
                assert all(by_tables(changed, codes) == wanted for codes, wanted in small()[:300])


def test_tables_of_another_shape_are_none() -> None:
    arrays = tables().arrays()
    with pytest.raises(ValueError, match="shape"):
        StepTables.from_arrays(arrays | {"pasted": np.zeros(2, int)})
    with pytest.raises(ValueError, match="means nothing"):
        StepTables.from_arrays(arrays | {"count": np.full(3, 2)})
