"""Trees as SQL, with every pair of parentheses, for SQLite to run."""

from typing import assert_never

from abduce.symbolic.databases.schema import quoted
from abduce.verify.queries.query import (
    Aggregate,
    Among,
    Column,
    Compound,
    Constant,
    Exists,
    Expression,
    Operation,
    Query,
    Scalar,
    Sorting,
    Source,
)


def write_query(query: Query) -> str:
    """A query as SQL that SQLite reads as the tree says.

    >>> from abduce.verify.queries.query import Constant, Select
    >>> write_query(Select((Constant(1),), ()))
    'SELECT 1 AS "0"'
    """
    if isinstance(query, Compound):
        left, right = (write_query(each) for each in (query.left, query.right))
        return f"{left} {query.operator.upper()} {right}{_end(query)}"
    outputs = ", ".join(
        f"{write_expression(each)} AS {quoted(str(i))}" for i, each in enumerate(query.outputs)
    )
    text = f"SELECT {'DISTINCT ' if query.distinct else ''}{outputs}"
    for number, source in enumerate(query.sources):
        text += _source(source, number)
    if query.where:
        text += f" WHERE {_all(query.where)}"
    if query.groups:
        text += f" GROUP BY {', '.join(f'(+{write_expression(e)})' for e in query.groups)}"
    if query.having:
        text += f" HAVING {_all(query.having)}"
    return text + _end(query)


def _source(source: Source, number: int) -> str:
    body = quoted(source.body) if isinstance(source.body, str) else f"({write_query(source.body)})"
    named = f"{body} AS {quoted(source.alias)}"
    if number == 0:
        return f" FROM {named}"
    if source.kind == "left":
        return f" LEFT JOIN {named} ON {_all(source.on) if source.on else '1'}"
    return f" JOIN {named}"


def _end(query: Query) -> str:
    text = ""
    if query.order:
        text += f" ORDER BY {', '.join(map(_sorting, query.order))}"
    if query.limit is not None:
        text += f" LIMIT {query.limit} OFFSET {query.offset}"
    return text


def _sorting(sorting: Sorting) -> str:
    key = sorting.expression
    text = str(key + 1) if isinstance(key, int) else write_expression(key)
    way = "DESC" if sorting.order == "descending" else "ASC"
    return f"{text} {way} NULLS {'LAST' if sorting.nulls_last else 'FIRST'}"


def _all(conjuncts: tuple[Expression, ...]) -> str:
    return " AND ".join(write_expression(each) for each in conjuncts)


def write_expression(expression: Expression) -> str:
    """An expression as SQL."""
    match expression:
        case Column(source, name):
            return f"{quoted(source)}.{quoted(name)}"
        case Constant(value):
            return write_value(value)
        case Aggregate(name, operand, distinct):
            inner = "*" if operand is None else write_expression(operand)
            return f"{name.upper()}({'DISTINCT ' if distinct else ''}{inner})"
        case Among(operands, query):
            return f"({write_expression(operands[0])} IN ({write_query(query)}))"
        case Exists(query):
            return f"(EXISTS ({write_query(query)}))"
        case Scalar(query):
            return f"({write_query(query)})"
        case Operation(name, operands):
            return _operation(name, [write_expression(each) for each in operands])
        case _:
            assert_never(expression)


def _operation(name: str, operands: list[str]) -> str:
    if name.startswith("function "):
        return f"{name.removeprefix('function ').upper()}({', '.join(operands)})"
    if name == "not":
        return f"(NOT {operands[0]})"
    if name == "negative":
        return f"(- {operands[0]})"
    return f"({f' {name.upper()} '.join(operands)})"


def write_value(value: object) -> str:
    """A value as SQL.

    >>> write_value("it's"), write_value(None), write_value(b"a")
    ("'it''s'", 'NULL', "x'61'")
    """
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    return f"'{value.replace(chr(39), chr(39) * 2)}'" if isinstance(value, str) else repr(value)
