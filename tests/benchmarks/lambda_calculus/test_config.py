"""Every field of the configuration of a measurement is read: another value changes what is done."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from abduce.benchmarks.lambda_calculus import job, suite
from abduce.benchmarks.lambda_calculus.config import MEASURING, MeasuringConfig
from abduce.benchmarks.lambda_calculus.gathered import gather_reductions
from abduce.benchmarks.processes.job import Job
from abduce.benchmarks.processes.process import run_process
from abduce.benchmarks.records.record_file import read
from abduce.cli import app as cli
from abduce.configuration import configured, leaves
from abduce.symbolic.lambda_calculus import normal_form
from abduce.symbolic.lambda_calculus.reduction.config import METHOD, REDUCTION

Capture = pytest.CaptureFixture[str]
LIMITS = (
    "import json, resource as r\n"
    "print(json.dumps({'cpu': r.getrlimit(r.RLIMIT_CPU), 'data': r.getrlimit(r.RLIMIT_DATA)}))"
)
ONCE = ("batch_s=0", "most_s=0")
SLEEP = "import time\ntime.sleep(1)\nprint('{}')"


def right(config: MeasuringConfig) -> object:
    """Whether a result is the one expected, on one engine."""
    found = job.measure("plain", "2^10", config)
    return found["right"], found["beta"]


def repeated(config: MeasuringConfig) -> object:
    """How often a reduction is done that takes 0.015 s each time."""
    count, now = 0, 0.0

    def counted(*rest: Any, **options: Any) -> Any:
        nonlocal count, now
        count, now = count + 1, now + 0.015
        return normal_form(*rest, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(job, "normal_form", counted)
        patch.setattr(job.clock, "thread_cpu_s", lambda: now)
        job.measure("plain", "K I Omega", config)
    return count


def printed(text: str, config: MeasuringConfig) -> object:
    """What a Python program prints, or its fault, within the limits of a measurement."""
    limits = suite._limits(config.timeout_s, config)
    ended = run_process(Job(arguments=("-c", text), limits=limits), lambda: False)
    assert ended is not None
    return suite._printed(ended)


def limited(config: MeasuringConfig) -> object:
    """The limits of a process that measures."""
    return printed(LIMITS, config)


def asleep(config: MeasuringConfig) -> object:
    return printed(SLEEP, config)


def peer(config: MeasuringConfig) -> object:
    """The CPU seconds of another package."""
    return suite._job("lc", "2^10", Path("python"), config).limits.cpu_s


WITNESSES: Final[Mapping[str, tuple[Callable[[MeasuringConfig], object], tuple[str, ...], str]]] = {
    "strategy": (right, ONCE, '"weak-head"'),
    "nodes": (right, ONCE, "20"),
    "cells": (lambda c: job.measure("plain", "2^16", c)["right"], ONCE, "9"),
    "timeout_s": (limited, (), "7"),
    "memory_gb": (limited, (), "2"),
    "longest": (asleep, ("timeout_s=10",), "0.01"),
    "peer_timeout_s": (peer, (), "7"),
    "batch_s": (repeated, (), "0.1"),
    "repeats": (repeated, (), "80"),
    "enough_s": (repeated, (), "2"),
    "most_s": (repeated, ("repeats=1000000",), "1"),
}
"""For each field what to look at, settings, and a value with which it is another."""


def test_every_field_has_a_witness() -> None:
    assert set(WITNESSES) == set(leaves(MEASURING))


@pytest.mark.parametrize("field", WITNESSES)
def test_another_value_changes_what_is_measured(field: str) -> None:
    look, settings, value = WITNESSES[field]
    before = configured(MEASURING, None, settings)
    assert look(before) != look(configured(before, None, [f"{field}={value}"]))


def test_records_hold_the_configuration_and_the_job_is_given_it(
    tmp_path: Path, capsys: Capture
) -> None:
    path = tmp_path / "r.jsonl"
    asked = ["bench", "lambda", "--only", "^2.10 plain$", "--out", str(path), "--quiet"]
    for options in ([], ["--set", "nodes=20"], ["--timeout-s", "50"]):
        cli.run([*asked, *options])
    plain, small, shorter = read(path)
    assert plain.config == {"method": METHOD, **leaves(MEASURING)}
    assert (small.config["nodes"], small.metrics["right"]) == (20, False)
    assert "--set nodes=20" in small.command
    assert shorter.config["timeout_s"] == 50
    assert len({plain.id, small.id, shorter.id}) == 3
    capsys.readouterr()
    assert cli.run([*asked, "--set", "nodez=3"]) == 2
    assert "the unknown field 'nodez', expected nodes" in capsys.readouterr().err


def test_a_single_reduction_is_recorded_where_it_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run(["reduce", "2 3"]) == 0
    assert list(tmp_path.iterdir()) == []
    assert cli.run(["reduce", "2 3", "--set", "nodes=50", "--record", "r.jsonl", "--json"]) == 0
    said = json.loads(capsys.readouterr().out.split("\n", 1)[1])
    omega = "(\\x. x x) (\\x. x x)"
    assert cli.run(["reduce", omega, "--fuel", "100", "--record", "r.jsonl"]) == 4
    first, second = read(Path("r.jsonl"))
    assert first.config == {"method": METHOD, **leaves(REDUCTION), "nodes": 50}
    assert first.metrics["beta"] == said["beta"]
    assert (second.config["fuel"], second.metrics["error"]) == (100, "out of fuel")
    assert [row.term for row in gather_reductions([first, second]).terms] == ["2 3", omega]
    assert gather_reductions([first]).terms[0].wrong == ()


def test_settings_and_flags_of_reduce_are_the_same_fields(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    for options in (
        ["--strategy", "head", "--eta"],
        ["--set", "strategy=head", "--set", "eta=true"],
    ):
        assert cli.run(["reduce", "x", *options]) == 2
        assert "eta with the strategy head" in capsys.readouterr().err
    for options in (["--engine", "plain"], ["--set", "engine=plain"]):
        assert cli.run(["reduce", "3 2", *options, "--record", "r.jsonl"]) == 0
    one, two = read(Path("r.jsonl"))
    assert one.id == two.id
