"""Instances of verification run by the runner of all benchmarks, and the record of each."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from abduce import clock
from abduce.benchmarks.processes.backends import HERE, Placement
from abduce.benchmarks.processes.outcome import JobOutcome
from abduce.benchmarks.processes.runner import run
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record, Status, record_id
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

MEASURED = ("wall_s", "domains", "points", "open", "bound", "peak_mb")


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
        KeyboardInterrupt, and whatever `ended` raises: what runs was stopped.
    """

    def tell(instance: Instance, came: JobOutcome) -> None:
        ended(instance, instance_outcome(instance, limits, came))

    run(todo, lambda instance: instance_job(instance, limits, seed), tell, placement)


def instance_id(instance: Instance, limits: Limits, seed: int = 0) -> str:
    """The id of its record."""
    return record_id("verify", _task(instance, limits), _config(limits), seed)


def instance_record(instance: Instance, outcome: Outcome, limits: Limits, seed: int) -> Record:
    """The record of an instance that has ended, of the kind 'verify'.

    Its metrics: verdict (proved, refuted, unknown); result, the same in VNN-COMP's words, which
    tell timeout and error from unknown; reason, where it is unknown; expected, by expected.csv, and
    wrong, whether verdict and expectation contradict each other; exit_code; cpu_s, CPU seconds of
    the whole process; and what the verifier says of itself, null where it did not get to that:
    wall_s, domains, points, open, bound, peak_mb.

    Its status is 'timeout' where that is the result, 'failed' where it is error. No path in it is
    one of this machine: they begin at the benchmark's folder, those of the command beside it.
    """
    ended: Status = "complete" if outcome.result in ("sat", "unsat", "unknown") else "failed"
    metrics = {
        "verdict": outcome.said.get("verdict", "unknown"),
        "result": outcome.result,
        "reason": outcome.reason,
        "expected": instance.expected,
        "wrong": instance.contradicted_by(outcome.result),
        "exit_code": outcome.exit_code,
        "cpu_s": round(outcome.cpu_s, 4),
        **{name: outcome.said.get(name) for name in MEASURED},
    }
    return new_record(
        "verify",
        task=_task(instance, limits),
        config=_config(limits),
        seed=seed,
        started=clock.utc_now() - timedelta(seconds=outcome.run_s),
        wall_s=outcome.run_s,
        status="timeout" if outcome.result == "timeout" else ended,
        command=command(instance, limits, seed),
        metrics=metrics,
        data_sha256=_checksums(instance),
        where=outcome.where,
    )


def judged(instance: Instance, result: str) -> str:
    """An instance and its result, for a person."""
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


def _config(limits: Limits) -> dict[str, Any]:
    return {"memory_gb": limits.memory_gb}


def _checksums(instance: Instance) -> dict[str, str]:
    import hashlib

    found: dict[str, str] = {}
    for name in (instance.onnx, instance.vnnlib):
        file = instance_path(instance.folder / name)
        if file.is_file():
            with file.open("rb") as stream:
                found[name] = hashlib.file_digest(stream, "sha256").hexdigest()
    return found
