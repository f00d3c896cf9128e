"""VNN-LIB text at a point, in rational arithmetic.

The assertions are evaluated as they are written. The reader's normal form and rounded numbers are
not used, so that a counterexample is judged by the text alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import islice
from math import inf, nextafter
from types import MappingProxyType

from abduce.verify.specifications.specification import (
    Span,
    all_of,
    compared,
    scaled,
    some_of,
    total,
)
from abduce.verify.specifications.vnnlib.reader import Variables
from abduce.verify.specifications.vnnlib.text import NUMBER

Value = Span | bool | None


@dataclass(frozen=True, eq=False)
class Assertions:
    """The assertions of a text that was read before, so that it is known to be well formed.

    It is the `Judge` of its specification.
    """

    variables: Variables

    def violated(self, x: Sequence[Fraction], y: Sequence[Span]) -> bool | None:
        """Whether all assertions hold; None if the outputs are not known well enough."""

        def value(word: str) -> Span:
            variable = self.variables.number(word)
            if variable is None:
                return (number := Fraction(word)), number
            return (x[variable], x[variable]) if variable >= 0 else y[~variable]

        told: bool | None = True
        stack: list[tuple[str, list[Value]]] = []
        tokens = islice(self.variables.text.tokens, self.variables.start, None)
        for token in tokens:
            if token == "(":
                stack.append((next(tokens), []))
                continue
            operator, arguments = stack[-1]
            if token != ")":
                if operator not in self.variables.commands:
                    arguments.append(value(token))
                continue
            stack.pop()
            if stack:
                stack[-1][1].append(MEANING[operator](arguments))
            elif operator == "assert":
                told = all_of([told, arguments[0]])  # type: ignore[list-item]
                if told is False:
                    return False
        return told

    def decimal(self, i: int, value: float) -> Fraction:
        """The number next to an input in the text that is nearest to a value, and at most one unit
        away from it; else the value."""
        near = nextafter(value, -inf), nextafter(value, inf)
        found = [
            Fraction(word) for word in self._beside.get(i, ()) if near[0] <= float(word) <= near[1]
        ]
        exact = Fraction(value)
        return min(found, key=lambda number: abs(number - exact), default=exact)

    @cached_property
    def _beside(self) -> Mapping[int, list[str]]:
        beside: dict[int, list[str]] = {}
        tokens = self.variables.text.tokens
        for place, token in enumerate(tokens):
            variable = self.variables.number(token)
            if variable is not None and variable >= 0:
                words = (tokens[place - 1], tokens[place + 1])
                beside.setdefault(variable, []).extend(w for w in words if NUMBER.fullmatch(w))
        return beside


def _product(spans: Sequence[Span]) -> Span:
    low, high = spans[0]
    for a, b in spans[1:]:
        ends = [low * a, low * b, high * a, high * b]
        low, high = min(ends), max(ends)
    return low, high


def _difference(spans: Sequence[Span]) -> Span:
    first, *rest = spans
    if not rest:
        return scaled(-1, first)
    return total([first, *(scaled(-1, span) for span in rest)])


def _equal(spans: Sequence[Span]) -> bool | None:
    a, b = spans
    return all_of([compared(a, b, False), compared(b, a, False)])


def _not(told: bool | None) -> bool | None:
    return None if told is None else not told


MEANING: Mapping[str, Callable[[list], Value]] = MappingProxyType(
    {
        "and": all_of,
        "or": some_of,
        "not": lambda parts: _not(parts[0]),
        "+": total,
        "-": _difference,
        "*": _product,
        "<=": lambda spans: compared(spans[0], spans[1], False),
        "<": lambda spans: compared(spans[0], spans[1], True),
        ">=": lambda spans: compared(spans[1], spans[0], False),
        ">": lambda spans: compared(spans[1], spans[0], True),
        "=": _equal,
        "==": _equal,
        "!=": lambda spans: _not(_equal(spans)),
    }
)
