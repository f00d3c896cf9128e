"""Record files: JSON lines, only ever appended to, never left with half a line that a reader would
believe.

A line goes out in one `O_APPEND` write and is synced, so that runs side by side do not mix their
lines. Should a crash tear one all the same, the next append starts on a fresh line, and readers say
which line was torn and go on.
"""

import errno
import json
import logging
import os
from collections.abc import Iterable
from pathlib import Path

from abduce.benchmarks.record import Record, from_fields, to_line
from abduce.errors import InputError, OutputError

log = logging.getLogger(__name__)


def records_path(kind: str, out: Path | None = None) -> Path:
    """Where the records of a kind go: `out`, or records/KIND.jsonl under the current folder.

    >>> records_path("solve").as_posix()
    'records/solve.jsonl'
    """
    return Path("records") / f"{kind}.jsonl" if out is None else out


def check_writable(path: Path) -> None:
    """Make sure, before the work starts, that a file can be written at `path`; leaves nothing of
    its own behind.

    Raises:
        OutputError: says why not.
    """
    existed = path.exists()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644))
        if not existed:
            path.unlink()
    except OSError as error:
        raise OutputError(path, _reason(error)) from error


def append(path: Path, record: Record) -> None:
    """Add one record, whole or not at all.

    Raises:
        OutputError: the file cannot be written, or the disk is full.
    """
    line = to_line(record).encode() + b"\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        try:
            if _is_torn(descriptor):
                log.warning(
                    "%s: its last line was torn by an earlier crash; the record starts a new line",
                    path,
                )
                line = b"\n" + line
            if os.write(descriptor, line) != len(line):
                raise OSError(errno.ENOSPC, "the disk took only a part of the record")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise OutputError(path, _reason(error)) from error


def read(path: Path) -> list[Record]:
    """All records of a file in their order, older schemas upgraded; torn lines are logged and left
    out.

    Raises:
        InputError: no such file, a line that is no record, or a newer schema.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise InputError(
            _reason(error),
            ("a file of records",),
            path,
            advice="Runs write them: abduce solve scan --split length",
        ) from error
    records: list[Record] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        values = _values(line, path, number)
        if values is None:
            log.warning("%s:%d: torn by an earlier crash, left out", path, number)
        else:
            records.append(from_fields(values, path, number))
    return records


def read_all(paths: Iterable[Path]) -> list[Record]:
    """The records of several files, one after the other."""
    return [record for path in paths for record in read(path)]


def _values(line: bytes, path: Path, number: int) -> dict[str, object] | None:
    """The fields of one line; None where the line is the beginning of a record and no more."""
    try:
        values = json.loads(line)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        start = b'{"schema":'
        if line.startswith(start) or start.startswith(line):
            return None
        text = line.decode(errors="replace")
        column = error.colno if isinstance(error, json.JSONDecodeError) else error.start + 1
        raise InputError("no JSON", ("a record",), path, number, column, text) from error
    if not isinstance(values, dict):
        raise InputError(f"a JSON {type(values).__name__}", ("a record",), path, number)
    return values


def _is_torn(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
