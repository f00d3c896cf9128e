"""A random database of few rows that keeps the keys of a schema."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from abduce.symbolic.databases.executing import Row
from abduce.symbolic.databases.schema import Table
from abduce.verify.queries.refuting.hints import Hints, Place
from abduce.verify.queries.refuting.values import Choices, Value

TRIES: Final = 12
"""The number of rows that are drawn for one that keeps the keys."""
NULLS: Final = (0.0, 0.0, 0.15, 0.4)
BIGGEST: Final = 300
"""The upper limit on rows of a table, for queries that compare a COUNT with a constant."""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What databases are drawn for: tables with parents first, values, and counts to reach."""

    tables: Sequence[Table]
    choices: Mapping[Place, Choices]
    hints: Hints
    rows: int = 5

    def unnamed(self, table: Table, column: str) -> bool:
        named = self.hints.named
        return named is not None and (table.name, column) not in named


@dataclass(slots=True)
class Mood:
    """What the rows of one database have in common."""

    nulls: float
    most: int
    pools: dict[Place, list[Value]]
    crowded: str | None = None
    crowd: int = 0


def draw(plan: Plan, rng: random.Random) -> dict[str, tuple[Row, ...]]:
    """The rows of each table; a few may still break a key, which is for the caller to check."""
    mood = _mood(plan, rng)
    made: dict[str, tuple[Row, ...]] = {}
    for table in plan.tables:
        rows: list[Row] = []
        wanted = rng.randint(0 if rng.random() < 0.3 else 1, mood.most)
        if table.name == mood.crowded:
            wanted = mood.crowd
        seen: list[set[Row]] = [set() for _ in table.keys]
        for number in range(wanted):
            row = _row(plan, table, made, mood, seen, rng, number)
            if row is not None:
                rows.append(row)
        made[table.name] = tuple(rows)
    return made


def _mood(plan: Plan, rng: random.Random) -> Mood:
    pools = {}
    for table in plan.tables:
        for column in table.columns:
            place = (table.name, column.name)
            pools[place] = _pool(plan.choices[place], rng)
    most = rng.randint(1, plan.rows)
    mood = Mood(rng.choice(NULLS), most, pools)
    reached = sorted(n for n in plan.hints.counts if plan.rows - 1 <= n < BIGGEST)
    if reached and plan.tables and rng.random() < 0.5:
        mood.crowded = rng.choice([table.name for table in plan.tables])
        mood.crowd = max(0, rng.choice(reached) + rng.randint(-1, 1))
        mood.most, mood.nulls = min(most, 2), 0.0
        for place in pools:
            pools[place] = pools[place][:1]
    return mood


def _pool(choices: Choices, rng: random.Random) -> list[Value]:
    """The one to four values that a column has in one database."""
    near, other = list(choices.near), list(choices.other)
    found = []
    if near:
        found += rng.sample(near, min(len(near), rng.randint(1, 3)))
    if not near or rng.random() < 0.5:
        found += rng.sample(other, min(len(other), rng.randint(1, 3 if not near else 1)))
    return found


def _row(
    plan: Plan,
    table: Table,
    made: Mapping[str, tuple[Row, ...]],
    mood: Mood,
    seen: list[set[Row]],
    rng: random.Random,
    number: int,
) -> Row | None:
    """A row that keeps the keys, or None if none was found."""
    keyed = _freshened(plan, table)
    for attempt in range(TRIES):
        cells: dict[str, Value] = {}
        for column in table.columns:
            cells[column.name.lower()] = _cell(plan, table, column.name, mood, rng, column.not_null)
            if column.name.lower() in keyed and attempt:
                fresh = rng.randint(1, 4 + attempt) if attempt < TRIES - 4 else number + 10
                cells[column.name.lower()] = _fresh(column.affinity, fresh)
        if not _parents(plan, table, made, cells, rng):
            continue
        row = tuple(cells[column.name.lower()] for column in table.columns)
        told = [tuple(cells[c.lower()] for c in key.columns) for key in table.keys]
        full = [values if None not in values else None for values in told]
        if any(v is not None and v in known for v, known in zip(full, seen, strict=True)):
            continue
        for values, known in zip(full, seen, strict=True):
            if values is not None:
                known.add(values)
        return row
    return None


def _freshened(plan: Plan, table: Table) -> set[str]:
    """The columns that get fresh values where a key would be broken: of each key those that no
    query names, or all where every one is named."""
    found: set[str] = set()
    for key in table.keys:
        free = [name for name in key.columns if plan.unnamed(table, name)]
        found |= {name.lower() for name in free or key.columns}
    return found


def _cell(
    plan: Plan, table: Table, name: str, mood: Mood, rng: random.Random, not_null: bool
) -> Value:
    unnamed = plan.unnamed(table, name)
    if not not_null and (unnamed or rng.random() < mood.nulls):
        return None
    pool = mood.pools[table.name, name]
    return pool[0] if unnamed else rng.choice(pool)


def _fresh(affinity: str, number: int) -> Value:
    if affinity == "text":
        return f"k{number}"
    return float(number) if affinity == "real" else number


def _parents(
    plan: Plan,
    table: Table,
    made: Mapping[str, tuple[Row, ...]],
    cells: dict[str, Value],
    rng: random.Random,
) -> bool:
    """Sets the columns of foreign keys to values of parents; False where there is no parent."""
    for key, columns, names in _foreign(plan, table):
        rows = made.get(key, ())
        if any(cells[name] is None for name in names):
            for name in names:
                if not _not_null(table, name):
                    cells[name] = None
            if any(cells[name] is None for name in names):
                continue
        if not rows:
            free = [name for name in names if not _not_null(table, name)]
            if not free or key not in made:
                return key not in made  # of a circle: the caller checks the whole
            cells[free[0]] = None
            continue
        row = rng.choice(rows)
        for name, column in zip(names, columns, strict=True):
            value = row[column]
            if value is None and _not_null(table, name):
                return False
            cells[name] = value  # pyright: ignore[reportArgumentType]
    return True


def _foreign(plan: Plan, table: Table) -> Iterator[tuple[str, list[int], list[str]]]:
    for key in table.foreign_keys:
        parent = next((t for t in plan.tables if t.name.lower() == key.parent.lower()), None)
        if parent is not None:
            names = [c.name.lower() for c in parent.columns]
            yield (
                parent.name,
                [names.index(c.lower()) for c in key.parent_columns],
                [c.lower() for c in key.columns],
            )


def _not_null(table: Table, name: str) -> bool:
    column = table.column(name)
    return column is not None and column.not_null
