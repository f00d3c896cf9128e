"""Sizes of the inputs of executed programs, and what one input is scored."""

from dataclasses import dataclass

TEST_SEED = 3


@dataclass(frozen=True, slots=True)
class Score:
    """Of one input: how many entries were right, of how many, and what was counted."""

    right: int
    entries: int
    steps: int


@dataclass(frozen=True, slots=True)
class Size:
    """Inputs of one size.

    Attributes:
        name: as records have it.
        inputs: how many.
        n: numbers of a list, nodes of a graph, bits of a number to calculate with, letters of a
            word, states of a process.
        bits: of the numbers of a list.
    """

    name: str
    inputs: int
    n: int
    bits: int = 64


LISTS = (
    Size("64 of 64 bits", 32, 64),
    Size("1600 of 64 bits", 4, 1600),
    Size("10000 of 64 bits", 1, 10_000),
    Size("100000 of 8 bits", 1, 100_000, 8),
    Size("100000 of 64 bits", 1, 100_000),
    Size("100000 of 1000 bits", 1, 100_000, 1000),
)
SQUARE = LISTS[:2]
"""For methods that compare all pairs."""
PROGRAMS = LISTS[:3]
"""For machines that take one step after the other."""
GRAPHS = (Size("64", 32, 64), Size("1600", 2, 1600), Size("10000", 1, 10_000))
WIDTHS = (Size("8", 100, 8), Size("64", 100, 64), Size("1000", 10, 1000), Size("10000", 2, 10_000))
WORDS = (Size("100", 100, 100), Size("10000", 10, 10_000), Size("1000000", 1, 1_000_000))
BITS = (Size("10", 1, 10), Size("1000", 10, 1000), Size("1000000", 1, 1_000_000))
PROCESSES = (Size("50", 20, 50), Size("500", 4, 500), Size("5000", 1, 5000))
