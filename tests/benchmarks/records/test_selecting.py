"""What --only chooses, and what a mistake in it is told; which records of a run count."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.selecting import latest, matching
from abduce.cli import app as cli
from abduce.errors import InputError


def chosen(only: str | None) -> list[str]:
    names = ["sort L1", "sort L2", "add L1"]
    return matching(names, only, str, what="job", form="TASK LEVEL")


def test_those_with_a_match_are_left_in_their_order() -> None:
    assert chosen(None) == ["sort L1", "sort L2", "add L1"]
    assert chosen("L1$") == ["sort L1", "add L1"]


def test_nothing_left_and_no_expression_are_errors() -> None:
    with pytest.raises(InputError, match=r"no job with 'L3', expected a part of TASK LEVEL"):
        chosen("L3")
    with pytest.raises(InputError, match="a regular expression"):
        chosen("(")


@pytest.mark.parametrize("part", ["execution", "lambda"])
def test_a_benchmark_without_a_job_is_bad_usage(
    part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["bench", part, "--only", "nothing of this name"]) == 2
    assert "(--list shows them)" in capsys.readouterr().err


def test_of_each_run_the_latest_record_with_a_wanted_status_counts(
    make_run: Callable[..., Record],
) -> None:
    def at(minute: int, **fields: object) -> Record:
        return replace(make_run(**fields), when=f"2026-01-01T00:{minute:02}:00+00:00")

    kind = at(0, seed=0).kind
    old, new, other = at(1, seed=0), at(2, seed=0), at(0, seed=1)
    failed = at(3, seed=0, status="failed")
    records = [new, old, failed, other]
    assert latest(records, kind) == [new, other]
    assert latest(records, kind, ("complete", "failed")) == [failed, other]
    assert latest(records, f"not {kind}") == []
