"""Indices and counters, one pair at a time, by the kernels of arithmetic.

A number is read as bytes, through the automata composed with themselves as in
`abduce.symbolic.machines.lists.lanes`; whatever is computed here is a kernel's own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from abduce.symbolic.machines.lists.lanes import BITS, Comparator, Transducer
from abduce.symbolic.programs.mealy import Mealy

KERNELS = ("compare", "increment", "decrement", "add")


@dataclass(frozen=True, slots=True)
class Indices:
    """The kernels at work.

    Attributes:
        order: two numbers to 0, 1 or 2 as the first is less, equal or greater.
        increment, decrement: a number and one, a number less one, which must not be 0.
        add: the sum.
    """

    order: Callable[[int, int], int]
    increment: Callable[[int], int]
    decrement: Callable[[int], int]
    add: Callable[[int, int], int]

    @classmethod
    def of(cls, kernels: Mapping[str, Mealy]) -> "Indices":
        """The kernels by their names, those of `KERNELS`."""
        compared = Comparator.of(kernels["compare"]).scalar()

        def order(a: int, b: int) -> int:
            size = max(a.bit_length(), b.bit_length(), 1) + BITS - 1 >> 3
            return compared(a.to_bytes(size, "little"), b.to_bytes(size, "little"))

        written = {name: _writing(kernels[name]) for name in KERNELS[1:]}
        return cls(order, **written)


def _writing(machine: Mealy) -> Callable[..., int]:
    """The result of a machine for numbers, with room for one more bit."""
    blocks = Transducer.of(machine)
    after, output, start = blocks.next.tolist(), blocks.output.tolist(), blocks.start

    def made(*numbers: int) -> int:
        size = max(number.bit_length() for number in numbers) // BITS + 1
        state, result = start, bytearray()
        for block in zip(*(number.to_bytes(size, "little") for number in numbers), strict=True):
            code = int.from_bytes(bytes(block), "little")
            result.append(output[state][code])
            state = after[state][code]
        return int.from_bytes(result, "little")

    return made
