"""Verdicts: what a verifier says, and no more than it knows."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, slots=True)
class Work:
    """What an answer took.

    Attributes:
        domains: boxes that were bounded.
        points: inputs that were tried.
        open: boxes left when the search ended; 0 when proved.
        bound: of the last batch's boxes that were not settled the least lower bound, of the
            inequality nearest to be refuted; when proved, the least bound that settled a box.
            Finite; None where there is no such bound.
    """

    domains: int = 0
    points: int = 0
    open: int = 0
    bound: float | None = None


@dataclass(frozen=True, slots=True)
class Proved:
    """No input of the specification's boxes violates it, in the semantics that was asked for."""

    work: Work = field(default_factory=Work)


@dataclass(frozen=True, slots=True, eq=False)
class Refuted:
    """An input that violates the specification, replayed.

    Attributes:
        x: the input, in the shape that the network takes; float64, of float32 numbers but where
            there are none between the bounds of an input.
        y: the output, as it was computed when the input was replayed.
        case: which case of the specification is violated.
    """

    x: np.ndarray
    y: np.ndarray
    case: int
    work: Work = field(default_factory=Work)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither proved nor refuted, and why."""

    reason: str
    work: Work = field(default_factory=Work)


Verdict = Proved | Refuted | Unknown
