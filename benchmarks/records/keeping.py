"""Runs jobs one after the other in this process, and keeps a record of each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Protocol, TypeVar

from abduce import clock
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record, Status
from abduce.benchmarks.records.record_file import append, complete


class Job(Protocol):
    """What is to be done, as its record says it."""

    @property
    def kind(self) -> str: ...
    @property
    def task(self) -> Mapping[str, Any]: ...
    @property
    def config(self) -> Mapping[str, Any]: ...
    @property
    def seed(self) -> int: ...
    @property
    def id(self) -> str: ...
    @property
    def command(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a job found: fields of its record."""

    metrics: Mapping[str, Any]
    status: Status = "complete"
    data_sha256: Mapping[str, str] = field(default_factory=dict)


TRAINED: Final[Mapping[str, Status]] = MappingProxyType(
    {"out of time": "timeout", "diverged": "failed"}
)
"""The status of a record where a training did not end by itself. A checkpoint is then kept, and a
later run with --resume goes on from it."""


class Named(Protocol):
    """Something to be done whose record has this id."""

    @property
    def id(self) -> str: ...


AnyJob = TypeVar("AnyJob", bound=Job)
AnyNamed = TypeVar("AnyNamed", bound=Named)


def pending(jobs: Sequence[AnyNamed], records: Path) -> list[AnyNamed]:
    """The jobs that a file has no complete record of; the file need not exist yet."""
    done = {record.id for record in complete(records)}
    return [job for job in jobs if job.id not in done]


def run_jobs(
    jobs: Sequence[AnyJob],
    records: Path,
    find: Callable[[AnyJob], Found],
    line: Callable[[Record], str],
    progress: Callable[[str], None] | None = None,
) -> list[Record]:
    """Runs jobs, and adds the record of each as soon as it has ended.

    Args:
        find: does a job.
        line: tells a record in one line, for ``progress``.

    Raises:
        OutputError: the records cannot be written.
    """
    done: list[Record] = []
    for job in jobs:
        started, began = clock.utc_now(), clock.wall_s()
        found = find(job)
        record = new_record(
            job.kind,
            task=job.task,
            config=job.config,
            seed=job.seed,
            started=started,
            wall_s=clock.wall_s() - began,
            metrics=found.metrics,
            status=found.status,
            data_sha256=found.data_sha256,
            command=job.command,
        )
        append(records, record)
        done.append(record)
        if progress is not None:
            progress(line(record))
    return done
