"""Programs over integers for a word, found by the engine of `symbolic/synthesis`.

The signs of a word read long sentences differently, but short ones give all signs the same pairs of
arguments and value. So programs are sought for the first pairs only, which most signs share. What
is found is tried on all pairs of a sign. So the engine is asked few questions.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from abduce import clock
from abduce.symbolic.nsr.hypothesis import Look, World
from abduce.symbolic.programs.typed.primitives import INTEGER, Value
from abduce.symbolic.programs.typed.running import TooLargeError
from abduce.symbolic.programs.typed.terms import Term
from abduce.symbolic.programs.typed.typing import Signature
from abduce.symbolic.synthesis.budget import Budget
from abduce.symbolic.synthesis.examples import LARGEST, Example
from abduce.symbolic.synthesis.synthesise import Solved, synthesise

Instance = tuple[tuple[Value, ...], Value]


def induce_integers(
    world: World, pairs: Sequence[Instance], look: Look
) -> list[tuple[int, float, Term]]:
    """Programs that fit most pairs, as (pairs fitted, bits, term), the best first."""
    weights = Counter(pairs)
    arity = len(pairs[0][0])
    ranked: dict[Term, tuple[int, float, Term]] = {}
    for term in _candidates(world, list(weights), arity, ranked, look):
        if term not in ranked:
            function = world.function(term, arity)
            fitted = sum(n for pair, n in weights.items() if _gives(function, pair))
            ranked[term] = fitted, world.term_bits(term), term
    config = world.config
    least = config.integers.agreeing * weights.total()
    good = [row for row in ranked.values() if row[0] >= least]
    good.sort(key=lambda row: row[1] - config.abduction.pair_bits * row[0])
    return good[: config.abduction.programs]


def _candidates(
    world: World,
    pairs: Sequence[Instance],
    arity: int,
    ranked: dict[Term, tuple[int, float, Term]],
    look: Look,
) -> Iterator[Term]:
    """Programs that were found before, and those of the first pairs."""
    found = world.induced.setdefault(("programs", arity), [])
    yield from found
    if any(row[0] == len(pairs) for row in ranked.values()):
        return
    look()
    config = world.config.integers
    first = pairs[: config.first]
    fitted, held_out = first, []
    if len(first) >= config.enough:
        fitted = [pair for number, pair in enumerate(first) if number % 3 < 2]
        held_out = [pair for number, pair in enumerate(first) if number % 3 == 2]
    for term in _synthesised(world, tuple(fitted), arity, look):
        function = world.function(term, arity)
        right = sum(_gives(function, pair) for pair in held_out)
        if world.lenient or right >= config.confirmed * len(held_out):
            if term not in found:
                found.append(term)
            yield term


def _synthesised(
    world: World, pairs: tuple[Instance, ...], arity: int, look: Look
) -> Sequence[Term]:
    """The shortest programs that give most of the pairs; none if none was found in the budget."""
    config, library = world.config.integers, world.numbers.library
    programs = config.candidates * (config.harder if world.hard else 1)
    key = (programs, len(library), pairs)
    if key not in world.induced:
        examples = [
            Example(arguments, value)
            for arguments, value in pairs
            if all(isinstance(v, int) and v <= LARGEST for v in (*arguments, value))
        ]
        if not examples:
            return ()
        budget = Budget(
            programs=programs,
            bits=max(config.least_bits, config.bits_a_pair * len(examples)),
            noise=config.noise,
            patience=config.patience,
            penalty=world.config.abduction.pair_bits,
        )
        signature = Signature((INTEGER,) * arity, INTEGER)
        left = None if world.deadline is None else max(0.0, world.deadline - clock.wall_s())
        found = synthesise(examples, signature, library, budget, seconds=left, prices=world.priors)
        look()  # what was found until the deadline is not what the budget would have found
        front = found.front if isinstance(found, Solved) else ()
        terms = [world.numbers.written_out(each.program.term, arity) for each in front]
        world.induced[key] = list(dict.fromkeys(terms))
    return world.induced[key]


def _gives(function: Callable[..., Value], pair: Instance) -> bool:
    arguments, value = pair
    try:
        return function(*arguments) == value
    except TooLargeError:
        return False
