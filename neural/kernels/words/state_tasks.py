"""Kernels that track a state: groups from a part of their products, brackets from short words."""

from functools import partial

from abduce.neural.kernels.config import CONFIG, BracketsConfig, GroupConfig
from abduce.neural.kernels.kernel import Kernel, KernelTask
from abduce.neural.kernels.words.bracket_words import bracket_words
from abduce.neural.kernels.words.products import some_products
from abduce.symbolic.programs.definitions.brackets import BRACKETS, KINDS
from abduce.symbolic.programs.groups import WORD_TASKS, Multiplication, WordTask
from abduce.symbolic.programs.table import Table

PARTS = {"s5": "s5"}
"""The part of the configuration, for groups that have one of their own."""


def _matrices(elements: int, config: GroupConfig, seed: int) -> Kernel:
    from abduce.neural.kernels.words.group import GroupKernel

    return GroupKernel(config, elements, seed)


def _bracket(config: BracketsConfig, seed: int) -> Kernel:
    from abduce.neural.kernels.words.bracket import BracketKernel

    return BracketKernel(config, seed)


def group_task(task: WordTask) -> KernelTask:
    """The kernel of a task on words."""
    elements = len(task.group.elements)
    part = PARTS.get(task.name, "group")
    shown = int(getattr(CONFIG, part).share * elements**2)
    return KernelTask(
        name=task.name,
        about=f"the multiplication table of a group of {elements} elements",
        learned_from=f"{shown:,} of the {elements**2:,} products; the others are never shown",
        part=part,
        specification=task.group,
        exact=Multiplication.from_arrays,
        examples=partial(some_products, task.group),
        module=partial(_matrices, elements),
    )


STATE_TASKS: tuple[KernelTask, ...] = (
    *map(group_task, WORD_TASKS.values()),
    KernelTask(
        name="brackets",
        about=f"the stack operations that match {KINDS} kinds of brackets",
        learned_from=f"{CONFIG.brackets.words:,} words of {CONFIG.brackets.longest} symbols, every "
        "prefix labelled broken, open or balanced",
        part="brackets",
        specification=BRACKETS,
        exact=Table.from_arrays,
        examples=bracket_words,
        module=_bracket,
    ),
)
