"""The benchmark of synthesis: lessons with tests, a record that a report can show, and targets."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from abduce.benchmarks.records.record_file import read
from abduce.benchmarks.report.sections import SECTIONS
from abduce.benchmarks.synthesis import run as running
from abduce.benchmarks.synthesis.course import course, told
from abduce.benchmarks.synthesis.functions import BASE, FURTHER
from abduce.benchmarks.synthesis.run import kept, run_courses
from abduce.benchmarks.synthesis.speed import Speed, speed
from abduce.benchmarks.synthesis.table import synthesis_targets
from abduce.symbolic.synthesis import Budget, Library


@pytest.mark.parametrize("function", [*BASE, *FURTHER], ids=lambda function: function.name)
def test_examples_are_of_the_function_and_the_same_each_time(function) -> None:
    drawn = function.examples(Random("0"), 30)
    assert drawn == function.examples(Random("0"), 30) != function.examples(Random("1"), 30)
    assert all(function.value(*e.arguments) == e.value for e in drawn)
    assert len(drawn) == 30


def test_a_course_has_a_record_and_its_targets_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("z3")
    monkeypatch.setattr(running, "BASE", BASE[:2])
    monkeypatch.setattr(running, "FURTHER", FURTHER[:1])
    monkeypatch.setattr(running, "speed", lambda *_: Speed(1000, 600, 0.001))
    file, budget = tmp_path / "synthesis.jsonl", Budget(programs=200_000)
    (record,) = run_courses([3], file, budget)
    assert read(file) == [record]
    assert [lesson["right"] for lesson in record.metrics["base"]] == [500, 500]
    assert kept([3, 4], file, budget, running.LIMIT_S) == [record]
    assert kept([3], file, replace(budget, bits=40.0), running.LIMIT_S) == []
    section = next(each for each in SECTIONS if "synthesis" in each.kinds)
    found = section.of([record])
    assert found.tables
    assert "plus" in found.parts[0]
    assert [line[:3] for line in synthesis_targets([record])] == ["met"] * 4
    worse = replace(record, metrics={**record.metrics, "base": [
        {**lesson, "right": 499, "proof": "", "search_s": 99.0}
        for lesson in record.metrics["base"]
    ], "speed": {"tried": 1, "distinct": 1, "cpu_s": 1.0}})  # fmt: skip
    assert [line[:6] for line in synthesis_targets([worse])] == ["missed"] * 4


def test_what_is_not_found_is_a_lesson_too() -> None:
    (lesson,), known = course(BASE[2:3], 0, Budget(programs=10), Library(), seconds=9)
    assert lesson.program == ""
    assert len(known) == 0
    assert "limit" in told(lesson)


def test_speed_counts_duplicates_once() -> None:
    found = speed(Library(), 0, 0.05)
    assert 0 < found.distinct < found.tried
