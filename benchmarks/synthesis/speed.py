"""Speed: programs evaluated on 10 examples and hashed, a second of CPU time.

What is enumerated are all programs over the primitives and a library, each syntactic program once.
A distinct program is one whose values differ from those of all programs before it.
"""

from dataclasses import dataclass
from random import Random
from typing import Final

import numpy as np

from abduce import clock
from abduce.symbolic.nsr.priors import PRIORS
from abduce.symbolic.programs.typed.primitives import INTEGER
from abduce.symbolic.programs.typed.terms import numeral
from abduce.symbolic.programs.typed.typing import Signature
from abduce.symbolic.synthesis import Library
from abduce.symbolic.synthesis.enumeration.bank import Bank
from abduce.symbolic.synthesis.enumeration.columns import Columns
from abduce.symbolic.synthesis.enumeration.language import language

POINTS: Final = 10
LARGEST: Final = 20
CELLS: Final = 20_000_000
"""The upper limit on the numbers that are kept, as in ``Budget.cells``."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Programs tried, those of them that are distinct, and the CPU seconds."""

    tried: int
    distinct: int
    cpu_s: float


def speed(library: Library, seed: int, seconds: float = 3.0) -> Speed:
    """Enumerate for some seconds after a warm-up of a third of them."""
    _enumerated(library, seed, seconds / 3)
    return _enumerated(library, seed, seconds)


def _enumerated(library: Library, seed: int, seconds: float) -> Speed:
    random = Random(seed)
    columns = {
        f"variable {i}": np.array([random.randint(0, LARGEST) for _ in range(POINTS)])
        for i in range(2)
    }
    sorts = Signature((INTEGER, INTEGER), INTEGER)
    constants = [(INTEGER, numeral(n)) for n in range(3, 16)]
    searched = language(sorts, library.table, PRIORS, constants)
    bank = Bank(searched, Columns(library), POINTS, columns, elsewhere={})
    began = clock.cpu_s()

    def over() -> bool:
        return clock.cpu_s() - began > seconds or bank.cells > CELLS

    while not over():
        bank.grow(over)
    return Speed(bank.tried, bank.rows[INTEGER].size, clock.cpu_s() - began)
