"""What came of a job: its process ended, or no process of it could be brought to its end."""

import pickle
import signal
from dataclasses import dataclass
from typing import Any

from abduce.benchmarks.records.provenance import Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A process that has ended.

    Attributes:
        exit_code: minus the number of the signal where a signal ended it.
        late: whether it was stopped because its time was up.
        printed: the text on stdout.
        errors: the text on stderr.
        kept: the content of the file that it was given to write.
        run_s: seconds on the clock, from the start of the process to its end.
        cpu_s: CPU seconds (user and system) of the whole process, as the system counts them.
        where: the machine that it ran on.
    """

    exit_code: int
    late: bool
    printed: str
    errors: str
    kept: bytes
    run_s: float
    cpu_s: float
    where: Provenance

    @property
    def value(self) -> Any:
        """The value that a called function returned (`abduce.benchmarks.processes.job.call`)."""
        return pickle.loads(self.kept)

    @property
    def fault(self) -> str | None:
        """Why the process did not do its work; None where it did.

        It is the last line of a traceback, or a whole message.
        """
        if self.late:
            return "timeout"
        if self.exit_code < 0:
            return f"crashed ({signal.Signals(-self.exit_code).name})"
        if not self.exit_code:
            return None
        lines = self.errors.strip().splitlines() or [f"exit code {self.exit_code}"]
        text = lines[-1] if lines[0].startswith("Traceback") else " ".join(map(str.strip, lines))
        return "out of memory" if text.startswith("MemoryError") else text


@dataclass(frozen=True, slots=True)
class Lost:
    """A job that could not be brought to its end.

    Attributes:
        fault: why.
    """

    fault: str


JobOutcome = Ended | Lost
