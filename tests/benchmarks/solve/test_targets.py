"""The lines of targets say what the records say, of the default configuration only."""

from collections.abc import Callable
from dataclasses import replace

from abduce.benchmarks.records.record import Record
from abduce.benchmarks.solve.targets import target_lines

Make = Callable[..., Record]


def told(make_run: Make, n: int, command: str = "", **metrics: object) -> Record:
    made = make_run()
    usual = {"task": "scan", "split": "simple", "noise": 0.0, "active": False, "wrong": 0}
    return replace(
        made,
        id=f"{n:016x}",
        status="complete",
        command=command or made.command,
        metrics={**made.metrics, **usual, **metrics},
    )


def test_what_a_vocabulary_costs(make_run: Make) -> None:
    sizes = ((10_000, 61.0), (100, 2.0))
    found = [
        told(make_run, n, task="words", split=str(words), train_rows=30, train_s=spent)
        for n, (words, spent) in enumerate(sizes)
    ]
    assert target_lines(["words"], found) == [
        "100 words, 30 rows: 2.0 s of CPU time",
        "10,000 words, 30 rows: 61.0 s of CPU time, target missed (at most 60 s)",
    ]
    assert target_lines(["rows", "active", "scan"], found) == []


def test_fifty_rows_are_right_in_nineteen_of_twenty_draws_and_never_wrong(make_run: Make) -> None:
    def draws(wrong: int) -> list[Record]:
        good = [told(make_run, n, train_rows=50, accuracy=1.0) for n in range(19)]
        return [*good, told(make_run, 19, train_rows=50, accuracy=0.5, wrong=wrong)]

    assert "19 of 20 draws at 100 %, 0 with wrong" in target_lines(["rows"], draws(0))[0]
    assert "target met" in target_lines(["rows"], draws(0))[0]
    assert "target missed" in target_lines(["all"], draws(7))[0]


def test_questions_are_counted_in_the_mean_and_changed_configurations_are_not(
    make_run: Make,
) -> None:
    found = [told(make_run, n, active=True, accuracy=1.0, queries=18 + 2 * n) for n in range(2)]
    changed = told(
        make_run,
        9,
        "abduce solve scan --active --set search.beam=1",
        active=True,
        accuracy=0.0,
        queries=40,
    )
    (line,) = target_lines(["active"], [*found, changed])
    assert line.startswith("2 of 2 runs at 100 %, 19.0 questions in the mean, target met")
