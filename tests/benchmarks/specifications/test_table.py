"""Records about activation patterns: lines, targets, and what is run again."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from abduce import clock
from abduce.benchmarks.records.keeping import pending
from abduce.benchmarks.records.provenance import here, new_record
from abduce.benchmarks.records.record import Record, from_fields, to_line
from abduce.benchmarks.records.record_file import append
from abduce.benchmarks.specifications.nap_jobs import KIND, NapJob, nap_jobs
from abduce.benchmarks.specifications.table import (
    gather_specifications,
    line,
    specification_summary,
    specification_tables,
    target_lines,
)

FOUND: Mapping[str, dict[str, Any]] = {
    "recall": {"recall": 0.81, "wrong": 0.0, "accuracy": 1.0, "neurons": 430, "overlapping": 0},
    "pairs": {"proved": 45, "refuted": 0, "unknown": 0},
    "class": {"verdict": "proved", "inhabited": True, "neurons": 9, "domains": 1}
    | {"coverage": 0.5, "wrong": 0.0},
    "radius": {"ball": 0.03, "radius": 0.4, "whole": False, "refuted": True, "calls": 9},
    "minimal": {"verdict": "proved", "neurons": 20, "mined": 100, "calls": 5}
    | {"coverage": 0.95, "wrong": 0.001},
}

HERE = here()


def made(job: NapJob, **changed: Any) -> Record:
    return new_record(
        KIND,
        task=job.task,
        config=job.config,
        seed=job.seed,
        started=clock.utc_now(),
        wall_s=1.0,
        metrics={**FOUND[job.part], "cpu_s": 0.5, **changed},
        where=HERE,
    )


def test_every_record_is_read_back_shown_and_judged() -> None:
    records = [made(job) for job in nap_jobs()]
    for record in records:
        assert from_fields(json.loads(to_line(record))) == record
        assert record.task["network"] in line(record)
    (table,) = specification_tables(gather_specifications(records))
    assert len(table.rows) == len(records) == len(specification_summary(records))
    told = target_lines(records)
    assert [text.split(", target ")[1].split(" ")[0] for text in told] == [
        "missed" if "0.95: recall" in text else "met" for text in told
    ]
    assert "50.0% of all held-out images follow the proved pattern of their class" in told[2]


def test_a_target_that_is_not_reached_is_missed() -> None:
    jobs = nap_jobs()
    worse = [
        made(job, verdict="unknown") if job.part in ("class", "minimal") else
        made(job, radius=0.1) if job.part == "radius" else
        made(job, unknown=1) if job.part == "pairs" else made(job, recall=0.5)
        for job in jobs
    ]  # fmt: skip
    assert all(", target missed (" in text for text in target_lines(worse))


def test_the_latest_record_of_a_job_counts_whatever_its_limit_was() -> None:
    (job, *_) = [job for job in nap_jobs() if job.part == "radius"]
    old, new = made(job), made(replace(job, timeout_s=60.0), radius=0.5)
    new = replace(new, when="2999-01-01T00:00:00+00:00")
    assert gather_specifications([new, old]) == [new]


def test_jobs_with_a_record_are_not_run_again(tmp_path: Path) -> None:
    jobs, records = nap_jobs(), tmp_path / "r.jsonl"
    assert pending(jobs, records) == jobs
    append(records, made(jobs[3]))
    assert pending(jobs, records) == [*jobs[:3], *jobs[4:]]
    other_seed, other_limit = nap_jobs(1), nap_jobs(0, 7.0)
    assert pending(other_seed, records) == other_seed
    assert pending(other_limit, records) == other_limit
    assert all(job.settings.strategy.seed == 1 for job in other_seed)
