"""What a command has cost so far, from the start of its process."""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

LONGEST_START_S = 60.0


@dataclass(frozen=True, slots=True)
class Clock:
    """A moment to count from.

    Attributes:
        wall: ``time.monotonic()`` then.
        cpu: ``time.process_time()`` then.
    """

    wall: float
    cpu: float

    @classmethod
    def now(cls) -> "Clock":
        return cls(time.monotonic(), time.process_time())

    @classmethod
    def of_process(cls) -> "Clock":
        """The start of this process, so that what Python takes to start counts too."""
        now = cls.now()
        return cls(now.wall - max(_age_s(), now.cpu), 0.0)

    @property
    def wall_s(self) -> float:
        return round(time.monotonic() - self.wall, 4)

    @property
    def cpu_s(self) -> float:
        return round(time.process_time() - self.cpu, 4)


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
