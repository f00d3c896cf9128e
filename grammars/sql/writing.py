"""Trees as SQL: FROM is inferred, tables get aliases where there are several."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from abduce.errors import InputError
from abduce.grammars.grammar import Sort, Tree
from abduce.grammars.sql.items import Items, Value
from abduce.grammars.sql.joining import From, Node, Pair, joined
from abduce.grammars.sql.language import (
    ARITHMETIC,
    OF,
    SET_OPERATIONS,
    Pointer,
    SqlLanguage,
)

PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
WORDS: Final = """
abort action add after all alter always analyze and as asc attach autoincrement before begin
between by cascade case cast check collate column commit conflict constraint create cross
current current_date current_time current_timestamp database default deferrable deferred delete
desc detach distinct do drop each else end escape except exclude exclusive exists explain fail
filter first following for foreign from full generated glob group groups having if ignore
immediate in index indexed initially inner insert instead intersect into is isnull join key last
left like limit match materialized natural no not nothing notnull null nulls of offset on or
order others outer over partition plan pragma preceding primary query raise range recursive
references regexp reindex release rename replace restrict returning right rollback row rows
savepoint select set table temp temporary then ties to transaction trigger unbounded union
unique update using vacuum values view virtual when where window with without true false
"""
KEYWORDS: Final = frozenset(WORDS.split())
"""Names that must be quoted; those of SQLite 3.40."""
MOST_DEPTH: Final = 200
"""The upper limit on the depth of a tree; SQLite's parser ends near there."""


def name_of(name: str) -> str:
    """A name as SQL, quoted where it must be.

    >>> name_of("age"), name_of("order"), name_of("a b")
    ('age', '"order"', '"a b"')
    """
    if PLAIN.fullmatch(name) and name.lower() not in KEYWORDS:
        return name
    return '"' + name.replace('"', '""') + '"'


def value_of(value: Value) -> str:
    """A value as SQL.

    >>> value_of("it's"), value_of(3), value_of(0.5)
    ("'it''s'", '3', '0.5')
    """
    return f"'{value.replace(chr(39), chr(39) * 2)}'" if isinstance(value, str) else repr(value)


def write(language: SqlLanguage, tree: Tree, sort: Sort | None = None) -> str:
    """A tree as SQL.

    Raises:
        InputError: the tree is not one of the grammar, or too deep for SQLite.

    >>> from abduce.grammars.sql.items import Column, Values
    >>> pets = Items(tables=("pets",), columns=(Column(table=0, name="age", type="number"),))
    >>> count = ("last", ("count rows", ("table pets",)))
    >>> core = ("whole", count, ("no where",), ("inferred",))
    >>> write(SqlLanguage(pets), ("select", ("from the group of pets", core)))
    'SELECT COUNT(*) FROM pets'
    """
    _check_depth(tree)
    return _query(language, sort or language.grammar.start, tree)


def from_of(language: SqlLanguage, sort: Sort, core: Tree) -> From | None:
    """The FROM of the tree of a core; None where it is a query.

    Raises:
        InputError: the tree is not one of the grammar.
    """
    named: list[Node] = []
    stated: list[Pair] = []
    todo = [(sort, core)]
    while todo:
        here, node = todo.pop()
        assert isinstance(here, tuple)
        if here[0] == "query":
            continue
        if here[0] == "column":
            pointer = _pointed(language, here, node)
            if pointer.kind == "output":
                return None
            named.append(_node(language.items, pointer))
        elif here[0] == "table":
            named.append((_pointed(language, here, node).number, 1))
        else:
            if node[0].startswith(("and the group", "on ")):
                left, right = (
                    _pointed(language, *each) for each in _children(language, here, node)[:2]
                )
                places = [(_node(language.items, p), p.number) for p in (left, right)]
                stated.append((places[0], places[1]))
            todo += reversed(_children(language, here, node))
    if sort[2][0] == OF:  # type: ignore[index]
        return None
    return joined(language.items, named, stated)


def _check_depth(tree: Tree) -> None:
    todo: list[tuple[Any, int]] = [(tree, 1)]
    while todo:
        node, depth = todo.pop()
        if depth > MOST_DEPTH:
            raise InputError(
                f"a query whose tree is deeper than {MOST_DEPTH}", ("a query that SQLite can read",)
            )
        if not isinstance(node, tuple) or not node:
            raise InputError(f"{node!r} as a tree", ("a tuple (name, *children)",))
        todo += [(child, depth + 1) for child in node[1:]]


