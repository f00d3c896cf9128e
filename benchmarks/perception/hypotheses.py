"""What an image may be in a job: the truth where an oracle gives it, and else a table of it."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from abduce.benchmarks.perception.composing import ImageMaterial
from abduce.benchmarks.perception.job import ImageJob
from abduce.benchmarks.perception.languages import (
    BRACKETS,
    FUNCTIONS,
    NATURAL_FUNCTIONS,
    placed,
    proposed,
)
from abduce.symbolic.nsr.deduction.charts import Meanings
from abduce.symbolic.nsr.deduction.syntax import Category, Reading
from abduce.symbolic.nsr.deduction.tables import Tables

LARGEST: Final = 1_000
"""Whole numbers above it are not told apart in deduction. Values of training rows are at most a
tenth of it; what is left out is measured."""


def tables() -> Tables:
    """Tables for values of up to `LARGEST`, and all fractions."""
    return Tables(lambda value: not isinstance(value, int) or value <= LARGEST)


def candidates(job: ImageJob, material: ImageMaterial) -> Meanings:
    """What an image may mean: as the language is, or whatever it might be where that is learned.

    The numbers are then those that training has as values of a single image.
    """
    if not job.open:
        return material.meanings
    if "meaning" in job.given:
        known = {symbol: readings[0][1] for symbol, readings in material.meanings.items()}
        functions = {
            symbol: reading.meaning
            for symbol, reading in known.items()
            if reading.category is Category.INFIX and callable(reading.meaning)
        }
        others = {s: r for s, r in material.meanings.items() if s not in functions}
        return proposed((), functions, others)
    numbers = sorted({row.value for row in material.train if len(row.images) == 1})
    if job.task == "hwf":
        return proposed(numbers, FUNCTIONS, {})
    if "syntax" in job.given:
        return placed(numbers, NATURAL_FUNCTIONS, BRACKETS)
    return proposed(numbers, NATURAL_FUNCTIONS, BRACKETS)


def possible(job: ImageJob, material: ImageMaterial, hypotheses: Meanings) -> np.ndarray | None:
    """Whether an image of each symbol may be each of the hypotheses, [symbols, hypotheses].

    None where nothing is known of it. Syntax given, it has the sign of the symbol; perception and
    meaning given, it is the symbol.
    """
    if job.open and "syntax" in job.given:
        own = [_sign(material.meanings[symbol][0][1]) for symbol in material.symbols]
        others = [_sign(readings[0][1]) for readings in hypotheses.values()]
        return np.array([[one == other for other in others] for one in own])
    if job.given == {"perception", "meaning"}:
        return np.array([[symbol == name for name in hypotheses] for symbol in material.symbols])
    told = "perception" in job.given
    return np.ones((len(material.symbols), len(hypotheses)), bool) if told else None


def _sign(reading: Reading) -> Sequence[object]:
    return (reading.category, reading.left, reading.right)
