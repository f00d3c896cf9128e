"""What parts of the learner find for numbers, by task: for each a function of a configuration."""

import random
from collections.abc import Callable, Mapping
from typing import Any, Final

from abduce.symbolic.nsr import learn
from abduce.symbolic.nsr.abduction.integers import Instance, induce_integers
from abduce.symbolic.nsr.abduction.meanings import propose
from abduce.symbolic.nsr.abduction.trying import tried
from abduce.symbolic.nsr.config import Config
from abduce.symbolic.nsr.hypothesis import Example, Hypothesis, Workbench, World, unhurried
from abduce.symbolic.nsr.learning.proposing import How, Proposer
from abduce.symbolic.nsr.learning.run import Run
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.synthesis.proving.replacing import natively
from tests.symbolic.number_tasks import arithmetic, number_rows
from tests.symbolic.synthesis.number_programs import library

FUNCTIONS: Final[Mapping[str, Callable[[int, int], int]]] = {
    "plus": lambda x, y: x + y,
    "minus": lambda x, y: max(0, x - y),
    "times": lambda x, y: x * y,
    "plus7": lambda x, y: x + 7 * y,
    "square": lambda x, y: x * x + y,
    "thirds": lambda x, y: x + y if (x + y) % 3 else 0,
    "next": lambda x, y: y + 1 if x else 1,
    "long": lambda x, y: (x + 1) * max(0, y - x) * (max(0, y - x) + 1),
}
SMALL: Final = ("next", "long")
"""Functions of arguments up to 8."""


def pairs(name: str, count: int, wrong: int = 0) -> list[Instance]:
    """Different pairs of arguments with their value, some of them wrong."""
    rng = random.Random(name)
    drawn = [(rng.randrange(20), rng.randrange(1, 20)) for _ in range(count)]
    if name in SMALL:
        drawn = [(x % 9, y % 9) for x, y in drawn]
    found = list(dict.fromkeys([((x, y), FUNCTIONS[name](x, y)) for x, y in drawn]))
    for place in range(wrong):
        found[3 * place] = (found[3 * place][0], rng.randrange(60))
    return [*found]


def induced(given: list[Instance], *, hard: bool = False, calls: tuple[str, ...] = ()) -> Any:
    def outcome(config: Config) -> Any:
        known = natively(library(*calls)) if calls else None
        world = World(Alphabet(), 1, {}, config, integers=True, library=known)
        world.hard = hard
        return [(fitted, term) for fitted, _, term in induce_integers(world, given, unhurried)]

    return outcome


def known_but(
    config: Config, words: str, rows: list[tuple[str, int]]
) -> tuple[World, list[Example], Hypothesis]:
    """Arithmetic without these words, and the rows that have the first of them."""
    lexicon = arithmetic(config=config)
    world = lexicon.world
    examples = [world.example(sentence.split(), n) for sentence, n in rows if words[0] in sentence]
    entries = {w: e for w, e in lexicon.entries.items() if w not in words.split()}
    return world, examples, Workbench(world, examples).hypothesis(entries, False)


def proposed(rows: list[tuple[str, int]]) -> Any:
    def outcome(config: Config) -> Any:
        world, examples, base = known_but(config, "+", rows)
        return [(p.changes, p.support) for p in propose(world, base, "+", examples)]

    return outcome


def simple(config: Config) -> Any:
    """Programs tried for a word that is applied to its own value."""
    rows = [("2 next next", 4), ("3 next next next", 6), ("7 next next", 9)]
    world, examples, base = known_but(config, "next", rows)
    return [(p.changes, p.support) for p in tried(world, base, "next", examples, unhurried)]


def guessed(config: Config) -> Any:
    """An operator that is learned around a number that is guessed."""
    rows = [("3 + 1", 4), ("3 + 2", 5), ("4 + 3", 7), ("3 + 5", 8)]
    world, examples, base = known_but(config, "3 +", rows)
    lone = [world.example((digit,), int(digit)) for digit in "012"]
    proposer = Proposer(Run(world, [*lone, *examples]))
    found = proposer.with_values(base, "3", "+", how=How(guess=True))
    return [sorted(h.entries.items()) for h in found]


def whole(config: Config) -> Any:
    lexicon = learn(number_rows(0, 40, "+*", range(4), 2, reverse=True), config)
    return sorted(lexicon.entries.items())


def rows(count: int, operators: str, most: int) -> list[tuple[str, int]]:
    """Sums and differences, the shortest first."""
    drawn = number_rows(1, count, operators, range(9), most)
    found = [(" ".join(words), int(n)) for words, (n,) in drawn]
    return sorted(found, key=lambda row: (len(row[0]), row))


OUTCOMES: Final[Mapping[str, Callable[[Config], Any]]] = {
    "8 sums, 2 wrong": induced(pairs("plus", 8, 2)),
    "40 sums": induced(pairs("plus", 40)),
    "40 sums, 2 wrong": induced(pairs("plus", 40, 2)),
    "8 differences": induced(pairs("minus", 8)),
    "8 of plus7": induced(pairs("plus7", 8)),
    "16 squares, 2 wrong": induced(pairs("square", 16, 2)),
    "16 of thirds": induced(pairs("thirds", 16)),
    "turns": induced([((x,), (1, 2, 3, 0)[x]) for x in range(4)]),
    "called": induced(pairs("times", 10), calls=("plus",)),
    "next": induced(pairs("next", 24), calls=("times",)),
    "long": induced(pairs("long", 24), hard=True, calls=("times",)),
    "proposed": proposed(rows(30, "+-", 3)),
    "many": proposed(rows(60, "+", 1)),
    "first": proposed([("( 1 + 1 ) * 0", 5), *rows(30, "+-", 3)[:12]]),
    "simple": simple,
    "guessed": guessed,
    "whole": whole,
}
