"""`bench synthesis --only`: a record of each function, resumed, and a library that is learned."""

import json
from pathlib import Path

import pytest

from abduce.benchmarks.records.record_file import read
from abduce.benchmarks.synthesis.suite_table import function_targets, suite_rows
from abduce.cli import app as cli
from abduce.errors import Exit

LISTS = [[3, 1], [], [4, 4, 2], [7], [1, 2, 3], [0, 5], [6, 6], [9, 8, 2]]


def task(name: str, function: object) -> dict[str, object]:
    assert callable(function)
    return {
        "name": name,
        "type": {"input": "list-of-int", "output": "list-of-int"},
        "examples": [{"i": xs, "o": function(xs)} for xs in LISTS],
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four tasks; the last one is random on the examples that are shown, and so not solved."""
    (tmp_path / "synthesis").mkdir()
    wild = {str(xs): [hash((len(xs), *xs)) % 97 + i for i in range(3)] for xs in LISTS}
    tasks = [
        task("reverse", lambda xs: xs[::-1]),
        task("append 3 and 4", lambda xs: [*xs, 3, 4]),
        task("sort", sorted),
        task("wild", lambda xs: wild[str(xs)]),
    ]
    (tmp_path / "synthesis" / "dreamcoder_list_tasks_half.json").write_text(json.dumps(tasks))
    return tmp_path


def bench(folder: Path, *arguments: str, code: int = 0) -> None:
    out = ("--data", str(folder), "--out", str(folder / "functions.jsonl"))
    small = ("--set", "programs=3000", "--set", "patience=0")
    assert cli.run(["bench", "synthesis", *arguments, *out, *small]) == code


def test_each_function_is_a_record_and_runs_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench(folder, "--only", "lists")
    said = capsys.readouterr()
    assert "reverse: 1 of 1 unseen right" in said.err
    assert "75.0% of 4 functions solved" in said.out
    records = read(folder / "functions.jsonl")
    assert [record.task["part"] for record in records] == [
        "lists, development",
        "lists, test",
    ] * 2
    assert [row.solved for row in suite_rows(records)] == [2, 1]
    assert function_targets(records) == ["met     lists: 75.0% of 4 functions solved; target 75%"]
    bench(folder, "--only", "lists", "--json", "--resume")
    said = capsys.readouterr()
    assert "0 functions looked for" in said.err
    assert len(json.loads(said.out)) == 4
    bench(folder, "--only", "lists", "--seed", "1")
    assert len(read(folder / "functions.jsonl")) == 8


def test_a_library_is_learned_once_and_recorded(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench(folder, "--only", "library")
    assert "learning from reverse" in capsys.readouterr().err
    assert (folder / "functions.library.json").exists()
    assert len(read(folder / "functions.jsonl")) == 2
    bench(folder, "--only", "library")
    assert "learning from" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [("--only", "trees"), ("--only", "lists", "--draws", "2"), ("--seed", "1")]
)
def test_options_that_do_not_fit_are_refused(
    folder: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    bench(folder, *arguments, code=Exit.BAD_INPUT)
    assert arguments[-2] in capsys.readouterr().err


def test_a_folder_without_the_tasks_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("abduce.benchmarks.data.members.folders", lambda given: (tmp_path,))
    bench(tmp_path, "--only", "rule", code=Exit.BAD_INPUT)
    assert "rule_list_functions_model_100.json was not found" in capsys.readouterr().err
