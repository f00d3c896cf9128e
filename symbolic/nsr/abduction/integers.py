"""Programs over integers for a word: the engine of `symbolic/synthesis`, asked as seldom as possible.

Signs of one word differ in how long sentences are read; short ones give all of them the same pairs
of arguments and value. So programs are sought for the first pairs alone, which most signs share, and
what is found is tried on all pairs of a sign.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from abduce.symbolic.nsr.hypothesis import Look, World
from abduce.symbolic.programs.typed.primitives import INTEGER, Value
from abduce.symbolic.programs.typed.program import Program
from abduce.symbolic.programs.typed.running import TooLargeError, compiled
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
    """Programs that were found before, and those of the first pairs and of these with failures."""
    found = world.induced.setdefault(("programs", arity), [])
    yield from found
    if any(row[0] == len(pairs) for row in ranked.values()):
        return
    look()
    term = _synthesised(world, tuple(pairs[: world.config.integers.first]), arity)
    if term is not None:
        term = world.written_out(term, arity)
        if term not in found:
            found.append(term)
        yield term


def _synthesised(world: World, pairs: tuple[Instance, ...], arity: int) -> Term | None:
    """The cheapest program of the pairs, or None where none was found in the budget."""
    config = world.config.integers
    programs = config.candidates * (config.harder if world.hard else 1)
    key = (programs, len(world.library), pairs)
    if key not in world.induced:
        votes: dict[tuple[Value, ...], Counter[Value]] = {}
        for arguments, value in pairs:
            votes.setdefault(arguments, Counter())[value] += 1
        examples = [
            Example(arguments, value, float(count))
            for arguments, values in votes.items()
            for value, count in values.most_common(1)
            if max(*arguments, value) <= LARGEST
        ]
        signature = Signature((INTEGER,) * arity, INTEGER)
        budget = Budget(programs=programs, bits=config.bits_a_pair * len(examples))
        found = synthesise(examples, signature, world.library, budget, prices=world.priors)
        world.induced[key] = found.program.term if isinstance(found, Solved) else None
    return world.induced[key]


def _gives(function: Callable[..., Value], pair: Instance) -> bool:
    arguments, value = pair
    try:
        return function(*arguments) == value
    except TooLargeError:
        return False
