"""Planted sets: right by an evaluator of their own, and all of them decided rightly."""

from itertools import combinations, islice
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.benchmarks.data.hint import hint_readings, hint_rows
from abduce.benchmarks.learner.labels import (
    LabelJob,
    decided,
    gather_labels,
    label_jobs,
    label_lines,
    label_tables,
    run_labels,
)
from abduce.benchmarks.learner.planted import PAIRS, SYMBOLS, arithmetic, exchangeable, planted
from abduce.benchmarks.records.keeping import pending
from abduce.benchmarks.records.record_file import read
from abduce.symbolic.nsr.identifying.rows import Watch, rows_of, value_of

SMALL = 120


@given(st.text(st.sampled_from(SYMBOLS), min_size=1, max_size=9))
def test_two_evaluators_of_hint_agree(expr: str) -> None:
    assert arithmetic(expr) == value_of(expr, hint_readings())


def test_the_second_evaluator_gives_the_values_of_hint(data: Path) -> None:
    for row in islice(hint_rows("val", (data,)), 0, None, 10):
        assert arithmetic(row.expr) == row.value


@pytest.mark.parametrize(
    "number", [pytest.param(n, marks=pytest.mark.slow if n % 3 else ()) for n in range(len(PAIRS))]
)
def test_what_is_planted_is_there_and_is_decided_rightly(number: int) -> None:
    given = planted(number, SMALL)
    assert all(len(row.expr) > 1 for row in given.twin)
    assert exchangeable(given.rows) == [given.pair]
    assert exchangeable(given.twin) == []
    for twin in (False, True):
        found = decided(LabelJob(number, twin, SMALL))
        assert found["right"], found


@pytest.mark.parametrize("count", [3, 6, 12, 25])
def test_exchanges_are_those_that_another_evaluator_finds(count: int, seed: int) -> None:
    given = tuple(Random(seed).sample(planted(seed % 10, SMALL).twin, count))
    rows = rows_of([(row.expr, row.value) for row in given], hint_readings())
    held = [
        (first, second)
        for first, second in combinations(SYMBOLS, 2)
        if {first, second} & set(rows.seen) and rows.hold({first: second, second: first}, Watch())
    ]
    assert held == exchangeable(given)


@pytest.mark.slow
def test_all_sets_of_the_benchmark_are_decided_rightly() -> None:
    assert all(decided(job)["right"] for job in label_jobs())


def test_records_are_kept_and_told(tmp_path: Path) -> None:
    records = tmp_path / "labels.jsonl"
    jobs = [LabelJob(2, twin, SMALL) for twin in (False, True)]
    said: list[str] = []
    run_labels(jobs[:1], records, progress=said.append)
    assert said == ["2  planted: exchangeable (+ and -), right"]
    assert pending(jobs, records) == jobs[1:]
    run_labels(jobs[1:], records)
    assert pending(jobs, records) == []
    found = gather_labels(read(records))
    assert [record.metrics["verdict"] for record in found] == ["exchangeable", "fixed"]
    assert len(label_tables(found)) == 1
    (line,) = label_lines(found)
    assert line.startswith("2 of 2 sets decided rightly")
    assert "target missed (all 20" in line
    assert label_lines([]) == []
