"""What queries compare with what: constants of a column, columns with common values, and counts."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from abduce.symbolic.databases.schema import Schema
from abduce.verify.queries.query import (
    Aggregate,
    Among,
    Column,
    Compound,
    Constant,
    Expression,
    Operation,
    Query,
    Scalar,
    Select,
)
from abduce.verify.queries.walking import all_queries, expressions_of, parts_of

Place = tuple[str, str]
"""A table and one of its columns."""
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=", "is", "like", "+", "-", "*", "/")


@dataclass(slots=True)
class Hints:
    """What is compared.

    Attributes:
        constants: the constants of each column.
        patterns: the patterns of LIKE, which stand in `constants` too.
        together: pairs of columns whose values are compared.
        counts: the constants that are compared with a COUNT.
        named: the columns that the queries name; None where that is not known.
    """

    constants: dict[Place, set[object]] = field(default_factory=dict)
    together: list[tuple[Place, Place]] = field(default_factory=list)
    counts: set[int] = field(default_factory=set)
    named: set[Place] | None = None
    everywhere: set[object] = field(default_factory=set)


def hints_of(queries: list[Query]) -> Hints:
    """The hints of some queries."""
    hints = Hints(named=set())
    for query in queries:
        homes = _homes(query)
        for each in all_queries(query):
            for expression in expressions_of(each):
                for part in parts_of(expression):
                    _note(part, homes, hints)
            if isinstance(each, Compound):
                for left, right in zip(_outputs(each.left), _outputs(each.right), strict=False):
                    _join(left, right, homes, hints)
    return hints


def hints_of_text(texts: list[str], schema: Schema) -> Hints:
    """The hints of queries that were not understood: every constant may stand in every column."""
    import re

    hints = Hints()
    for text in texts:
        for quoted in re.findall(r"'((?:[^']|'')*)'|\"((?:[^\"]|\"\")*)\"", text):
            hints.everywhere.add(quoted[0] or quoted[1])
        for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", text):
            hints.everywhere.add(float(number) if "." in number else int(number))
    names = {c.name.lower() for t in schema.tables for c in t.columns}
    hints.everywhere -= {each for each in hints.everywhere if str(each).lower() in names}
    hints.counts = {each for each in hints.everywhere if type(each) is int and 0 < each <= 300}
    return hints


def _homes(query: Query) -> dict[str, "str | Query"]:
    return {
        source.alias: source.body
        for each in all_queries(query)
        if isinstance(each, Select)
        for source in each.sources
    }


def _note(part: Expression, homes: dict[str, "str | Query"], hints: Hints) -> None:
    for place in _places(part, homes) if isinstance(part, Column) else ():
        if hints.named is not None:
            hints.named.add(place)
    match part:
        case Operation(name, (left, right)) if name in COMPARISONS:
            _compare(left, right, homes, hints)
            _compare(right, left, homes, hints)
        case Among((value,), query):
            for output in _outputs(query):
                _join(value, output, homes, hints)
        case _:
            pass


def _compare(
    left: Expression, right: Expression, homes: dict[str, "str | Query"], hints: Hints
) -> None:
    match right:
        case Constant(None):
            return
        case Constant(value):
            if isinstance(left, Aggregate) and left.name == "count" and isinstance(value, int):
                hints.counts.add(value)
                return
            for place in _inside(left, homes):
                hints.constants.setdefault(place, set()).add(value)
        case Scalar(query):
            if isinstance(left, Constant):
                _compare(_outputs(query)[0], left, homes, hints)
            else:
                _join(left, _outputs(query)[0], homes, hints)
        case _:
            _join(left, right, homes, hints)


def _join(
    left: Expression, right: Expression, homes: dict[str, "str | Query"], hints: Hints
) -> None:
    if isinstance(right, Constant):
        _compare(left, right, homes, hints)
        return
    for first in _inside(left, homes):
        for second in _inside(right, homes):
            hints.together.append((first, second))


def _inside(expression: Expression, homes: dict[str, "str | Query"]) -> list[Place]:
    """The columns whose values make those of an expression, through aggregates and functions."""
    if isinstance(expression, Aggregate) and expression.name == "count":
        return []
    if isinstance(expression, Scalar):
        return [p for each in _outputs(expression.query) for p in _inside(each, homes)]
    return [
        place
        for part in parts_of(expression)
        if isinstance(part, Column)
        for place in _places(part, homes)
    ]


def _places(column: Column, homes: dict[str, "str | Query"]) -> Iterator[Place]:
    home = homes.get(column.source)
    if isinstance(home, str):
        yield home, column.name
    elif home is not None:
        yield from _inside(_outputs(home)[int(column.name)], homes)


def _outputs(query: Query) -> tuple[Expression, ...]:
    while isinstance(query, Compound):
        query = query.left
    return query.outputs
