"""What a move does to the length of a tour, said for tours of every size.

A tour is a round of paths. A path has two ends, which may be one point, and a length inside of
which nothing is known; read backwards it has the same, since lengths have no direction. A move cuts
the tour into two or three paths and joins them in another way. The cost of a tour is the sum of the
lengths inside of its paths and of the joints between them, the closing one too. In the difference
of two costs the insides have to cancel, or it is no polynomial of the ends' lengths: that they do,
and what is left, is multiplied out. Nothing is said of how many points a path has, so what
is proved holds for every tour.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from types import MappingProxyType
from typing import Any

from abduce.symbolic.programs.polynomials import PolynomialSpecification
from abduce.symbolic.programs.sums import variable

Path = tuple[str, str, str]
"""A name and the two end points, that of the first point first."""
EXCHANGE_ENDS, INSERTION_ENDS = "abcd", "pstqcd"


def pairs(ends: str) -> tuple[tuple[str, str], ...]:
    """The pairs of points whose lengths are the arguments of a move, in order."""
    return tuple(combinations(ends, 2))


def _reversed(path: Path) -> Path:
    name, first, last = path
    return name, last, first


def _cost(tour: Sequence[Path], lengths: Mapping[frozenset[str], Any]) -> Any:
    inside = sum(variable(f"inside_{name}") for name, _, _ in tour)
    following = (*tour[1:], tour[0])
    joints = [
        lengths[frozenset((last, first))]
        for (_, _, last), (_, first, _) in zip(tour, following, strict=True)
    ]
    return inside + sum(joints)


def _move(
    claim: str, ends: str, before: Sequence[Path], after: Sequence[Path]
) -> PolynomialSpecification:
    def change(*symbols: Any) -> Any:
        named = map(frozenset, pairs(ends))
        lengths = dict(zip(named, symbols, strict=True))
        return _cost(after, lengths) - _cost(before, lengths)

    return PolynomialSpecification(claim, tuple(a + b for a, b in pairs(ends)), change)


A, B = ("A", "d", "a"), ("B", "b", "c")
EXCHANGE = _move(
    "the change of a tour's length when the path from b to c is reversed, so that the edges ab and "
    "cd become ac and bd, for every tour",
    EXCHANGE_ENDS,
    (A, B),
    (A, _reversed(B)),
)
REST, MOVED, PASSED = ("A", "d", "p"), ("B", "s", "t"), ("C", "q", "c")
INSERTION = _move(
    "the change of a tour's length when the path from s to t moves from between p and q to between "
    "c and d, for every tour",
    INSERTION_ENDS,
    (REST, MOVED, PASSED),
    (REST, PASSED, MOVED),
)
MOVES: Mapping[str, PolynomialSpecification] = MappingProxyType(
    {"exchange": EXCHANGE, "insertion": INSERTION}
)
"""The specifications, by the name of the kernel."""
