"""Deadlines that hold in the middle of a bound."""

import time


class OutOfTime(Exception):
    """The deadline has passed; what was begun is given up."""


def check(deadline: float) -> None:
    """Raises `OutOfTime` where ``time.monotonic()`` is past the deadline."""
    if time.monotonic() > deadline:
        raise OutOfTime
