"""Hostile databases and queries: nothing is written, nothing hangs, and no result is too big."""

import hashlib
import sqlite3
from pathlib import Path
from random import Random

import pytest

from abduce import clock
from abduce.errors import InputError
from abduce.symbolic.databases.executing import Failed, Rows, execute
from abduce.symbolic.databases.reading import opened

HOSTILE = """
CREATE TABLE t (a TEXT, b INT);
INSERT INTO t VALUES ('x', 1), ('y', 2);
CREATE TABLE "order "" by" ("select" INT, "a;b" TEXT);
CREATE VIEW loop AS SELECT * FROM loop2;
CREATE VIEW loop2 AS SELECT * FROM loop;
CREATE VIEW endless AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)
    SELECT COUNT(*) AS c FROM r;
CREATE VIEW lost AS SELECT * FROM missing;
CREATE VIEW loads AS SELECT load_extension('x') AS c;
CREATE TRIGGER hostile INSTEAD OF INSERT ON lost BEGIN DELETE FROM t; END;
"""
TRIGGER = "CREATE TRIGGER also AFTER INSERT ON t BEGIN DELETE FROM t; END"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "hostile.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(HOSTILE)
    connection.execute("INSERT INTO t VALUES (?, 3)", ("z" * 3_000_000,))
    connection.commit()
    connection.execute(TRIGGER)
    connection.close()
    return path


def contents(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


ATTACKS = (
    "INSERT INTO t VALUES ('q', 4)", "INSERT INTO lost VALUES (1)", "DELETE FROM t",
    "ATTACH ':memory:' AS m", "DETACH main", "VACUUM", "ANALYZE", "SAVEPOINT s", "COMMIT",
    "PRAGMA query_only(0)", "PRAGMA wal_checkpoint", "PRAGMA temp_store_directory = '/tmp'",
    "SELECT * FROM pragma_table_info('t')", "SELECT * FROM pragma_query_only",
    "CREATE TEMP TABLE u (a)", "CREATE TEMP TRIGGER v AFTER INSERT ON t BEGIN SELECT 1; END",
    "CREATE VIRTUAL TABLE w USING fts5(a)", "SELECT * FROM loop", "SELECT * FROM lost",
    "SELECT * FROM loads", "SELECT load_extension('x')", "SELECT fts3_tokenizer('x')",
    "SELECT 1; DELETE FROM t", "SELECT zeroblob(1000000000)", "SELECT printf('%*d', 9999999, 1)",
    "SELECT hex(zeroblob(1900000))", "SELECT a FROM t WHERE b = 3",
    "SELECT 'a' LIKE '" + "%" * 2000 + "'", " UNION ".join(["SELECT 1"] * 60),
    "SELECT " + "(" * 5000 + "1" + ")" * 5000, "SELECT \x00 1", "", "garbage",
    "SELECT * FROM t WHERE a = '\ud800'",
)  # fmt: skip


def test_attacks_fail_and_change_nothing(tmp_path: Path, file: Path) -> None:
    with opened(file, guess=False) as database:
        before = contents(tmp_path)
        for statement in ATTACKS:
            found = execute(database.connection, statement, deadline=clock.wall_s() + 5)
            assert isinstance(found, Failed) or found.rows in ((), ((None,),)), statement[:60]
        fine = execute(database.connection, "SELECT a, b FROM t WHERE b < 3 ORDER BY b")
        assert fine == Rows((("x", 1), ("y", 2)))
        assert contents(tmp_path) == before


def test_endless_queries_are_stopped(file: Path) -> None:
    many = "(SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3) "
    cross = f"SELECT COUNT(*) FROM {', '.join(f'{many} x{i}' for i in range(20))}"
    with opened(file, guess=False) as database:
        for query in ("SELECT * FROM endless", cross):
            found = execute(database.connection, query, deadline=clock.wall_s() + 0.1)
            assert found == Failed("out of time", True)


def test_a_result_of_many_large_values_is_cut(file: Path) -> None:
    large = (
        "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r)"
        " SELECT hex(zeroblob(900000)) FROM r"
    )
    with opened(file, guess=False) as database:
        found = execute(database.connection, large)
    assert isinstance(found, Rows)
    assert found.cut
    assert len(found.rows) < 100


def test_names_in_quotes_are_read(file: Path) -> None:
    with opened(file) as database:
        table = database.schema.table('order " by')
        assert table is not None
        assert [column.name for column in table.columns] == ["select", "a;b"]


def test_a_database_in_wal_mode_is_read_and_nothing_is_made_beside_it(
    tmp_path: Path, file: Path
) -> None:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    before = contents(tmp_path)
    with opened(file, guess=False) as database:
        assert execute(database.connection, "SELECT COUNT(*) FROM t WHERE b < 3") == Rows(((2,),))
        assert contents(tmp_path) == before
    assert contents(tmp_path) == before


def test_changes_in_a_wal_file_are_not_passed_over(file: Path) -> None:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("UPDATE t SET b = 5 WHERE b = 2")
    connection.commit()
    with pytest.raises(InputError, match="changes that are still in"), opened(file):
        pass
    connection.close()


def test_damaged_files_are_refused_or_fail(tmp_path: Path, file: Path, rng: Random) -> None:
    whole = file.read_bytes()[:40_000]
    path = tmp_path / "damaged.sqlite"
    for _ in range(40):
        data = bytearray(whole[: rng.randrange(100, len(whole))])
        for _ in range(rng.randrange(30)):
            data[rng.randrange(16, len(data))] = rng.randrange(256)
        path.write_bytes(data)
        before = path.read_bytes()
        try:
            with opened(path, deadline=clock.wall_s() + 5) as database:
                for table in database.schema.tables:
                    name = table.name.replace('"', '""')
                    query = f'SELECT * FROM "{name}"'
                    found = execute(database.connection, query, deadline=clock.wall_s() + 2)
                    assert isinstance(found, Rows | Failed)
        except InputError:
            pass
        assert path.read_bytes() == before
    assert {p.name for p in tmp_path.iterdir()} == {"damaged.sqlite", file.name}
