"""Proofs: what each law proves, and that no proof is wrong on random databases."""

import random
import sqlite3

import pytest

from abduce.symbolic.databases.introspecting import schema_of
from abduce.symbolic.databases.schema import Schema
from abduce.verify.queries.proving.proving import prove
from abduce.verify.queries.refuting.laboratory import Laboratory
from abduce.verify.queries.refuting.legality import legal
from abduce.verify.queries.text.outside import Outside
from abduce.verify.queries.text.reading import read_query
from abduce.verify.queries.verdict import Proved
from tests.verify.queries.random_queries import (
    SCHEMA,
    Writer,
    agree,
    database,
    swapped,
    variants,
)

SCRIPT = """
CREATE TABLE city (id INT NOT NULL PRIMARY KEY, name TEXT, size INT);
CREATE TABLE shop (id INT NOT NULL PRIMARY KEY, city_id INT NOT NULL REFERENCES city (id),
                   owner INT REFERENCES city (id), kind TEXT, rank INT);
"""
LAWS = {
    "one row": (
        "SELECT COUNT(*) FROM shop", "SELECT DISTINCT COUNT(*) FROM shop ORDER BY 1 LIMIT 3",
    ),
    "set": (
        "SELECT kind FROM shop INTERSECT SELECT name FROM city",
        "SELECT DISTINCT kind FROM shop INTERSECT SELECT DISTINCT name FROM city",
    ),
    "key": ("SELECT id, kind FROM shop", "SELECT DISTINCT id, kind FROM shop"),
    "groups": (
        "SELECT kind, COUNT(*) FROM shop GROUP BY kind",
        "SELECT DISTINCT kind, COUNT(*) FROM shop GROUP BY kind",
    ),
    "groups as rows": ("SELECT DISTINCT kind FROM shop", "SELECT kind FROM shop GROUP BY kind"),
    "extremes": ("SELECT MAX(rank) FROM shop", "SELECT MAX(DISTINCT rank) FROM shop"),
    "count": ("SELECT COUNT(id) FROM shop", "SELECT COUNT(*) FROM shop"),
    "null-rejecting condition": (
        "SELECT s.kind FROM city AS c JOIN shop AS s ON c.id = s.city_id WHERE s.rank > 1",
        "SELECT s.kind FROM city AS c LEFT JOIN shop AS s ON c.id = s.city_id WHERE s.rank > 1",
    ),
    "foreign key": (
        "SELECT s.kind, c.name FROM shop AS s JOIN city AS c ON s.city_id = c.id",
        "SELECT s.kind, c.name FROM shop AS s LEFT JOIN city AS c ON s.city_id = c.id",
    ),
    "aggregates skip NULL": (
        "SELECT AVG(s.rank) FROM city AS c JOIN shop AS s ON c.id = s.city_id",
        "SELECT AVG(s.rank) FROM city AS c LEFT JOIN shop AS s ON c.id = s.city_id",
    ),
    "groups of one row": (
        "SELECT c.name FROM city AS c JOIN shop AS s ON c.id = s.city_id GROUP BY c.id "
        "HAVING COUNT(*) > 1",
        "SELECT c.name FROM city AS c LEFT JOIN shop AS s ON c.id = s.city_id GROUP BY c.id "
        "HAVING COUNT(*) > 1",
    ),
    "idle join": (
        "SELECT kind FROM shop WHERE owner IS NOT NULL",
        "SELECT s.kind FROM shop AS s JOIN city AS c ON s.owner = c.id",
    ),
    "idle left join": (
        "SELECT kind FROM shop",
        "SELECT s.kind FROM shop AS s LEFT JOIN city AS c ON s.owner = c.id",
    ),
    "repeated source": (
        "SELECT DISTINCT s.kind FROM shop AS s WHERE s.rank = 1",
        "SELECT DISTINCT s.kind FROM shop AS s JOIN shop AS r ON r.rank = 1 WHERE s.rank = 1",
    ),
    "subquery in FROM": (
        "SELECT kind FROM shop WHERE rank = 1", "SELECT * FROM (SELECT kind FROM shop WHERE rank = 1)",  # noqa: E501
    ),
    "never NULL": ("SELECT kind FROM shop", "SELECT kind FROM shop WHERE id IS NOT NULL"),
    "constants": (
        "SELECT kind FROM shop WHERE rank = 3",
        "SELECT kind FROM shop WHERE rank = 3 AND 1 = 1.0 AND (kind = 'a' OR NOT 2 <= 1)",
    ),
    "order of a subquery": (
        "SELECT kind FROM shop WHERE rank IN (SELECT size FROM city)",
        "SELECT kind FROM shop WHERE rank IN (SELECT size FROM city ORDER BY name)",
    ),
    "order of tables and conditions": (
        "SELECT c.name FROM shop AS s JOIN city AS c ON s.city_id = c.id WHERE s.rank > 1 AND "
        "NOT (c.size >= 3 OR c.name = 'a')",
        "SELECT a.name FROM city AS a, shop AS b WHERE a.name <> 'a' AND 3 > a.size AND "
        "1 < b.rank AND a.id = b.city_id",
    ),
    "equal columns": (
        "SELECT c.id FROM shop AS s JOIN city AS c ON s.city_id = c.id WHERE c.size = 1",
        "SELECT s.city_id FROM shop AS s JOIN city AS c ON s.city_id = c.id WHERE c.size = 1",
    ),
    "order by a key": (
        "SELECT id, kind FROM shop WHERE rank BETWEEN 1 AND 2 ORDER BY id LIMIT 2",
        "SELECT DISTINCT id, kind FROM shop WHERE rank >= 1 AND rank <= 2 ORDER BY id LIMIT 2",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def schema() -> Schema:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCRIPT)
    return schema_of(connection)


@pytest.mark.parametrize("law", LAWS)
def test_each_law_proves_what_it_is_for(law: str, schema: Schema) -> None:
    first, second = LAWS[law]
    found = prove([read_query(q, schema) for q in (first, second)], (first, second), schema)
    assert isinstance(found, Proved), found
    named = {step.law for step in found.steps}
    assert law in named or law.startswith(("order ", "equal "))
    for step in found.steps:
        assert step.query in (1, 2)


@pytest.mark.parametrize(
    "condition", ["1 = 2", "NULL = NULL", "NOT NULL", "'1' = 1", "0", "rank = rank"]
)
def test_conditions_that_need_not_hold_are_kept(condition: str, schema: Schema) -> None:
    pair = ("SELECT kind FROM shop", f"SELECT kind FROM shop WHERE {condition}")
    assert not isinstance(prove([read_query(q, schema) for q in pair], pair, schema), Proved)


def test_a_proof_names_the_keys_it_used(schema: Schema) -> None:
    first, second = LAWS["foreign key"]
    found = prove([read_query(q, schema) for q in (first, second)], (first, second), schema)
    assert isinstance(found, Proved)
    assert "shop(city_id) refers to city(id)" in found.keys
    assert not found.assumed


def attack(rng: random.Random, pairs: int, databases: int) -> int:
    """Proves random pairs, and looks for a database on which one of them differs.

    Returns:
        the number of proofs that are of more than one law.
    """
    laboratory = Laboratory.of(SCHEMA.tables)
    proved: list[tuple[str, str, Proved]] = []
    while len(proved) < pairs:
        text = Writer(rng).query()
        others = [*variants(text, rng)][:4]
        others += [other] if (other := swapped(text)) else []
        for each in others:
            found = _proved(laboratory, text, each)
            if found is not None:
                proved.append((text, each, found))
    for _ in range(databases):
        laboratory.fill(database(rng, rng.choice((3, 5, 9))))
        assert legal(laboratory.stored(), SCHEMA.tables)
        for first, second, found in proved:
            assert agree(laboratory, first, second), (first, second, found, laboratory.stored())
    return sum(len({s.law for s in found.steps}) > 1 for _, _, found in proved)


def _proved(laboratory: Laboratory, first: str, second: str) -> Proved | None:
    try:
        for query in (first, second):
            laboratory.connection.execute(f"EXPLAIN {query}")
        read = [read_query(query, SCHEMA) for query in (first, second)]
    except (sqlite3.Error, Outside):
        return None
    found = prove(read, (first, second), SCHEMA)
    return found if isinstance(found, Proved) and found.form != first else None


def test_no_proof_is_wrong_on_random_databases(rng: random.Random) -> None:
    assert attack(rng, 40, 25) > 3


@pytest.mark.slow
def test_no_proof_of_many_is_wrong(rng: random.Random) -> None:
    assert attack(rng, 500, 200) > 50
