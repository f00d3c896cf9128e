"""`doctor`: what is missing is no failure; a wrong answer is one, and says what was expected."""

import json
from pathlib import Path

import pytest

from abduce.cli import app as cli
from abduce.cli import doctor
from abduce.cli.doctor import TRIALS, Finding, Trial, findings, tried


def expected(trial: Trial, _folder: Path) -> tuple[int, str, str]:
    return 0, f"first\n{trial.expected} and more\n", ""


def test_right_answers_are_ok_and_pairs_are_there_to_be_read() -> None:
    def run(trial: Trial, folder: Path) -> tuple[int, str, str]:
        assert (folder / "pairs.txt").is_file()
        return expected(trial, folder)

    found = list(tried(TRIALS, run))
    assert [finding.name for finding in found] == list(TRIALS)
    assert {finding.state for finding in found} == {"ok"}


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ((0, "5\n", ""), "expected '4', found '5'"),
        ((0, "", ""), "expected '4', found ''"),
        ((2, "4\n", "one\nabduce: broken\n"), "expected '4', found 'abduce: broken'"),
        ((7, "4\n", ""), "expected '4', found 'exit code 7'"),
    ],
)
def test_another_answer_is_a_failure(outcome: tuple[int, str, str], said: str) -> None:
    (found,) = tried({"add": Trial(("add",), "4")}, lambda *_: outcome)
    assert found == Finding("tests", "add", "failed", said)


def test_a_test_whose_extra_is_missing_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_lacking", lambda extra: ["onnx"])
    (found,) = tried({"verify": Trial(("verify",), "proved", extra="verify")}, expected)
    assert found.state == "missing"
    assert "pip install 'abduce[verify]'" in found.said


def test_a_failure_sets_the_exit_code_and_the_json_has_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "run_command", lambda *_: (1, "", "broken"))
    assert cli.run(["doctor", "--offline", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["failed"] == len(TRIALS)
    assert {"machine", "packages", "files", "tests"} == {f["part"] for f in told["findings"]}


def test_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(doctor, "run_command", expected)
    assert cli.run(["doctor", "--offline"]) == 0
    assert not list(tmp_path.iterdir())
    assert "all tests passed" in capsys.readouterr().out


@pytest.mark.slow
def test_the_tests_pass_here() -> None:
    assert not [finding for finding in findings(offline=True) if finding.state == "failed"]
