"""One instance of verification as a job with a process of its own, and what its outcome says.

The process is `abduce verify NET PROPERTY --json`; one that does not stop in time is stopped.
"""

import json
import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abduce.benchmarks.processes.job import Job
from abduce.benchmarks.processes.job import Limits as ProcessLimits
from abduce.benchmarks.processes.outcome import Ended, JobOutcome, Lost
from abduce.benchmarks.records.provenance import Provenance
from abduce.benchmarks.verify.instances import Instance
from abduce.errors import Exit
from abduce.verify.instances.instance import OUT_OF_TIME

GRACE_S = 10.0
"""The seconds beyond its time limit after which a process is stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What each instance may cost; None is no limit beside the instance's own."""

    timeout_s: float | None = None
    memory_gb: float | None = None

    def seconds(self, instance: Instance) -> float:
        return min(instance.timeout_s, self.timeout_s or instance.timeout_s)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an instance ended.

    Attributes:
        result: a word of VNN-COMP.
        reason: why, where the result is not sat or unsat.
        run_s: seconds on the clock, from the start of the process to its end.
        cpu_s: CPU seconds (user and system) of the whole process, as the system counts them.
        said: what the process printed: verdict, domains, ...
        where: the machine that it ran on; None is this one.
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
    """How an instance ended, from what came of its job."""
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
    """What to type after `abduce` to have an instance run.

    Args:
        folder: where the benchmark's folder is, from where it is typed; None: its absolute path.
    """
    place = instance.folder if folder is None else folder / instance.category
    paths = [str(place / path) for path in (instance.onnx, instance.vnnlib)]
    memory = [] if limits.memory_gb is None else ["--memory-gb", f"{limits.memory_gb:g}"]
    drawn = ["--seed", str(seed)] if seed else []
    return ["verify", *paths, "--timeout-s", f"{limits.seconds(instance):g}", *memory, *drawn]


def command(instance: Instance, limits: Limits, seed: int) -> str:
    """The same as one line, to be typed in the folder that the benchmark's folder is in."""
    return shlex.join(["abduce", *arguments(instance, limits, seed, Path())])


def _read(ended: Ended) -> tuple[Mapping[str, Any], str, str | None]:
    """What a process said, its result and the reason for it."""
    if ended.exit_code in (Exit.ANSWERED, Exit.GAVE_UP) and ended.printed.strip():
        said = json.loads(ended.printed)
        late = (said["reason"] or "").startswith(OUT_OF_TIME)
        unknown = "timeout" if late else "unknown"
        proved = (
            "unsat" if said["rounding"] is None else "sat"
        )  # as `abduce.verify.instances.vnncomp` says
        result = {"proved": proved, "refuted": "sat"}.get(said["verdict"], unknown)
        return said, result, said["reason"]
    result = "unknown" if ended.exit_code == Exit.UNSUPPORTED else "error"
    return {}, result, ended.fault or f"exit code {ended.exit_code}"
