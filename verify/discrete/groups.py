"""Tables of groups, proved entry by entry against permutations.

A table that agrees with the products of permutations on all pairs gives the product of a word of
every length, by induction over the length. The product of the first n + 1 elements is the entry of
(product of the first n, the next one). By the proof, that entry is the product of the two
permutations. Since the entries are associative (checked on their own), any bracketing gives the
same, so that products can be taken in parallel.
"""

import numpy as np

from abduce import clock
from abduce.symbolic.programs.groups import GroupSpecification, Multiplication
from abduce.verify.verdict import Certificate, Proved, Refuted, Unknown, Verdict, Work


def prove_group(
    table: Multiplication, specification: GroupSpecification, *, deadline: float | None = None
) -> Verdict:
    """Whether a table (elements, elements) is that of a group of permutations.

    Every entry is compared with the product of two permutations. Two laws that follow from that are
    checked separately, in the table alone: element 0 is the identity, and products are associative,
    by Light's test: ``(x g) y = x (g y)`` for all x, y and each generator g. A refutation names the
    pair, or the three of Light's test.

    Args:
        deadline: the time of `clock.wall_s()` at which to stop; None for no limit.

    Source: Clifford and Preston 1961, The algebraic theory of semigroups 1, section 1.2, for
    Light's test.
    """
    if clock.passed(deadline):
        return Unknown("the time was up")
    products, expected = table.products, specification.products()
    if products.shape != expected.shape:
        return Unknown(f"the table has the shape {products.shape}, not {expected.shape}")
    cases = products.size
    if len(wrong := np.argwhere(products != expected)):
        return _refuted(wrong[0], products, expected, cases)
    every = np.arange(len(products))
    for side in (products[0], products[:, 0]):
        cases += len(every)
        if len(wrong := np.flatnonzero(side != every)):
            return _refuted(np.array([0, wrong[0]]), products, expected, cases)
    for g in specification.generators:
        cases += products.size
        left, right = products[products[:, g]], products[:, products[g]]
        if len(wrong := np.argwhere(left != right)):
            x, y = wrong[0].tolist()
            found, wanted = np.array([left[x, y]]), np.array([right[x, y]])
            return Refuted(np.array([x, g, y]), found, 0, Work(points=cases), wanted)
    method = "enumeration of all products of permutations, identity, Light's test"
    return Proved(Work(points=cases), Certificate(specification.claim, method, cases))


def _refuted(pair: np.ndarray, products: np.ndarray, expected: np.ndarray, cases: int) -> Refuted:
    a, b = pair.tolist()
    found, wanted = np.array([products[a, b]]), np.array([expected[a, b]])
    return Refuted(pair, found, 0, Work(points=cases), wanted)
