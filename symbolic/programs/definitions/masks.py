"""What the mask of a selection has to be: an entry is done once it was pointed at."""

from abduce.symbolic.programs.table import TableSpecification

MASK = TableSpecification(
    "an entry is masked if it was, or if it is pointed at, whatever its neighbours are, so lists "
    "of every length are masked right",
    (2, 2, 2, 2, 2, 2),
    lambda left, here, right, pointed_left, pointed, pointed_right: here | pointed,
)
"""The arguments: the mask of an entry and its neighbours, then the pointer there."""
