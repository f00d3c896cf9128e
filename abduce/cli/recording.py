"""The option --record of commands that give a single answer: one record, added to a file.

Whole runs (`solve`, `bench`, `train`, `verify --benchmark`) always write records. This module
imports neither typer nor the records before they are needed, so that `verify` may use it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from abduce.benchmarks.records.record import Record

RECORD_HELP: Final = "The file to add a record of this run to. Default: no record is written."


def check_record_file(path: Path | None) -> None:
    """Make sure, before the work starts, that a record can be added.

    Raises:
        OutputError: the file cannot be written.
    """
    if path is not None:
        from abduce.benchmarks.records.record_file import check_writable

        check_writable(path)


def add_record(path: Path | None, make: Callable[[], "Record"]) -> None:
    """Add one record to the file of --record; without that option, nothing is made or written.

    Raises:
        OutputError: the file cannot be written, or the disk is full.
    """
    if path is not None:
        from abduce.benchmarks.records.record_file import append

        append(path, make())
