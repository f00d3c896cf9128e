"""One SELECT as a tree, once it is known how its FROM is said."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlglot import exp

from abduce.grammars.grammar import Tree
from abduce.grammars.sql.conditions import Conditions
from abduce.grammars.sql.items import Signature, Type, Value
from abduce.grammars.sql.language import SqlLanguage, fits
from abduce.grammars.sql.matching import Match
from abduce.grammars.sql.nodes import (
    AGGREGATES,
    ARITHMETIC,
    aggregated,
    called,
    only,
    starred,
)
from abduce.grammars.sql.outside import NotCovered
from abduce.grammars.sql.scopes import Scope


class Queries(Protocol):
    """What reads whole queries, and gathers the values that they name."""

    language: SqlLanguage
    found: list[tuple[type, Value]]

    def query(self, node: Any, types: Signature | None) -> Tree: ...

    def types(self, node: Any) -> tuple[Signature, list[str | None]]: ...

    def type_of(self, node: Any, scope: Scope) -> Type: ...

    def pointer(self, table: int, occurrence: int, column: int) -> Tree: ...


@dataclass(slots=True)
class Select:
    """Reads one SELECT whose FROM is known.

    Attributes:
        named: the sources that were named so far.
        counts: whether rows are counted.
    """

    reader: Queries
    scope: Scope
    match: Match
    named: list[int] = field(default_factory=list)
    counts: bool = False

    def core(self, node: exp.Select, types: Signature | None) -> Tree:
        group, having = node.args.get("group"), node.args.get("having")
        totals = [aggregated(each) for each in node.expressions]
        shape = "group" if group is not None else "whole" if any(totals) else "row"
        if shape == "whole" and not all(totals):
            raise NotCovered("a column beside an aggregate without GROUP BY")
        if having is not None and group is None:
            raise NotCovered("HAVING without GROUP BY")
        outputs = self.outputs(node.expressions, types, shape)
        where = self.conditions(self.scope.conditions, "row", "where")
        joins: Tree = ("inferred",)
        for pair, type_ in reversed(self.match.stated):
            places = [self.reader.pointer(*place[0], place[1]) for place in pair]
            joins = (f"on {type_}", *places, joins)
        for table in reversed(self.match.tables):
            joins = ("with table", (self._table(table),), joins)
        if shape == "whole":
            limit = node.args.get("limit")
            if node.args.get("order") is not None or limit is not None:
                raise NotCovered("ORDER BY or LIMIT of one row")
            return "whole", outputs, where, joins
        order = self.order(node, shape)
        if group is None:
            return "rows", outputs, where, order, joins
        only(group, "expressions")
        conditions = () if having is None else (having.this,)
        told = self.conditions(conditions, "group", "having")
        return "groups", outputs, where, self.groups(group.expressions), told, order, joins

    def outputs(self, nodes: Sequence[Any], types: Signature | None, shape: str) -> Tree:
        plain = [each.this if isinstance(each, exp.Alias) else each for each in nodes]
        if types is not None:
            if len(plain) != len(types):
                raise NotCovered("a query with another number of columns than the place needs")
            both = zip(plain, types, strict=True)
            return "columns", *(self.expression(each, t, shape) for each, t in both)
        if len(plain) == 1 and (star := starred(plain[0])) is not None:
            if shape == "whole":
                raise NotCovered("all columns beside an aggregate")
            if self.scope.inner is not None:
                return ("all columns",)
            if star == "":
                self.counts = True
                return "all columns", (self._table(self.match.counted or 0),)
            found = [i for i, s in enumerate(self.scope.sources) if s.name == star]
            if not found:
                raise NotCovered("a star of a table that FROM lacks")
            self.named += found
            if self.match.occurrences[found[0]] != 1:
                raise NotCovered("all columns of the second occurrence of a table")
            return "all columns of", (self._table(self.scope.sources[found[0]].table or 0),)
        told = [self.expression(each, None, shape) for each in plain]
        tree: Tree = ("last", told[-1])
        for each in reversed(told[:-1]):
            tree = ("more", each, tree)
        return tree

    def _table(self, table: int) -> str:
        return f"table {self.reader.language.items.tables[table]}"

    # Expressions.

    def expression(self, node: Any, type_: Type | None, shape: str) -> Tree:
        node = node.unnest() if isinstance(node, exp.Paren) else node
        kind = type(node)
        found = self.reader.type_of(node, self.scope)
        if not fits(found, type_):
            raise NotCovered(f"an expression of type {found} where one of type {type_} is needed")
        if kind in ARITHMETIC:
            sides = (self.expression(e, "number", shape) for e in (node.this, node.expression))
            return ARITHMETIC[kind], *sides
        if kind in AGGREGATES:
            if shape == "row":
                raise NotCovered("an aggregate among rows")
            return self.aggregate(node, AGGREGATES[kind], type_)
        if shape == "whole":
            raise NotCovered("a column beside an aggregate without GROUP BY")
        return "column", self.column(node)

    def aggregate(self, node: Any, name: str, type_: Type | None) -> Tree:
        only(node, "this", "big_int")
        inner, distinct = node.this, False
        if isinstance(inner, exp.Distinct):
            if name != "count" or len(inner.expressions) != 1:
                raise NotCovered("DISTINCT in an aggregate other than COUNT of one column")
            inner, distinct = inner.expressions[0], True
        inner = inner.unnest() if isinstance(inner, exp.Paren) else inner
        if name == "count":
            if isinstance(inner, exp.Star | exp.Literal) and not distinct:
                self.counts = True
                if self.scope.inner is not None:
                    return ("count rows",)
                return "count rows", (self._table(self.match.counted or 0),)
            if not isinstance(inner, exp.Column):
                raise NotCovered("COUNT of more than a column")
            return "count distinct" if distinct else "count", self.column(inner)
        if name in ("sum", "avg"):
            return name, self.expression(inner, "number", "row")
        return name, self.expression(inner, type_, "row")

    def column(self, node: Any) -> Tree:
        node = node.unnest() if isinstance(node, exp.Paren) else node
        if not isinstance(node, exp.Column) or isinstance(node.this, exp.Star):
            raise NotCovered(f"{called(node)} in place of a column")
        spot = self.scope.resolve(node)
        if spot is None:
            raise NotCovered("a text in place of a column")
        if self.scope.inner is not None:
            return (f"output {spot[1] + 1}",)
        self.named.append(spot[0])
        return (self.reader.language.column_name(spot[1], self.match.occurrences[spot[0]]),)

    # Conditions, and the end of a query.

    def conditions(self, nodes: Sequence[Any], shape: str, word: str) -> Tree:
        if not nodes:
            return (f"no {word}",)
        reader = Conditions(self.scope, self, self.reader.found)
        told = [reader.condition(each, shape) for each in nodes]
        tree = told[-1]
        for each in reversed(told[:-1]):
            tree = ("and", each, tree)
        return word, tree

    def query(self, node: Any, types: Signature | None) -> Tree:
        return self.reader.query(node, types)

    def types(self, node: Any) -> tuple[Signature, list[str | None]]:
        return self.reader.types(node)

    def type_of(self, node: Any, scope: Scope) -> Type:
        return self.reader.type_of(node, scope)

    def groups(self, nodes: Sequence[Any]) -> Tree:
        told = [self.column(each) for each in nodes]
        tree: Tree = ("by", told[-1])
        for each in reversed(told[:-1]):
            tree = ("by these", each, tree)
        return tree

    def order(self, node: exp.Select, shape: str) -> Tree:
        order, limit = node.args.get("order"), node.args.get("limit")
        end: tuple[Tree, ...] = ()
        if limit is not None:
            only(limit, "expression")
            number = Conditions(self.scope, self, self.reader.found).literal(limit.expression)
            if not isinstance(number, int) or number < 1:
                raise NotCovered("LIMIT of more than a whole number above 0")
            if number != 1:
                self.reader.found.append((int, number))
            end = ((f"limit {number}",),)
        if order is None:
            return ("first rows", *end) if end else ("unsorted",)
        only(order, "expressions")
        tree: Tree = ()
        for each in reversed(order.expressions):
            only(each, "this", "desc", "nulls_first")
            way = "descending" if each.args.get("desc") else "ascending"
            if bool(each.args.get("nulls_first")) == (way == "descending"):
                raise NotCovered("NULLS FIRST or NULLS LAST")
            key = self.expression(each.this, None, shape)
            tree = (f"{way} then", key, tree) if tree else (way, key)
        return ("top", tree, *end) if end else ("sorted", tree)
