"""Examples of moves: how much longer or shorter small tours become.

The tours have 4 points or more and lengths that are whole numbers, of no geometry. The label
of a move is the length of the whole closed tour after it, less the length before. It does not show
which edges the move removes or adds.
"""

from collections.abc import Sequence

import numpy as np

from abduce.neural.kernels.config import MoveConfig
from abduce.neural.kernels.plane.signs import Labels
from abduce.symbolic.programs.definitions.tours import EXCHANGE_ENDS, INSERTION_ENDS, pairs


def moves(name: str, config: MoveConfig, generator: np.random.Generator) -> Labels:
    """Random moves of random tours: the lengths between the ends of the paths, and the change."""
    rows, changes = [], []
    for _ in range(config.examples):
        n = int(generator.integers(4, config.longest + 1))
        lengths = np.triu(generator.integers(1, config.longest + 1, (n, n)), 1)
        lengths += lengths.T
        tour = generator.permutation(n).tolist()
        first, second = np.sort(generator.choice(np.arange(1, n), 2, replace=False)).tolist()
        rest, one, other = tour[:first], tour[first:second], tour[second:]
        if name == "exchange":
            ends = dict(zip(EXCHANGE_ENDS, (rest[-1], one[0], one[-1], other[0]), strict=True))
            after = rest + one[::-1] + other
        else:
            named = (rest[-1], one[0], one[-1], other[0], other[-1], rest[0])
            ends = dict(zip(INSERTION_ENDS, named, strict=True))
            after = rest + other + one
        rows.append([lengths[ends[a], ends[b]] for a, b in pairs("".join(ends))])
        changes.append(_cost(after, lengths) - _cost(tour, lengths))
    return Labels(np.array(rows), np.array(changes))


def _cost(tour: Sequence[int], lengths: np.ndarray) -> int:
    return int(lengths[tour, [*tour[1:], tour[0]]].sum())
