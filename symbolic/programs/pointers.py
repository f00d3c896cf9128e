"""Pointers between points: a score for the features of a pair, and a law that such scores obey. The
features of a pair have finitely many values (`SIZES`). Each point has a rank by distance among the
points near the other: the smaller and the larger rank; how many points lie in the circle whose
diameter is between the two; whether they share a side of the triangulation. No score can be proved
right, since near points say nothing certain about a shortest tour. It can be proved that no score
is absurd: a pair that is at least as good as another in every feature never has a lower score. The
table has so few entries that each step from one to the next is enumerated, and the law follows
along steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from abduce.symbolic.programs.arrays import LARGEST, only, whole

NEAR = 10
"""The number of points that count as near; it is the rank of all other points."""
INSIDE = 4
"""The points inside a circle are counted up to INSIDE - 1."""
SIZES = (NEAR, NEAR + 1, INSIDE, 2)
"""The numbers of values of the smaller rank, the larger rank, the points inside, and whether there
is a side."""


@dataclass(frozen=True, slots=True)
class PointerSpecification:
    """Scores that are monotone.

    Attributes:
        claim: the law, as a sentence.
        sizes: the number of values of each feature.
        better: 1 for each feature of which more is better, -1 for the others.
    """

    claim: str
    sizes: tuple[int, ...]
    better: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Pointers:
    """Scores of pairs, whole numbers; of a higher score is the pair that is tried first.

    Attributes:
        scores: (sizes...).
    """

    kind: ClassVar[str] = "pointers"

    scores: np.ndarray

    def __call__(self, *seen: np.ndarray | int) -> np.ndarray:
        """The scores of pairs; each argument is a whole number or an array of them."""
        return self.scores[seen]

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays of the object, by name, as they are saved."""
        return {"scores": self.scores}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Pointers":
        (scores,) = only(arrays, "scores")
        return cls(whole("the scores", scores, least=-LARGEST))


def compiled_pointers(specification: PointerSpecification) -> Pointers:
    """The plainest scores of a specification: one less for each step away from the best."""
    steps = np.indices(specification.sizes)
    return Pointers(np.tensordot(np.array(specification.better), steps, axes=1))


POINTER = PointerSpecification(
    "a pair of points that is at least as good as another in every feature (ranks, points between, "
    "side) never has a lower score, for all point sets; that tours are short is not claimed",
    SIZES,
    (-1, -1, -1, 1),
)
