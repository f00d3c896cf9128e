"""What a report says of verification: counts that add up, seconds, figures, docs/results.md."""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.benchmarks.drawing.tables import markdown, show_table
from abduce.benchmarks.records.record import Record, record_id
from abduce.benchmarks.records.record_file import append
from abduce.benchmarks.report.page import page
from abduce.benchmarks.report.report import markdown_tables, reported, write_report
from abduce.benchmarks.solve.gathered import gather, unfinished
from abduce.benchmarks.verify.figures import solved_within
from abduce.benchmarks.verify.gathered import (
    Verdicts,
    cactus,
    cpu_seconds,
    gather_verdicts,
    percentile,
    with_total,
)
from abduce.benchmarks.verify.instances import Instance
from abduce.benchmarks.verify.process import Limits, Outcome
from abduce.benchmarks.verify.run import instance_record
from abduce.benchmarks.verify.table import COLUMNS, verdict_summary, verdict_table
from abduce.cli import app as cli
from abduce.console import Console

MakeRun = Callable[..., Record]
ROOT = Path(__file__).parents[3]
RESULTS = ("unsat", "sat", "unknown", "timeout", "error")
EXPECTED = ("unsat", "sat", "unknown", "unsat?", None)
TEMPLATE = instance_record(
    Instance("small", Path("none"), "net.onnx", "p.vnnlib", 60.0),
    Outcome("unsat", None, 1.0, 0.9, 0, {"verdict": "proved"}),
    Limits(),
    0,
)


def run(
    benchmark: str,
    number: int,
    result: str = "unsat",
    cpu_s: float = 1.0,
    expected: str | None = None,
    timeout_s: float = 60.0,
) -> Record:
    """A record of an instance that was never run."""
    instance = Instance(benchmark, Path("none"), "n", f"p{number}", timeout_s, expected)
    task = {**TEMPLATE.task, "benchmark": benchmark, "property": f"p{number}"}
    verdicts = {"unsat": "proved", "sat": "refuted"}
    metrics = {
        **TEMPLATE.metrics,
        "result": result,
        "verdict": verdicts.get(result, "unknown"),
        "cpu_s": cpu_s,
        "expected": expected,
        "wrong": instance.contradicted_by(result),
    }
    return replace(
        TEMPLATE,
        task=task | {"timeout_s": timeout_s},
        id=record_id("verify", task | {"timeout_s": timeout_s}, {}, 0),
        command=f"abduce verify {benchmark}/n {benchmark}/p{number}",
        status={"timeout": "timeout", "error": "failed"}.get(result, "complete"),
        metrics=metrics,
    )


seconds = st.floats(0.01, 1e4, allow_nan=False)
runs = st.lists(
    st.tuples(
        st.sampled_from(["acasxu", "mnist_fc", "vit"]),
        st.sampled_from(RESULTS),
        seconds,
        st.sampled_from(EXPECTED),
    ),
    min_size=1,
    max_size=30,
).map(lambda rows: [run(b, n, r, s, e) for n, (b, r, s, e) in enumerate(rows)])


@given(runs)
def test_counts_add_up(records: list[Record]) -> None:
    rows = gather_verdicts(records)
    assert [row.benchmark for row in rows] == sorted({r.task["benchmark"] for r in records})
    for row in with_total(rows):
        counts = (row.proved, row.refuted, row.unknown, row.errors)
        assert sum(counts) == len(row.records)
        assert row.answered * len(row.records) == pytest.approx(
            row.proved + row.refuted - len(row.wrong)
        )
        assert len(row.wrong) <= row.known <= len(row.records)
    total = with_total(rows)[-1]
    assert len(total.records) == len(records)
    for name in ("proved", "refuted", "unknown", "errors", "known"):
        assert getattr(total, name) == sum(getattr(row, name) for row in rows)


@given(st.lists(seconds, min_size=1, max_size=50), st.integers(1, 100))
def test_a_percentile_parts_the_values(values: list[float], percent: int) -> None:
    found = percentile(values, percent)
    assert found in values
    assert 100 * sum(value <= found for value in values) >= percent * len(values)
    assert 100 * sum(value < found for value in values) < percent * len(values)


