"""HINT at symbol level, read as typed rows: arithmetic expressions, and new concepts by symbol.

A symbol is one character: the digits, + - * / and brackets. Minus stops at 0, and / rounds up. The
subsets of validation and test are I (rows of training), SS (new, few operators and small), LS (many
operators, small), SL (few operators, large) and LL. Training rows are all of subset I.

Source: Li et al. 2023, A minimalist dataset for systematic generalization of perception, syntax,
and semantics.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from abduce.benchmarks.data.members import read_text
from abduce.errors import DataError
from abduce.symbolic.nsr.deduction.syntax import (
    NULLARY,
    PARTNER,
    Category,
    Reading,
    Sign,
)

HintPart = Literal["train", "val", "test"]
SUBSETS: Final = ("I", "SS", "LS", "SL", "LL")
FEW_SHOT: Final = "hint_fewshot_x_a_c.json"
"""The member that has the concepts x (the number 11), a (maximum) and c (mean, rounded up)."""


@dataclass(frozen=True, slots=True)
class HintRow:
    """An expression and its value.

    Attributes:
        expr: the expression, one character a symbol.
        value: what it denotes, a natural number.
        largest: the largest value in its syntax tree, numbers included.
        n_op: the number of operators.
        subset: one of `SUBSETS`.
    """

    expr: str
    value: int
    largest: int
    n_op: int
    subset: str

    @property
    def symbols(self) -> tuple[str, ...]:
        return tuple(self.expr)


def hint_rows(part: HintPart, places: Sequence[Path] | None = None) -> tuple[HintRow, ...]:
    """All rows of one part of the main split, in the order of the file.

    Args:
        places: folders to look in; None for `folders()`.

    Raises:
        DataError: the part is at none of the places.
        ChecksumError: it was found, and is not what it should be.
    """
    lines = read_text("hint", f"hint_{part}.tsv", places).splitlines()[1:]
    return tuple([_row(line.split("\t")) for line in lines])


def hint_concept(
    symbol: str, part: HintPart, places: Sequence[Path] | None = None
) -> tuple[HintRow, ...]:
    """All rows of one part of the few-shot set of a new symbol.

    Raises:
        DataError: no concept has that symbol, or the file is at none of the places.
        ChecksumError: it was found, and is not what it should be.
    """
    concepts = json.loads(read_text("hint", FEW_SHOT, places))
    if symbol not in concepts:
        raise DataError(
            f"the concept {symbol!r}", (), f"Expected one of {', '.join(concepts)}.", "is unknown"
        )
    return tuple([_row(fields) for fields in concepts[symbol][part]])


def hint_readings() -> dict[str, Reading]:
    """HINT's own arithmetic as a lexicon; what divides by 0 has no value.

    >>> from abduce.symbolic.nsr.deduction.syntax import evaluate, parse
    >>> evaluate(parse("9/2-1*(1-2)", hint_readings()))
    5
    """
    readings = {str(n): Reading.of(NULLARY, n) for n in range(10)}
    loose, tight = Sign(Category.INFIX, 10.0), Sign(Category.INFIX, 20.0)
    readings |= {
        "+": Reading.of(loose, lambda x, y: x + y),
        "-": Reading.of(loose, lambda x, y: max(0, x - y)),
        "*": Reading.of(tight, lambda x, y: x * y),
        "/": Reading.of(tight, lambda x, y: -(-x // y)),
        "(": Reading.of(Sign(Category.CIRCUMFIX, partner=")"), lambda x: x),
        ")": Reading.of(PARTNER, 0),
    }
    return readings


def _row(fields: Sequence[str | int]) -> HintRow:
    expr, value, largest, n_op, *subset = fields
    return HintRow(
        str(expr), int(value), int(largest), int(n_op), str(subset[0]) if subset else SUBSETS[0]
    )
