"""What the sub-tasks learn from: single steps of programs, with the mask of a teacher."""

from collections.abc import Callable
from functools import cache

import numpy as np

from abduce.neural.modules.execution_engine.numbers import infinity, to_bits
from abduce.neural.training.experiment import Batch

BITS = 8
SUM_BITS = 12
FACTOR_BITS = 6
PRODUCT_BITS = 14
LENGTH = 8
HIDDEN_SEED = 0
"""The random seed of the quarter of all pairs of numbers that is kept out of the training of `add`
and `multiply`."""


def select(generator: np.random.Generator, count: int) -> Batch:
    """The least visible number of lists of eight, and the list without it.

    Half of the lists are in the middle of being sorted, of the others any entries are hidden; some
    entries are infinite, as they are in a search for shortest paths. Where nothing is left, the end
    of the list is the least.
    """
    values = _lists(generator, count, LENGTH)
    infinite = generator.random((count, LENGTH)) < generator.choice([0, 0, 0.5], (count, 1))
    values[infinite] = infinity(BITS)
    taken = generator.integers(0, LENGTH + 1, (count, 1))
    sorting = generator.random((count, 1)) < 0.5
    order = np.where(
        sorting, values + generator.random(values.shape), generator.random(values.shape)
    )
    hidden = order.argsort(1).argsort(1) < taken
    values = np.concatenate((values, np.full((count, 1), infinity(BITS) + 1)), 1)
    visible = np.concatenate((~hidden, np.ones((count, 1), bool)), 1)
    return _pointing(generator, values, visible, lambda seen, pointer: seen & ~pointer)


def merge(generator: np.random.Generator, count: int) -> Batch:
    """The lesser of the heads of two sorted runs of up to eight, each with an end; then the next
    of its run is visible in its place."""
    length = int(generator.integers(1, LENGTH + 1))
    values = np.full((count, 2, length + 1), infinity(BITS) + 1)
    values[:, :, :-1] = np.sort(_lists(generator, count, 2 * length).reshape(count, 2, length), -1)
    heads = generator.integers(0, length + 1, (count, 2, 1))
    visible = (np.arange(length + 1) == heads).reshape(count, -1)
    return _pointing(generator, values.reshape(count, -1), visible, _following)


def _following(seen: np.ndarray, pointer: np.ndarray) -> np.ndarray:
    after = seen & ~pointer
    after[:, 1:] |= pointer[:, :-1]
    return after


def add(generator: np.random.Generator, count: int) -> Batch:
    """Sums of 8-bit numbers."""
    pairs = pairs_of(BITS, generator, count, seen=True)
    return _calculating(pairs, SUM_BITS, pairs.sum(1))


def multiply(generator: np.random.Generator, count: int) -> Batch:
    """Products of 6-bit numbers."""
    pairs = pairs_of(FACTOR_BITS, generator, count, seen=True)
    return _calculating(pairs, PRODUCT_BITS, pairs.prod(1))


def pairs_of(bits: int, generator: np.random.Generator, count: int, *, seen: bool) -> np.ndarray:
    """Pairs of numbers that are, or are not, for training: (count, 2). Numbers with few bits are as
    frequent as numbers with many."""
    found = np.empty((0, 2), dtype=np.int64)
    while len(found) < count:
        widths = generator.integers(1, bits + 1, (2 * count, 2))
        pairs = generator.integers(0, 1 << widths)
        found = np.concatenate((found, pairs[_hidden(pairs) != seen]))
    return found[:count]


def _hidden(pairs: np.ndarray) -> np.ndarray:
    """A quarter of all pairs of 8-bit numbers, and all pairs with a longer one."""
    known = np.minimum(pairs, infinity(BITS) - 1)
    return _hidden_pairs()[known[:, 0], known[:, 1]] | (pairs >= infinity(BITS)).any(1)


@cache
def _hidden_pairs() -> np.ndarray:
    return np.random.default_rng(HIDDEN_SEED).random((infinity(BITS), infinity(BITS))) < 0.25


def _lists(generator: np.random.Generator, count: int, length: int) -> np.ndarray:
    """Half of them any numbers, half of them near each other: shuffled, 0 to 4 apart."""
    size = infinity(BITS)
    steps = generator.integers(0, 5, (count, 1))
    near = generator.permuted(np.tile(np.arange(length), (count, 1)), axis=1) * steps
    near += generator.integers(0, size - near.max(1, keepdims=True))
    any_ = generator.integers(0, size, (count, length))
    return np.where(generator.random((count, 1)) < 0.5, near, any_)


def _pointing(
    generator: np.random.Generator,
    values: np.ndarray,
    visible: np.ndarray,
    next_mask: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> Batch:
    """Batches of lists whose least visible number is wanted. Any of several equal ones is right,
    and one of them is taken from the mask."""
    seen = np.where(visible, values, infinity(BITS) + 2)
    least = seen.min(1, keepdims=True)
    right = seen == least
    place = np.where(right, generator.random(values.shape), -1.0).argmax(1)
    pointer = np.arange(values.shape[1]) == place[:, None]
    return {
        "numbers": to_bits(values, BITS),
        "visible": visible,
        "value": to_bits(least[:, 0], BITS),
        "places": (right / right.sum(1, keepdims=True)).astype(np.float32),
        "pointer": pointer,
        "after": next_mask(visible, pointer),
    }


def _calculating(pairs: np.ndarray, bits: int, values: np.ndarray) -> Batch:
    return {
        "numbers": to_bits(pairs, bits),
        "visible": np.ones(pairs.shape, dtype=bool),
        "value": to_bits(values, bits),
    }
