"""Programs of one's own: kernels decide, items stay closed, and what is not named is refused."""

from bisect import insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.symbolic.machines.own import Desk, Item, run_program
from abduce.symbolic.programs.compiling import compiled
from abduce.symbolic.programs.definitions.arithmetic import COMPARE

KERNELS = {"compare": compiled(COMPARE)}
whole = st.integers(-(10**30), 10**30)


@dataclass(frozen=True)
class Given:
    """A program made of a function."""

    run: Callable[[Desk, Sequence[Item]], Any]
    kernels: tuple[str, ...] = ("compare",)

    def __call__(self, desk: Desk, items: Sequence[Item]) -> Any:
        return self.run(desk, items)


def insertion(desk: Desk, items: Sequence[Item]) -> list[Item]:
    *ordered, new = items
    place = len(ordered)
    while place and desk.compare(new, ordered[place - 1]) < 0:
        place -= 1
    return [*ordered[:place], new, *ordered[place:]]


@given(st.lists(whole, max_size=12), whole)
def test_insertion_from_compare_alone_is_that_of_python(numbers: list[int], new: int) -> None:
    ordered = sorted(numbers)
    notes: list[str] = []
    found = run_program(Given(insertion), [*ordered, new], KERNELS, notes.append)
    insort(ordered, new)
    assert found.answer == ordered
    assert found.steps["compare"] == len(notes)


@given(whole, whole)
def test_the_order_is_that_of_numbers(a: int, b: int) -> None:
    found = run_program(Given(lambda desk, items: desk.compare(*items)), [a, b], KERNELS)
    assert found.answer == (a > b) - (a < b)


@pytest.mark.parametrize(
    "peek",
    [
        lambda a, b: a < b,
        lambda a, b: a == b,
        lambda a, b: a + b,
        lambda a, b: bool(a),
        lambda a, b: int(a),
        lambda a, b: hash(a),
        lambda a, b: sorted([a, b]),
    ],
)
def test_items_are_closed_to_python(peek: Callable[[Item, Item], Any]) -> None:
    with pytest.raises(TypeError):
        run_program(Given(lambda desk, items: peek(*items)), [2, 1], KERNELS)


def test_kernels_that_a_program_does_not_name_are_refused() -> None:
    with pytest.raises(InputError, match="asks the kernel add"):
        run_program(Given(lambda desk, items: desk.add(*items)), [2, 1], KERNELS)
    with pytest.raises(InputError, match="no kernel add"):
        run_program(Given(insertion, ("compare", "add")), [2, 1], KERNELS)
