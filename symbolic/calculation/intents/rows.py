"""All intents, in the order in which they are tried."""

from typing import Final

from abduce.symbolic.calculation.intents import algebra, calculus, dynamics, linear, numbers
from abduce.symbolic.calculation.understanding import Intent

INTENTS: Final[tuple[Intent, ...]] = (
    *linear.INTENTS,
    *numbers.INTENTS,
    *dynamics.INTENTS,
    *calculus.INTENTS,
    *algebra.INTENTS,
)
"""The rows."""
