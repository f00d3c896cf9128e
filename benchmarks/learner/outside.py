"""Families of languages that a lexicon of lists and of the usual categories does not describe.

The learner has learned to describe `polish` and `arithmetic` since. They stay, so that a random
seed keeps its language.

polish       two operands after their operator
ternary      operators with three operands
tally        a count that is taken from an argument
agreement    the token of a noun depends on the word before it
noise        some training outputs are wrong; the rest is a language inside
arithmetic   integers that are calculated
irregular    some phrases have an output of their own; the rest is a language inside
endings      what the last word of a sentence denotes depends on how long the sentence is
"""

from collections.abc import Callable, Mapping
from itertools import pairwise
from random import Random
from types import MappingProxyType
from typing import Final

from abduce.benchmarks.learner.languages import (
    Drawn,
    Pair,
    Sampler,
    inside,
    rows_of,
    vocabulary,
)


def polish(rng: Random) -> Sampler:
    """Two operands after their operator, written with brackets."""
    names, operators = vocabulary(rng, 6), ["+", "*", "-"][: rng.randint(1, 3)]

    def sample(rng: Random, depth: int) -> Pair:
        if depth == 0 or rng.random() < 0.2:
            name = rng.choice(names)
            return (name,), (name,)
        sign = rng.choice(operators)
        (one, first), (two, second) = sample(rng, depth - 1), sample(rng, depth - 1)
        return (sign, *one, *two), ("(", *first, sign, *second, ")")

    return sample


def ternary(rng: Random) -> Sampler:
    """Three operands between keywords, in an order of the language's own."""
    names = vocabulary(rng, 5)
    order = rng.sample(range(3), 3)

    def sample(rng: Random, depth: int) -> Pair:
        if depth == 0 or rng.random() < 0.25:
            name = rng.choice(names)
            return (name,), (name.upper(),)
        parts = [sample(rng, depth - 1 if rng.random() < 0.5 else 0) for _ in range(3)]
        words = [
            word
            for key, part in zip(("if", "then", "else"), parts, strict=True)
            for word in (key, *part[0])
        ]
        return (*words, "end"), ("ite", *(t for n in order for t in parts[n][1]))

    return sample


def tally(rng: Random) -> Sampler:
    """Digits and units: as many tokens of the unit as the digit says."""
    digits = {word: n for n, word in enumerate(vocabulary(rng, 6), 1)}
    units = {"bai": "C", "shi": "X"}

    def sample(rng: Random, depth: int) -> Pair:
        words: list[str] = []
        tokens: list[str] = []
        for unit, token in (*units.items(), ("", "I")):
            if rng.random() < 0.4 + 0.15 * depth:
                digit = rng.choice(list(digits))
                words += [digit, unit] if unit else [digit]
                tokens += [token] * digits[digit]
        return (tuple(words), tuple(tokens)) if words else sample(rng, depth)

    return sample


def agreement(rng: Random) -> Sampler:
    """The token of a noun is marked by the class of the noun before it."""
    nouns = vocabulary(rng, 8)
    kinds = {noun: rng.choice("ab") for noun in nouns}

    def sample(rng: Random, depth: int) -> Pair:
        words = [rng.choice(nouns) for _ in range(rng.randint(1, 2 * depth + 1))]
        tokens = [words[0].upper()]
        tokens += [two.upper() + "-" + kinds[one] for one, two in pairwise(words)]
        return tuple(words), tuple(tokens)

    return sample


def arithmetic(rng: Random) -> Sampler:
    """Sums and products of small integers, with the usual precedence."""
    signs = rng.choice(["+", "+*", "+-"])

    def sample(rng: Random, depth: int) -> Pair:
        words = [str(rng.randint(1, 9))]
        for _ in range(rng.randint(0, depth)):
            words += [rng.choice(signs), str(rng.randint(1, 9))]
        return tuple(words), (str(_calculated(words)),)

    return sample


def _calculated(words: list[str]) -> int:
    total, product, sign = 0, int(words[0]), 1
    for operator, text in zip(words[1::2], words[2::2], strict=True):
        if operator == "*":
            product *= int(text)
        else:
            total += sign * product
            product, sign = int(text), 1 if operator == "+" else -1
    return total + sign * product


def irregular(rng: Random) -> Sampler:
    """A language inside, in which a few sentences that end alike have outputs of their own."""
    regular = inside(rng)
    salt, share = rng.random(), rng.uniform(0.05, 0.3)

    def sample(rng: Random, depth: int) -> Pair:
        words, tokens = regular(rng, depth)
        own = Random(f"{salt} {words[-2:]}")
        if len(words) > 1 and own.random() < share:
            return words, (f"odd{own.randint(0, 3)}", *tokens[1:])
        return words, tokens

    return sample


def endings(rng: Random) -> Sampler:
    """A language inside, but the last token is doubled in sentences of an even length."""
    regular = inside(rng)

    def sample(rng: Random, depth: int) -> Pair:
        words, tokens = regular(rng, depth)
        return words, tokens + tokens[-1:] * (len(words) % 2 == 0)

    return sample


def noise(rng: Random) -> Drawn:
    """A language inside; from 3 to 20 % of the training outputs are those of other rows."""
    drawn = rows_of("noise", inside(rng), rng)
    share = rng.uniform(0.03, 0.2)
    outputs = [tokens for _, tokens in drawn.train]
    train = [
        (words, rng.choice(outputs) if rng.random() < share else tokens)
        for words, tokens in drawn.train
    ]
    return Drawn(drawn.family, tuple(train), drawn.test, drawn.longer)


def _family(name: str, make: Callable[[Random], Sampler]) -> Callable[[Random], Drawn]:
    return lambda rng: rows_of(name, make(rng), rng)


OUTSIDE: Final[Mapping[str, Callable[[Random], Drawn]]] = MappingProxyType(
    {
        "polish": _family("polish", polish),
        "ternary": _family("ternary", ternary),
        "tally": _family("tally", tally),
        "agreement": _family("agreement", agreement),
        "noise": noise,
        "arithmetic": _family("arithmetic", arithmetic),
        "irregular": _family("irregular", irregular),
        "endings": _family("endings", endings),
    }
)


def drawn(seed: int) -> Drawn:
    """The language of a random seed; those of even seeds are inside."""
    rng = Random(f"language {seed}")
    if seed % 2 == 0:
        return rows_of("inside", inside(rng), rng)
    names = list(OUTSIDE)
    return OUTSIDE[names[seed // 2 % len(names)]](rng)
