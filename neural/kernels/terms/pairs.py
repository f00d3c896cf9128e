"""Examples of a step: random terms of at most 50 tokens and what one step makes of them.

Nothing that happens between a term and its result is shown: no redex, no substitution, no shift.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from abduce.neural.kernels.config import StepConfig
from abduce.symbolic.lambda_calculus.reduction.steps import contract, redex
from abduce.symbolic.lambda_calculus.terms.sampling import (
    FREE,
    Family,
    Uniform,
    boolean_expression,
    drawing,
)
from abduce.symbolic.lambda_calculus.terms.splits import Split, split_of
from abduce.symbolic.lambda_calculus.terms.terms import Term


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Prefix codes of a term, and of the term after one step; free variables keep their codes."""

    before: tuple[int, ...]
    after: tuple[int, ...]


def pairs(config: StepConfig, generator: np.random.Generator) -> list[Pair]:
    """Different terms of the training split, all with a redex: uniform ones, closed boolean
    expressions and open ones."""
    rng = random.Random(int(generator.integers(2**32)))
    uniform = Uniform(config.short, FREE)
    wanted = (
        (config.general, lambda: uniform.draw(rng.randint(3, config.short), rng)),
        (config.boolean, lambda: boolean_expression(rng.randint(1, 3), rng)),
        (config.boolean, lambda: boolean_expression(rng.randint(1, 4), rng, FREE)),
    )
    found: dict[Term, Pair] = {}
    for count, draw in wanted:
        goal = len(found) + count
        while len(found) < goal:
            term = draw()
            if term.size > config.longest or term in found or split_of(term) != "train":
                continue
            position = redex(term.codes, "normal")
            if position is not None:
                found[term] = Pair(tuple(term.codes), _renumbered(contract(term, position), term))
    return list(found.values())


def steps_of(
    family: Family, split: Split, shortest: int, longest: int, rng: random.Random
) -> Iterator[tuple[Term, Term]]:
    """An endless sequence of random terms of a family and split, each with the term after it; terms
    may repeat."""
    draw = drawing(family, shortest, longest, rng)
    while True:
        term = draw()
        if not shortest <= term.size <= longest or split_of(term) != split:
            continue
        position = redex(term.codes, "normal")
        if position is not None:
            yield term, contract(term, position)


def _renumbered(after: Term, before: Term) -> tuple[int, ...]:
    """The code of a term whose free variables have the numbers that they had before."""
    numbers = {~new: ~before.free.index(name) for new, name in enumerate(after.free)}
    return tuple([numbers.get(code, code) for code in after.codes])
