"""Native functions on natural numbers: in Python, on arrays, and as formulas.

Nothing here is given to the search: a native function is run only in the place of a learned program
that is proved to equal it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

Formula = Any
"""A term of z3."""


@dataclass(frozen=True, slots=True)
class Native:
    """A function of natural numbers.

    Attributes:
        text: how it is written.
        number: its value at natural numbers in its domain.
        columns: the same for arrays.
        formula: its value as a formula, given the arguments and a maker of fresh numbers; with
            facts that hold of the fresh ones, and define them, in the domain.
        positive: the arguments that have to be above 0 for it to be defined.
    """

    name: str
    arity: int
    text: str
    number: Callable[..., int]
    columns: Callable[..., np.ndarray]
    formula: Callable[..., tuple[Formula, Sequence[Formula]]]
    positive: tuple[int, ...] = ()

    def defined(self, arguments: Sequence[int]) -> bool:
        return all(arguments[i] > 0 for i in self.positive)

    def strictly(self, error: Exception) -> tuple[Callable[..., int], Callable[..., np.ndarray]]:
        """The function, which raises this error outside its domain, and the one of arrays, which is
        -1 there."""
        if not self.positive:
            return self.number, self.columns

        def number(*arguments: int) -> int:
            if not self.defined(arguments):
                raise error
            return self.number(*arguments)

        def columns(*arrays: np.ndarray) -> np.ndarray:
            values = self.columns(*arrays)
            for place in self.positive:
                values = np.where(np.asarray(arrays[place]) > 0, values, -1)
            return values

        return number, columns

    @property
    def domain(self) -> str:
        """For which numbers it is defined, in words."""
        if not self.positive:
            return "all natural numbers"
        names = " and ".join(["xyzuvw"[place] for place in self.positive])
        return f"all natural numbers with {names} above 0"


def _if(test: Formula, a: Formula, b: Formula) -> Formula:
    import z3

    return z3.If(test, a, b)


def _ceiling(x: Formula, y: Formula, fresh: Callable[[], Formula]) -> tuple[Formula, list[Formula]]:
    q = fresh()
    return q, [q >= 0, q * y >= x, (q - 1) * y < x]


def _floor(x: Formula, y: Formula, fresh: Callable[[], Formula]) -> tuple[Formula, list[Formula]]:
    q = fresh()
    return q, [q >= 0, q * y <= x, (q + 1) * y > x]


def _remainder(x: Formula, y: Formula, fresh: Callable[[], Formula]) -> tuple[Formula, list]:
    q, r = fresh(), fresh()
    return r, [q >= 0, r >= 0, r < y, x == q * y + r]


def _divided(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    safe = np.maximum(y, 1)
    return (x + safe - 1) // safe


NATIVES: Final[tuple[Native, ...]] = (
    Native("nothing", 1, "0", lambda x: 0, lambda x: x * 0, lambda x, fresh: (0 * x, [])),
    Native("same", 1, "x", lambda x: x, lambda x: x, lambda x, fresh: (x, [])),
    Native("square", 1, "x * x", lambda x: x * x, lambda x: x * x, lambda x, fresh: (x * x, [])),
    Native(
        "plus", 2, "x + y", lambda x, y: x + y, lambda x, y: x + y, lambda x, y, fresh: (x + y, [])
    ),
    Native(
        "minus",
        2,
        "max(0, x - y)",
        lambda x, y: max(0, x - y),
        lambda x, y: np.maximum(x - y, 0),
        lambda x, y, fresh: (_if(x >= y, x - y, 0), []),
    ),
    Native(
        "times", 2, "x * y", lambda x, y: x * y, lambda x, y: x * y, lambda x, y, fresh: (x * y, [])
    ),
    Native(
        "maximum",
        2,
        "max(x, y)",
        max,
        np.maximum,
        lambda x, y, fresh: (_if(x >= y, x, y), []),
    ),
    Native(
        "minimum",
        2,
        "min(x, y)",
        min,
        np.minimum,
        lambda x, y, fresh: (_if(x >= y, y, x), []),
    ),
    Native(
        "distance",
        2,
        "|x - y|",
        lambda x, y: abs(x - y),
        lambda x, y: np.abs(x - y),
        lambda x, y, fresh: (_if(x >= y, x - y, y - x), []),
    ),
    Native(
        "ceiling_of_mean",
        2,
        "ceil((x + y) / 2)",
        lambda x, y: (x + y + 1) // 2,
        lambda x, y: (x + y + 1) // 2,
        lambda x, y, fresh: ((x + y + 1) / 2, []),
    ),
    Native(
        "ceiling_of_quotient",
        2,
        "ceil(x / y)",
        lambda x, y: -(-x // y),
        _divided,
        _ceiling,
        positive=(1,),
    ),
    Native(
        "floor_of_quotient",
        2,
        "floor(x / y)",
        lambda x, y: x // y,
        lambda x, y: x // np.maximum(y, 1),
        _floor,
        positive=(1,),
    ),
    Native(
        "remainder",
        2,
        "x mod y",
        lambda x, y: x % y,
        lambda x, y: x % np.maximum(y, 1),
        _remainder,
        positive=(1,),
    ),
)
"""The functions that learned programs are compared with."""
