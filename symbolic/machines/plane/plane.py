"""The plane that geometric programs see: points that only learned predicates look at.

A predicate is the sign of a polynomial. Because it is proved to be the determinant, it may be read
with the last point at the origin: points are subtracted first, exactly, as whole numbers. Then
three ways to a sign, each for those that the one before has left:

1. In float64, with a bound of the error. A difference is made of limbs, whose differences are exact
   integers: it is the upper one, rounded, plus the lower one, less than half of it where the upper
   is not exact, plus what is far, larger than both; so at most four roundings, each of 2 u at most
   relative to the whole, ``u = 2**-53``. A term has at most ``degree`` factors and one coefficient;
   the terms are summed. So the computed value is ``sum of term * (1 + e)`` with
   ``|e| <= K u / (1 - K u)``, ``K = 9 degree + terms``, and where
   ``|value| > (K + 2) u * (computed sum of |term|)`` the sign is right: the sum of sizes has the
   same relative error, which the 2 pays for. All are whole numbers, so nothing underflows; what
   overflows is not finite, and then nothing is greater.
2. In int64, where the differences are so small that no sum can overflow.
3. In Python's integers.

Source: Higham 2002, Accuracy and stability of numerical algorithms, section 3.1; Shewchuk 1997,
Adaptive precision floating-point arithmetic and fast robust geometric predicates, for the filter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from abduce.symbolic.machines.lists.lists import Note
from abduce.symbolic.machines.plane.points import LARGEST_BITS
from abduce.symbolic.programs.polynomials import Polynomial

UNIT = 2.0**-53
BLOCK = 8192
"""The number of rows computed at a time, so that the data stays in the processor's cache."""
LIMB = 40
"""The number of bits in the lower limb of a two-limb coordinate."""
SIGNS = ("-", "0", "+")


@dataclass(frozen=True, slots=True, eq=False)
class Predicate:
    """A learned predicate: the sign of a polynomial of some points.

    Attributes:
        name: its name in traces.
        polynomial: the last point at the origin; its variables are x and y of the others.
        bound: the bound of the error in float64, for each unit of the sum of sizes.
        safe: coordinates of no larger size cannot overflow int64.
        factors: the coefficient of each term, and its variables as often as they are factors.
    """

    name: str
    polynomial: Polynomial
    bound: float
    safe: int
    factors: tuple[tuple[int, tuple[int, ...]], ...]

    @classmethod
    def of(cls, name: str, polynomial: Polynomial) -> "Predicate":
        """A predicate from the polynomial of all points, which does not change when all points move
        alike."""
        variables = polynomial.exponents.shape[1]
        least = polynomial.without(range(variables - 2, variables))
        roundings = 9 * least.degree + len(least.coefficients)
        total = sum(map(abs, least.coefficients.tolist()))  # in Python's integers
        safe = next(
            (1 << bits) - 1
            for bits in range(62, -1, -1)
            if not bits or total * ((1 << bits) - 1) ** least.degree < 2**62
        )
        pairs = zip(least.coefficients.tolist(), least.exponents.tolist(), strict=True)
        factors = tuple(
            (coefficient, tuple(i for i, power in enumerate(powers) for _ in range(power)))
            for coefficient, powers in pairs
        )
        return cls(name, least, (roundings + 2) * UNIT, safe, factors)


