"""Jobs that track a state: parity, sums modulo k, products of permutations, brackets."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

import numpy as np

from abduce.symbolic.machines.jobs import Kernels, MachineAnswer, MachineJob, NoOptions, RunContext
from abduce.symbolic.machines.words.state_tracking import match, running_products
from abduce.symbolic.machines.words.words import (
    permutation_text,
    places_of,
    read_bits,
    read_brackets,
    read_permutations,
    read_residues,
)
from abduce.symbolic.programs.definitions.brackets import KINDS, SYMBOLS
from abduce.symbolic.programs.groups import (
    BITS,
    PERMUTATIONS,
    RESIDUES,
    WORD_TASKS,
    WordTask,
)

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Letters:
    """How the elements of a task's group are read and written.

    Attributes:
        read: a text and its path, to the places of the elements.
        text: the text of the element at a place.
    """

    read: Callable[[WordTask, str, Path | str], np.ndarray]
    text: Callable[[WordTask, int], str]


LETTERS: Mapping[str, Letters] = MappingProxyType(
    {
        BITS: Letters(
            lambda _, text, path: read_bits(text, path),
            lambda _, bit: ("even", "odd")[bit],
        ),
        RESIDUES: Letters(
            lambda task, text, path: read_residues(len(task.group.elements), text, path),
            lambda _, residue: str(residue),
        ),
        PERMUTATIONS: Letters(
            lambda task, text, path: read_permutations(task.group, task.name.upper(), text, path),
            lambda task, place: permutation_text(task.group.elements[place]),
        ),
    }
)


def word_jobs(tasks: Iterable[WordTask]) -> tuple[MachineJob, ...]:
    """The jobs of products in groups. Tasks of one job are its methods."""
    jobs: dict[str, list[WordTask]] = {}
    for task in tasks:
        jobs.setdefault(task.machine[0], []).append(task)
    return tuple(
        MachineJob(
            name=name,
            about=own[0].about,
            kernels=tuple(task.name for task in own if not task.method),
            run=partial(_product, {task.method: task for task in own}),
            methods=tuple(task.method for task in own if task.method),
            own={task.method: (task.name,) for task in own if task.method},
            controllers={},
        )
        for name, own in jobs.items()
    )


def _product(
    tasks: Mapping[str, WordTask],
    text: str,
    kernels: Kernels,
    _: NoOptions,
    context: RunContext,
) -> MachineAnswer:
    task = tasks[context.method]
    letters = LETTERS[task.letters]
    word = letters.read(task, text, context.path)
    running = running_products(kernels[task.name], word).tolist()
    shown = partial(letters.text, task)
    if context.note is not None:
        for before, element, after in zip([0, *running], word.tolist(), running, strict=False):
            context.note(f"{task.name:<9}{shown(before)} * {shown(element)} = {shown(after)}")
    final = shown(running[-1] if running else 0)
    value = {"final": final, "length": len(running)}
    return MachineAnswer(lines=[final], value=value, steps={"products": len(running)})


def _brackets(text: str, kernels: Kernels, _: NoOptions, context: RunContext) -> MachineAnswer:
    word = read_brackets(text, context.path).tolist()
    found = match(kernels["brackets"], word, context.note)
    last = [] if found.broken is None else [found.broken]
    shown = [*last, *found.open[::-1][: SHOWN - len(last)]]
    at = places_of(text, shown)
    said = [
        f"{SYMBOLS[word[place]]} at line {at[place][0]}, column {at[place][1]}" for place in shown
    ]
    if found.broken is not None:
        line = f"broken: {said[0]} " + (
            f"does not close {said[1]}" if found.open else "closes nothing"
        )
    elif found.open:
        more = len(found.open) - len(said)
        line = f"open: {'; '.join(said)}{f'; and {more:,} more' if more else ''}"
    else:
        line = "balanced"
    value = {
        "valid": line == "balanced",
        "length": len(word),
        "broken": dict(zip(("line", "column"), at[last[0]], strict=True)) if last else None,
        "open": None if last else len(found.open),
    }
    return MachineAnswer(lines=[line], value=value, steps={"symbols": len(word)})


STATE_JOBS = (
    *word_jobs(WORD_TASKS.values()),
    MachineJob(
        name="dyck",
        about=f"whether brackets of {KINDS} kinds are balanced, and the first error",
        kernels=("brackets",),
        run=_brackets,
        controllers={},
    ),
)
