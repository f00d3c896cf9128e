"""What verifiers said of planted instances, as a table and as lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.tables import Column, Table, html, table_of
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.selecting import latest
from abduce.benchmarks.soundness.judging import Kind, verdict_of

ABOUT: Final = (
    "Every planted instance has an input that violates its property, checked in onnxruntime. A "
    "verifier that proves such a property is wrong. Clean instances have no known counterexample."
)


@dataclass(frozen=True, slots=True)
class Row:
    """A verifier on the instances of a kind."""

    verifier: str
    kind: Kind


COLUMNS: Final[Sequence[Column[Row]]] = (
    Column("verifier", lambda row: row.verifier, code=True),
    Column("kind", lambda row: row.kind.kind),
    Column("instances", lambda row: str(row.kind.instances), right=True),
    Column(
        "proved",
        lambda row: str(row.kind.proved),
        right=True,
        mood=lambda row: "bad" if row.kind.names else "",
    ),
    Column("refuted", lambda row: str(row.kind.refuted), right=True),
    Column("other answers", lambda row: others(row.kind)),
)


def others(kind: Kind) -> str:
    """The answers that are neither a proof nor a counterexample that holds."""
    said = dict(kind.others)
    if kind.unfounded:
        said["counterexample that does not hold"] = kind.unfounded
    return ", ".join(f"{count} {word}" for word, count in said.items())


def soundness_lines(kinds: Sequence[Kind]) -> list[str]:
    """A line for each kind, and one for all planted instances together."""
    found = [
        f"{kind.kind}: {kind.instances} instances, {kind.proved} proved, {kind.refuted} refuted"
        + (f", {text}" if (text := others(kind)) else "")
        for kind in kinds
    ]
    whole = verdict_of(kinds)
    share = "" if whole["falsified_share"] is None else f" ({whole['falsified_share']:.1%})"
    return [
        *found,
        f"of {whole['planted']} properties that a known input violates: "
        f"{whole['falsely verified']} proved wrongly, {whole['falsified']} refuted{share}",
    ]


def gather_soundness(records: Sequence[Record]) -> list[Record]:
    """The complete ones; of a verifier and its limit the latest one."""
    return latest(records, "soundness")


def soundness_tables(records: Sequence[Record]) -> list[Table]:
    rows = [
        Row(str(record.task["verifier"]), Kind(**kind))
        for record in records
        for kind in record.metrics["kinds"]
    ]
    return [table_of(COLUMNS, rows)]


def soundness_sections(records: Sequence[Record]) -> list[str]:
    return [section("Soundness", ABOUT, html(table)) for table in soundness_tables(records)]


def soundness_summary(records: Sequence[Record]) -> list[dict[str, Any]]:
    return [
        {"verifier": record.task["verifier"], "kinds": record.metrics["kinds"]}
        for record in records
    ]
