"""A job: a command for a process of its own, with its limits.

A job is a value that can be pickled, so that it can be placed on another machine. Paths in it have
to mean the same there.
"""

import os
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

KEPT = "{kept}"
"""The argument that stands for a file; its content at the end belongs to the outcome."""
PREFIX = "ABDUCE_"
"""The first letters of the environment variables that are handed to jobs on other machines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The upper limits on the cost of a job; None is no limit.

    Limits of CPU time and of memory need Linux. Elsewhere the wall-clock time alone is limited.
    """

    wall_s: float | None = None
    cpu_s: int | None = None
    memory_gb: float | None = None


def settings() -> tuple[tuple[str, str], ...]:
    """The environment variables of this process that change what Abduce does."""
    return tuple((name, text) for name, text in os.environ.items() if name.startswith(PREFIX))


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One process to run.

    Attributes:
        arguments: the arguments of the program; `KEPT` among them is replaced by the path of an
            empty file.
        program: a path; None is the Python that Abduce runs in on the machine of the job.
        stdin: the bytes that the process reads.
        needs: jobs that are run before, once for all that need them. What each of them kept is
            added to `stdin`, in this order.
        environment: variables that are set for the process.
    """

    arguments: tuple[str, ...]
    program: str | None = None
    stdin: bytes = b""
    limits: Limits = Limits()
    needs: tuple["Job", ...] = ()
    environment: tuple[tuple[str, str], ...] = field(default_factory=settings)


def call(
    function: Callable[..., Any],
    *arguments: Any,
    needs: Sequence[Job] = (),
    limits: Limits = Limits(),
) -> Job:
    """The job that calls a function in a process of its own; the outcome keeps what it returns.

    Args:
        function: can be imported by its name, as its arguments can be pickled. It is given the
            arguments, and after them what the jobs in `needs` have returned.
    """
    return Job(
        arguments=("-m", "abduce.benchmarks.processes.called", KEPT),
        stdin=pickle.dumps((function, arguments)),
        limits=limits,
        needs=tuple(needs),
    )
