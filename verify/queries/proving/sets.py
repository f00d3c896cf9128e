"""Laws about set operations: what their sides may leave out, and which may change places."""

from dataclasses import replace

from abduce.verify.queries.proving.context import Context, Notes
from abduce.verify.queries.proving.duplicates import stored_alike
from abduce.verify.queries.query import Compound, Query


def set_operation(query: Compound, context: Context, notes: Notes) -> Query:
    """A set operation in simpler words."""
    exact = context.exact and not stored_alike(query, notes.schema)
    if query.operator == "union all" and context.as_set and not exact and not query.order:
        notes.law("set", "UNION ALL is UNION where duplicates do not count")
        return replace(query, operator="union")
    return query


def sides(query: Compound, context: Context) -> Context:
    """What counts of the rows of both sides."""
    as_set = query.operator != "union all" or context.as_set
    return Context(as_set=as_set and not _cut(query), exact=context.exact)


def _cut(query: Compound) -> bool:
    return False if query.operator != "union all" else query.limit is not None


def chain(query: Query, operator: str) -> list[Query]:
    """The operands of one operation that is written several times."""
    if isinstance(query, Compound) and query.operator == operator and query.limit is None:
        return [*chain(query.left, operator), query.right]
    return [query]
