"""The clauses of a query, for the subset of SQL that the official evaluator reads.

What it does not read is a prediction without any match: comma joins, INNER and LEFT, aliases
without AS, IN with a list, IS NULL, <>, subqueries with an alias, arithmetic of aggregates. What it
passes over is passed over here as well: words after the last clause, and OR after a column on the
right.

Source: Yu et al. 2018, Spider, and Zhong et al. 2020 (the behaviour of their evaluators).
"""

from dataclasses import dataclass
from typing import Final

from abduce.verify.queries.scoring.clauses import (
    ALL,
    Clauses,
    ColumnUnit,
    Condition,
    Conditions,
    Output,
    Unit,
)
from abduce.verify.queries.scoring.tokens import Names, NotRead, tokens

CLAUSES: Final = ("select", "from", "where", "group", "order", "limit", "intersect", "union",
                  "except")  # fmt: skip
JOINS: Final = ("join", "on", "as")
AGGREGATES: Final = ("max", "min", "count", "sum", "avg")
OPERATORS: Final = ("-", "+", "*", "/")
TESTS: Final = ("not", "between", "=", ">", "<", ">=", "<=", "!=", "in", "like", "is", "exists")
END: Final = ""
"""What stands after the last word."""


def clauses(query: str, names: Names) -> Clauses:
    """The clauses of a query.

    Raises:
        NotRead: the official evaluator does not read it.
    """
    words = tokens(query)
    aliases: dict[str, str] = {}
    for place, word in enumerate(words):
        if word == "as" and 0 < place < len(words) - 1:
            aliases[words[place + 1]] = words[place - 1]
    for table in names.columns:
        if table in aliases:
            raise NotRead("an alias that is the name of a table")
        aliases[table] = table
    try:
        return _Reader(words, aliases, names).query()
    except RecursionError as error:
        raise NotRead("a query that is nested too deeply") from error


