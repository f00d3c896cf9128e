"""Records about comparisons of queries, as lines, as tables, as a part of the page."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.tables import Column, Table, html, table_of
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.selecting import latest_in_order

ABOUT: Final = (
    "Each mutant is one of Spider's gold queries with one edit that leaves its rows on the "
    "original database as they were. A comparison proves that both are equal on every database "
    "with the stated keys, or shows a database on which they differ. 'Equal up to 3' says only "
    "that no database of at most 3 rows a table tells them apart, and is no proof."
)
REFUTED_FILE, SECONDS, REFUTED_SCHEMA = 0.95, 30.0, 115
"""Targets: refuted under the keys of the files, in so many CPU seconds, and under tables.json."""
DECIDED: Final = {"distinct added": 0.8, "inner to left join": 0.6}
OTHERS: Final = 0.5
"""The share of open mutants to decide, by kind of edit."""
WORDS: Final = ("proved", "refuted", "equal up to", "unknown")


COLUMNS: Final[Sequence[Column[Record]]] = (
    Column("list", lambda r: r.task["list"]),
    Column("keys", lambda r: {"file": "of the file", "schema": "tables.json"}[r.task["keys"]]),
    Column("edit", lambda r: r.task["edit"]),
    Column("pairs", lambda r: str(r.task["pairs"]), right=True),
    *(
        Column(word, lambda r, word=word: str(r.metrics["counts"].get(word, 0)), right=True)
        for word in WORDS
    ),
    Column("CPU s", lambda r: f"{r.metrics['cpu_s']:.1f}", right=True),
)


def gather_queries(records: Iterable[Record]) -> list[Record]:
    """The latest complete record of each row, whatever its limit on time was."""
    return latest_in_order(records, "sql", _order)


def _order(record: Record) -> tuple[Any, ...]:
    return (*(record.task[name] for name in ("list", "keys", "edit")), record.seed)


def line(record: Record) -> str:
    """A row of the table, in one line."""
    task, found = record.task, record.metrics
    counts = ", ".join(f"{found['counts'].get(word, 0)} {word}" for word in WORDS)
    name = f"{task['list']}, keys of the {task['keys']}, {task['edit']}"
    return f"{name}: {task['pairs']} pairs: {counts} ({found['cpu_s']:.1f} CPU s)"


def target_lines(records: Iterable[Record]) -> list[str]:
    """What was reached of each target."""
    found = gather_queries(records)
    return [text for part in (_refuted, _open) for text in part(found)]


def _of(found: Sequence[Record], listed: str, keys: str) -> list[Record]:
    return [r for r in found if (r.task["list"], r.task["keys"]) == (listed, keys)]


def _count(records: Sequence[Record], word: str) -> int:
    return sum(record.metrics["counts"].get(word, 0) for record in records)


def _pairs(records: Sequence[Record]) -> int:
    return sum(record.task["pairs"] for record in records)


def _refuted(found: Sequence[Record]) -> list[str]:
    told = []
    for keys in ("file", "schema"):
        records = _of(found, "refuted", keys)
        if not records:
            continue
        number, pairs = _count(records, "refuted"), _pairs(records)
        cpu = sum(r.metrics["cpu_s"] for r in records)
        text = (
            f"refuted list, keys of the {keys}: {number} of {pairs} refuted,"
            f" {_count(records, 'proved')} proved equal, {cpu:.1f} CPU s"
        )
        met, target = number >= REFUTED_SCHEMA, f"{REFUTED_SCHEMA}"
        if keys == "file":
            met = number >= REFUTED_FILE * pairs and cpu <= SECONDS
            target = f"{REFUTED_FILE:.0%} in {SECONDS:g} CPU s"
        told.append(_judged(text, met, target))
    return told


def _open(found: Sequence[Record]) -> list[str]:
    told = []
    for keys in ("file", "schema"):
        records = _of(found, "open", keys)
        for edit in (*DECIDED, "all others"):
            some = [
                r for r in records
                if edit in (r.task["edit"], "all others")
                and (edit in DECIDED or r.task["edit"] not in DECIDED)
            ]  # fmt: skip
            if not some:
                continue
            pairs, counts = _pairs(some), {word: _count(some, word) for word in WORDS}
            decided = pairs - counts["unknown"]
            sure = counts["proved"] + counts["refuted"]
            least = DECIDED.get(edit, OTHERS)
            text = (
                f"open list, keys of the {keys}, {edit}: {decided} of {pairs} decided:"
                f" {counts['proved']} proved, {counts['refuted']} refuted,"
                f" {counts['equal up to']} equal up to a bound"
            )
            met = decided >= least * pairs and 2 * sure >= decided
            told.append(_judged(text, met, f"{least:.0%}, half of them proved or refuted"))
    return told


def _judged(text: str, met: bool, target: str) -> str:
    return f"{text}, target {'met' if met else 'missed'} ({target})"


def query_tables(records: Sequence[Record]) -> list[Table]:
    """A line for each list, origin of keys and kind of edit."""
    return [table_of(COLUMNS, list(records))]


def query_sections(records: Sequence[Record]) -> list[str]:
    """The table for the page."""
    return [section("Queries", ABOUT, html(table)) for table in query_tables(records)]


def query_summary(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The rows as plain data."""
    return [
        {**r.task, "seed": r.seed, **r.metrics["counts"], "cpu_s": r.metrics["cpu_s"]}
        for r in records
    ]
