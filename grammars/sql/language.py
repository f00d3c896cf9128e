"""The grammar of SQL queries over the tables and columns of one database.

A tree says what is selected, under which conditions, grouped and sorted by what. It does not say
how tables are joined: FROM follows from the columns (`joining`). Leaves are pointers: to columns,
tables, values, limits, or to the columns of a query in FROM. Sorts:

    ("query", types)         a query; types of its columns, None for any
    ("sides", op, types)     the types of both sides of a set operation
    ("start", types)         the first group of linked tables, or a query in FROM
    ("derived", types)       a query in FROM, and the SELECT around it
    ("core", types, room)    SELECT; the room is what columns are visible
    ("bridge", type, types, room)   a pair of columns that leads to another group of tables
    ("outputs", types, room, shape), ("expression", type, room, shape)
    ("where", room), ("condition", room, shape), ("operand", type, room, shape)
    ("groups", room), ("having", room), ("order", room, shape), ("keys", room, shape)
    ("joins", room)          what FROM has besides what follows from the columns
    ("column", type, room), ("table", room), ("value", type), ("limit",)

A room is a tuple of groups of linked tables, or ("of", types) where FROM is a query. A shape is
`row` (no aggregates), `whole` (aggregates of all rows) or `group` (columns and aggregates of the
rows of a group). Every tree is SQL that SQLite accepts, and compares like with like.

Source: Yin and Neubig 2017 (a grammar of trees); Guo et al. 2019, IRNet, and Gan et al. 2021,
NatSQL (FROM is inferred). Deviation: types, rooms and second occurrences of tables are ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import Any, Final, Literal

from abduce.grammars.grammar import Grammar, Rule, Sort
from abduce.grammars.sql.items import TYPES, Items, Signature, Type, Value, Values

OCCURRENCES: Final = 2
"""How often a table may stand in one FROM."""
WIDEST: Final = 3
"""The upper limit on the columns of a query in a set operation or in FROM."""
ROOMY: Final = 3
"""The upper limit on the groups of linked tables that stated pairs join."""
MANY: Final = 8
"""With more groups than these, stated pairs join two at most, so that sorts stay few."""
SET_OPERATIONS: Final = ("union", "intersect", "except")
COMPARISONS: Final = ("=", "!=", "<", ">", "<=", ">=")
ARITHMETIC: Final = ("+", "-", "*", "/")
OF: Final = "of"
Kind = Literal["column", "table", "group", "value", "limit", "output"]
Room = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Pointer:
    """What a leaf points to.

    Attributes:
        number: the number of the column, the table or the first table of a group in the items, of
            the value in `Values.of` of its type, or of the output; a limit is itself.
        occurrence: which occurrence of its table in FROM a column is of.
        value: the value, for values and limits.
    """

    kind: Kind
    number: int
    occurrence: int = 1
    value: Value | None = None


@dataclass(frozen=True, eq=False)
class SqlLanguage:
    """Queries over items and values.

    >>> from abduce.grammars.sql.items import Column
    >>> pets = Items(tables=("pets",), columns=(Column(table=0, name="age", type="number"),))
    >>> language = SqlLanguage(pets, Values(numbers=(3,)))
    >>> [rule.name for rule in language.grammar.rules(("value", "number"))]
    ['value 3']
    """

    items: Items
    values: Values = field(default_factory=Values)
    _known: dict[Sort, dict[str, Pointer]] = field(default_factory=dict, repr=False)
    """The pointers to columns and tables, which do not depend on values."""

    def with_values(self, values: Values) -> "SqlLanguage":
        """The language over the same items and other values."""
        return SqlLanguage(self.items, values, self._known)

    @cached_property
    def grammar(self) -> Grammar:
        """The grammar; its sorts are finite in number, and each has a finite tree."""
        return Grammar(lambda sort: tuple(self._rules(sort)), ("query", None))

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """The groups of linked tables."""
        return self.items.components()

    @cached_property
    def _again(self) -> frozenset[int]:
        """The tables that links can join a second time."""
        return frozenset(end for link in self.items.links for end in self.items.ends(link))

    @property
    def roomy(self) -> int:
        """The upper limit on the groups of linked tables in one FROM."""
        return ROOMY if len(self.groups) <= MANY else 2

    def twice(self, table: int) -> bool:
        """Whether a table may stand in FROM twice."""
        return table in self._again

    def starts(self, types: Signature | None) -> list[int]:
        """The groups of tables in which a query of these types can start."""
        asked = set(types or ())
        return [
            group
            for group in range(len(self.groups))
            if all(self.has_expression(each, (group,), "whole") for each in asked)
        ]

    def pointer(self, rule: Rule) -> Pointer | None:
        """What a rule points to; None for a rule that is no pointer.

        The names of rules that point to nothing are the same for all databases.
        """
        assert isinstance(rule.head, tuple)
        if rule.head[0] in ("start", "bridge") and rule.name.startswith("group "):
            names = [self.group_name(group) for group in range(len(self.groups))]
            return Pointer("group", self.groups[names.index(rule.name)][0])
        if rule.head[0] not in ("column", "table", "value", "limit"):
            return None
        return self.pointers(rule.head)[rule.name]

    def pointers(self, sort: Sort) -> dict[str, Pointer]:
        """The pointers of a sort whose rules are pointers, by the names of the rules."""
        assert isinstance(sort, tuple)
        if sort[0] in ("column", "table"):
            if sort not in self._known:
                self._known[sort] = self._names(sort)
            return self._known[sort]
        match sort:
            case ("value", type_):
                every = enumerate(self.values.of(type_))
                return {f"value {value!r}": Pointer("value", i, 1, value) for i, value in every}
            case _:
                whole = [v for v in self.values.numbers if isinstance(v, int) and v > 0]
                limits = dict.fromkeys((1, *whole))
                return {f"limit {n}": Pointer("limit", n, 1, n) for n in limits}

    def _names(self, sort: tuple[Any, ...]) -> dict[str, Pointer]:
        match sort:
            case ("column", type_, (where, types)) if where == OF:
                every = enumerate(types)
                return {f"output {i + 1}": Pointer("output", i) for i, t in every if fits(t, type_)}
            case ("column", type_, room):
                return dict(self._columns(type_, room))
            case _:
                names = self.items.tables
                tables = [table for group in sort[1] for table in self.groups[group]]
                return {f"table {names[t]}": Pointer("table", t) for t in sorted(tables)}

    def _columns(self, type_: Type | None, room: Room) -> Iterator[tuple[str, Pointer]]:
        tables = {table for group in room for table in self.groups[group]}
        for occurrence in range(1, OCCURRENCES + 1):
            for number, column in enumerate(self.items.columns):
                again = occurrence == 1 or column.table in self._again
                if column.table in tables and fits(column.type, type_) and again:
                    yield (
                        self.column_name(number, occurrence),
                        Pointer("column", number, occurrence),
                    )

    def group_name(self, group: int) -> str:
        """The name of the rules that choose a group of linked tables, by its first table."""
        return f"group {self.items.tables[self.groups[group][0]]}"

    def column_name(self, number: int, occurrence: int = 1) -> str:
        """The name of the rule that points to a column."""
        column = self.items.columns[number]
        again = f"#{occurrence}" if occurrence > 1 else ""
        names = self.items.tables[column.table], column.name
        if any(mark in name for name in names for mark in '.#"'):
            names = repr(names[0]), repr(names[1])
        return f"column {names[0]}.{names[1]}{again}"

    @cached_property
    def _prefix(self) -> str:
        """What no name of a column starts with."""
        prefix = "c"
        while any(column.name.lower().startswith(prefix) for column in self.items.columns):
            prefix += "_"
        return prefix

    def output_name(self, number: int) -> str:
        """The name of a column of a query in FROM."""
        return f"{self._prefix}{number + 1}"

    def has_column(self, type_: Type | None, room: Room) -> bool:
        """Whether a room has a column of a type."""
        return bool(self.pointers(("column", type_, room)))

    def has_expression(self, type_: Type | None, room: Room, shape: str) -> bool:
        """Whether a room has an expression of a type; numbers come from counts, too."""
        return (type_ in ("number", None) and shape != "row") or self.has_column(type_, room)

    # Rules.

    def _rules(self, sort: Sort) -> Iterator[Rule]:
        assert isinstance(sort, tuple)
        if sort[0] in ("column", "table", "value", "limit"):
            for name in self.pointers(sort):
                yield Rule(sort, name, (), (name,))
            return
        makers = {
            "query": self._query, "sides": self._sides, "core": self._core,
            "outputs": self._outputs, "expression": self._expression, "where": self._where,
            "condition": self._condition, "operand": self._operand, "groups": self._groups,
            "having": self._having, "order": self._order, "keys": self._keys,
            "joins": self._joins, "bridge": self._bridge, "start": self._start,
            "derived": self._derived,
        }  # fmt: skip
        for name, args in makers[sort[0]](*sort[1:]):
            yield Rule(sort, name, args, _template(name, len(args)))

    def _query(self, types: Signature | None) -> Iterator[tuple[str, tuple[Sort, ...]]]:
        if self.starts(types):
            yield "select", (("start", types),)
            yield "select distinct", (("start", types),)
            for operation in SET_OPERATIONS:
                yield operation, (("sides", types),)

    def _signatures(self) -> list[Signature]:
        every = [types for width in range(1, WIDEST + 1) for types in product(TYPES, repeat=width)]
        return [types for types in every if self.starts(types)]

    def _sides(self, types: Signature | None) -> Iterator[tuple[str, tuple[Sort, ...]]]:
        for each in self._signatures() if types is None else [types]:
            yield f"of {' '.join(each)}", (("query", each), ("query", each))

    def _start(self, types: Signature | None) -> Iterator[tuple[str, tuple[Sort, ...]]]:
        for group in self.starts(types):
            yield self.group_name(group), (("core", types, (group,)),)
        yield "from a query", (("derived", types),)

    def _derived(self, types: Signature | None) -> Iterator[tuple[str, tuple[Sort, ...]]]:
        for each in self._signatures():
            if all(self.has_expression(t, (OF, each), "whole") for t in set(types or ())):
                yield f"of {' '.join(each)}", (("query", each), ("core", types, (OF, each)))

    def _core(self, types: Signature | None, room: Room) -> Iterator[tuple[str, tuple[Sort, ...]]]:
        asked: tuple[Type | None, ...] = types if types is not None else (None,)
        if all(self.has_expression(each, room, "row") for each in asked):
            outputs = ("outputs", types, room, "row")
            yield "rows", (outputs, ("where", room), ("order", room, "row"), ("joins", room))
        if all(self.has_expression(each, room, "whole") for each in asked):
            yield "whole", (("outputs", types, room, "whole"), ("where", room), ("joins", room))
            yield "groups", (
                ("outputs", types, room, "group"), ("where", room), ("groups", room),
                ("having", room), ("order", room, "group"), ("joins", room),
            )  # fmt: skip
        for type_ in TYPES:
            if self._bridges(type_, room):
                yield f"across {type_}", (("bridge", type_, types, room),)

    def _bridges(self, type_: Type, room: Room) -> list[int]:
        """The groups of tables to which a pair of columns of a type can lead."""
        if room[0] == OF or len(room) >= self.roomy or not self.has_column(type_, room):
            return []
        others = [group for group in range(len(self.groups)) if group not in room]
        return [group for group in others if self.has_column(type_, (group,))]

    def _bridge(
        self, type_: Type, types: Signature | None, room: Room
    ) -> Iterator[tuple[str, tuple[Sort, ...]]]:
        for group in self._bridges(type_, room):
            here, there = ("column", type_, room), ("column", type_, (group,))
            wider = tuple(sorted((*room, group)))
            yield self.group_name(group), (here, there, ("core", types, wider))

    def _outputs(
        self, types: Signature | None, room: Room, shape: str
    ) -> Iterator[tuple[str, tuple[Sort, ...]]]:
        if types is not None:
            yield "columns", tuple(("expression", each, room, shape) for each in types)
            return
        one = ("expression", None, room, shape)
        yield "last", (one,)
        yield "more", (one, ("outputs", None, room, shape))
        if shape != "whole":
            if room[0] == OF:
                yield "all columns", ()
            else:
                for name in ("all columns", "all columns of"):
                    yield name, (("table", room),)

    def _expression(
        self, type_: Type | None, room: Room, shape: str
    ) -> Iterator[tuple[str, tuple[Sort, ...]]]:
        if shape != "whole" and self.has_column(type_, room):
            yield "column", (("column", type_, room),)
        if shape != "row":
            if type_ in ("number", None):
                yield "count rows", () if room[0] == OF else (("table", room),)
                yield "count", (("column", None, room),)
                yield "count distinct", (("column", None, room),)
                if self.has_column("number", room):
                    for name in ("sum", "avg"):
                        yield name, (("expression", "number", room, "row"),)
            if self.has_column(type_, room):
                for name in ("min", "max"):
                    yield name, (("expression", type_, room, "row"),)
        if type_ in ("number", None) and self.has_expression("number", room, shape):
            for name in ARITHMETIC:
                one = ("expression", "number", room, shape)
                yield name, (one, one)

    def _where(self, room: Room) -> Iterator[tuple[str, tuple[Sort, ...]]]:
        yield "no where", ()
        yield "where", (("condition", room, "row"),)

    def _condition(self, room: Room, shape: str) -> Iterator[tuple[str, tuple[Sort, ...]]]:
        one = ("condition", room, shape)
        yield "and", (one, one)
        yield "or", (one, one)
        for type_ in TYPES:
            if not self.has_expression(type_, room, shape):
                continue
            left, value = ("expression", type_, room, shape), ("value", type_)
            for name in COMPARISONS:
                yield f"{name} {type_}", (left, ("operand", type_, room, shape))
            if self.values.of(type_):
                yield f"between {type_}", (left, value, value)
                yield f"not between {type_}", (left, value, value)
            yield f"in {type_}", (left, ("query", (type_,)))
            yield f"not in {type_}", (left, ("query", (type_,)))
        if self.values.texts:
            text = (("column", None, room), ("value", "text"))
            yield "like", text
            yield "not like", text
        yield "is null", (("column", None, room),)
        yield "is not null", (("column", None, room),)

    def _operand(
        self, type_: Type, room: Room, shape: str
    ) -> Iterator[tuple[str, tuple[Sort, ...]]]:
        if self.values.of(type_):
            yield "value", (("value", type_),)
        yield "the query", (("query", (type_,)),)
        yield "the expression", (("expression", type_, room, shape),)

    def _groups(self, room: Room) -> Iterator[tuple[str, tuple[Sort, ...]]]:
        yield "by", (("column", None, room),)
        yield "by these", (("column", None, room), ("groups", room))

    def _having(self, room: Room) -> Iterator[tuple[str, tuple[Sort, ...]]]:
        yield "no having", ()
        yield "having", (("condition", room, "group"),)

    def _order(self, room: Room, shape: str) -> Iterator[tuple[str, tuple[Sort, ...]]]:
        yield "unsorted", ()
        yield "sorted", (("keys", room, shape),)
        yield "top", (("keys", room, shape), ("limit",))
        yield "first rows", (("limit",),)

    def _keys(self, room: Room, shape: str) -> Iterator[tuple[str, tuple[Sort, ...]]]:
        key = ("expression", None, room, shape)
        for way in ("ascending", "descending"):
            yield way, (key,)
            yield f"{way} then", (key, ("keys", room, shape))

    def _joins(self, room: Room) -> Iterator[tuple[str, tuple[Sort, ...]]]:
        yield "inferred", ()
        if room[0] != OF:
            yield "with table", (("table", room), ("joins", room))
            for type_ in TYPES:
                one = ("column", type_, room)
                if self.pointers(one):
                    yield f"on {type_}", (one, one, ("joins", room))


def fits(type_: Type, asked: Type | None) -> bool:
    """Whether a column of a type can stand where one is asked for; None asks for any."""
    return asked is None or type_ in (asked, "any")


def _template(name: str, holes: int) -> tuple[str | int, ...]:
    return (name,) if not holes else (name, "(", *range(holes), ")")
