"""Records about certificates, as lines, as a table, as a part of the page and plain data."""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.tables import Column, Table, html, table_of
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.selecting import latest

ABOUT: Final = (
    "Instances of the competition that hold, proved with a certificate, which a checker of its own "
    "accepts or refuses. Seconds are CPU seconds: of solving alone, of solving and writing the "
    "certificate, and of checking it."
)
INPUTS: Final = "acasxu"
"""The benchmark whose proofs split inputs; those of others split signs."""
INSTANCES: Final = 139
"""The instances of acasxu that hold."""
OVERHEAD, TIMES, SHARE = 0.2, 2.0, 0.95
"""Targets: writing costs at most this share of solving, and checking at most this multiple of it,
in the sum and for this share of instances."""
MANY, BYTES, MORE_BYTES = 1000, 64.0, 1024.0
"""Proofs with so many leaves have at most so many bytes a leaf in the mean, where they split inputs
and where they split signs."""


def gather_certificates(records: Iterable[Record]) -> list[Record]:
    """The latest record of each instance, whatever its settings were."""
    found: dict[tuple[str, ...], Record] = {}
    for record in sorted(latest(records, "certificates"), key=lambda record: record.when):
        found[_order(record)] = record
    return sorted(found.values(), key=_order)


def _order(record: Record) -> tuple[str, ...]:
    return tuple([str(record.task[name]) for name in ("benchmark", "property", "network")])


def _name(record: Record, name: str) -> str:
    return PurePosixPath(record.task[name]).stem


def outcome_text(record: Record) -> str:
    """What became of the certificate, in words."""
    found = record.metrics
    if found["accepted"]:
        return "accepted"
    return f"refused: {found['reason']}" if found["leaves"] else f"none: {found['reason']}"


def certificate_line(record: Record) -> str:
    """An instance and what was found, in one line."""
    found = record.metrics
    size = f", {found['leaves']:,} leaves, {found['bytes']:,} bytes" if found["leaves"] else ""
    checked = "" if found["check_s"] is None else f", checked {found['check_s']:.2f}"
    return (
        f"{_name(record, 'network')} {_name(record, 'property')}: {outcome_text(record)}{size}"
        f" (solved {found['solve_s']:.2f}, with certificate {found['certify_s']:.2f}{checked}"
        " CPU s)"
    )


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


COLUMNS: Sequence[Column[Record]] = (
    Column("network", lambda r: _name(r, "network")),
    Column("property", lambda r: _name(r, "property")),
    Column("certificate", outcome_text),
    Column("leaves", lambda r: _number(r.metrics["leaves"], ","), right=True),
    Column("bytes", lambda r: _number(r.metrics["bytes"], ","), right=True),
    Column("solved, s", lambda r: f"{r.metrics['solve_s']:.2f}", right=True),
    Column("with certificate, s", lambda r: f"{r.metrics['certify_s']:.2f}", right=True),
    Column("checked, s", lambda r: _number(r.metrics["check_s"], ".2f"), right=True),
)


def certificate_lines(records: Iterable[Record]) -> list[str]:
    """What was reached of each target, from the records; none without records."""
    found = gather_certificates(records)
    if not found:
        return []
    accepted = [record.metrics for record in found if record.metrics["accepted"]]
    told: list[str] = []
    for name in sorted({record.task["benchmark"] for record in found}):
        mine = [record for record in found if record.task["benchmark"] == name]
        count = sum(record.metrics["accepted"] for record in mine)
        text = f"{name}: {count} of {len(mine)} certificates accepted"
        target = f"{INSTANCES} instances"
        told.append(_judged(text, count >= INSTANCES, target) if name == INPUTS else text)
    solve_s, certify_s, check_s = (
        sum(each[name] for each in accepted) for name in ("solve_s", "certify_s", "check_s")
    )
    if not solve_s:
        return told
    more = certify_s / solve_s - 1
    text = f"writing adds {more:.1%} to {solve_s:.1f} CPU s of solving"
    told.append(_judged(text, more <= OVERHEAD, f"{OVERHEAD:.0%}"))
    quick = sum(each["check_s"] <= TIMES * each["solve_s"] for each in accepted) / len(accepted)
    text = (
        f"checking takes {check_s / solve_s:.2f} times as long as solving in the sum, and at most"
        f" {TIMES:g} times as long for {quick:.1%} of the instances"
    )
    met = check_s <= TIMES * solve_s and quick >= SHARE
    told.append(_judged(text, met, f"{TIMES:g} times, for {SHARE:.0%}"))
    for what, most in (("inputs", BYTES), ("signs", MORE_BYTES)):
        large = [
            record.metrics["bytes"] / record.metrics["leaves"]
            for record in found
            if (record.task["benchmark"] == INPUTS) == (what == "inputs")
            and record.metrics["accepted"]
            and record.metrics["leaves"] >= MANY
        ]
        if large:
            mean = sum(large) / len(large)
            text = f"{mean:.1f} bytes a leaf in {len(large)} proofs that split {what}"
            target = f"{most:g} bytes, with at least {MANY:,} leaves"
            told.append(_judged(text, mean <= most, target))
    return told


def _judged(text: str, met: bool, target: str) -> str:
    return f"{text}, target {'met' if met else 'missed'} ({target})"


def certificate_tables(records: Sequence[Record]) -> list[Table]:
    """A line for each instance."""
    return [table_of(COLUMNS, list(records))]


def certificate_sections(records: Sequence[Record]) -> list[str]:
    """The table for the page."""
    return [section("Certificates", ABOUT, html(t)) for t in certificate_tables(records)]


def certificate_summary(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The rows as plain data."""
    return [{**r.task, "seed": r.seed, **r.metrics} for r in records]
