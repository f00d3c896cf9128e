"""An operation: a row of the table over which programs of calculations are written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

EXPRESSION: Final = "expression"
NAME: Final = "name"
RELATIONS: Final = "relations"
MATRIX: Final = "matrix"
ANSWER: Final = "answer"
EQUATION: Final = "{0} = {answer}."
"""How the value of an expression is told."""
WORD: Final = "list"
"""A constant word of a program, a token."""
INTEGER: Final = "integer"


class Unanswered(Exception):
    """An operation that has no answer, with the reason as a sentence (internal)."""


class Doubtful(Exception):
    """A cross-check that disagrees with an answer, with what it found (internal)."""


Check = Callable[..., str | None]
"""Takes the arguments and the answer; says what agrees, or None where nothing could be tried.

Raises Doubtful where it disagrees."""


Remark = Callable[..., str | None]
"""Takes the arguments and the answer; says what the answer leaves out, as a sentence, or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What a program can do in one step.

    Attributes:
        run: the function of the values of the arguments; raises Unanswered where it has no answer.
        check: another way to the same answer.
        about: the sentence that explains the step, with `{0}`, `{1}`, ... for the arguments and
            `{answer}` for the answer.
        remark: what the answer leaves out.
    """

    arguments: tuple[str, ...]
    result: str
    run: Callable[..., Any]
    about: str
    check: Check | None = None
    remark: Remark | None = None