def _children(language: SqlLanguage, sort: Sort, node: Tree) -> list[tuple[Any, Tree]]:
    rule = language.grammar.rule(sort, node[0])
    if len(rule.args) != len(node) - 1:
        raise InputError(
            f"{len(node) - 1} children of {rule.name!r}", (f"{len(rule.args)} children",)
        )
    return list(zip(rule.args, node[1:], strict=True))


def _pointed(language: SqlLanguage, sort: Sort, node: Tree) -> Pointer:
    language.grammar.rule(sort, node[0])
    return language.pointers(sort)[node[0]]


def _node(items: Items, pointer: Pointer) -> Node:
    return items.columns[pointer.number].table, pointer.occurrence


def _query(language: SqlLanguage, sort: Sort, tree: Tree, named: bool = False) -> str:
    """A query; its columns get names where they are `named`."""
    ((below, child),) = _children(language, sort, tree)
    if tree[0] in SET_OPERATIONS:
        left, right = _children(language, below, child)
        told = _query(language, *left, named), _query(language, *right)
        first = told[0] if not _sorted(left[1]) else f"SELECT * FROM ({told[0]})"
        plain = right[1][0] not in SET_OPERATIONS and not _sorted(right[1])
        second = told[1] if plain else f"SELECT * FROM ({told[1]})"
        return f"{first} {tree[0].upper()} {second}"
    ((below, child),), source = _children(language, below, child), None
    if below[0] == "derived":
        inner, core = _children(language, below, child)
        source, (below, child) = _query(language, *inner, named=True), core
    return _Core.of(language, below, child, source).text(tree[0].endswith("distinct"), named)


def _sorted(tree: Tree) -> bool:
    """Whether a query that is no set operation is sorted or limited."""
    if tree[0] in SET_OPERATIONS:
        return False
    node = tree
    while node[0] not in ("rows", "whole", "groups"):
        node = node[-1]
    return node[0] != "whole" and node[-2][0] != "unsorted"


