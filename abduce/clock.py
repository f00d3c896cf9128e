"""The only place that reads time: seconds that have passed, dates, and what a process has cost.

``ABDUCE_CLOCK_RATE=10`` makes every clock run ten times as fast. Deadlines then come ten times as
early, as on a machine that is ten times as slow or busy; the tests must pass all the same.
"""

import os
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import resource

LONGEST_START_S = 60.0


def _rate() -> float:
    """The clock's rate from the environment; 1 where it is not set or not a positive number."""
    try:
        rate = float(os.environ.get("ABDUCE_CLOCK_RATE", "1"))
    except ValueError:
        return 1.0
    return rate if 0 < rate < float("inf") else 1.0


RATE = _rate()


def wall_s() -> float:
    """Seconds since some moment in the past; only differences mean something."""
    return time.monotonic() * RATE


def cpu_s() -> float:
    """CPU seconds that this process has spent, all threads together."""
    return time.process_time() * RATE


def thread_cpu_s() -> float:
    """CPU seconds that this thread has spent."""
    return time.thread_time() * RATE


def charged_s(usage: "resource.struct_rusage") -> float:
    """CPU seconds, user and system, of a process that has ended, as the system counts them."""
    return (usage.ru_utime + usage.ru_stime) * RATE


def utc_now() -> datetime:
    """The date and time now, in UTC."""
    return datetime.now(UTC)


def passed(deadline: float | None) -> bool:
    """Whether `wall_s` is past the deadline; never, where there is none."""
    return deadline is not None and wall_s() > deadline


class OutOfTime(Exception):
    """A deadline has passed; what was begun is given up."""


def check(deadline: float | None) -> None:
    """Raises `OutOfTime` where `wall_s` is past the deadline; never, where there is none."""
    if passed(deadline):
        raise OutOfTime


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """A moment to count from.

    Attributes:
        started: `wall_s` then.
        spent: `cpu_s` then.
    """

    started: float
    spent: float

    @classmethod
    def now(cls) -> "Stopwatch":
        return cls(wall_s(), cpu_s())

    @classmethod
    def of_process(cls) -> "Stopwatch":
        """The start of this process, so that what Python takes to start counts too."""
        return cls(wall_s() - max(_age_s() * RATE, cpu_s()), 0.0)

    @property
    def wall_s(self) -> float:
        """Seconds since then."""
        return round(wall_s() - self.started, 4)

    @property
    def cpu_s(self) -> float:
        """CPU seconds of this process since then."""
        return round(cpu_s() - self.spent, 4)


def _age_s() -> float:
    """Seconds since this process was started; 0 where the system does not say."""
    try:
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        started = int(fields[19]) / os.sysconf("SC_CLK_TCK")
        age = time.clock_gettime(time.CLOCK_BOOTTIME) - started
    except (OSError, ValueError, IndexError, AttributeError):
        return 0.0
    return age if 0 <= age < LONGEST_START_S else 0.0


def peak_mb() -> float | None:
    """The most memory this process has held so far, in MiB.

    The kernel's own count for this program, where there is one: the other one begins with what the
    process held that started it.
    """
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return round(int(line.split()[1]) / 1024, 1)
    except (OSError, ValueError):
        pass
    try:
        import resource
    except ImportError:  # not a POSIX system
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10), 1)
