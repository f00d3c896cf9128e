"""All intents, in the order in which they are tried."""

from typing import Final

from abduce.symbolic.calculation.intents import (
    algebra,
    calculus,
    chance,
    dynamics,
    linear,
    numbers,
    shapes,
    stories,
)
from abduce.symbolic.calculation.understanding import Intent

INTENTS: Final[tuple[Intent, ...]] = (
    *linear.INTENTS,
    *stories.INTENTS,
    *numbers.INTENTS,
    *chance.INTENTS,
    *shapes.INTENTS,
    *dynamics.INTENTS,
    *calculus.INTENTS,
    *algebra.INTENTS,
)
"""The rows."""
