"""Refutations: a smallest database that keeps the keys and shows the difference in SQLite."""

import random
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.symbolic.databases.introspecting import schema_of
from abduce.symbolic.databases.schema import ASSUMED, Key, Schema
from abduce.verify.queries.comparing import Budget, compare
from abduce.verify.queries.refuting.drawing import Plan, draw
from abduce.verify.queries.refuting.hints import hints_of
from abduce.verify.queries.refuting.legality import legal
from abduce.verify.queries.refuting.results import differ, outcome
from abduce.verify.queries.refuting.values import choices
from abduce.verify.queries.text.reading import read_query
from abduce.verify.queries.verdict import EqualUpTo, Proved, Refuted, Unknown
from tests.verify.queries.random_queries import SCHEMA

SCRIPT = """
CREATE TABLE city (id INT NOT NULL PRIMARY KEY, name TEXT, size INT);
CREATE TABLE shop (id INTEGER PRIMARY KEY, city_id INT NOT NULL REFERENCES city (id), kind TEXT,
                   rank INT CHECK (rank < 100));
"""


def schema_from(script: str) -> Schema:
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    return schema_of(connection)


SHOPS = schema_from(SCRIPT)
DIFFERENT = (
    ("SELECT kind FROM shop WHERE rank > 5", "SELECT kind FROM shop WHERE rank >= 5"),
    ("SELECT kind FROM shop", "SELECT DISTINCT kind FROM shop"),
    ("SELECT COUNT(rank) FROM shop", "SELECT COUNT(*) FROM shop"),
    ("SELECT c.name FROM city AS c JOIN shop AS s ON c.id = s.city_id",
     "SELECT c.name FROM city AS c LEFT JOIN shop AS s ON c.id = s.city_id"),
    ("SELECT kind FROM shop GROUP BY kind HAVING COUNT(*) > 50",
     "SELECT kind FROM shop GROUP BY kind HAVING COUNT(*) >= 50"),
    ('SELECT kind FROM shop WHERE kind LIKE "%al%"', 'SELECT kind FROM shop WHERE kind = "al"'),
    ("SELECT name FROM city ORDER BY size LIMIT 1", "SELECT name FROM city ORDER BY size DESC LIMIT 1"),  # noqa: E501
    ("SELECT name FROM city ORDER BY name", "SELECT name FROM city ORDER BY name DESC"),
    ("SELECT CASE WHEN rank > 7 THEN 1 END FROM shop", "SELECT CASE WHEN rank > 8 THEN 1 END FROM shop"),  # noqa: E501
    ("SELECT SUM(rank) FROM shop", "SELECT AVG(rank) FROM shop"),
    ("SELECT name FROM city UNION SELECT kind FROM shop",
     "SELECT name FROM city UNION ALL SELECT kind FROM shop"),
)  # fmt: skip


@pytest.mark.parametrize(("first", "second"), DIFFERENT)
def test_a_difference_is_found_and_shows_in_a_fresh_database(first: str, second: str) -> None:
    found = compare(SHOPS, first, second)
    assert isinstance(found, Refuted), found
    assert legal(found.tables, [t for t in SHOPS.tables if t.name in found.tables])
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA foreign_keys = 1")
    connection.executescript(found.script)
    rows = [tuple(connection.execute(query).fetchall()) for query in (first, second)]
    assert rows == [found.first, found.second]
    assert differ(rows[0], rows[1], found.ordered)


@pytest.mark.parametrize(("first", "second"), DIFFERENT[:4])
def test_no_row_of_a_refutation_is_needless(first: str, second: str) -> None:
    found = compare(SHOPS, first, second)
    assert isinstance(found, Refuted)
    for name, rows in found.tables.items():
        for i in range(len(rows)):
            fewer = {**found.tables, name: rows[:i] + rows[i + 1 :]}
            if not legal(fewer, [t for t in SHOPS.tables if t.name in fewer]):
                continue
            connection = sqlite3.connect(":memory:")
            connection.executescript(SCRIPT)
            for table, kept in fewer.items():
                for row in kept:
                    marks = ", ".join("?" * len(row))
                    connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)
            left = [connection.execute(query).fetchall() for query in (first, second)]
            assert not differ(left[0], left[1], found.ordered)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("SELECT kind FROM shop ORDER BY rank",
         "SELECT s.kind FROM city AS c JOIN shop AS s ON c.id = s.city_id ORDER BY s.rank"),
        ("SELECT kind FROM shop LIMIT 1", "SELECT kind FROM shop WHERE id = id LIMIT 1"),
        ("SELECT name FROM city WHERE size = 1 ORDER BY size LIMIT 1",
         "SELECT name FROM city WHERE size = 1 LIMIT 1"),
    ],
)  # fmt: skip
def test_a_choice_among_ties_is_no_difference(first: str, second: str) -> None:
    assert isinstance(compare(SHOPS, first, second, Budget(databases=300)), Unknown)


