"""The command `sql compare`: verdicts as text and JSON, exit codes, and bad input."""

import json
import sqlite3
from pathlib import Path

import pytest

from abduce.errors import Exit
from tests.doors import asked

Capture = pytest.CaptureFixture[str]
SCRIPT = """
CREATE TABLE city (id INT NOT NULL PRIMARY KEY, name TEXT);
CREATE TABLE shop (id INT, city_id INT NOT NULL REFERENCES city (id), rank INT);
INSERT INTO city VALUES (1, 'a');
INSERT INTO shop VALUES (1, 1, 3), (2, 1, 3);
"""
JOINED = "SELECT c.name FROM shop AS s JOIN city AS c ON s.city_id = c.id"
PROVED = (JOINED, JOINED.replace("JOIN", "LEFT JOIN"))
REFUTED = ("SELECT rank FROM shop WHERE rank > 3", "SELECT rank FROM shop WHERE rank >= 3")
BOUNDED = (
    "SELECT rank FROM shop WHERE rank IN (SELECT id FROM city)",
    "SELECT rank FROM shop WHERE EXISTS (SELECT 1 FROM city AS c WHERE c.id = rank)",
)
UNKNOWN = (
    "SELECT rank FROM shop WHERE rank / 2 = 1",
    "SELECT rank FROM shop WHERE rank / 2 = 1 AND rank / 2 < 2",
)
ASSUMED = ("SELECT id FROM shop", "SELECT DISTINCT id FROM shop")


@pytest.fixture
def database(tmp_path: Path) -> str:
    path = tmp_path / "shops.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(SCRIPT)
    connection.close()
    return str(path)


@pytest.mark.parametrize(
    ("pair", "word", "code"),
    [
        (PROVED, "proved", Exit.ANSWERED),
        (REFUTED, "refuted", Exit.REFUTED),
        (BOUNDED, "equal up to", Exit.BOUNDED),
        (UNKNOWN, "unknown", Exit.GAVE_UP),
    ],
)
def test_each_verdict_has_a_word_and_an_exit_code(
    capsys: Capture, database: str, pair: tuple[str, str], word: str, code: Exit
) -> None:
    found, out, err = asked(capsys, "sql", "compare", database, *pair, "--rows", "2")
    assert (found, err) == (code, "")
    assert out.startswith(word)
    assert "foreign key shop(city_id) to city(id): of the database" in out
    found, out, _ = asked(capsys, "sql", "compare", database, *pair, "--rows", "2", "--json")
    told = json.loads(out)
    assert (found, told["verdict"]) == (code, word)
    assert (told["proof"] is None) == (word != "proved")
    assert (told["counterexample"] is None) == (word != "refuted")
    assert (told["up_to_rows"] is None) == (word != "equal up to")
    assert (told["reason"] is None) == (word != "unknown")


def test_a_proof_says_which_keys_and_laws_it_used(capsys: Capture, database: str) -> None:
    _, out, _ = asked(capsys, "sql", "compare", database, *PROVED)
    assert "key used: shop(city_id) refers to city(id)" in out
    assert "foreign key: every row has a match" in out


def test_a_refutation_is_written_as_a_script(
    capsys: Capture, database: str, tmp_path: Path
) -> None:
    script = tmp_path / "new" / "difference.sql"
    asked(capsys, "sql", "compare", database, *REFUTED, "--script", str(script))
    connection = sqlite3.connect(":memory:")
    connection.executescript(script.read_text())
    rows = [connection.execute(query).fetchall() for query in REFUTED]
    assert rows[0] != rows[1]


def test_guessed_keys_are_shown_and_used_when_asked_for(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "shop.csv").write_text("id,rank\n1,2\n2,2\n")
    code, out, _ = asked(capsys, "sql", "compare", str(tmp_path), *ASSUMED)
    assert code == Exit.REFUTED
    assert "key shop(id): a guess, not used without --assume-keys" in out


def test_a_schema_file_brings_keys(capsys: Capture, database: str, tmp_path: Path) -> None:
    keys = tmp_path / "tables.json"
    entry = {
        "db_id": "shops", "table_names_original": ["shop"], "primary_keys": [0],
        "column_names_original": [[0, "id"], [0, "city_id"]], "foreign_keys": [],
    }  # fmt: skip
    keys.write_text(json.dumps([entry]))
    code, out, _ = asked(capsys, "sql", "compare", database, *ASSUMED, "--schema", str(keys))
    assert code == Exit.ANSWERED
    assert "key used: shop(id) is a key" in out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nothing.sqlite", "SELECT 1", "SELECT 2"), "nothing.sqlite"),
        (("{db}", "SELECT x FROM shop", "SELECT 2"), "query 1: found no such column: x"),
        (("{db}", "SELECT 1", "DELETE FROM shop"), "query 2: found not authorized"),
        (("{db}", "SELECT 1", "SELECT 1", "--schema", "{db}"), "no JSON"),
    ],
)
def test_bad_input_is_refused_with_its_place(
    capsys: Capture, database: str, arguments: tuple[str, ...], told: str
) -> None:
    words = [each.replace("{db}", database) for each in arguments]
    code, out, err = asked(capsys, "sql", "compare", *words)
    assert (code, out) == (Exit.BAD_INPUT, "")
    assert told in err
    code, out, _ = asked(capsys, "sql", "compare", *words, "--json")
    assert code == Exit.BAD_INPUT
    assert json.loads(out)["error"]["kind"] == "InputError"
