"""Applies the laws to a query and all queries in it, until none changes anything."""

from dataclasses import replace
from typing import Final

from abduce.verify.queries.proving.context import Context, Notes
from abduce.verify.queries.proving.duplicates import (
    aggregates_without_distinct,
    grouped_as_distinct,
    one_row,
    rows_as_set,
    without_distinct,
    without_distinct_by_keys,
)
from abduce.verify.queries.proving.joins import (
    inner_joins,
    merged_subqueries,
    without_idle_joins,
    without_needless_conditions,
    without_repeats,
)
from abduce.verify.queries.proving.logic import conjuncts
from abduce.verify.queries.proving.sets import set_operation, sides
from abduce.verify.queries.proving.ties import depends
from abduce.verify.queries.query import (
    Among,
    Compound,
    Constant,
    Exists,
    Expression,
    Query,
    Scalar,
    Select,
    Source,
)
from abduce.verify.queries.walking import changed

ROUNDS: Final = 60
"""The upper limit on rounds of laws for one query; each changes something."""


def simplified(query: Query, context: Context, notes: Notes) -> Query:
    """A query in the simplest words that the laws give, equal to it where it stands."""
    if not context.ordered and depends(query, notes.schema):
        return query
    if isinstance(query, Compound):
        below = sides(query, context)
        left = simplified(query.left, below, notes)
        right = simplified(query.right, below, notes)
        found = set_operation(replace(query, left=left, right=right), context, notes)
        return found if context.ordered else _without_order(found, notes)
    found = _inside(query, context, notes)
    for _ in range(ROUNDS):
        before = found
        found = _round(found, context, notes)
        if found == before:
            break
    return found


def _round(select: Select, context: Context, notes: Notes) -> Select:
    """Each law once."""
    found = _conditions(select)
    found = _first_row(found, notes)
    if not context.ordered:
        found = _without_order(found, notes)
        assert isinstance(found, Select)
    if context.only_rows and not found.grouped and found.outputs != (Constant(1),):
        found = replace(found, outputs=(Constant(1),), distinct=False)
    found = merged_subqueries(found, notes)
    found = without_distinct(found, context, notes)
    found = aggregates_without_distinct(found, notes)
    found = inner_joins(found, notes)
    found = without_distinct_by_keys(found, notes)
    found = grouped_as_distinct(found, context, notes)
    found = without_idle_joins(found, context, notes)
    found = without_repeats(found, context, notes)
    return without_needless_conditions(found, notes)


def _conditions(select: Select) -> Select:
    """Conditions written in one way."""
    return replace(
        select,
        where=_all(select.where),
        having=_all(select.having),
        sources=tuple(replace(each, on=_all(each.on)) for each in select.sources),
    )


def _all(conditions: tuple[Expression, ...]) -> tuple[Expression, ...]:
    return tuple(dict.fromkeys(part for each in conditions for part in conjuncts(each)))


def _first_row(select: Select, notes: Notes) -> Select:
    """A query of one row without ORDER BY and without a LIMIT of one or more."""
    cut = select.limit is not None and select.limit >= 1 and select.offset == 0
    if one_row(select) and (select.order or cut) and (cut or select.limit is None):
        notes.law("one row", "one row needs neither ORDER BY nor LIMIT")
        return replace(select, order=(), limit=None, offset=0)
    return select


def _without_order(query: Query, notes: Notes) -> Query:
    if query.order and query.limit is None:
        notes.law("order of a subquery", "the order of rows within a query does not count")
        return replace(query, order=())
    return query


def _inside(select: Select, context: Context, notes: Notes) -> Select:
    """The query with simpler queries in it."""
    repeat = rows_as_set(select, context)

    def source(each: Source) -> Source:
        if isinstance(each.body, str):
            return each
        body = simplified(each.body, Context(as_set=repeat, exact=True), notes)
        return replace(each, body=body)

    def expression(each: Expression) -> Expression:
        match each:
            case Among(operands, query):
                return Among(operands, simplified(query, Context(as_set=True), notes))
            case Exists(query):
                below = Context(as_set=True, only_rows=True)
                return Exists(simplified(query, below, notes))
            case Scalar(query):
                return Scalar(simplified(query, Context(exact=True), notes))
            case _:
                return each

    def outer(each: Expression) -> Expression:
        return changed(each, expression)

    return replace(
        select,
        outputs=tuple(map(outer, select.outputs)),
        sources=tuple(replace(source(s), on=tuple(map(outer, s.on))) for s in select.sources),
        where=tuple(map(outer, select.where)),
        groups=tuple(map(outer, select.groups)),
        having=tuple(map(outer, select.having)),
        order=tuple(
            s if isinstance(s.expression, int) else replace(s, expression=outer(s.expression))
            for s in select.order
        ),
    )
