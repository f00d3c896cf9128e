"""Records about questions, as lines, as tables, as a part of the page."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.tables import Column, Table, html, table_of
from abduce.benchmarks.questions.jobs import GRAMMAR, KIND, LINKING
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.selecting import latest_in_order

ABOUT: Final = (
    "Gold queries are read into trees of the grammar and written again. 'Same rows' are those "
    "whose written query has gold's rows. Linking lists tables, columns and values for a question, "
    "without the entities that a data set tells; 'found' is the share of gold's among them."
)
AIM: Final = 0.95
"""The share of gold queries that the grammar should cover, and of these with gold's rows."""
KEYS: Final = {"file": "of the file, or inferred", "schema": "tables.json"}


def gather_questions(records: Iterable[Record]) -> list[Record]:
    """The latest complete record of each row."""
    return latest_in_order(records, KIND, _order)


def _order(record: Record) -> tuple[str, ...]:
    return tuple(str(record.task[name]) for name in ("task", "data", "keys"))


def _count(record: Record, name: str) -> int:
    return record.metrics["counts"].get(name, 0)


def _share(record: Record, part: str, whole: str) -> str:
    number = _count(record, whole)
    return f"{_count(record, part) / number:.1%}" if number else "none"


def _mean(record: Record, kind: str) -> str:
    questions = _count(record, "questions of gold")
    return f"{_count(record, f'{kind} listed') / questions:.1f}" if questions else "none"


SET: Final[tuple[Column[Record], ...]] = (
    Column("data", lambda r: r.task["data"]),
    Column("keys", lambda r: KEYS[r.task["keys"]]),
)
GRAMMAR_COLUMNS: Final[Sequence[Column[Record]]] = (
    *SET,
    Column("questions", lambda r: str(_count(r, "questions")), right=True),
    Column("without a database", lambda r: str(_count(r, "without a database")), right=True),
    Column("covered", lambda r: str(_count(r, "covered")), right=True),
    Column("same rows", lambda r: _share(r, "same rows", "executed"), right=True),
    Column("exact set match", lambda r: _share(r, "exact set match", "scored"), right=True),
    Column("CPU s", lambda r: f"{r.metrics['cpu_s']:.1f}", right=True),
)
LINKED: Final = ("tables", "columns", "values")


def _found(kind: str) -> Column[Record]:
    whole = f"{kind} of gold"
    return Column(f"{kind} found", lambda r: _share(r, f"{kind} found", whole), right=True)


def _listed(kind: str) -> Column[Record]:
    return Column(f"{kind} listed", lambda r: _mean(r, kind), right=True)


LINKING_COLUMNS: Final[Sequence[Column[Record]]] = (
    *SET,
    Column("questions", lambda r: str(_count(r, "questions of gold")), right=True),
    *(column for kind in LINKED for column in (_found(kind), _listed(kind))),
    Column(
        "questions with all values",
        lambda r: _share(r, "questions found", "questions of gold"),
        right=True,
    ),
    Column("CPU s", lambda r: f"{r.metrics['cpu_s']:.1f}", right=True),
)


def line(record: Record) -> str:
    """A row of a table, in one line."""
    name = f"{record.task['task']}, {record.task['data']}, keys {KEYS[record.task['keys']]}"
    if record.task["task"] == GRAMMAR:
        asked = _count(record, "questions") - _count(record, "without a database")
        told = (
            f"{_count(record, 'covered')} of {asked} covered,"
            f" {_share(record, 'same rows', 'executed')} of these with gold's rows,"
            f" {_share(record, 'exact set match', 'scored')} exact set match"
        )
    else:
        told = ", ".join(
            f"{_share(record, f'{kind} found', f'{kind} of gold')} of {kind} found"
            f" ({_mean(record, kind)} listed)"
            for kind in LINKED
        )
    return f"{name}: {told} ({record.metrics['cpu_s']:.1f} CPU s)"


def question_lines(records: Iterable[Record]) -> list[str]:
    """Every row, and for the grammar whether the target is met and what is not covered."""
    told = []
    for record in gather_questions(records):
        text = line(record)
        if record.task["task"] == GRAMMAR:
            asked = _count(record, "questions") - _count(record, "without a database")
            covered, executed = _count(record, "covered"), _count(record, "executed")
            met = covered >= AIM * asked and _count(record, "same rows") >= AIM * executed
            text += f", target {'met' if met else 'missed'} ({AIM:.0%} of each)"
        told.append(text)
        told += [f"    not covered: {n} with {reason}" for reason, n in _reasons(record)]
    return told


def _reasons(record: Record) -> Iterable[tuple[str, int]]:
    return record.metrics.get("reasons", {}).items()


def question_tables(records: Sequence[Record]) -> list[Table]:
    """A table for each part."""
    found = []
    for part, columns in ((GRAMMAR, GRAMMAR_COLUMNS), (LINKING, LINKING_COLUMNS)):
        some = [record for record in records if record.task["task"] == part]
        found += [table_of(columns, some)] if some else []
    return found


def question_sections(records: Sequence[Record]) -> list[str]:
    """The tables for the page."""
    return [section("Questions", ABOUT, "".join(map(html, question_tables(records))))]


def question_summary(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The rows as plain data."""
    return [
        {
            **r.task, **r.metrics["counts"], "reasons": r.metrics.get("reasons", {}),
            "cpu_s": r.metrics["cpu_s"],
        }
        for r in records
    ]  # fmt: skip
