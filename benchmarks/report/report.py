"""`abduce report`: records in, tables on the terminal and one page out."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from abduce.benchmarks.drawing.tables import markdown, show_table
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.record_file import check_writable, read_all
from abduce.benchmarks.solve.gathered import unfinished
from abduce.errors import InputError
from abduce.files import write_whole

if TYPE_CHECKING:
    from abduce.benchmarks.report.section import Reported


def record_files(named: Sequence[Path]) -> list[Path]:
    """The files to read: those named (of a folder, its *.jsonl), or those of records/.

    Raises:
        InputError: there are none.
    """
    places = list(named) or [Path("records")]
    found = [
        file
        for place in places
        for file in (sorted(place.glob("*.jsonl")) if place.is_dir() else [place])
    ]
    if not found or (not named and not Path("records").is_dir()):
        raise InputError(
            "no record files",
            ("records/*.jsonl",),
            places[0],
            advice="Make one with: abduce solve scan --split length",
        )
    return found


def _read(files: Sequence[Path]) -> list[Record]:
    """The records of some files.

    Raises:
        InputError: a file that is not there, or nothing is left of all of them.
    """
    records = read_all(files)
    if not records:
        raise InputError(
            "no record that can be read",
            ("lines of records",),
            ", ".join(map(str, files)),
            advice="Make one with: abduce solve scan --split length",
        )
    return records


def write_report(named: Sequence[Path], out: Path, *, table: bool = True) -> dict[str, Any]:
    """Read records, write the page, print the tables, and return the same as plain data.

    Raises:
        OutputError: the page cannot be written; found before the records are read.
        InputError: no records, or none that can be read.
    """
    from abduce.benchmarks.report.page import page

    check_writable(out)
    files = record_files(named)
    records = _read(files)
    told = reported(records)
    left_out = unfinished(records)
    text = page(told, left_out, [str(file) for file in files])
    write_whole(out, text.encode(errors="backslashreplace"))
    if table:
        for each in [each for each in told if each] or told[:1]:
            for shown in each.tables:
                show_table(shown)
    return {
        "page": str(out),
        "records": len(records),
        "unfinished": [record.command for record in left_out],
        **{each.section.name: each.summary for each in told},
    }


def markdown_tables(named: Sequence[Path]) -> str:
    """The tables of records as Markdown, for a README.

    Raises:
        InputError: no records, or none that can be read.
    """
    told = reported(_read(record_files(named)))
    return "\n\n".join(markdown(table) for each in told if each for table in each.tables)


def reported(records: Sequence[Record]) -> "list[Reported]":
    """The contents of the report on each kind of record."""
    from abduce.benchmarks.report.sections import SECTIONS

    return [section.of(records) for section in SECTIONS]
