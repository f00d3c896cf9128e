"""The report as one self-contained HTML page: no network, light or dark as the reader likes it."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from abduce.benchmarks.drawing.html import Cell, facts, section, table
from abduce.benchmarks.drawing.numbers import seconds
from abduce.benchmarks.execution.gathered import Executed
from abduce.benchmarks.execution.page import executed_sections
from abduce.benchmarks.lambda_calculus.gathered import NOTHING, Reductions
from abduce.benchmarks.lambda_calculus.page import reduction_sections
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.solve.figures import (
    accuracy_by_noise,
    accuracy_by_split,
    accuracy_by_training_rows,
    seconds_by_split,
)
from abduce.benchmarks.solve.gathered import (
    Row,
    by_noise,
    by_rows,
    commands,
    flat,
    main_rows,
)
from abduce.benchmarks.solve.table import HEADERS, RIGHT, cells, used_columns
from abduce.benchmarks.verify.gathered import Verdicts
from abduce.benchmarks.verify.page import verdict_sections

BY_SPLIT = (
    "Whole answers right, on the split's test set: of each split the run with the most training "
    "rows, without noise."
)
BY_ROWS = "The line is the mean over seeds; the band runs from the worst seed to the best."
BY_SECONDS = (
    "Wall clock for training (the number at the right) and for answering the whole test set; "
    "bars run from the fastest seed to the slowest."
)
BY_NOISE = "A share of the training outputs was replaced by other outputs; the test set is clean."


def page(
    rows: Sequence[Row],
    left_out: Sequence[Record],
    sources: Sequence[str],
    verdicts: Sequence[Verdicts] = (),
    executed: Sequence[Executed] = (),
    reduced: Reductions = NOTHING,
) -> str:
    """The whole page.

    Args:
        left_out: runs that did not complete; named, not drawn.
        sources: the record files, as the reader would name them.
        verdicts: what was verified, by benchmark.
        executed: programs that were run, by task, level and method.
        reduced: lambda terms, by term and by package.
    """
    style = Path(__file__).with_name("report_page.css").read_text(encoding="utf-8")
    runs = [record for row in (*rows, *verdicts, *executed, reduced) for record in row.records]
    kinds = [
        ("What was learned", _learned(rows) if rows else []),
        ("What was verified", verdict_sections(verdicts)),
        ("What was executed", executed_sections(executed)),
        ("What was reduced", reduction_sections(reduced)),
    ]
    told = [(title, parts) for title, parts in kinds if parts] or [(kinds[0][0], [_table(rows)])]
    parts = [_head(told[0][0], runs, sources), *told[0][1]]
    for title, more in told[1:]:
        parts += [f"<h1>{title}</h1>", *more]
    parts += [_unfinished(left_out), _colophon(runs)]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        "<title>Abduce: report</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{style}</style></head>\n<body><main>\n"
        + "\n".join(p for p in parts if p)
        + "\n</main></body></html>\n"
    )


def _learned(rows: Sequence[Row]) -> list[str]:
    best = main_rows(rows)
    learning, noise = by_rows(rows), by_noise(rows)
    parts = [_facts(rows, best)]
    if best:
        drawn = accuracy_by_split(best)
        parts.append(section("Accuracy by split", BY_SPLIT, drawn, commands(best)))
    if learning:
        title, drawn = "Accuracy against training rows", accuracy_by_training_rows(learning)
        parts.append(section(title, BY_ROWS, drawn, commands(flat(learning))))
    if best:
        parts.append(section("Seconds", BY_SECONDS, seconds_by_split(best), commands(best)))
    if noise:
        title, drawn = "Accuracy against noise", accuracy_by_noise(noise)
        parts.append(section(title, BY_NOISE, drawn, commands(flat(noise))))
    return [*parts, _table(rows)]


def _head(title: str, records: Sequence[Record], sources: Sequence[str]) -> str:
    days = sorted({record.when[:10] for record in records})
    when = "" if not days else f", {days[0]}" if len(days) == 1 else f", {days[0]} to {days[-1]}"
    files = ", ".join(f"<code>{escape(source)}</code>" for source in sources)
    return f'<h1>{title}</h1>\n<p class="muted">{len(records)} runs{when}, from {files}</p>'


def _facts(rows: Sequence[Row], best: Sequence[Row]) -> str:
    solved = sum(all(r.metrics["accuracy"] == 1 for r in row.records) for row in best)
    trains = [spread.high for row in best if (spread := row.spread("train_s"))]
    peaks = [spread.high for row in rows if (spread := row.spread("peak_mb"))]
    hashes = {name for row in rows for name in row.hashes}
    found = [
        (f"{solved} of {len(best)}", "splits solved without an error, at every seed"),
        (seconds(max(trains)), "the slowest training") if trains else None,
        (f"{max(peaks):.0f} MB", "the highest peak of memory") if peaks else None,
        (
            str(len(hashes)),
            "configuration for all of them" if len(hashes) == 1 else "configurations",
        ),
    ]
    return facts(filter(None, found)) if rows else ""


def _table(rows: Sequence[Row]) -> str:
    if not rows:
        return "<section><p>No complete run in these records.</p></section>"
    used = used_columns(rows)
    headers = [HEADERS[n] for n in used]
    body = [[_cell(row, n) for n in used] for row in rows]
    text = "Mean ± standard deviation over seeds; of repetitions the latest."
    return section("All settings", text, table(headers, body, RIGHT))


def _cell(row: Row, number: int) -> Cell:
    text = cells(row)[number]
    if HEADERS[number] == "accuracy" and all(r.metrics["accuracy"] == 1 for r in row.records):
        return Cell(text, "good")
    return Cell(text, code=HEADERS[number] == "config")


def _unfinished(records: Sequence[Record]) -> str:
    if not records:
        return ""
    lines = escape("\n".join(f"{record.status:12} {record.command}" for record in records))
    return f"<section><h2>Did not complete</h2><pre>{lines}</pre></section>"


def _colophon(records: Sequence[Record]) -> str:
    machines = dict.fromkeys(
        f"{r.machine.get('processor') or r.machine.get('machine', '?')}, "
        f"{r.machine.get('cores', '?')} cores, "
        f"Python {r.machine.get('python', '?')}"
        for r in records
    )
    commits = dict.fromkeys(
        f"{(r.commit or 'no checkout')[:10]}{' with changes' if r.dirty else ''}" for r in records
    )
    return (
        f'<p class="muted small">Measured on {escape("; ".join(machines) or "nothing")}. '
        f"Code: {escape(', '.join(commits) or 'unknown')}. "
        "Made by <code>abduce report</code> from records only.</p>"
    )


def summary(rows: Sequence[Row]) -> list[dict[str, object]]:
    """The rows as plain data, for --json."""
    return [
        {
            "task": row.setting.task,
            "split": row.setting.split,
            "active": row.setting.active,
            "noise": row.setting.noise,
            "train_rows": row.setting.train_rows,
            "seeds": [record.seed for record in row.records],
            **{
                metric: spread
                and {"mean": spread.mean, "sd": spread.sd, "low": spread.low, "high": spread.high}
                for metric in ("accuracy", "train_s", "test_s", "peak_mb", "queries")
                for spread in (row.spread(metric),)
            },
            "abstained": row.total("abstained"),
            "config_hash": list(row.hashes),
            "commands": commands([row]),
        }
        for row in rows
    ]
