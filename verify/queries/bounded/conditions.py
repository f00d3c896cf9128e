"""Expressions of one row, as formulas."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import z3

from abduce.symbolic.databases.schema import Schema
from abduce.verify.queries.bounded.cells import (
    FALSE,
    TRUE,
    Cell,
    Sort,
    SymbolicRow,
    Truth,
    both,
    either,
    negation,
)
from abduce.verify.queries.proving.ties import at_most_one
from abduce.verify.queries.query import (
    Aggregate,
    Among,
    Column,
    Constant,
    Exists,
    Expression,
    Operation,
    Query,
    Scalar,
)
from abduce.verify.queries.text.outside import Outside

Rows = Mapping[Column, Cell]
ORDER = ("=", "<>", "<", "<=", ">", ">=")


@dataclass(slots=True, eq=False)
class World:
    """What all formulas of one comparison share.

    Attributes:
        texts: the constants that are texts, each with its place in their order.
        defined: constraints that say what auxiliary unknowns are.
        relation: evaluates a query within the row around it.
        arithmetic: whether a sum or a product was met, so that numbers are assumed.
    """

    schema: Schema
    texts: Mapping[str, int]
    relation: "Callable[[Query, Rows], list[SymbolicRow]]"
    defined: list[Any] = field(default_factory=list)
    functions: dict[str, Any] = field(default_factory=dict)
    arithmetic: bool = False
    fresh: int = 0

    def unknown(self) -> Any:
        self.fresh += 1
        return z3.Real(f"v{self.fresh}")

    def function(self, name: str, *sorts: Any) -> Any:
        if name not in self.functions:
            self.functions[name] = z3.Function(name, *sorts)
        return self.functions[name]


@dataclass(frozen=True, slots=True, eq=False)
class RowReader:
    """Reads expressions in a row; `aggregate` gives the value of an aggregate."""

    world: World
    row: Rows
    aggregate: Callable[[Aggregate], Cell] | None = None

    def cell(self, expression: Expression) -> Cell:
        """The value of an expression.

        Raises:
            Outside: it is not understood here.
        """
        match expression:
            case Column():
                if expression not in self.row:
                    raise Outside("a column outside GROUP BY")
                return self.row[expression]
            case Constant(value):
                return self._constant(value, None)
            case Aggregate():
                if self.aggregate is None:
                    raise Outside("an aggregate of an outer query")
                return self.aggregate(expression)
            case Scalar(query):
                if not at_most_one(query, self.world.schema):
                    raise Outside("a subquery with several rows as a value")
                return self._first(self.world.relation(query, self.row))
            case Operation("+" | "-" | "*" as name, (left, right)):
                return self._arithmetic(name, self.cell(left), self.cell(right))
            case Operation("negative", (inner,)):
                zero = Cell(FALSE, z3.RealVal(0), "number")
                return self._arithmetic("-", zero, self.cell(inner))
            case Operation("function lower" | "function upper" as name, (inner,)):
                found = self.cell(inner)
                if found.sort != "text":
                    raise Outside(f"the {name} of a number")
                function = self.world.function(name, z3.RealSort(), z3.RealSort())
                return Cell(found.null, function(found.value), "text")
            case _:
                return self._as_number(self.truth(expression))

    def truth(self, expression: Expression) -> Truth:
        """An expression as a condition."""
        match expression:
            case Operation("and", operands):
                parts = [self.truth(each) for each in operands]
                true = both(*(each.true for each in parts))
                false = either(both(negation(e.true), negation(e.null)) for e in parts)
                return Truth(true, both(negation(true), negation(false)))
            case Operation("or", operands):
                parts = [self.truth(each) for each in operands]
                true = either(each.true for each in parts)
                return Truth(true, both(negation(true), either(e.null for e in parts)))
            case Operation("not", (inner,)):
                found = self.truth(inner)
                return Truth(both(negation(found.true), negation(found.null)), found.null)
            case Operation("is", (value, Constant(None))):
                return Truth(self.cell(value).null, FALSE)
            case Operation(name, (left, right)) if name in ORDER:
                return self._compared(name, left, right)
            case Operation("like", (value, Constant(str() as pattern))):
                found = self.cell(value)
                if found.sort != "text":
                    raise Outside("LIKE of a column that is not a text")
                like = self.world.function(f"like {pattern}", z3.RealSort(), z3.BoolSort())
                return Truth(both(negation(found.null), like(found.value)), found.null)
            case Among((value,), query):
                return self._among(value, self.world.relation(query, self.row))
            case Exists(query):
                rows = self.world.relation(query, self.row)
                return Truth(either(each.there for each in rows), FALSE)
            case Constant(bool() | int() | float() as value):
                return Truth(TRUE if value else FALSE, FALSE)
            case Constant(None):
                return Truth(FALSE, TRUE)
            case _:
                raise Outside("a condition that is no comparison")

    def _compared(self, name: str, left: Expression, right: Expression) -> Truth:
        first, second = self._pair(left, right)
        if "none" in (first.sort, second.sort) or first.sort != second.sort:
            raise Outside("a comparison of values of two kinds")
        null = either([first.null, second.null])
        a, b = first.value, second.value
        holds = {
            "=": a == b, "<>": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b,
        }[name]  # fmt: skip
        return Truth(both(negation(null), holds), null)

    def _pair(self, left: Expression, right: Expression) -> tuple[Cell, Cell]:
        """Two values, with a constant converted as the affinity of the other side asks."""
        if isinstance(left, Constant) and not isinstance(right, Constant):
            other = self.cell(right)
            return self._constant(left.value, other.sort), other
        if isinstance(right, Constant) and not isinstance(left, Constant):
            other = self.cell(left)
            return other, self._constant(right.value, other.sort)
        return self.cell(left), self.cell(right)

    def _constant(self, value: object, sort: Sort | None) -> Cell:
        if value is None:
            return Cell(TRUE, z3.RealVal(0), sort or "number")
        if sort == "text" and isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if sort == "number" and isinstance(value, str):
            value = _number(value)
        if isinstance(value, str) and sort in (None, "text"):
            return Cell(FALSE, z3.RealVal(self.world.texts[value]), "text")
        if isinstance(value, int | float) and sort in (None, "number"):
            return Cell(FALSE, z3.RealVal(str(Fraction(value))), "number")
        raise Outside("a constant of another kind than its column")

    def _arithmetic(self, name: str, left: Cell, right: Cell) -> Cell:
        if left.sort != "number" or right.sort != "number":
            raise Outside("arithmetic of texts")
        if name == "*" and not (z3.is_rational_value(left.value) or
                                z3.is_rational_value(right.value)):  # fmt: skip
            raise Outside("a product of two columns")
        self.world.arithmetic = True
        a, b = left.value, right.value
        value = a + b if name == "+" else a - b if name == "-" else a * b
        return Cell(either([left.null, right.null]), value, "number")

    def _among(self, value: Expression, rows: list[SymbolicRow]) -> Truth:
        if rows and isinstance(value, Constant):
            found = self._constant(value.value, rows[0].cells[0].sort)
        else:
            found = self.cell(value)
        if any(each.cells[0].sort != found.sort or found.sort == "none" for each in rows):
            raise Outside("IN with values of two kinds")
        equal, unsure = [], []
        for each in rows:
            (cell,) = each.cells
            known = both(negation(cell.null), negation(found.null))
            equal.append(both(each.there, known, cell.value == found.value))
            unsure.append(both(each.there, either([cell.null, found.null])))
        true = either(equal)
        return Truth(true, both(negation(true), either(unsure)))

    def _first(self, rows: list[SymbolicRow]) -> Cell:
        """The value of the one row of a subquery, NULL where there is none."""
        if not rows:
            return Cell(TRUE, z3.RealVal(0), "number")
        null, value = TRUE, z3.RealVal(0)
        for each in reversed(rows):
            (cell,) = each.cells
            null = z3.If(each.there, cell.null, null)
            value = z3.If(each.there, cell.value, value)
        return Cell(null, value, rows[0].cells[0].sort)

    def _as_number(self, found: Truth) -> Cell:
        return Cell(found.null, z3.If(found.true, z3.RealVal(1), z3.RealVal(0)), "number")


def _number(text: str) -> int | float:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    raise Outside("a text that is compared with a column of numbers")
