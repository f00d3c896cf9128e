"""Finite groups: tables of products, and the permutations that define them.

What an element is, is said by a permutation and by nothing else: the specification multiplies
permutations, and no table of a group is written down anywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from abduce.symbolic.programs.arrays import only, whole

Permutation = tuple[int, ...]


def after(first: Permutation, then: Permutation) -> Permutation:
    """One permutation and then the other.

    >>> after((1, 0, 2), (0, 2, 1))
    (2, 0, 1)
    """
    return tuple(then[image] for image in first)


def closure(generators: Sequence[Permutation]) -> tuple[Permutation, ...]:
    """The group that permutations generate, in lexicographic order; the identity comes first."""
    found = {tuple(range(len(generators[0])))}
    todo = list(found)
    while todo:
        element = todo.pop()
        for generator in generators:
            product = after(element, generator)
            if product not in found:
                found.add(product)
                todo.append(product)
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class GroupSpecification:
    """A group of permutations.

    Attributes:
        claim: what a table does that agrees with it, as a sentence.
        elements: the elements in their order; element 0 is the identity.
        generators: places of elements that generate the group.
    """

    claim: str
    elements: tuple[Permutation, ...]
    generators: tuple[int, ...]

    @classmethod
    def generated(cls, name: str, generators: Sequence[Permutation]) -> "GroupSpecification":
        """The group that permutations generate."""
        elements = closure(generators)
        places = tuple(elements.index(generator) for generator in generators)
        return cls(f"the product in {name} of a word of every length", elements, places)

    def products(self) -> np.ndarray:
        """(elements, elements), the place of each product of permutations."""
        place = {element: at for at, element in enumerate(self.elements)}
        return np.array(
            [[place[after(a, b)] for b in self.elements] for a in self.elements], dtype=np.int64
        )


@dataclass(frozen=True, slots=True, eq=False)
class Multiplication:
    """A table of products.

    Attributes:
        products: (elements, elements), the product of the first and then the second.

    >>> Multiplication(np.array([[0, 1], [1, 0]]))([1, 1, 0, 1])
    array([1, 0, 0, 1])
    """

    kind: ClassVar[str] = "multiplication"

    products: np.ndarray

    def __post_init__(self) -> None:
        size = len(self.products) if self.products.ndim else 0
        if self.products.shape != (size, size) or not size:
            raise ValueError("products are a table, as many columns as rows")
        products = whole("the products", self.products, most=size - 1)
        object.__setattr__(self, "products", products)

    def __call__(self, word: Sequence[int] | np.ndarray) -> np.ndarray:
        """The product of each beginning of a word, one step after the other."""
        found, product = np.zeros(len(word), dtype=np.int64), 0
        for place, element in enumerate(word):
            product = int(self.products[product, element]) if place else int(element)
            found[place] = product
        return found

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays of the object, by name, as they are saved."""
        return {"products": self.products}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Multiplication":
        return cls(*only(arrays, "products"))


def compiled_group(specification: GroupSpecification) -> Multiplication:
    """The table of a specification."""
    return Multiplication(specification.products())


def _rotation(points: int) -> tuple[Permutation, ...]:
    return (tuple((point + 1) % points for point in range(points)),)


def _symmetric(points: int) -> tuple[Permutation, ...]:
    every = tuple(range(points))
    return ((1, 0, *every[2:]), (*every[1:], 0))


BITS, RESIDUES, PERMUTATIONS = "bits", "residues", "permutations"
"""The ways to write the elements of a group as letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTask:
    """A task on words: the product of their letters in a group.

    Attributes:
        name: the name of the kernel, a table of products.
        about: what the job computes, in a few words.
        group: what the table has to be.
        letters: how elements are written: BITS, RESIDUES or PERMUTATIONS.
        job, method: what runs it, where the job is called otherwise than the kernel.
    """

    name: str
    about: str
    group: GroupSpecification
    letters: str
    job: str = ""
    method: str = ""

    @property
    def machine(self) -> tuple[str, str]:
        """The job and its method."""
        return self.job or self.name, self.method


def _modular(modulus: int) -> WordTask:
    claim = f"the numbers modulo {modulus}"
    return WordTask(
        name=f"mod-{modulus}",
        about="the sum of numbers modulo the number given as --method",
        group=GroupSpecification.generated(claim, _rotation(modulus)),
        letters=RESIDUES,
        job="mod",
        method=str(modulus),
    )


def _permuting(name: str, generators: Sequence[Permutation]) -> WordTask:
    return WordTask(
        name=name.lower(),
        about=f"the product of permutations in {name}, applied from first to last",
        group=GroupSpecification.generated(name, generators),
        letters=PERMUTATIONS,
    )


WORD_TASKS: Mapping[str, WordTask] = MappingProxyType(
    {
        task.name: task
        for task in (
            WordTask(
                name="parity",
                about="whether the number of ones is even or odd",
                group=GroupSpecification.generated("the numbers modulo 2", _rotation(2)),
                letters=BITS,
            ),
            *map(_modular, (3, 5, 7, 10)),
            _permuting("S3", _symmetric(3)),
            _permuting("S4", _symmetric(4)),
            _permuting("A5", ((1, 2, 0, 3, 4), (0, 1, 3, 4, 2))),
            _permuting("S5", _symmetric(5)),
        )
    }
)
"""The tasks on words, by the name of the kernel. In groups of rotations, element r rotates by r
points."""
