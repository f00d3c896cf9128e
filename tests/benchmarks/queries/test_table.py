"""Records about comparisons of queries: lines, targets, and what is run again."""

import json
from dataclasses import replace
from pathlib import Path

from abduce import clock
from abduce.benchmarks.queries.jobs import KIND, EqualJob, equal_jobs
from abduce.benchmarks.queries.mutants import Mutant, read_data
from abduce.benchmarks.queries.run import pending, run_equal
from abduce.benchmarks.queries.table import (
    WORDS,
    gather_queries,
    line,
    query_summary,
    query_tables,
    target_lines,
)
from abduce.benchmarks.records.provenance import here, new_record
from abduce.benchmarks.records.record import Record, from_fields, to_line
from abduce.benchmarks.records.record_file import append

EDITS = ("distinct added", "inner to left join", "> to >=", "< to <=")
PAIRS = {
    listed: tuple(
        Mutant(database="pets", edit=edit, gold="SELECT 1", mutant=f"SELECT {i}")
        for i in range(3)
        for edit in EDITS
    )
    for listed in ("refuted", "open")
}
HERE = here()


def made(job: EqualJob, verdict: str = "refuted") -> Record:
    counts = {word: len(job.mutants) * (word == verdict) for word in WORDS}
    return new_record(
        KIND,
        task=job.task,
        config=job.config,
        seed=job.seed,
        started=clock.utc_now(),
        wall_s=1.0,
        metrics={"counts": counts, "cpu_s": 0.5, "answers": []},
        where=HERE,
    )


def test_every_record_is_read_back_shown_and_judged() -> None:
    records = [made(job) for job in equal_jobs(PAIRS)]
    for record in records:
        assert from_fields(json.loads(to_line(record))) == record
        assert "3 pairs: 0 proved, 3 refuted, 0 equal up to, 0 unknown" in line(record)
    found = gather_queries(records)
    assert len(found) == len(records) == 2 * 2 * len(EDITS)
    (table,) = query_tables(found)
    assert len(table.rows) == len(query_summary(found)) == len(found)
    told = target_lines(records)
    assert len(told) == 2 + 2 * 3
    assert "12 of 12 refuted" in told[0]
    assert "target met" in told[0]
    assert "target missed (115)" in told[1]


def test_equal_up_to_a_bound_is_counted_apart() -> None:
    jobs = [job for job in equal_jobs(PAIRS) if job.listed == "open" and job.keys == "file"]
    for text in target_lines([made(job, "equal up to") for job in jobs]):
        assert "0 proved, 0 refuted" in text
        assert "target missed" in text  # none is proved or refuted


def test_what_has_a_record_is_not_run_again(tmp_path: Path) -> None:
    path = tmp_path / "sql.jsonl"
    first, *rest = equal_jobs(PAIRS)
    append(path, made(first))
    assert pending([first, *rest], path) == rest
    other = replace(first, budget=replace(first.budget, seed=1))
    assert pending([other], path) == [other]


def test_the_latest_record_of_a_row_counts() -> None:
    job = equal_jobs(PAIRS)[0]
    old = replace(made(job, "unknown"), when="2020-01-01T00:00:00+00:00")
    (found,) = gather_queries([made(job), old])
    assert found.metrics["counts"]["refuted"] == 3


def test_mutants_of_spider_are_compared(data: Path, tmp_path: Path) -> None:
    read = read_data([data])
    assert [len(read.mutants[name]) for name in ("refuted", "open")] == [137, 281]
    jobs = equal_jobs(read.mutants, timeout_s=20.0)
    few = [job for job in jobs if job.edit == "distinct dropped"]
    records = run_equal(few, read, tmp_path / "sql.jsonl")
    assert [len(record.metrics["answers"]) for record in records] == [2, 2, 2, 2]
    assert sum(record.metrics["counts"]["proved"] for record in records) > 0
    assert sum(record.metrics["counts"]["refuted"] for record in records) > 0
    assert not pending(few, tmp_path / "sql.jsonl")
