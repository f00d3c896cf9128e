"""Every tree is a query that SQLite accepts, and reading a query back changes nothing."""

import sqlite3
from collections import Counter
from itertools import combinations, count
from random import Random

import pytest

from abduce.errors import InputError
from abduce.grammars import mask_rules, sample
from abduce.grammars.derivation import derivation
from abduce.grammars.grammar import Tree, sorts
from abduce.grammars.sql.items import Column, Items, Link, Values
from abduce.grammars.sql.joining import joined
from abduce.grammars.sql.language import SqlLanguage
from abduce.grammars.sql.outside import NotCovered
from abduce.grammars.sql.reading import read
from abduce.grammars.sql.writing import write
from tests.grammars.sql.random_items import random_items, rows, statements

VALUES = Values(numbers=(1, 2, 0.5), texts=("a", "it's", "1"))

COLUMNS = (
    Column(table=0, name="id", type="number"), Column(table=0, name="name", type="text"),
    Column(table=1, name="id", type="number"), Column(table=1, name="from", type="number"),
    Column(table=1, name="to", type="number"), Column(table=1, name="day", type="time"),
    Column(table=2, name="flight", type="number"), Column(table=2, name="price", type="number"),
    Column(table=3, name="note", type="text"),
)  # fmt: skip
FLIGHTS = Items(
    tables=("airport", "flight", "ticket", "news"),
    columns=COLUMNS,
    links=(
        Link(columns=(3,), parents=(0,)), Link(columns=(4,), parents=(0,)),
        Link(columns=(6,), parents=(2,)),
    ),
)  # fmt: skip
LANGUAGE = SqlLanguage(FLIGHTS)


def again(text: str) -> str:
    """A query read and written."""
    reading = read(LANGUAGE, text)
    language = LANGUAGE.with_values(reading.values)
    derivation(language.grammar, reading.tree)
    return write(language, reading.tree)


NODES = 40


def drawn(language: SqlLanguage, rng: Random) -> Tree:
    return sample(language.grammar, rng, max_nodes=NODES)


def accepted(items: Items, text: str, rng: Random | None = None) -> list[tuple]:
    connection = sqlite3.connect(":memory:")
    connection.executescript(statements(items))
    if rng is not None:
        connection.executescript(rows(items, rng))
    calls = count()
    connection.set_progress_handler(lambda: int(next(calls) > 20_000), 10_000)
    try:
        return connection.execute(text).fetchmany(10_000)
    finally:
        connection.close()


def test_every_tree_is_a_query_that_sqlite_accepts(rng: Random) -> None:
    for _ in range(4):
        items = random_items(rng, 3, 3)
        language = SqlLanguage(items, VALUES)
        for _ in range(20):
            accepted(items, f"EXPLAIN {write(language, drawn(language, rng))}")


@pytest.mark.slow
def test_every_tree_is_a_query_that_sqlite_accepts_in_many_schemas(rng: Random) -> None:
    for _ in range(40):
        items = random_items(rng, 6, 6)
        language = SqlLanguage(items, VALUES)
        for _ in range(20):
            accepted(items, f"EXPLAIN {write(language, drawn(language, rng))}")


def test_a_query_that_is_read_back_has_the_same_rows(rng: Random) -> None:
    read_back = 0
    languages = [SqlLanguage(random_items(rng, 2, 3), VALUES) for _ in range(3)]
    for number in range(60):
        language = languages[number % 3]
        items = language.items
        text = write(language, drawn(language, rng))
        try:
            reading = read(SqlLanguage(items), text)
        except NotCovered:
            continue
        second = language.with_values(reading.values)
        derivation(second.grammar, reading.tree)
        other = write(second, reading.tree)
        read_back += 1
        if "LIMIT" in text:  # rows may be tied
            continue
        fill = Random(rng.random())
        state = fill.getstate()
        first = accepted(items, text, fill)
        fill.setstate(state)
        assert Counter(first) == Counter(accepted(items, other, fill)), (text, other)
    assert read_back > 20


def test_what_is_written_reads_as_the_same_tree(rng: Random) -> None:
    for text in (
        "SELECT name FROM airport",
        'SELECT DISTINCT T1.name FROM airport AS T1 JOIN flight AS T2 ON T1.id = T2."to"',
        'SELECT COUNT(*), name FROM airport JOIN flight ON airport.id = "from" GROUP BY name',
        'SELECT name FROM airport WHERE id NOT IN (SELECT "to" FROM flight)',
        "SELECT name FROM airport EXCEPT SELECT note FROM news WHERE note LIKE '%a%'",
        "SELECT MAX(price) - MIN(price) FROM ticket WHERE price BETWEEN 1 AND 2 OR price > 7",
        "SELECT T1.note FROM news AS T1 JOIN airport AS T2 ON T1.note = T2.name",
    ):
        tree = read(LANGUAGE, text).tree
        assert read(LANGUAGE, again(text)).tree == tree


