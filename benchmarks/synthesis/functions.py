"""The functions that are learned from examples, and how examples are drawn.

Nothing of them is given to the engine but pairs of inputs and outputs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from abduce.symbolic.synthesis import Example


@dataclass(frozen=True, slots=True)
class Function:
    """A function of natural numbers.

    Attributes:
        value: its value; None where it has none.
        largest: the greatest argument in examples.
    """

    name: str
    arity: int
    value: Callable[..., int | None]
    largest: int = 100

    def examples(self, random: Random, count: int, largest: int | None = None) -> list[Example]:
        """Examples with arguments drawn uniformly, inputs without a value left out."""
        found: list[Example] = []
        while len(found) < count:
            top = self.largest if largest is None else largest
            arguments = tuple([random.randint(0, top) for _ in range(self.arity)])
            value = self.value(*arguments)
            if value is not None:
                found.append(Example(arguments, value))
        return found


def _ceiling(x: int, y: int) -> int | None:
    return -(-x // y) if y else None


BASE: Final[Sequence[Function]] = (
    Function("plus", 2, lambda x, y: x + y),
    Function("minus", 2, lambda x, y: max(0, x - y)),
    Function("times", 2, lambda x, y: x * y),
    Function("divide", 2, _ceiling),
)
"""The targets: each is learned with a library of those before."""

FURTHER: Final[Sequence[Function]] = (
    Function("maximum", 2, max),
    Function("minimum", 2, min),
    Function("ceiling_of_mean", 2, lambda x, y: (x + y + 1) // 2),
    Function("distance", 2, lambda x, y: abs(x - y)),
    Function("remainder", 2, lambda x, y: x % y if y else None),
    Function("at_most_nine", 2, lambda x, y: min(x + y, 9), largest=9),
    Function("nine_x_plus_y", 2, lambda x, y: 9 * x + y),
    Function("square", 1, lambda x: x * x),
    Function("ceiling_of_harmonic_mean", 2, lambda x, y: _ceiling(2 * x * y, x + y)),
)
"""Functions beyond the targets, learned with a library of the targets and those before."""
