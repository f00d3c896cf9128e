"""Random schemas, as items and as statements that make their tables."""

from random import Random

from abduce.grammars.sql.items import TYPES, Column, Items, Link
from abduce.grammars.sql.writing import name_of

NAMES = ("id", "name", "order", "a b", "c1", "T1", 'q"t', "group", "x.y", "size")
DECLARED = {"number": "INTEGER", "text": "TEXT", "time": "DATETIME", "any": ""}


def random_items(rng: Random, tables: int = 4, columns: int = 4) -> Items:
    """Tables with odd names, and links, also of tables to themselves and several between two."""
    names = ["city", "select", "a table", "T2", 'k"y', "Shop"]
    rng.shuffle(names)
    count = rng.randint(1, tables)
    made: list[Column] = []
    for table in range(count):
        for name in rng.sample(NAMES, rng.randint(1, columns)):
            made.append(Column(table=table, name=name, type=rng.choice((*TYPES, "any"))))
    links = []
    for _ in range(rng.randint(0, count + 1)):
        child, parent = rng.randrange(len(made)), rng.randrange(len(made))
        if child != parent:
            links.append(Link(columns=(child,), parents=(parent,)))
    return Items(tables=tuple(names[:count]), columns=tuple(made), links=tuple(links))


def statements(items: Items) -> str:
    """The statements that make the tables."""
    told = ""
    for number, table in enumerate(items.tables):
        columns = [items.columns[i] for i in items.columns_of(number)]
        parts = ", ".join(f"{name_of(c.name)} {DECLARED[c.type]}" for c in columns)
        told += f"CREATE TABLE {name_of(table)} ({parts});"
    return told


def rows(items: Items, rng: Random) -> str:
    """Statements that fill the tables with few values, many of them alike."""
    told = ""
    for number, table in enumerate(items.tables):
        width = len(items.columns_of(number))
        for _ in range(rng.randint(0, 4)):
            values = ", ".join(rng.choice(("1", "2", "'a'", "'b'", "NULL")) for _ in range(width))
            told += f"INSERT INTO {name_of(table)} VALUES ({values});"
    return told
