"""Jobs of a part that run one after the other in this process: listed, run, and judged."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from abduce.cli.bench.asked import Asked
from abduce.cli.terminal import print_json, show
from abduce.errors import Exit

if TYPE_CHECKING:
    from abduce.benchmarks.records.record import Record


class Job(Protocol):
    """What is to be done, with the id of its record, in words."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...


AnyJob = TypeVar("AnyJob", bound=Job)


def bench_in_turn(
    kind: str,
    jobs: Sequence[AnyJob],
    asked: Asked,
    *,
    run: Callable[[Sequence[AnyJob], Path], "list[Record]"],
    lines: Callable[["Iterable[Record]"], Iterable[str]],
    summary: Callable[["Sequence[Record]"], Any],
    told: list[Any] | None = None,
) -> int:
    """Runs the jobs that are asked for, or lists them, and returns the exit code.

    Args:
        kind: the kind of their records, which names the file.
        run: does some jobs, and adds their records to a file.
        lines: what was reached of each target, from the records of the file.
        summary: records as plain data.
        told: with --json, where that goes if more is to be printed with it.
    """
    from abduce.benchmarks.records.keeping import pending
    from abduce.benchmarks.records.record_file import check_writable, read, records_path

    records = records_path(kind, asked.out)
    todo = pending(jobs, records) if asked.resume else jobs
    if asked.list_:
        show("\n".join(job.name for job in todo))
        return Exit.ANSWERED
    check_writable(records)
    done = run(todo, records)
    if asked.json_:
        if told is None:
            print_json(summary(done))
        else:
            told.extend(summary(done))
        return Exit.ANSWERED
    for text in lines(read(records)) if records.exists() else ():
        show(text)
    return Exit.ANSWERED