@given(runs)
def test_seconds_are_those_of_numpy(records: list[Record]) -> None:
    total = Verdicts("all", tuple(records))
    costs = [r.metrics["cpu_s"] for r in records]
    assert total.median_s == pytest.approx(float(np.median(costs)))
    assert total.slow_s == float(np.percentile(costs, 90, method="inverted_cdf"))
    assert total.longest_s == max(costs)


@given(runs)
def test_the_plot_counts_what_was_solved_by_then(records: list[Record]) -> None:
    points = cactus(gather_verdicts(records))
    right = [r for r in records if r.metrics["verdict"] != "unknown" and not r.metrics["wrong"]]
    assert set(points) == {r.task["benchmark"] for r in right}
    for name, steps in points.items():
        costs = sorted(cpu_seconds(r) for r in right if r.task["benchmark"] == name)
        assert [cost for cost, _ in steps] == costs
        assert steps[-1][1] == len(costs)
        assert dict(steps) == {cost: bisect_right(costs, cost) for cost in costs}


def test_of_several_runs_of_an_instance_the_latest_counts() -> None:
    old = run("acasxu", 1, "unknown", timeout_s=5)
    new = replace(run("acasxu", 1, "unsat"), when="2027-01-01T00:00:00+00:00")
    for order in ([old, new], [new, old]):
        (row,) = gather_verdicts(order)
        assert row.records == (new,)


def test_out_of_time_is_a_result_and_an_error_is_none() -> None:
    records = [run("vit", 1, "timeout"), run("vit", 2, "error"), run("vit", 3, "error")]
    assert unfinished([*records, run("vit", 3)]) == records[1:2]


def test_records_of_other_kinds_are_left_alone(make_run: MakeRun) -> None:
    both = [make_run(), run("vit", 1)]
    assert [row.benchmark for row in gather_verdicts(both)] == ["vit"]
    assert len(gather(both)) == 1


def test_seconds_on_the_clock_stand_in_for_those_that_were_not_counted() -> None:
    record = run("vit", 1, "timeout")
    unknown = replace(record, wall_s=70.0, metrics={**record.metrics, "cpu_s": None})
    assert cpu_seconds(unknown) == 70.0


SAMPLE = [
    *(run("acasxu", n, "unsat", 0.5 + n / 10, "unsat", 116) for n in range(7)),
    *(run("acasxu", n, "sat", 0.45, "sat", 116) for n in range(7, 9)),
    run("acasxu", 9, "timeout", 116.2, "unsat", 116),
    run("mnist_fc", 0, "unsat", 3.4, "sat", 120),
    run("mnist_fc", 1, "sat", 2.0, "sat", 300),
    run("mnist_fc", 2, "unknown", 12.0, None, 300),
]
GOLDEN = """\
| benchmark | instances | proved | refuted | unknown | answered | wrong of known | CPU median | CPU p90 | CPU max | time limit |
| --------- | --------: | -----: | ------: | ------: | -------: | -------------: | ---------: | ------: | ------: | ---------: |
| acasxu    |        10 |      7 |       2 |       1 |   90.0 % |        0 of 10 |     0.75 s |  1.10 s |   116 s |      116 s |
| mnist_fc  |         3 |      1 |       1 |       1 |   33.3 % |         1 of 2 |     3.40 s |    12 s |    12 s |  120–300 s |
| all       |        13 |      8 |       3 |       2 |   76.9 % |        1 of 12 |     0.90 s |    12 s |   116 s |  116–300 s |
"""  # noqa: E501


def test_the_table_as_markdown() -> None:
    assert markdown(verdict_table(gather_verdicts(SAMPLE))) + "\n" == GOLDEN


