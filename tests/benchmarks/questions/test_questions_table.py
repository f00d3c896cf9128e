"""Records about questions: what is measured, kept, shown and judged."""

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from abduce import clock
from abduce.benchmarks.questions.coverage import coverage
from abduce.benchmarks.questions.data import Places, Question, databases, geoquery, spider
from abduce.benchmarks.questions.jobs import KIND, QuestionsJob, questions_jobs
from abduce.benchmarks.questions.linking import linking
from abduce.benchmarks.questions.run import pending, run_questions
from abduce.benchmarks.questions.table import (
    gather_questions,
    line,
    question_lines,
    question_summary,
    question_tables,
)
from abduce.benchmarks.records.provenance import here, new_record
from abduce.benchmarks.records.record import Record, from_fields, to_line
from abduce.grammars.sql.language import SqlLanguage
from abduce.grammars.sql.outside import NotCovered
from abduce.grammars.sql.reading import read
from abduce.grammars.sql.writing import write
from abduce.symbolic.databases.reading import opened
from abduce.symbolic.questions.items import items_of
from abduce.verify.queries.comparing import Budget, compare
from abduce.verify.queries.verdict import Proved, Refuted

HERE = here()
COUNTS = {"questions": 10, "without a database": 2, "covered": 8, "executed": 8, "same rows": 7,
          "scored": 8, "exact set match": 6}  # fmt: skip
SCRIPT = """
CREATE TABLE pets (id INTEGER PRIMARY KEY, kind TEXT, age INT);
INSERT INTO pets VALUES (1, 'cat', 3), (2, 'dog', 4);
"""


def made(job: QuestionsJob) -> Record:
    return new_record(
        KIND, task=job.task, config=job.config, seed=0, started=clock.utc_now(), wall_s=1.0,
        metrics={"counts": COUNTS, "reasons": {"a left join": 1}, "cpu_s": 0.5}, where=HERE,
    )  # fmt: skip


def test_every_record_is_read_back_shown_and_judged() -> None:
    records = [made(job) for job in questions_jobs(None)]
    for record in records:
        assert from_fields(json.loads(to_line(record))) == record
    found = gather_questions([*records, *records])
    assert len(found) == len(records) == len(question_summary(found))
    assert sum(len(table.rows) for table in question_tables(found)) == len(found)
    (told,) = [text for text in question_lines(found) if "train" in text and "grammar" in text]
    assert "8 of 8 covered, 87.5% of these with gold's rows, 75.0% exact set match" in told
    assert "target missed" in told
    assert line(records[0]).startswith("grammar, geoquery")


def test_what_is_measured_on_a_small_database(tmp_path: Path) -> None:
    path = tmp_path / "pets.sql"
    path.write_text(SCRIPT)
    gold = (
        ("How many cats are there?", "SELECT count(*) FROM pets WHERE kind = 'cat'"),
        ("How old is each dog?", "SELECT age FROM pets WHERE kind = 'dog'"),
        ("Which kinds?", "SELECT lower(kind) FROM pets"),
    )
    questions = tuple(Question(database="pets", text=t, gold=g) for t, g in gold)
    questions += (replace(questions[0], database="missing"),)
    places = Places({"pets": path}, None)
    told = coverage(questions, places)
    assert (told.asked, told.no_database, told.covered, told.same) == (4, 1, 2, 2)
    assert told.matched == told.scored == 2
    assert sum(told.reasons.values()) == 1
    links = linking(questions, places)
    assert links.found["values"] == links.gold["values"] == 2
    assert links.gold["questions"] == 2


def test_the_grammar_covers_a_sample_of_gold(data: Path) -> None:
    with databases("geoquery", [data]) as places:
        told = coverage(geoquery([data])[::9], places)
    assert told.covered >= 0.95 * told.asked
    assert told.same == told.executed == told.covered
    assert told.different == []


@pytest.mark.slow
def test_the_grammar_covers_gold(data: Path) -> None:
    with databases("dev", [data]) as places:
        told = coverage(spider("dev", [data]), places)
    assert told.covered >= 0.98 * told.asked
    assert told.same == told.executed == told.covered
    assert told.matched >= 0.97 * told.scored


@pytest.mark.slow
def test_no_written_query_is_refuted_and_most_are_proved_equal_to_gold(
    data: Path, rng: Random
) -> None:
    """Reading and writing keep what a query means on every database, not only its rows on one."""
    golds = list(dict.fromkeys((q.database, q.gold) for q in spider("dev", [data])))
    verdicts = []
    with databases("dev", [data]) as places:
        for name, gold in rng.sample(golds, 40):
            with opened(places.files[name], places.keys) as database:
                language = SqlLanguage(items_of(database.schema, database.connection))
                try:
                    reading = read(language, gold)
                except NotCovered:
                    continue
                text = write(language.with_values(reading.values), reading.tree)
                budget = Budget(timeout_s=5, rows=1)
                verdicts.append(compare(database.schema, gold, text, budget))
    assert not [each for each in verdicts if isinstance(each, Refuted)]
    assert sum(isinstance(each, Proved) for each in verdicts) >= 0.6 * len(verdicts)


@pytest.mark.slow
def test_a_part_is_run_once(data: Path, tmp_path: Path) -> None:
    jobs = questions_jobs("linking")[:1]
    records = run_questions(jobs, [data], tmp_path / "questions.jsonl")
    assert from_fields(json.loads(to_line(records[0]))) == records[0]
    assert not pending(jobs, tmp_path / "questions.jsonl")
