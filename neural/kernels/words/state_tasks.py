"""Kernels that track a state: groups from a part of their products, brackets from short words."""

from functools import partial

from abduce.neural.kernels.kernel import Kernel, Task
from abduce.neural.kernels.words.bracket_words import LONGEST, bracket_words
from abduce.neural.kernels.words.products import some_products
from abduce.symbolic.programs.definitions.brackets import BRACKETS, KINDS
from abduce.symbolic.programs.groups import GROUPS, Multiplication
from abduce.symbolic.programs.table import Table

SHARES = {"s5": 0.25}
"""The share of the table used for training, for groups where it is not one half."""


def _matrices(elements: int, seed: int) -> Kernel:
    from abduce.neural.kernels.words.group import GroupKernel

    return GroupKernel(elements, seed)


def _bracket(seed: int) -> Kernel:
    from abduce.neural.kernels.words.bracket import BracketKernel

    return BracketKernel(seed)


def _group(name: str) -> Task:
    specification = GROUPS[name]
    elements = len(specification.elements)
    share = SHARES.get(name, 0.5)
    shown = int(share * elements**2)
    return Task(
        name=name,
        about=f"the multiplication table of a group of {elements} elements",
        learned_from=f"{shown:,} of the {elements**2:,} products; the others are never shown",
        specification=specification,
        exact=Multiplication.from_arrays,
        examples=partial(some_products, specification, share),
        module=partial(_matrices, elements),
    )


STATE_TASKS: tuple[Task, ...] = (
    *map(_group, GROUPS),
    Task(
        name="brackets",
        about=f"the stack operations that match {KINDS} kinds of brackets",
        learned_from=f"2,000 words of {LONGEST} symbols, every prefix labelled broken, open or "
        "balanced",
        specification=BRACKETS,
        exact=Table.from_arrays,
        examples=bracket_words,
        module=_bracket,
    ),
)
