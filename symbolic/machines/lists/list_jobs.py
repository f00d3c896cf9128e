"""Jobs on lists of numbers: one for each row of `LIST_ALGORITHMS`, and arithmetic."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any

import numpy as np

from abduce.errors import InputError
from abduce.symbolic.machines.jobs import (
    Kernels,
    MachineAnswer,
    MachineJob,
    NoOptions,
    RunContext,
    option,
)
from abduce.symbolic.machines.lists.arithmetic import MOST, Arithmetic
from abduce.symbolic.machines.lists.list_algorithms import place_of, sorted_by
from abduce.symbolic.machines.lists.lists import ListMachine
from abduce.symbolic.machines.lists.numbers import (
    Numbers,
    digits,
    read_items,
    read_numbers,
    read_whole,
    scaled,
)
from abduce.symbolic.machines.lists.sorting import METHODS
from abduce.symbolic.programs.definitions.list_rules import (
    LIST_ALGORITHMS,
    ORDER,
    PLACE,
    RANK,
    WANTED,
    ListAlgorithm,
)

COMPARE = ("compare",)
SIGNS: Mapping[str, re.Pattern[str]] = {
    "add": re.compile(r"(?<=[\d.])[ \t]*\+[ \t]*(?=[-\d.])"),
    "subtract": re.compile(r"(?<=[\d.])([ \t]+[-\u2212][ \t]+|[-\u2212])(?=[-\d.])"),
    "multiply": re.compile(r"(?<=[\d.])[ \t]*[*\u00d7\u22c5][ \t]*(?=[-\d.])"),
}
"""The sign of an operation between two numbers. A minus with a blank on its left side only is the
sign of a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankOptions:
    """The rank of the number that is selected."""

    rank: int | None = option("The rank to find; 1 is the smallest. Default: the median.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FindOptions:
    """The number that is searched for."""

    find: str | None = option("The number to find.", metavar="NUMBER")


def sort_job(algorithms: Iterable[ListAlgorithm]) -> MachineJob:
    """The job `sort`, whose methods are written by hand, or are programs asked for the order."""
    programs = {each.name: each for each in algorithms if each.asked == ORDER}
    return MachineJob(
        name="sort",
        about="numbers of any size in ascending order, or words in the order of their characters",
        argument="ITEMS",
        many=True,
        kernels=COMPARE,
        run=partial(_sort, programs),
        methods=tuple(dict.fromkeys((*METHODS, *programs))),
        own={name: method.kernels for name, method in METHODS.items() if method.kernels},
        controllers={name: program.kernel for name, program in programs.items()},
    )


def list_job(algorithm: ListAlgorithm) -> MachineJob:
    """The job of a list algorithm that is asked for one place."""
    options, run = _ASKED[algorithm.asked]
    return MachineJob(
        name=algorithm.name,
        about=algorithm.about,
        argument="NUMBERS",
        many=True,
        kernels=COMPARE,
        run=partial(run, algorithm),
        options=options,
        controllers={"": algorithm.kernel},
    )


def _sort(
    programs: Mapping[str, ListAlgorithm],
    text: str,
    kernels: Kernels,
    _: NoOptions,
    context: RunContext,
) -> MachineAnswer:
    numbers = read_items(text, context.path)
    if not numbers.texts:
        return MachineAnswer(lines=[], value=[], steps={"pairs compared": 0})
    order, steps = sorted_by(context.method, programs, numbers.values, kernels, context.note)
    texts = [numbers.texts[place] for place in order.tolist()]
    return MachineAnswer(lines=texts, value=texts, steps=steps)


def _some(text: str, context: RunContext) -> Numbers:
    numbers = read_numbers(text, context.path)
    if not numbers.texts:
        raise InputError("no numbers", ("one number or more",), context.path)
    return numbers


def _machine(values: tuple[int, ...], kernels: Kernels, context: RunContext) -> ListMachine:
    return ListMachine(values, kernels["compare"], note=context.note)


def _place(
    algorithm: ListAlgorithm, text: str, kernels: Kernels, _: NoOptions, context: RunContext
) -> MachineAnswer:
    numbers = _some(text, context)
    place, steps = place_of(algorithm, _machine(numbers.values, kernels, context), kernels)
    found = numbers.texts[place]
    return MachineAnswer(lines=[found], value={"value": found, "place": place}, steps=steps)


def _rank(
    algorithm: ListAlgorithm,
    text: str,
    kernels: Kernels,
    options: RankOptions,
    context: RunContext,
) -> MachineAnswer:
    numbers = _some(text, context)
    rank = options.rank if options.rank is not None else (len(numbers) + 1) // 2
    if not 1 <= rank <= len(numbers):
        raise InputError(f"rank {rank}", (f"1 to {len(numbers)}",), context.path)
    machine = _machine(numbers.values, kernels, context)
    place, steps = place_of(algorithm, machine, kernels, t=rank - 1)
    found = numbers.texts[place]
    value = {"value": found, "place": place, "rank": rank}
    return MachineAnswer(lines=[found], value=value, steps=steps)


def _wanted(
    algorithm: ListAlgorithm,
    text: str,
    kernels: Kernels,
    options: FindOptions,
    context: RunContext,
) -> MachineAnswer:
    if options.find is None:
        raise InputError("no number to search for", ("--find NUMBER",))
    values = _with(read_numbers(text, context.path), options.find)
    wanted = len(values) - 1
    machine = _machine(values, kernels, context)
    if wanted and not machine.is_sorted(np.arange(wanted)):
        advice = "Sort them first: abduce execute sort"
        raise InputError("numbers out of order", ("sorted numbers",), context.path, advice=advice)
    place, steps = place_of(algorithm, machine, kernels, length=wanted, t=wanted)
    found = place < wanted and not machine.less(wanted, place)
    return MachineAnswer(
        lines=[f"{'found at' if found else 'not found; it would go to'} place {place}"],
        value={"found": found, "place": place},
        steps=steps,
    )


def _with(numbers: Numbers, text: str) -> tuple[int, ...]:
    """The values of numbers and, at their end, of one more, in one unit.

    Raises:
        InputError: the text is not one number.
    """
    one = read_numbers(text, "--find")
    if len(one) != 1:
        raise InputError(f"{len(one)} numbers", ("one number",), "--find")
    both = [(value, -part.places) for part in (numbers, one) for value in part.values]
    return scaled(both, "--find")[0]


def _calculate(
    operation: str, text: str, kernels: Kernels, _: NoOptions, context: RunContext
) -> MachineAnswer:
    values = read_whole(_without_sign(operation, text), context.path)
    step: Callable[[int, int], int] = getattr(Arithmetic(kernels), operation)

    def told(a: int, b: int) -> int:
        try:
            result = step(a, b)
        except ValueError as error:
            expected = (f"at most {MOST:,} pairs of bytes",)
            raise InputError(str(error), expected, context.path) from error
        if context.note is not None:
            context.note(f"{operation:<9}{digits(a)} {digits(b)} -> {digits(result)}")
        return result

    result = digits(reduce(told, values))
    return MachineAnswer(lines=[result], value=result, steps={operation: len(values) - 1})


def _without_sign(operation: str, text: str) -> str:
    """The text with blanks in place of the operation's own sign between two numbers.

    >>> _without_sign("add", "12 + 30"), _without_sign("subtract", "12-3 -4")
    ('12   30', '12 3 -4')
    """
    return SIGNS[operation].sub(lambda found: " " * len(found[0]), text)


def _increment(text: str, kernels: Kernels, _: NoOptions, context: RunContext) -> MachineAnswer:
    values = read_whole(text, context.path)
    arithmetic = Arithmetic(kernels)
    texts = [digits(arithmetic.increment(value)) for value in values]
    return MachineAnswer(lines=texts, value=texts, steps={"increment": len(values)})


_ASKED: Mapping[str, tuple[type[Any], Callable[..., MachineAnswer]]] = {
    PLACE: (NoOptions, _place),
    RANK: (RankOptions, _rank),
    WANTED: (FindOptions, _wanted),
}
LIST_JOBS = (
    sort_job(LIST_ALGORITHMS.values()),
    *(list_job(row) for row in LIST_ALGORITHMS.values() if row.asked in _ASKED),
    *(
        MachineJob(
            name=name,
            about=about,
            kernels=kernels,
            run=partial(_calculate, name),
            controllers={},
            argument="NUMBERS",
            many=True,
        )
        for name, about, kernels in (
            ("add", "the sum of whole numbers", ("add",)),
            ("subtract", "the first whole number minus the others", ("subtract",)),
            ("multiply", "the product of whole numbers", ("add", "multiply-step")),
        )
    ),
    MachineJob(
        name="increment",
        about="each whole number plus one",
        kernels=("increment",),
        run=_increment,
        controllers={},
        argument="NUMBERS",
        many=True,
    ),
)
