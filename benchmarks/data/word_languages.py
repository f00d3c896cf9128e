"""Languages of many words: the cost of a vocabulary, with a small grammar and the same number of
rows.

Six of the words are operators, and each of the others denotes a token of its own. Test rows are of
the same language, and none of them is in training.
"""

from collections.abc import Iterator
from itertools import chain, islice
from random import Random
from typing import Final

Row = tuple[tuple[str, ...], tuple[str, ...]]
REPEATS: Final = {"twice": 2, "thrice": 3}
OPERATORS: Final = (*REPEATS, "around", "opposite", "and", "after")
SIZES: Final = (100, 1_000, 10_000)
LEAST: Final = 20
"""The least number of words: with fewer there are not enough different rows."""
ROWS: Final = 30_000
TESTED: Final = 1_000


def word_language(words: int, rows: int = ROWS, seed: int = 0) -> tuple[list[Row], list[Row]]:
    """Different rows of a language with this many words: for training, and for test.

    Words other than operators occur equally often, up to one, in the rows as they are drawn.

    >>> train, test = word_language(LEAST, 50)
    >>> len(train), len(test), len({word for sentence, _ in train for word in sentence})
    (50, 1000, 20)
    """
    rng = Random(seed)
    drawn: dict[tuple[str, ...], tuple[str, ...]] = {}
    nouns = _nouns([f"word{n}" for n in range(words - len(OPERATORS))], rng)
    while len(drawn) < rows + TESTED:
        sentence, tokens = _sentence(nouns, rng)
        drawn[sentence] = tokens
    found = list(drawn.items())
    return found[:rows], found[rows:]


def _nouns(names: list[str], rng: Random) -> Iterator[str]:
    """All names in some order, then all in another, without end."""
    return chain.from_iterable(iter(lambda: rng.sample(names, len(names)), None))


def _phrase(nouns: Iterator[str], rng: Random) -> Row:
    first, second = islice(nouns, 2)
    x, y = first.upper(), second.upper()
    row: Row = rng.choice(
        (
            ((first,), (x,)),
            ((first, "around", second), (y, x) * 4),
            ((first, "opposite", second), (y, y, x)),
        )
    )
    repeat = rng.choice((None, *REPEATS))
    return row if repeat is None else ((*row[0], repeat), row[1] * REPEATS[repeat])


def _sentence(nouns: Iterator[str], rng: Random) -> Row:
    words, tokens = _phrase(nouns, rng)
    join = rng.choice((None, "and", "after"))
    if join is None:
        return words, tokens
    others, more = _phrase(nouns, rng)
    joined = tokens + more if join == "and" else more + tokens
    return (*words, join, *others), joined
