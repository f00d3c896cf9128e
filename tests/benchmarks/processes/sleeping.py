"""Functions that jobs call in tests of the runner."""

import os
import signal
import time
from pathlib import Path

from abduce.errors import InputError


def added(*numbers: int) -> int:
    """The sum."""
    return sum(numbers)


def refused(path: str) -> None:
    """Raises: InputError."""
    raise InputError("a wrong file", path=path)


def noted(folder: Path, name: str, seconds: float) -> int:
    """Write the number of this process into a new line of a file, sleep, and return the number."""
    with (folder / name).open("a", encoding="utf-8") as stream:
        stream.write(f"{os.getpid()}\n")
    time.sleep(seconds)
    return os.getpid()


def fatal(folder: Path, name: str, times: int) -> int:
    """Kill the worker that this process belongs to, as often; then return how often that was."""
    with (folder / name).open("a", encoding="utf-8") as stream:
        stream.write(f"{os.getpid()}\n")
    count = len((folder / name).read_text(encoding="utf-8").split())
    if count <= times:
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(60)
    return count - 1
