"""Discrete proofs: what is proved holds on every word, what is refuted has a shortest witness."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce import clock
from abduce.symbolic.programs.definitions.arithmetic import (
    ADD,
    COMPARE,
    INCREMENT,
    MULTIPLY_STEP,
    SUBTRACT,
)
from abduce.symbolic.programs.mealy import Mealy
from abduce.symbolic.programs.table import Table, TableSpecification
from abduce.verify.discrete.product import is_inductive, prove_stream
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Proved, Refuted, Unknown

ADDER = Mealy(np.array([[0, 0, 0, 1], [0, 1, 1, 1]]), np.array([[0, 1, 1, 0], [1, 0, 0, 1]]))
XOR = TableSpecification("exclusive or", (2, 2), lambda a, b: a ^ b)


def bits(number: int, width: int) -> list[int]:
    return [number >> place & 1 for place in range(width)]


def number(word: np.ndarray) -> int:
    return sum(int(bit) << place for place, bit in enumerate(word))


@st.composite
def machines(draw: st.DrawFn) -> Mealy:
    """Small automata that read four symbols and write bits."""
    states = draw(st.integers(1, 3))
    entries = st.lists(st.integers(0, states - 1), min_size=4 * states, max_size=4 * states)
    written = st.lists(st.integers(0, 1), min_size=4 * states, max_size=4 * states)
    shape = (states, 4)
    return Mealy(np.reshape(draw(entries), shape), np.reshape(draw(written), shape))


@given(st.integers(1, 70), st.data())
def test_the_specifications_are_arithmetic(width: int, data: st.DataObject) -> None:
    a, b, gate = (data.draw(st.integers(0, 2**width - 1)) for _ in range(3))
    x, y, m = (bits(n, width) for n in (a, b, gate))
    pairs = [i + 2 * j for i, j in zip(x, y, strict=True)]
    assert number(ADD(pairs)) == (a + b) % 2**width
    assert number(SUBTRACT(pairs)) == (a - b) % 2**width
    assert number(INCREMENT(x)) == (a + 1) % 2**width
    assert COMPARE(pairs)[-1] == (a > b) - (a < b) + 1
    triples = [pair + 4 * k for pair, k in zip(pairs, m, strict=True)]
    assert number(MULTIPLY_STEP(triples)) == (a + (b & gate)) % 2**width


def test_an_adder_is_proved_and_its_invariant_proves_it_again() -> None:
    verdict = prove(ADDER, ADD)
    assert isinstance(verdict, Proved)
    assert verdict.certificate is not None
    assert verdict.certificate.invariant == ((0, 0), (1, 1))
    assert is_inductive(ADDER, ADD, verdict.certificate.invariant)
    assert not is_inductive(ADDER, ADD, verdict.certificate.invariant[:1])
    assert not is_inductive(ADDER, SUBTRACT, verdict.certificate.invariant)


@given(machines())
def test_a_verdict_agrees_with_all_words_of_up_to_five_symbols(machine: Mealy) -> None:
    """With at most 3 states and 2 carries there are 6 pairs: words of 6 symbols would reach all."""
    words = (list(word) for n in range(1, 6) for word in product(range(4), repeat=n))
    wrong = next((word for word in words if (machine(word) != ADD(word)).any()), None)
    match prove(machine, ADD):
        case Proved(_, certificate):
            assert wrong is None
            assert certificate is not None
            assert is_inductive(machine, ADD, certificate.invariant)
        case Refuted(word, written, _, _, expected):
            assert wrong is None or len(wrong) == len(word)
            assert written[-1] != (expected if expected is not None else written)[-1]
            np.testing.assert_array_equal(machine(word), written)
            np.testing.assert_array_equal(ADD(word), expected)
        case Unknown(reason):
            pytest.fail(reason)


def test_a_comparator_that_errs_on_equal_numbers_is_refuted_at_the_first_symbol() -> None:
    """Outputs are those of steps: a wrong answer in a state that is only met after the start,
    though the start itself has the same number, is found."""
    less, equal, greater, other = range(4)
    after = [[less, greater, less, less], [equal, greater, less, equal]]
    after += [[greater, greater, less, greater], [other, greater, less, other]]
    output = np.array(after)
    right = Mealy(np.array(after), output, equal)
    assert isinstance(prove(right, COMPARE), Proved)
    told = np.array([0, 2, 2, 2])[output]
    verdict = prove(Mealy(np.array(after), told, equal), COMPARE)
    assert isinstance(verdict, Refuted)
    assert verdict.x.tolist() == [0]


def test_proofs_give_up_in_time_and_on_other_alphabets() -> None:
    late = clock.wall_s() - 1
    assert isinstance(prove(ADDER, ADD, deadline=late), Unknown)
    assert isinstance(prove(ADDER, INCREMENT), Unknown)
    assert isinstance(prove_stream(ADDER, ADD, max_pairs=1), Unknown)
    assert isinstance(prove(Table(np.array([[0, 1], [1, 0]])), XOR, deadline=late), Unknown)
    assert isinstance(prove(Table(np.zeros(3, int)), XOR), Unknown)


@given(st.lists(st.integers(0, 1), min_size=4, max_size=4))
def test_tables_are_proved_entry_by_entry(values: list[int]) -> None:
    table = Table(np.reshape(values, (2, 2)))
    match prove(table, XOR):
        case Proved(_, certificate):
            assert values == [0, 1, 1, 0]
            assert certificate is not None
            assert certificate.cases == 4
        case Refuted(x, y, _, _, expected):
            assert table(*x) == y[0]
            assert expected == [x[0] ^ x[1]] != y[0]
        case Unknown(reason):
            pytest.fail(reason)


@pytest.mark.parametrize(
    ("after", "output", "start"),
    [([[1]], [[0]], 0), ([[-1]], [[0]], 0), ([[0]], [[0]], 1), ([[0]], [[0, 1]], 0), ([], [], 0)],
)
def test_a_machine_has_the_states_that_it_names(after: list, output: list, start: int) -> None:
    with pytest.raises(ValueError, match="state"):
        Mealy(np.array(after), np.array(output), start)
