"""A permutation of ten bits, as a table of all inputs."""

from abduce.symbolic.programs.table import TableSpecification

BITS = 10
PLACES = tuple((3 * place + 1) % BITS for place in range(BITS))
"""The position that the bit of each position moves to."""


def _permuted(word: int) -> int:
    """The bits of a number, bit i the one of place i, each at its new place."""
    return sum((word >> place & 1) << to for place, to in enumerate(PLACES))


PERMUTATION = TableSpecification(
    f"the bits of all {2**BITS:,} words of {BITS} bits are moved to the right places",
    (2**BITS,),
    _permuted,
)
