"""Symbolic values: a formula for NULL, and a real number that stands for the value."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import z3

Sort = Literal["number", "text", "none"]
"""What a column holds, by its affinity: only values of one sort are compared."""
TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A value; `value` means nothing where `null` holds."""

    null: Any
    value: Any
    sort: Sort


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """A condition in three values: where it is true, and where it is NULL."""

    true: Any
    null: Any


@dataclass(frozen=True, slots=True, eq=False)
class SymbolicRow:
    """A row that is there where `there` holds."""

    there: Any
    cells: tuple[Cell, ...]


def both(*formulas: Any) -> Any:
    """The conjunction, without what is true anyway."""
    kept = [each for each in formulas if not z3.is_true(each)]
    if any(z3.is_false(each) for each in kept):
        return FALSE
    return TRUE if not kept else kept[0] if len(kept) == 1 else z3.And(*kept)


def either(formulas: Iterable[Any]) -> Any:
    """The disjunction, without what is false anyway."""
    kept = [each for each in formulas if not z3.is_false(each)]
    if any(z3.is_true(each) for each in kept):
        return TRUE
    return FALSE if not kept else kept[0] if len(kept) == 1 else z3.Or(*kept)


def negation(formula: Any) -> Any:
    if z3.is_true(formula):
        return FALSE
    return TRUE if z3.is_false(formula) else z3.Not(formula)


def same(first: Cell, second: Cell) -> Any:
    """Whether two values are the same, as DISTINCT and GROUP BY see it: NULL is NULL."""
    if first.null is second.null and first.value is second.value:
        return TRUE
    valued = both(negation(first.null), negation(second.null), first.value == second.value)
    return either([both(first.null, second.null), valued])


def same_cells(first: Sequence[Cell], second: Sequence[Cell]) -> Any:
    """Whether two rows are the same."""
    return both(*(same(a, b) for a, b in zip(first, second, strict=True)))


def count(formulas: Iterable[Any]) -> Any:
    """How many of some formulas hold."""
    kept = [each for each in formulas if not z3.is_false(each)]
    return z3.Sum([z3.If(each, 1, 0) for each in kept]) if kept else z3.IntVal(0)
