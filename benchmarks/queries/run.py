"""Runs comparisons one after the other, and keeps a record of each row of the table."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from abduce import clock
from abduce.benchmarks.queries.jobs import KIND, EqualJob
from abduce.benchmarks.queries.mutants import Data
from abduce.benchmarks.queries.table import WORDS, line
from abduce.benchmarks.records.provenance import here, new_record
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.record_file import append, complete
from abduce.verify.queries.comparing import compare
from abduce.verify.queries.verdict import Comparison, EqualUpTo, Proved, Refuted, Unknown
from abduce.verify.queries.verdict_json import WORDS as WORD_OF


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
        answers = [_answer(job, number, data) for number, _ in job.mutants]
        counts = {word: sum(a["verdict"] == word for a in answers) for word in WORDS}
        record = new_record(
            KIND,
            task=job.task,
            config=job.config,
            seed=job.seed,
            started=started,
            wall_s=watch.wall_s,
            metrics={"counts": counts, "cpu_s": watch.cpu_s, "answers": answers},
            data_sha256=data.sha256,
            command="abduce bench sql --only equal",
            where=where,
        )
        append(records, record)
        done.append(record)
        if progress:
            progress(line(record))
    return done


def _answer(job: EqualJob, number: int, data: Data) -> dict[str, Any]:
    """What was found of one pair, and the time it took."""
    mutant, watch = data.mutants[job.listed][number], clock.Stopwatch.now()
    schema = data.schemas[job.keys][mutant.database]
    found = compare(schema, mutant.gold, mutant.mutant, job.budget)
    return {"line": number, **outcome(found), "cpu_s": round(watch.cpu_s, 3)}


def outcome(found: Comparison) -> dict[str, Any]:
    """What a comparison found, in few words."""
    told: dict[str, Any] = {"verdict": WORD_OF[type(found)]}
    match found:
        case Proved(steps, _, _, _):
            told |= {"laws": sorted({step.law for step in steps})}
        case Refuted():
            told |= {"rows": sum(map(len, found.tables.values()))}
        case EqualUpTo(rows):
            told |= {"up_to_rows": rows}
        case Unknown(reason, outside):
            told |= {"reason": "; ".join((reason, *outside))}
    return told
