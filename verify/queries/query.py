"""Queries as trees: what a proof reads, with every name resolved to a column of a table.

A source is a table or a subquery with an alias that no other source of the whole query has, so that
a column is known by its alias and its name wherever it stands.
"""

from dataclasses import dataclass
from typing import Literal

Order = Literal["ascending", "descending"]
Kind = Literal["inner", "left"]
Operator = Literal["union", "union all", "intersect", "except"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a source."""

    source: str
    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A value: a number, a text, bytes, or None for NULL."""

    value: int | float | str | bytes | None


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator or a function of a row, such as 'and', '<', '+', 'like' or 'function abs'."""

    name: str
    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A function of the rows of a group; COUNT(*) has no operand."""

    name: str
    operand: "Expression | None"
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Among:
    """Whether a value is among the rows of a query: IN."""

    operands: tuple["Expression", ...]
    query: "Query"


@dataclass(frozen=True, slots=True)
class Exists:
    """Whether a query has rows."""

    query: "Query"


@dataclass(frozen=True, slots=True)
class Scalar:
    """The value in the first row of a query with one column; NULL where it has no rows."""

    query: "Query"


Expression = Column | Constant | Operation | Aggregate | Among | Exists | Scalar


@dataclass(frozen=True, slots=True)
class Source:
    """A table, or a subquery, in FROM.

    Attributes:
        kind: how it is joined to the sources before it.
        on: the condition of a left join, a conjunction; () for inner joins, whose conditions stand
            in `Select.where`.
    """

    alias: str
    body: "str | Query"
    kind: Kind = "inner"
    on: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Sorting:
    """One expression of ORDER BY. NULL is least, unless `nulls_last` says otherwise."""

    expression: "Expression | int"
    order: Order = "ascending"
    nulls_last: bool = False


@dataclass(frozen=True, slots=True)
class Select:
    """One SELECT.

    Attributes:
        where, having: conjunctions; () for none.
        grouped: whether rows are grouped, by GROUP BY or because there are aggregates.
        groups: the expressions of GROUP BY.
        order: expressions of this query's rows; () for none.
    """

    outputs: tuple[Expression, ...]
    sources: tuple[Source, ...]
    where: tuple[Expression, ...] = ()
    grouped: bool = False
    groups: tuple[Expression, ...] = ()
    having: tuple[Expression, ...] = ()
    distinct: bool = False
    order: tuple[Sorting, ...] = ()
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Compound:
    """Two queries with a set operation between them; `order` has numbers of columns, from 0."""

    operator: Operator
    left: "Query"
    right: "Query"
    order: tuple[Sorting, ...] = ()
    limit: int | None = None
    offset: int = 0


Query = Select | Compound


def width(query: Query) -> int:
    """The number of columns of a query."""
    return len(query.outputs) if isinstance(query, Select) else width(query.left)
