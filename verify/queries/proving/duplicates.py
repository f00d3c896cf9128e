"""Laws about DISTINCT: where it changes nothing, and what is said without it.

Source: Ullman 1989, Principles of Database and Knowledge-Base Systems, volume 2, chapter 14;
Paulley & Larson 1994, Exploiting uniqueness in query optimization.
"""

from dataclasses import replace

from abduce.symbolic.databases.schema import Schema
from abduce.verify.queries.proving.context import Context, Notes
from abduce.verify.queries.proving.facts import STORED, affinity, determined
from abduce.verify.queries.query import (
    Aggregate,
    Column,
    Compound,
    Constant,
    Expression,
    Query,
    Select,
    width,
)
from abduce.verify.queries.walking import aggregates_of, changed, columns_of, expressions_of


def one_row(query: Query) -> bool:
    """Whether a query has one row at most."""
    return isinstance(query, Select) and query.grouped and not query.groups


def without_distinct(select: Select, context: Context, notes: Notes) -> Select:
    """The query without a DISTINCT that changes nothing where the query stands."""
    if not select.distinct:
        return select
    if one_row(select):
        notes.law("one row", "a query with aggregates and without GROUP BY has one row at most")
        return replace(select, distinct=False)
    if select.limit is not None or select.order:
        return select
    if context.as_set and (not context.exact or stored_alike(select, notes.schema)):
        notes.law("set", "duplicates do not count in IN, EXISTS, or beside a set operation")
        return replace(select, distinct=False)
    return select


def without_distinct_by_keys(select: Select, notes: Notes) -> Select:
    """The query without a DISTINCT where keys or groups exclude duplicates."""
    if not select.distinct or one_row(select):
        return select
    start = [each for each in select.outputs if isinstance(each, Column)]
    mine = Notes(notes.query, notes.schema)
    known, fixed = determined(select, start, notes.schema, mine)
    if select.grouped:
        groups = [g in select.outputs or (isinstance(g, Column) and g in known)
                  for g in select.groups]  # fmt: skip
        if not all(groups):
            return select
        notes.law("groups", "the columns shown differ between any two groups")
    else:
        if not select.sources or not {s.alias for s in select.sources} <= fixed:
            return select
        notes.law("key", "the columns shown determine a key of every table in FROM")
    for sentence, assumed in mine.keys.items():
        notes.key(sentence, "assumed" if assumed else "file")
    return replace(select, distinct=False)


def grouped_as_distinct(select: Select, context: Context, notes: Notes) -> Select:
    """GROUP BY without aggregates, over the columns shown, as DISTINCT."""
    if context.exact and not stored_alike(select, notes.schema):
        return select
    if not select.groups or select.having or select.order or select.limit is not None:
        return select
    if any(aggregates_of(each) for each in select.outputs):
        return select
    if set(select.groups) != set(select.outputs):
        return select
    notes.law("groups as rows", "GROUP BY of the columns shown, without aggregates, is DISTINCT")
    return replace(select, grouped=False, groups=(), distinct=True)


def aggregates_without_distinct(select: Select, notes: Notes) -> Select:
    """MIN and MAX do not count duplicates; COUNT of what is never NULL counts rows."""
    from abduce.verify.queries.proving.facts import never_null

    def simpler(each: Expression) -> Expression:
        match each:
            case Aggregate("min" | "max" as name, Column() as operand, True) if STORED.get(
                affinity(operand, select, notes.schema) or ""
            ):
                notes.law("extremes", "MIN and MAX are those of the different values")
                return Aggregate(name, operand)
            case Aggregate("count", Constant(value), False) if value is not None:
                notes.law("count", "COUNT of a value that is not NULL counts rows")
                return Aggregate("count", None)
            case Aggregate("count", Column() as column, False) if never_null(
                column, select, notes.schema
            ):
                notes.law("count", "COUNT of a column that is never NULL counts rows")
                return Aggregate("count", None)
            case _:
                return each

    return replace(
        select,
        outputs=tuple(changed(each, simpler) for each in select.outputs),
        having=tuple(changed(each, simpler) for each in select.having),
    )


def rows_as_set(select: Select, context: Context) -> bool:
    """Whether it does not count how often the joined rows of a query repeat."""
    if select.limit is not None:
        return False
    if select.grouped:
        found = [a for each in expressions_of(select) for a in aggregates_of(each)]
        return all(each.distinct or each.name in ("min", "max") for each in found)
    return select.distinct or context.as_set or context.only_rows


def stored_alike(query: Query, schema: Schema) -> bool:
    """Whether equal values in a column of a query are the same value: no column has both 1 and
    1.0."""
    return all(kind is not None for kind in _kinds(query, schema))


def _kinds(query: Query, schema: Schema) -> list[str | None]:
    if isinstance(query, Compound):
        left, right = _kinds(query.left, schema), _kinds(query.right, schema)
        return [a if a == b else None for a, b in zip(left, right, strict=True)]
    found: list[str | None] = []
    for each in query.outputs:
        kind = None
        if isinstance(each, Column):
            told = affinity(each, query, schema)
            kind = None if told is None else STORED.get(told)
        elif isinstance(each, Aggregate) and each.name == "count":
            kind = "integer"
        found.append(kind)
    return found if len(found) == width(query) else [None]


def names_source(select: Select, alias: str, *, but_on: bool = False) -> bool:
    """Whether a query names a column of a source, anywhere or anywhere but in its own ON."""
    own = next(each for each in select.sources if each.alias == alias)
    listed = list(expressions_of(select))
    for each in own.on if but_on else ():
        listed.remove(each)
    return any(c.source == alias for each in listed for c in columns_of(each))
