"""Records about certified answers: made, read back, shown and judged."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from abduce import clock
from abduce.benchmarks.perception.composing import ImageMaterial
from abduce.benchmarks.records.keeping import pending
from abduce.benchmarks.records.provenance import here, new_record
from abduce.benchmarks.records.record import Record, from_fields, to_line
from abduce.benchmarks.records.record_file import append, read
from abduce.benchmarks.specifications.answers import Trained, run_answers
from abduce.benchmarks.specifications.answers_jobs import KIND, AnswersJob, answers_jobs
from abduce.benchmarks.specifications.answers_table import (
    answers_line,
    answers_summary,
    answers_tables,
    answers_targets,
    gather_answers,
)
from abduce.cli.bench.overview import ANSWERED
from abduce.neural.perception.rows import ImageRow
from tests.neural.perception.certified.pictures import WORDS, fitted, lexicon, picture

FOUND = {
    "expressions": 50,
    "symbols": 150,
    "right": 48,
    "proved": 40,
    "proved_right": 39,
    "refuted": 2,
    "unknown": 8,
    "alone": 38,
    "ungrammared": 37,
    "symbol_s": 2.0,
}
HERE = here()


def made(job: AnswersJob, **changed: Any) -> Record:
    return new_record(
        KIND,
        task=job.task,
        config=job.config,
        seed=job.seed,
        started=clock.utc_now(),
        wall_s=1.0,
        metrics={**FOUND, "cpu_s": 300.0, **changed},
        where=HERE,
    )


def test_every_record_is_read_back_shown_and_judged() -> None:
    records = [made(job) for job in answers_jobs()]
    for record in records:
        assert from_fields(json.loads(to_line(record))) == record
        assert f"radius {record.task['radius']:g}: 80.0% proved" in answers_line(record)
    (table,) = answers_tables(gather_answers(records))
    assert len(table.rows) == len(records) == len(answers_summary(records))
    told = answers_targets(records)
    assert len(told) == 12
    assert all(", target met (" in text for text in told)


def test_a_target_that_is_not_reached_is_missed() -> None:
    worse = [
        made(job, proved=20, alone=20, ungrammared=20, symbol_s=11.0) for job in answers_jobs()
    ]
    assert all(", target missed (" in text for text in answers_targets(worse))


def test_jobs_with_a_record_are_not_run_again(tmp_path: Path) -> None:
    jobs, records = answers_jobs(), tmp_path / "r.jsonl"
    assert pending(jobs, records) == jobs
    append(records, made(jobs[2]))
    assert pending(jobs, records) == [*jobs[:2], *jobs[3:]]
    assert pending(answers_jobs(1), records) == answers_jobs(1)


def test_a_run_counts_verdicts(tmp_path: Path) -> None:
    """Two sentences of pictures: one is proved, and has the value that is expected; another has
    not."""
    images = np.stack([picture(word) for word in WORDS])
    rows = [ImageRow(np.array([0, 2]), "RED RED"), ImageRow(np.array([1]), "RED")]
    material = ImageMaterial(
        images=images,
        symbols=WORDS,
        meanings={},
        train=(),
        test={"I": rows},
        shown={},
        unseen=np.arange(3),
        labels=np.arange(3),
    )
    (job, *_) = answers_jobs()
    job = replace(job, looks=0, radius=0.005)
    known = Trained((), {("certified", 0): (fitted(looks=0), lexicon())}, material)
    told: list[str] = []
    path = tmp_path / "r.jsonl"
    (record,) = run_answers([job], path, (), trained=known, progress=told.append)
    assert read(path) == [record]
    assert len(told) == 1
    found = record.metrics
    assert (found["expressions"], found["symbols"]) == (2, 3)
    assert (found["proved"], found["right"], found["proved_right"]) == (2, 1, 1)
    assert found["alone"] <= 2


def test_the_overview_counts_all_jobs() -> None:
    assert len(answers_jobs()) == ANSWERED
