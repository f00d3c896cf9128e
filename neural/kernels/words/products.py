"""Examples of groups: some of the products, drawn from the table without replacement."""

from dataclasses import dataclass

import numpy as np

from abduce.neural.kernels.config import GroupConfig
from abduce.symbolic.programs.groups import GroupSpecification


@dataclass(frozen=True, slots=True, eq=False)
class Products:
    """Products of two elements, which are names and no more than that.

    Attributes:
        a, b, product: (examples,), places of elements.
        elements: the number of elements.
    """

    a: np.ndarray
    b: np.ndarray
    product: np.ndarray
    elements: int

    def __len__(self) -> int:
        return len(self.a)


def some_products(
    specification: GroupSpecification, config: GroupConfig, generator: np.random.Generator
) -> Products:
    """A share of the products of a group; the others are never shown."""
    table = specification.products()
    shown = generator.permutation(table.size)[: int(config.share * table.size)]
    a, b = np.divmod(shown, len(table))
    return Products(a, b, table[a, b], len(table))
