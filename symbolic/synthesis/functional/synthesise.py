"""The verb: a functional program from examples, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass

from abduce import clock
from abduce.symbolic.synthesis.functional.budget import FunctionalBudget
from abduce.symbolic.synthesis.functional.examples import FunctionalExample, check, type_of
from abduce.symbolic.synthesis.functional.functions import FunctionalProgram
from abduce.symbolic.synthesis.functional.primitives import Table
from abduce.symbolic.synthesis.functional.search import Fits, Rivals, Round
from abduce.symbolic.synthesis.functional.strings import STRINGS
from abduce.symbolic.synthesis.functional.types import Signature

MOST_WORKING = 12
"""The upper limit on the examples that programs are evaluated on."""


@dataclass(frozen=True, slots=True)
class FunctionFound:
    """A program that explains all examples.

    Attributes:
        program: the cheapest of those found.
        fits: all programs found that explain the examples, cheapest first.
        tried: the number of programs evaluated.
    """

    program: FunctionalProgram
    fits: tuple[FunctionalProgram, ...]
    tried: int


@dataclass(frozen=True, slots=True)
class NoFunction:
    """No program was found, and why the search ended."""

    reason: str
    tried: int


def synthesise_function(
    examples: Sequence[FunctionalExample],
    type: Signature | None = None,
    table: Table | None = None,
    budget: FunctionalBudget | None = None,
    *,
    seconds: float | None = None,
    cpu_seconds: float | None = None,
    rivals: Rivals | None = None,
) -> FunctionFound | NoFunction:
    """The cheapest program found that explains the examples.

    Args:
        type: the types of the arguments and the value. Without it, that of the examples.
        table: the primitives; those of integers, booleans, lists and strings by default.
        seconds, cpu_seconds: upper limits on the time, and on the CPU time of this thread. Without
            both, the search is deterministic.
        rivals: how dearer programs that fit are found too; by default they are not.

    Raises:
        InputError: examples are not of the type, or contradict each other, or no primitive gives
            the type.

    >>> examples = [FunctionalExample(((3, 1, 2),), (4, 2, 3)), FunctionalExample(((7,),), (8,))]
    >>> found = synthesise_function(examples)
    >>> print(found.program)
    map(a -> add(a, 1), x)
    """
    if not examples:
        check(examples, Signature((), ""))
    type = type_of(examples) if type is None else type
    check(examples, type)
    table = STRINGS if table is None else table
    budget = FunctionalBudget() if budget is None else budget
    deadline = None if seconds is None else clock.wall_s() + seconds
    cpu_deadline = None if cpu_seconds is None else clock.thread_cpu_s() + cpu_seconds

    def late() -> bool:
        spent = cpu_deadline is not None and clock.thread_cpu_s() > cpu_deadline
        return spent or clock.passed(deadline)

    distinct = list(dict.fromkeys(examples))
    fits = Fits(distinct, type, table, budget.fits)
    rivals = Rivals() if rivals is None else rivals
    working = list(range(min(len(distinct), budget.working)))
    tried = 0
    while True:
        round_ = Round(fits, working, budget, late, tried, rivals)
        round_.run()
        tried = round_.tried
        if round_.refused < 0 or len(working) >= MOST_WORKING or late():
            break
        working.append(round_.refused)
    if fits.programs:
        return FunctionFound(fits.programs[0], tuple(fits.programs), tried)
    reason = round_.reason or f"programs that fit {MOST_WORKING} examples fail on others"
    return NoFunction(reason, tried)
