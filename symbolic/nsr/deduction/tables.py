"""Values by numbers, and operators as tables of them: what the compiled chart computes with.

Values are of any kind that can be told apart (whole numbers, fractions, lists). The result of an
operator is computed once for each pair of operands, when it is first asked for. Far more values are
met as results than as operands: so those that are operands have rows in the tables, as many as are
allowed.
"""

from collections.abc import Callable, Hashable
from typing import Any, Final

import numpy as np

OTHER: Final = 0
"""The number of all values that are not told apart."""
NONE: Final = -1
"""The number of no value at all, as of a quotient by zero."""
UNKNOWN: Final = -2
"""In a table: nobody has asked yet. As a row: the value has none yet."""
FULL: Final = -3
"""As a row: there are too many."""
ADDED: Final = 2
"""Added to the numbers in tables, so that memory of zeros is a table of which nothing is known."""
FIRST_OPERATORS: Final = 8
"""The number of operators for which there is room at first."""


class Tables:
    """Values by numbers from 1, and the results of operators.

    Args:
        kept: whether a value is told from others. All that are not are one, with the number 0.
        most: the number of values told apart, that one included.
        operands: the number of values that can be operands.

    >>> tables = Tables(lambda value: value < 100)
    >>> plus = tables.operator(lambda x, y: x + y)
    >>> two = tables.number(2)
    >>> tables.asked([(plus, two, two)])
    >>> row = tables.rows[two]
    >>> int(tables.binary[plus, row, row]) - ADDED == tables.number(4), tables.number(100)
    (True, 0)
    """

    def __init__(
        self, kept: Callable[[Any], bool], *, most: int = 1 << 18, operands: int = 2048
    ) -> None:
        self._kept = kept
        self._numbers: dict[Hashable, int] = {}
        self._values: list[Any] = [None]
        self._operators: list[Callable[..., Any]] = []
        self._operands = 0
        self.most, self.operands = most, operands
        self.rows = np.full(most, UNKNOWN, np.int32)
        self.unary = np.zeros((FIRST_OPERATORS, operands), np.int32)
        self.binary = np.zeros((FIRST_OPERATORS, operands, operands), np.int32)

    def number(self, value: Hashable) -> int:
        """The number of a value; 0 where it is not kept, or there are too many."""
        found = self._numbers.get(value)
        if found is None:
            if len(self._values) == self.most or not self._kept(value):
                return OTHER
            found = self._numbers[value] = len(self._values)
            self._values.append(value)
        return found

    def operator(self, meaning: Callable[..., Any]) -> int:
        """The place of an operator in the tables."""
        if meaning in self._operators:
            return self._operators.index(meaning)
        self._operators.append(meaning)
        if len(self._operators) > len(self.unary):
            self.unary = np.concatenate([self.unary, np.zeros_like(self.unary)])
            self.binary = np.concatenate([self.binary, np.zeros_like(self.binary)])
        return len(self._operators) - 1

    def asked(self, results: "np.ndarray | list[tuple[int, int, int]]") -> None:
        """Computes results that are not known: operator, first operand, second one or -1."""
        for operator, one, two in results:
            first = self._row(one)
            second = self._row(two) if two >= 0 else first
            if first == FULL or second == FULL:
                continue
            table = self.unary[operator] if two < 0 else self.binary[operator, first]
            if table[second] == UNKNOWN + ADDED:
                operands = [self._values[one], *([self._values[two]] if two >= 0 else [])]
                value = self._operators[operator](*operands)
                table[second] = ADDED + (NONE if value is None else self.number(value))

    def _row(self, number: int) -> int:
        if self.rows[number] == UNKNOWN:
            free = self._operands < self.operands
            self.rows[number] = self._operands if free else FULL
            self._operands += free
        return int(self.rows[number])
