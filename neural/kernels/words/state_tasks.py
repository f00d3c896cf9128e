"""Kernels that track a state: groups from a part of their products, brackets from short words."""

from functools import partial

from abduce.neural.kernels.kernel import Kernel, KernelTask
from abduce.neural.kernels.words.bracket_words import LONGEST, bracket_words
from abduce.neural.kernels.words.products import some_products
from abduce.symbolic.programs.definitions.brackets import BRACKETS, KINDS
from abduce.symbolic.programs.groups import WORD_TASKS, Multiplication, WordTask
from abduce.symbolic.programs.table import Table


def _matrices(elements: int, seed: int) -> Kernel:
    from abduce.neural.kernels.words.group import GroupKernel

    return GroupKernel(elements, seed)


def _bracket(seed: int) -> Kernel:
    from abduce.neural.kernels.words.bracket import BracketKernel

    return BracketKernel(seed)


def group_task(task: WordTask) -> KernelTask:
    """The kernel of a task on words."""
    elements = len(task.group.elements)
    shown = int(task.share * elements**2)
    return KernelTask(
        name=task.name,
        about=f"the multiplication table of a group of {elements} elements",
        learned_from=f"{shown:,} of the {elements**2:,} products; the others are never shown",
        specification=task.group,
        exact=Multiplication.from_arrays,
        examples=partial(some_products, task.group, task.share),
        module=partial(_matrices, elements),
    )


STATE_TASKS: tuple[KernelTask, ...] = (
    *map(group_task, WORD_TASKS.values()),
    KernelTask(
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
