"""Reductions, as tables and as plain data."""

from collections.abc import Sequence

from abduce.benchmarks.drawing.numbers import duration
from abduce.benchmarks.drawing.tables import WIDE, Column, Table, table_of
from abduce.benchmarks.lambda_calculus.gathered import Peer, Reduced, Reductions
from abduce.benchmarks.lambda_calculus.job import ENGINES
from abduce.printing import one_line

LEGEND = "CPU time, the best of several; M/s: million beta steps a second; MB: of the whole process"


def _time(row: Reduced, engine: str) -> str:
    found = row.on(engine)
    return duration(found["s"]) if "s" in found else one_line(found.get("error", ""))


def _rate(row: Reduced, engine: str) -> str:
    found = row.on(engine)
    rate = found.get("beta_per_s") if "s" in found and found.get("beta") else None
    return f"{rate / 1e6:.1f}" if rate else ""


def _peak(row: Reduced, engine: str) -> str:
    found = row.on(engine)
    peak = found.get("peak_mb") if "s" in found else None
    return "" if peak is None else f"{peak:,.0f}"


def _engine(engine: str) -> tuple[Column[Reduced], ...]:
    return (
        Column(engine, lambda row: _time(row, engine), right=True),
        Column(f"{engine} M/s", lambda row: _rate(row, engine), right=True),
        Column(f"{engine} MB", lambda row: _peak(row, engine), right=True, width=WIDE),
    )


TERM_COLUMNS: Sequence[Column[Reduced]] = (
    Column("term", lambda row: row.term),
    Column("beta steps", lambda row: "" if row.beta is None else f"{row.beta:,}", right=True),
    *(column for engine in ENGINES for column in _engine(engine)),
    Column(
        "right",
        lambda row: f"no: {', '.join(row.wrong)}" if row.wrong else "yes",
        mood=lambda row: "bad" if row.wrong else "good",
    ),
)


def _ratio(row: Peer) -> str:
    if not row.ratio:
        return ""
    least, middle, most = map(_times, row.ratio)
    return f"{least} to {most}, median {middle}" if len(row.ratios) > 1 else least


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"


def _reasons(row: Peer) -> str:
    reasons = (f"{one_line(why)}: {', '.join(terms)}" for why, terms in row.unanswered.items())
    return "; ".join(reasons)


PEER_COLUMNS: Sequence[Column[Peer]] = (
    Column("package", lambda row: f"{row.name} {row.version}".strip()),
    Column("right", lambda row: f"{row.right} of {len(row.records)}", right=True),
    Column("times slower than plain", _ratio, right=True),
    Column("wrong", lambda row: ", ".join(row.wrong), mood=lambda row: "bad" if row.wrong else ""),
    Column("no answer", _reasons),
)


def term_table(rows: Sequence[Reduced]) -> Table:
    """A line for each term."""
    return table_of(TERM_COLUMNS, rows, LEGEND)


def peer_table(rows: Sequence[Peer]) -> Table:
    """A line for each package."""
    return table_of(PEER_COLUMNS, rows)


def reduction_tables(found: Reductions) -> list[Table]:
    """The tables that have lines."""
    return [table for table in (term_table(found.terms), peer_table(found.peers)) if table.rows]


def reduction_summary(found: Reductions) -> dict[str, object]:
    """The rows as plain data, for --json."""
    return {
        "terms": [dict(record.metrics) for row in found.terms for record in row.records],
        "peers": [
            {
                "package": row.name,
                "version": row.version or None,
                "right": row.right,
                "terms": len(row.records),
                "wrong": row.wrong,
                "unanswered": row.unanswered,
                "times_slower": row.ratio
                and dict(zip(("least", "median", "most"), row.ratio, strict=True)),
            }
            for row in found.peers
        ],
    }
