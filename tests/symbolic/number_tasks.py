"""Sentences that denote natural numbers: arithmetic with brackets, and reverse Polish notation."""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from abduce.symbolic.nsr import Lexicon
from abduce.symbolic.nsr.config import CONFIG, Config
from abduce.symbolic.nsr.deduction.syntax import NULLARY, PARTNER, Category, Sign
from abduce.symbolic.nsr.hypothesis import Entry, World
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.terms import Term, numeral
from abduce.symbolic.synthesis.library import Library

Row = tuple[tuple[str, ...], tuple[str, ...]]
FUNCTIONS: Final[dict[str, Callable[[int, int], int]]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: max(0, x - y),
    "*": lambda x, y: x * y,
    "/": lambda x, y: -(-x // y),
}
LEVELS: Final = {"+": 10.0, "-": 10.0, "*": 20.0, "/": 20.0}
X, Y, S = ("variable", 0), ("variable", 1), ("state", 0)
PLUS: Final[Term] = ("iterate", Y, ("increment", S), X)
MINUS: Final[Term] = ("iterate", Y, ("decrement", S), X)
TIMES: Final[Term] = ("iterate", Y, ("iterate", X, ("increment", S), S), ("zero",))
TERMS: Final[dict[str, Term]] = {"+": PLUS, "-": MINUS, "*": TIMES}


def expression(
    rng: random.Random, size: int, operators: str, digits: Sequence[int], reverse: bool = False
) -> tuple[list[str], int, float]:
    """Words with so many operators, their value, and the level of the loosest operator.

    Raises:
        ZeroDivisionError: a number is divided by 0.
    """
    if size == 0:
        digit = rng.choice(digits)
        return [str(digit)], digit, 100.0
    before = rng.randrange(size)
    word = rng.choice(operators)
    one, x, left = expression(rng, before, operators, digits, reverse)
    two, y, right = expression(rng, size - 1 - before, operators, digits, reverse)
    level, value = LEVELS[word], FUNCTIONS[word](x, y)
    if reverse:
        return [*one, *two, word], value, level
    one = one if left >= level else ["(", *one, ")"]
    two = two if right > level else ["(", *two, ")"]
    return [*one, word, *two], value, level


def number_rows(
    seed: int,
    count: int,
    operators: str = "+-",
    digits: Sequence[int] = range(6),
    most: int = 3,
    *,
    reverse: bool = False,
    unseen: Sequence[int] = (),
) -> list[Row]:
    """So many different sentences of at most `most` operators, with values up to 900.

    Args:
        unseen: digits that are no sentence of their own.
    """
    rng = random.Random(seed)
    rows: dict[tuple[str, ...], tuple[str, ...]] = {}
    while len(rows) < count:
        try:
            words, value, _ = expression(rng, rng.randrange(most + 1), operators, digits, reverse)
        except ZeroDivisionError:
            continue
        if value <= 900 and words not in [[str(digit)] for digit in unseen]:
            rows[tuple(words)] = (str(value),)
    return list(rows.items())


def arithmetic(
    library: Library | None = None,
    config: Config = CONFIG,
    others: Mapping[str, Entry] | None = None,
) -> Lexicon:
    """A lexicon of the digits, brackets, and + - *, which was not learned."""
    entries = {str(n): Entry(NULLARY, numeral(n)) for n in range(10)}
    for word, term in TERMS.items():
        entries[word] = Entry(Sign(Category.INFIX, LEVELS[word]), term)
    entries |= {"(": Entry(Sign(Category.CIRCUMFIX, partner=")"), X)}
    entries |= {")": Entry(PARTNER, ("nil",)), **(others or {})}
    words = frozenset(entries)
    alphabet = Alphabet() if library is None else library.alphabet
    world = World(
        alphabet, 1, dict.fromkeys(sorted(words), 1), config, integers=True, library=library
    )
    return Lexicon(entries, False, (), words, 0.0, {}, world)