def test_assumed_keys_count_only_when_they_are_asked_for() -> None:
    table = schema_from("CREATE TABLE t (a INT NOT NULL, b INT)").tables[0]
    guessed = replace(table, keys=(Key(columns=("a",), origin=ASSUMED),))
    pair = "SELECT a FROM t", "SELECT DISTINCT a FROM t"
    assert isinstance(compare(Schema(tables=(guessed,)), *pair), Refuted)
    found = compare(Schema(tables=(guessed,)), *pair, Budget(assume_keys=True))
    assert isinstance(found, Proved)
    assert found.assumed
    assert found.keys == ("t(a) is a key",)


def test_a_count_beyond_the_bound_is_not_shown_equal_up_to_it() -> None:
    pair = (
        "SELECT kind FROM shop GROUP BY kind HAVING COUNT(*) > 3 AND COUNT(*) < 5",
        "SELECT kind FROM shop GROUP BY kind HAVING COUNT(*) = 4",
    )
    found = compare(SHOPS, *pair, Budget(rows=3))
    assert isinstance(found, Unknown)
    assert "COUNT" in found.reason


def test_equality_up_to_a_bound_is_another_word() -> None:
    pair = (
        "SELECT kind FROM shop WHERE rank IN (SELECT size FROM city)",
        "SELECT kind FROM shop WHERE EXISTS (SELECT 1 FROM city WHERE size = rank)",
    )
    found = compare(SHOPS, *pair, Budget(rows=2))
    assert isinstance(found, EqualUpTo)
    assert found.rows == 2


def test_what_is_not_understood_is_named() -> None:
    pair = "SELECT upper(kind) FROM shop", "SELECT trim(kind) FROM shop WHERE 0 = 1 OR 1"
    found = compare(SHOPS, pair[1], pair[1].replace("1 OR", "2 OR"), Budget(databases=60))
    assert isinstance(found, Unknown)
    assert found.outside


@pytest.mark.parametrize(
    "query",
    [
        "SELECT nothing FROM shop", "DELETE FROM shop", "DROP TABLE shop", "", "SELECT", "PRAGMA x",
        "ATTACH ':memory:' AS a", "SELECT 1; SELECT 2", "INSERT INTO shop VALUES (1, 1, 1, 1)",
        "SELECT load_extension('x')", "nonsense", "SELECT \x00 1",
    ],
)  # fmt: skip
def test_a_text_that_is_no_query_is_refused(query: str) -> None:
    with pytest.raises(InputError) as caught:
        compare(SHOPS, "SELECT kind FROM shop", query)
    assert caught.value.path == "query 2"


def test_a_query_that_runs_forever_is_stopped() -> None:
    endless = (
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT COUNT(*) FROM r"
    )
    found = compare(SHOPS, endless, "SELECT COUNT(*) FROM shop", Budget(timeout_s=0.3))
    assert isinstance(found, Unknown)


def test_the_seed_decides_the_databases() -> None:
    pair = DIFFERENT[3]
    assert compare(SHOPS, *pair, Budget(seed=5)) == compare(SHOPS, *pair, Budget(seed=5))


def test_random_databases_keep_all_keys(rng: random.Random) -> None:
    query = read_query("SELECT t.price FROM sale AS t JOIN shop AS s ON t.shop_id = s.id", SCHEMA)
    hints = hints_of([query])
    plan = Plan(SCHEMA.tables, choices(SCHEMA.tables, hints), hints)
    drawn = [draw(plan, rng) for _ in range(200)]
    assert sum(legal(rows, SCHEMA.tables) for rows in drawn) > 190
    assert any(len(rows["sale"]) > 2 for rows in drawn)


VALUES = st.one_of(st.none(), st.integers(-3, 3), st.floats(-2, 2), st.text("ab", max_size=2))
ROWS = st.lists(st.tuples(VALUES, VALUES), max_size=4)


@given(ROWS, st.randoms(use_true_random=False))
def test_bags_do_not_differ_in_another_order(rows: list, rng: random.Random) -> None:
    mixed = list(rows)
    rng.shuffle(mixed)
    assert not differ(rows, mixed, ordered=False)
    assert outcome(rows, ordered=False) == outcome(mixed, ordered=False)


@given(ROWS, VALUES)
def test_one_row_more_is_a_difference(rows: list, value: object) -> None:
    assert differ(rows, [*rows, (value, value)], ordered=False)


def test_no_file_is_needed(tmp_path: Path) -> None:
    compare(SHOPS, *DIFFERENT[0])
    assert not list(tmp_path.iterdir())
