"""Runs instances of verification with the runner of all benchmarks, and makes their records."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from abduce import clock
from abduce.benchmarks.processes.backends import HERE, Placement
from abduce.benchmarks.processes.outcome import JobOutcome
from abduce.benchmarks.processes.runner import run
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record, Status, as_mapping, record_id
from abduce.benchmarks.verify.instances import Instance
from abduce.benchmarks.verify.process import (
    Limits,
    Outcome,
    command,
    instance_job,
    instance_outcome,
)
from abduce.errors import Exit
from abduce.verify.instances.instance import instance_path
from abduce.verify.strategy import METHOD
from abduce.verify.verification import Semantics

MEASURED = ("wall_s", "domains", "points", "open", "bound", "peak_mb")
FILES = "files"
"""The name of the benchmark in the record of a single instance, which belongs to no list."""


def run_each(
    todo: Sequence[Instance],
    ended: Callable[[Instance, Outcome], None],
    *,
    limits: Limits,
    seed: int = 0,
    placement: Placement = HERE,
) -> None:
    """Run instances, each in a process of its own.

    Args:
        ended: called in this thread for each instance, in the order in which they end.

    Raises:
        InputError: the cluster does not answer.
        KeyboardInterrupt, and whatever `ended` raises: running instances were stopped.
    """

    def tell(instance: Instance, came: JobOutcome) -> None:
        ended(instance, instance_outcome(instance, limits, came))

    run(todo, lambda instance: instance_job(instance, limits, seed), tell, placement)


def instance_id(instance: Instance, limits: Limits, seed: int = 0) -> str:
    """The id of its record."""
    return record_id("verify", _task(instance, limits), verification_config(limits), seed)


def instance_record(instance: Instance, outcome: Outcome, limits: Limits, seed: int) -> Record:
    """The record of an instance that has ended, of the kind 'verify'.

    Its metrics: verdict (proved, refuted, unknown); result, the same in VNN-COMP's words, which
    tell timeout and error from unknown; reason, if it is unknown; expected, by expected.csv, and
    wrong, whether verdict and expectation contradict each other; exit_code; cpu_s, CPU seconds of
    the whole process; and what the verifier reports, null if it did not get that far: wall_s,
    domains, points, open, bound, peak_mb.

    Its status is 'timeout' where that is the result, 'failed' where it is error. It has no absolute
    paths: paths begin at the benchmark's folder, and those of the command at the folder that
    contains it.
    """
    return new_record(
        "verify",
        task=_task(instance, limits),
        config=verification_config(limits),
        seed=seed,
        started=clock.utc_now() - timedelta(seconds=outcome.run_s),
        wall_s=outcome.run_s,
        status=_status(outcome.result),
        command=command(instance, limits, seed),
        metrics=_metrics(instance, outcome),
        data_sha256=_checksums(instance),
        where=outcome.where,
    )


def single_record(
    network: Path,
    property_: Path,
    limits: Limits,
    said: Mapping[str, Any],
    *,
    exit_code: int,
    output: str | None = None,
) -> Record:
    """The record of a single network and property, with the benchmark 'files'.

    Args:
        said: what `abduce verify --json` prints.
        output: the name of the output that the property is about, if one was chosen.
    """
    seconds = limits.timeout_s or 300.0
    instance = Instance(FILES, Path(), str(network), str(property_), seconds)
    wall_s, cpu_s = said["wall_s"], said["cpu_s"]
    outcome = Outcome(said["result"], said["reason"], wall_s, cpu_s, exit_code, said)
    return new_record(
        "verify",
        task=_task(instance, limits) | ({} if output is None else {"output": output}),
        config=verification_config(limits, said["semantics"]),
        seed=limits.strategy.seed,
        started=clock.utc_now() - timedelta(seconds=wall_s),
        wall_s=wall_s,
        status=_status(outcome.result),
        metrics=_metrics(instance, outcome),
        data_sha256=_checksums(instance),
    )


def verification_config(limits: Limits, semantics: Semantics = "real") -> dict[str, Any]:
    """The whole configuration as a record holds it, without the seed, which is a field of its
    own."""
    strategy = as_mapping(limits.strategy)
    del strategy["seed"]
    named = {"method": METHOD, "semantics": semantics, "memory_gb": limits.memory_gb}
    return named | strategy


def _status(result: str) -> Status:
    if result == "timeout":
        return "timeout"
    return "complete" if result in ("sat", "unsat", "unknown") else "failed"


def _metrics(instance: Instance, outcome: Outcome) -> dict[str, Any]:
    return {
        "verdict": outcome.said.get("verdict", "unknown"),
        "result": outcome.result,
        "reason": outcome.reason,
        "expected": instance.expected,
        "wrong": instance.contradicted_by(outcome.result),
        "exit_code": outcome.exit_code,
        "cpu_s": round(outcome.cpu_s, 4),
        **{name: outcome.said.get(name) for name in MEASURED},
    }


def judged(instance: Instance, result: str) -> str:
    """An instance and its result, as a line of text."""
    note = f" (expected {instance.expected})" if instance.contradicted_by(result) else ""
    return f"{instance.onnx} {instance.vnnlib}: {result}{note}"


def worst_exit(wrong: bool, failures: set[int]) -> Exit:
    """The exit code of many instances.

    Args:
        wrong: whether a result contradicts the one expected.
        failures: the exit codes of those that ended in an error.
    """
    if wrong or failures - {Exit.BAD_INPUT}:
        return Exit.INTERNAL
    return Exit.BAD_INPUT if failures else Exit.ANSWERED


def _task(instance: Instance, limits: Limits) -> dict[str, Any]:
    return {
        "benchmark": instance.category,
        "network": instance.onnx,
        "property": instance.vnnlib,
        "timeout_s": limits.seconds(instance),
    }


def _checksums(instance: Instance) -> dict[str, str]:
    import hashlib

    found: dict[str, str] = {}
    for name in (instance.onnx, instance.vnnlib):
        file = instance_path(instance.folder / name)
        if file.is_file():
            with file.open("rb") as stream:
                found[name] = hashlib.file_digest(stream, "sha256").hexdigest()
    return found
