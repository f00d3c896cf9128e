"""Words of questions find the tables, columns and values that they name."""

import sqlite3
from pathlib import Path
from random import Random

import pytest

from abduce import clock
from abduce.benchmarks.questions.data import databases, geoquery
from abduce.benchmarks.questions.linking import linking
from abduce.grammars.sql.items import Column, Items, Link
from abduce.symbolic.databases.reading import opened
from abduce.symbolic.questions.index import Cell, ValueIndex, index_of
from abduce.symbolic.questions.items import items_of
from abduce.symbolic.questions.linking import name_links
from abduce.symbolic.questions.values import candidates, values_of
from abduce.symbolic.questions.words import lemma, name_words, words

SCRIPT = """
CREATE TABLE team (id INTEGER PRIMARY KEY, name TEXT, founded DATE, score TEXT, official TEXT);
CREATE TABLE player (id INT, team_id TEXT REFERENCES team(id), "full name" TEXT, Height REAL);
INSERT INTO team VALUES (1, 'Boston Red Stockings', '1871-04-02', '3', 'T');
INSERT INTO team VALUES (2, 'Asia', '2001-01-01', '17', 'F');
INSERT INTO player VALUES (1, '1', 'O''Hara', 1.9), (2, '2', 'NorthCarolina', 1.7);
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "teams.sql"
    path.write_text(SCRIPT)
    return path


def found(question: str, file: Path) -> dict[object, str]:
    with opened(file) as database:
        items = items_of(database.schema, database.connection)
        index = index_of(items, database.connection)
    return {each.value: each.origin for each in candidates(question, index)}


def test_items_are_those_of_the_schema(file: Path) -> None:
    with opened(file) as database:
        items = items_of(database.schema, database.connection)
    kinds = {column.name: column.type for column in items.columns if column.table == 0}
    # id and team_id are linked, but of different types; all scores are numbers in text
    assert kinds == {
        "id": "any", "name": "text", "founded": "time", "score": "any", "official": "text",
    }  # fmt: skip
    assert items.links == (Link(columns=(6,), parents=(0,)),)


@pytest.mark.parametrize(
    ("question", "value", "origin"),
    [
        ("Who plays for the boston red stockings?", "Boston Red Stockings", "cell"),
        ("Who plays for Boston?", "Boston Red Stockings", "part of a cell"),
        ("Which Asian teams are there?", "Asia", "part of a cell"),
        ("Is O'Hara tall?", "O'Hara", "cell"),
        ("Who is from North Carolina?", "NorthCarolina", "cell"),
        ("Who is taller than 1,500.5 cm?", 1500.5, "number"),
        ("Name three players", 3, "number"),
        ("Teams with 2 million fans", 2_000_000, "number"),
        ("Teams founded after 1871-04-02", "1871-04-02", "cell"),
        ("Teams founded after 1899-12-31", "1899-12-31", "quoted"),
        ("Is there a player named 'Bo Diddley'?", "Bo Diddley", "quoted"),
        ("Is there a player named Bo Diddley?", "Bo Diddley", "name"),
        ("Which teams are official?", "T", "code"),
        ("Whatever", 1, "code"),
    ],
)
def test_values_are_found(question: str, value: object, origin: str, file: Path) -> None:
    assert found(question, file).get(value) == origin


def test_patterns_are_made_of_what_is_named() -> None:
    values = values_of(candidates("Names that contain the letters ov", ValueIndex()))
    assert {"%ov%", "ov%", "%ov"} <= {*values.texts}


@pytest.mark.parametrize(
    "question",
    ["", "?", "la città più grande", "\x00", "🐎" * 50, "a 9" * 3000, "9" * 400, "'" * 99],
)
def test_any_text_is_a_question(question: str, file: Path) -> None:
    values = values_of(candidates(question, ValueIndex()))
    assert all(abs(number) < float("inf") for number in values.numbers)
    assert found(question, file)


def test_names_are_linked_by_their_words(file: Path) -> None:
    with opened(file) as database:
        items = items_of(database.schema)
    question = "What are the full names of players, and the heights of their teams?"
    told = [word.text for word in words(question)]
    links = {
        (" ".join(told[link.start : link.end]), link.kind, link.number, link.relation)
        for link in name_links(question, items)
    }
    assert ("full names", "column", 7, "lemma") in links
    assert ("players", "table", 1, "lemma") in links
    assert ("teams", "table", 0, "lemma") in links
    assert ("heights", "column", 8, "lemma") in links
    assert ("teams", "column", 6, "partial") in links
    assert not [link for link in links if link[0] in ("the", "of", "are")]


def test_every_name_links_to_itself(rng: Random) -> None:
    parts = ("max", "Temp", "city", "code", "Years", "ID", "x")
    for _ in range(100):
        name = rng.choice(("_", " ")).join(rng.sample(parts, rng.randint(1, 3)))
        items = Items(tables=(name,), columns=(Column(table=0, name=name, type="text"),))
        links = name_links(" ".join(name_words(name)), items)
        assert [link.relation for link in links] == ["exact", "exact"]


def test_a_cell_is_found_by_its_own_words(rng: Random) -> None:
    letters = "abc xyz Foo-9 .'ü"
    for _ in range(100):
        text = "".join(rng.choice(letters) for _ in range(rng.randint(1, 12)))
        index = ValueIndex()
        index.add(Cell(text, 0))
        if len(words(text)) <= 8 and any(w.lower not in ("a", "x") for w in words(text)):
            assert text in [each.value for each in candidates(f"Is it {text}", index)]


def test_a_deadline_leaves_columns_out_and_says_so(file: Path) -> None:
    with opened(file) as database:
        items = items_of(database.schema, database.connection)
        index = index_of(items, database.connection, deadline=clock.wall_s() - 1)
        assert index_of(items, database.connection).full == [True]
    assert isinstance(index.full[0], bool)


def test_cells_that_are_not_text_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "odd.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE t (a TEXT)")
    connection.execute(
        "INSERT INTO t VALUES (x'00ff'), ('x' || hex(zeroblob(9999))), (NULL), ('...')"
    )
    connection.commit()
    connection.close()
    with opened(path) as database:
        index = index_of(items_of(database.schema), database.connection)
    assert not index.whole


def test_lemmas_of_lemmas_are_lemmas_of_plurals() -> None:
    for word in ("city", "box", "class", "match", "team", "person", "airport", "day", "wish"):
        plural = {"city": "cities", "person": "people"}.get(
            word, word + ("es" if word[-1] in "xsh" else "s")
        )
        assert lemma(plural) == lemma(word)


@pytest.mark.slow
def test_the_values_of_geoquery_are_found(data: Path) -> None:
    """All but constants such as the population of a major city are among the candidates."""
    with databases("geoquery", [data]) as places:
        told = linking(geoquery([data]), places, (1, 150_000, 750))
    assert told.found["values"] >= 0.98 * told.gold["values"]
    assert told.found["tables"] >= 0.98 * told.gold["tables"]