def test_a_column_of_errors_is_there_where_there_are_some() -> None:
    assert "errors" not in markdown(verdict_table(gather_verdicts(SAMPLE)))
    assert "errors" in markdown(verdict_table(gather_verdicts([*SAMPLE, run("vit", 0, "error")])))


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_table_fits_the_terminal(width: int) -> None:
    out = StringIO()
    show_table(verdict_table(gather_verdicts(SAMPLE)), Console(file=out, width=width))
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    if width == 200:
        cells = [re.split(r" {2,}", line.strip()) for line in lines[:-1]]
        golden = [line.strip("| \n").split("|") for line in GOLDEN.splitlines()]
        assert cells == [[text.strip() for text in line] for line in [golden[0], *golden[2:]]]


def test_plain_data_says_the_same() -> None:
    acasxu, mnist = verdict_summary(gather_verdicts(SAMPLE))
    assert (acasxu["instances"], acasxu["answered"], acasxu["wrong"]) == (10, 0.9, [])
    assert mnist["wrong"] == ["abduce verify mnist_fc/n mnist_fc/p0"]
    assert mnist["timeout_s"] == [120.0, 300.0]


def shown(records: Sequence[Record]) -> str:
    return page(reported(records), [], ["verify.jsonl"])


def test_the_page_has_the_table_the_figure_and_what_was_wrong() -> None:
    text = shown(SAMPLE)
    assert "<h1>What was verified</h1>" in text
    assert "No complete run" not in text
    for column in COLUMNS:
        assert (f">{column.heading}</th>" in text) == (column.heading != "errors")
    assert "proved, expected sat: abduce verify mnist_fc/n mnist_fc/p0" in text
    assert '<td class="right bad">1 of 2</td>' in text
    assert text.count("<svg") == 1
    assert "Made by 13 commands" in text
    assert text == shown(SAMPLE)
    ElementTree.fromstring(text[text.index("<main>") : text.index("</body>")])  # well-formed
    assert not re.search(r"#0[a0][0-9a-f]{4}\b", text.split("</style>")[1]), "a placeholder is left"


def test_a_page_of_both_kinds_has_both(make_run: MakeRun) -> None:
    text = page(reported([make_run(), *SAMPLE]), [], ["a"])
    assert text.index("<h1>What was learned") < text.index("<h1>What was verified")
    assert "14 runs" in text


def test_where_nothing_was_solved_there_is_no_figure() -> None:
    assert "<svg" not in shown([run("vit", 1, "timeout")])


def test_the_figure_has_a_line_a_benchmark_and_says_how_many() -> None:
    names = [f"b{n}" for n in range(10)]
    rows = gather_verdicts([run(name, n, cpu_s=n + 1) for name in names for n in range(2)])
    svg = ElementTree.fromstring(solved_within(cactus(rows)))
    texts = {"".join(node.itertext()).strip() for node in svg.iter() if node.tag.endswith("text")}
    assert {f"{name}  2" for name in names} <= texts
    assert {"1 s", "2 s", "5 s", "instances solved"} <= texts


def test_what_a_record_says_cannot_become_markup() -> None:
    text = shown([run("<b>bold</b>", 1, "unsat", expected="sat")])
    assert "<b>bold" not in text


def test_the_report_reads_records_of_several_kinds(
    tmp_path: Path, make_run: MakeRun, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "both.jsonl", tmp_path / "report.html"
    for record in (make_run(), *SAMPLE):
        append(path, record)
    found = write_report([path], out, table=False)
    assert (len(found["rows"]), len(found["verdicts"])) == (1, 2)
    assert found["unfinished"] == []
    assert cli.run(["report", str(path), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "length" in printed
    assert "mnist_fc" in printed
    out.unlink()
    assert cli.run(["report", str(path), "--markdown"]) == 0
    printed = capsys.readouterr().out
    assert printed.endswith(f"\n\n{GOLDEN}")
    assert printed.startswith("| task | split  |")
    assert list(tmp_path.iterdir()) == [path]


def test_the_page_of_results_shows_the_table_of_the_records() -> None:
    records = ROOT / "docs" / "results" / "verify.jsonl"
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    assert markdown_tables([records]) in page, "abduce report docs/results/verify.jsonl --markdown"
