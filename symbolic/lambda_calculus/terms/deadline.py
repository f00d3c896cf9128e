"""A deadline that holds in the middle of a loop over the nodes of a term."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, TypeVar, cast

from abduce.clock import OutOfTime, check

__all__ = ["STRETCH", "OutOfTime", "check", "within"]

Item = TypeVar("Item")

STRETCH = 1 << 16
"""The number of items processed between two checks of the clock."""


def within(items: Sequence[Item], deadline: float | None) -> Iterable[Item]:
    """The items, with a look at the clock now and then; the loop over them raises `OutOfTime`.

    >>> from abduce import clock
    >>> sum(within(range(100_000), clock.wall_s() + 3600))
    4999950000
    """
    if deadline is None:
        return items
    return chain.from_iterable(_stretches(items, deadline))


def _stretches(items: Sequence[Item], deadline: float) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), STRETCH):
        check(deadline)
        part: Any = items[start : start + STRETCH]
        if isinstance(part, memoryview):
            part = cast(Any, part.tolist())
        yield part
