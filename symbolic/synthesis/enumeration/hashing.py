"""Hashes of rows, and a set of them that takes many at once."""

import numpy as np


def hash_weights(points: int) -> np.ndarray:
    """One odd number of 64 bits for each point; the hash of a row is the sum of the products.

    >>> rows = np.array([[1, 2], [2, 1]])
    >>> len(set((rows @ hash_weights(2)).tolist()))
    2

    Source: Carter and Wegman 1979, Universal classes of hash functions.
    """
    drawn = np.random.default_rng(20_261).integers(0, 2**63, size=points, dtype=np.int64)
    return drawn * 2 + 1


class HashSet:
    """A set of 64-bit numbers by open addressing; `add` says which of many are new.

    >>> seen = HashSet()
    >>> seen.add(np.array([5, 7, 5])), seen.add(np.array([7, 9]))
    (array([ True,  True, False]), array([False,  True]))
    """

    __slots__ = ("owners", "size", "table")

    def __init__(self, capacity: int = 1 << 12) -> None:
        self.table = np.zeros(capacity, np.int64)
        self.owners = np.zeros(capacity, np.int32)
        self.size = 0

    def add(self, keys: np.ndarray) -> np.ndarray:
        """Whether each key is new; of equal new keys only the first one is."""
        if 2 * (self.size + len(keys)) > len(self.table):
            self._grow(4 * (self.size + len(keys)))
        keys = np.where(keys == 0, 1, keys)
        mask = len(self.table) - 1
        slots = (keys ^ (keys >> 29)) & mask
        fresh = np.zeros(len(keys), bool)
        pending = np.arange(len(keys), dtype=np.int32)
        while len(pending):
            at = slots[pending]
            wanted = keys[pending]
            empty = self.table[at] == 0
            taken = at[empty][::-1]  # the first of several writes last
            self.table[taken] = wanted[empty][::-1]
            self.owners[taken] = pending[empty][::-1]
            same = self.table[at] == wanted
            fresh[pending[empty & same & (self.owners[at] == pending)]] = True
            pending = pending[~same]
            slots[pending] = (slots[pending] + 1) & mask
        self.size += int(fresh.sum())
        return fresh

    def _grow(self, least: int) -> None:
        keys = self.table[self.table != 0]
        capacity = len(self.table)
        while capacity < least:
            capacity *= 2
        self.table = np.zeros(capacity, np.int64)
        self.owners = np.zeros(capacity, np.int32)
        self.size = 0
        if len(keys):
            self.add(keys)
