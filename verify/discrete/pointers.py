"""Scores of pointers, proved to be monotone step by step."""

import numpy as np

from abduce.symbolic.programs.arrays import LARGEST, whole
from abduce.symbolic.programs.pointers import Pointers, PointerSpecification
from abduce.verify.verdict import Certificate, Proved, Refuted, Unknown, Verdict, Work


def prove_pointers(
    pointers: Pointers, specification: PointerSpecification, *, deadline: float | None = None
) -> Verdict:
    """Whether no step to something better lowers a score; that takes a millisecond, whatever
    the deadline."""
    try:
        scores = whole("the scores", pointers.scores, specification.sizes, least=-LARGEST)
    except ValueError as error:
        return Unknown(str(error))
    cases = 0
    for axis, direction in enumerate(specification.better):
        rise = direction * np.diff(scores, axis=axis)
        cases += rise.size
        falls = np.argwhere(rise < 0)
        if len(falls):
            step = np.eye(scores.ndim, dtype=np.int64)[axis]
            one, other = falls[0], falls[0] + step
            better, worse = (other, one) if direction > 0 else (one, other)
            found, least = (scores[tuple(place)][None] for place in (better, worse))
            return Refuted(better, found, axis, Work(points=cases), least)
    certificate = Certificate(specification.claim, "enumeration of all steps", cases)
    return Proved(Work(points=cases), certificate)
