"""Deadlines that hold in the middle of a bound."""

from abduce import clock
from abduce.clock import OutOfTime

__all__ = ["OutOfTime", "check"]


def check(deadline: float) -> None:
    """Raises `OutOfTime` where ``clock.wall_s()`` is past the deadline."""
    if clock.wall_s() > deadline:
        raise OutOfTime
