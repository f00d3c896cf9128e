"""One instance of verification as a job in a process of its own, and how its outcome is read.

The process is `abduce verify NET PROPERTY --json`; one that does not stop in time is stopped.
"""

import json
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from abduce.benchmarks.processes.job import Job
from abduce.benchmarks.processes.job import Limits as ProcessLimits
from abduce.benchmarks.processes.outcome import Ended, JobOutcome, Lost
from abduce.benchmarks.records.provenance import Provenance
from abduce.benchmarks.verify.instances import Instance
from abduce.configuration import settings_of
from abduce.errors import Exit
from abduce.verify.strategy import AUTOMATIC, Strategy

GRACE_S = 10.0
"""The seconds beyond its time limit after which a process is stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How each instance is run; None means no limit in addition to the instance's own.

    Attributes:
        strategy: the settings of the search; the seed is a separate field.
    """

    timeout_s: float | None = None
    memory_gb: float | None = None
    strategy: Strategy = AUTOMATIC

    def seconds(self, instance: Instance) -> float:
        return min(instance.timeout_s, self.timeout_s or instance.timeout_s)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an instance ended.

    Attributes:
        result: a word of VNN-COMP.
        reason: why the result is not sat or unsat.
        run_s: seconds on the clock, from the start of the process to its end.
        cpu_s: CPU seconds (user and system) of the whole process, as the system counts them.
        said: the JSON that the process printed: verdict, domains, ...
        where: the machine that it ran on; None means this one.
    """

    result: str
    reason: str | None
    run_s: float
    cpu_s: float
    exit_code: int
    said: Mapping[str, Any]
    where: Provenance | None = None


def instance_job(instance: Instance, limits: Limits, seed: int) -> Job:
    """The job of an instance."""
    return Job(
        arguments=("-m", "abduce", *arguments(instance, limits, seed), "--json"),
        limits=ProcessLimits(wall_s=limits.seconds(instance) + GRACE_S),
    )


def instance_outcome(instance: Instance, limits: Limits, ended: JobOutcome) -> Outcome:
    """How an instance ended, from the outcome of its job."""
    match ended:
        case Lost(fault):
            return Outcome("error", fault, 0.0, 0.0, Exit.INTERNAL, {})
        case Ended(late=True):
            limit_s = limits.seconds(instance) + GRACE_S
            said, result, reason = {}, "timeout", f"had to be stopped after {limit_s:g} s"
        case Ended():
            said, result, reason = _read(ended)
    # messages name files as they were given; the folder is this machine's and says nothing
    reason = reason and reason.replace(f"{instance.folder.parent}{os.sep}", "")
    return Outcome(result, reason, ended.run_s, ended.cpu_s, ended.exit_code, said, ended.where)


def arguments(
    instance: Instance, limits: Limits, seed: int, folder: Path | None = None
) -> list[str]:
    """The arguments of `abduce` that run an instance.

    Args:
        folder: the path of the benchmark's folder from the current folder; None for its absolute
            path.
    """
    place = instance.folder if folder is None else folder / instance.category
    paths = [str(place / path) for path in (instance.onnx, instance.vnnlib)]
    memory = [] if limits.memory_gb is None else ["--memory-gb", f"{limits.memory_gb:g}"]
    drawn = ["--seed", str(seed)] if seed else []
    changed = settings_of(replace(limits.strategy, seed=AUTOMATIC.seed), AUTOMATIC)
    chosen = [word for setting in changed for word in ("--set", setting)]
    seconds = f"{limits.seconds(instance):g}"
    return ["verify", *paths, "--timeout-s", seconds, *memory, *drawn, *chosen]


def command(instance: Instance, limits: Limits, seed: int) -> str:
    """The command as one line, to be run in the folder that contains the benchmark's folder."""
    return shlex.join(["abduce", *arguments(instance, limits, seed, Path())])


def _read(ended: Ended) -> tuple[Mapping[str, Any], str, str | None]:
    """The JSON that a process printed, its result and the reason for it."""
    if ended.exit_code in (Exit.ANSWERED, Exit.GAVE_UP) and ended.printed.strip():
        said = json.loads(ended.printed)
        return said, said["result"], said["reason"]
    result = "unknown" if ended.exit_code == Exit.UNSUPPORTED else "error"
    return {}, result, ended.fault or f"exit code {ended.exit_code}"
