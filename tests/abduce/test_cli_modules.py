"""The door of neural modules: trained, interrupted, gone on with, and never called proved."""

import json
import signal
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from abduce.neural.modules import catalogue
from abduce.neural.modules.catalogue import module_task
from abduce.neural.training.experiment import Experiment, ModuleScore
from abduce.neural.training.files import load
from tests.doors import asked

COMMAND = ("train", "parity", "--method", "deltanet")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records of training go to a folder of the test."""
    monkeypatch.chdir(tmp_path)


def tiny(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> Experiment:
    """The task of parity with six steps of training, which are those of the catalogue now."""
    task = module_task("parity", "deltanet")
    (experiment,) = task.experiments
    brief = experiment.with_config({"steps": 6, "batch": 2, "warm_up": 1}, {"width": 8, "heads": 2})
    short = replace(brief, **changes)
    small = replace(task, experiments=(short,), sizes=(4, 50), inputs=2)
    monkeypatch.setattr(catalogue, "MODULES", (small,))
    return short


def test_a_module_is_trained_and_kept_and_not_called_proved(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = tiny(monkeypatch)
    kept = tmp_path / "kept"
    place = ("--modules", str(kept))
    code, out, err = asked(capsys, *COMMAND, *place)
    assert (code, err) == (0, "record: records/train.jsonl\n")
    assert out.startswith("parity, deltanet: not proved; trained on 3 to 40 letters of a word\n")
    assert "      50* entries" in out
    assert {path.name for path in kept.iterdir()} == {
        "deltanet-parity.json",
        "deltanet-parity.safetensors",
    }
    first = load(experiment, kept)
    code, out, _ = asked(capsys, *COMMAND, *place, "--seed", "1", "--json")
    (row,) = json.loads(out)
    assert row["proved"] is False
    assert [size["n"] for size in row["sizes"]] == [4, 50]
    assert row["models"]["deltanet-parity"]["examples"] == 12
    assert load(experiment, kept).seed == 1
    assert first.seed == 0


def test_families_of_inputs_are_told_apart(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny(monkeypatch)
    (task,) = catalogue.MODULES
    scores = (
        ModuleScore(2, 2, family="even"),
        ModuleScore(1, 2, family="odd"),
        ModuleScore(2, 2, family="odd"),
    )
    monkeypatch.setattr(catalogue, "MODULES", (replace(task, score=lambda *_: scores),))
    place = ("--modules", str(tmp_path))
    assert "even 100 %, odd 50 %" in asked(capsys, *COMMAND, *place)[1]
    (row,) = json.loads(asked(capsys, *COMMAND, *place, "--json", "--resume")[1])
    assert row["sizes"][0]["families"] == {
        "even": {"inputs": 1, "accuracy": 1.0, "exact": 1.0},
        "odd": {"inputs": 2, "accuracy": 0.75, "exact": 0.5},
    }


def test_after_ctrl_c_a_training_goes_on_where_it_was(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    experiment = tiny(monkeypatch)
    assert asked(capsys, *COMMAND, "--modules", str(whole))[0] == 0

    def interrupting(
        network: Any, generator: np.random.Generator, count: int, done: float
    ) -> Mapping[str, np.ndarray]:
        if done == 0.5:
            signal.raise_signal(signal.SIGINT)
        return experiment.batch(network, generator, count, done)

    tiny(monkeypatch, batch=interrupting)
    before = signal.getsignal(signal.SIGINT)
    code, out, err = asked(capsys, *COMMAND, "--modules", str(parts))
    assert (code, out) == (130, "")
    assert "continue with --resume" in err
    assert signal.getsignal(signal.SIGINT) is before
    assert [path.name for path in parts.iterdir()] == ["deltanet-parity.checkpoint.safetensors"]

    tiny(monkeypatch)
    assert asked(capsys, *COMMAND, "--modules", str(parts), "--resume")[0] == 0
    names = ("deltanet-parity.safetensors",)
    assert [(parts / n).read_bytes() for n in names] == [(whole / n).read_bytes() for n in names]
    told = [json.loads((folder / "deltanet-parity.json").read_text()) for folder in (parts, whole)]
    assert [{**each, "cpu_s": 0} for each in told] == [{**told[0], "cpu_s": 0}] * 2


def test_what_is_complete_is_not_trained_again_by_resume(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny(monkeypatch)
    place = ("--modules", str(tmp_path))
    assert asked(capsys, *COMMAND, *place)[0] == 0
    when = (tmp_path / "deltanet-parity.json").stat().st_mtime_ns
    assert asked(capsys, *COMMAND, *place, "--resume")[0] == 0
    assert (tmp_path / "deltanet-parity.json").stat().st_mtime_ns == when
    assert asked(capsys, *COMMAND, *place, "--resume", "--seed", "2")[0] == 0
    assert (tmp_path / "deltanet-parity.json").stat().st_mtime_ns > when


def test_a_training_without_time_is_kept_as_it_is_and_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny(monkeypatch)
    options = ("--modules", str(tmp_path), "--timeout-s", "0.001")
    code, out, err = asked(capsys, *COMMAND, *options)
    assert code == 4
    assert "out of time, 0 examples" in out
    assert "deltanet-parity: out of time; continue with --resume" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("train", "increment", "--method", "deltanet"),
            "found the task 'increment' with --method",
        ),
        (("train", "parity", "--method", "x"), "found the method 'x' of parity, expected one of"),
        ((*COMMAND, "--device", "abacus"), "found the device 'abacus', expected"),
    ],
)
def test_what_there_is_not(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    code, out, err = asked(capsys, *arguments)
    assert (code, out) == (2, "")
    assert told in err


def test_modules_are_listed_apart_from_what_is_proved(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = asked(capsys, "train")
    assert code == 0
    listed = out.partition("neural modules, not proved")[2].splitlines()
    assert len(listed) == 1 + len(catalogue.MODULES)
    assert any("sort" in line and "execution-engine" in line for line in listed)
    modules = json.loads(asked(capsys, "train", "--json")[1])["modules"]
    assert modules[0]["method"] == "execution-engine"
