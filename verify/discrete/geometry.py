"""The determinants of plane geometry: which way three points turn, what a circle has inside.

Source: Guibas and Stolfi 1985, Primitives for the manipulation of general subdivisions, section 8.
"""

from typing import Any

from abduce.verify.discrete.polynomials import PolynomialSpecification
from abduce.verify.discrete.sums import determinant


def _orientation(*coordinates: Any) -> Any:
    points = zip(coordinates[::2], coordinates[1::2], strict=True)
    return determinant([[x, y, 1] for x, y in points])


def _in_circle(*coordinates: Any) -> Any:
    points = zip(coordinates[::2], coordinates[1::2], strict=True)
    return determinant([[x, y, x * x + y * y, 1] for x, y in points])


ORIENTATION = PolynomialSpecification(
    "its sign is 1, 0 or -1 as three points turn left, are on a line or turn right, whatever "
    "real numbers their coordinates are",
    ("ax", "ay", "bx", "by", "cx", "cy"),
    _orientation,
    sign=True,
)
IN_CIRCLE = PolynomialSpecification(
    "its sign is 1, 0 or -1 as the fourth point is inside, on or outside of the circle through "
    "three that turn left, whatever real numbers their coordinates are",
    ("ax", "ay", "bx", "by", "cx", "cy", "dx", "dy"),
    _in_circle,
    sign=True,
)