@dataclass(frozen=True, slots=True)
class _Core:
    """One SELECT, with the names of its columns."""

    language: SqlLanguage
    sort: Any
    tree: Tree
    source: str | None
    found: From | None
    aliases: Mapping[Node, str]
    equal: tuple[str, ...]

    @classmethod
    def of(cls, language: SqlLanguage, sort: Any, tree: Tree, source: str | None) -> "_Core":
        found = from_of(language, sort, tree)
        nodes = found.nodes if found else ()
        aliases = {node: f"T{i + 1}" for i, node in enumerate(nodes)} if len(nodes) > 1 else {}
        core = cls(language, sort, tree, source, found, aliases, ())
        within: list[str] = []
        while tree[0].startswith("and the group"):
            *_, (sort, tree) = _children(language, sort, tree)
        below, joins = _children(language, sort, tree)[-1]
        while joins[0] != "inferred":
            parts = _children(language, below, joins)
            if joins[0].startswith("on "):
                one, other = (_pointed(language, *part) for part in parts[:2])
                items = language.items
                if _node(items, one) == _node(items, other):
                    within.append(f"{core.column(one)} = {core.column(other)}")
            below, joins = parts[-1]
        return cls(language, sort, tree, source, found, aliases, tuple(within))

    def text(self, distinct: bool, named: bool) -> str:
        parts = dict(zip(("outputs", "where"), self._parts()[:2], strict=True))
        rest = {sort[0]: (sort, node) for sort, node in self._parts()[2:]}
        told = f"SELECT {'DISTINCT ' if distinct else ''}"
        outputs = list(self.outputs(*parts["outputs"]))
        if named:
            outputs = [f"{o} AS {self.language.output_name(i)}" for i, o in enumerate(outputs)]
        told += f"{', '.join(outputs)} FROM {self.sources()}"
        conditions = list(self.equal)
        if parts["where"][1][0] == "where":
            ((sort, node),) = _children(self.language, *parts["where"])
            alone = not conditions
            conditions.insert(0, self.condition(sort, node, inside=not alone))
        if conditions:
            told += f" WHERE {' AND '.join(conditions)}"
        if "groups" in rest:
            told += f" GROUP BY {', '.join(self.groups(*rest['groups']))}"
        if "having" in rest and rest["having"][1][0] == "having":
            ((sort, node),) = _children(self.language, *rest["having"])
            told += f" HAVING {self.condition(sort, node)}"
        if "order" in rest:
            told += self.order(*rest["order"])
        return told

    def _parts(self) -> list[tuple[Any, Tree]]:
        return _children(self.language, self.sort, self.tree)

    def sources(self) -> str:
        if self.found is None:
            return f"({self.source}) AS T1"
        items, told = self.language.items, ""
        for node, pairs in zip(self.found.nodes, self.found.pairs, strict=True):
            name = name_of(items.tables[node[0]])
            name += f" AS {self.aliases[node]}" if node in self.aliases else ""
            told += f" JOIN {name}" if told else name
            if pairs:
                both = [f"{self.place(*one)} = {self.place(*other)}" for one, other in pairs]
                told += f" ON {' AND '.join(both)}"
        return told

    def place(self, node: Node, column: int) -> str:
        name = name_of(self.language.items.columns[column].name)
        return f"{self.aliases[node]}.{name}" if node in self.aliases else name

    def column(self, pointer: Pointer) -> str:
        if pointer.kind == "output":
            return f"T1.{self.language.output_name(pointer.number)}"
        return self.place(_node(self.language.items, pointer), pointer.number)

    def outputs(self, sort: Any, node: Tree) -> Iterator[str]:
        children = _children(self.language, sort, node)
        if node[0] == "all columns":
            yield "*"
        elif node[0] == "all columns of":
            table = _pointed(self.language, *children[0]).number
            yield f"{self.aliases[table, 1]}.*" if self.aliases else "*"
        elif node[0] == "columns":
            for each in children:
                yield self.expression(*each)
        else:
            yield self.expression(*children[0])
            if len(children) > 1:
                yield from self.outputs(*children[1])

    def expression(self, sort: Any, node: Tree, inside: bool = False) -> str:
        children = _children(self.language, sort, node)
        name = node[0]
        if name in ARITHMETIC:
            told = f" {name} ".join(self.expression(*each, inside=True) for each in children)
            return f"({told})" if inside else told
        if name == "column":
            return self.column(_pointed(self.language, *children[0]))
        if name == "count rows":
            return "COUNT(*)"
        if name in ("count", "count distinct"):
            distinct = "DISTINCT " if name != "count" else ""
            return f"COUNT({distinct}{self.column(_pointed(self.language, *children[0]))})"
        return f"{name.upper()}({self.expression(*children[0])})"

    def condition(self, sort: Any, node: Tree, inside: bool = False) -> str:
        children = _children(self.language, sort, node)
        name = node[0]
        if name in ("and", "or"):
            sides = [self.condition(*each, inside=name == "and") for each in children]
            told = f" {name.upper()} ".join(sides)
            return f"({told})" if inside and name == "or" else told
        word = name.rsplit(" ", 1)[0]
        if name in ("is null", "is not null"):
            return f"{self.column(_pointed(self.language, *children[0]))} {name.upper()}"
        if name in ("like", "not like"):
            column = self.column(_pointed(self.language, *children[0]))
            return f"{column} {name.upper()} {self.value(*children[1])}"
        left = self.expression(*children[0], inside=True)
        if word in ("in", "not in"):
            return f"{left} {word.upper()} ({_query(self.language, *children[1])})"
        if word in ("between", "not between"):
            low, high = (self.value(*each) for each in children[1:])
            return f"{left} {word.upper()} {low} AND {high}"
        return f"{left} {word} {self.operand(*children[1])}"

    def operand(self, sort: Any, node: Tree) -> str:
        ((below, child),) = _children(self.language, sort, node)
        if node[0] == "value":
            return self.value(below, child)
        if node[0] == "the query":
            return f"({_query(self.language, below, child)})"
        return self.expression(below, child, inside=True)

    def value(self, sort: Any, node: Tree) -> str:
        value = _pointed(self.language, sort, node).value
        assert value is not None
        return value_of(value)

    def groups(self, sort: Any, node: Tree) -> Iterator[str]:
        children = _children(self.language, sort, node)
        yield self.column(_pointed(self.language, *children[0]))
        if len(children) > 1:
            yield from self.groups(*children[1])

    def order(self, sort: Any, node: Tree) -> str:
        children = _children(self.language, sort, node)
        told = ""
        if node[0] in ("sorted", "top"):
            told += f" ORDER BY {', '.join(self.keys(*children[0]))}"
        if node[0] in ("top", "first rows"):
            told += f" LIMIT {self.value(*children[-1])}"
        return told

    def keys(self, sort: Any, node: Tree) -> Iterator[str]:
        children = _children(self.language, sort, node)
        way = " DESC" if node[0].startswith("descending") else " ASC"
        yield self.expression(*children[0]) + way
        if len(children) > 1:
            yield from self.keys(*children[1])
