"""The normal form as text: names of sources that do not depend on how a query is written.

Two queries with the same text are the same but for the order of tables in FROM, of conditions, and
of columns that WHERE makes equal.

Source: Chaudhuri & Vardi 1993, Optimization of real conjunctive queries: under bags, conjunctive
queries are equal where they are isomorphic.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations, product
from math import factorial, prod
from typing import Final

from abduce.symbolic.databases.schema import Schema, quoted
from abduce.verify.queries.proving.duplicates import stored_alike
from abduce.verify.queries.proving.facts import interchangeable, source_of
from abduce.verify.queries.proving.sets import chain
from abduce.verify.queries.proving.ties import at_most_one, depends
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
from abduce.verify.queries.text.outside import Outside
from abduce.verify.queries.text.writing import write_query, write_value
from abduce.verify.queries.walking import all_queries, changed_query

MOST: Final = 720
"""The upper limit on ways to name the sources of one SELECT."""
EITHER_WAY: Final = ("and", "or", "=", "<>", "+", "*")
"""Operators whose operands may change places."""


@dataclass(frozen=True, slots=True)
class Naming:
    """How the parts of a query are named.

    Attributes:
        names: the name of each source, by its alias.
        equal: for each column, the one that stands for it among those that WHERE makes equal.
        inside: whether the query stands in another one. Which side of a set operation comes first
            then counts, as it gives the columns their affinity, and equal values their form.
    """

    schema: Schema
    names: Mapping[str, str]
    equal: Mapping[Column, Column]
    depth: int = 0
    inside: bool = False

    def column(self, column: Column) -> str:
        found = self.equal.get(column, column)
        return f"{self.names[found.source]}.{quoted(found.name)}"


def normal_form(query: Query, schema: Schema) -> str:
    """The text of a query.

    Raises:
        Outside: there are too many ways to name its sources.
    """
    return _query(query, Naming(schema, {}, {}))


def _query(query: Query, naming: Naming) -> str:
    if isinstance(query, Select):
        return min(_select(query, each) for each in _namings(query, naming))
    tail = _tail(query, naming)
    fixed = naming.inside and not stored_alike(query, naming.schema)
    operands = [*chain(query.left, query.operator), query.right]
    told = [_query(each, naming) for each in operands]
    if query.operator == "except":
        told = told[:1] + (told[1:] if fixed else sorted(set(told[1:])))
    elif not fixed:
        told.sort()
    return f"({f' {query.operator} '.join(told)}{tail})"


def _namings(select: Select, around: Naming) -> Iterator[Naming]:
    """All ways to name the sources: those of one table change places."""
    labels: dict[str, list[Source]] = {}
    lefts: dict[str, str] = {}
    for source in select.sources:
        label = _label(source, around)
        if source.kind == "inner":
            labels.setdefault(label, []).append(source)
        else:
            lefts[source.alias] = f"left{len(lefts)}:{label}"
    if prod(factorial(len(each)) for each in labels.values()) > MOST:
        raise Outside("too many copies of one table")
    ordered = sorted(labels)
    for chosen in product(*(permutations(labels[label]) for label in ordered)):
        names = dict(around.names)
        for label, group in zip(ordered, chosen, strict=True):
            for i, source in enumerate(group):
                names[source.alias] = f"{label}#{around.depth}.{i}"
        for alias, name in lefts.items():
            names[alias] = f"{name}#{around.depth}"
        equal = {**around.equal, **_classes(select, names, around.schema)}
        yield Naming(around.schema, names, equal, around.depth + 1, around.inside)


def _label(source: Source, around: Naming) -> str:
    if isinstance(source.body, str):
        return quoted(source.body.lower())
    below = Naming(around.schema, {}, {}, around.depth + 1, True)
    return f"({_query(source.body, below)})"


def _classes(select: Select, names: Mapping[str, str], schema: Schema) -> dict[Column, Column]:
    """For each column that WHERE makes equal to others, the one that stands for them."""
    above: dict[Column, Column] = {}

    def root(column: Column) -> Column:
        while column in above:
            column = above[column]
        return column

    for pair in _equations(select, schema):
        first, second = sorted(map(root, pair), key=lambda c: (names[c.source], c.name))
        if first != second:
            above[second] = first
    return {column: root(column) for column in above}


def _equations(select: Select, schema: Schema) -> Iterator[tuple[Column, Column]]:
    for each in select.where:
        match each:
            case Operation("=", (Column() as left, Column() as right)):
                sources = [source_of(select, c.source) for c in (left, right)]
                inner = all(s is not None and s.kind == "inner" for s in sources)
                if inner and interchangeable(left, right, select, schema):
                    yield left, right


def _select(select: Select, naming: Naming) -> str:
    plain = Naming(naming.schema, naming.names, {}, naming.depth, naming.inside)
    equations = {*_equations(select, naming.schema)}
    groups: dict[str, set[str]] = {}
    for pair in equations:
        for column in pair:
            groups.setdefault(naming.column(column), set()).add(plain.column(column))
    where = {f"{{{' = '.join(sorted(each))}}}" for each in groups.values()}
    for each in select.where:
        if not (isinstance(each, Operation) and each.name == "=" and each.operands in equations):
            where.add(_expression(each, naming))
    tables = sorted(naming.names[s.alias] for s in select.sources if s.kind == "inner")
    text = "select distinct " if select.distinct else "select "
    text += ", ".join(_expression(each, naming) for each in select.outputs)
    text += f" from {', '.join(tables)}"
    for source in select.sources:
        if source.kind == "left":
            on = sorted({_expression(each, naming) for each in source.on})
            text += f" left join {naming.names[source.alias]} on {' and '.join(on)}"
    if where:
        text += f" where {' and '.join(sorted(where))}"
    if select.grouped:
        text += f" group by {', '.join(sorted({_expression(e, naming) for e in select.groups}))}"
    if select.having:
        text += f" having {' and '.join(sorted({_expression(e, naming) for e in select.having}))}"
    return text + _tail(select, naming)


def _tail(query: Query, naming: Naming) -> str:
    text = ""
    if query.order:
        text += f" order by {', '.join(_sorting(each, naming) for each in query.order)}"
    if query.limit is not None:
        text += f" limit {query.limit} offset {query.offset}"
    return text


def _sorting(sorting: Sorting, naming: Naming) -> str:
    key = sorting.expression
    told = str(key) if isinstance(key, int) else _expression(key, naming)
    return f"{told} {sorting.order} nulls {'last' if sorting.nulls_last else 'first'}"


def _expression(expression: Expression, naming: Naming) -> str:
    match expression:
        case Column():
            return naming.column(expression)
        case Constant(value):
            return write_value(value)
        case Aggregate(name, operand, distinct):
            inner = "*" if operand is None else _expression(operand, naming)
            return f"{name}({'distinct ' * distinct}{inner})"
        case Operation(name, operands):
            told = [_expression(each, naming) for each in operands]
            if name in EITHER_WAY:
                told.sort()
            return f"({name} {' '.join(told)})"
        case Among(operands, query):
            return f"({_expression(operands[0], naming)} in {_subquery(query, naming, False)})"
        case Exists(query):
            return f"(exists {_subquery(query, naming, False)})"
        case Scalar(query):
            return f"(value {_subquery(query, naming, True)})"


def _subquery(query: Query, naming: Naming, one: bool) -> str:
    """A subquery in an expression; one whose rows depend on stored order stands as it is written.

    Args:
        one: whether it stands for one value.
    """
    why = depends(query, naming.schema)
    if why is not None or (one and not at_most_one(query, naming.schema)):
        return f"[as written: {write_query(_numbered(query))}]"
    below = Naming(naming.schema, naming.names, naming.equal, naming.depth, True)
    return f"[{_query(query, below)}]"


def _numbered(query: Query) -> Query:
    """A query whose aliases are numbered from 0, whatever stands around it."""
    aliases: dict[str, str] = {}
    for each in all_queries(query):
        if isinstance(each, Select):
            for source in each.sources:
                aliases[source.alias] = f"t{len(aliases)}"

    def renamed(each: Expression) -> Expression:
        return Column(aliases[each.source], each.name) if isinstance(each, Column) else each

    return _with_aliases(changed_query(query, renamed), aliases)


def _with_aliases(query: Query, aliases: Mapping[str, str]) -> Query:
    from dataclasses import replace

    if isinstance(query, Compound):
        left, right = (_with_aliases(each, aliases) for each in (query.left, query.right))
        return replace(query, left=left, right=right)

    def of(each: Expression) -> Expression:
        match each:
            case Among(operands, inner):
                return Among(operands, _with_aliases(inner, aliases))
            case Exists(inner):
                return Exists(_with_aliases(inner, aliases))
            case Scalar(inner):
                return Scalar(_with_aliases(inner, aliases))
            case _:
                return each

    from abduce.verify.queries.walking import changed

    sources = tuple(
        Source(
            aliases[s.alias],
            s.body if isinstance(s.body, str) else _with_aliases(s.body, aliases),
            s.kind,
            tuple(changed(e, of) for e in s.on),
        )
        for s in query.sources
    )
    return replace(
        query,
        sources=sources,
        outputs=tuple(changed(e, of) for e in query.outputs),
        where=tuple(changed(e, of) for e in query.where),
        having=tuple(changed(e, of) for e in query.having),
    )
