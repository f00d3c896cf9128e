"""SELECT and set operations: sqlglot's trees into ours."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final, cast

from sqlglot import exp

from abduce.symbolic.databases.schema import Schema
from abduce.verify.queries.query import (
    Column,
    Compound,
    Expression,
    Operator,
    Query,
    Select,
    Sorting,
    Source,
)
from abduce.verify.queries.text.expressions import Reader, only
from abduce.verify.queries.text.outside import Outside
from abduce.verify.queries.text.scopes import Named, Scope
from abduce.verify.queries.walking import aggregates_of, columns_of

OPERATORS: Final = {exp.Union: "union", exp.Intersect: "intersect", exp.Except: "except"}
PARTS: Final = (
    "expressions", "from_", "joins", "where", "group", "having", "order", "limit", "offset",
    "distinct",
)  # fmt: skip


@dataclass(slots=True)
class Maker:
    """Makes trees of one query; aliases are numbered through."""

    schema: Schema
    aliases: Iterator[int] = field(default_factory=count)

    def query(self, node: exp.Expr, outer: Scope | None) -> Query:
        return self.named(node, outer)[0]

    def named(self, node: exp.Expr, outer: Scope | None) -> tuple[Query, list[str | None]]:
        """A query, and the names of its columns in lower case.

        Raises:
            Outside: a part of it is not understood.
        """
        if isinstance(node, exp.Select):
            return self._select(node, outer)
        if isinstance(node, exp.SetOperation):
            return self._compound(node, outer)
        raise Outside(f"the statement {type(node).__name__.upper()}")

    def _compound(
        self, node: exp.SetOperation, outer: Scope | None
    ) -> tuple[Query, list[str | None]]:
        only(node, "this", "expression", "distinct", "order", "limit", "offset")
        sides = [node.this, node.expression]
        while isinstance(sides[0], exp.Subquery):  # sqlglot's own parentheses around INTERSECT
            only(sides[0], "this")
            sides[0] = sides[0].this
        (left, names), (right, _) = (self.named(side, outer) for side in sides)
        if isinstance(right, Compound) or any(each.order or each.limit for each in (left, right)):
            raise Outside("a set operation of queries that are sorted or grouped by parentheses")
        operator = OPERATORS[type(node)]
        if not node.args.get("distinct"):
            operator += " all"
        if operator not in ("union", "union all", "intersect", "except"):
            raise Outside(operator.upper())
        order = []
        for term in _terms(node):
            order.append(self._sorting(term, self._position(term.this, names)))
        limit, offset = _limits(node)
        made = Compound(cast(Operator, operator), left, right, tuple(order), limit, offset)
        return made, names

    def _position(self, node: exp.Expr, names: list[str | None]) -> int:
        if isinstance(node, exp.Literal) and not node.is_string and node.this.isdigit():
            if 1 <= int(node.this) <= len(names):
                return int(node.this) - 1
        elif isinstance(node, exp.Column) and "table" not in node.args:
            found = [i for i, name in enumerate(names) if name == node.name.lower()]
            if len(found) == 1:
                return found[0]
        raise Outside("ORDER BY of a set operation by more than a name or number of a column")

    def _select(self, node: exp.Select, outer: Scope | None) -> tuple[Query, list[str | None]]:
        only(node, *PARTS)
        scope = Scope(outer)
        reader = Reader(scope, self.query)
        sources, where = self._sources(node, scope, reader)
        outputs, names, aliases = self._outputs(node, scope, reader)
        scope.outputs = aliases
        if (part := node.args.get("where")) is not None:
            where += reader.conjuncts(part.this)
        groups = self._groups(node, outputs, reader)
        having: tuple[Expression, ...] = ()
        if (part := node.args.get("having")) is not None:
            having = reader.conjuncts(part.this)
        order = tuple(self._sorting(t, self._key(t.this, outputs, aliases, reader))
                      for t in _terms(node))  # fmt: skip
        if any(aggregates_of(each) for each in (*where, *groups)):
            raise Outside("an aggregate in WHERE or GROUP BY")
        parts = (*outputs, *having, *(each.expression for each in order))
        grouped = bool(groups) or any(
            aggregates_of(each) for each in parts if not isinstance(each, int)
        )
        if having and not grouped:
            raise Outside("HAVING without GROUP BY")
        distinct = node.args.get("distinct")
        if distinct is not None:
            only(distinct)
        limit, offset = _limits(node)
        made = Select(
            tuple(outputs), tuple(sources), where, grouped, groups, having,
            distinct is not None, order, limit, offset,
        )  # fmt: skip
        return made, names

    def _sources(
        self, node: exp.Select, scope: Scope, reader: Reader
    ) -> tuple[list[Source], tuple[Expression, ...]]:
        sources: list[Source] = []
        where: tuple[Expression, ...] = ()
        start = node.args.get("from_")
        if start is None:
            return sources, where
        only(start, "this")
        sources.append(self._source(start.this, scope, False))
        for join in node.args.get("joins") or []:
            only(join, "this", "side", "kind", "on")
            side, kind = (
                (join.args.get("side") or "").upper(),
                (join.args.get("kind") or "").upper(),
            )
            if side not in ("", "LEFT") or kind not in ("", "INNER", "CROSS", "OUTER"):
                raise Outside(f"{side or kind} JOIN")
            left = side == "LEFT"
            source = self._source(join.this, scope, left)
            on = join.args.get("on")
            conjuncts = () if on is None else reader.conjuncts(on)
            if left:
                source = Source(source.alias, source.body, "left", conjuncts)
            else:
                where += conjuncts
            sources.append(source)
        return sources, where

    def _source(self, node: exp.Expr, scope: Scope, left: bool) -> Source:
        alias = f"s{next(self.aliases)}"
        if isinstance(node, exp.Table):
            only(node, "this", "alias")
            if not isinstance(node.this, exp.Identifier):
                raise Outside("a function in FROM")
            table = self.schema.table(node.name)
            if table is None:
                raise Outside(f"the table {node.name!r}, which the database lacks")
            if table.unusual:
                raise Outside(f"the table {table.name!r}, which has {' and '.join(table.unusual)}")
            columns = tuple((c.name.lower(), c.name) for c in table.columns)
            scope.sources.append(Named(_alias(node) or table.name.lower(), alias, columns))
            return Source(alias, table.name)
        if isinstance(node, exp.Subquery):
            only(node, "this", "alias")
            query, names = self.named(node.this, None)
            columns = tuple((name, str(i)) for i, name in enumerate(names))
            scope.sources.append(Named(_alias(node) or "", alias, columns))
            return Source(alias, query)
        raise Outside("FROM with parentheses")

    def _outputs(
        self, node: exp.Select, scope: Scope, reader: Reader
    ) -> tuple[list[Expression], list[str | None], dict[str, Expression]]:
        outputs: list[Expression] = []
        names: list[str | None] = []
        aliases: dict[str, Expression] = {}
        for each in node.expressions:
            star = _starred(each)
            if star is not None:
                named = [s for s in scope.sources if star in ("", s.name)]
                if not named:
                    raise Outside("a star without a table")
                for source in named:
                    outputs += source.all()
                    names += [name for name, _ in source.columns]
                continue
            alias = None
            if isinstance(each, exp.Alias):
                only(each, "this", "alias")
                alias, each = each.alias.lower(), each.this
            outputs.append(reader.read(each))
            if alias is not None:
                if alias in aliases:
                    raise Outside(f"the output name {alias!r}, which stands twice")
                aliases[alias] = outputs[-1]
            plain = isinstance(each, exp.Column) and isinstance(outputs[-1], Column)
            names.append(alias or (each.name.lower() if plain else None))
        return outputs, names, aliases

    def _groups(
        self, node: exp.Select, outputs: list[Expression], reader: Reader
    ) -> tuple[Expression, ...]:
        part = node.args.get("group")
        if part is None:
            return ()
        only(part, "expressions")
        found = []
        for each in part.expressions:
            if isinstance(each, exp.Literal):
                found.append(_ordinal(each, outputs, "GROUP BY"))
            else:
                found.append(reader.read(each))
        if not found or not all(columns_of(each) for each in found):
            raise Outside("GROUP BY of a constant")
        return tuple(found)

    def _key(
        self,
        node: exp.Expr,
        outputs: list[Expression],
        aliases: dict[str, Expression],
        reader: Reader,
    ) -> Expression:
        if isinstance(node, exp.Literal):
            return _ordinal(node, outputs, "ORDER BY")
        if isinstance(node, exp.Column) and not node.args.get("table"):
            found = aliases.get(node.name.lower())
            if found is not None:
                return found
        return reader.read(node)

    def _sorting(self, term: exp.Ordered, expression: Expression | int) -> Sorting:
        only(term, "this", "desc", "nulls_first")
        order = "descending" if term.args.get("desc") else "ascending"
        return Sorting(expression, order, not term.args.get("nulls_first"))


def _terms(node: exp.Expr) -> list[exp.Ordered]:
    part = node.args.get("order")
    if part is None:
        return []
    only(part, "expressions")
    if not all(isinstance(each, exp.Ordered) for each in part.expressions):
        raise Outside("an unusual ORDER BY")
    return part.expressions


def _limits(node: exp.Expr) -> tuple[int | None, int]:
    found: list[int | None] = []
    for name in ("limit", "offset"):
        part = node.args.get(name)
        if part is None:
            found.append(None)
            continue
        only(part, "expression")
        value = part.args.get("expression")
        whole = isinstance(value, exp.Literal) and not value.is_string and value.this.isdigit()
        if not whole:
            raise Outside(f"{name.upper()} of more than a number")
        found.append(int(value.this))
    return found[0], found[1] or 0


def _ordinal(node: exp.Literal, outputs: list[Expression], where: str) -> Expression:
    whole = not node.is_string and node.this.isdigit()
    if not whole or not 1 <= int(node.this) <= len(outputs):
        raise Outside(f"{where} of a constant")
    return outputs[int(node.this) - 1]


def _starred(node: exp.Expr) -> str | None:
    """The source of a star, in lower case; '' for all sources, None for no star."""
    if isinstance(node, exp.Star):
        only(node)
        return ""
    if isinstance(node, exp.Column) and isinstance(node.this, exp.Star):
        only(node, "this", "table")
        only(node.this)
        return node.args["table"].name.lower()
    return None


def _alias(node: exp.Expr) -> str | None:
    alias = node.args.get("alias")
    if alias is None:
        return None
    only(alias, "this")
    return alias.this.name.lower()
