"""The report: what counts, what is drawn, and that the page needs nothing but itself."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path

import pytest

from abduce.benchmarks.drawing.tables import show_table
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.record_file import append
from abduce.benchmarks.report.page import page
from abduce.benchmarks.report.report import record_files, reported, write_report
from abduce.benchmarks.solve.gathered import (
    by_noise,
    by_rows,
    gather,
    main_rows,
    unfinished,
)
from abduce.benchmarks.solve.table import learned_table
from abduce.console import Console
from abduce.errors import InputError, OutputError

MakeRun = Callable[..., Record]


@pytest.fixture
def runs(make_run: MakeRun) -> list[Record]:
    """A split, a learning curve over seeds, a noise curve, and a run that was interrupted."""
    curve = [
        make_run("simple", 1 - 10 / rows - seed / 100, train_rows=rows, seed=seed)
        for rows in (50, 800)
        for seed in range(3)
    ]
    noise = [make_run("simple", 1 - n / 10, noise=n, train_rows=800) for n in (0.05, 0.2)]
    return [make_run(), *curve, *noise, make_run("mcd1", 0.1, status="interrupted")]


def test_seeds_are_gathered_and_their_spread_is_told(make_run: MakeRun) -> None:
    (row,) = gather([make_run(accuracy=a, seed=s) for s, a in enumerate((0.9, 1.0, 0.95))])
    spread = row.spread("accuracy")
    assert spread is not None
    assert (spread.low, spread.high) == (0.9, 1.0)
    assert spread.mean == pytest.approx(0.95)
    assert spread.sd == pytest.approx(0.05)


def test_of_repetitions_the_latest_counts(make_run: MakeRun) -> None:
    old = make_run(accuracy=0.5)
    new = replace(make_run(accuracy=1.0), when="2026-11-22T00:00:00+00:00")
    for order in ([old, new], [new, old]):
        (row,) = gather(order)
        assert row.records == (new,)


def test_of_versions_of_the_learner_the_newest_counts(make_run: MakeRun) -> None:
    def of(version: int | None, accuracy: float, seed: int) -> Record:
        record = make_run(accuracy=accuracy, seed=seed)
        config = record.config if version is None else {**record.config, "method": version}
        return replace(record, config=config, id=f"{version} {seed}")

    made = [of(4, 0.5, 0), of(5, 1.0, 1), of(None, 0.1, 2), of(5, 0.9, 0)]
    (row,) = gather(made)
    assert [record.metrics["accuracy"] for record in row.records] == [0.9, 1.0]


def test_an_interrupted_run_is_named_and_not_counted(runs: list[Record]) -> None:
    assert all(row.setting.split != "mcd1" for row in gather(runs))
    assert [record.metrics["split"] for record in unfinished(runs)] == ["mcd1"]


def test_a_run_that_was_interrupted_and_then_completed_is_not_named(make_run: MakeRun) -> None:
    assert unfinished([make_run(status="interrupted"), make_run()]) == []


def test_each_figure_gets_its_rows(runs: list[Record]) -> None:
    rows = gather(runs)
    best = {(r.setting.split, r.setting.train_rows) for r in main_rows(rows)}
    assert best == {("length", 16990), ("simple", 800)}
    assert [r.setting.train_rows for r in by_rows(rows)["scan", "simple"]] == [50, 800]
    assert [r.setting.noise for r in by_noise(rows)["scan", "simple"]] == [0.0, 0.05, 0.2]


def test_the_page_is_self_contained(tmp_path: Path, runs: list[Record]) -> None:
    text = page(reported(runs), unfinished(runs), ["records/solve.jsonl"])
    links = re.findall(r'(?:src|href)="([^"]*)"', text) + re.findall(r"url\(([^)]*)\)", text)
    assert all(link.startswith("#") for link in links)
    assert "<script" not in text
    assert "@import" not in text


def test_the_page_shows_every_figure_with_its_command(runs: list[Record]) -> None:
    text = page(reported(runs), unfinished(runs), ["records/solve.jsonl"])
    for title in ("by split", "against training rows", "Seconds", "against noise"):
        assert title in text
    assert text.count("<svg") == 4
    assert "abduce solve scan --split length --seed 0" in text
    assert "Did not complete" in text
    assert not re.search(r"#0[a0][0-9a-f]{4}\b", text.split("</style>")[1]), "a placeholder is left"


def test_the_page_is_well_formed(runs: list[Record]) -> None:
    open_tags: list[str] = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag != "meta":
                open_tags.append(tag)

        def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            return

        def handle_endtag(self, tag: str) -> None:
            assert open_tags.pop() == tag

    Checker().feed(page(reported(runs), [], ["a"]))
    assert open_tags == []


def test_what_a_record_says_cannot_become_markup(make_run: MakeRun) -> None:
    text = page(reported([make_run("<b>bold</b>")]), [], ["<i>"])
    assert "<b>bold" not in text
    assert "<i>" not in text


def test_the_same_records_give_the_same_page(runs: list[Record]) -> None:
    assert page(reported(runs), [], ["a"]) == page(reported(runs), [], ["a"])


def test_no_complete_run_gives_a_page_that_says_so(make_run: MakeRun) -> None:
    broken = [make_run(status="failed")]
    assert "No complete run" in page(reported(broken), unfinished(broken), ["a"])


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_table_fits_the_terminal(runs: list[Record], width: int) -> None:
    out = StringIO()
    show_table(learned_table(gather(runs)), Console(file=out, width=width))
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert "100 %" in out.getvalue()


def test_the_report_reads_folders_and_files(
    tmp_path: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    append(Path("records/solve.jsonl"), make_run())
    assert record_files([]) == record_files([Path("records")]) == [Path("records/solve.jsonl")]
    summary = write_report([], Path("report.html"), table=False)
    assert summary["rows"][0]["accuracy"]["mean"] == 1.0
    assert Path("report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_without_records_the_report_says_how_to_make_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="abduce solve scan"):
        write_report([], Path("report.html"))
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_cannot_be_written_is_told_before_the_records_are_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        write_report([tmp_path / "none.jsonl"], tmp_path / "file" / "report.html")
