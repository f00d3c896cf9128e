"""The limits of one search for a functional program, and how it is carried out."""

from dataclasses import dataclass, field

from abduce.errors import InputError


@dataclass(frozen=True, kw_only=True, slots=True)
class FunctionalBudget:
    """What a search may cost.

    Attributes:
        programs: the upper limit on the programs that are evaluated.
        cells: the upper limit on the numbers that all banks of programs hold.
        bits: the upper limit on the cost up to which programs are enumerated.
        working: the number of examples that all programs are evaluated on. An example that a
            program fails on joins them.
        constants: integers from 0 to this one are constants, beside those that all outputs hold.
        body_constants: the same for functions that are arguments.
        patience: the number of programs that are evaluated after one was found, to find a cheaper
            one; but at least as many as were evaluated until then.
        fits: the number of programs that are kept, of all that explain the examples.
    """

    programs: int = 5_000_000
    cells: int = 40_000_000
    bits: int = 40
    working: int = 8
    constants: int = field(default=16, metadata={"least": 0})
    body_constants: int = field(default=100, metadata={"least": 0})
    patience: int = field(default=500_000, metadata={"least": 0})
    fits: int = 16

    def __post_init__(self) -> None:
        for name in ("programs", "cells", "bits", "working", "fits"):
            if getattr(self, name) < 1:
                raise InputError(f"{name}={getattr(self, name)}", ("at least 1",))
        if self.working > 12:
            raise InputError(f"working={self.working}", ("at most 12",))
