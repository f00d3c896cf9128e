"""Record files: JSON lines, only ever appended to, never left with half a line that a reader would
believe.

A line goes out in one `O_APPEND` write and is synced, so that runs side by side do not mix their
lines. Should a crash tear one all the same, the next append starts on a fresh line. Readers say
which lines are no records, and why, and go on.
"""

import errno
import json
import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from abduce.benchmarks.records.record import Record, from_fields, to_line
from abduce.errors import InputError, OutputError
from abduce.files import why_not_written

log = logging.getLogger(__name__)

LONGEST_LINE = 2**22
LONGEST_SKIPPED = 2**30
NAMED = 20
"""The upper limit on the invalid lines reported for each file."""


def records_path(kind: str, out: Path | None = None) -> Path:
    """The file for the records of a kind: `out`, or records/KIND.jsonl in the current folder.

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
        raise OutputError(path, why_not_written(error)) from error


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
        raise OutputError(path, why_not_written(error)) from error


def complete(path: Path) -> list[Record]:
    """The complete records of a file, which need not exist yet.

    Raises:
        InputError: the file cannot be read.
    """
    return [each for each in read(path) if each.status == "complete"] if path.exists() else []


def read(path: Path) -> list[Record]:
    """All records of a file in their order, older schemas upgraded.

    A line that is no record (torn, damaged, of a newer schema) is named in the log, with what is
    wrong with it, and passed over.

    Raises:
        InputError: no such file.
    """
    records: list[Record] = []
    faults = 0
    try:
        for number, line in _lines(path):
            if line is not None and not line.strip():
                continue
            try:
                records.append(from_fields(_values(line, path, number), path, number))
            except InputError as error:
                faults += 1
                if faults <= NAMED:
                    log.warning("%s\nThe line is skipped.", error)
    except OSError as error:
        raise InputError(
            why_not_written(error),
            ("a file of records",),
            path,
            advice="Make one with: abduce solve scan --split length",
        ) from error
    if faults > NAMED:
        log.warning("%s: %d more lines are not records and are skipped", path, faults - NAMED)
    return records


def read_all(paths: Iterable[Path]) -> list[Record]:
    """The records of several files, one after the other."""
    return [record for path in paths for record in read(path)]


def _lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """The lines of a file and their numbers; None for a line of more than `LONGEST_LINE` bytes.

    Raises:
        InputError: a line that does not end within `LONGEST_SKIPPED` bytes.
    """
    with path.open("rb") as stream:
        number = 0
        while line := stream.readline(LONGEST_LINE):
            number += 1
            size, whole = len(line), len(line) < LONGEST_LINE or line.endswith(b"\n")
            yield number, line if whole else None
            while not whole and (rest := stream.readline(LONGEST_LINE)):
                size, whole = size + len(rest), rest.endswith(b"\n")
                if size > LONGEST_SKIPPED:
                    raise InputError(
                        f"more than {LONGEST_SKIPPED:,} bytes without the end of a line",
                        ("a file of records",),
                        path,
                        number,
                    )


def _values(line: bytes | None, path: Path, number: int) -> dict[str, object]:
    """The fields of one line.

    Raises:
        InputError: no UTF-8, no JSON, too long, too deep, or no JSON object.
    """
    if line is None:
        found = f"a line of more than {LONGEST_LINE:,} bytes"
        raise InputError(found, ("a record",), path, number)
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
    except UnicodeDecodeError as error:
        shown, column = line.decode(errors="replace").rstrip("\r\n"), _column(line, error.start)
        found = f"the byte 0x{line[error.start]:02x}, which is not UTF-8"
        raise InputError(found, ("a record",), path, number, column, shown) from error
    try:
        values = json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        if _ends_early(text, error):
            found = "the beginning of a record, torn by an earlier crash"
            raise InputError(found, ("a whole record",), path, number) from error
        what = f"no JSON ({error.msg})"
        raise InputError(what, ("a record",), path, number, error.colno, text) from error
    except RecursionError as error:
        raise InputError("a JSON value nested too deeply", ("a record",), path, number) from error
    except ValueError as error:  # of `_once`, or of a number of thousands of digits
        told = str(error) if isinstance(error, _Repeated) else "a number of too many digits"
        raise InputError(told, ("a record",), path, number) from error
    if not isinstance(values, dict):
        raise InputError(f"a JSON {type(values).__name__}", ("a record",), path, number)
    return values


class _Repeated(ValueError):
    """A name that stands twice in one JSON object."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Repeated(f"{json.dumps(twice[:40])} twice in one object")
    return values


def _ends_early(text: str, error: json.JSONDecodeError) -> bool:
    """Whether a line is the beginning of a record, and what is wrong with it is that it ends."""
    start = '{"schema":'
    begins = text.startswith(start) or start.startswith(text)
    last = len(text) - len("\\u0000")  # a torn word or escape is found where it begins
    return begins and (error.pos >= last or error.msg.startswith("Unterminated string"))


def _column(line: bytes, start: int) -> int:
    return len(line[:start].decode(errors="replace")) + 1


def _is_torn(descriptor: int) -> bool:
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
