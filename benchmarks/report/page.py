"""The report as one self-contained HTML page: no network, light or dark as the reader likes it."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from abduce.benchmarks.records.record import Record
from abduce.benchmarks.report.section import Reported

NOTHING = "<section><p>No complete run in these records.</p></section>"


def page(reported: Sequence[Reported], left_out: Sequence[Record], sources: Sequence[str]) -> str:
    """The whole page.

    Args:
        reported: the contents of the report on each kind of record.
        left_out: runs that did not complete; named, not drawn.
        sources: the record files, as the reader would name them.
    """
    style = Path(__file__).with_name("report_page.css").read_text(encoding="utf-8")
    runs = [record for each in reported for record in each.records]
    found = [(each.section.title, each.parts) for each in reported if each]
    told = [(title, parts) for title, parts in found if parts]
    first, *others = told or [(reported[0].section.title, [NOTHING])]
    parts = [_head(first[0], runs, sources), *first[1]]
    for title, more in others:
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


def _head(title: str, records: Sequence[Record], sources: Sequence[str]) -> str:
    days = sorted({record.when[:10] for record in records})
    when = "" if not days else f", {days[0]}" if len(days) == 1 else f", {days[0]} to {days[-1]}"
    files = ", ".join(f"<code>{escape(source)}</code>" for source in sources)
    return f'<h1>{title}</h1>\n<p class="muted">{len(records)} runs{when}, from {files}</p>'


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
