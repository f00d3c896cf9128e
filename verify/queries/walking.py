"""Walks over trees: what an expression or a query has inside, and trees with parts replaced."""

from collections.abc import Callable, Iterator
from dataclasses import replace

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
    Select,
    Sorting,
    Source,
)

Change = Callable[[Expression], Expression]


def parts_of(expression: Expression) -> Iterator[Expression]:
    """An expression and all in it, without what is in subqueries."""
    yield expression
    for each in operands_of(expression):
        yield from parts_of(each)


def operands_of(expression: Expression) -> tuple[Expression, ...]:
    """The operands of an expression, none of them in a subquery."""
    match expression:
        case Operation(_, operands) | Among(operands, _):
            return operands
        case Aggregate(_, operand) if operand is not None:
            return (operand,)
        case _:
            return ()


def subqueries_of(expression: Expression) -> list[Query]:
    """The subqueries of an expression, without those in them."""
    return [
        each.query for each in parts_of(expression) if isinstance(each, Among | Exists | Scalar)
    ]


def aggregates_of(expression: Expression) -> list[Aggregate]:
    """The aggregates of an expression, without those of subqueries."""
    return [each for each in parts_of(expression) if isinstance(each, Aggregate)]


def expressions_of(query: Query) -> Iterator[Expression]:
    """The expressions of a query itself, without those of its sources and operands."""
    if isinstance(query, Compound):
        return
    yield from query.outputs
    yield from query.where
    for source in query.sources:
        yield from source.on
    yield from query.groups
    yield from query.having
    for sorting in query.order:
        if not isinstance(sorting.expression, int):
            yield sorting.expression


def inner_queries(query: Query) -> Iterator[Query]:
    """The queries directly inside a query: operands, sources and subqueries of expressions."""
    if isinstance(query, Compound):
        yield query.left
        yield query.right
        return
    for source in query.sources:
        if not isinstance(source.body, str):
            yield source.body
    for expression in expressions_of(query):
        yield from subqueries_of(expression)


def all_queries(query: Query) -> Iterator[Query]:
    """A query and all queries in it."""
    yield query
    for each in inner_queries(query):
        yield from all_queries(each)


def columns_of(expression: Expression) -> set[Column]:
    """The columns in an expression, also those in its subqueries."""
    found = {each for each in parts_of(expression) if isinstance(each, Column)}
    for query in subqueries_of(expression):
        found |= columns_in(query)
    return found


def columns_in(query: Query) -> set[Column]:
    """All columns that a query and the queries in it name."""
    found: set[Column] = set()
    for each in all_queries(query):
        for expression in expressions_of(each):
            found |= {c for c in parts_of(expression) if isinstance(c, Column)}
    return found


def changed(expression: Expression, change: Change) -> Expression:
    """An expression with a change made to each part, inner parts first, subqueries included."""
    match expression:
        case Column() | Constant():
            return change(expression)
        case Operation(name, operands):
            return change(Operation(name, tuple(changed(each, change) for each in operands)))
        case Aggregate(name, operand, distinct):
            inner = None if operand is None else changed(operand, change)
            return change(Aggregate(name, inner, distinct))
        case Among(operands, query):
            inner_ = tuple(changed(each, change) for each in operands)
            return change(Among(inner_, changed_query(query, change)))
        case Exists(query):
            return change(Exists(changed_query(query, change)))
        case Scalar(query):
            return change(Scalar(changed_query(query, change)))


def changed_query(query: Query, change: Change) -> Query:
    """A query with a change made to each part of each of its expressions."""

    def all_of(expressions: tuple[Expression, ...]) -> tuple[Expression, ...]:
        return tuple(changed(each, change) for each in expressions)

    if isinstance(query, Compound):
        left, right = changed_query(query.left, change), changed_query(query.right, change)
        return replace(query, left=left, right=right)
    sources = tuple(
        Source(
            each.alias,
            each.body if isinstance(each.body, str) else changed_query(each.body, change),
            each.kind,
            all_of(each.on),
        )
        for each in query.sources
    )
    order = tuple(
        s
        if isinstance(s.expression, int)
        else Sorting(changed(s.expression, change), s.order, s.nulls_last)
        for s in query.order
    )
    return Select(
        all_of(query.outputs), sources, all_of(query.where), query.grouped,
        all_of(query.groups), all_of(query.having), query.distinct, order, query.limit,
        query.offset,
    )  # fmt: skip
