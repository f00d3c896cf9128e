"""What a search may cost, and what the parts of programs cost."""

from dataclasses import dataclass, field

from abduce.errors import InputError


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """The limits of one search, and how it is carried out.

    Attributes:
        programs: the upper limit on the programs that are tried.
        bits: the upper limit on the description length of a program.
        working: the number of examples that all programs are evaluated on. A program that explains
            these is run on all, and the first example that it fails on joins them.
        stepping: the number of small working examples on which steps of iterations are tabulated.
        states: the upper limit on the states of one example in such a table.
        cells: the upper limit on the numbers that a bank of programs holds.
        constants: numbers from 0 to this one are constants, besides those seen in outputs.
        patience: the number of programs that are tried after one was found, to find a shorter one;
            but at least as many as were tried until then.
        noise: the greatest share of the examples' weight that may be left unexplained.
        unsure: the number of programs that are tried before one is accepted that leaves examples
            unexplained.
        penalty: the bits that an unexplained weight of 1 costs, where noise is allowed.
    """

    programs: int = 20_000_000
    bits: float = 60.0
    working: int = 10
    stepping: int = 3
    states: int = 2048
    cells: int = 20_000_000
    constants: int = field(default=15, metadata={"least": 0})
    patience: int = field(default=20_000, metadata={"least": 0})
    noise: float = 0.0
    unsure: int = 200_000
    penalty: float = 10.0

    def __post_init__(self) -> None:
        least = {"programs": 1, "working": 1, "stepping": 1, "states": 2, "cells": 1}
        for name, low in least.items():
            if getattr(self, name) < low:
                raise InputError(f"{name}={getattr(self, name)}", (f"at least {low}",))
        if self.working > 60:
            raise InputError(f"working={self.working}", ("at most 60",))
        if not 0 <= self.noise < 1:
            raise InputError(f"noise={self.noise}", ("a share from 0 to below 1",))


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgramPrices:
    """Bits that the parts of a program cost; those of NSR's ``Priors`` by default."""

    variable: float = 2.0
    state: float = 2.0
    self: float = 2.0
    nil: float = 2.0
    token: float = 3.0
    append: float = 1.0
    head: float = 3.0
    tail: float = 3.0
    reverse: float = 3.0
    zero: float = 2.0
    increment: float = 2.0
    decrement: float = 3.0
    if_zero: float = 4.0
    iterate: float = 4.0
    call: float = 3.0
