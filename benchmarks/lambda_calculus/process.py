"""A process that measures one term: what it prints, or why it printed nothing.

Its seconds are counted by the system (CPU seconds, so that a busy machine stops nobody), and so is
its memory. A process that outlives the one that began it ends with its seconds.
"""

import json
import resource
import signal
import subprocess
from collections.abc import Sequence
from typing import Any

from abduce.benchmarks.lambda_calculus.config import MeasuringConfig


def printed(
    command: Sequence[str], timeout_s: float, config: MeasuringConfig, text: str = ""
) -> dict[str, Any]:
    """The JSON object that a command prints; {'error': ...} where it prints none.

    Args:
        timeout_s: CPU seconds.
        text: for its stdin.
    """
    seconds, memory = max(1, round(timeout_s)), int(config.memory_gb * 2**30)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))

    try:
        done = subprocess.run(
            command,
            input=text,
            capture_output=True,
            text=True,
            timeout=config.longest * timeout_s,
            check=False,
            preexec_fn=limit,
        )
    except subprocess.TimeoutExpired:
        return {"error": "timeout"}
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return {"error": "timeout"}
    if done.returncode < 0:
        return {"error": f"crashed ({signal.Signals(-done.returncode).name})"}
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
        return {"error": _plainly(said)}
    found = json.loads(done.stdout)
    return found | {"error": _plainly(found["error"])} if found.get("error") else found


def _plainly(error: str) -> str:
    return "out of memory" if error.startswith("MemoryError") else error
