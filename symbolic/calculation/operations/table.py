"""The table of all operations."""

from collections.abc import Mapping
from typing import Final

from abduce.symbolic.calculation.operations import (
    calculus,
    chance,
    dynamics,
    equations,
    graphs,
    linear,
    numbers,
    series,
    several,
    shapes,
)
from abduce.symbolic.calculation.operations.operation import Operation

OPERATIONS: Final[Mapping[str, Operation]] = {
    **calculus.TABLE,
    **chance.TABLE,
    **shapes.TABLE,
    **equations.TABLE,
    **dynamics.TABLE,
    **numbers.TABLE,
    **linear.TABLE,
    **graphs.TABLE,
    **series.TABLE,
    **several.TABLE,
}
"""Operations by name."""