@pytest.mark.parametrize(
    ("text", "joins"),
    [
        ('SELECT name FROM airport T1 JOIN flight T2 ON T1.id = T2."from" WHERE day = 3',
         'T2."from" = T1.id'),
        ('SELECT name FROM airport T1 JOIN flight T2 ON T1.id = T2."to" WHERE day = 3',
         'T2."to" = T1.id'),
        ('SELECT A.name, B.name FROM airport A JOIN flight F ON A.id = F."from" '
         'JOIN airport B ON B.id = F."to"', 'T2."to" = T3.id'),
        ("SELECT name, price FROM airport T1, flight T2, ticket T3 "
         'WHERE T1.id = T2."from" AND T2.id = T3.flight', "T3.flight = T2.id"),
    ],
)  # fmt: skip
def test_joins_follow_from_columns(text: str, joins: str) -> None:
    assert joins in again(text)
    assert "('inferred',)" in repr(read(LANGUAGE, text).tree)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("SELECT name FROM airport LEFT JOIN flight ON airport.id = flight.id", "an outer join"),
        ("SELECT name, COUNT(*) FROM airport", "a column beside an aggregate without GROUP BY"),
        ("SELECT name FROM airport WHERE name > 3 + 'a'", "type number where one of type text"),
        ("SELECT nothing FROM airport", "a name that means no column of the same SELECT"),
        ("SELECT name FROM airport JOIN news", "tables that no equal columns join"),
        ("SELECT SUM(name) FROM airport", "type text where one of type number"),
        (
            "SELECT name FROM airport WHERE id = (SELECT name FROM airport)",
            "where one of type number",
        ),
        ("DELETE FROM airport", "a statement that is no SELECT"),
        ("SELECT name FROM airport; SELECT 1", "more than one statement"),
        ("WITH a AS (SELECT 1) SELECT name FROM airport", "with"),
        ("SELECT name FROM airport LIMIT 3 OFFSET 2", "offset"),
        ("SELECT upper(name) FROM airport", "UPPER"),
        ("SELECT name FROM airport A WHERE EXISTS (SELECT 1 FROM flight WHERE id = A.id)", ""),
        ("SELECT name FROM airport UNION ALL SELECT note FROM news", "UNION ALL"),
        ("SELECT name FROM airport ORDER BY name NULLS LAST", "NULLS FIRST or NULLS LAST"),
        ("not SQL at all", ""),
        ("", "a text without a statement"),
        ("(" * 5000, ""),
    ],
)
def test_what_is_not_covered_is_named(text: str, part: str) -> None:
    with pytest.raises(NotCovered) as caught:
        read(LANGUAGE, text)
    assert part in str(caught.value)


def test_texts_and_numbers_are_never_compared(rng: Random) -> None:
    """Every comparison of two columns is one of columns of one type."""
    kinds = {f"column {LANGUAGE.items.tables[c.table]}.{c.name}": c.type for c in COLUMNS}
    language = SqlLanguage(FLIGHTS, VALUES)
    for _ in range(40):
        todo = [drawn(language, rng)]
        while todo:
            node = todo.pop()
            if node[0] in ("= number", "= text", "= time") and node[1][0] == "column":
                name = node[1][1][0].split("#")[0]
                assert kinds.get(name, node[0][2:]) == node[0][2:]
            todo += node[1:]


def test_the_mask_leads_to_a_whole_query_whatever_is_chosen(rng: Random) -> None:
    language = SqlLanguage(FLIGHTS, VALUES)
    partial = mask_rules(language.grammar, max_nodes=NODES)
    while not partial.finished:
        partial = partial.advance(rng.choice(partial.allowed()).name)
    accepted(FLIGHTS, write(language, partial.tree))


def test_without_values_no_value_can_be_named() -> None:
    language = SqlLanguage(FLIGHTS)
    assert not [sort for sort in sorts(language.grammar) if sort[0] == "value"]  # type: ignore[index]


def test_pointers_say_what_they_point_to() -> None:
    language = SqlLanguage(FLIGHTS, VALUES)
    rules = language.grammar.rules(("column", "time", (0,)))
    found = [language.pointer(rule) for rule in rules]
    assert [(p.kind, p.number, p.occurrence) for p in found if p] == [
        ("column", 5, 1), ("column", 5, 2),
    ]  # fmt: skip
    limits = language.grammar.rules(("limit",))
    assert [p.value for rule in limits if (p := language.pointer(rule))] == [1, 2]


def test_names_that_point_to_nothing_are_the_same_for_all_databases(rng: Random) -> None:
    kept: list[set[str]] = []
    for items in (FLIGHTS, random_items(rng, 3, 3)):
        language = SqlLanguage(items, VALUES)
        rules = [r for sort in sorts(language.grammar) for r in language.grammar.rules(sort)]
        kept.append({rule.name for rule in rules if language.pointer(rule) is None})
        pointing = {rule.name for rule in rules if language.pointer(rule) is not None}
        assert not pointing & kept[-1]
    assert kept[1] <= kept[0]


def smallest(items: Items, named: set[int]) -> int | None:
    """The number of tables in the smallest joined set, by brute force over sets of tables."""
    tables = range(len(items.tables))
    edges = {frozenset(items.ends(link)) for link in items.links}
    for size in range(len(named), len(items.tables) + 1):
        for some in combinations(tables, size):
            if not named <= {*some}:
                continue
            reached = {some[0]}
            for _ in some:
                reached |= {t for t in some for e in edges if t in e and e & reached}
            if reached >= {*some}:
                return size
    return None


def test_from_is_the_smallest_joined_set_of_tables(rng: Random) -> None:
    for _ in range(60):
        items = random_items(rng, 6, 2)
        named = set(rng.choices(range(len(items.tables)), k=rng.randint(1, 3)))
        size = smallest(items, named)
        nodes = [(table, 1) for table in named]
        if size is None:
            with pytest.raises(InputError):
                joined(items, nodes)
        else:
            assert len(joined(items, nodes).nodes) == size


def test_a_tree_that_is_too_deep_is_refused() -> None:
    tree: Tree = ("unsorted",)
    for _ in range(300):
        tree = ("and", tree, tree)
    with pytest.raises(InputError, match="deeper"):
        write(LANGUAGE, tree)