class Plane:
    """Points by their place, and points so far away that no circle of others reaches them.

    Args:
        columns: (2, points), whole numbers of at most `bits` bits, 0 or more.
        far: where the far points are, in units of 2 ** (3 * bits + 2), from the origin.
        names: (points,), what to call them.
        note: called with each sign and the predicate that gave it.

    Attributes:
        asked: how many signs, by the predicate's name.
        exactly: how many of them float64 could not decide.
    """

    def __init__(
        self,
        columns: np.ndarray,
        bits: int,
        *,
        far: Sequence[tuple[int, int]] = (),
        names: np.ndarray | None = None,
        note: Note | None = None,
    ) -> None:
        self.points = columns.shape[1]
        self.note, self.asked, self.exactly = note, dict[str, int](), 0
        self._names = np.arange(self.points) if names is None else names
        none = np.zeros((2, len(far)), dtype=columns.dtype)
        self._columns = np.concatenate([columns, none], axis=1)
        self._limbs = _limbs(self._columns, bits)
        self._shift = 3 * bits + 2
        self._high = np.zeros((2, self.points + len(far)), dtype=np.int64)
        self._high[:, self.points :] = np.reshape(far, (-1, 2)).T
        self._away = self._high * 2.0**self._shift if self._limbs else None

    def signs(self, predicate: Predicate, *places: np.ndarray) -> np.ndarray:
        """(rows,): -1, 0 or 1 of each row of points.

        Args:
            places: the places of the points of the predicate, each (rows,).
        """
        rows = np.stack(places)
        count = rows.shape[1]
        self.asked[predicate.name] = self.asked.get(predicate.name, 0) + count
        found = np.empty(count, dtype=np.int8)
        for start in range(0, count, BLOCK):
            block = rows[:, start : start + BLOCK]
            found[start : start + BLOCK] = self._block(predicate, block)
        if self.note is not None:
            self._tell(predicate, rows, found)
        return found

    def _block(self, predicate: Predicate, rows: np.ndarray) -> np.ndarray:
        exchanged = None
        has_far = bool((rows >= self.points).any())
        if has_far:
            rows, exchanged = _nearest_last(rows)
        if self._limbs:
            found, open_ = _filtered(predicate, self._in_floats(rows, has_far))
        else:
            found, open_ = np.zeros(rows.shape[1], dtype=np.int8), np.arange(rows.shape[1])
        if len(open_):
            self.exactly += len(open_)
            found[open_] = self._exact(predicate, rows[:, open_])
        return found if exchanged is None else np.where(exchanged, -found, found)

    def _in_floats(self, rows: np.ndarray, has_far: bool) -> list[np.ndarray]:
        """x and y of each point but the last, from the last, rounded."""
        found: list[np.ndarray] = []
        for row in rows[:-1]:
            for axis in (0, 1):
                (unit, upper), *lower = self._limbs
                part = (upper[axis][row] - upper[axis][rows[-1]]) * unit
                for _, limb in lower:
                    part = part + (limb[axis][row] - limb[axis][rows[-1]])
                if has_far and self._away is not None:
                    part = part + (self._away[axis][row] - self._away[axis][rows[-1]])
                found.append(part)
        return found

    def _exact(self, predicate: Predicate, rows: np.ndarray) -> np.ndarray:
        columns = np.stack(
            [
                self._columns[axis][row] - self._columns[axis][rows[-1]]
                for row in rows[:-1]
                for axis in (0, 1)
            ]
        )
        large = (np.abs(columns).max(0) > predicate.safe) | (rows >= self.points).any(0)
        found = np.empty(rows.shape[1], dtype=np.int8)
        small, rest = np.flatnonzero(~large), np.flatnonzero(large)
        here = columns[:, small].astype(np.int64)
        found[small] = np.sign(predicate.polynomial.values(here))
        if len(rest):
            there = columns[:, rest].astype(object)
            for n, row in enumerate(rows[:-1, rest].repeat(2, 0)):
                high = self._high[n % 2][row] - self._high[n % 2][rows[-1, rest]]
                there[n] += high.astype(object) << self._shift
            found[rest] = np.sign(predicate.polynomial.values(there)).astype(np.int8)
        return found

    def sign(self, predicate: Predicate, *places: int) -> int:
        """The sign for one row of points that are close together, in Python's integers."""
        self.asked[predicate.name] = self.asked.get(predicate.name, 0) + 1
        x, y = self._rows
        *others, last = places
        numbers = [value for place in others for value in (x[place] - x[last], y[place] - y[last])]
        value = 0
        for term, variables in predicate.factors:
            for variable in variables:
                term *= numbers[variable]
            value += term
        found = (value > 0) - (value < 0)
        if self.note is not None:
            self._tell(predicate, np.reshape(places, (-1, 1)), np.array([found]))
        return found

    @cached_property
    def _rows(self) -> tuple[list[int], list[int]]:
        return self._columns[0].tolist(), self._columns[1].tolist()

    def _tell(self, predicate: Predicate, rows: np.ndarray, found: np.ndarray) -> None:
        assert self.note is not None
        for places, sign in zip(rows.T.tolist(), found.tolist(), strict=True):
            named = " ".join(
                f"[{self._names[place]}]" if place < self.points else "[far]" for place in places
            )
            self.note(f"{predicate.name:<12}{named} {SIGNS[sign + 1]}")


def _limbs(columns: np.ndarray, bits: int) -> list[tuple[float, np.ndarray]]:
    """Integers that numpy has, and what they count, the upper ones first; none where two would not
    be enough."""
    if columns.dtype != object:
        return [(1.0, columns)]
    if bits > LIMB + LARGEST_BITS:
        return []
    lower = columns & ((1 << LIMB) - 1)
    return [
        (2.0**LIMB, (columns >> LIMB).astype(np.int64)),
        (1.0, lower.astype(np.int64)),
    ]


def _filtered(predicate: Predicate, columns: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The signs that float64 can tell, and where it cannot."""
    with np.errstate(over="ignore", invalid="ignore"):
        value, size = 0.0, 0.0
        for term in predicate.polynomial.terms(columns):
            value = value + term
            size = size + np.abs(term)
        certain = np.abs(value) > predicate.bound * size
        found = np.where(certain, np.sign(value), 0).astype(np.int8)
    return found, np.flatnonzero(~certain)


def _nearest_last(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """With a point that is not far in the last place, and whether it was exchanged: differences to
    it are exact, and an exchange of two points changes the sign."""
    least = rows.argmin(0)
    exchanged = least != len(rows) - 1
    rows, lanes = rows.copy(), np.arange(rows.shape[1])
    rows[least, lanes], rows[-1] = rows[-1], rows[least, lanes]
    return rows, exchanged
