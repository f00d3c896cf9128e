"""Runs jobs one after the other, and keeps a record of each."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from abduce import clock
from abduce.benchmarks.questions.coverage import coverage
from abduce.benchmarks.questions.data import GEO, KEYS, SPIDER, content, databases, geoquery, spider
from abduce.benchmarks.questions.jobs import GRAMMAR, KIND, QuestionsJob
from abduce.benchmarks.questions.linking import linking
from abduce.benchmarks.questions.table import line
from abduce.benchmarks.records.provenance import here, new_record
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.record_file import append, complete


def pending(jobs: Sequence[QuestionsJob], records: Path) -> list[QuestionsJob]:
    """The jobs that a file has no complete record of."""
    done = {record.id for record in complete(records)}
    return [job for job in jobs if job.id not in done]


def run_questions(
    jobs: Sequence[QuestionsJob],
    places: Sequence[Path],
    records: Path,
    *,
    progress: Callable[[str], None] | None = None,
) -> list[Record]:
    """Runs jobs and adds a record of each.

    Raises:
        DataError: the data are in none of the folders.
    """
    where, done = here(), []
    for job in jobs:
        started, watch = clock.utc_now(), clock.Stopwatch.now()
        metrics = _metrics(job, places)
        record = new_record(
            KIND,
            task=job.task,
            config=job.config,
            seed=0,
            started=started,
            wall_s=watch.wall_s,
            metrics={**metrics, "cpu_s": watch.cpu_s},
            data_sha256={name: _sum(name, places) for name in _files(job)},
            command=f"abduce bench sql --only {job.part}",
            where=where,
        )
        append(records, record)
        done.append(record)
        if progress:
            progress(line(record))
    return done


def _files(job: QuestionsJob) -> tuple[str, ...]:
    return GEO if job.data == "geoquery" else (*SPIDER[job.data], KEYS)


def _sum(name: str, places: Sequence[Path]) -> str:
    return hashlib.sha256(content(name, places)).hexdigest()


def _metrics(job: QuestionsJob, places: Sequence[Path]) -> dict[str, Any]:
    questions = geoquery(places) if job.data == "geoquery" else spider(job.data, places)
    with databases(job.data, places) as found:
        if job.keys == "file":
            found = replace(found, keys=None)
        if job.part == GRAMMAR:
            told = coverage(questions, found)
            counts = {
                "questions": told.asked, "without a database": told.no_database,
                "covered": told.covered, "executed": told.executed, "same rows": told.same,
                "scored": told.scored, "exact set match": told.matched,
            }  # fmt: skip
            return {"counts": counts, "reasons": dict(told.reasons.most_common())}
        links = linking(questions, found, job.constants)
    counts = {f"{kind} of gold": number for kind, number in links.gold.items()}
    counts |= {f"{kind} found": links.found[kind] for kind in links.gold}
    counts |= {f"{kind} listed": number for kind, number in links.candidates.items()}
    return {"counts": counts, "reasons": {}}
