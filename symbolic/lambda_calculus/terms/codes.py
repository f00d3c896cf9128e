"""Prefix codes: a term as a flat sequence of integers, one a node, parents before children.

    0        an application; its function follows, then its argument
    1        an abstraction; its body follows
    2 + i    the variable of the i-th binder around it, counted from the innermost (de Bruijn)
    -1 - k   the k-th free variable

Flat codes are compared, hashed, copied and freed without recursion, and one loop over them replaces
what would be a recursive function on trees.

Source: de Bruijn 1972, Lambda calculus notation with nameless dummies; the prefix order is that of
the token strings of Flach, Moreira and Lamb 2023, Towards a Neural Lambda Calculus.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence

from abduce.symbolic.lambda_calculus.terms.deadline import within

APPLICATION, ABSTRACTION, BOUND = 0, 1, 2

INTEGER = "i"
"""The type code of an array of codes: 32 bits."""
NODE_BYTES = 4


def packed(codes: Iterable[int]) -> bytes:
    """Codes as the bytes that a term keeps."""
    return (codes if isinstance(codes, array) else array(INTEGER, codes)).tobytes()


def unpacked(code: bytes) -> list[int]:
    """The integers of the code that a term stores."""
    return view(code).tolist()


def view(code: bytes) -> "memoryview[int]":
    """The integers without a copy."""
    return memoryview(code).cast(INTEGER)


def ends(codes: Sequence[int], deadline: float | None = None) -> list[int]:
    """For each position the position after the subterm that begins there.

    The argument of the application at p begins at ``ends(codes)[p + 1]``.

    >>> ends([0, 1, 2, -1])
    [4, 3, 3, 4]
    """
    found = [0] * (len(codes) + 1)
    for position in within(range(len(codes) - 1, -1, -1), deadline):
        code = codes[position]
        if code == APPLICATION:
            found[position] = found[found[position + 1]]
        elif code == ABSTRACTION:
            found[position] = found[position + 1]
        else:
            found[position] = position + 1
    return found[:-1]


def with_depths(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Each code of a term or subterm, and the number of abstractions around it.

    >>> list(with_depths([0, 1, 2, -1]))
    [(0, 0), (1, 0), (2, 1), (-1, 0)]
    """
    depths = [0]
    for code in codes:
        depth = depths.pop()
        if code == APPLICATION:
            depths += (depth, depth)
        elif code == ABSTRACTION:
            depths.append(depth + 1)
        yield code, depth


def fault(codes: Sequence[int]) -> str | None:
    """The reason why a sequence is not the code of one term, or None."""
    depths: list[int] = [0]
    for position, code in enumerate(codes):
        if not depths:
            return f"more codes than one term has, from position {position}"
        depth = depths.pop()
        if code == APPLICATION:
            depths += (depth, depth)
        elif code == ABSTRACTION:
            depths.append(depth + 1)
        elif code - BOUND >= depth:
            return f"the index {code - BOUND} under {depth} binders, at position {position}"
    return "fewer codes than a term has" if depths else None
