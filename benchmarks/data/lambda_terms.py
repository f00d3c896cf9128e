"""Data sets of lambda terms with their next step and their normal form, as JSON lines.

A term belongs to one split by the hash of its tokens, whatever the seed: no term of a test set is
in a training set. Lengths are a split of their own: ask for other numbers of tokens.

Source: Flach, Moreira and Lamb 2023, Towards a Neural Lambda Calculus, section 4 (the families, and
the tasks: one-step and multi-step beta reduction, in normal order). Deviation: general terms are
drawn uniformly among those of a size.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from abduce.errors import InputError
from abduce.symbolic.lambda_calculus import Limits, NormalForm, Term, normal_form, tokens
from abduce.symbolic.lambda_calculus.reduction.steps import contract, redex
from abduce.symbolic.lambda_calculus.terms.sampling import Family, drawing
from abduce.symbolic.lambda_calculus.terms.splits import Split, split_of

MOST_IN_VAIN = 10_000
"""The number of consecutive draws without a new term after which the family counts as exhausted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The request for a sample of terms.

    Attributes:
        shortest: the least number of tokens of a term; `longest`, the greatest.
        fuel: terms that take more beta steps are left out; and those whose normal form has more
            than `largest` tokens.
    """

    family: Family
    split: Split
    count: int
    seed: int = 0
    shortest: int = 2
    longest: int = 50
    fuel: int = 1000
    largest: int = 10_000


def samples(wanted: Sample) -> Iterator[str]:
    """The lines: family, split, term, its next step and its normal form (as tokens, a blank between
    two), and how many beta steps lead there with sharing. No term twice, and none without a redex.

    Raises:
        InputError: the lengths are impossible, or too few terms have them (after the last line).

    >>> line = next(samples(Sample(family="closed-bool", split="train", count=1)))
    >>> sorted(json.loads(line))
    ['beta', 'family', 'normal', 'split', 'step', 'term']
    """
    if not 1 <= wanted.shortest <= wanted.longest:
        raise InputError(
            f"terms of {wanted.shortest} to {wanted.longest} tokens", ("a range, from 1 on",)
        )
    rng = Random(f"{wanted.family} {wanted.split} {wanted.seed}")
    draw = drawing(wanted.family, wanted.shortest, wanted.longest, rng)
    limits = Limits(fuel=wanted.fuel, nodes=wanted.largest)
    seen: set[Term] = set()
    in_vain = 0
    while len(seen) < wanted.count:
        in_vain += 1
        if in_vain > MOST_IN_VAIN:
            raise InputError(
                f"{len(seen):,} different terms, and none in {MOST_IN_VAIN:,} more draws",
                (f"{wanted.count:,}",),
                advice="There may be no more of these lengths: ask for fewer, or for longer ones.",
            )
        term = draw()
        if not wanted.shortest <= term.size <= wanted.longest or term in seen:
            continue
        position = redex(term.codes, "normal")
        if position is None or split_of(term) != wanted.split:
            continue
        found = normal_form(term, engine="plain", limits=limits)
        if isinstance(found, NormalForm):
            seen.add(term)
            in_vain = 0
            yield json.dumps(
                {
                    "family": wanted.family,
                    "split": wanted.split,
                    "term": " ".join(tokens(term)),
                    "step": " ".join(tokens(contract(term, position))),
                    "normal": " ".join(tokens(found.term)),
                    "beta": found.beta,
                }
            )
