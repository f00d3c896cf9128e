"""Records about activation patterns, as lines, as tables, as a part of the page and plain data."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from abduce.benchmarks.drawing.html import section
from abduce.benchmarks.drawing.tables import Column, Table, html, table_of
from abduce.benchmarks.records.record import Record

ABOUT: Final = (
    "Activation patterns of MNIST networks: the first 400 images of each class are mined, the "
    "other 100 are held out. Coverage is the share of the held-out images of a class that follow "
    "its pattern, wrong the share of images that follow the pattern of another class. A claim "
    "(class) is about all images from 0 to 1 that follow the pattern; a minimal pattern is proved "
    "within a ball around one held-out image."
)
RECALLS: Final = {0.95: 0.529, 0.99: 0.820}
"""Recalls of the 256x2 network that were measured before, on another division of the images."""
NEAR, TIMES, WIDE = 0.02, 10.0, 8
"""How near recalls must be, how many times the radius of the ball alone, and for how many
classes."""


def gather_specifications(records: Iterable[Record]) -> list[Record]:
    """The latest complete record of each job, whatever its limit on time was."""
    latest: dict[tuple[Any, ...], Record] = {}
    for record in records:
        if record.kind == "specifications" and record.status == "complete" and _whole(record):
            known = latest.get(_order(record))
            if known is None or record.when >= known.when:
                latest[_order(record)] = record
    return sorted(latest.values(), key=_order)


NEEDED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "recall": ("recall", "wrong", "neurons", "accuracy"),
        "pairs": ("proved", "refuted", "unknown"),
        "class": ("verdict", "neurons", "coverage", "wrong", "cpu_s"),
        "radius": ("ball", "radius", "whole"),
        "minimal": ("verdict", "neurons", "mined", "coverage", "wrong", "calls", "cpu_s"),
    }
)
"""The measurements that each part is told by."""


def _whole(record: Record) -> bool:
    """Whether a record has what its part is told by; a damaged one may lack some of it."""
    needed = NEEDED.get(record.task["part"], ())
    return all(record.metrics.get(name) is not None for name in needed)


def _order(record: Record) -> tuple[Any, ...]:
    task = record.task
    label = -1 if task["label"] is None else task["label"]
    return task["part"], task["network"], task["way"] or "", task["delta"], label, record.seed


def outcome_text(record: Record) -> str:
    """What a job found, in words."""
    found = record.metrics
    match record.task["part"]:
        case "recall":
            return (
                f"recall {found['recall']:.3f}, wrong {found['wrong']:.3f},"
                f" {found['neurons']} neurons, accuracy {found['accuracy']:.3f}"
            )
        case "pairs":
            names = ("proved", "refuted", "unknown")
            return ", ".join(f"{found[name]} {name}" for name in names)
        case "class":
            return f"{found['verdict']}, {found['neurons']} neurons, {_shares(found)}"
        case "radius":
            whole = " (the whole box)" if found["whole"] else ""
            times = f", {found['radius'] / found['ball']:.1f} times" if found["ball"] else ""
            return (
                f"ball alone {found['ball']:.4f}, with pattern {found['radius']:.4f}{whole}{times}"
            )
        case _:
            return (
                f"{found['verdict']}, {found['neurons']} of {found['mined']} neurons,"
                f" {_shares(found)}, {found['calls']} questions"
            )


def _shares(found: Any) -> str:
    return f"coverage {found['coverage']:.2f}, wrong {found['wrong']:.4f}"


def line(record: Record) -> str:
    """A job and what it found, in one line."""
    task = record.task
    label = "" if task["label"] is None else f" class {task['label']}"
    way = f" {task['way']}" if task["way"] else ""
    return (
        f"{task['part']}{way} {task['network']} delta {task['delta']:g}{label}:"
        f" {outcome_text(record)} ({record.metrics['cpu_s']:.1f} CPU s)"
    )


COLUMNS: Sequence[Column[Record]] = (
    Column("part", lambda r: " ".join(filter(None, (r.task["part"], r.task["way"])))),
    Column("network", lambda r: r.task["network"]),
    Column("delta", lambda r: f"{r.task['delta']:g}", right=True),
    Column("class", lambda r: "all" if r.task["label"] is None else str(r.task["label"])),
    Column("found", outcome_text),
    Column("CPU s", lambda r: f"{r.metrics['cpu_s']:.1f}", right=True),
)


def target_lines(records: Iterable[Record]) -> list[str]:
    """What was reached of each target, from the records."""
    found = gather_specifications(records)
    return [text for part in (_recalls, _classes, _pairs, _radii, _minimal) for text in part(found)]


def _of(found: Sequence[Record], part: str, **asked: Any) -> list[Record]:
    chosen = [r for r in found if r.task["part"] == part]
    return [r for r in chosen if all(r.task[name] == value for name, value in asked.items())]


def _judged(text: str, met: bool, target: str) -> str:
    return f"{text}, target {'met' if met else 'missed'} ({target})"


def _recalls(found: Sequence[Record]) -> list[str]:
    told = []
    for delta, known in RECALLS.items():
        for record in _of(found, "recall", network="mnist-net_256x2", delta=delta):
            recall = record.metrics["recall"]
            text = f"256x2, delta {delta:g}: recall {recall:.3f}"
            told.append(_judged(text, abs(recall - known) <= NEAR, f"{known:.3f} within {NEAR:g}"))
    return told


def _classes(found: Sequence[Record]) -> list[str]:
    told = []
    for delta in sorted({r.task["delta"] for r in _of(found, "class")}, reverse=True):
        rows = _of(found, "class", delta=delta)
        names = [r.metrics["verdict"] for r in rows]
        counts = ", ".join(f"{names.count(n)} {n}" for n in sorted(set(names)))
        inside = sum(r.metrics["coverage"] for r in rows if r.metrics["verdict"] == "proved") / 10
        text = (
            f"claim (a) over the whole box, delta {delta:g}: {counts}; {inside:.1%} of all held-out"
            " images follow the proved pattern of their class"
        )
        decided = "unknown" not in names and len(rows) == 10
        told.append(_judged(text, decided, "all 10 classes decided"))
    return told


def _pairs(found: Sequence[Record]) -> list[str]:
    return [
        _judged(f"claim (b), delta {r.task['delta']:g}: {outcome_text(r)}",
                not r.metrics["unknown"], "all 45 pairs decided")
        for r in _of(found, "pairs")
    ]  # fmt: skip


def _radii(found: Sequence[Record]) -> list[str]:
    rows = _of(found, "radius")
    if not rows:
        return []
    whole = sum(r.metrics["whole"] for r in rows)
    wide = sum(
        r.metrics["radius"] >= TIMES * r.metrics["ball"] > 0 for r in rows if not r.metrics["whole"]
    )
    text = (
        f"radius with the pattern: at least {TIMES:g} times that of the ball alone for {wide} of"
        f" {len(rows)} classes, and the whole box for {whole} more"
    )
    return [_judged(text, wide >= WIDE, f"{TIMES:g} times for {WIDE} classes")]


def _minimal(found: Sequence[Record]) -> list[str]:
    told = []
    keys = sorted({(r.task["way"], r.task["delta"]) for r in _of(found, "minimal")})
    for way, delta in keys:
        rows = _of(found, "minimal", way=way, delta=delta)
        proved = [r for r in rows if r.metrics["verdict"] == "proved"]
        kept = sum(r.metrics["neurons"] for r in rows) / sum(r.metrics["mined"] for r in rows)
        cover = sum(r.metrics["coverage"] for r in rows) / len(rows)
        inside = sum(r.metrics["coverage"] for r in proved) / 10
        wrong = sum(r.metrics["wrong"] for r in rows) / len(rows)
        calls = sum(r.metrics["calls"] for r in rows)
        minutes = sum(r.metrics["cpu_s"] for r in rows) / 60
        least = 0.79 if delta < 0.97 else 0.90
        met = len(rows) == len(proved) == 10 and kept <= 0.3 and cover >= least
        met = met and wrong <= 0.005 and calls <= 200 and minutes <= 30
        text = (
            f"minimal patterns, {way}, delta {delta:g}: {len(proved)} of {len(rows)} proved,"
            f" {kept:.0%} of the neurons, coverage {cover:.3f} ({inside:.3f} in proved ones),"
            f" wrong {wrong:.4f}, {calls} questions, {minutes:.1f} CPU min"
        )
        told.append(_judged(text, met, f"30 %, {least:g}, 0.005, 200, 30"))
    return told


def specification_tables(records: Sequence[Record]) -> list[Table]:
    """A line for each job."""
    return [table_of(COLUMNS, list(records))]


def specification_sections(records: Sequence[Record]) -> list[str]:
    """The table for the page."""
    return [section("Patterns", ABOUT, html(t)) for t in specification_tables(records)]


def specification_summary(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The rows as plain data."""
    return [{**r.task, "seed": r.seed, **r.metrics} for r in records]
