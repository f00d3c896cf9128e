"""What a report says of executed programs: rows, lines, the shaded training, the markdown table."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from abduce.benchmarks.drawing.tables import markdown, show_table
from abduce.benchmarks.execution.gathered import gather_executed, panels, published, remark
from abduce.benchmarks.execution.job import execution_jobs
from abduce.benchmarks.execution.learning import learn, trainables
from abduce.benchmarks.execution.published import PUBLISHED
from abduce.benchmarks.execution.run import execute
from abduce.benchmarks.execution.table import executed_table
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.record_file import append
from abduce.benchmarks.report.page import page
from abduce.benchmarks.report.report import reported, write_report
from abduce.cli import app as cli
from abduce.console import Console
from abduce.neural.modules import catalogue
from abduce.neural.modules.catalogue import module_task


def run(
    task: str,
    level: str,
    exact: Sequence[tuple[str, int, float]],
    *,
    method: str | None = None,
    seed: int = 0,
    trained_on: Sequence[int] | None = None,
    attempts: int = 0,
    gap: float | None = None,
) -> Record:
    """A record of a program that was never run."""
    proved = {"L0": None, "module": False}.get(level, True)
    sizes = {
        name: {"n": n, "inputs": 4, "accuracy": (1 + share) / 2, "exact": share, "cpu_s": 0.5}
        for name, n, share in exact
    }
    metrics: dict[str, Any] = {
        "proved": proved,
        "train_s": 0.0 if level == "L0" else 80.0,
        "test_s": 1.0,
        "parameters": 0 if level == "L0" else 61723,
        "examples": 0 if level == "L0" else 384000,
        "kernels": {"compare": {"attempts": attempts}} if attempts else {},
        "sizes": sizes,
    }
    if gap is not None:
        for size in sizes.values():
            size["gap"] = gap
    if trained_on is not None:
        metrics |= {"trained_on": list(trained_on), "unit": "numbers of a list"}
    return new_record(
        "execute",
        task={"task": task, "method": method, "level": level},
        config={},
        seed=seed,
        started=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
        wall_s=1.0,
        command=f"abduce bench execution --only '^{task} {level}$'",
        metrics=metrics,
    )


FAR = (("64 of 64 bits", 64, 1.0), ("100000 of 8 bits", 100_000, 1.0))
SAMPLE = [
    run("sort", "L1", FAR, method="merge", attempts=1),
    run("sort", "L1", FAR, method="merge", seed=1, attempts=2),
    run("sort", "L0", FAR, method="merge"),
    *(
        run("sort", "module", (("8", 8, 1.0), ("100", 100, share)), method="execution-engine",
            seed=seed, trained_on=(1, 8))
        for seed, share in enumerate((0.5, 0.25))
    ),
    run("add", "L1", (("8", 8, 1.0),)),
    run("tsp", "L1", (("50", 50, 1.0),), gap=0.01, attempts=1),
    run("tsp", "L1", (("50", 50, 1.0),), gap=0.02, attempts=1, seed=1),
]  # fmt: skip
GOLDEN = """\
| task | method           | level  | seeds | proved          | attempts | examples | parameters | train CPU | test CPU | trained on            | whole answers right, by size             |
| ---- | ---------------- | ------ | ----: | --------------- | -------: | -------: | ---------: | --------: | -------: | --------------------- | ---------------------------------------- |
| add  |                  | L1     |     1 | yes             |          |  384,000 |     61,723 |      80 s |   1.00 s |                       | 100 % at 8                               |
| sort | merge            | L0     |     1 | nothing learned |          |          |            |           |   1.00 s |                       | 100 % at 64 of 64 bits, 100000 of 8 bits |
| sort | merge            | L1     |     2 | yes             |        2 |  384,000 |     61,723 |      80 s |   1.00 s |                       | 100 % at 64 of 64 bits, 100000 of 8 bits |
| sort | execution-engine | module |     2 | no              |          |  384,000 |     61,723 |      80 s |   1.00 s | 1–8 numbers of a list | 8: 100 %, 100*: 37.5 %                   |
| tsp  |                  | L1     |     2 | yes             |        1 |  384,000 |     61,723 |      80 s |   1.00 s |                       | 100 % at 50; 1.50 % longer than LKH's    |
"""  # noqa: E501


def test_the_table_as_markdown() -> None:
    assert markdown(executed_table(gather_executed(SAMPLE))) + "\n" == GOLDEN


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_table_fits_the_terminal(width: int) -> None:
    out = StringIO()
    show_table(executed_table(gather_executed(SAMPLE)), Console(file=out, width=width))
    assert max(map(len, out.getvalue().splitlines())) <= width


def test_of_several_runs_of_a_seed_the_latest_counts_and_others_are_left_alone() -> None:
    old = run("add", "L1", (("8", 8, 0.0),))
    new = replace(run("add", "L1", (("8", 8, 1.0),)), when="2027-01-01T00:00:00+00:00")
    late = replace(old, status="timeout", id="0")
    for order in ([old, new, late], [late, new, old]):
        (row,) = gather_executed(order)
        assert row.records == (new,)
    assert gather_executed([replace(old, kind="solve")]) == []


def test_lines_are_levels_and_modules_and_the_training_is_told() -> None:
    add, sort, _ = panels(gather_executed(SAMPLE))
    assert [line.name for line in add.lines] == ["L1"]
    assert [line.name for line in sort.lines] == ["L0", "L1", "execution-engine"]
    assert sort.lines[-1].points == ((8, 1.0, 1.0, 1.0), (100, 0.6875, 0.625, 0.75))
    assert (sort.unit, sort.ranges) == ("numbers of a list", ((1, 8),))
    assert (add.unit, add.ranges) == ("size", ())


def shown(records: Sequence[Record]) -> str:
    return page(reported(records), [], ["execute.jsonl"])


def test_the_page_has_the_figure_the_table_and_the_published_regimes() -> None:
    text = shown(SAMPLE)
    assert "<h1>What was executed</h1>" in text
    assert "No complete run" not in text
    assert text.count("<svg") == 1
    assert '<td class="good">yes</td>' in text
    assert "<td>no</td>" in text
    assert "Published regimes" in text
    assert text == shown(SAMPLE)
    ElementTree.fromstring(text[text.index("<main>") : text.index("</body>")])  # well-formed
    assert not re.search(r"#0[a0][0-9a-f]{4}\b", text.split("</style>")[1]), "a placeholder is left"


def test_published_regimes_are_of_tasks_that_there_are() -> None:
    known = {task for regime in PUBLISHED for task in regime.tasks}
    assert known <= catalogue.tasks()
    assert [regime.tasks for regime in published(gather_executed(SAMPLE))] == [("sort",), ("add",)]


def test_the_report_reads_records_of_executed_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "execute.jsonl", tmp_path / "report.html"
    for record in SAMPLE:
        append(path, record)
    found = write_report([path], out, table=False)
    assert [row["level"] for row in found["executed"]] == ["L1", "L0", "L1", "module", "L1"]
    *_, module, tours = found["executed"]
    assert module["proved"] == [False, False]
    assert module["sizes"][1]["beyond"] is True
    assert tours["sizes"][0]["gap"] == pytest.approx(0.015)
    assert cli.run(["report", str(path), "--markdown"]) == 0
    assert capsys.readouterr().out == markdown(executed_table(gather_executed(SAMPLE))) + "\n"


def test_records_of_other_configurations_are_rows_of_their_own() -> None:
    old = run("add", "L1", FAR, attempts=1)
    asked = [execution_jobs("^add L1$", 1, settings=s)[0] for s in ((), ("attempts=2",))]
    new = [replace(old, task=job.asked, config=job.config, id=job.id) for job in asked]
    assert [row.configuration for row in gather_executed([old])] == [""]
    assert [row.configuration for row in gather_executed(new[:1])] == [""]
    rows = gather_executed([old, *new])
    assert [len(row.records) for row in rows] == [1, 1, 1]
    assert len({row.configuration for row in rows}) == 3
    assert remark(rows).startswith("1 of 3 records are of method 1")
    assert remark(gather_executed(new)) == ""
    assert "| (method 1)" in markdown(executed_table(rows))


def test_a_module_is_a_job_whose_record_says_that_it_is_not_proved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    task = module_task("parity", "deltanet")
    (experiment,) = task.experiments
    short = experiment.with_config({"steps": 1, "batch": 2, "warm_up": 0}, {})
    small = replace(task, experiments=(short,), sizes=(4, 50), inputs=2)
    monkeypatch.setattr(catalogue, "MODULES", (small,))
    jobs = execution_jobs("^parity deltanet module$")
    assert [(job.level, job.seed) for job in jobs] == [("module", 0)]
    record = execute(jobs[0], learn(trainables(jobs[0]), 60.0))
    assert record.status == "complete"
    assert record.metrics["proved"] is False
    assert record.metrics["trained_on"] == [3, 40]
    assert record.metrics["examples"] == 2
    (row,) = gather_executed([record])
    assert row.proved == "no"
    assert [(size.n, row.beyond(size)) for size in row.sizes] == [(4, False), (50, True)]
    (late_job,) = execution_jobs("^parity deltanet module$", timeout_s=0.0)
    late = execute(late_job, learn(trainables(late_job), 0.0))
    assert (late.status, late.metrics["accuracy"]) == ("timeout", None)
