"""Addition, subtraction and multiplication of numbers of any size, by kernels.

Numbers are never added by Python or numpy here: carries, sums and products are the kernels' own.
What is written by hand is where a result goes: shifts by whole places, and which sums are made.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from abduce.symbolic.machines.lists.lanes import BITS, Transducer, scan
from abduce.symbolic.programs.mealy import Mealy

BLOCK = 1 << 26
"""The number of bytes of products computed at a time."""
MOST = 1 << 32
"""The upper limit on the pairs of bytes in a product. The time grows with it, to some minutes at
this limit."""


@dataclass(frozen=True, slots=True, eq=False)
class Arithmetic:
    """The kernels at work.

    Attributes:
        kernels: the kernels that are used, by name: add, subtract, increment, and for products add
            and multiply-step.
    """

    kernels: Mapping[str, Mealy]

    def add(self, a: int, b: int) -> int:
        """a + b, of any sign, in two's complement."""
        return self._apart("add", a, b)

    def subtract(self, a: int, b: int) -> int:
        """a - b, of any sign, in two's complement."""
        return self._apart("subtract", a, b)

    def increment(self, a: int) -> int:
        """a + 1."""
        return self._apart("increment", a)

    def multiply(self, a: int, b: int) -> int:
        """a * b: digits of a byte by the multiply-step, their sum by the adder.

        The sign is set apart, as on paper. A long multiplier is read a few bytes at a
        time, so that the products take at most BLOCK bytes of memory.

        Raises:
            ValueError: the numbers have more than MOST pairs of bytes.
        """
        sign = -1 if (a < 0) != (b < 0) else 1
        a, b = sorted((abs(a), abs(b)))
        size = (b.bit_length() + 7) // 8 or 1
        rows = a.bit_length() // 8 + 1
        if size * rows > MOST:
            raise ValueError(f"a product of numbers of {rows:,} and {size:,} bytes")
        multiplier = np.frombuffer(b.to_bytes(size, "little"), np.uint8)
        lanes = max(1, BLOCK // rows)
        product = 0
        for place in range(0, size, lanes):
            part = _number(self._sum(self._products(a, multiplier[place : place + lanes])))
            product = self.add(product, part << BITS * place) if place else part
        return sign * product

    def _products(self, a: int, multiplier: np.ndarray) -> np.ndarray:
        """(places, digits): a times each byte of the multiplier, bit after bit."""
        size = (a.bit_length() + 2 * BITS - 1) // BITS
        steps = [Transducer.of(self.kernels["multiply-step"], held=bit) for bit in (0, 1)]
        partial = np.zeros((size, len(multiplier)), dtype=np.uint8)
        for bit in range(BITS):
            shifted = np.repeat(_bytes(a << bit, size), len(multiplier), 1)
            gate = (multiplier >> bit & 1).astype(np.intp)
            partial = scan(steps, gate, partial, shifted)
        return partial

    def _sum(self, parts: np.ndarray) -> np.ndarray:
        """The sum of (places, lanes) bytes, lane l shifted by l places; in a tree of pairs."""
        adder, shift = Transducer.of(self.kernels["add"]), 1
        while parts.shape[1] > 1:
            if parts.shape[1] % 2:
                parts = np.pad(parts, ((0, 0), (0, 1)))
            low, high = parts[:, ::2], parts[:, 1::2]
            size = len(parts) + shift + 1
            above = np.pad(high, ((shift, size - len(parts) - shift), (0, 0)))
            below = np.pad(low, ((0, size - len(parts)), (0, 0)))
            parts = adder(below, above)
            shift *= 2
        return parts

    def _apart(self, name: str, *numbers: int) -> int:
        """One result in two's complement, long enough for any sum or difference."""
        size = (max(number.bit_length() for number in numbers) + 2 + BITS) // BITS
        modulus, machine = 1 << BITS * size, Transducer.of(self.kernels[name])
        written = _number(machine(*(_bytes(number % modulus, size) for number in numbers)))
        return written - modulus if written >> BITS * size - 1 else written


def _bytes(number: int, size: int) -> np.ndarray:
    """(size, 1)."""
    return np.frombuffer(number.to_bytes(size, "little"), np.uint8).reshape(size, 1)


def _number(places: np.ndarray) -> int:
    return int.from_bytes(places[:, 0].tobytes(), "little")
