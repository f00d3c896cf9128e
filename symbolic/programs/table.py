"""Finite tables: functions with so few arguments that all can be enumerated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from abduce.symbolic.programs.arrays import LARGEST, only, whole


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

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays of the object, by name, as they are saved."""
        return {"values": self.values}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Table":
        return cls(*only(arrays, "values"))


def compiled_table(specification: TableSpecification) -> Table:
    """The table of a specification, 0 where arguments cannot occur."""
    values = [specification.value(*a) or 0 for a in np.ndindex(*specification.sizes)]
    return Table(np.reshape(values, specification.sizes))
