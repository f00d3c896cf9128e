"""What of a query depends on the order in which rows are stored, and is no matter for laws."""

from abduce.symbolic.databases.schema import Schema
from abduce.verify.queries.proving.duplicates import one_row
from abduce.verify.queries.proving.facts import determined
from abduce.verify.queries.query import (
    Among,
    Column,
    Compound,
    Constant,
    Expression,
    Query,
    Scalar,
    Select,
    width,
)
from abduce.verify.queries.walking import (
    aggregates_of,
    all_queries,
    columns_in,
    columns_of,
    expressions_of,
    parts_of,
)

TIES = "rows that are equal under ORDER BY may stand in any order"
FIRST = "LIMIT chooses among rows that are equal under ORDER BY"
BARE = "a column outside GROUP BY and outside aggregates may be of any row of the group"
SCALAR = "a subquery may have several rows, of which the first one counts"


def depends(query: Query, schema: Schema, *, ordered: bool = False) -> str | None:
    """Why the rows of a query may depend on the order of stored rows; None if they do not.

    Args:
        ordered: whether the order of the rows counts.

    A subquery that depends on it is not counted where it stands for a value and names no column of
    the queries around it: SQLite runs it by itself, and two that are written alike give the same.
    """
    if isinstance(query, Compound):
        found = {s.expression for s in query.order}
        covers = len(found) == width(query)
        if query.limit is not None and not covers:
            return FIRST
        if ordered and query.order and not covers:
            return TIES
        return depends(query.left, schema) or depends(query.right, schema)
    if query.grouped and not _bare_are_fixed(query, schema):
        return BARE
    cut = query.limit is not None
    counts = cut or (ordered and bool(query.order))
    if counts and not one_row(query) and not _order_is_fixed(query, schema):
        return FIRST if cut else TIES
    for source in query.sources:
        if not isinstance(source.body, str):
            why = depends(source.body, schema)
            if why is not None:
                return why
    for expression in expressions_of(query):
        for part in parts_of(expression):
            why = _of_part(part, schema)
            if why is not None:
                return why
    return None


def _of_part(part: Expression, schema: Schema) -> str | None:
    match part:
        case Scalar(query):
            why = depends(query, schema)
            if why is None and not at_most_one(query, schema):
                why = SCALAR
        case Among(_, query):
            why = depends(query, schema)
        case _:
            return None
    return None if why is None or stands_alone(query) else why


def stands_alone(query: Query) -> bool:
    """Whether a query names no column of a query around it."""
    own = {s.alias for q in all_queries(query) if isinstance(q, Select) for s in q.sources}
    return all(column.source in own for column in columns_in(query))


def at_most_one(query: Query, schema: Schema) -> bool:
    """Whether a query has one row at most."""
    if one_row(query):
        return True
    if isinstance(query, Compound):
        return False
    if not query.sources:
        return True
    if query.limit is not None and query.limit <= 1:
        return True
    fixed = determined(query, (), schema)[1]
    return not query.grouped and {s.alias for s in query.sources} <= fixed


def _bare_are_fixed(select: Select, schema: Schema) -> bool:
    """Whether each column outside aggregates is that of GROUP BY, or determined by them."""
    bare: set[Column] = set()
    for each in (*select.outputs, *select.having, *(s.expression for s in select.order)):
        if not isinstance(each, int):
            bare |= _free(each, select)
    own = {source.alias for source in select.sources}
    bare = {column for column in bare if column.source in own}
    if not bare:
        return True
    if not select.groups:
        return False
    start = [each for each in select.groups if isinstance(each, Column)]
    _, fixed = determined(select, start, schema)
    return all(column in start or column.source in fixed for column in bare)


def _free(expression: Expression, select: Select) -> set[Column]:
    """The columns of an expression outside aggregates and outside whole expressions of GROUP BY."""
    if expression in select.groups or isinstance(expression, Constant):
        return set()
    if isinstance(expression, Column):
        return {expression}
    inside = {c for a in aggregates_of(expression) for c in columns_of(a)}
    outside = columns_of(expression) - inside
    counted = [p for p in parts_of(expression) if isinstance(p, Column)]
    repeated = {c for c in inside if counted.count(c) > _inside_count(expression, c)}
    return outside | repeated


def _inside_count(expression: Expression, column: Column) -> int:
    return sum(sum(part == column for part in parts_of(each)) for each in aggregates_of(expression))


def _order_is_fixed(select: Select, schema: Schema) -> bool:
    """Whether no two different rows are equal under ORDER BY."""
    keys = [s.expression for s in select.order if not isinstance(s.expression, int)]
    if not keys:
        return False
    if select.distinct and not set(keys) <= set(select.outputs):
        return False
    if set(select.outputs) <= set(keys):
        return True
    columns = [each for each in keys if isinstance(each, Column)]
    known, fixed = determined(select, columns, schema)
    if select.grouped:
        return all(g in keys or g in known for g in select.groups)
    return bool(select.sources) and {s.alias for s in select.sources} <= fixed
