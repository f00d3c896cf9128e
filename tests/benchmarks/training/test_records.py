"""Records of what was trained, proved and executed: whole, and told apart by their ids."""

import json
from pathlib import Path

import pytest

from abduce.benchmarks.records.record_file import read
from abduce.cli import app as cli
from abduce.neural.kernels.config import METHOD
from abduce.neural.kernels.places import SHIPPED

BRIEF = ("--set", "stream.annealing.steps=150")


@pytest.fixture
def add(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of one record of training, in a folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    assert cli.run(["train", "add", "--quiet", *BRIEF]) == 0
    return tmp_path / "records" / "train.jsonl"


def test_training_leaves_a_record_of_each_network(add: Path) -> None:
    (record,) = read(add)
    assert (record.kind, record.status, record.seed) == ("train", "complete", 0)
    assert record.task["network"] == "add"
    assert record.config["method"] == METHOD
    assert record.config["stream"]["annealing"]["steps"] == 150
    assert record.metrics["verdict"] == "proved"
    assert record.artifacts.keys() == {"kernels/add.safetensors", "kernels/add.json"}
    kept = json.loads(Path("kernels/add.json").read_text())
    assert kept["config"] == record.config["stream"]


def test_a_kernel_that_is_not_proved_leaves_a_record_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    options = ("--attempts", "2", "--set", "stream.annealing.steps=1", "--out", "r.jsonl")
    assert cli.run(["train", "add", "compare", "--quiet", *options]) == 4
    records = read(Path("r.jsonl"))
    assert [record.task["network"] for record in records] == ["add", "compare"]
    for record in records:
        assert record.metrics["verdict"] != "proved"
        assert (record.metrics["attempts"], record.config["attempts"]) == (2, 2)
        assert not record.artifacts


def test_single_answers_leave_a_record_only_where_one_is_asked_for(
    add: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("two.txt").write_text("3 4")
    before = {path.name for path in Path().iterdir()}
    assert cli.run(["execute", "add", "--input", "two.txt"]) == 0
    assert cli.run(["prove", "add"]) == 0
    assert {path.name for path in Path().iterdir()} == before
    for command in (
        ["execute", "add", "--input", "two.txt"],
        ["execute", "add", "--input", "two.txt", "--kernels", str(SHIPPED)],
        ["execute", "add", "--input", "two.txt", "--level", "L0"],
        ["prove", "add"],
        ["prove", "add", "--kernels", str(SHIPPED)],
        ["prove", "add", "--size", "4"],
    ):
        assert cli.run([*command, "--record", "one.jsonl"]) == 0
    records = read(Path("one.jsonl"))
    assert [record.kind for record in records] == ["execute"] * 3 + ["prove"] * 3
    assert len({record.id for record in records}) == len(records)
    assert [record.metrics["proved"] for record in records[:3]] == [True, True, None]
    assert len({record.metrics["answer_sha256"] for record in records[:3]}) == 1
    assert records[0].data_sha256.keys() == {"kernels/add.safetensors", "kernels/add.json"}
    capsys.readouterr()
    assert cli.run(["report", "one.jsonl", "records", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["proved"]) == 3
    assert [row["network"] for row in found["trained"]] == ["add"]
    assert found["executed"] == []
    assert cli.run(["report", "one.jsonl", "records", "--markdown"]) == 0
    assert "| add     |" in capsys.readouterr().out


def test_a_file_that_cannot_be_written_is_told_before_the_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    for command in (
        ["train", "add", "--out", "file/r.jsonl"],
        ["prove", "add", "--record", "file/r.jsonl"],
        ["execute", "add", "--record", "file/r.jsonl"],
    ):
        assert cli.run(command) == 2
        assert "cannot write" in capsys.readouterr().err
    assert not Path("kernels").exists()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--set", "stream.sean=3"), "the unknown field 'stream.sean', expected stream.seen"),
        (("--set", "stream.seen=300"), "stream.seen = 300, expected from 1 to 256"),
        (("--set", "attempts=0"), "attempts = 0"),
        (("--method", "deltanet", "--set", "schedule.stepz=3"), "expected schedule.steps"),
        (("--method", "deltanet", "--attempts", "3"), "--attempts with --method"),
    ],
)
def test_what_is_no_setting_is_refused(
    options: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    task = "parity" if "--method" in options else "add"
    assert cli.run(["train", task, *options]) == 2
    assert told in capsys.readouterr().err
