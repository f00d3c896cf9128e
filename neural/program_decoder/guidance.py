"""Trees by what they compute: those that cannot be run are dropped, and those of one value vote.

Source: Wang et al. 2018, Robust text-to-SQL generation with execution-guided decoding; the vote by
value is ours.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from math import exp
from typing import Any

from abduce.grammars.grammar import Tree
from abduce.neural.program_decoder.searching import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """Trees with one value.

    Attributes:
        value: what they compute.
        probability: the sum of their probabilities, as the decoder has them.
        trees: the likeliest first.
    """

    value: Any
    probability: float
    trees: tuple[Tree, ...]


def classes(
    candidates: Iterable[Candidate], value: Callable[[Tree], Hashable | None]
) -> list[Class]:
    """The values that candidates compute, the most probable first.

    Args:
        value: what a tree computes; None where it cannot be run, or gives nothing that can be the
            answer.

    >>> trees = [Candidate(("a",), -1.0), Candidate(("b",), -1.5), Candidate(("c",), -1.6)]
    >>> [c.value for c in classes(trees, {("a",): 1, ("b",): 2, ("c",): 2}.get)]
    [2, 1]
    """
    found: dict[Hashable, list[Candidate]] = {}
    for candidate in candidates:
        computed = value(candidate.tree)
        if computed is not None:
            found.setdefault(computed, []).append(candidate)
    grouped = [
        Class(
            value=computed,
            probability=sum(exp(c.logp) for c in some),
            trees=tuple(c.tree for c in sorted(some, key=lambda c: -c.logp)),
        )
        for computed, some in found.items()
    ]
    return sorted(grouped, key=lambda each: -each.probability)
