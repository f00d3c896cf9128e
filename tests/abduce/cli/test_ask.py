"""`train sql` and `sql`: what a model learned is asked; databases are only read; bad input is
told."""

import json
import sqlite3
from pathlib import Path

import pytest

from abduce.errors import Exit
from tests.doors import Capture, answer, asked
from tests.neural.questions_to_sql.pets import ASKED, SCRIPT, encoder_of_pets, write_pets

SMALL = (
    "network.frozen=1", "network.width=16", "network.heads=2", "network.layers=1",
    "network.inner=16", "training.passes=3", "training.batch=4", "training.judged=2",
    "training.kept_apart=0.2",
)  # fmt: skip
QUESTION = "How many pets are there?"


def write_questions(folder: Path) -> Path:
    path = folder / "questions.jsonl"
    rows = [{"question": q, "sql": sql, "database": "pets.sqlite"} for q, sql in ASKED]
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def training(folder: Path, *more: str) -> tuple[str, ...]:
    write_pets(folder)
    settings = [part for setting in SMALL for part in ("--set", setting)]
    return (
        "train", "sql", "--examples", str(write_questions(folder)),
        "--encoder", str(encoder_of_pets(folder / "encoder")), "--modules", str(folder / "m"),
        "--out", str(folder / "records.jsonl"), *settings, *more,
    )  # fmt: skip


def test_a_model_is_trained_kept_and_asked(capsys: Capture, tmp_path: Path) -> None:
    told = answer(capsys, *training(tmp_path))
    assert told["ended"] in ("complete", "stopped early")
    (record,) = map(json.loads, (tmp_path / "records.jsonl").read_text().splitlines())
    assert (record["task"]["network"], record["status"]) == ("sql", "complete")
    database = tmp_path / "pets.sqlite"
    before = database.read_bytes()
    where = ("--db", str(database), "--model", str(tmp_path / "m"))
    found = answer(capsys, "sql", *where, QUESTION, "--explain")
    assert found["proved"] is False
    assert found["unsure"] == (found["answer"]["confidence"] < 0.5)
    connection = sqlite3.connect(database)
    rows = connection.execute(found["answer"]["sql"]).fetchall()
    connection.close()
    assert sorted(map(repr, rows)) == sorted(repr(tuple(r)) for r in found["answer"]["rows"])
    assert "'pets': table pets (exact)" in found["explanation"]["names"]
    assert found["explanation"]["derivation"][0].startswith(("select", "union", "inter", "exc"))
    code, out, err = asked(capsys, "sql", "ask", *where, QUESTION, "--rivals", "1", "--rows", "1")
    assert code == 0
    assert out.startswith(found["answer"]["sql"])
    assert "confidence: " in out
    assert "not proved" in err
    assert ("the model is unsure" in err) == found["unsure"]
    code, out, err = asked(capsys, "sql", *where, "Wie geht es dir?")
    assert (code, out) == (Exit.GAVE_UP, "")
    assert "no answer. No word of the question names a table, a column or a cell" in err
    assert database.read_bytes() == before
    assert sorted(p.name for p in tmp_path.glob("pets*")) == ["pets.sqlite"]
    # The same database as a script in which no foreign key is stated: what is guessed is shown.
    script = tmp_path / "other.sql"
    script.write_text(SCRIPT.replace(" REFERENCES owners (id)", ""))
    told = answer(capsys, "sql", "--db", str(script), *where[2:], QUESTION)
    assert told["assumed_keys"] == ["foreign key owners(id) to pets(id): assumed from the rows"]


def test_a_training_without_time_is_kept_and_goes_on(capsys: Capture, tmp_path: Path) -> None:
    code, _, err = asked(capsys, *training(tmp_path, "--timeout-s", "0.001", "--quiet"))
    assert code == Exit.GAVE_UP
    assert "out of time; continue with --resume" in err
    assert (tmp_path / "m" / "sql.checkpoint.safetensors").exists()
    (tmp_path / "pets.sqlite").unlink()
    told = answer(capsys, *training(tmp_path, "--resume", "--quiet"))
    assert told["steps"] == 5
    assert not (tmp_path / "m" / "sql.checkpoint.safetensors").exists()


def write_foul(folder: Path) -> list[tuple[Path, str]]:
    """Paths that are no databases, with what is said of them."""
    empty, text, bare = folder / "empty.sqlite", folder / "text.sqlite", folder / "bare.sqlite"
    empty.write_bytes(b"")
    text.write_bytes(b"no database, but a text that is long enough to be one")
    connection = sqlite3.connect(bare)
    connection.execute("PRAGMA user_version = 3")
    connection.close()
    return [
        (folder / "none.sqlite", "no such file or directory"),
        (empty, "an empty file, expected an SQLite database"),
        (text, "a file that is not an SQLite database"),
        (bare, "a database without tables"),
    ]


def test_bad_databases_questions_and_models_are_refused(capsys: Capture, tmp_path: Path) -> None:
    for path, told in write_foul(tmp_path):
        code, out, err = asked(capsys, "sql", "--db", str(path), QUESTION)
        assert (code, out) == (Exit.BAD_INPUT, ""), path
        assert told in err
    good = str(write_pets(tmp_path))
    for question, told in (
        ("", "an empty question"),
        ("?!", "no word in '?!'"),
        ("pets " * 10_000, "a question of 10,000 words"),
        (QUESTION, "Train it: abduce train sql"),
    ):
        code, out, err = asked(
            capsys, "sql", "--db", good, "--modules", str(tmp_path / "m"), question
        )
        assert (code, out) == (Exit.BAD_INPUT, "")
        assert told in err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("no json", ":1: found no JSON"),
        ("[]", ":1: found a JSON list"),
        ('{"question": "a"}', ":1: found no text in the field 'sql'"),
        ('{"question": "a", "sql": "b", "database": "c"}', ":1: found no database 'c'"),
    ],
)
def test_bad_examples_are_refused(capsys: Capture, tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(line)
    out = ("--out", str(tmp_path / "r.jsonl"))
    code, _, err = asked(capsys, "train", "sql", "--examples", str(path), *out)
    assert code == Exit.BAD_INPUT
    assert told in err


def test_what_cannot_be_trained_is_refused(capsys: Capture, tmp_path: Path) -> None:
    out = ("--out", str(tmp_path / "r.jsonl"))
    for arguments, told in (
        (("sql", "word-problem"), "found more than"),
        (("sql", "--examples", "nothing"), "found --examples nothing"),
        (("sql", "--set", "network.wide=3"), "network.wide"),
    ):
        code, _, err = asked(capsys, "train", *arguments, *out)
        assert code == Exit.BAD_INPUT, arguments
        assert told in err
