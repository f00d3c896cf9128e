"""The definition of the mask of a selection: an entry is masked once it was pointed at."""

from abduce.symbolic.programs.table import TableSpecification

MASK = TableSpecification(
    "an entry is masked if it was masked before or is pointed at, whatever its neighbours are, so "
    "the mask is right for lists of every length",
    (2, 2, 2, 2, 2, 2),
    lambda left, here, right, pointed_left, pointed, pointed_right: here | pointed,
)
"""The arguments are the mask at the left neighbour, the entry and the right neighbour, and then
whether each of the three is pointed at."""
