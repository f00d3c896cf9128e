"""One instance of verification in a process of its own, so that its seconds and memory are its own.

The process is `abduce verify NET PROPERTY --json`; one that does not stop in time is stopped.
"""

import json
import os
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from abduce.benchmarks.verify_instances import Instance
from abduce.errors import Exit

GRACE_S = 10.0
"""How much longer than its limit a process may take before it is stopped."""
ONE_THREAD = {
    f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM", "NUMEXPR")
}


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
        said: what the process printed: verdict, cpu_s, ...
    """

    result: str
    reason: str | None
    run_s: float
    exit_code: int
    said: Mapping[str, Any]


@dataclass(slots=True)
class Processes:
    """Instances that run now, in whatever threads; all of them can be stopped at once."""

    running: set["subprocess.Popen[str]"] = field(default_factory=set)
    stopped: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, instance: Instance, limits: Limits, seed: int) -> Outcome | None:
        """Run an instance to its end; None where it was stopped."""
        seconds = limits.seconds(instance)
        started = time.monotonic()
        with self.lock:
            if self.stopped:
                return None
            process = subprocess.Popen(
                [sys.executable, "-m", "abduce", *arguments(instance, limits, seed), "--json"],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env={**os.environ, **ONE_THREAD},
                start_new_session=True,  # Ctrl-C is ours to pass on
            )
            self.running.add(process)
        try:
            printed, errors = process.communicate(timeout=seconds + GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            reason = f"had to be stopped after {seconds + GRACE_S:g} s"
            return Outcome("timeout", reason, time.monotonic() - started, process.returncode, {})
        finally:
            with self.lock:
                self.running.discard(process)
        if self.stopped:
            return None
        return _outcome(process.returncode, printed, errors, time.monotonic() - started)

    def stop(self) -> None:
        with self.lock:
            self.stopped = True
            for process in self.running:
                process.kill()


def arguments(instance: Instance, limits: Limits, seed: int) -> list[str]:
    """What to type after `abduce` to have an instance run."""
    paths = [str(instance.folder / p) for p in (instance.onnx, instance.vnnlib)]
    memory = [] if limits.memory_gb is None else ["--memory-gb", f"{limits.memory_gb:g}"]
    drawn = ["--seed", str(seed)] if seed else []
    return ["verify", *paths, "--timeout-s", f"{limits.seconds(instance):g}", *memory, *drawn]


def command(instance: Instance, limits: Limits, seed: int) -> str:
    """The same as one line."""
    return shlex.join(["abduce", *arguments(instance, limits, seed)])


def _outcome(code: int, printed: str, errors: str, run_s: float) -> Outcome:
    if code in (Exit.ANSWERED, Exit.GAVE_UP) and printed.strip():
        said = json.loads(printed)
        late = (said["reason"] or "").startswith("out of time")
        unknown = "timeout" if late else "unknown"
        result = {"proved": "unsat", "refuted": "sat"}.get(said["verdict"], unknown)
        return Outcome(result, said["reason"], run_s, code, said)
    result = "unknown" if code == Exit.UNSUPPORTED else "error"
    lines = errors.strip().splitlines() or [f"exit code {code}"]
    # of a traceback the last line says what it was, of a message all of them
    reason = lines[-1] if lines[0].startswith("Traceback") else " ".join(map(str.strip, lines))
    return Outcome(result, reason, run_s, code, {})
