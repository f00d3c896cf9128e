"""How a reduction can end: three values, none of them an exception."""

from dataclasses import dataclass
from typing import Literal

from abduce.symbolic.lambda_calculus.terms.terms import Term

Strategy = Literal["normal", "applicative", "head", "weak-head"]
STRATEGIES: tuple[Strategy, ...] = ("normal", "applicative", "head", "weak-head")
Engine = Literal["plain", "compiled"]


@dataclass(frozen=True, slots=True)
class NormalForm:
    """The reduction ended.

    Attributes:
        term: a normal form, or a head or weak head normal form where that was the strategy.
        beta: how many steps it took; see `normal_form` on what counts as one.
        eta: how many eta steps followed.
        engine: the engine that reduced the term.
    """

    term: Term
    beta: int
    eta: int
    engine: Engine


@dataclass(frozen=True, slots=True)
class OutOfFuel:
    """The steps or the time that were allowed are spent; there may or may not be a normal form.

    Attributes:
        beta: how many steps were taken.
        reason: which of the two it was.
    """

    beta: int
    reason: Literal["fuel", "time"]
    engine: Engine


@dataclass(frozen=True, slots=True)
class TooLarge:
    """The result, or the memory of the machine, exceeds its limit.

    Attributes:
        what: 'normal form' in nodes, or 'heap' in cells.
        limit: the number that was passed.
        beta: how many steps were taken.
    """

    what: Literal["normal form", "heap"]
    limit: int
    beta: int
    engine: Engine


Outcome = NormalForm | OutOfFuel | TooLarge
