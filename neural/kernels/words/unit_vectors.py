"""Examples of a permutation of bits: the words with a single one, and nothing else."""

from dataclasses import dataclass

import numpy as np

from abduce.symbolic.programs.definitions.permutations import BITS, PLACES


@dataclass(frozen=True, slots=True, eq=False)
class UnitVectors:
    """Words with a single one, and the same permuted: (k, k) each."""

    words: np.ndarray
    permuted: np.ndarray

    def __len__(self) -> int:
        return len(self.words)


def unit_vectors(*_: object) -> UnitVectors:
    """The examples; nothing of them is random or configured."""
    words = np.eye(BITS)
    return UnitVectors(words, words[list(PLACES)])
