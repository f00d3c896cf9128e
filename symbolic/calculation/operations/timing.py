"""A limit on the CPU time of one method, so that another can be tried after it."""

import signal
from collections.abc import Callable
from typing import TypeVar

Value = TypeVar("Value")


class TimeUp(Exception):
    """A method ran past its limit (internal)."""


def timed(seconds: float, function: Callable[[], Value]) -> Value:
    """The value of a function.

    Raises:
        TimeUp: it took longer, in seconds of CPU time.

    >>> timed(5.0, lambda: 2)
    2
    """

    def stop(*_: object) -> None:
        raise TimeUp

    outer, _ = signal.getitimer(signal.ITIMER_VIRTUAL)
    limit = min(seconds, outer) if outer else seconds
    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    try:
        return function()
    finally:
        unused, _ = signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        if outer:  # a limit within a limit does not end the outer one
            signal.setitimer(signal.ITIMER_VIRTUAL, max(outer - (limit - unused), 0.001))
