"""Runs jobs one after the other, and keeps a record of each row of the table."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from abduce import clock
from abduce.benchmarks.mathematics.jobs import KIND, OUTCOMES, MathematicsJob
from abduce.benchmarks.mathematics.judging import judged
from abduce.benchmarks.mathematics.table import line
from abduce.benchmarks.records.provenance import here, new_record
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.record_file import append, complete


def pending(jobs: Sequence[MathematicsJob], records: Path) -> list[MathematicsJob]:
    """The jobs that a file has no complete record of."""
    done = {record.id for record in complete(records)}
    return [job for job in jobs if job.id not in done]


def run_mathematics(
    jobs: Sequence[MathematicsJob],
    sha256: Mapping[str, str],
    records: Path,
    *,
    progress: Callable[[str], None] | None = None,
) -> list[Record]:
    """Runs jobs and adds a record of each."""
    where, done = here(), []
    for job in jobs:
        started, watch = clock.utc_now(), clock.Stopwatch.now()
        answers = [judged(question, job.timeout_s) for question in job.questions]
        if job.part.endswith("test"):  # nobody shall read the test half, not even in records
            answers = [{"name": a["name"], "outcome": a["outcome"]} for a in answers]
        counts = {word: sum(a["outcome"] == word for a in answers) for word in OUTCOMES}
        record = new_record(
            KIND,
            task=job.task,
            config=job.config,
            seed=job.seed,
            started=started,
            wall_s=watch.wall_s,
            metrics={"counts": counts, "answers": answers},
            data_sha256=sha256,
            command=f"abduce bench mathematics --only {job.part}",
            where=where,
        )
        append(records, record)
        done.append(record)
        if progress:
            progress(line(record))
    return done