@dataclass(slots=True)
class _Reader:
    """Reads words from `place` on; aliases hold for the whole query, subqueries and all."""

    words: list[str]
    aliases: dict[str, str]
    names: Names
    place: int = 0

    @property
    def word(self) -> str:
        return self.words[self.place] if self.place < len(self.words) else END

    def _take(self, *allowed: str) -> bool:
        if self.word in allowed and self.word != END:
            self.place += 1
            return True
        return False

    def _need(self, *allowed: str) -> str:
        word = self.word
        if not self._take(*allowed):
            raise NotRead(f"{word!r} where one of {allowed} is needed")
        return word

    def _ends(self) -> bool:
        return self.word in (*CLAUSES, ")", ";")

    # Queries.

    def query(self) -> Clauses:
        block = self._take("(")
        start = self.place
        try:
            self.place = self.words.index("from", start) + 1
        except ValueError:
            raise NotRead("a query without FROM") from None
        found, on, tables = self._from()
        after, self.place = self.place, start
        distinct, outputs = self._select(tables)
        self.place = after
        where = self._conditions("where", tables)
        groups = self._groups(tables)
        having = self._conditions("having", tables)
        order = self._order(tables)
        limit = self._take("limit")
        self.place += limit
        self._take(";")
        if block:
            self._need(")")
        self._take(";")
        parts: dict[str, Clauses] = {}
        if self.word in ("intersect", "union", "except"):
            word = self._need(self.word)
            parts["except_" if word == "except" else word] = self.query()
        return Clauses(
            tables=found, on=on, distinct=distinct, outputs=outputs, where=where, groups=groups,
            having=having, order=order, limit=limit, **parts,
        )  # fmt: skip

    def _from(self) -> tuple[tuple[str | Clauses, ...], Conditions, tuple[str, ...]]:
        found: list[str | Clauses] = []
        tables: list[str] = []
        units: list[Condition] = []
        connectives: list[str] = []
        while self.word != END:
            block = self._take("(")
            if self.word == "select":
                found.append(self.query())
            else:
                self._take("join")
                table = self._table()
                found.append(table)
                tables.append(table)
            if self._take("on"):
                here = self._condition(tuple(tables))
                connectives += ["and"] * bool(units) + list(here.connectives)
                units += here.units
            if block:
                self._need(")")
            if self._ends():
                break
        return tuple(found), Conditions(tuple(units), tuple(connectives)), tuple(tables)

    def _table(self) -> str:
        table = self.aliases.get(self.word)
        if table not in self.names.columns or table is None:
            raise NotRead(f"{self.word!r} in place of a table")
        self.place += 1
        if self.word == "as":
            self.place += 2
        return table

    def _select(self, tables: tuple[str, ...]) -> tuple[bool, tuple[Output, ...]]:
        self._need("select")
        distinct = self._take("distinct")
        outputs = []
        while self.word != END and self.word not in CLAUSES:
            aggregate = self._need(*AGGREGATES) if self.word in AGGREGATES else ""
            outputs.append(Output(aggregate, self._unit(tables)))
            self._take(",")
        return distinct, tuple(outputs)

    def _groups(self, tables: tuple[str, ...]) -> tuple[ColumnUnit, ...]:
        found: list[ColumnUnit] = []
        if self._take("group"):
            self._need("by")
            while self.word != END and not self._ends():
                found.append(self._column_unit(tables))
                if not self._take(","):
                    break
        return tuple(found)

    def _order(self, tables: tuple[str, ...]) -> tuple[str, tuple[Unit, ...]] | None:
        if not self._take("order"):
            return None
        self._need("by")
        way, units = "asc", []
        while self.word != END and not self._ends():
            units.append(self._unit(tables))
            if self.word in ("asc", "desc"):
                way = self._need(self.word)
            if not self._take(","):
                break
        return way, tuple(units)

    # Columns.

    def _column(self, tables: tuple[str, ...]) -> str:
        word = self.word
        self.place += 1
        if word == ALL:
            return ALL
        alias, dot, column = word.partition(".")
        if dot:
            table = self.aliases.get(alias, "")
            if column in self.names.columns.get(table, ()):
                return f"{table}.{column}"
        else:
            for table in tables:
                if word in self.names.columns[table]:
                    return f"{table}.{word}"
        raise NotRead(f"{word!r} in place of a column")

    def _column_unit(self, tables: tuple[str, ...]) -> ColumnUnit:
        block = self._take("(")
        if self.word in AGGREGATES:
            aggregate = self._need(self.word)
            self._need("(")
            distinct = self._take("distinct")
            column = self._column(tables)
            self._need(")")
            return ColumnUnit(aggregate, column, distinct)
        distinct = self._take("distinct")
        column = self._column(tables)
        if block:
            self._need(")")
        return ColumnUnit("", column, distinct)

    def _unit(self, tables: tuple[str, ...]) -> Unit:
        block = self._take("(")
        first = self._column_unit(tables)
        operator, second = "", None
        if self.word in OPERATORS:
            operator = self._need(self.word)
            second = self._column_unit(tables)
        if block:
            self._need(")")
        return Unit(operator, first, second)

    # Conditions.

    def _conditions(self, word: str, tables: tuple[str, ...]) -> Conditions:
        return self._condition(tables) if self._take(word) else Conditions()

    def _condition(self, tables: tuple[str, ...]) -> Conditions:
        units: list[Condition] = []
        connectives: list[str] = []
        while self.word != END:
            unit = self._unit(tables)
            negated = self._take("not")
            operator = self._need(*TESTS)
            first, second = self._value(tables), None
            if operator == "between":
                self._need("and")
                second = self._value(tables)
            units.append(Condition(negated, operator, unit, first, second))
            if self._ends() or self.word in JOINS:
                break
            if self.word in ("and", "or"):
                connectives.append(self._need(self.word))
        return Conditions(tuple(units), tuple(connectives))

    def _value(self, tables: tuple[str, ...]) -> Clauses | str | float | ColumnUnit:
        start = self.place
        block = self._take("(")
        value: Clauses | str | float | ColumnUnit
        if self.word == "select":
            value = self.query()
        elif '"' in self.word:
            value = self._need(self.word)
        else:
            try:
                value = float(self.word)
                self.place += 1
            except ValueError:
                value = self._right(start, tables)
        if block:
            self._need(")")
        return value

    def _right(self, start: int, tables: tuple[str, ...]) -> ColumnUnit:
        """A column on the right. What follows it up to AND or the next clause is passed over."""
        end = self.place
        stops = (",", ")", "and", *CLAUSES, *JOINS, END)
        while end < len(self.words) and self.words[end] not in stops:
            end += 1
        part = _Reader(self.words[start:end], self.aliases, self.names)
        unit = part._column_unit(tables)
        self.place = end
        return unit
