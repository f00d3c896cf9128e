"""Machines on lists: every program sorts, whatever the numbers are."""

import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.symbolic.machines.lists.lanes import Comparator
from abduce.symbolic.machines.lists.lists import ListMachine
from abduce.symbolic.machines.lists.numbers import columns, digits
from abduce.symbolic.machines.lists.searching import binary_search, minimum, select
from abduce.symbolic.machines.lists.sorting import METHODS
from abduce.symbolic.programs.definitions.arithmetic import ADD, COMPARE
from abduce.symbolic.programs.definitions.masks import MASK
from abduce.symbolic.programs.mealy import Mealy, compiled_stream
from abduce.symbolic.programs.table import compiled_table

COMPARES, MASKS = compiled_stream(COMPARE), compiled_table(MASK)
LISTS = st.one_of(
    st.lists(st.integers(), max_size=40),
    st.lists(st.integers(0, 3), max_size=40),
    st.lists(st.integers(-(2**1000), 2**1000), max_size=10),
)


def machine(values: list[int], note: Callable[[str], None] | None = None) -> ListMachine:
    return ListMachine(values, COMPARES, MASKS, note)


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=40)
@given(values=LISTS)
def test_every_method_sorts(method: str, values: list[int]) -> None:
    order = METHODS[method].order(machine(values)).tolist()
    assert sorted(order) == list(range(len(values)))
    assert [values[place] for place in order] == sorted(values)
    if method != "heap":
        assert order == sorted(range(len(values)), key=values.__getitem__)


@settings(max_examples=40)
@given(LISTS.filter(len), st.data())
def test_searches_agree_with_the_sorted_list(values: list[int], data: st.DataObject) -> None:
    assert minimum(machine(values)) == values.index(min(values))
    rank = data.draw(st.integers(0, len(values) - 1))
    assert values[select(machine(values), rank)] == sorted(values)[rank]
    wanted = data.draw(st.sampled_from(values) | st.integers())
    found = binary_search(machine([*sorted(values), wanted]), len(values))
    assert found == sum(value < wanted for value in values)


@pytest.mark.parametrize("bits", [8, 64, 1000])
def test_large_lists_are_sorted(bits: int) -> None:
    rng = random.Random(bits)
    values = [rng.getrandbits(bits) for _ in range(20_000)]
    for method in ("merge", "bitonic", "quick"):
        order = METHODS[method].order(machine(values))
        assert [values[place] for place in order.tolist()] == sorted(values)


@given(st.lists(st.integers(0, 2**70), min_size=1, max_size=20), st.integers(0, 4))
def test_both_ways_to_run_a_comparator_agree_with_the_automaton(
    values: list[int], top: int
) -> None:
    rows = columns(values, top=top)
    n = len(values)
    i, j = np.indices((n, n)).reshape(2, -1)
    comparator = Comparator.of(COMPARES)
    found, compare = comparator(rows, i, j), comparator.scalar()
    for a, b, order in zip(i, j, found, strict=True):
        word = np.unpackbits(rows[:, [a, b]], axis=0, bitorder="little") @ [1, 2]
        assert order == COMPARES(word)[-1] == compare(rows[:, a].tobytes(), rows[:, b].tobytes())


def test_a_comparator_runs_whatever_the_automaton_means() -> None:
    """Also one whose answer is in the lowest bits and never settled from above."""
    adder = compiled_stream(ADD)
    rows = columns([13, 200, 65535, 1])
    i, j = np.indices((4, 4)).reshape(2, -1)
    found = Comparator.of(adder)(rows, i, j)
    for a, b, bit in zip(i, j, found, strict=True):
        word = np.unpackbits(rows[:, [a, b]], axis=0, bitorder="little") @ [1, 2]
        assert bit == adder(word)[-1]
    many = np.random.default_rng(0).integers(0, 9, (9, 4))
    with pytest.raises(ValueError, match="functions"):
        Comparator.of(Mealy(many, many))


@given(st.lists(st.integers(-(2**80), 2**80), max_size=20))
def test_columns_keep_the_order_of_numbers(values: list[int]) -> None:
    encoded = [row.tobytes()[::-1] for row in np.ascontiguousarray(columns(values).T)]
    order = sorted(range(len(values)), key=values.__getitem__)
    assert order == sorted(range(len(values)), key=encoded.__getitem__)


@given(st.integers(-(10**40), 10**40), st.integers(1, 900))
def test_digits_are_decimal(a: int, power: int) -> None:
    assert digits(a * 10**power) == (str(a) + "0" * power if a else "0")


def test_a_trace_names_every_comparison_and_its_kernel() -> None:
    steps: list[str] = []
    METHODS["selection"].order(machine([3, 1], steps.append))
    assert steps == ["compare  [1] < [0]", "mask     [1] is done", "mask     [0] is done"]
