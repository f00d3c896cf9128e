"""Examples to learn from and examples kept apart, by families that are never divided."""

from collections.abc import Sequence
from typing import Protocol, TypeVar, runtime_checkable

import numpy as np

from abduce.errors import InputError


@runtime_checkable
class InFamily(Protocol):
    """An example with the name of its family."""

    @property
    def family(self) -> str: ...


Some = TypeVar("Some", bound=InFamily)


def divided(examples: Sequence[Some], share: float, seed: int) -> tuple[list[Some], list[Some]]:
    """Examples to learn from, and those kept apart; no family is in both.

    Args:
        seed: the random seed of the choice of families.

    Raises:
        InputError: there is but one family, or the share is none.
    """
    families = sorted({each.family for each in examples})
    count = round(share * len(families))
    if not 0 < count < len(families):
        raise InputError(
            f"{len(families)} families of examples, of which {share:.0%} are kept apart",
            ("at least one on each side",),
        )
    drawn = np.random.default_rng((seed, 1)).permutation(len(families))[:count]
    apart = {families[int(index)] for index in drawn}
    return (
        [each for each in examples if each.family not in apart],
        [each for each in examples if each.family in apart],
    )
