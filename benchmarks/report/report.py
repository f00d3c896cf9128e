"""`abduce report`: records in, tables on the terminal and one page out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from abduce.benchmarks.execution.gathered import gather_executed
from abduce.benchmarks.lambda_calculus.gathered import gather_reductions
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.record_file import check_writable, read_all
from abduce.benchmarks.solve.gathered import gather, unfinished
from abduce.benchmarks.verify.gathered import gather_verdicts
from abduce.errors import InputError
from abduce.files import write_whole


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
            advice="Runs write them: abduce solve scan --split length",
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
            advice="Runs write them: abduce solve scan --split length",
        )
    return records


def write_report(named: Sequence[Path], out: Path, *, table: bool = True) -> dict[str, Any]:
    """Read records, write the page, print the tables, and return the same as plain data.

    Raises:
        OutputError: the page cannot be written; found before the records are read.
        InputError: no records, or none that can be read.
    """
    from abduce.benchmarks.execution.table import executed_summary, executed_table
    from abduce.benchmarks.lambda_calculus.table import reduction_summary, reduction_table
    from abduce.benchmarks.report.page import page, summary
    from abduce.benchmarks.solve.table import record_table
    from abduce.benchmarks.training.table import gather_trained, trained_summary, trained_table
    from abduce.benchmarks.verify.table import verdict_summary, verdict_table

    check_writable(out)
    files = record_files(named)
    records = _read(files)
    rows, verdicts, executed = gather(records), gather_verdicts(records), gather_executed(records)
    reduced, trained = gather_reductions(records), gather_trained(records)
    left_out, names = unfinished(records), [str(file) for file in files]
    text = page(rows, left_out, names, verdicts, executed, reduced)
    write_whole(out, text.encode(errors="backslashreplace"))
    if table and (rows or not (verdicts or executed or reduced or trained)):
        record_table(rows)
    if table and verdicts:
        verdict_table(verdicts)
    if table and executed:
        executed_table(executed)
    if table and reduced:
        reduction_table(reduced)
    if table and trained:
        trained_table(trained)
    return {
        "page": str(out),
        "records": len(records),
        "unfinished": [record.command for record in left_out],
        "rows": summary(rows),
        "verdicts": verdict_summary(verdicts),
        "executed": executed_summary(executed),
        "reduced": reduction_summary(reduced),
        "trained": trained_summary(trained),
    }


def markdown_tables(named: Sequence[Path]) -> str:
    """The tables of records as Markdown, for a README.

    Raises:
        InputError: no records, or none that can be read.
    """
    from abduce.benchmarks.execution.table import executed_markdown
    from abduce.benchmarks.lambda_calculus.table import reduction_markdown
    from abduce.benchmarks.solve.table import record_markdown
    from abduce.benchmarks.training.table import gather_trained, trained_markdown
    from abduce.benchmarks.verify.table import verdict_markdown

    records = _read(record_files(named))
    rows, verdicts, executed = gather(records), gather_verdicts(records), gather_executed(records)
    tables = [record_markdown(rows)] if rows else []
    tables += [verdict_markdown(verdicts)] if verdicts else []
    tables += [executed_markdown(executed)] if executed else []
    reduced = gather_reductions(records)
    tables += [reduction_markdown(reduced)] if reduced else []
    trained = gather_trained(records)
    tables += [trained_markdown(trained)] if trained else []
    return "\n\n".join(tables)
