"""The tokens of terms as the numbers that a sequence model reads."""

from collections.abc import Sequence

import numpy as np

from abduce.symbolic.lambda_calculus import Term, tokens
from abduce.symbolic.lambda_calculus.terms.sampling import FREE

PAD, END, OTHER = range(3)
INDICES = 60
"""The number of indices with a token of their own; larger ones share `OTHER`, as do names not in
`FREE`."""
WORDS = ("<pad>", "<end>", "<other>", "@", "l", *FREE, *map(str, range(INDICES)))
NUMBERS = {word: number for number, word in enumerate(WORDS)}


def encoded(terms: Sequence[Term]) -> np.ndarray:
    """(terms, length): the prefix tokens of terms as numbers, ended and padded.

    >>> from abduce.symbolic.lambda_calculus import parse
    >>> encoded([parse("\\\\x. x"), parse("a b")]).tolist()
    [[4, 8, 1, 0], [3, 5, 6, 1]]
    """
    rows = [[*(NUMBERS.get(word, OTHER) for word in tokens(term)), END] for term in terms]
    found = np.full((len(rows), max(map(len, rows))), PAD)
    for row, numbers in zip(found, rows, strict=True):
        row[: len(numbers)] = numbers
    return found
