"""Arrays of rational numbers: integers of any size over one denominator."""

from dataclasses import dataclass
from math import gcd, lcm

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Rational:
    """An array of rationals: integers of any size over one positive denominator."""

    over: np.ndarray
    under: int


def rational(array: np.ndarray) -> Rational:
    """Doubles as what they are: integers over a power of two."""
    fractions, exponents = np.frexp(array)
    mantissas = np.ldexp(fractions, 53).astype(np.int64)
    used = mantissas != 0
    least = int(min(0, (exponents[used] - 53).min())) if used.any() else 0
    over = np.empty(array.shape, object)
    over.reshape(-1)[:] = [
        m << (e - 53 - least) if m else 0
        for m, e in zip(mantissas.reshape(-1).tolist(), exponents.reshape(-1).tolist(), strict=True)
    ]
    common = gcd(2**-least, *over.reshape(-1).tolist())
    return Rational(over // common, 2**-least // common)


def together(a: Rational, b: Rational) -> tuple[Rational, Rational]:
    """Two arrays of rationals, brought to one denominator."""
    under = lcm(a.under, b.under)
    return (
        Rational(a.over * (under // a.under), under),
        Rational(b.over * (under // b.under), under),
    )
