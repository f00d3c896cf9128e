"""Deadlines that hold in the middle of a bound: those of `abduce.clock`."""

from abduce.clock import OutOfTime, check

__all__ = ["OutOfTime", "check"]
