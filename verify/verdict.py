"""Verdicts: what a verifier says, and no more than it knows."""

from dataclasses import dataclass, field
from typing import NoReturn

import numpy as np


class NeitherTrueNorFalse:
    """A verdict cannot be a condition: there are three of them, and `if` knows two.

    >>> if Unknown("out of time"):
    ...     print("is it proved?")
    Traceback (most recent call last):
    TypeError: a verdict is not true or false: unknown
    Write isinstance(verdict, Proved), isinstance(verdict, Refuted), or a match statement.
    """

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise TypeError(
            f"a verdict is not true or false: {type(self).__name__.lower()}\n"
            "Write isinstance(verdict, Proved), isinstance(verdict, Refuted), or a match statement."
        )


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
class Certificate:
    """Why a claim holds, so that somebody else can check it again.

    Attributes:
        claim: what holds, and for which inputs, as a sentence.
        method: how it was proved, in the field's words.
        cases: how many cases were looked at; all there are.
        invariant: of a proof by induction, what is preserved: the pairs of states that are reached.
    """

    claim: str
    method: str
    cases: int
    invariant: tuple[tuple[object, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """Where a runtime was run, and its output judged by the specification, before a proof counted.

    Attributes:
        points: so many inputs.
        boxes: so many boxes of the specification have one of them, of ``of`` boxes.
    """

    points: int
    boxes: int
    of: int


@dataclass(frozen=True, slots=True)
class Proved(NeitherTrueNorFalse):
    """No input of the specification violates it: of a network's boxes in the semantics that was
    asked for, of a discrete kernel all there are.

    Attributes:
        certificate: of discrete kernels; None where the work done is all there is to show.
        float32: whether it is proved however float32 rounds, too; False where that is not known.
        rounding: where it is proved in real arithmetic, an input at which the runtime violates the
            specification all the same, by its own rounding; None where none was seen.
        checked: where the runtime was run; None without one.
    """

    work: Work = field(default_factory=Work)
    certificate: Certificate | None = None
    float32: bool = False
    rounding: "Refuted | None" = None
    checked: Checked | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Refuted(NeitherTrueNorFalse):
    """An input that violates the specification, replayed.

    Attributes:
        x: the input. Of a network, in the shape that it takes; float64, of float32 numbers but
            where there are none between the bounds of an input. Of a discrete kernel, the
            arguments; of one that reads a stream, the word, one symbol an entry.
        y: the output, as it was computed when the input was replayed.
        case: which case of the specification is violated; 0 where it has one.
        expected: the output that the specification asks for; None where it does not name one.
    """

    x: np.ndarray
    y: np.ndarray
    case: int
    work: Work = field(default_factory=Work)
    expected: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Unknown(NeitherTrueNorFalse):
    """Neither proved nor refuted, and why."""

    reason: str
    work: Work = field(default_factory=Work)


Verdict = Proved | Refuted | Unknown
