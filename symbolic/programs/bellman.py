"""Layers over the choices of a state: tropical algebra, with coefficients that are whole numbers.

A layer sees of each choice the reward r, the value v expected after it, and a discount d, and
combines them linearly; over the choices of a state it takes the most or the least. With
max(r + d v) it is Bellman's operator T, a contraction by d in the largest norm. So it has one fixed
point v*, and |v - v*| <= |T v - v| / (1 - d) for every v. With min(r + v) it is a step of
shortest paths: begun with 0 at the source, n - 1 steps reach the distances where no cycle is
negative, and they are exact as far as the arithmetic is.

Source: Bellman 1957, Dynamic programming; Banach 1922 for the bound.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from abduce.symbolic.programs.arrays import LARGEST, only, single, whole

TERMS = ("reward", "discount * reward", "value", "discount * value", "1")
CHOICES = ("max", "min", "mean")
MAX, MIN, MEAN = range(3)


@dataclass(frozen=True, slots=True)
class LayerSpecification:
    """The specification of a layer.

    Attributes:
        claim: what a layer does that agrees with it, as a sentence.
        coefficients: the coefficients of TERMS.
        choice: an index of CHOICES.
    """

    claim: str
    coefficients: tuple[int, ...]
    choice: int


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A layer, exact.

    Attributes:
        coefficients: (terms,), whole numbers.
        choice: an index of CHOICES.
    """

    kind: ClassVar[str] = "layer"

    coefficients: np.ndarray
    choice: int

    def __post_init__(self) -> None:
        if not 0 <= self.choice < len(CHOICES):
            raise ValueError(f"the choice {self.choice} where there are {len(CHOICES)}")
        found = whole("the coefficients", self.coefficients, least=-LARGEST)
        object.__setattr__(self, "coefficients", found)

    def __call__(
        self, reward: np.ndarray, value: np.ndarray, discount: float | int, start: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """The value of each choice, and of each state.

        Args:
            reward, value: (choices,), those of a state side by side; value is that expected after.
            start: (states,), the first choice of each state; all have one.
        """
        terms = (
            lambda: reward,
            lambda: discount * reward,
            lambda: value,
            lambda: discount * value,
            lambda: np.ones_like(reward),
        )
        worth = np.zeros_like(reward)
        for coefficient, term in zip(self.coefficients.tolist(), terms, strict=True):
            if coefficient:
                worth = worth + coefficient * term()
        if self.choice == MEAN:
            counts = np.diff(np.append(start, len(reward)))
            return worth, np.add.reduceat(worth, start) / counts
        best = np.maximum if self.choice == MAX else np.minimum
        return worth, best.reduceat(worth, start)

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays of the object, by name, as they are saved."""
        return {"coefficients": self.coefficients, "choice": np.array([self.choice])}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Layer":
        coefficients, choice = only(arrays, "coefficients", "choice")
        return cls(coefficients, single("the choice", choice))


def compiled_layer(specification: LayerSpecification) -> Layer:
    """The layer of a specification."""
    return Layer(np.array(specification.coefficients), specification.choice)


LAYERS: Mapping[str, LayerSpecification] = MappingProxyType(
    {
        "value-iteration": LayerSpecification(
            "the greatest reward + discount * value over the actions, in every decision process; "
            "a contraction by the discount",
            (1, 0, 0, 1, 0),
            MAX,
        ),
        "shortest-path": LayerSpecification(
            "the least weight + distance over the edges, in every graph, whatever the discount",
            (1, 0, 1, 0, 0),
            MIN,
        ),
    }
)
"""The specifications, by the name of the job."""
