"""Training and answers: nothing kept apart is learned; the judge is a greedy search; an answer has
the rows of its query."""

import sqlite3
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from abduce import clock
from abduce.errors import InputError
from abduce.neural.program_decoder.batches import prepared
from abduce.neural.program_decoder.config import SearchConfig
from abduce.neural.program_decoder.dividing import divided
from abduce.neural.program_decoder.reading import read_all
from abduce.neural.program_decoder.searching import search
from abduce.neural.questions_to_sql.answering import NOTHING_NAMED, ask
from abduce.neural.questions_to_sql.examples import (
    NOT_NAMED,
    NOT_SHORT,
    Place,
    Told,
    checksum,
    constants_of,
    goldens,
    learned,
    looked_at,
    missing,
    told_by_database,
)
from abduce.neural.questions_to_sql.known import known_database
from abduce.neural.questions_to_sql.training import Judged, lesson
from abduce.neural.questions_to_sql.vocabulary import VOCABULARY
from abduce.symbolic.databases.executing import Rows, execute
from abduce.symbolic.databases.reading import opened
from tests.neural.questions_to_sql.pets import (
    ASKED,
    TINY,
    WIDE,
    learned_pets,
    told_pets,
    write_pets,
)


def test_an_answer_has_the_rows_of_its_query(tmp_path: Path) -> None:
    path = write_pets(tmp_path)
    kept = learned_pets(tmp_path, path)
    before = path.read_bytes()
    with opened(path) as database:
        for text in (ASKED[0][0], "Who is older than 3, Ann Lee?"):
            answer = ask(database, text, kept, WIDE)
            assert answer.best is not None
            assert sum(each.confidence for each in answer.found) <= 1 + 1e-6
            order = [each.confidence for each in answer.found]
            assert order == sorted(order, reverse=True)
            for each in answer.found:
                for sql in (each.sql, *each.same):
                    rows = execute(database.connection, sql)
                    assert isinstance(rows, Rows)
                    assert Counter(rows.rows) == Counter(each.rows)
            bags = [tuple(sorted(map(repr, each.rows))) for each in answer.found]
            assert len(set(bags)) == len(bags)
        foreign = ask(database, "Wie geht es dir?", kept, WIDE)
        assert (foreign.best, foreign.refused) == (None, NOTHING_NAMED)
        with pytest.raises(InputError, match="an empty question"):
            ask(database, " ", kept, WIDE)
    assert path.read_bytes() == before


FOUL = """
CREATE TABLE "a ""b" ("%" TEXT, "" INT, "order" BLOB, "日本" TEXT, "c;d" TEXT);
CREATE TABLE pets (kind TEXT);
CREATE TABLE log (n INT);
CREATE TRIGGER t AFTER INSERT ON pets BEGIN INSERT INTO log VALUES (1); END;
CREATE VIEW slow AS
  WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r;
CREATE VIEW broken AS SELECT gone FROM none;
INSERT INTO pets VALUES ('); DROP TABLE pets; --'), ('ok'), (NULL), (x'00ff');
"""


def test_a_foul_database_is_read_and_not_changed(tmp_path: Path) -> None:
    path = write_pets(tmp_path)
    kept = learned_pets(tmp_path, path)
    path.unlink()
    write_pets(tmp_path, FOUL)
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO pets VALUES (?)", ("x" * 3_000_000,))
    connection.commit()
    connection.close()
    before = path.read_bytes()
    quick = replace(WIDE, query_s=0.2, looking_s=0.5)
    with opened(path, guess=False) as database:
        known = known_database(database, deadline=clock.wall_s() + 0.5)
        for text in ("How many pets are of kind ); DROP TABLE pets; -- ?", "What is slow n?"):
            answer = ask(database, text, kept, quick, known)
            assert answer.found or answer.refused
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.glob("pets*")) == ["pets.sqlite"]


def test_the_judge_counts_what_a_greedy_search_finds(tmp_path: Path) -> None:
    path = write_pets(tmp_path)
    kept = learned_pets(tmp_path, path)
    known = looked_at(Place(path=path))
    some = learned(goldens(told_pets(), known, Counter()), known, (1,), Counter())
    assert len(some) == len(ASKED)
    reads = read_all([each.posed.question for each in some], kept.encoder, kept.stem)
    greedy = SearchConfig(beam=1, finished=1)
    right = sum(
        search(kept.model, VOCABULARY, each.posed.question, read, greedy)[0].tree == each.tree
        for each, read in zip(some, reads, strict=True)
    )
    ready = [
        prepared(each.example, read, VOCABULARY) for each, read in zip(some, reads, strict=True)
    ]
    assert Judged(ready, len(ready)).right(kept.model) == right


def test_no_database_is_on_both_sides() -> None:
    rows = [(f"d{n % 6}", f"question {n}", "SELECT 1") for n in range(30)]
    first, apart = divided(told_by_database(rows), 0.3, 0)
    assert first
    assert apart
    assert not {t.database for t in first} & {t.database for t in apart}
    alone = told_by_database(("d", f"question {n}", f"SELECT {n % 5}") for n in range(30))
    first, apart = divided(alone, 0.3, 0)
    assert not {t.sql for t in first} & {t.sql for t in apart}
    assert checksum(alone) != checksum(alone[::-1])


def test_what_cannot_be_learned_is_counted(tmp_path: Path) -> None:
    known = looked_at(Place(path=write_pets(tmp_path)))
    reasons: Counter[str] = Counter()
    asked = [
        ("How old?", "SELECT age FROM pets WHERE age > 750"),
        ("", "SELECT age FROM pets"),
        ("How old?", "SELECT age FROM pets LEFT JOIN owners"),
        ("How old?", "no query"),
    ]
    some = [Told(database="pets", text=text, sql=sql, family=sql) for text, sql in asked]
    golden = goldens(some, known, reasons)
    assert [missing(each, known) for each in golden] == [{750}]
    assert not learned(golden, known, (1,), reasons)
    assert (reasons[NOT_NAMED], reasons[NOT_SHORT], sum(reasons.values())) == (1, 1, 4)
    assert len(learned(golden, known, constants_of({750: 5}, 5), reasons)) == 1


def test_nothing_to_learn_from_is_an_error(tmp_path: Path) -> None:
    from abduce.neural.program_decoder.encoder import read_encoder
    from tests.neural.questions_to_sql.pets import encoder_of_pets

    encoder = read_encoder(encoder_of_pets(tmp_path / "encoder"))
    with pytest.raises(InputError, match="The database cannot be read"):
        lesson(told_pets(), {}, encoder, TINY)
    wrong = {"pets": Place(path=tmp_path / "none.sqlite")}
    with pytest.raises(InputError, match="no question to learn from"):
        lesson(told_pets(), wrong, encoder, TINY)
