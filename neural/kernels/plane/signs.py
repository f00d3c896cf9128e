"""Examples of geometric predicates: the signs of random points with small whole coordinates."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from abduce.neural.kernels.config import PredicateConfig


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """Points and what belongs to them.

    Attributes:
        points: (examples, variables), whole numbers.
        values: (examples,), -1, 0 or 1; for functions that are not predicates, the value.
    """

    points: np.ndarray
    values: np.ndarray

    def __len__(self) -> int:
        return len(self.points)


def signs(
    label: Callable[[np.ndarray], np.ndarray],
    points: int,
    config: PredicateConfig,
    generator: np.random.Generator,
) -> Labels:
    """Labels of random points, with coordinates within the radius.

    Args:
        label: (examples, points, 2) to whole numbers, of which the sign is shown.
    """
    drawn = generator.integers(-config.radius, config.radius + 1, (config.examples, points, 2))
    return Labels(drawn.reshape(config.examples, 2 * points), np.sign(label(drawn)))


def turn(points: np.ndarray) -> np.ndarray:
    """Positive where three points turn left: the cross product of two sides."""
    (ux, uy), (vx, vy) = (points[:, 1] - points[:, 0]).T, (points[:, 2] - points[:, 0]).T
    return ux * vy - uy * vx


def circle(points: np.ndarray) -> np.ndarray:
    """Positive where the fourth point is in the circle of three that turn left.

    Seen from the fourth point, each of the others weighs the turn of the other two with the square
    of its distance.
    """
    a, b, c = (points[:, :3] - points[:, 3:]).transpose(1, 2, 0)

    def weighed(u: np.ndarray, v: np.ndarray, w: np.ndarray) -> np.ndarray:
        return (u[0] ** 2 + u[1] ** 2) * (v[0] * w[1] - v[1] * w[0])

    return weighed(a, b, c) + weighed(b, c, a) + weighed(c, a, b)
