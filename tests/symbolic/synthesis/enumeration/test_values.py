"""Values of programs at many points at once are those of the programs run one by one."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import TooLargeError, compiled
from abduce.symbolic.programs.typed.terms import Term
from abduce.symbolic.synthesis import Library
from abduce.symbolic.synthesis.enumeration.calling import SIDE, Kept, vectorised
from abduce.symbolic.synthesis.enumeration.columns import Columns
from abduce.symbolic.synthesis.enumeration.hashing import HashSet, hash_weights
from abduce.symbolic.synthesis.examples import LARGEST
from tests.symbolic.synthesis.number_programs import library, terms

KNOWN = library("times")
POINTS = [(0, 0), (0, 3), (4, 0), (1, 1), (5, 2), (2, 7)]


def one_by_one(term: Term, points: list[tuple[int, int]]) -> list[int | None]:
    run = compiled(Program(term, 2, KNOWN.table), KNOWN.alphabet)
    found: list[int | None] = []
    for point in points:
        try:
            value = run(*point)
            found.append(value if isinstance(value, int) and value <= LARGEST else None)
        except TooLargeError:
            found.append(None)
    return found


@settings(max_examples=60)
@given(terms(("plus", "minus"), depth=2))
def test_a_program_on_arrays_gives_what_it_gives_one_by_one(term: Term) -> None:
    columns = [np.array(column) for column in zip(*POINTS, strict=True)]
    found = vectorised(term, Columns(KNOWN).function)(*columns).tolist()
    expected = one_by_one(term, POINTS)
    assert [f for f, e in zip(found, expected, strict=True) if e is not None and f >= 0] == [
        e for f, e in zip(found, expected, strict=True) if e is not None and f >= 0
    ]
    within = [e is not None and e < SIDE for e in expected]
    assert all(f >= 0 for f, small in zip(found, within, strict=True) if small) or "plus" in str(
        term
    )


@given(st.lists(st.tuples(st.integers(0, 3 * SIDE), st.integers(0, 40)), min_size=1, max_size=30))
def test_kept_values_are_those_of_the_function(points: list[tuple[int, int]]) -> None:
    calls: list[int] = []

    def added(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        calls.append(len(a))
        return a + b

    kept = Kept(added, 2)
    columns = [np.array(column) for column in zip(*points, strict=True)]
    expected = [a + b if a < SIDE else -1 for a, b in points]
    assert kept(*columns).tolist() == expected
    before = sum(calls)
    assert kept(*columns).tolist() == expected
    beyond = len({point for point in points if point[0] >= SIDE})
    assert sum(calls) <= before + beyond


@given(st.lists(st.lists(st.integers(-5, 5), max_size=30), max_size=12))
def test_a_set_of_hashes_says_what_a_set_says(batches: list[list[int]]) -> None:
    found, seen = HashSet(capacity=2), set[int]()
    for batch in batches:
        expected = []
        for key in batch:
            expected.append((key or 1) not in seen)
            seen.add(key or 1)
        assert found.add(np.array(batch, np.int64)).tolist() == expected
    assert found.size == len(seen)


def test_many_hashes_of_rows_do_not_collide() -> None:
    values = np.stack(np.meshgrid(*[np.arange(8)] * 5), axis=-1).reshape(-1, 5)
    found = HashSet()
    assert found.add(values @ hash_weights(5)).all()
    assert not found.add(values @ hash_weights(5)).any()


def test_lists_on_arrays_are_the_lists_one_by_one() -> None:
    known = Library()
    columns = Columns(known)
    lists = ["", "a", "ab", "ba", "aab"]
    coded = np.array([columns.encoded(value) for value in lists])
    joined = columns.function("append")(coded[:, None], coded[None, :])
    for i, a in enumerate(lists):
        for j, b in enumerate(lists):
            assert columns.lists[joined[i, j]] == a + b
    turned = columns.function("reverse")(coded)
    assert [columns.lists[i] for i in turned] == [value[::-1] for value in lists]
