"""One instance of verification in a process of its own, so that its seconds and memory are its own.

The process is `abduce verify NET PROPERTY --json`; one that does not stop in time is stopped.
"""

import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from abduce import clock
from abduce.benchmarks.verify.instances import Instance
from abduce.configuration import settings_of
from abduce.errors import Exit
from abduce.verify.strategy import AUTOMATIC, Strategy

GRACE_S = 10.0
"""The seconds beyond its time limit after which a process is stopped."""
POLL_S = 0.02
ONE_THREAD = {
    f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How each instance is run; None is no limit beside the instance's own.

    Attributes:
        strategy: how to search; its seed is given apart.
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
        reason: why, where the result is not sat or unsat.
        run_s: seconds on the clock, from the start of the process to its end.
        cpu_s: CPU seconds (user and system) of the whole process, as the system counts them.
        said: what the process printed: verdict, domains, ...
    """

    result: str
    reason: str | None
    run_s: float
    cpu_s: float
    exit_code: int
    said: Mapping[str, Any]


@dataclass(slots=True)
class Processes:
    """Instances that run now, in whatever threads; all of them can be stopped at once.

    Under the lock a process number in `running` is of a process that has not been waited for, and
    so of no other one.
    """

    running: set[int] = field(default_factory=set)
    stopped: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, instance: Instance, limits: Limits, seed: int) -> Outcome | None:
        """Run an instance to its end; None where it was stopped."""
        limit_s = limits.seconds(instance) + GRACE_S
        started = clock.wall_s()
        with TemporaryFile("w+") as printed, TemporaryFile("w+") as errors:
            with self.lock:
                if self.stopped:
                    return None
                asked = arguments(instance, limits, seed)
                process = subprocess.Popen(
                    [sys.executable, "-m", "abduce", *asked, "--json"],
                    stdout=printed,
                    stderr=errors,
                    env={**os.environ, **ONE_THREAD},
                    start_new_session=True,  # Ctrl-C is ours to pass on
                )
                self.running.add(process.pid)
            late, cpu_s = self._wait(process, started + limit_s)
            if self.stopped:
                return None
            run_s, code = clock.wall_s() - started, process.returncode
            if late:
                reason = f"had to be stopped after {limit_s:g} s"
                return Outcome("timeout", reason, run_s, cpu_s, code, {})
            printed.seek(0)
            errors.seek(0)
            said, result, reason = _read(code, printed.read(), errors.read())
        # messages name files as they were given; the folder is this machine's and says nothing
        reason = reason and reason.replace(f"{instance.folder.parent}{os.sep}", "")
        return Outcome(result, reason, run_s, cpu_s, code, said)

    def _wait(self, process: "subprocess.Popen[bytes]", deadline: float) -> tuple[bool, float]:
        """To the end of a process, or of its time: whether that was up, and its CPU seconds."""
        late = False
        while True:
            with self.lock:
                number, status, usage = os.wait4(process.pid, os.WNOHANG)
                if number:
                    self.running.discard(process.pid)
                    process.returncode = os.waitstatus_to_exitcode(status)
                    return late, clock.charged_s(usage)
                if not late and clock.wall_s() > deadline:
                    late = True
                    os.kill(process.pid, signal.SIGKILL)
            time.sleep(POLL_S)

    def stop(self) -> None:
        with self.lock:
            self.stopped = True
            for number in self.running:
                os.kill(number, signal.SIGKILL)


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
    changed = settings_of(replace(limits.strategy, seed=AUTOMATIC.seed), AUTOMATIC)
    chosen = [word for setting in changed for word in ("--set", setting)]
    seconds = f"{limits.seconds(instance):g}"
    return ["verify", *paths, "--timeout-s", seconds, *memory, *drawn, *chosen]


def command(instance: Instance, limits: Limits, seed: int) -> str:
    """The same as one line, to be typed in the folder that the benchmark's folder is in."""
    return shlex.join(["abduce", *arguments(instance, limits, seed, Path())])


def _read(code: int, printed: str, errors: str) -> tuple[Mapping[str, Any], str, str | None]:
    """What a process said, its result and the reason for it."""
    if code in (Exit.ANSWERED, Exit.GAVE_UP) and printed.strip():
        said = json.loads(printed)
        return said, said["result"], said["reason"]
    result = "unknown" if code == Exit.UNSUPPORTED else "error"
    lines = errors.strip().splitlines() or [f"exit code {code}"]
    # of a traceback the last line says what it was, of a message all of them
    reason = lines[-1] if lines[0].startswith("Traceback") else " ".join(map(str.strip, lines))
    return {}, result, reason
