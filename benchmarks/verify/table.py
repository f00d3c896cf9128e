"""The table of verdicts as text: cells, on the terminal, and as plain data."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from abduce.benchmarks.drawing.numbers import percent, seconds
from abduce.benchmarks.drawing.tables import markdown, wide_console
from abduce.benchmarks.verify.gathered import Verdicts, with_total
from abduce.console import Console

WRONG = "wrong of known"
VERDICT_HEADERS = (
    "benchmark",
    "instances",
    "proved",
    "refuted",
    "unknown",
    "errors",
    "answered",
    WRONG,
    "CPU median",
    "CPU p90",
    "CPU max",
    "time limit",
)


def verdict_cells(row: Verdicts) -> tuple[str, ...]:
    """One row as text, in the order of `VERDICT_HEADERS`."""
    shortest, longest = row.limits_s
    counts = (len(row.records), row.proved, row.refuted, row.unknown)
    return (
        row.benchmark,
        *(f"{count:,}" for count in counts),
        f"{row.errors:,}" if row.errors else "",
        percent(row.answered),
        f"{len(row.wrong):,} of {row.known:,}",
        *(seconds(value) for value in (row.median_s, row.slow_s, row.longest_s)),
        f"{shortest:g} s" if shortest == longest else f"{shortest:g}–{longest:g} s",
    )


def verdict_columns(rows: Sequence[Verdicts]) -> list[int]:
    """The columns that say something about any of the rows."""
    cells = [verdict_cells(row) for row in rows]
    return [n for n in range(len(VERDICT_HEADERS)) if any(texts[n] for texts in cells)]


def verdict_table(rows: Sequence[Verdicts], console: Console | None = None) -> None:
    """The table on stdout; a narrow terminal is spared some columns."""
    out = console or wide_console()
    shown_rows = with_total(rows)
    spared = {"CPU p90", "time limit"} if out.width < 110 else set[str]()
    shown = [n for n in verdict_columns(shown_rows) if VERDICT_HEADERS[n] not in spared]
    table = Table(box=None, header_style="bold", pad_edge=False)
    for n in shown:
        side = "right" if n else "left"
        table.add_column(VERDICT_HEADERS[n], justify=side, no_wrap=True, overflow="fold")
    for row in shown_rows:
        texts = verdict_cells(row)
        table.add_row(*(_coloured(row, VERDICT_HEADERS[n], texts[n]) for n in shown))
    out.print(table)
    out.print(Text("CPU: of the whole process, over all instances, answered or not", "dim"))
    if told := earlier_told(shown_rows[-1]):
        out.print(Text(told, "dim"))


def earlier_told(total: Verdicts) -> str:
    """How many records an earlier configuration made, as a sentence; empty where none."""
    if not total.earlier:
        return ""
    whose = "were made under an earlier configuration of the verifier"
    return f"{total.earlier:,} of {len(total.records):,} records {whose}."


def verdict_markdown(rows: Sequence[Verdicts]) -> str:
    """The table as Markdown."""
    shown_rows = with_total(rows)
    shown = verdict_columns(shown_rows)
    headers = [VERDICT_HEADERS[n] for n in shown]
    texts = [[verdict_cells(row)[n] for n in shown] for row in shown_rows]
    return markdown(headers, texts, {*headers[1:]})


def verdict_summary(rows: Sequence[Verdicts]) -> list[dict[str, object]]:
    """The rows as plain data, for --json."""
    return [
        {
            "benchmark": row.benchmark,
            "instances": len(row.records),
            "proved": row.proved,
            "refuted": row.refuted,
            "unknown": row.unknown,
            "errors": row.errors,
            "answered": row.answered,
            "wrong": [record.command for record in row.wrong],
            "expected_known": row.known,
            "earlier_configuration": row.earlier,
            "cpu_s": {"median": row.median_s, "p90": row.slow_s, "max": row.longest_s},
            "timeout_s": list(row.limits_s),
        }
        for row in rows
    ]


def _coloured(row: Verdicts, header: str, text: str) -> Text:
    if header == WRONG and row.wrong:
        return Text(text, "bold red")
    if header == "answered":
        return Text(text, "green" if row.answered == 1 else "yellow")
    return Text(text)
