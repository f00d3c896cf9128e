"""The determinants of plane geometry: the orientation of three points, and the in-circle test.

Source: Guibas and Stolfi 1985, Primitives for the manipulation of general subdivisions, section 8.
"""

from typing import Any

from abduce.symbolic.programs.polynomials import PolynomialSpecification
from abduce.symbolic.programs.sums import determinant


def _orientation(*coordinates: Any) -> Any:
    points = zip(coordinates[::2], coordinates[1::2], strict=True)
    return determinant([[x, y, 1] for x, y in points])


def _in_circle(*coordinates: Any) -> Any:
    points = zip(coordinates[::2], coordinates[1::2], strict=True)
    return determinant([[x, y, x * x + y * y, 1] for x, y in points])


ORIENTATION = PolynomialSpecification(
    "its sign says whether three points turn left (1), lie on a line (0) or turn right (-1), for "
    "all real coordinates",
    ("ax", "ay", "bx", "by", "cx", "cy"),
    _orientation,
    sign=True,
)
IN_CIRCLE = PolynomialSpecification(
    "its sign says whether a fourth point is inside (1), on (0) or outside (-1) the circle through "
    "three that turn left, for all real coordinates",
    ("ax", "ay", "bx", "by", "cx", "cy", "dx", "dy"),
    _in_circle,
    sign=True,
)
