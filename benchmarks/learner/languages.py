"""Languages drawn at random: sentences, outputs, and whether the learner's hypotheses hold them.

A language *inside* has a lexicon of the learner's own form: nouns, operators of all categories with
programs and binding levels, and perhaps words that denote themselves. A language *outside* has
none; `outside` has its families. A draw is a language with training rows and test rows of the same
distribution, and longer ones.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from abduce.symbolic.nsr import Lexicon
from abduce.symbolic.nsr.deduction.syntax import (
    JUXTAPOSITION,
    NULLARY,
    PARTNER,
    Category,
    Reach,
    Sign,
)
from abduce.symbolic.nsr.hypothesis import SELF_ENTRY, Entry, World
from abduce.symbolic.programs.typed.alphabet import Alphabet
from abduce.symbolic.programs.typed.terms import Term, concat, variable

Words = tuple[str, ...]
Pair = tuple[Words, Words]
Sampler = Callable[[Random, int], Pair]
"""A sentence and its output: random numbers and the greatest depth of the derivation."""
ROWS: Final = (20, 500)
TESTED: Final = 30
"""The number of test rows of the same distribution, and of longer ones."""
DEPTH: Final = 2
LONGER: Final = 4
MOST_TOKENS: Final = 200
SYLLABLES: Final = tuple(
    c + v + e for c in "bdfgklmnprstvz" for v in "aeiou" for e in ("", "k", "n", "x")
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A language with its rows.

    Attributes:
        family: `inside`, or which family outside.
    """

    family: str
    train: tuple[Pair, ...]
    test: tuple[Pair, ...]
    longer: tuple[Pair, ...]

    @property
    def inside(self) -> bool:
        return self.family == "inside"


def rows_of(family: str, sample: Sampler, rng: Random) -> Drawn:
    """Rows of a language: from 20 to 500 for training, all sizes of one scale alike."""
    rows = round(math.exp(rng.uniform(*map(math.log, ROWS))))
    train = tuple([sample(rng, DEPTH) for _ in range(rows)])
    longest = max(len(words) for words, _ in train)
    test = tuple([sample(rng, DEPTH) for _ in range(TESTED)])
    longer: list[Pair] = []
    for _ in range(40 * TESTED):
        pair = sample(rng, LONGER)
        if len(pair[0]) > longest and len(longer) < TESTED:
            longer.append(pair)
    return Drawn(family, train, test, tuple(longer))


def vocabulary(rng: Random, size: int) -> list[str]:
    """Different words."""
    return rng.sample(SYLLABLES, size)


def inside(rng: Random) -> Sampler:
    """A language with a lexicon of the learner's own form."""
    lexicon, nouns = _lexicon(rng)
    operators = [w for w, e in lexicon.entries.items() if e.sign.arity and w != JUXTAPOSITION]
    beside = JUXTAPOSITION in lexicon.entries

    def phrase(rng: Random, depth: int) -> list[str]:
        choices = [*operators, *([JUXTAPOSITION] if beside else [])]
        if depth == 0 or not choices or rng.random() < 0.15:
            return [rng.choice(nouns)]
        word = rng.choice(choices)
        sign = lexicon.entries[word].sign
        parts = [
            phrase(rng, depth - 1 if n == 0 or rng.random() < 0.5 else 0) for n in range(sign.arity)
        ]
        rng.shuffle(parts)
        return _joined(word, sign, parts)

    def sample(rng: Random, depth: int) -> Pair:
        while True:
            words = tuple(phrase(rng, rng.randint(0, depth)))
            value = lexicon.answer(words).value
            if value is not None and len(value) <= MOST_TOKENS:
                return words, value

    return sample


def _joined(word: str, sign: Sign, parts: list[list[str]]) -> list[str]:
    match sign.category:
        case Category.POSTFIX:
            return [*parts[0], word]
        case Category.INFIX:
            return [*parts[0], *([word] if word else []), *parts[1]]
        case Category.PREFIX:
            return [word, *parts[0]]
        case Category.MIXFIX:
            return [word, *parts[0], sign.partner, *parts[1]]
        case Category.CIRCUMFIX:
            return [word, *parts[0], sign.partner]
        case _:
            return [word]


CATEGORIES: Final = (
    Category.POSTFIX,
    Category.INFIX,
    Category.PREFIX,
    Category.MIXFIX,
    Category.CIRCUMFIX,
)


def _lexicon(rng: Random) -> tuple[Lexicon, list[str]]:
    count = rng.randint(3, 12)
    operators = rng.randint(1, 4)
    words = vocabulary(rng, count + 2 * operators)
    nouns, rest = words[:count], words[count:]
    levels = [10.0 * n for n in range(1, rng.randint(1, 3) + 1)]
    themselves = rng.random() < 0.25
    entries: dict[str, Entry] = {}
    tokens = [word.upper() for word in nouns]
    for noun, token in zip(nouns, tokens, strict=True):
        term: Term = ("token", token)
        if rng.random() < 0.05:
            term = ("nil",)
        entries[noun] = SELF_ENTRY if themselves else Entry(NULLARY, term)
    for word, partner in zip(rest[:operators], rest[operators:], strict=True):
        category = rng.choices(CATEGORIES, (4, 4, 3, 1, 1))[0]
        closed = category in (Category.MIXFIX, Category.CIRCUMFIX)
        reach = rng.choices((Reach.LEFT, Reach.RIGHT), (3, 1))[0]
        sided = category in (Category.INFIX, Category.PREFIX, Category.MIXFIX)
        sign = Sign(
            category,
            0.0 if category is Category.CIRCUMFIX else rng.choice(levels),
            reach if sided else Reach.LEFT,
            partner if closed else "",
        )
        entries[word] = Entry(sign, _program(rng, sign.arity, tokens, word))
        if closed:
            entries[partner] = Entry(PARTNER, ("nil",))
    if rng.random() < 0.5:
        order = [variable(0), variable(1)]
        if rng.random() < 0.3:
            order.reverse()
        entries[JUXTAPOSITION] = Entry(Sign(Category.INFIX, rng.choice(levels)), concat(order))
    known = frozenset(word for word in entries if word)
    world = World(Alphabet(), 1, dict.fromkeys(sorted(known), 1))
    return Lexicon(entries, False, (), known, 0.0, {}, world), nouns


def _program(rng: Random, arity: int, tokens: list[str], word: str) -> Term:
    """A concatenation of the arguments, or of parts of them, and perhaps constants."""
    if arity == 1 and rng.random() < 0.2:
        return rng.choice([("reverse", variable(0)), ("head", variable(0)), ("tail", variable(0))])
    parts = [variable(n) for n in range(arity)]
    rng.shuffle(parts)
    for _ in range(rng.randint(0 if arity == 2 else 1, 2)):
        extra: Term = variable(rng.randrange(arity))
        if rng.random() < 0.4:
            extra = ("token", f"{word.upper()}!")
        parts.insert(rng.randint(0, len(parts)), extra)
    return concat(parts)
