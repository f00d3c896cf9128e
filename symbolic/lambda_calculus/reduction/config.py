"""The configuration of a reduction: its fields are what a record stores.

Outside stays how many steps are done between two looks at the clock, which changes no result.
"""

from dataclasses import dataclass
from typing import Final, Literal

from abduce.symbolic.lambda_calculus.reduction.limits import Limits
from abduce.symbolic.lambda_calculus.reduction.outcomes import Engine, Strategy

METHOD: Final = 1
"""The version of the method, which is part of every record's configuration and so of its id. Raise
it with every change after which the same settings may take another number of steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReductionConfig:
    """How a term is reduced, and limits on the cost other than time.

    Attributes:
        strategy: which redex is reduced next.
        engine: the reduction engine; auto begins with the plain one and switches to the compiled
            one if many steps are needed.
        eta: whether eta reduction is applied to the normal form, too.
        fuel: the upper limit on beta steps.
        nodes: the upper limit on the nodes of the result.
        cells: the upper limit on the cells of the heap; see `Limits`.
        plain_steps: the beta steps after which auto starts the reduction anew on the compiled
            engine.
        start_up_s: the seconds that loading the compiled engine may take; with less time left, auto
            goes on with the plain engine.
    """

    strategy: Strategy = "normal"
    engine: Literal["auto"] | Engine = "auto"
    eta: bool = False
    fuel: int = 10_000_000
    nodes: int = 10_000_000
    cells: int = 30_000_000
    plain_steps: int = 300_000
    start_up_s: float = 5.0

    def limits(self, deadline: float | None = None) -> Limits:
        """The limits, with a deadline in seconds of `clock.wall_s()`."""
        return Limits(
            fuel=self.fuel,
            nodes=self.nodes,
            cells=self.cells,
            plain_steps=self.plain_steps,
            start_up_s=self.start_up_s,
            deadline=deadline,
        )


REDUCTION = ReductionConfig()
"""The default configuration."""
