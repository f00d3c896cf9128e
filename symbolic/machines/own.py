"""A program of one's own on kernels: what it may ask of them, and what it cost.

A program is any callable with the names of its kernels. It gets a `Desk`, and items that it cannot
look into: only the kernels compare and compute them. So what it answers rests on the kernels alone,
and on the order in which the program asks them.

>>> from dataclasses import dataclass
>>> @dataclass(frozen=True)
... class Insertion:
...     '''The new item goes behind the last of a sorted list that is not greater.'''
...     kernels: tuple[str, ...] = ("compare",)
...     def __call__(self, desk: Desk, items: Sequence[Item]) -> list[Item]:
...         *ordered, new = items
...         place = len(ordered)
...         while place and desk.compare(new, ordered[place - 1]) < 0:
...             place -= 1
...         return [*ordered[:place], new, *ordered[place:]]
>>> from abduce.symbolic.programs.definitions.arithmetic import COMPARE
>>> from abduce.symbolic.programs.compiling import compiled
>>> found = run_program(Insertion(), [2, 5, 9, 7], {"compare": compiled(COMPARE)})
>>> found.answer, dict(found.steps)
([2, 5, 7, 9], {'compare': 2})
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn, Protocol

import numpy as np

from abduce.errors import InputError
from abduce.symbolic.machines.jobs import Kernels
from abduce.symbolic.machines.lists.arithmetic import Arithmetic
from abduce.symbolic.machines.lists.lists import ListMachine
from abduce.symbolic.machines.lists.numbers import digits

ADDED: Mapping[str, tuple[str, ...]] = {"multiply": ("add", "multiply-step")}
"""The kernels of an operation that has none of its own name."""


class Item:
    """A number that a program holds and hands to kernels, and cannot look into.

    Python's own comparisons and sums of items raise a TypeError.
    """

    __slots__ = ("_value",)

    def __init__(self, value: int) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Item(...)"

    def _refuse(self, _: object = None) -> NoReturn:
        raise TypeError("items are compared and computed by kernels: ask the desk")

    __eq__ = __lt__ = __le__ = __gt__ = __ge__ = __add__ = __sub__ = __mul__ = _refuse  # type: ignore[assignment]
    __bool__ = __int__ = __index__ = _refuse
    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """What a program may ask of its kernels.

    Attributes:
        kernels: the exact kernels that the program names, and no others.
        note: called with each step.
        steps: how often each kernel was asked.
    """

    kernels: Kernels
    note: Callable[[str], None] | None = None
    steps: Counter[str] = field(default_factory=Counter)

    def compare(self, a: Item, b: Item) -> int:
        """-1, 0 or 1, as a is less than b, equal or greater."""
        self._asked("compare")
        machine = ListMachine((a._value, b._value), self.kernels["compare"])
        order = int(machine.compare(np.array([0]), np.array([1]))[0]) - 1
        self._tell("compare", a, "<=>"[order + 1], b)
        return order

    def add(self, a: Item, b: Item) -> Item:
        return self._computed("add", a, b)

    def subtract(self, a: Item, b: Item) -> Item:
        return self._computed("subtract", a, b)

    def multiply(self, a: Item, b: Item) -> Item:
        return self._computed("multiply", a, b)

    def increment(self, a: Item) -> Item:
        return self._computed("increment", a)

    def _computed(self, operation: str, *items: Item) -> Item:
        self._asked(operation)
        step = getattr(Arithmetic(self.kernels), operation)
        found = Item(step(*(item._value for item in items)))
        self._tell(operation, *items, found)
        return found

    def _asked(self, operation: str) -> None:
        for name in ADDED.get(operation, (operation,)):
            if name not in self.kernels:
                raise InputError(
                    f"a program that asks the kernel {name}",
                    tuple(self.kernels) or ("none",),
                    advice="Name it among the kernels of the program.",
                )
        self.steps[operation] += 1

    def _tell(self, operation: str, *parts: Item | str) -> None:
        if self.note is not None:
            told = (digits(p._value) if isinstance(p, Item) else p for p in parts)
            self.note(f"{operation:<9}{' '.join(told)}")


class MachineProgram(Protocol):
    """A program on kernels: their names, and how it asks them."""

    @property
    def kernels(self) -> tuple[str, ...]: ...

    def __call__(self, desk: Desk, items: Sequence[Item], /) -> Any:
        """The answer: an item, items in lists and tuples, or anything without items."""
        ...


@dataclass(frozen=True, slots=True)
class ProgramRun:
    """The answer of a program, with its items as numbers; and how often each kernel was asked."""

    answer: Any
    steps: Mapping[str, int]


def run_program(
    program: MachineProgram,
    numbers: Sequence[int],
    kernels: Kernels,
    note: Callable[[str], None] | None = None,
) -> ProgramRun:
    """Runs a program on whole numbers of any size and sign.

    Args:
        kernels: exact kernels by name, such as those of `abduce.neural.kernels.jobs.kernels_at`,
            which are proved. The program gets those that it names.
        note: called with each step and the kernel that took it.

    Raises:
        InputError: a kernel that the program names is not there, or it asks one that it does not
            name.
    """
    if missing := [name for name in program.kernels if name not in kernels]:
        raise InputError(f"no kernel {missing[0]}", tuple(kernels) or ("none",))
    desk = Desk({name: kernels[name] for name in program.kernels}, note)
    answer = program(desk, [Item(int(number)) for number in numbers])
    return ProgramRun(_opened(answer), desk.steps)


def _opened(answer: Any) -> Any:
    match answer:
        case Item():
            return answer._value
        case list() | tuple():
            return type(answer)(_opened(each) for each in answer)
    return answer
