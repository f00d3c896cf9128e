"""The sources of one SELECT: what FROM names, and what joins it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from abduce.grammars.sql.items import Items, Signature
from abduce.grammars.sql.outside import NotCovered

Spot = tuple[int, int]
"""A source, by its place in FROM, and one of its columns."""
Edge = tuple[Spot, Spot]


@dataclass(frozen=True, slots=True)
class Source:
    """A table or a query in FROM.

    Attributes:
        name: what columns call it, in lower case.
        table: the table; None for a query.
        columns: the names of its columns in lower case, with their numbers in the items, or among
            the columns of the query.
    """

    name: str
    table: int | None
    columns: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """The sources, the edges that join them, and all other conditions of their rows.

    Attributes:
        types: the types of the columns of the query in FROM; None where FROM has tables.
        inner: the query in FROM.
    """

    sources: tuple[Source, ...]
    edges: tuple[Edge, ...]
    conditions: tuple[exp.Expr, ...]
    types: Signature | None = None
    inner: exp.Expr | None = None

    def resolve(self, node: exp.Column) -> Spot | None:
        """The source and the column that a name means; None for a quoted text.

        Raises:
            NotCovered: the name means nothing here, or more than one column.
        """
        name, source = node.name.lower(), node.table.lower()
        found = [
            (place, number)
            for place, each in enumerate(self.sources)
            if source in ("", each.name)
            for known, number in each.columns
            if known == name
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise NotCovered("a name that two columns have")
        quoted = isinstance(node.this, exp.Identifier) and bool(node.this.args.get("quoted"))
        if quoted and not source:
            return None
        raise NotCovered("a name that means no column of the same SELECT")


def scope_of(select: exp.Select, items: Items, types_of: Any) -> Scope:
    """The scope of a SELECT.

    Args:
        types_of: the types of the columns of a query in FROM, with their names.

    Raises:
        NotCovered: FROM has what the grammar does not cover.
    """
    start = select.args.get("from_")
    if start is None:
        raise NotCovered("a SELECT without FROM")
    joins = select.args.get("joins") or []
    parts = [start.this, *(join.this for join in joins)]
    if isinstance(start.this, exp.Subquery) and not joins:
        inner = start.this.unnest()
        types, names = types_of(inner)
        columns = tuple((name, i) for i, name in enumerate(names) if name)
        source = Source((start.this.alias or "").lower(), None, columns)
        return Scope((source,), (), tuple(_conjuncts(_where(select))), types, inner)
    sources = tuple(_source(part, items) for part in parts)
    if len({source.name for source in sources}) < len(sources):
        raise NotCovered("two tables of one name in FROM")
    conditions: list[exp.Expr] = []
    for join in joins:
        if join.args.get("side") or (join.args.get("kind") or "INNER") not in ("INNER", "CROSS"):
            raise NotCovered("an outer join")
        if join.args.get("using") or join.args.get("method"):
            raise NotCovered("a join with USING or NATURAL")
        conditions += _conjuncts(join.args.get("on"))
    bare = Scope(sources, (), ())
    edges = []
    rest = []
    for condition in conditions:
        edge = _edge(condition, bare)
        if edge is None:
            rest.append(condition)
        else:
            edges.append(edge)
    for condition in _conjuncts(_where(select)):
        edge = _edge(condition, bare)
        if edge is None or _led(edges, edge[0][0], edge[1][0]):
            rest.append(condition)
        else:
            edges.append(edge)
    if any(not _led(edges, 0, place) for place in range(1, len(sources))):
        raise NotCovered("tables that no equal columns join")
    return Scope(sources, tuple(edges), tuple(rest))


def _where(select: exp.Select) -> exp.Expr | None:
    part = select.args.get("where")
    return None if part is None else part.this


def _conjuncts(node: exp.Expr | None) -> Iterator[exp.Expr]:
    if node is None:
        return
    inner = node.unnest() if isinstance(node, exp.Paren) else node
    if isinstance(inner, exp.And):
        yield from _conjuncts(inner.this)
        yield from _conjuncts(inner.expression)
    else:
        yield inner


def _source(node: exp.Expr, items: Items) -> Source:
    if not isinstance(node, exp.Table) or not isinstance(node.this, exp.Identifier):
        raise NotCovered("FROM with a query beside tables")
    names = [name.lower() for name in items.tables]
    if node.name.lower() not in names:
        raise NotCovered("a table that the database does not have")
    table = names.index(node.name.lower())
    columns = tuple((items.columns[i].name.lower(), i) for i in items.columns_of(table))
    return Source((node.alias or node.name).lower(), table, columns)


def _edge(node: exp.Expr, scope: Scope) -> Edge | None:
    """The columns of two sources that a condition makes equal."""
    if not isinstance(node, exp.EQ):
        return None
    sides = [each.unnest() for each in (node.this, node.expression)]
    if not all(isinstance(each, exp.Column) for each in sides):
        return None
    spots = [scope.resolve(each) for each in sides]  # pyright: ignore[reportArgumentType]
    if spots[0] is None or spots[1] is None or spots[0][0] == spots[1][0]:
        return None
    return spots[0], spots[1]


def _led(edges: Sequence[Edge], start: int, end: int) -> bool:
    """Whether edges lead from one source to another."""
    found = {start}
    for _ in edges:
        for (one, _), (other, _) in edges:
            if one in found or other in found:
                found |= {one, other}
    return end in found
