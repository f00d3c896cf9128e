"""Proofs of equality: what is proved holds, and what is nearly equal is never proved."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import TooLargeError, compiled
from abduce.symbolic.programs.typed.terms import Term
from abduce.symbolic.synthesis import Library
from abduce.symbolic.synthesis.proving.closed_forms import forms, proved_value
from abduce.symbolic.synthesis.proving.equality import prove
from abduce.symbolic.synthesis.proving.natives import NATIVES, Native
from abduce.symbolic.synthesis.proving.replacing import natively, statement
from abduce.symbolic.synthesis.proving.translating import NotTranslatedError, Session, formula
from abduce.symbolic.synthesis.proving.verdicts import Proved, Refuted, Unknown
from tests.symbolic.synthesis.number_programs import (
    DIVIDE,
    MINUS,
    PLUS,
    TIMES,
    S,
    X,
    Y,
    library,
    terms,
)

pytest.importorskip("z3")
BY_NAME = {native.name: native for native in NATIVES}
SAMPLES = [0, 1, 2, 3, 7, 50, 999, 12_345]


@pytest.fixture(scope="module")
def known() -> Library:
    return natively(library("divide"))


@pytest.mark.parametrize("native", NATIVES, ids=lambda native: native.name)
def test_a_native_function_is_the_same_in_its_three_forms(native: Native) -> None:
    import z3

    points = [p for p in product([0, 1, 2, 3, 7, 50], repeat=native.arity) if native.defined(p)]
    columns = [np.array(column) for column in zip(*points, strict=True)]
    assert native.columns(*columns).tolist() == [native.number(*point) for point in points]
    for point in points[::3]:
        session = Session(Library())
        arguments = [z3.IntVal(n) for n in point]
        value = session.applied(native, arguments)
        assert session.holds(value == native.number(*point))
        assert not session.holds(value == native.number(*point) + 1)


def test_arithmetic_is_proved_and_runs_natively(known: Library) -> None:
    names = [entry.native for entry in known]
    assert names == ["plus", "minus", "times", "ceiling_of_quotient"]
    claims = [entry.proof or "" for entry in known]
    assert all("for all x >= 0, y >= 0" in claim for claim in claims[:3])
    assert claims[3].endswith("= ceil(x / y) for all x >= 0, y >= 1; where y = 0 it is x")
    for x, y in product(SAMPLES, repeat=2):
        assert [entry.function(x, y) for entry in known] == [
            x + y, max(0, x - y), x * y, -(-x // y) if y else x
        ]  # fmt: skip
    learned = library("divide")
    for entry, native in zip(learned, known, strict=True):
        grid = np.array(list(product(range(8), repeat=2))).T
        assert native.columns is not None
        assert native.columns(*grid).tolist() == [entry.function(x, y) for x, y in grid.T.tolist()]


NEARLY: list[tuple[str, Term, str]] = [
    ("one more beyond 1,000", ("if_zero", ("minus", X, ("number", 1000)), PLUS,
     ("increment", PLUS)), "plus"),
    ("one less where both are large", ("if_zero", ("minus", ("number", 5000), ("times", X, Y)),
     ("decrement", TIMES), TIMES), "times"),
    ("a count with an upper limit", ("iterate", ("if_zero", ("minus", Y, ("number", 700)), Y,
     ("number", 700)), ("increment", S), X), "plus"),
    ("a step that changes late", ("iterate", Y, ("if_zero", ("minus", S, ("number", 4000)),
     ("plus", S, X), ("increment", S)), ("zero",)), "times"),
    ("a quotient of at most 300", ("iterate", ("number", 300), DIVIDE[2], ("zero",)),
     "ceiling_of_quotient"),
    ("the first that is too small, not the last", ("iterate", X, ("if_zero",
     ("minus", X, ("times", ("increment", S), Y)), S, ("increment", S)), ("zero",)),
     "ceiling_of_quotient"),
    ("a maximum that ends", ("if_zero", ("minus", X, ("number", 9999)), ("plus", X,
     ("minus", Y, X)), X), "maximum"),
    ("off by one at equal arguments", ("if_zero", ("minus", X, Y), ("minus", Y, X),
     ("increment", ("minus", X, Y))), "distance"),
    ("wrong at y = 0", ("if_zero", Y, ("increment", ("zero",)), TIMES), "times"),
    ("wrong at y = 0 and x above 200", ("if_zero", ("plus", Y, ("minus", ("number", 200), X)),
     ("increment", ("zero",)), TIMES), "times"),
    ("minus that goes on from 3", ("if_zero", ("minus", X, Y), ("minus", ("minus", ("minus", Y, X),
     ("number", 800)), ("zero",)), MINUS), "minus"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("term", "native"), [row[1:] for row in NEARLY], ids=[row[0] for row in NEARLY]
)
def test_what_is_nearly_equal_is_never_proved(known: Library, term: Term, native: str) -> None:
    program = Program(term, 2, known.table)
    verdict = prove(program, BY_NAME[native], known)
    assert not isinstance(verdict, Proved)
    run = compiled(program, known.alphabet)
    wide = [(x, y) for x in (0, 1, 2, 250, 900, 1001, 10_001) for y in (0, 1, 3, 701, 1001, 20_000)]
    defined = [point for point in wide if BY_NAME[native].defined(point)]
    assert any(run(*point) != BY_NAME[native].number(*point) for point in defined)
    if isinstance(verdict, Refuted):
        assert run(*verdict.arguments) == verdict.value != verdict.expected
        assert BY_NAME[native].number(*verdict.arguments) == verdict.expected


def test_what_is_not_proved_stays_the_learned_program(known: Library) -> None:
    library = natively(known.added("nearly", Program(NEARLY[0][1], 2, known.table)))
    entry = library.entries[-1]
    assert (entry.columns, entry.native, entry.proof) == (None, "", None)
    assert entry.function(1001, 1) == 1003


@settings(max_examples=50)
@given(terms(("plus", "minus", "times"), depth=2), st.sampled_from(NATIVES))
def test_what_is_proved_of_a_random_program_holds(
    known: Library, term: Term, native: Native
) -> None:
    program = Program(term, 2, known.table)
    if native.arity != 2:
        return
    verdict = prove(program, native, known)
    run = compiled(program, known.alphabet)
    for point in product([0, 1, 2, 5, 33, 170, 400], repeat=2):
        if native.defined(point) and isinstance(verdict, Proved):
            try:
                assert run(*point) == native.number(*point)
            except TooLargeError:
                continue
    if isinstance(verdict, Refuted):
        assert run(*verdict.arguments) == verdict.value != verdict.expected


@settings(max_examples=60)
@given(terms(("plus", "minus", "times"), depth=2), st.integers(0, 4), st.integers(0, 4))
def test_the_formula_of_a_program_has_its_value(known: Library, term: Term, x: int, y: int) -> None:
    import z3

    def iterations(session, term, count, step, start):
        guesses = tuple(forms(start, count, [z3.IntVal(x), z3.IntVal(y)], None, term))
        found = proved_value(session, count, step, start, guesses)
        if found is None:
            raise NotTranslatedError(str(term))
        return found

    program, session = Program(term, 2, known.table), Session(known)
    try:
        value = formula(session, term, [z3.IntVal(x), z3.IntVal(y)], iterations)
        expected = compiled(program, known.alphabet)(x, y)
    except (NotTranslatedError, TooLargeError):
        return
    assert session.holds(value == expected)


def test_a_contradiction_proves_nothing(known: Library) -> None:
    program = Program(X, 2, known.table)
    divided = BY_NAME["ceiling_of_quotient"]
    assert isinstance(prove(program, divided, known, zero=1), Unknown)


def test_other_types_are_not_compared(known: Library) -> None:
    program = Program(("append", X, Y), 2)
    assert isinstance(prove(program, BY_NAME["plus"], known), Unknown)
    assert isinstance(statement(program, known), Unknown)


def test_a_proof_names_its_obligations(known: Library) -> None:
    verdict = prove(Program(PLUS, 2), BY_NAME["plus"], known)
    assert isinstance(verdict, Proved)
    assert any("k" in text and "Implies" in text for text in verdict.obligations)
