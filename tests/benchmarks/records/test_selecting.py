"""What --only chooses, and what a mistake in it is told."""

import pytest

from abduce.benchmarks.records.selecting import matching
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
