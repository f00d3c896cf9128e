"""The verb: a program from examples, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass

from abduce import clock
from abduce.symbolic.programs.typed.primitives import INTEGER, LIST, Sort
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.terms import Prices, Term, numeral
from abduce.symbolic.programs.typed.typing import Signature
from abduce.symbolic.synthesis.budget import Budget, ProgramPrices
from abduce.symbolic.synthesis.enumeration.language import language
from abduce.symbolic.synthesis.examples import Example, check, merged, spread
from abduce.symbolic.synthesis.found import Candidate, Found
from abduce.symbolic.synthesis.library import Library
from abduce.symbolic.synthesis.rounds import MORE, Round
from abduce.symbolic.synthesis.techniques.covers import SURE
from abduce.symbolic.synthesis.working import MOST_WORKING, Task

MOST_TOKENS = 32
"""The upper limit on the constants that are tokens of outputs."""
MOST_OUTPUTS = 8
"""The upper limit on the numbers that are constants because several outputs have them."""


@dataclass(frozen=True, slots=True)
class Solved:
    """A program that explains all examples, or all but the noise that is allowed.

    Attributes:
        program: over the library's table.
        bits: its description length.
        unexplained: the weight of the examples that it does not explain.
        front: the programs for which no other one is as short and explains as much.
        tried: the number of programs evaluated.
    """

    program: Program
    bits: float
    unexplained: float
    front: tuple[Candidate, ...]
    tried: int


@dataclass(frozen=True, slots=True)
class GaveUp:
    """No program was found, and why the search ended."""

    reason: str
    tried: int


def synthesise(
    examples: Sequence[Example],
    type: Signature,
    library: Library | None = None,
    budget: Budget | None = None,
    *,
    seconds: float | None = None,
    prices: Prices | None = None,
) -> Solved | GaveUp:
    """The cheapest program found that explains the examples.

    Args:
        type: the sorts of the arguments and of the value.
        library: what programs may call; its table has the primitives.
        seconds: the upper limit on the time. Without it, the search is deterministic.
        prices: the bits of each part of a program.

    Raises:
        InputError: the examples are not of the type.

    >>> pairs = [Example((x, y), x + y) for x, y in [(0, 3), (2, 5), (7, 1), (9, 12)]]
    >>> found = synthesise(pairs, Signature(("integer", "integer"), "integer"))
    >>> assert isinstance(found, Solved)
    >>> print(found.program, found.bits)
    iterate(y, s + 1, x) 12.0
    """
    check(examples, type)
    library = Library() if library is None else library
    budget = Budget() if budget is None else budget
    prices = ProgramPrices() if prices is None else prices
    deadline = None if seconds is None else clock.wall_s() + seconds
    known = merged(examples)
    searched = language(type, library.table, prices, _constants(known, type, library, budget))
    return _searched(Task(known, type, library, budget, prices, searched, deadline))


def _searched(task: Task) -> Solved | GaveUp:
    """Rounds with one more working example each, until a round ends for any other reason."""
    budget = task.budget
    allowed = budget.noise * sum([example.weight for example in task.examples])
    found = Found(task.examples, task.library, task.prices, len(task.type.arguments), allowed)
    count = min(MOST_WORKING, 3 * budget.working) if task.noisy else budget.working
    working = spread(task.examples, count, budget.stepping)
    tried, first = 0, None
    while True:
        round_ = Round(task, working, found, tried, first)
        reason = round_.run()
        tried, first = round_.tried, round_.first
        if reason != MORE:
            break
        working = [*working, found.failed]
    best = found.best(budget.penalty if task.noisy else SURE)
    if best is None:
        return GaveUp(reason, tried)
    return Solved(best.program, best.bits, best.unexplained, tuple(found.front), tried)


def _constants(
    examples: Sequence[Example], type: Signature, library: Library, budget: Budget
) -> list[tuple[Sort, Term]]:
    """Numbers and tokens that are leaves: small ones, and what outputs hold."""
    found: list[tuple[Sort, Term]] = []
    if INTEGER in (*type.arguments, type.result):
        values = [e.value for e in examples if isinstance(e.value, int)]
        least = 1 if len(set(values)) <= MOST_OUTPUTS // 2 else 2
        often = [v for v in dict.fromkeys(values) if values.count(v) >= least]
        often = sorted(often, key=lambda v: (-values.count(v), v))[:MOST_OUTPUTS]
        numbers = sorted({*range(budget.constants + 1), *often})
        found += [(INTEGER, numeral(n)) for n in numbers if n > 2]
    if type.result == LIST:
        text = "".join([e.value for e in examples if isinstance(e.value, str)])
        tokens = sorted(dict.fromkeys(text), key=lambda c: (-text.count(c), c))[:MOST_TOKENS]
        found += [(LIST, ("token", library.alphabet.decode(c)[0])) for c in tokens]
    return found
