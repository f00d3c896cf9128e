"""Examples of masks: steps of selections on short lists.

They show 20 of the 64 cases that the mask kernel can meet: a pointer points at one entry, and never
at one that is done.
"""

from dataclasses import dataclass

import numpy as np

from abduce.neural.kernels.config import MaskConfig


@dataclass(frozen=True, slots=True, eq=False)
class MaskExamples:
    """Steps of selections on short lists.

    Attributes:
        seen: (examples, 2, longest), mask and pointer, 0 or 1; entries beyond a list are done.
        after: (examples, longest), the next mask.
    """

    seen: np.ndarray
    after: np.ndarray

    def __len__(self) -> int:
        return len(self.seen)


def selections(config: MaskConfig, generator: np.random.Generator) -> MaskExamples:
    """Each step of selecting the entries of random lists one by one, in some order."""
    seen, after = [], []
    for length in generator.integers(1, config.longest + 1, config.lists).tolist():
        mask = np.ones(config.longest, dtype=np.int64)
        mask[:length] = 0
        for entry in generator.permutation(length).tolist():
            pointer = np.zeros_like(mask)
            pointer[entry] = 1
            seen.append((mask.copy(), pointer))
            mask[entry] = 1
            after.append(mask.copy())
    return MaskExamples(np.array(seen), np.array(after))
