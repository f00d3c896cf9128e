"""Finite groups as tables, and words in them with the state after each letter."""

from itertools import permutations

import numpy as np


def cyclic(order: int) -> np.ndarray:
    """Addition modulo a number; the identity is 0.

    >>> cyclic(2).tolist()
    [[0, 1], [1, 0]]
    """
    numbers = np.arange(order)
    return (numbers[:, None] + numbers) % order


def permuting(things: int, even: bool = False) -> np.ndarray:
    """The symmetric group, or the alternating one: table[a, b] is a first, then b.

    Permutations are numbered as `itertools.permutations` lists them; the identity is 0.

    >>> permuting(3).shape, permuting(5, even=True).shape
    ((6, 6), (60, 60))
    """
    listed = [p for p in permutations(range(things)) if not even or _parity(p) == 0]
    numbers = {p: n for n, p in enumerate(listed)}
    return np.array([[numbers[tuple(b[x] for x in a)] for b in listed] for a in listed])


def moving(things: int, most: int) -> np.ndarray:
    """The numbers of the permutations that move at least two things and at most `most`.

    >>> len(moving(5, 2)), len(moving(5, 3))
    (10, 30)
    """
    moved = [sum(a != b for a, b in enumerate(p)) for p in permutations(range(things))]
    return np.array([number for number, count in enumerate(moved) if 2 <= count <= most])


def words(
    table: np.ndarray,
    count: int,
    length: int,
    generator: np.random.Generator,
    letters: np.ndarray | None = None,
) -> dict[str, np.ndarray]:
    """Random words as `tokens`, and as `states` the product of all letters up to each.

    Args:
        letters: the elements that words have; all if left out.
    """
    chosen = np.arange(table.shape[1]) if letters is None else letters
    tokens = chosen[generator.integers(0, len(chosen), (count, length))]
    states = np.empty_like(tokens)
    state = np.zeros(count, dtype=tokens.dtype)
    for t in range(length):
        state = table[state, tokens[:, t]]
        states[:, t] = state
    return {"tokens": tokens, "states": states}


def _parity(permutation: tuple[int, ...]) -> int:
    pairs = ((a, b) for n, a in enumerate(permutation) for b in permutation[n + 1 :])
    return sum(a > b for a, b in pairs) % 2
