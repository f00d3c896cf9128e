"""Deadlines that hold in the middle of a bound."""

from abduce import clock


class OutOfTime(Exception):
    """The deadline has passed; what was begun is given up."""


def check(deadline: float) -> None:
    """Raises `OutOfTime` where ``clock.wall_s()`` is past the deadline."""
    if clock.wall_s() > deadline:
        raise OutOfTime
