"""Queries that look equal and are not, because of what SQLite does: none of them is proved.

Each trap has a database that shows the difference.
"""

import sqlite3
from collections import Counter

import pytest

from abduce.symbolic.databases.introspecting import schema_of
from abduce.verify.queries.proving.proving import prove
from abduce.verify.queries.text.outside import Outside
from abduce.verify.queries.text.reading import read_query
from abduce.verify.queries.verdict import Proved

TRAPS = {
    "a text key may be NULL twice": (
        "CREATE TABLE t (a TEXT PRIMARY KEY); INSERT INTO t VALUES (NULL), (NULL)",
        "SELECT a FROM t", "SELECT DISTINCT a FROM t",
    ),
    "INTEGER PRIMARY KEY DESC may be NULL twice": (
        "CREATE TABLE t (a INTEGER PRIMARY KEY DESC); INSERT INTO t VALUES (NULL), (NULL)",
        "SELECT a FROM t", "SELECT DISTINCT a FROM t",
    ),
    "a unique column may be NULL twice": (
        "CREATE TABLE t (a INT UNIQUE, b); INSERT INTO t VALUES (NULL, 1), (NULL, 1)",
        "SELECT a, b FROM t", "SELECT DISTINCT a, b FROM t",
    ),
    "a unique index of a part of the rows is no key": (
        "CREATE TABLE t (a INT NOT NULL, b); CREATE UNIQUE INDEX i ON t (a) WHERE b = 1;"
        "INSERT INTO t VALUES (1, 2), (1, 2)",
        "SELECT a, b FROM t", "SELECT DISTINCT a, b FROM t",
    ),
    "two texts equal one number": (
        "CREATE TABLE t (a INT NOT NULL PRIMARY KEY); CREATE TABLE u (x TEXT NOT NULL PRIMARY KEY);"
        "INSERT INTO t VALUES (1); INSERT INTO u VALUES ('1'), ('1.0')",
        "SELECT t.a FROM t JOIN u ON t.a = u.x", "SELECT DISTINCT t.a FROM t JOIN u ON t.a = u.x",
    ),
    "equal numbers divide differently": (
        "CREATE TABLE t (a INT); CREATE TABLE u (b REAL);"
        "INSERT INTO t VALUES (1); INSERT INTO u VALUES (1)",
        "SELECT t.a / 2 FROM t JOIN u ON t.a = u.b", "SELECT u.b / 2 FROM t JOIN u ON t.a = u.b",
    ),
    "equal values of no affinity divide differently": (
        "CREATE TABLE t (a); CREATE TABLE u (b); INSERT INTO t VALUES (1);"
        "INSERT INTO u VALUES (1.0)",
        "SELECT t.a / 2 FROM t JOIN u ON t.a = u.b", "SELECT u.b / 2 FROM t JOIN u ON t.a = u.b",
    ),
    "a plus sign takes the affinity away": (
        "CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('1')",
        "SELECT a FROM t WHERE a = 1", "SELECT a FROM t WHERE +a = 1",
    ),
    "NOT IN sees the NULL of a left join": (
        "CREATE TABLE t (a INT); CREATE TABLE u (b INT); INSERT INTO t VALUES (1), (2);"
        "INSERT INTO u VALUES (1)",
        "SELECT a FROM t WHERE a NOT IN (SELECT u.b FROM t AS s JOIN u ON s.a = u.b)",
        "SELECT a FROM t WHERE a NOT IN (SELECT u.b FROM t AS s LEFT JOIN u ON s.a = u.b)",
    ),
    "NOT of AND passes NULL": (
        "CREATE TABLE t (a INT); CREATE TABLE u (b INT, c INT); INSERT INTO t VALUES (2)",
        "SELECT a FROM t JOIN u ON a = b WHERE NOT (u.c = 1 AND t.a = 1)",
        "SELECT a FROM t LEFT JOIN u ON a = b WHERE NOT (u.c = 1 AND t.a = 1)",
    ),
    "OR with a column of the left side passes NULL": (
        "CREATE TABLE t (a INT); CREATE TABLE u (b INT, c INT); INSERT INTO t VALUES (1)",
        "SELECT a FROM t JOIN u ON a = b WHERE u.c = 1 OR t.a = 1",
        "SELECT a FROM t LEFT JOIN u ON a = b WHERE u.c = 1 OR t.a = 1",
    ),
    "NULL NOT IN no rows is true": (
        "CREATE TABLE t (a INT); CREATE TABLE u (b INT); CREATE TABLE v (c INT);"
        "INSERT INTO t VALUES (1)",
        "SELECT a FROM t JOIN u ON a = b WHERE u.b NOT IN (SELECT c FROM v)",
        "SELECT a FROM t LEFT JOIN u ON a = b WHERE u.b NOT IN (SELECT c FROM v)",
    ),
    "COUNT of a column that may be NULL": (
        "CREATE TABLE t (a INT); INSERT INTO t VALUES (NULL)",
        "SELECT COUNT(a) FROM t", "SELECT COUNT(*) FROM t",
    ),
    "a left join makes NULL of what is not NULL": (
        "CREATE TABLE t (a INT); CREATE TABLE u (b INT NOT NULL); INSERT INTO t VALUES (1)",
        "SELECT COUNT(u.b) FROM t LEFT JOIN u ON a = b", "SELECT COUNT(*) FROM t LEFT JOIN u ON a = b",  # noqa: E501
    ),
    "a foreign key may be NULL": (
        "CREATE TABLE p (id INT NOT NULL PRIMARY KEY); CREATE TABLE c (f INT REFERENCES p (id));"
        "INSERT INTO c VALUES (NULL)",
        "SELECT c.f FROM c JOIN p ON c.f = p.id", "SELECT c.f FROM c LEFT JOIN p ON c.f = p.id",
    ),
    "a join with the parent drops NULL": (
        "CREATE TABLE p (id INT NOT NULL PRIMARY KEY); CREATE TABLE c (f INT REFERENCES p (id));"
        "INSERT INTO c VALUES (NULL)",
        "SELECT COUNT(*) FROM c JOIN p ON c.f = p.id", "SELECT COUNT(*) FROM c",
    ),
    "a foreign key with one more condition": (
        "CREATE TABLE p (id INT NOT NULL PRIMARY KEY, k INT);"
        "CREATE TABLE c (f INT NOT NULL REFERENCES p (id)); INSERT INTO p VALUES (1, 2);"
        "INSERT INTO c VALUES (1)",
        "SELECT c.f FROM c JOIN p ON c.f = p.id AND p.k = 1",
        "SELECT c.f FROM c LEFT JOIN p ON c.f = p.id AND p.k = 1",
    ),
    "a parent that is no key repeats rows": (
        "CREATE TABLE p (id INT NOT NULL); CREATE TABLE c (f INT NOT NULL REFERENCES p (id));"
        "INSERT INTO p VALUES (1), (1); INSERT INTO c VALUES (1)",
        "SELECT c.f FROM c JOIN p ON c.f = p.id", "SELECT c.f FROM c",
    ),
    "HAVING COUNT(*) >= 1 keeps a row without a match": (
        "CREATE TABLE t (a INT NOT NULL PRIMARY KEY); CREATE TABLE u (b INT);"
        "INSERT INTO t VALUES (1)",
        "SELECT a FROM t JOIN u ON a = b GROUP BY a HAVING COUNT(*) >= 1",
        "SELECT a FROM t LEFT JOIN u ON a = b GROUP BY a HAVING COUNT(*) >= 1",
    ),
    "groups of what is no key have several rows": (
        "CREATE TABLE t (a INT); CREATE TABLE u (b INT); INSERT INTO t VALUES (1), (1)",
        "SELECT a FROM t JOIN u ON a = b GROUP BY a HAVING COUNT(*) >= 2",
        "SELECT a FROM t LEFT JOIN u ON a = b GROUP BY a HAVING COUNT(*) >= 2",
    ),
    "COUNT(DISTINCT) leaves NULL out, DISTINCT does not": (
        "CREATE TABLE t (a INT); INSERT INTO t VALUES (NULL)",
        "SELECT COUNT(DISTINCT a) FROM t", "SELECT COUNT(*) FROM (SELECT DISTINCT a FROM t)",
    ),
    "a column equals itself unless it is NULL": (
        "CREATE TABLE t (a INT); INSERT INTO t VALUES (NULL)",
        "SELECT a FROM t", "SELECT a FROM t WHERE a = a",
    ),
    "comparisons in a row": (
        "CREATE TABLE t (a INT, b INT, c INT); INSERT INTO t VALUES (2, 2, 1)",
        "SELECT a FROM t WHERE a = b = c", "SELECT a FROM t WHERE a = (b = c)",
    ),
    "quotes may name a column": (
        "CREATE TABLE t (a TEXT, b TEXT); INSERT INTO t VALUES ('x', 'b')",
        "SELECT a FROM t WHERE b = 'b'", "SELECT a FROM t WHERE b = \"a\"",
    ),
    "a second left join is not lost with the first": (
        "CREATE TABLE t (a INT); CREATE TABLE u (b INT); INSERT INTO t VALUES (1), (2);"
        "INSERT INTO u VALUES (1)",
        "SELECT t.a FROM t LEFT JOIN u ON a = u.b JOIN u AS w ON w.b = u.b",
        "SELECT t.a FROM t LEFT JOIN u ON a = u.b LEFT JOIN u AS w ON w.b = u.b",
    ),
    "upper case makes another text": (
        "CREATE TABLE t (a TEXT); INSERT INTO t VALUES ('A')",
        "SELECT a FROM t WHERE a = 'A'", "SELECT a FROM t WHERE a = 'a'",
    ),
    "an empty table gives no group, but one row": (
        "CREATE TABLE t (a INT)",
        "SELECT COUNT(*) FROM t", "SELECT COUNT(*) FROM t GROUP BY a",
    ),
    "a repeated source with another condition": (
        "CREATE TABLE t (a INT, b INT); INSERT INTO t VALUES (1, 1), (2, 2)",
        "SELECT DISTINCT x.a FROM t AS x JOIN t AS y ON x.a = 1 AND y.b = 2",
        "SELECT DISTINCT x.a FROM t AS x WHERE x.a = 1 AND x.b = 2",
    ),
    "a key of two columns is none of one": (
        "CREATE TABLE t (a INT NOT NULL, b INT NOT NULL, PRIMARY KEY (a, b));"
        "INSERT INTO t VALUES (1, 1), (1, 2)",
        "SELECT a FROM t", "SELECT DISTINCT a FROM t",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_differs_and_is_not_proved(name: str) -> None:
    script, first, second = TRAPS[name]
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    rows = [Counter(connection.execute(query).fetchall()) for query in (first, second)]
    assert rows[0] != rows[1]
    assert not proved(connection, first, second)
    assert not proved(connection, second, first)


UNSURE = {
    "ties under ORDER BY": (
        "CREATE TABLE t (a INT, b INT); CREATE TABLE u (b INT)",
        "SELECT a FROM t WHERE b IN (SELECT b FROM u) ORDER BY b",
        "SELECT a FROM t WHERE b IN (SELECT DISTINCT b FROM u) ORDER BY b",
    ),
    "LIMIT takes one of several": (
        "CREATE TABLE t (a INT, b INT)",
        "SELECT a FROM t WHERE a = 1 LIMIT 1", "SELECT a FROM t WHERE NOT a <> 1 LIMIT 1",
    ),
    "a column outside GROUP BY": (
        "CREATE TABLE t (a INT, b INT)",
        "SELECT a, b FROM t GROUP BY a", "SELECT DISTINCT a, b FROM t GROUP BY a",
    ),
    "the first of several rows is the value": (
        "CREATE TABLE t (a INT); CREATE TABLE u (b INT)",
        "SELECT a FROM t WHERE a = (SELECT b FROM u)",
        "SELECT a FROM t WHERE a = (SELECT DISTINCT b FROM u)",
    ),
    "the sides of a set operation give the affinity": (
        "CREATE TABLE t (a INT); CREATE TABLE p (x TEXT); CREATE TABLE q (y INT)",
        "SELECT a FROM t WHERE a IN (SELECT x FROM p UNION SELECT y FROM q)",
        "SELECT a FROM t WHERE a IN (SELECT y FROM q UNION SELECT x FROM p)",
    ),
    "a collation": (
        "CREATE TABLE t (a TEXT COLLATE NOCASE)",
        "SELECT DISTINCT a FROM t", "SELECT a FROM t GROUP BY a",
    ),
    "a view": (
        "CREATE TABLE t (a TEXT); CREATE VIEW v AS SELECT DISTINCT a FROM t",
        "SELECT a FROM v WHERE a = 'x'", "SELECT a FROM v WHERE 'x' = a",
    ),
    "an unknown function": (
        "CREATE TABLE t (a TEXT)",
        "SELECT random() FROM t", "SELECT random() FROM t WHERE 1",
    ),
    "a window": (
        "CREATE TABLE t (a TEXT)",
        "SELECT COUNT(*) OVER () FROM t", "SELECT DISTINCT COUNT(*) OVER () FROM t",
    ),
    "a common table expression": (
        "CREATE TABLE t (a TEXT)",
        "WITH c AS (SELECT a FROM t) SELECT a FROM c", "SELECT a FROM t",
    ),
    "a natural join": (
        "CREATE TABLE t (a INT); CREATE TABLE u (a INT)",
        "SELECT t.a FROM t NATURAL JOIN u", "SELECT t.a FROM t JOIN u",
    ),
    "a row number": (
        "CREATE TABLE t (a INT)", "SELECT rowid FROM t", "SELECT DISTINCT rowid FROM t",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSURE)
def test_where_sqlite_may_choose_nothing_is_proved(name: str) -> None:
    script, first, second = UNSURE[name]
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    for query in (first, second):
        connection.execute(query)
    assert not proved(connection, first, second)


def proved(connection: sqlite3.Connection, first: str, second: str) -> bool:
    schema = schema_of(connection)
    try:
        read = [read_query(query, schema) for query in (first, second)]
    except Outside:
        return False
    return isinstance(prove(read, (first, second), schema), Proved)
