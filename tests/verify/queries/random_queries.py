"""Random queries, one-edit variants of them, and adversarial databases, to attack proofs with."""

import random
from collections import Counter
from collections.abc import Callable, Iterator

from abduce.symbolic.databases.executing import Row, Rows
from abduce.symbolic.databases.schema import Column, ForeignKey, Key, Schema, Table
from abduce.verify.queries.refuting.laboratory import Laboratory
from abduce.verify.queries.refuting.legality import legal

SCHEMA = Schema(
    tables=(
        Table(
            name="city",
            columns=(
                Column(name="id", declared="INT", not_null=True),
                Column(name="name", declared="TEXT"),
                Column(name="size", declared="REAL"),
            ),
            keys=(Key(columns=("id",)),),
        ),
        Table(
            name="shop",
            columns=(
                Column(name="id", declared="INT", not_null=True),
                Column(name="city_id", declared="INT", not_null=True),
                Column(name="kind", declared="TEXT"),
                Column(name="rank", declared="INT"),
                Column(name="code", declared="TEXT"),
            ),
            keys=(Key(columns=("id",)), Key(columns=("code",))),
            foreign_keys=(ForeignKey(columns=("city_id",), parent="city", parent_columns=("id",)),),
        ),
        Table(
            name="sale",
            columns=(
                Column(name="shop_id", declared="INT"),
                Column(name="day", declared="TEXT", not_null=True),
                Column(name="price", declared=""),
                Column(name="rank", declared="NUMERIC"),
            ),
            keys=(Key(columns=("shop_id", "day")),),
            foreign_keys=(ForeignKey(columns=("shop_id",), parent="shop", parent_columns=("id",)),),
        ),
        Table(
            name="tag",
            columns=(
                Column(name="word", declared="TEXT"),
                Column(name="shop_code", declared="TEXT"),
                Column(name="size", declared="REAL"),
            ),
        ),
    )
)
"""Keys with and without NULL, keys of two columns, columns of every affinity, no key at all."""
JOINS = {
    ("shop", "city"): ("city_id", "id"),
    ("sale", "shop"): ("shop_id", "id"),
    ("tag", "shop"): ("shop_code", "code"),
    ("tag", "city"): ("word", "name"),
    ("sale", "tag"): ("day", "word"),
    ("sale", "city"): ("rank", "size"),
}
NUMBERS = ("0", "1", "2", "1.0", "'1'", "1.5")
TEXTS = ("'a'", "'A'", "'1'", "'b'", "1")
AFFINITY = {"INT": NUMBERS, "REAL": NUMBERS, "NUMERIC": NUMBERS, "TEXT": TEXTS, "": NUMBERS}


