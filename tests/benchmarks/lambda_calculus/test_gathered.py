"""What a report says of reductions: terms and engines, other packages, and docs/results.md."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from abduce.benchmarks.drawing.tables import markdown, show_table
from abduce.benchmarks.lambda_calculus.gathered import gather_reductions
from abduce.benchmarks.lambda_calculus.table import reduction_tables
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.record_file import append
from abduce.benchmarks.report.page import page
from abduce.benchmarks.report.report import markdown_tables, reported
from abduce.cli import app as cli
from abduce.console import Console

ROOT = Path(__file__).parents[3]


def run(term: str, engine: str, **figures: Any) -> Record:
    """A record of a reduction that was never made."""
    return new_record(
        "reduce",
        task={"task": "normal form", "term": term, "engine": engine},
        config={},
        seed=0,
        started=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
        wall_s=1.0,
        command=f"abduce bench lambda --only '^{term} {engine}$'",
        metrics={"term": term, "engine": engine, "run": "first"} | figures,
    )


def own(term: str, engine: str, beta: int, s: float, **figures: Any) -> Record:
    timed = {"beta": beta, "s": s, "beta_per_s": beta / s, "peak_mb": 15.2, "right": True}
    return run(term, engine, **timed, start_up_s=1.0, **figures)


SAMPLE = [
    own("2^10", "plain", 1033, 0.0006),
    own("2^10", "compiled", 1033, 0.00005),
    own("left spine", "plain", 0, 2.5),
    run("left spine", "compiled", error="timeout"),
    run("2^10", "lc", beta=None, version="0.1", s=0.06, right=True),
    run("left spine", "lc", beta=None, version="0.1", s=1.0, right=False),
    run("2^16", "lc", beta=None, version="0.1", s=1.0, right=True),
    run("2^20", "lc", beta=None, version="0.1", error="RecursionError"),
]
GOLDEN = """\
| term       | beta steps |    plain | plain M/s | plain MB | compiled | compiled M/s | compiled MB | right        |
| ---------- | ---------: | -------: | --------: | -------: | -------: | -----------: | ----------: | ------------ |
| 2^10       |      1,033 | 0.600 ms |       1.7 |       15 | 0.050 ms |         20.7 |          15 | yes          |
| left spine |          0 |   2.50 s |           |       15 |  timeout |              |             | no: compiled |

| package |  right | times slower than plain | wrong      | no answer            |
| ------- | -----: | ----------------------: | ---------- | -------------------- |
| lc 0.1  | 2 of 4 |                     100 | left spine | RecursionError: 2^20 |
"""  # noqa: E501


def test_the_tables_as_markdown() -> None:
    """A ratio needs the plain engine's time on the same term in the same run."""
    tables = reduction_tables(gather_reductions(SAMPLE))
    assert "\n\n".join(map(markdown, tables)) + "\n" == GOLDEN
    other = replace(SAMPLE[0], metrics={**SAMPLE[0].metrics, "run": "second"})
    assert gather_reductions([other, *SAMPLE[1:]]).peers[0].ratio is None


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_tables_fit_the_terminal(width: int) -> None:
    out = StringIO()
    for table in reduction_tables(gather_reductions(SAMPLE)):
        show_table(table, Console(file=out, width=width))
    assert max(map(len, out.getvalue().splitlines())) <= width


def test_of_several_records_the_latest_counts() -> None:
    new = replace(own("2^10", "plain", 1033, 1.0), when="2027-01-01T00:00:00+00:00")
    orders: Sequence[list[Record]] = ([new, *SAMPLE], [*SAMPLE, new])
    for order in orders:
        assert gather_reductions(order).terms[0].on("plain")["s"] == 1.0
    assert not gather_reductions([replace(SAMPLE[0], kind="solve")])


def test_the_page_has_facts_and_both_tables() -> None:
    text = page(reported([*SAMPLE, run("<b>", "lc", error="<i>")]), [], ["reduce.jsonl"])
    for part in ("What was reduced", "3 of 4", "Terms and engines", "Other packages", "lc 0.1"):
        assert part in text
    assert "<b>:" not in text
    assert "<i>" not in text


def test_the_report_reads_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = tmp_path / "reduce.jsonl"
    for record in SAMPLE:
        append(records, record)
    assert cli.run(["report", str(records), "--markdown"]) == 0
    assert capsys.readouterr().out == GOLDEN
    assert cli.run(["report", str(records), "--out", str(tmp_path / "page.html")]) == 0
    assert "lc 0.1" in capsys.readouterr().out


def test_the_page_of_results_shows_the_tables_of_the_records() -> None:
    records = ROOT / "docs" / "results" / "reduce.jsonl"
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    assert markdown_tables([records]) in page, "abduce report docs/results/reduce.jsonl --markdown"
