"""Splits of questions: no sibling of a tested question is learned; a run leaves a record, and is
not run again; answers are judged on the rows of gold."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from abduce.benchmarks.asking import run as running
from abduce.benchmarks.asking.jobs import AskingConfig, AskingJob, asking_jobs
from abduce.benchmarks.asking.run import run_asking
from abduce.benchmarks.asking.splits import Split, told_geoquery, told_spider
from abduce.benchmarks.asking.table import asking_lines, asking_summary, asking_tables, share
from abduce.benchmarks.asking.testing import counted
from abduce.benchmarks.questions.data import geoquery, spider
from abduce.benchmarks.records.keeping import pending
from abduce.benchmarks.records.record import from_fields, to_line
from abduce.benchmarks.records.record_file import read
from abduce.neural.program_decoder.dividing import divided
from abduce.neural.questions_to_sql.config import Passes
from abduce.neural.questions_to_sql.examples import Place, told_by_database
from tests.neural.questions_to_sql.pets import (
    ASKED,
    TINY,
    WIDE,
    encoder_of_pets,
    told_pets,
    write_pets,
)


def test_no_database_of_spider_is_learned_and_tested(data: Path) -> None:
    train, test = told_spider(spider("train", [data])), told_spider(spider("dev", [data]))
    assert (len(train), len(test)) == (7000, 1034)
    assert not {t.database for t in train} & {t.database for t in test}
    assert not {t.text for t in train} & {t.text for t in test if len(t.text.split()) > 8}
    first, apart = divided(train, Passes().kept_apart, 0)
    assert not {t.database for t in first} & {t.database for t in apart}


def test_no_question_and_no_query_of_geoquery_is_learned_and_tested(data: Path) -> None:
    questions = geoquery([data])
    for split, sizes in (("question", (598, 279)), ("query", (695, 182))):
        train, test = told_geoquery(questions, split)
        assert (len(train), len(test)) == sizes
        texts = [{" ".join(t.text.lower().split()) for t in side} for side in (train, test)]
        assert not texts[0] & texts[1]
        if split == "query":
            assert not {t.sql for t in train} & {t.sql for t in test}


@pytest.fixture
def pets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AskingJob:
    """A job whose split is the pets: learned and tested on the same, in a moment."""
    places = {"pets": Place(path=write_pets(tmp_path))}

    @contextmanager
    def opened(_: str, __: Sequence[Path]) -> Iterator[Split]:
        some = told_pets()
        yield Split(
            train=some,
            test=some[:3],
            places=places,
            tested={"file": places},
            sha256={"a": "b" * 64},
        )

    monkeypatch.setattr(running, "opened", opened)
    return AskingJob(
        benchmark="geoquery:query",
        seed=0,
        encoder=str(encoder_of_pets(tmp_path / "encoder")),
        chosen=AskingConfig(model=TINY, answering=WIDE, tests=2),
    )


def test_a_run_leaves_a_record_and_is_not_run_again(pets: AskingJob, tmp_path: Path) -> None:
    records = tmp_path / "asking.jsonl"
    (record,) = run_asking([pets], records, [])
    assert from_fields(json.loads(to_line(record))) == record
    assert record.status == "complete"
    counts = record.metrics["keys"]["file"]
    assert counts["tests"] == 2
    assert counts["refuted"] + counts["proved"] <= counts["compared"] == counts["execution"] <= 2
    assert not pending([pets], records)
    (line,) = asking_lines(read(records))[:1]
    assert line.startswith("geoquery:query, seed 0: keys of the file, or inferred: exact set")
    assert len(asking_tables([record])[0].rows) == len(asking_summary([record])) == 1
    # The model is kept: a second run tests it again without a training.
    (again,) = run_asking([pets], records, [], resume=True)
    assert again.metrics["train_s"] == record.metrics["train_s"]
    assert again.metrics["keys"] == record.metrics["keys"]


def test_answers_are_judged_by_the_rows_of_gold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from abduce.benchmarks.asking import testing

    path = write_pets(tmp_path)
    said = iter(
        [
            "SELECT count(*) FROM pets",  # gold itself
            "SELECT 2",  # the rows of gold on these rows alone
            "SELECT kind FROM pets",
            None,
        ]
    )

    class Some:
        def __init__(self, sql: str | None) -> None:
            self.best = None if sql is None else self
            self.sql = sql

    monkeypatch.setattr(testing, "ask", lambda *_: Some(next(said)))
    some = told_by_database((("pets", text, sql) for text, sql in ASKED[:4]))
    found = counted(some, {"pets": Place(path=path)}, None, WIDE, empty=False, compared_s=2)  # type: ignore[arg-type]
    assert found["tests"] == found["read"] == found["with rows"] == 4
    assert (found["exact"], found["execution"], found["unanswered"]) == (1, 2, 1)
    assert (found["proved"], found["refuted"]) == (1, 1)


def test_every_part_and_split_is_a_job() -> None:
    assert [job.benchmark for job in asking_jobs("geoquery", 1)] == [
        "geoquery:question", "geoquery:query",
    ]  # fmt: skip
    (job,) = asking_jobs("spider", 2, chosen=AskingConfig(tests=5))
    assert job.command == "abduce bench sql --only spider --seed 2 --set tests=5"
    assert not asking_jobs("equal")
    assert job.id != replace(job, seed=3).id


def test_shares_are_of_what_is_counted() -> None:
    counts = {"read": 10, "exact": 4, "with rows": 8, "execution": 6, "compared": 6, "refuted": 2,
              "proved": 3}  # fmt: skip

    class Kept:
        metrics: ClassVar = {"keys": {"file": counts}}

    row = (Kept, "file")
    shares = {part: share(row, part) for part in ("exact", "execution", "kept", "proved")}  # type: ignore[arg-type]
    assert shares == {"exact": 0.4, "execution": 0.75, "kept": 0.5, "proved": 0.375}
