"""Goals: what the body of a function must give at some points of its table."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from abduce.symbolic.synthesis.functional.enumerating.lambdas import Lambdas

MOST_MATCHES: Final = 4
"""The upper limit on the functions that are tried for one goal at a time."""


@dataclass
class Goal:
    """What bodies must give.

    Attributes:
        places: the points, by their indices.
        wanted: the values wanted there.
        seen: the number of bodies that were compared.
    """

    lambdas: Lambdas
    places: np.ndarray
    wanted: np.ndarray
    seen: int = 0

    def matches(self) -> list[int]:
        """The cheapest bodies that give what is wanted, of those not compared before."""
        rows = self.lambdas.bank.of(self.lambdas.type.result)
        start, self.seen = self.seen, rows.size
        values = rows.values[start : rows.size]
        left = np.flatnonzero(values[:, self.places[0]] == self.wanted[0])
        left = left[(values[left][:, self.places] == self.wanted).all(1)]
        return (left[:MOST_MATCHES] + start).tolist()
