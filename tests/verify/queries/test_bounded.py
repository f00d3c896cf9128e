"""Equality up to a bound: it holds on every database within it, and what z3 finds differs."""

import random
import sqlite3

import pytest

from abduce import clock
from abduce.symbolic.databases.introspecting import schema_of
from abduce.verify.queries.bounded.deciding import Candidate, Equal, Undecided, decide
from abduce.verify.queries.refuting.laboratory import Laboratory
from abduce.verify.queries.refuting.legality import legal
from abduce.verify.queries.text.outside import Outside
from abduce.verify.queries.text.reading import read_query
from tests.verify.queries.random_queries import SCHEMA, Writer, agree, database, variants

SCRIPT = "CREATE TABLE t (a INT, b TEXT, c INT NOT NULL PRIMARY KEY); CREATE TABLE u (a INT)"


def decided(first: str, second: str, rows: int = 2) -> Equal | Candidate | Undecided:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCRIPT)
    schema = schema_of(connection)
    read = [read_query(query, schema) for query in (first, second)]
    return decide(read, schema.tables, rows, clock.wall_s() + 60)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("SELECT a FROM t WHERE a IN (SELECT a FROM u)",
         "SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a)"),
        ("SELECT MAX(a) FROM t GROUP BY c", "SELECT MIN(a) FROM t GROUP BY c"),
        ("SELECT a FROM t WHERE a < 3 AND a > 5", "SELECT a FROM t WHERE a <> a"),
        ("SELECT b FROM t WHERE b < 'a' OR b >= 'a'", "SELECT b FROM t WHERE b IS NOT NULL"),
        ("SELECT a FROM t EXCEPT SELECT a FROM u WHERE 1 = 0", "SELECT DISTINCT a FROM t"),
        ("SELECT COUNT(*) + 1 FROM t", "SELECT 1 + COUNT(c) FROM t"),
    ],
)  # fmt: skip
def test_equal_queries_are_equal_up_to_the_bound(first: str, second: str) -> None:
    assert isinstance(decided(first, second), Equal)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("SELECT a FROM t WHERE a > 3", "SELECT a FROM t WHERE a >= 3"),
        ("SELECT a FROM t WHERE a NOT IN (SELECT a FROM u)",
         "SELECT a FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE u.a = t.a)"),
        ("SELECT SUM(a) FROM t", "SELECT AVG(a) FROM t"),
        ("SELECT b FROM t WHERE b > 'a' AND b < 'b'", "SELECT b FROM t WHERE b > 'a' AND b < 'aa'"),
        ("SELECT a FROM t UNION SELECT a FROM u", "SELECT a FROM t UNION ALL SELECT a FROM u"),
    ],
)  # fmt: skip
def test_a_difference_within_the_bound_is_found(first: str, second: str) -> None:
    found = decided(first, second)
    assert isinstance(found, Candidate)
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCRIPT)
    laboratory = Laboratory.of(schema_of(connection).tables)
    laboratory.fill(found.tables, strictly=True)
    assert not agree(laboratory, first, second)
    assert all(len(rows) <= 2 for rows in found.tables.values())


@pytest.mark.parametrize(
    "query",
    [
        "SELECT a FROM t LIMIT 1", "SELECT a / 2 FROM t", "SELECT a FROM t WHERE b = a",
        "SELECT a FROM t WHERE a LIKE '1%'", "SELECT a, b FROM t GROUP BY a",
        "SELECT a FROM t WHERE a = (SELECT a FROM u)", "SELECT a * a FROM t",
    ],
)  # fmt: skip
def test_what_it_does_not_understand_is_named(query: str) -> None:
    found = decided(query, query.replace("SELECT", "SELECT DISTINCT", 1))
    assert isinstance(found, Undecided)
    assert found.reason


def test_sums_are_assumed_to_be_exact() -> None:
    found = decided("SELECT SUM(a + 1) FROM t", "SELECT SUM(1 + a) FROM t")
    assert isinstance(found, Equal)
    assert found.assumptions


def attack(rng: random.Random, pairs: int, databases: int) -> None:
    """Decides random pairs with the bound 2, and tests each answer in SQLite."""
    laboratory = Laboratory.of(SCHEMA.tables)
    equal, spurious, candidates = [], 0, 0
    while len(equal) < pairs:
        text = Writer(rng).query()
        other = next(variants(text, rng), None)
        try:
            for query in (text, other or ""):
                laboratory.connection.execute(f"EXPLAIN {query}")
            read = [read_query(query, SCHEMA) for query in (text, other or "")]
        except (sqlite3.Error, Outside):
            continue
        assert other is not None
        match decide(read, SCHEMA.tables, 2, clock.wall_s() + 1):
            case Equal():
                equal.append((text, other))
            case Candidate(rows):
                candidates += 1
                laboratory.fill(rows)
                assert legal(laboratory.stored(), SCHEMA.tables)
                spurious += agree(laboratory, text, other)
            case Undecided():
                pass
    assert spurious <= max(4, candidates // 4)  # LIKE is a function of which nothing is known
    for _ in range(databases):
        laboratory.fill(database(rng, 2, numbers=True))
        for first, second in equal:
            assert agree(laboratory, first, second), (first, second, laboratory.stored())


def test_no_equality_up_to_a_bound_is_wrong(rng: random.Random) -> None:
    attack(rng, 5, 50)


@pytest.mark.slow
def test_no_equality_of_many_is_wrong(rng: random.Random) -> None:
    attack(rng, 60, 200)
