"""The work of a search, counted and not timed, so that a run can be repeated.

The unit is about a multiplication in a product of matrices. A pass through a layer costs `CALL`
besides, and each of its entries `ENTRY`: what is not a product of matrices takes time, too. A core
of 2025 does about `SECOND` units in a second. Only the length of the phases of a search depends on
that.
"""

from dataclasses import dataclass

CALL, ENTRY = 3e5, 100.0
SECOND = 8e9


@dataclass(slots=True, eq=False)
class Effort:
    """A count of work, which only grows.

    Attributes:
        spent: the work so far.
    """

    spent: float = 0.0

    def layer(self, entries: float, each: float) -> None:
        """Counts a pass through a layer: its entries times the multiplications of each."""
        self.spent += CALL + entries * (ENTRY + each)