class Writer:
    """Writes random queries."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.aliases = 0

    def table(self) -> Table:
        return self.rng.choice(SCHEMA.tables)

    def column(self, named: list[tuple[str, Table]]) -> tuple[str, Column]:
        alias, table = self.rng.choice(named)
        column = self.rng.choice(table.columns)
        return f"{alias}.{column.name}", column

    def sources(self, outer: int = 0) -> tuple[str, list[tuple[str, Table]]]:
        self.aliases += 1
        first = self.table()
        named = [(f"t{self.aliases}", first)]
        text = f"{first.name} AS t{self.aliases}"
        for _ in range(self.rng.choice((0, 0, 1, 1, 2) if not outer else (0, 0, 1))):
            self.aliases += 1
            alias, table = f"t{self.aliases}", self.table()
            join = self.rng.choice(("JOIN", "LEFT JOIN", "JOIN"))
            text += f" {join} {table.name} AS {alias} ON {self.on(named, alias, table)}"
            named.append((alias, table))
        return text, named

    def on(self, named: list[tuple[str, Table]], alias: str, table: Table) -> str:
        for other, known in self.rng.sample(named, len(named)):
            if (found := JOINS.get((known.name, table.name))) is not None:
                return f"{other}.{found[0]} = {alias}.{found[1]}" + self.more(alias, table)
            if (found := JOINS.get((table.name, known.name))) is not None:
                return f"{other}.{found[1]} = {alias}.{found[0]}" + self.more(alias, table)
        other, known = self.rng.choice(named)
        column = self.rng.choice(known.columns).name
        return f"{other}.{column} = {alias}.{self.rng.choice(table.columns).name}"

    def more(self, alias: str, table: Table) -> str:
        if self.rng.random() < 0.8:
            return ""
        return f" AND {self.condition([(alias, table)], 2)}"

    def condition(self, named: list[tuple[str, Table]], depth: int = 0) -> str:
        rng = self.rng
        name, column = self.column(named)
        value = rng.choice(AFFINITY[column.declared])
        other, _ = self.column(named)
        kinds: list[Callable[[], str]] = [
            lambda: f"{name} {rng.choice(('=', '<', '>', '<=', '>=', '<>'))} {value}",
            lambda: f"{name} = {value}",
            lambda: f"{name} = {other}",
            lambda: f"{name} IS {rng.choice(('', 'NOT '))}NULL",
            lambda: f"{name} {rng.choice(('', 'NOT '))}LIKE 'a%'",
            lambda: f"{name} IN ({value}, 2)",
            lambda: f"{name} BETWEEN 0 AND {value}",
        ]
        if depth < 2:
            kinds += [
                lambda: f"({self.condition(named, 2)} OR {self.condition(named, 2)})",
                lambda: f"NOT ({self.condition(named, 2)} AND {self.condition(named, 2)})",
            ]
        if depth < 1:
            kinds += [
                lambda: f"{name} {rng.choice(('', 'NOT '))}IN ({self.column_query(named)})",
                lambda: f"{rng.choice(('', 'NOT '))}EXISTS ({self.column_query(named)})",
                lambda: f"{name} = ({self.aggregate_query()})",
            ]
        return rng.choice(kinds)()

    def where(self, named: list[tuple[str, Table]], depth: int = 0) -> str:
        count = self.rng.choice((0, 0, 1, 1, 2))
        if not count:
            return ""
        return " WHERE " + " AND ".join(self.condition(named, depth) for _ in range(count))

    def column_query(self, outer: list[tuple[str, Table]]) -> str:
        text, named = self.sources(1)
        distinct = self.rng.choice(("", "", "DISTINCT "))
        where = self.where(named if self.rng.random() < 0.7 else named + outer, 1)
        return f"SELECT {distinct}{self.column(named)[0]} FROM {text}{where}"

    def aggregate_query(self) -> str:
        text, named = self.sources(1)
        name = self.rng.choice(("MAX", "MIN", "AVG", "COUNT", "SUM"))
        distinct = self.rng.choice(("", "", "DISTINCT "))
        return f"SELECT {distinct}{name}({self.column(named)[0]}) FROM {text}{self.where(named, 1)}"

    def select(self, width: int | None = None) -> str:
        rng = self.rng
        text, named = self.sources()
        where = self.where(named)
        distinct = rng.choice(("", "", "DISTINCT "))
        columns = [self.column(named)[0] for _ in range(width or rng.choice((1, 1, 2, 3)))]
        shape = rng.random()
        if shape < 0.5 or width:
            if rng.random() < 0.2 and not width:
                columns = [f"{alias}.*" for alias, _ in named]
            return f"SELECT {distinct}{', '.join(columns)} FROM {text}{where}"
        counted = rng.choice(("COUNT(*)", f"COUNT({self.column(named)[0]})",
                              f"COUNT(DISTINCT {self.column(named)[0]})",
                              f"SUM({self.column(named)[0]})", f"MAX({self.column(named)[0]})",
                              f"AVG({self.column(named)[0]})",
                              f"MIN(DISTINCT {self.column(named)[0]})"))  # fmt: skip
        if shape < 0.7:
            return f"SELECT {distinct}{counted} FROM {text}{where}"
        having = ""
        if rng.random() < 0.6:
            having = f" HAVING {rng.choice(('COUNT(*)', counted))} {rng.choice(('>', '>=', '='))} "
            having += str(rng.choice((0, 1, 2, 3)))
        shown = columns + [counted] * rng.choice((0, 1))
        if rng.random() < 0.3:
            shown = [*columns, self.column(named)[0]]
        return f"SELECT {distinct}{', '.join(shown)} FROM {text}{where} GROUP BY {', '.join(columns)}{having}"  # noqa: E501

    def query(self) -> str:
        rng = self.rng
        shape = rng.random()
        if shape < 0.7:
            return self.select()
        if shape < 0.9:
            width = rng.choice((1, 2))
            operator = rng.choice(("UNION", "UNION ALL", "INTERSECT", "EXCEPT"))
            text = f"{self.select(width)} {operator} {self.select(width)}"
            if rng.random() < 0.2:
                text += f" {rng.choice(('UNION', 'EXCEPT'))} {self.select(width)}"
            return text
        self.aliases += 1
        inner = self.select(1)
        shown = rng.choice(("COUNT(*)", "*", "DISTINCT *"))
        return f"SELECT {shown} FROM ({inner}) AS u{self.aliases}"


EDITS: tuple[tuple[str, str], ...] = (
    ("SELECT DISTINCT ", "SELECT "), ("SELECT ", "SELECT DISTINCT "), (" LEFT JOIN ", " JOIN "),
    (" JOIN ", " LEFT JOIN "), ("COUNT(DISTINCT ", "COUNT("), (">=", ">"), (" > ", " >= "),
    ("UNION ALL", "UNION"), ("UNION", "UNION ALL"), ("INTERSECT", "UNION"), (" AND ", " OR "),
    ("NOT ", ""), ("MIN(DISTINCT ", "MIN("), (" IS NULL", " IS NOT NULL"), ("MAX(", "MIN("),
    ("COUNT(*)", "COUNT(t1.id)"), (" = ", " <> "), (" HAVING COUNT(*) > 0", ""),
    (" WHERE ", " WHERE t1.id IS NOT NULL AND "),
    (" WHERE ", " JOIN city AS c9 ON c9.id = t1.city_id WHERE "),
    (" WHERE ", " LEFT JOIN city AS c9 ON c9.id = t1.city_id WHERE "),
    (" WHERE ", " LEFT JOIN shop AS c9 ON c9.code = t2.shop_code WHERE "),
    (" WHERE ", " JOIN shop AS c9 ON c9.id = t1.shop_id WHERE "),
)  # fmt: skip


def variants(text: str, rng: random.Random) -> Iterator[str]:
    """Queries that differ from one in a place that is drawn."""
    for found, put in rng.sample(EDITS, len(EDITS)):
        parts = text.split(found)
        if len(parts) > 1:
            at = rng.randrange(1, len(parts))
            yield found.join(parts[:at]) + put + found.join(parts[at:])


def swapped(text: str) -> str | None:
    """A query with the tables of its one inner join in the other order."""
    head, _, rest = text.partition(" FROM ")
    if rest.count(" JOIN ") != 1 or " LEFT JOIN " in rest or "(" in rest or "UNION" in rest:
        return None
    first, _, more = rest.partition(" JOIN ")
    second, _, after = more.partition(" ON ")
    return None if " EXCEPT " in rest else f"{head} FROM {second} JOIN {first} ON {after}"


VALUES: dict[str, tuple[object, ...]] = {
    "INT": (0, 1, 2, 3, None, 1.5, "a"),
    "REAL": (0, 1, 2, 1.5, None, 2.5),
    "NUMERIC": (0, 1, 2, None, 1.5, "b"),
    "TEXT": ("a", "A", "b", "1", "1.0", "", None, "ab"),
    "": (1, 1.0, "1", None, 0, "a", b"a", 2),
}


def database(
    rng: random.Random, most: int = 9, *, numbers: bool = False
) -> dict[str, tuple[Row, ...]]:
    """Rows with values of every kind that each column may store, with all keys kept.

    Args:
        numbers: whether columns of numbers have numbers only.
    """
    made: dict[str, tuple[Row, ...]] = {}
    few = rng.random() < 0.6
    for table in SCHEMA.tables:
        rows: list[Row] = []
        pools = {}
        for column in table.columns:
            values = [v for v in VALUES[column.declared] if v is not None or not column.not_null]
            if numbers and column.affinity != "text":
                values = [v for v in values if not isinstance(v, str | bytes)]
            most_values = rng.randint(1, 3) if few else 6
            pools[column.name] = rng.sample(values, min(len(values), most_values))
        for _ in range(rng.randint(0, most)):
            cells = {c.name: rng.choice(pools[c.name]) for c in table.columns}
            for column in table.columns:
                if column.name == "id":
                    cells["id"] = rng.randint(0, 5)
            for key in table.foreign_keys:
                parent = next(t for t in SCHEMA.tables if t.name == key.parent)
                i = [c.name for c in parent.columns].index(key.parent_columns[0])
                there = [row[i] for row in made[parent.name]]
                null = rng.random() < 0.2 and not table.column(key.columns[0]).not_null  # pyright: ignore
                cells[key.columns[0]] = None if null or not there else rng.choice(there)
            if any(cells[c.name] is None and c.not_null for c in table.columns):
                continue
            row = tuple(cells[c.name] for c in table.columns)
            if all(_free(table, key.columns, row, rows) for key in table.keys):
                rows.append(row)
        made[table.name] = tuple(rows)
    assert legal(made, SCHEMA.tables)
    return made


def _free(table: Table, columns: tuple[str, ...], row: Row, rows: list[Row]) -> bool:
    names = [c.name for c in table.columns]
    told = [row[names.index(c)] for c in columns]
    if None in told:
        return True
    return all([other[names.index(c)] for c in columns] != told for other in rows)


def agree(laboratory: Laboratory, first: str, second: str) -> bool:
    """Whether two queries have the same rows, by a plain comparison; both have to run."""
    found = laboratory.run_both(first, second)
    rows = [each.rows for each in found if isinstance(each, Rows)]
    assert len(rows) == 2, (found, first, second)
    return Counter(map(_rounded, rows[0])) == Counter(map(_rounded, rows[1]))


def _rounded(row: Row) -> Row:
    return tuple(float(f"{v:.9g}") if isinstance(v, float) else v for v in row)
