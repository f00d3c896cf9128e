"""Simple programs of numbers, tried one by one on the sentences of a word.

A word that stands several times in a sentence is not told by its values: each of its uses is the
argument of another. So all cheap programs are tried there, in every sign that the word could have.
"""

from collections.abc import Sequence

from abduce.symbolic.nsr.abduction.meanings import Proposal, possible_signs, unusual_signs
from abduce.symbolic.nsr.deduction.syntax import Meaning, Reading, Step, evaluate, parse
from abduce.symbolic.nsr.hypothesis import Entry, Example, Hypothesis, Look, World
from abduce.symbolic.programs.typed.primitives import Value
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import TooLargeError, compiled
from abduce.symbolic.synthesis.cheapest import cheapest
from abduce.symbolic.synthesis.library import Library


def tried(
    world: World,
    base: Hypothesis,
    word: str,
    examples: Sequence[Example],
    look: Look,
    library: Library | None = None,
) -> list[Proposal]:
    """Entries for a word that the base lexicon lacks, which explain most of its sentences first.

    Only operators of one or two operands without a partner are tried, in a world of numbers.

    Args:
        library: what programs may call; None for all that was learned until now.
    """
    config, priors = world.config.integers, world.priors
    library = world.numbers.library if library is None else library
    most = config.tried, config.tried_bits
    known = base.readings.keys() | {word}
    usable = [e for e in examples if e.vocabulary <= known]
    programs = {
        arity: [
            (term, compiled(Program(term, arity, world.table), world.alphabet))
            for term in cheapest(arity, library, priors, *most)
        ]
        for arity in (1, 2)
    }
    seen: set[tuple] = set()
    found: list[Proposal] = []
    for sign in [*possible_signs(base, word, ()), *unusual_signs(base, word)]:
        readings = {**base.readings, word: Reading.of(sign, _hole)}
        codes = [parse(example.words, readings) for example in usable]
        shape = tuple([code and tuple([(n, i) for n, _, i in code]) for code in codes])
        if shape in seen:
            continue
        seen.add(shape)
        cost = world.sign_bits(sign, base.tally.levels)
        least = 1
        for term, function in programs[sign.arity]:
            look()
            fitted = _fitted(codes, usable, function, least)
            if fitted >= least:
                least = fitted
                total = cost + world.term_bits(term)
                found.append(Proposal({word: Entry(sign, term)}, fitted, total))
    pair_bits = world.config.abduction.pair_bits
    found.sort(key=lambda p: p.cost - pair_bits * p.support)
    return found[: world.config.search.candidates]


def _hole(*_: Value) -> Value:
    """Stands for the program that is tried; found again in the code by identity."""
    raise AssertionError


def _fitted(
    codes: Sequence[list[Step] | None], examples: Sequence[Example], function: Meaning, least: int
) -> int:
    """How many sentences have their target with this meaning; -1 where fewer than `least` have."""
    spare = len(codes) - least
    for code, example in zip(codes, examples, strict=True):
        right = False
        if code is not None:
            filled = [(n, function if m is _hole else m, i) for n, m, i in code]
            try:
                right = evaluate(filled) == example.target
            except TooLargeError:
                right = False
        spare -= not right
        if spare < 0:
            return -1
    return least + spare
