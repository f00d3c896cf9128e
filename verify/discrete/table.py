"""Finite tables: functions with so few arguments that each can be looked at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from abduce import clock
from abduce.verify.discrete.arrays import LARGEST, only, whole
from abduce.verify.verdict import Certificate, Proved, Refuted, Unknown, Verdict, Work


@dataclass(frozen=True, slots=True)
class TableSpecification:
    """A function of whole numbers, argument i below ``sizes[i]``.

    Attributes:
        claim: what a table does that agrees with it, as a sentence.
        value: the arguments to the value; None where they cannot occur.
    """

    claim: str
    sizes: tuple[int, ...]
    value: Callable[..., int | None]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A function, written out.

    Attributes:
        values: (sizes...), the value of each combination of arguments.

    >>> Table(np.array([[0, 1], [1, 0]]))(1, 0)
    1
    """

    kind: ClassVar[str] = "table"

    values: np.ndarray

    def __post_init__(self) -> None:
        values = whole("the values", self.values, least=-LARGEST)
        object.__setattr__(self, "values", values)

    def __call__(self, *arguments: int) -> int:
        return int(self.values[arguments])

    def prove(self, specification: TableSpecification, *, deadline: float | None = None) -> Verdict:
        """Whether every entry is what the specification asks for."""
        return prove_table(self.values, specification, deadline=deadline)

    def arrays(self) -> dict[str, np.ndarray]:
        """What it is made of, to be kept."""
        return {"values": self.values}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Table":
        return cls(*only(arrays, "values"))


def compiled_table(specification: TableSpecification) -> Table:
    """The table of a specification, 0 where arguments cannot occur."""
    values = [specification.value(*a) or 0 for a in np.ndindex(*specification.sizes)]
    return Table(np.reshape(values, specification.sizes))


def prove_table(
    values: np.ndarray, specification: TableSpecification, *, deadline: float | None = None
) -> Verdict:
    """Whether a table (sizes...) has the values that are asked for, by looking at each that can
    occur.

    Args:
        deadline: as `clock.wall_s()` counts; None for none.
    """
    if values.shape != specification.sizes:
        return Unknown(f"the table has the shape {values.shape}, not {specification.sizes}")
    cases = 0
    for done, arguments in enumerate(np.ndindex(*values.shape)):
        if done % 1024 == 0 and clock.passed(deadline):
            return Unknown("the time was up", Work(points=done, open=values.size - done))
        expected = specification.value(*arguments)
        if expected is None:
            continue
        cases += 1
        if values[arguments] != expected:
            return Refuted(
                np.array(arguments),
                np.array([values[arguments]]),
                0,
                Work(points=cases),
                np.array([expected]),
            )
    certificate = Certificate(specification.claim, "enumeration of all cases", cases)
    return Proved(Work(points=cases), certificate)
