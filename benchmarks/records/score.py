"""A test of an executed program, and its score."""

from dataclasses import dataclass

TEST_SEED = 3
"""The random seed of the test inputs; training uses a seed of its own."""


@dataclass(frozen=True, slots=True)
class Score:
    """The score of one input: the right entries, all entries, and what was counted.

    Attributes:
        cpu_s: CPU seconds of the program; None where those of the whole test are.
        gap: the share by which a tour is longer than that of LKH; None where that is not known.
        peer_s: CPU seconds of LKH.
    """

    right: int
    entries: int
    steps: int
    cpu_s: float | None = None
    gap: float | None = None
    peer_s: float | None = None


@dataclass(frozen=True, slots=True)
class Size:
    """Inputs of one size.

    Attributes:
        name: the name in records.
        inputs: how many.
        n: numbers of a list, nodes of a graph, bits of a number to calculate with.
        bits: the number of bits of the numbers of a list.
    """

    name: str
    inputs: int
    n: int
    bits: int = 64
