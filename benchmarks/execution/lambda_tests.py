"""Test sets of the lambda reducer: terms of three families from 50 to 1,000,000 tokens.

Expected results come from the symbolic reducer, which shares nothing with the learned one: its step
(OBR, one-step beta reduction) and its normal form (MBR, multi-step). A term of MBR has a normal
form that the symbolic reducer finds within `LIMITS`; terms of at most 200 tokens are of the test
split. Up to 200 tokens general terms are uniform. Longer ones are grown, each size split at random
(OBR); or, since most of those have normal forms of astronomic size, uniform terms of 30 to 120
tokens under a random tree of applications whose functions are free variables (MBR).

Source: Flach, Moreira and Lamb 2023, Towards a Neural Lambda Calculus, section 4 (families, tasks).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from random import Random
from typing import Any, Literal

from abduce import clock
from abduce.benchmarks.records.score import TEST_SEED, Score
from abduce.neural.kernels.terms.reducing import proved_reducer
from abduce.symbolic.lambda_calculus import Limits, NormalForm, Term, normal_form
from abduce.symbolic.lambda_calculus.reduction.steps import contract, redex
from abduce.symbolic.lambda_calculus.terms.codes import APPLICATION, BOUND, ends, with_depths
from abduce.symbolic.lambda_calculus.terms.sampling import (
    FREE,
    Uniform,
    boolean_expression,
    grown,
)
from abduce.symbolic.lambda_calculus.terms.splits import split_of
from abduce.symbolic.machines.terms.machine import STEP, LambdaReducer
from abduce.symbolic.programs.definitions.beta import BETA
from abduce.symbolic.programs.step_tables import compiled_step

ReductionTask = Literal["OBR", "MBR"]
TASKS: tuple[ReductionTask, ...] = ("OBR", "MBR")
SHORT = 200
"""The upper limit on the tokens of general terms that are drawn uniformly."""
LIMITS = Limits(fuel=500_000, nodes=1_000_000)
PIECE = Limits(fuel=200, nodes=1000)
LARGEST = 5_000_000
"""The upper limit on the tokens that one step may paste; grown terms can have huge arguments, used
often."""
UNIT = "tokens of a term"
TOKENS_OF_OPERATOR = 14.4
"""The mean number of tokens per operator, with its share of the leaves."""


def cases(
    task: ReductionTask, family: str, tokens: int, seed: int, least: int = 0
) -> Iterator[tuple[Term, Term]]:
    """An endless sequence of different terms of a length, with their expected results.

    Args:
        tokens: the upper limit on the length up to `SHORT`; beyond it, the approximate length.
        least: the least number of tokens.
    """
    rng = Random(f"{task} {family} {tokens} {seed}")
    draw = _drawing(task, family, tokens, rng)
    seen: set[Term] = set()
    while True:
        term = draw()
        position = redex(term.codes, "normal")
        if (
            position is None
            or term.size < least
            or term in seen
            or _pasted(term, position) > LARGEST
        ):
            continue
        if tokens <= SHORT and not (term.size <= tokens and split_of(term) == "test"):
            continue
        seen.add(term)
        if task == "OBR":
            yield term, contract(term, position)
            continue
        found = normal_form(term, limits=LIMITS)
        if isinstance(found, NormalForm):
            yield term, found.term


@dataclass(frozen=True, slots=True)
class LambdaSize:
    """Terms of one size.

    Attributes:
        name: the name in records.
        inputs: how many.
    """

    name: str
    inputs: int
    task: ReductionTask
    tokens: int

    @property
    def n(self) -> int:
        """The number of tokens."""
        return self.tokens


def lambda_sizes(family: str) -> tuple[LambdaSize, ...]:
    """The tests of a family. Normal forms of longer open expressions are too large."""
    counts = {50: 500, 1000: 50, 10_000: 10, 100_000: 2, 1_000_000: 1}
    return tuple(
        LambdaSize(f"{task} {tokens}", inputs, task, tokens)
        for task in TASKS
        for tokens, inputs in counts.items()
        if task == "OBR" or family != "open-bool" or tokens <= 10_000
    )


def reducing(family: str, size: LambdaSize, kernels: Mapping[str, Any]) -> Iterator[Score]:
    """The score of each term; a step that is not among the kernels is compiled."""
    machine = proved_reducer({STEP: compiled_step(BETA), **kernels})
    for term, expected in islice(cases(size.task, family, size.tokens, TEST_SEED), size.inputs):
        start = clock.cpu_s()
        found, steps = reduced(machine, size.task, term)
        cpu_s = clock.cpu_s() - start
        yield Score(int(found == expected), 1, steps, cpu_s)


def reduced(machine: LambdaReducer, task: ReductionTask, term: Term) -> tuple[Term | None, int]:
    """The machine's result for a term, and the number of steps."""
    if task == "OBR":
        return machine.step(term), 1
    found = machine(term, fuel=10**9, nodes=10**8)
    return found.term, found.steps


def _pasted(term: Term, position: int) -> int:
    """How many tokens contracting a redex pastes."""
    codes = term.codes
    after = ends(codes)
    middle, end = after[position + 1], after[position]
    body = with_depths(codes[position + 2 : middle])
    return (end - middle) * sum(code == BOUND + depth for code, depth in body)


def _drawing(task: ReductionTask, family: str, tokens: int, rng: Random) -> Callable[[], Term]:
    if family == "general":
        if tokens <= SHORT:
            return lambda: uniform().draw(rng.randint(2, tokens), rng)
        if task == "OBR":
            return lambda: grown(tokens, rng, FREE)
        return lambda: _forest(tokens, rng)
    free = FREE if family == "open-bool" else ()
    mean = round(tokens / TOKENS_OF_OPERATOR)
    least = 1 if tokens <= SHORT else mean
    return lambda: boolean_expression(rng.randint(least, max(mean, 1)), rng, free)


@cache
def uniform() -> Uniform:
    """The uniform distribution over terms of at most `SHORT` tokens."""
    return Uniform(SHORT, FREE)


def _forest(tokens: int, rng: Random) -> Term:
    codes: list[int] = []
    pieces: list[Any] = []
    size = 0
    while size < tokens:
        pieces.append(_piece(rng))
        size += len(pieces[-1]) + 2
    todo = [(0, len(pieces))]
    while todo:
        first, last = todo.pop()
        if last - first == 1:
            codes += pieces[first]
            continue
        # a free variable applied to two parts
        codes += (APPLICATION, APPLICATION, ~rng.randrange(len(FREE)))
        middle = rng.randint(first + 1, last - 1)
        todo += ((middle, last), (first, middle))
    return Term.of(codes, FREE)


def _piece(rng: Random) -> list[int]:
    """A uniform term that has a normal form in few steps and of few nodes, without sharing too."""
    while True:
        term = uniform().draw(rng.randint(30, 120), rng)
        if isinstance(normal_form(term, limits=PIECE, engine="plain"), NormalForm):
            numbers = {~k: ~FREE.index(name) for k, name in enumerate(term.free)}
            return [numbers.get(code, code) for code in term.codes]
