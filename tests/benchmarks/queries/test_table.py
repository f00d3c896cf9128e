"""Records about comparisons of queries: lines, targets, and what is run again."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from abduce import clock
from abduce.benchmarks.queries.jobs import KIND, EqualJob, equal_jobs
from abduce.benchmarks.queries.mutants import Mutant, read_data
from abduce.benchmarks.queries.run import pending, run_equal
from abduce.benchmarks.queries.table import (
    gather_queries,
    line,
    query_summary,
    query_tables,
    row_lines,
    target_lines,
)
from abduce.benchmarks.records.provenance import here, new_record
from abduce.benchmarks.records.record import Record, from_fields, to_line
from abduce.benchmarks.records.record_file import append

PAIRS = {
    listed: tuple(
        Mutant(database="pets", edit=edit, gold=f"SELECT {i}", mutant=f"SELECT DISTINCT {i}")
        for i, edit in enumerate(("distinct added", "inner to left join", "> to >=", "< to <="))
    )
    for listed in ("refuted", "open")
}
HERE = here()


def made(job: EqualJob, verdict: str = "refuted", **more: Any) -> Record:
    return new_record(
        KIND,
        task=job.task,
        config=job.config,
        seed=job.seed,
        started=clock.utc_now(),
        wall_s=1.0,
        metrics={"verdict": verdict, "cpu_s": 0.5, **more},
        where=HERE,
    )


def test_every_record_is_read_back_shown_and_judged() -> None:
    records = [made(job) for job in equal_jobs(PAIRS)]
    for record in records:
        assert from_fields(json.loads(to_line(record))) == record
        assert "refuted: pets" in line(record)
    found = gather_queries(records)
    assert len(found) == len(records) == 16
    (table,) = query_tables(found)
    assert len(table.rows) == len(row_lines(records)) == len(query_summary(found)) == 16
    told = target_lines(records)
    assert len(told) == 2 + 2 * 3
    assert "target met" in told[0]
    assert "target missed (115)" in told[1]


def test_equal_up_to_a_bound_is_counted_apart() -> None:
    jobs = [job for job in equal_jobs(PAIRS) if job.listed == "open" and job.keys == "file"]
    records = [made(job, "equal up to", up_to_rows=3) for job in jobs]
    assert "equal up to 3" in line(records[0])
    for text in target_lines(records):
        assert "0 proved, 0 refuted" in text
        assert "target missed" in text  # none is proved or refuted


def test_what_has_a_record_is_not_run_again(tmp_path: Path) -> None:
    path = tmp_path / "sql.jsonl"
    first, *rest = equal_jobs(PAIRS)
    append(path, made(first))
    assert pending([first, *rest], path) == rest
    other = replace(first, budget=replace(first.budget, seed=1))
    assert pending([other], path) == [other]


def test_the_latest_record_of_a_pair_counts() -> None:
    job = equal_jobs(PAIRS)[0]
    old, new = made(job, "unknown", reason="?", outside=[]), made(job)
    (found,) = gather_queries([new, replace(old, when="2020-01-01T00:00:00+00:00")])
    assert found.metrics["verdict"] == "refuted"


def test_mutants_of_spider_are_compared(data: Path, tmp_path: Path) -> None:
    read = read_data([data])
    assert [len(read.mutants[name]) for name in ("refuted", "open")] == [137, 281]
    jobs = equal_jobs(read.mutants, timeout_s=20.0)
    some = [jobs[0], jobs[140], *[j for j in jobs if j.listed == "open"][:4]]
    records = run_equal(some, read, tmp_path / "sql.jsonl")
    verdicts = [record.metrics["verdict"] for record in records]
    assert verdicts[0] == "refuted"
    assert "proved" in verdicts
    assert not pending(some, tmp_path / "sql.jsonl")
