"""Runs comparisons one after the other, and keeps a record of each."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from abduce import clock
from abduce.benchmarks.queries.jobs import KIND, EqualJob
from abduce.benchmarks.queries.mutants import Data
from abduce.benchmarks.queries.table import line
from abduce.benchmarks.records.provenance import here, new_record
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.record_file import append, complete
from abduce.verify.queries.comparing import compare
from abduce.verify.queries.verdict import Comparison, EqualUpTo, Proved, Refuted, Unknown
from abduce.verify.queries.verdict_json import WORDS


def pending(jobs: Sequence[EqualJob], records: Path) -> list[EqualJob]:
    """The jobs that a file has no complete record of."""
    done = {record.id for record in complete(records)}
    return [job for job in jobs if job.id not in done]


def run_equal(
    jobs: Sequence[EqualJob],
    data: Data,
    records: Path,
    *,
    progress: Callable[[str], None] | None = None,
) -> list[Record]:
    """Runs jobs and adds a record of each."""
    where, done = here(), []
    for job in jobs:
        started, watch = clock.utc_now(), clock.Stopwatch.now()
        schema = data.schemas[job.keys][job.mutant.database]
        found = compare(schema, job.mutant.gold, job.mutant.mutant, job.budget)
        record = new_record(
            KIND,
            task=job.task,
            config=job.config,
            seed=job.seed,
            started=started,
            wall_s=watch.wall_s,
            metrics={**outcome(found), "cpu_s": watch.cpu_s},
            data_sha256=data.sha256,
            command="abduce bench sql --only equal",
            where=where,
        )
        append(records, record)
        done.append(record)
        if progress:
            progress(line(record))
    return done


def outcome(found: Comparison) -> dict[str, Any]:
    """What a comparison found: the metrics of its record."""
    told: dict[str, Any] = {"verdict": WORDS[type(found)]}
    match found:
        case Proved(steps, _, keys, _):
            told |= {"laws": sorted({step.law for step in steps}), "keys": list(keys)}
        case Refuted():
            told |= {"rows": sum(map(len, found.tables.values())), "tried": found.tried}
        case EqualUpTo(rows):
            told |= {"up_to_rows": rows}
        case Unknown(reason, outside):
            told |= {"reason": reason, "outside": list(outside)}
    return told
