"""Databases: schemas and keys are read as they are stated, and nothing is ever written."""

import hashlib
import json
import sqlite3
from pathlib import Path

import pytest

from abduce.errors import InputError
from abduce.symbolic.databases.executing import Failed, Rows, execute
from abduce.symbolic.databases.reading import opened
from abduce.symbolic.databases.schema import ForeignKey, Key, Schema

SCRIPT = """
CREATE TABLE city (id INTEGER PRIMARY KEY, name TEXT UNIQUE, "an odd name" REAL);
CREATE TABLE shop (id TEXT PRIMARY KEY, city_id INT REFERENCES city, size INT NOT NULL,
                   UNIQUE (city_id, size));
CREATE TABLE part (a INT, b INT, FOREIGN KEY (a, b) REFERENCES shop (city_id, size));
CREATE VIEW big AS SELECT * FROM shop WHERE size > 3;
INSERT INTO city VALUES (1, 'a', 0.5), (2, 'b', 1.5);
INSERT INTO shop VALUES ('x', 1, 2), ('y', 1, 3);
CREATE TRIGGER hostile AFTER INSERT ON shop BEGIN DELETE FROM city; END;
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shops.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(SCRIPT)
    connection.close()
    return path


def schema(path: Path, keys: Path | None = None, *, guess: bool = False) -> Schema:
    with opened(path, keys, guess=guess) as database:
        return database.schema


def test_keys_are_those_of_the_file(file: Path) -> None:
    city, shop, part, big = schema(file).tables
    assert [c.not_null for c in city.columns] == [True, False, False]
    assert city.columns[2].name == "an odd name"
    assert city.keys == (Key(columns=("id",)), Key(columns=("name",)))
    assert not shop.columns[0].not_null  # a text key may be NULL
    assert shop.keys == (Key(columns=("id",)), Key(columns=("city_id", "size")))
    assert shop.foreign_keys == (
        ForeignKey(columns=("city_id",), parent="city", parent_columns=("id",)),
    )
    assert part.foreign_keys[0].parent_columns == ("city_id", "size")
    assert big.unusual == ("a view",)


def test_a_script_is_the_same_database(tmp_path: Path, file: Path) -> None:
    script = tmp_path / "shops.sql"
    script.write_text(SCRIPT.split("CREATE VIEW")[0])
    assert schema(script).tables == schema(file).tables[:3]


def test_a_folder_of_csv_files_is_a_database(tmp_path: Path) -> None:
    (tmp_path / "city.csv").write_text("id,name\n1,Aar\n2,\n")
    (tmp_path / "shop.csv").write_text("city.size,id,city_id\n1.5,1,1\n2,2,1\n")
    (tmp_path / "shop.txt").write_text("no table")
    with opened(tmp_path, guess=False) as database:
        city, shop = database.schema.tables
        assert [c.declared for c in city.columns + shop.columns] == [
            "INTEGER", "TEXT", "REAL", "INTEGER", "INTEGER",
        ]  # fmt: skip
        found = execute(database.connection, "SELECT * FROM city WHERE name IS NULL")
        assert found == Rows(((2, None),))


def test_guessed_keys_are_called_assumed_and_others_stay(tmp_path: Path) -> None:
    (tmp_path / "city.csv").write_text("city_id,name\n1,a\n2,b\n")
    (tmp_path / "shop.csv").write_text("shop,city_id\nx,1\ny,1\nz,2\n")
    found = schema(tmp_path, guess=True)
    city, shop = found.tables
    assert city.keys == (Key(columns=("city_id",), origin="assumed"),)
    assert [key.origin for key in shop.keys + shop.foreign_keys] == ["assumed", "assumed"]
    stated = found.without_assumed()
    assert all(not table.keys and not table.foreign_keys for table in stated.tables)


def entry(**changed: object) -> dict[str, object]:
    return {
        "db_id": "shops",
        "table_names_original": ["CITY", "shop"],
        "column_names_original": [[-1, "*"], [0, "ID"], [0, "name"], [1, "id"], [1, "city_id"]],
        "primary_keys": [1, 3],
        "foreign_keys": [[4, 1]],
        **changed,
    }


def test_keys_of_a_schema_file_take_the_place_of_others(tmp_path: Path, file: Path) -> None:
    keys = tmp_path / "tables.json"
    keys.write_text(json.dumps([{**entry(), "db_id": "other"}, entry()]))
    city, shop, *_ = schema(file, keys).tables
    assert city.keys == (Key(columns=("id",), origin="schema"),)
    assert [key.columns for key in shop.foreign_keys] == [("city_id",)]
    assert shop.columns[0].not_null
    keys.write_text(json.dumps(entry(primary_keys=[[3, 4]])))
    assert schema(file, keys).tables[1].keys[0].columns == ("id", "city_id")


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "[1]", "{}", "[{}]", "{" * 2000, json.dumps([entry(db_id="a"), entry(db_id="b")]),
        json.dumps(entry(primary_keys=[9])), json.dumps(entry(foreign_keys=[[1]])),
        json.dumps(entry(column_names_original=[[-1, "*"], [0, "no"], [0, "b"], [1, "c"]])),
    ],
)  # fmt: skip
def test_a_schema_file_of_another_form_is_refused(tmp_path: Path, file: Path, text: str) -> None:
    keys = tmp_path / "tables.json"
    keys.write_text(text)
    with pytest.raises(InputError) as caught:
        schema(file, keys)
    assert caught.value.path == keys


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("none.sqlite", None), ("empty.sqlite", b""), ("text.sqlite", b"a,b\n1,2\n"),
        ("broken.sqlite", b"SQLite format 3\x00" + b"\x07" * 200), ("bad.sql", b"CREATE TABL t"),
        ("writes.sql", b"ATTACH 'x' AS y"), ("pragma.sql", b"PRAGMA user_version = 3"),
        ("deletes.sql", b"CREATE TABLE t (a); DELETE FROM t"), ("nothing.sql", b"SELECT 1;"),
        ("bytes.sql", b"\xff\xfe"),
    ],
)  # fmt: skip
def test_what_is_no_database_is_refused(tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        schema(path)
    assert caught.value.path == path
    assert {each.name for each in tmp_path.iterdir()} <= {name}


@pytest.mark.parametrize("text", ["", "a,a\n1,2\n", "a,b\n1\n", 'a,b\n"1,2\n'])
def test_a_csv_file_that_is_no_table_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(InputError):
        schema(tmp_path)


def test_a_folder_without_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        schema(tmp_path)


def test_keys_of_statements_take_the_place_of_others(tmp_path: Path, file: Path) -> None:
    keys = tmp_path / "keys.sql"
    keys.write_text(
        "CREATE TABLE CITY (id INT, NAME TEXT NOT NULL PRIMARY KEY);"
        "CREATE TABLE shop (id TEXT, city_id INT REFERENCES city (name));"
    )
    city, shop, part, *_ = schema(file, keys).tables
    assert city.keys == (Key(columns=("NAME",), origin="schema"),)
    assert [column.not_null for column in city.columns] == [True, True, False]
    assert [key.parent_columns for key in shop.foreign_keys] == [("name",)]
    assert shop.keys == ()
    assert part.foreign_keys[0].origin == "file"


@pytest.mark.parametrize(
    "text",
    [
        "", "CREATE TABLE new (a)", "CREATE TABLE city (id, new PRIMARY KEY)", "garbage",
        "CREATE TABLE shop (id REFERENCES new (id))", "DROP TABLE city",
    ],
)  # fmt: skip
def test_statements_of_another_database_are_refused(tmp_path: Path, file: Path, text: str) -> None:
    keys = tmp_path / "keys.sql"
    keys.write_text(text)
    with pytest.raises(InputError) as caught:
        schema(file, keys)
    assert caught.value.path == keys


WRITES = (
    "INSERT INTO city VALUES (9, 'z', 1)", "DELETE FROM city", "UPDATE city SET name = 'q'",
    "DROP TABLE city", "CREATE TABLE new (a)", "PRAGMA user_version = 9", "PRAGMA query_only = 0",
    "ATTACH DATABASE 'other.sqlite' AS other", "VACUUM INTO 'copy.sqlite'", "REINDEX", "BEGIN",
    "WITH x AS (SELECT 1) DELETE FROM city", "PRAGMA journal_mode = WAL",
    "SELECT load_extension('x')", "ALTER TABLE city ADD COLUMN z", "PRAGMA writable_schema = 1",
)  # fmt: skip


def test_nothing_is_written(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = hashlib.sha256(file.read_bytes()).hexdigest()
    with opened(file) as database:
        for statement in WRITES:
            assert isinstance(execute(database.connection, statement), Failed), statement
        assert execute(database.connection, "SELECT COUNT(*) FROM city") == Rows(((2,),))
        with pytest.raises(sqlite3.OperationalError):
            database.connection.execute("DELETE FROM city")
    assert hashlib.sha256(file.read_bytes()).hexdigest() == before
    assert [each.name for each in tmp_path.iterdir()] == ["shops.sqlite"]


def test_a_query_has_limits_on_rows_and_time(file: Path) -> None:
    from abduce import clock

    endless = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r"
    with opened(file) as database:
        found = execute(database.connection, endless, rows=5)
        assert isinstance(found, Rows)
        assert found.cut
        stopped = execute(
            database.connection, "SELECT COUNT(*)".join(endless.rsplit("SELECT n", 1)),
            deadline=clock.wall_s() + 0.2,
        )  # fmt: skip
        assert stopped == Failed("out of time", True)


def test_a_locked_database_is_said_to_be(tmp_path: Path, file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(InputError, match="locked"):
        schema(file)
    other.close()
