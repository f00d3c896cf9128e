"""`verify` with --config, --set and --record: what was chosen acts, and is in the record."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from abduce.benchmarks.drawing.tables import show_table
from abduce.benchmarks.records.record import Record, record_id
from abduce.benchmarks.records.record_file import append, read
from abduce.benchmarks.verify.gathered import gather_verdicts
from abduce.benchmarks.verify.process import Limits
from abduce.benchmarks.verify.run import verification_config
from abduce.benchmarks.verify.suite import pending, select
from abduce.benchmarks.verify.table import verdict_table
from abduce.cli import app as cli
from abduce.configuration import configured, leaves
from abduce.verify.strategy import AUTOMATIC, METHOD, Strategy
from tests.instances import FAILS, HOLDS, network

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "verify" / "small"
    place.mkdir(parents=True)
    network(place / "net.onnx")
    for name, text in (("holds", HOLDS), ("fails", FAILS)):
        (place / f"{name}.vnnlib").write_text(text)
    (place / "instances.csv").write_text("net.onnx,holds.vnnlib,60\nnet.onnx,fails.vnnlib,60\n")
    return place


def asked(folder: Path, *options: str, name: str = "holds") -> list[str]:
    return ["verify", str(folder / "net.onnx"), str(folder / f"{name}.vnnlib"), *options]


def test_a_single_answer_writes_a_record_only_where_it_is_asked_to(
    folder: Path, capsys: Capture
) -> None:
    assert cli.run(asked(folder)) == 0
    assert not Path("records").exists()
    capsys.readouterr()
    for name, result in (("holds", "unsat"), ("fails", "sat")):
        assert cli.run(asked(folder, "--record", "r.jsonl", "--json", name=name)) == 0
        said = json.loads(capsys.readouterr().out)
        record = read(Path("r.jsonl"))[-1]
        assert record.metrics["result"] == said["result"] == result
        assert record.task["benchmark"] == "files"
        assert record.metrics["domains"] == said["domains"]
        assert len(record.data_sha256) == 2
    assert [row.benchmark for row in gather_verdicts(read(Path("r.jsonl")))] == ["files"]


def test_a_record_holds_the_whole_configuration_and_its_id_every_field(folder: Path) -> None:
    options = ["--set", "attack.restarts=3", "--seed", "4", "--semantics", "float32"]
    assert cli.run(asked(folder, "--record", "r.jsonl", *options)) == 0
    (record,) = read(Path("r.jsonl"))
    chosen = configured(AUTOMATIC, None, ["attack.restarts=3"])
    assert record.config == verification_config(Limits(strategy=chosen), "float32")
    assert (record.config["method"], record.seed) == (METHOD, 4)
    assert set(named(record.config)) == {
        *(name for name in leaves(AUTOMATIC) if name != "seed"),
        *("method", "semantics", "memory_gb"),
    }
    assert record.id == record_id("verify", record.task, record.config, record.seed)
    assert record.id != record_id("verify", record.task, verification_config(Limits()), 4)


def named(config: Any, above: str = "") -> list[str]:
    names: list[str] = []
    for key, value in config.items():
        name = f"{above}{key}"
        names += named(value, f"{name}.") if isinstance(value, dict) else [name]
    return names


def test_a_file_and_settings_are_read_and_unknown_keys_are_errors(
    folder: Path, capsys: Capture
) -> None:
    path = folder / "config.json"
    path.write_text('{"split": "activations", "attack": {"steps": 2}}')
    options = ["--config", str(path), "--set", "attack.steps=3", "--record", "r.jsonl"]
    assert cli.run(asked(folder, *options)) == 0
    (record,) = read(Path("r.jsonl"))
    assert (record.config["split"], record.config["attack"]["steps"]) == ("activations", 3)
    capsys.readouterr()
    for setting, message in (
        ("attack.stepz=3", "the unknown field 'attack.stepz', expected attack.steps"),
        ("split=both", "expected one of activations, auto or inputs"),
        ("attack.steps=0", "expected a whole number from 1"),
    ):
        for command in (asked(folder), ["bench", "verify", "--data", str(folder.parent.parent)]):
            assert cli.run([*command, "--set", setting]) == 2
            assert message in capsys.readouterr().err


def test_a_benchmark_is_run_with_the_settings_and_says_so(folder: Path, capsys: Capture) -> None:
    place = str(folder.parent.parent)
    options = ["--set", "attack.restarts=3", "--set", "seed=2"]
    listed = ["bench", "verify", "small", "--data", place, "--list", *options]
    assert cli.run(listed) == 0
    first, _ = capsys.readouterr().out.splitlines()
    assert first == (
        "abduce verify small/net.onnx small/holds.vnnlib --timeout-s 60 --seed 2 "
        "--set attack.restarts=3"
    )


def earlier(record: Record) -> Record:
    """The record as it was before it held the whole configuration."""
    config = {"memory_gb": None}
    id_ = record_id("verify", record.task, config, record.seed)
    return replace(record, config=config, id=id_)


def test_earlier_records_are_read_shown_as_such_and_not_taken_for_done(
    folder: Path, capsys: Capture
) -> None:
    place, records = folder.parent.parent, Path("old.jsonl")
    assert cli.run(asked(folder, "--record", "r.jsonl", "--timeout-s", "60")) == 0
    (record,) = read(Path("r.jsonl"))
    task = {**record.task} | {
        "benchmark": "small",
        "network": "net.onnx",
        "property": "holds.vnnlib",
    }
    made = replace(record, task=task)
    append(records, earlier(made))
    assert len(read(records)) == 1
    rows = gather_verdicts(read(records))
    assert [row.earlier for row in rows] == [1]
    capsys.readouterr()
    show_table(verdict_table(rows))
    assert "1 of 1 records were made under an earlier configuration" in capsys.readouterr().out
    chosen = select([], None, [place])
    assert pending(chosen, records, Limits()) == chosen
    append(records, replace(made, id=record_id("verify", task, verification_config(Limits()), 0)))
    assert pending(chosen, records, Limits()) == chosen[1:]
    assert [row.earlier for row in gather_verdicts(read(records))] == [0]


def rows_of(records: Sequence[Record]) -> list[str]:
    return [row.benchmark for row in gather_verdicts(records)]


def test_records_of_changed_settings_have_a_row_of_their_own(folder: Path) -> None:
    for options in ([], ["--set", "attack.restarts=3"], ["--semantics", "float32"]):
        assert cli.run(asked(folder, "--record", "r.jsonl", *options)) == 0
    found = rows_of(read(Path("r.jsonl")))
    assert found == ["files", "files attack.restarts=3", "files semantics=float32"]


def test_the_strategy_of_a_record_can_be_had_again(folder: Path) -> None:
    assert cli.run(asked(folder, "--record", "r.jsonl", "--set", "inputs.slow=0.2")) == 0
    (record,) = read(Path("r.jsonl"))
    path = folder / "again.json"
    names = {f for f in Strategy.__slots__ if f != "seed"}
    path.write_text(json.dumps({key: record.config[key] for key in names}))
    assert configured(AUTOMATIC, path) == configured(AUTOMATIC, None, ["inputs.slow=0.2"])
