"""One job as a process of its own, so that its time, memory and limits are its own.

This is what runs on the machine of the job, wherever that is. Processes have one thread each for
linear algebra, so that jobs that run at the same time do not wait for each other.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from abduce import clock
from abduce.benchmarks.processes.job import KEPT, Job, Limits
from abduce.benchmarks.processes.outcome import Ended, JobOutcome, Lost
from abduce.benchmarks.records.provenance import here

POLL_S = 0.02
ONE_THREAD = {
    f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")
}


def run_process(job: Job, stopped: Callable[[], bool]) -> JobOutcome | None:
    """Run a job, which needs nothing any more, to its end.

    Args:
        stopped: called again and again; the process is killed when it returns True.

    Returns:
        What came of it; None where it was stopped.
    """
    with TemporaryDirectory(prefix="abduce-") as place:
        files = {name: Path(place) / name for name in ("stdin", "stdout", "stderr", "kept")}
        for name, path in files.items():
            path.write_bytes(job.stdin if name == "stdin" else b"")
        arguments = [str(files["kept"]) if word == KEPT else word for word in job.arguments]
        with (
            files["stdin"].open("rb") as given,
            files["stdout"].open("wb") as printed,
            files["stderr"].open("wb") as errors,
        ):
            started = clock.wall_s()
            try:
                process = subprocess.Popen(
                    [job.program or sys.executable, *arguments],
                    stdin=given,
                    stdout=printed,
                    stderr=errors,
                    env={**os.environ, **ONE_THREAD, **dict(job.environment)},
                    start_new_session=True,  # Ctrl-C is ours to pass on
                )
            except OSError as error:
                return Lost(f"its process could not be started: {error}")
            late, cpu_s = _wait(process, job.limits, started, stopped)
            run_s, code = clock.wall_s() - started, process.returncode
        if stopped():
            return None
        if job.limits.cpu_s is not None:
            late |= code in (-signal.SIGXCPU, -signal.SIGKILL)
        told = {name: path.read_bytes() for name, path in files.items()}
    return Ended(
        exit_code=code,
        late=late,
        printed=told["stdout"].decode(errors="replace"),
        errors=told["stderr"].decode(errors="replace"),
        kept=told["kept"],
        run_s=run_s,
        cpu_s=cpu_s,
        where=here(),
    )


def _wait(
    process: "subprocess.Popen[bytes]", limits: Limits, started: float, stopped: Callable[[], bool]
) -> tuple[bool, float]:
    """Wait for the end of a process: whether its time was up, and its CPU seconds."""
    deadline = None if limits.wall_s is None else started + limits.wall_s
    late = killed = False
    try:
        _limit(process.pid, limits)
        while True:
            number, status, usage = os.wait4(process.pid, os.WNOHANG)
            if number:
                process.returncode = os.waitstatus_to_exitcode(status)
                return late, clock.charged_s(usage)
            late = late or clock.passed(deadline)
            if not killed and (late or stopped()):
                killed = True
                os.killpg(process.pid, signal.SIGKILL)
            time.sleep(POLL_S)
    except BaseException:  # Ctrl-C, or a worker that is told to give the job up
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        raise


def _limit(number: int, limits: Limits) -> None:
    """Set the limits of a process that has just been started."""
    import resource

    if not hasattr(resource, "prlimit"):
        return
    with suppress(ProcessLookupError):
        if limits.cpu_s is not None:
            resource.prlimit(number, resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + 1))
        if limits.memory_gb is not None:
            size = round(limits.memory_gb * 2**30)
            resource.prlimit(number, resource.RLIMIT_DATA, (size, size))
