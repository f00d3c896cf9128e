"""What exact set match sees of a query: its clauses, without the values of conditions."""

from dataclasses import dataclass
from typing import Literal

Connective = Literal["and", "or"]
ALL = "*"


@dataclass(frozen=True, slots=True)
class ColumnUnit:
    """A column, 'table.column' or '*', perhaps within an aggregate."""

    aggregate: str
    column: str
    distinct: bool | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A column unit, or two with an operator between."""

    operator: str
    first: ColumnUnit
    second: ColumnUnit | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """A unit of SELECT, perhaps within an aggregate."""

    aggregate: str
    unit: Unit


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison. Values and columns on the right are read, but not compared."""

    negated: bool
    operator: str
    unit: Unit
    first: "Clauses | str | float | ColumnUnit | None"
    second: "Clauses | str | float | ColumnUnit | None" = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions, and what connects each to the one before it."""

    units: tuple[Condition, ...] = ()
    connectives: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.units)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """A query.

    Attributes:
        tables: names, and queries in FROM.
        on: the conditions of joins.
        order: the last way that is stated, and the units; None for no ORDER BY.
        limit: whether there is LIMIT; its number is not compared.
    """

    tables: "tuple[str | Clauses, ...]" = ()
    on: Conditions = Conditions()
    distinct: bool | None = False
    outputs: tuple[Output, ...] = ()
    where: Conditions = Conditions()
    groups: tuple[ColumnUnit, ...] = ()
    having: Conditions = Conditions()
    order: tuple[str, tuple[Unit, ...]] | None = None
    limit: bool = False
    intersect: "Clauses | None" = None
    union: "Clauses | None" = None
    except_: "Clauses | None" = None
