"""Texts with equations and answers, as examples of the decoder; what does not fit is counted."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from abduce.errors import InputError
from abduce.grammars.arithmetic.equations import Refused, expression_of
from abduce.grammars.arithmetic.expressions import value
from abduce.grammars.grammar import Tree
from abduce.neural.program_decoder.question import Example
from abduce.neural.word_problems.problem import Problem, problem

OTHER_VALUE: Final = "The equation has another value than the answer."
NOT_READ: Final = "The text has no number that was understood."
TOLERANCE: Final = Fraction(1, 100)
"""The relative difference up to which a value is the answer, as in the literature."""
STRICT: Final = Fraction(1, 10_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A problem of a data set.

    Attributes:
        family: problems that come from one seed have the same; they are never divided between
            training and test.
    """

    text: str
    equation: str
    answer: Fraction
    family: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Known:
    """A problem with an expression that gives its answer."""

    told: Told
    problem: Problem
    tree: Tree

    @property
    def example(self) -> Example:
        return Example(question=self.problem.question, tree=self.tree)


def is_answer(found: Fraction | None, answer: Fraction, tolerance: Fraction = TOLERANCE) -> bool:
    """Whether a value is the answer, up to rounding.

    >>> is_answer(Fraction(1, 3), Fraction("0.333")), is_answer(None, Fraction(1))
    (True, False)
    """
    return found is not None and abs(found - answer) <= tolerance * abs(answer)


def known(problems: Iterable[Told], shown: str) -> tuple[list[Known], Counter[str]]:
    """The problems whose equation is an expression with the right value, and why others are not."""
    found: list[Known] = []
    reasons: Counter[str] = Counter()
    for told in problems:
        try:
            posed = problem(told.text, shown)
        except InputError:
            reasons[NOT_READ] += 1
            continue
        tree = expression_of(told.equation, posed.quantities)
        if isinstance(tree, Refused):
            reasons[tree.reason] += 1
        elif not is_answer(value(tree, [q.value for q in posed.quantities]), told.answer):
            reasons[OTHER_VALUE] += 1
        else:
            found.append(Known(told=told, problem=posed, tree=tree))
    return found, reasons


def checksum(problems: Iterable[Told]) -> str:
    """The SHA-256 of the problems in their order."""
    digest = hashlib.sha256()
    for told in problems:
        parts = (told.text, told.equation, str(told.answer), told.family)
        digest.update(json.dumps(parts).encode())
    return digest.hexdigest()
