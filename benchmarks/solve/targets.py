"""The targets of a part of the benchmark, and what its records reached, one line for each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from statistics import fmean
from types import MappingProxyType
from typing import Final

from abduce.benchmarks.records.record import Record
from abduce.benchmarks.solve.gathered import Row, gather
from abduce.benchmarks.solve.tasks import HINT_ROWS

CPU_S: Final = 60.0
DRAWS: Final = 0.95
QUESTIONS: Final = 20.0
LAW: Final = 0.99
HINT_S: Final = 300.0
CONCEPT: Final = 0.95
ROUNDED: Final = 2e-3
"""Bits are recorded with three decimals."""


def target_lines(parts: Iterable[str], records: Iterable[Record]) -> list[str]:
    """The lines of those parts that have targets; 'all' has those of every part.

    Only records of the learner's default configuration count.
    """
    wanted = set(parts)
    rows = [row for row in gather(records) if not row.setting.changed]
    return [
        line for part, lines in TARGETS.items() if wanted & {part, "all"} for line in lines(rows)
    ]


def _words(rows: Sequence[Row]) -> Iterator[str]:
    for row in sorted(
        (row for row in rows if row.setting.task == "words"), key=lambda r: int(r.setting.split)
    ):
        spent = fmean(r.metrics["train_s"] for r in row.records)
        words = int(row.setting.split)
        told = f"{words:,} words, {row.setting.train_rows:,} rows: {spent:.1f} s of CPU time"
        if words == 10_000:
            told += f", {_met(spent <= CPU_S)} (at most {CPU_S:g} s)"
        yield told


def _few_rows(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        few = row.setting
        if (few.task, few.split, few.noise) != ("scan", "simple", 0) or few.train_rows > 50:
            continue
        if few.active:
            continue
        draws = len(row.records)
        right = sum(r.metrics["accuracy"] == 1 for r in row.records)
        wrong = sum(bool(r.metrics.get("wrong")) for r in row.records)
        told = (
            f"{few.train_rows} rows: {right} of {draws} draws at 100 %, {wrong} with wrong answers"
        )
        if few.train_rows == 50:
            met = _met(right >= DRAWS * draws and not wrong)
            told += f", {met} ({DRAWS:.0%} of the draws, and no wrong answer)"
        yield told


def _active(rows: Sequence[Row]) -> Iterator[str]:
    runs = [r for row in rows if row.setting.active for r in row.records]
    if runs:
        asked = fmean(r.metrics["queries"] for r in runs)
        right = sum(r.metrics["accuracy"] == 1 for r in runs)
        yield (
            f"{right} of {len(runs)} runs at 100 %, {asked:.1f} questions in the mean, "
            f"{_met(right == len(runs) and asked <= QUESTIONS)} "
            f"(all, with at most {QUESTIONS:g} questions)"
        )


def _lexicons(rows: Sequence[Row]) -> Iterator[str]:
    drawn = [r for row in rows if row.setting.task == "lexicons" for r in row.records]
    longer = [record for record in drawn if not _as_short(record)]
    for record in longer:
        bits, true = record.metrics.get("learned_bits"), record.metrics.get("true_bits")
        yield f"longer than the true lexicon: {record.command} ({bits} bits, the true one {true})"
    if drawn:
        yield (
            f"{len(drawn) - len(longer)} of {len(drawn)} lexicons as short as the true one, "
            f"{_met(len(longer) <= (1 - LAW) * len(drawn))} ({LAW:.0%})"
        )


def _hint(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        if (row.setting.task, row.setting.split) == ("hint", "main"):
            runs = row.records
            right = sum(r.metrics["accuracy"] == 1 for r in runs)
            spent = max(r.metrics["train_s"] + r.metrics["test_s"] for r in runs)
            told = (
                f"{row.setting.train_rows:,} rows: {right} of {len(runs)} seeds at 100 % on all "
                f"five subsets, {_worst(runs)} at least, {spent:.0f} s of CPU time at most"
            )
            if row.setting.train_rows == HINT_ROWS:
                told += f", {_met(right == len(runs) and spent <= HINT_S)} (all, {HINT_S:g} s)"
            yield told


def _worst(runs: Sequence[Record]) -> str:
    return f"{100 * min(r.metrics['accuracy'] for r in runs):.1f} %"


def _concepts(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        concept = row.setting.split
        if row.setting.task != "hint" or concept == "main":
            continue
        own = fmean(r.metrics["groups"][concept]["accuracy"] for r in row.records)
        kept = min(
            share["accuracy"]
            for r in row.records
            for group, share in r.metrics["groups"].items()
            if group != concept
        )
        yield (
            f"concept {concept}: {100 * own:.1f} % in the mean of {len(row.records)} draws of 10 "
            f"rows, the other subsets {100 * kept:.1f} % at least, "
            f"{_met(own >= CONCEPT and kept == 1)} ({CONCEPT:.0%}, and 100 %)"
        )


def _as_short(record: Record) -> bool:
    """Whether the lexicon that was learned has no more bits than the true one."""
    bits, true = record.metrics.get("learned_bits"), record.metrics.get("true_bits")
    return bits is not None and true is not None and bits <= true + ROUNDED


def _met(reached: bool) -> str:
    return "target met" if reached else "target missed"


TARGETS: Mapping[str, Callable[[Sequence[Row]], Iterator[str]]] = MappingProxyType(
    {
        "words": _words,
        "rows": _few_rows,
        "active": _active,
        "lexicons": _lexicons,
        "hint-symbols": _hint,
        "hint-concepts": _concepts,
    }
)
