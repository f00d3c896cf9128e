"""What a reduction may cost, and the meter that a machine asks from time to time."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from abduce import clock
from abduce.errors import InputError
from abduce.symbolic.lambda_calculus.reduction.outcomes import Engine, OutOfFuel, TooLarge

BURST = 1 << 16
"""The number of steps, or of nodes of the result, between two checks of the heap and the clock."""

LIST = 8
"""The number of list entries that take as much memory as one heap block."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of a reduction.

    Attributes:
        fuel: beta steps.
        nodes: the upper limit on nodes of the result.
        cells: the upper limit on cells of the heap at one time. A cell of the plain engine is a
            block of Python memory, of about 60 bytes, and whatever the process allocates meanwhile
            counts too; one of the compiled engine is a pair of integers, 8 bytes.
        plain_steps: the number of beta steps after which the engine 'auto' starts the reduction
            anew on the compiled engine. For shorter reductions, loading it costs more than it
            saves.
        start_up_s: the seconds that loading the compiled engine may take; if less is left, the
            plain engine goes on.
        deadline: the time of `clock.wall_s()` at which to stop; None for no limit.
    """

    fuel: int = 10_000_000
    nodes: int = 10_000_000
    cells: int = 30_000_000
    plain_steps: int = 300_000
    start_up_s: float = 5.0
    deadline: float | None = None

    def seconds_left(self) -> float:
        """Until the deadline."""
        return float("inf") if self.deadline is None else self.deadline - clock.wall_s()

    def with_fuel(self, fuel: int) -> "Limits":
        """The same limits with other fuel.

        Raises:
            InputError: less than 0.
        """
        if fuel < 0:
            raise InputError(f"fuel {fuel}", ("at least 0",))
        return replace(self, fuel=fuel)


def live_blocks() -> int:
    """How many blocks of memory Python's allocator has given out."""
    return sys.getallocatedblocks()


class Stopped(Exception):
    """A meter stopped the work that it measures; the error says why."""


class Meter:
    """Gives fuel out in bursts, and says when something is used up.

    Attributes:
        stopped: why the machine was stopped.
    """

    def __init__(
        self, limits: Limits, engine: Engine = "plain", cells: Callable[[], int] = live_blocks
    ) -> None:
        self.limits = limits
        self.engine: Engine = engine
        self.cells = cells
        self.unspent = limits.fuel
        self.start = cells()
        self.stopped: OutOfFuel | TooLarge | None = None

    def fuel(self, cells: int, nodes: int) -> int:
        """The next burst, when the one before is spent; 0 to stop.

        Args:
            cells: what the machine holds in lists of its own.
            nodes: the nodes of the result so far.
        """
        if not self.unspent:
            self.stopped = OutOfFuel(self.limits.fuel, "fuel", self.engine)
        if self.stopped or not self.goes_on(cells, nodes, 0):
            return 0
        burst = min(BURST, self.unspent)
        self.unspent -= burst
        return burst

    def watched(self, codes: Sequence[int], *, backwards: bool = False) -> Iterable[int]:
        """Codes one by one, while heap and clock are within their limits; then raises `Stopped`."""
        return chain.from_iterable(self._stretches(codes, backwards))

    def _stretches(self, codes: Sequence[int], backwards: bool) -> Iterator[Sequence[int]]:
        starts = range(0, len(codes), BURST)
        for start in reversed(starts) if backwards else starts:
            if not self.goes_on(0, 0, 0):
                raise Stopped
            part = codes[start : start + BURST]
            part = part.tolist() if isinstance(part, memoryview) else part
            yield part[::-1] if backwards else part

    def goes_on(self, cells: int, nodes: int, left: int) -> bool:
        """Whether result, heap and clock are within their limits.

        Args:
            left: what is left of the burst.
        """
        limits, beta = self.limits, self.beta(left)
        if nodes > limits.nodes:
            self.stopped = TooLarge("normal form", limits.nodes, beta, self.engine)
        elif self.cells() - self.start + cells > limits.cells:
            self.stopped = TooLarge("heap", limits.cells, beta, self.engine)
        elif clock.passed(limits.deadline):
            self.stopped = OutOfFuel(beta, "time", self.engine)
        return self.stopped is None

    def beta(self, left: int) -> int:
        """How many steps were taken, when so much of a burst is left."""
        return self.limits.fuel - self.unspent - left
