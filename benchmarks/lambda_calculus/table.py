"""The tables of reductions as text: cells, on the terminal, as Markdown and as plain data."""

from rich.text import Text

from abduce.benchmarks.drawing.numbers import duration
from abduce.benchmarks.drawing.tables import markdown, plain_table, wide_console
from abduce.benchmarks.lambda_calculus.gathered import Peer, Reduced, Reductions
from abduce.benchmarks.lambda_calculus.job import ENGINES
from abduce.console import Console
from abduce.printing import one_line

RIGHT = "right"
TERM_HEADERS = (
    "term",
    "beta steps",
    *(f"{engine}{unit}" for engine in ENGINES for unit in ("", " M/s", " MB")),
    RIGHT,
)
TERM_RIGHT = frozenset(TERM_HEADERS[1:-1])
PEER_HEADERS = ("package", "right", "times slower than plain", "wrong", "no answer")
PEER_RIGHT = frozenset(("right", "times slower than plain"))
LEGEND = "CPU time, the best of several; M/s: million beta steps a second; MB: of the whole process"


def term_cells(row: Reduced) -> tuple[str, ...]:
    """One term as text, in the order of `TERM_HEADERS`."""
    cells = [row.term, "" if row.beta is None else f"{row.beta:,}"]
    for engine in ENGINES:
        found = row.on(engine)
        if "s" not in found:
            cells += [one_line(found.get("error", "")), "", ""]
            continue
        rate, peak = found.get("beta_per_s"), found.get("peak_mb")
        cells += [
            duration(found["s"]),
            f"{rate / 1e6:.1f}" if rate and found.get("beta") else "",
            "" if peak is None else f"{peak:,.0f}",
        ]
    return (*cells, f"no: {', '.join(row.wrong)}" if row.wrong else "yes")


def peer_cells(row: Peer) -> tuple[str, ...]:
    """One package as text, in the order of `PEER_HEADERS`."""
    ratio = ""
    if row.ratio:
        least, middle, most = map(_times, row.ratio)
        ratio = f"{least} to {most}, median {middle}" if len(row.ratios) > 1 else least
    reasons = (f"{one_line(why)}: {', '.join(terms)}" for why, terms in row.unanswered.items())
    return (
        f"{row.name} {row.version}".strip(),
        f"{row.right} of {len(row.records)}",
        ratio,
        ", ".join(row.wrong),
        "; ".join(reasons),
    )


def reduction_table(found: Reductions, console: Console | None = None) -> None:
    """The tables on stdout; a narrow terminal is spared the memory."""
    out = console or wide_console()
    if found.terms:
        spared = {f"{engine} MB" for engine in ENGINES} if out.width < 110 else set[str]()
        rows = [term_cells(row) for row in found.terms]
        plain_table(out, TERM_HEADERS, rows, TERM_RIGHT, spared)
        out.print(Text(LEGEND, "dim"))
    if found.peers:
        plain_table(out, PEER_HEADERS, [peer_cells(row) for row in found.peers], PEER_RIGHT, set())


def reduction_markdown(found: Reductions) -> str:
    """The tables as Markdown."""
    tables: list[str] = []
    if found.terms:
        tables.append(markdown(TERM_HEADERS, [term_cells(r) for r in found.terms], TERM_RIGHT))
    if found.peers:
        tables.append(markdown(PEER_HEADERS, [peer_cells(r) for r in found.peers], PEER_RIGHT))
    return "\n\n".join(tables)


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


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"
