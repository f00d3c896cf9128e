"""SQL to a tree of the grammar, or the reason why there is none."""

from dataclasses import dataclass, field
from typing import Any, Final

from sqlglot import exp

from abduce.grammars.grammar import Tree
from abduce.grammars.sql.items import Items, Signature, Type, Value, Values
from abduce.grammars.sql.language import WIDEST, SqlLanguage
from abduce.grammars.sql.matching import Match, matched
from abduce.grammars.sql.nodes import (
    ARITHMETIC,
    OPERATIONS,
    called,
    inside,
    only,
    settled,
    unified,
)
from abduce.grammars.sql.outside import NotCovered
from abduce.grammars.sql.scopes import Scope, scope_of
from abduce.grammars.sql.selects import Select

LONGEST: Final = 20_000
"""The upper limit on the characters of a query."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A tree, and the values that it names."""

    tree: Tree
    values: Values


def read(language: SqlLanguage, text: str) -> Reading:
    """The tree of a query; the values are those that it names, not those of the language.

    Raises:
        NotCovered: no tree of the grammar stands for it; names the part.

    >>> from abduce.grammars.sql.items import Column
    >>> pets = Items(tables=("pets",), columns=(Column(table=0, name="age", type="number"),))
    >>> read(SqlLanguage(pets), "SELECT age FROM pets WHERE age > 3").values.numbers
    (3,)
    """
    import sqlglot
    from sqlglot.errors import SqlglotError

    if len(text) > LONGEST:
        raise NotCovered(f"a query of more than {LONGEST:,} characters")
    try:
        trees = [each for each in sqlglot.parse(text, dialect="sqlite") if each is not None]
    except (SqlglotError, RecursionError) as error:
        raise NotCovered("a text that is no SQL of SQLite") from error
    if len(trees) != 1:
        raise NotCovered("more than one statement" if trees else "a text without a statement")
    reader = Reader(language)
    try:
        tree = reader.query(trees[0], None)
    except RecursionError as error:
        raise NotCovered("a query that is nested too deeply") from error
    found = dict.fromkeys(reader.found)
    numbers = tuple(value for _, value in found if not isinstance(value, str))
    texts = tuple(value for _, value in found if isinstance(value, str))
    return Reading(tree, Values(numbers=numbers, texts=texts))


@dataclass(slots=True)
class Reader:
    """Reads parts of a query; `found` has its values, each with its Python type."""

    language: SqlLanguage
    found: list[tuple[type, Value]] = field(default_factory=list)

    @property
    def items(self) -> Items:
        return self.language.items

    # Queries.

    def query(self, node: Any, types: Signature | None) -> Tree:
        node = inside(node)
        if type(node) in OPERATIONS:
            only(node, "this", "expression", "distinct")
            if not node.args.get("distinct"):
                raise NotCovered("UNION ALL")
            sides = [inside(each) for each in (node.this, node.expression)]
            if types is None:
                left, right = (self.types(side)[0] for side in sides)
                types = unified(left, right)
            if len(types) > WIDEST:
                raise NotCovered(f"a set operation of more than {WIDEST} columns")
            pair = tuple(self.query(side, types) for side in sides)
            return OPERATIONS[type(node)], (f"of {' '.join(types)}", *pair)
        if not isinstance(node, exp.Select):
            raise NotCovered("a statement that is no SELECT")
        only(node, "expressions", "from_", "joins", "where", "group", "having", "order", "limit",
              "distinct")  # fmt: skip
        distinct = node.args.get("distinct")
        if distinct is not None:
            only(distinct)
        return ("select distinct" if distinct else "select", self._start(node, types))

    def types(self, node: Any) -> tuple[Signature, list[str | None]]:
        """The types and the names of the columns of a query."""
        node = inside(node)
        if type(node) in OPERATIONS:
            left, names = self.types(node.this)
            return unified(left, self.types(node.expression)[0]), names
        if not isinstance(node, exp.Select):
            raise NotCovered("a statement that is no SELECT")
        scope = scope_of(node, self.items, self.types)
        types: list[Type] = []
        names = []
        for each in node.expressions:
            inner = each.this if isinstance(each, exp.Alias) else each
            types.append(self.type_of(inner, scope))
            plain = inner.name.lower() if isinstance(inner, exp.Column) else None
            names.append(each.alias.lower() if isinstance(each, exp.Alias) else plain)
        return tuple(types), names

    def _start(self, node: exp.Select, types: Signature | None) -> Tree:
        scope = scope_of(node, self.items, self.types)
        if scope.inner is not None:
            inner = settled(scope.types or ())
            if len(inner) > WIDEST:
                raise NotCovered(f"a query in FROM of more than {WIDEST} columns")
            match = Match((1,), 0, (), None, (), ())
            core = Select(self, scope, match).core(node, types)
            return (
                "from a query",
                (f"of {' '.join(inner)}", self.query(scope.inner, inner), core),
            )
        drawn = Select(self, scope, Match((1,) * len(scope.sources), 0, (), 0, (), ()))
        before = len(self.found)
        drawn.core(node, types)
        del self.found[before:]
        starts = self.language.starts(types)
        match = matched(self.language, scope, drawn.named, drawn.counts, starts)
        core = Select(self, scope, match).core(node, types)
        for pair, type_, group in reversed(match.across):
            places = [self.pointer(*place[0], place[1]) for place in pair]
            core = (f"across {type_}", (self.language.group_name(group), *places, core))
        return self.language.group_name(match.start), core

    def pointer(self, table: int, occurrence: int, column: int) -> Tree:
        return (self.language.column_name(column, occurrence),)

    # Types of expressions.

    def type_of(self, node: Any, scope: Scope) -> Type:
        """The type of an expression."""
        node = node.unnest() if isinstance(node, exp.Paren) else node
        kind = type(node)
        if kind in ARITHMETIC or kind in (exp.Count, exp.Sum, exp.Avg):
            return "number"
        if kind in (exp.Min, exp.Max):
            return self.type_of(node.this, scope)
        if isinstance(node, exp.Column) and not isinstance(node.this, exp.Star):
            spot = scope.resolve(node)
            if spot is not None:
                if scope.types is not None:
                    return settled(scope.types)[spot[1]]
                return self.items.columns[spot[1]].type
        raise NotCovered(f"{called(node)} where a column or an aggregate can stand")
