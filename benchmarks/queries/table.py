"""Records about comparisons of queries, as lines, as tables, as a part of the page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.tables import Column, Table, html, table_of
from abduce.benchmarks.records.record import Record

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


@dataclass(frozen=True, slots=True)
class Row:
    """The mutants of one kind of edit, list and origin of keys."""

    listed: str
    keys: str
    edit: str
    records: tuple[Record, ...]

    def count(self, *words: str) -> int:
        return sum(record.metrics["verdict"] in words for record in self.records)

    @property
    def cpu_s(self) -> float:
        return sum(record.metrics["cpu_s"] for record in self.records)


COLUMNS: Final[Sequence[Column[Row]]] = (
    Column("list", lambda row: row.listed),
    Column("keys", lambda row: {"file": "of the file", "schema": "tables.json"}[row.keys]),
    Column("edit", lambda row: row.edit),
    Column("pairs", lambda row: str(len(row.records)), right=True),
    *(Column(word, lambda row, word=word: str(row.count(word)), right=True) for word in WORDS),
    Column("CPU s", lambda row: f"{row.cpu_s:.1f}", right=True),
)


def gather_queries(records: Iterable[Record]) -> list[Record]:
    """The latest complete record of each pair, whatever its limit on time was."""
    latest: dict[tuple[Any, ...], Record] = {}
    for record in records:
        if record.kind == "sql" and record.status == "complete":
            known = latest.get(_order(record))
            if known is None or record.when >= known.when:
                latest[_order(record)] = record
    return sorted(latest.values(), key=_order)


def _order(record: Record) -> tuple[Any, ...]:
    names = ("list", "keys", "edit", "database", "gold", "mutant")
    return (*(record.task[name] for name in names), record.seed)


def line(record: Record) -> str:
    """A pair and what was found, in one line."""
    task, found = record.task, record.metrics
    told = found["verdict"]
    if found.get("up_to_rows"):
        told += f" {found['up_to_rows']}"
    return (
        f"{told}: {task['database']}, {task['edit']}, keys of the {task['keys']},"
        f" {found['cpu_s']:.2f} CPU s"
    )


def rows_of(records: Sequence[Record]) -> list[Row]:
    """The rows, one for each list, origin of keys and kind of edit."""
    keys = sorted({(r.task["list"], r.task["keys"], r.task["edit"]) for r in records})
    return [
        Row(*key, tuple(r for r in records
                        if (r.task["list"], r.task["keys"], r.task["edit"]) == key))
        for key in keys
    ]  # fmt: skip


def row_lines(records: Iterable[Record]) -> list[str]:
    """A line for each row of the table."""
    told = []
    for row in rows_of(gather_queries(records)):
        counts = ", ".join(f"{row.count(word)} {word}" for word in WORDS)
        name = f"{row.listed}, keys of the {row.keys}, {row.edit}"
        told.append(f"{name}: {len(row.records)} pairs: {counts} ({row.cpu_s:.1f} CPU s)")
    return told


def target_lines(records: Iterable[Record]) -> list[str]:
    """What was reached of each target."""
    found = gather_queries(records)
    return [text for part in (_refuted, _open) for text in part(found)]


def _of(found: Sequence[Record], listed: str, keys: str) -> list[Record]:
    return [r for r in found if (r.task["list"], r.task["keys"]) == (listed, keys)]


def _refuted(found: Sequence[Record]) -> list[str]:
    told = []
    for keys in ("file", "schema"):
        records = _of(found, "refuted", keys)
        if not records:
            continue
        number = sum(r.metrics["verdict"] == "refuted" for r in records)
        proved = sum(r.metrics["verdict"] == "proved" for r in records)
        cpu = sum(r.metrics["cpu_s"] for r in records)
        text = (
            f"refuted list, keys of the {keys}: {number} of {len(records)} refuted, {proved} proved"
            f" equal, {cpu:.1f} CPU s"
        )
        met = number >= REFUTED_SCHEMA
        target = f"{REFUTED_SCHEMA}"
        if keys == "file":
            met = number >= REFUTED_FILE * len(records) and cpu <= SECONDS
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
            counts = {w: sum(r.metrics["verdict"] == w for r in some) for w in WORDS}
            decided = len(some) - counts["unknown"]
            sure = counts["proved"] + counts["refuted"]
            least = DECIDED.get(edit, OTHERS)
            text = (
                f"open list, keys of the {keys}, {edit}: {decided} of {len(some)} decided:"
                f" {counts['proved']} proved, {counts['refuted']} refuted,"
                f" {counts['equal up to']} equal up to a bound"
            )
            met = decided >= least * len(some) and 2 * sure >= decided
            told.append(_judged(text, met, f"{least:.0%}, half of them proved or refuted"))
    return told


def _judged(text: str, met: bool, target: str) -> str:
    return f"{text}, target {'met' if met else 'missed'} ({target})"


def query_tables(records: Sequence[Record]) -> list[Table]:
    """A line for each list, origin of keys and kind of edit."""
    return [table_of(COLUMNS, rows_of(records))]


def query_sections(records: Sequence[Record]) -> list[str]:
    """The table for the page."""
    return [section("Queries", ABOUT, html(table)) for table in query_tables(records)]


def query_summary(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The rows as plain data."""
    return [
        {"list": row.listed, "keys": row.keys, "edit": row.edit, "pairs": len(row.records)}
        | {word: row.count(word) for word in WORDS}
        | {"cpu_s": row.cpu_s}
        for row in rows_of(records)
    ]
