"""The table of all operations."""

from collections.abc import Mapping
from typing import Final

from abduce.symbolic.calculation.operations import (
    calculus,
    dynamics,
    equations,
    graphs,
    linear,
    numbers,
    series,
    several,
)
from abduce.symbolic.calculation.operations.operation import Operation

OPERATIONS: Final[Mapping[str, Operation]] = {
    **calculus.TABLE,
    **equations.TABLE,
    **dynamics.TABLE,
    **numbers.TABLE,
    **linear.TABLE,
    **graphs.TABLE,
    **series.TABLE,
    **several.TABLE,
}
"""Operations by name."""
