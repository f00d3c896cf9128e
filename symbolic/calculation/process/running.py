"""Programs run in a process of their own, with limits on its time and memory."""

import json
import math
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any, Final

from abduce.symbolic.calculation.understanding import Plan

MEMORY_MB: Final = 2048
START_S: Final = 5.0
"""The time that the process may take to start, besides that of its program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a program.

    Attributes:
        outcome: 'answered', 'unanswered', 'withheld' (a cross-check disagrees) or 'stopped'.
        answer: the answer in the notation that is read.
        value: the answer as a decimal, where it is a number.
        remarks: what the answer leaves out, as sentences.
        reason: why there is no answer.
        not_isolated: what the system does not isolate.
        curve: the points of a graph, with None for a gap.
    """

    outcome: str
    answer: str = ""
    value: str | None = None
    steps: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    reason: str = ""
    not_isolated: tuple[str, ...] = ()
    curve: tuple[tuple[float, float] | None, ...] = ()


def run_plan(plan: Plan, timeout_s: float = 10.0, memory_mb: int = MEMORY_MB) -> Outcome:
    """Runs a program; it is stopped at its limits."""
    request = {
        "term": plan.term,
        "arguments": plan.arguments,
        "common_log": plan.common_log,
        "kinds": plan.kinds,
        "cpu_s": max(1, math.ceil(timeout_s + 2)),
        "memory_mb": memory_mb,
    }
    return _outcome(request, timeout_s)


def _outcome(request: dict[str, Any], timeout_s: float) -> Outcome:
    command = [
        sys.executable,
        "-c",
        "from abduce.symbolic.calculation.process.worker import main; main()",
    ]
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join(place for place in sys.path if place),
    }
    try:
        done = subprocess.run(
            command,
            input=json.dumps(request),
            capture_output=True,
            text=True,
            timeout=timeout_s + START_S,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Outcome(outcome="stopped", reason="The program ran past its time limit.")
    if done.returncode != 0 or not done.stdout:
        if "No module named 'sympy'" in done.stderr:
            raise ModuleNotFoundError("No module named 'sympy'", name="sympy")
        return Outcome(outcome="stopped", reason=_why(done.returncode, done.stderr))
    found = json.loads(done.stdout)
    return Outcome(
        outcome=found["outcome"],
        answer=found.get("answer", ""),
        value=found.get("value"),
        steps=tuple(found.get("steps", ())),
        checks=tuple(found.get("checks", ())),
        remarks=tuple(found.get("remarks", ())),
        reason=found.get("reason", ""),
        not_isolated=tuple(found["not_isolated"]),
        curve=tuple(None if p is None else (p[0], p[1]) for p in found.get("curve", ())),
    )


def _why(code: int, said: str) -> str:
    if "MemoryError" in said or code in (-6, -11, 134, 139):
        return "The program needed too much memory."
    if code in (-24, 152, -9):
        return "The program ran past its time limit."
    return f"The program ended without an answer (code {code})."
