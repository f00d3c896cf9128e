"""Shortest tours of few points, exactly.

Source: Held and Karp 1962, A dynamic programming approach to sequencing problems.
"""

import numpy as np


def shortest_tours(lengths: np.ndarray) -> np.ndarray:
    """(sets, points): a shortest tour of each set; it begins at point 0 and goes on to the lower of
    its two neighbours. Time and memory grow as 2 ** points.

    Args:
        lengths: (sets, points, points), symmetrical, of two points or more; whole numbers are added
            as such.
    """
    sets, others = len(lengths), lengths.shape[1] - 1
    never = np.inf if lengths.dtype.kind == "f" else np.iinfo(lengths.dtype).max // 4
    best = np.full((1 << others, others, sets), never, dtype=lengths.dtype)
    before = np.zeros((1 << others, others, sets), dtype=np.int8)
    between = lengths[:, 1:, 1:].transpose(1, 2, 0)
    for last in range(others):
        best[1 << last, last] = lengths[:, 0, last + 1]
    for visited in range(1, 1 << others):
        for last in range(others):
            rest = visited & ~(1 << last)
            if rest and rest != visited:
                costs = best[rest] + between[:, last]
                before[visited, last] = costs.argmin(0)
                best[visited, last] = costs.min(0)
    rows = np.arange(sets)
    visited = np.full(sets, (1 << others) - 1)
    last = (best[-1] + lengths[:, 0, 1:].T).argmin(0)
    found = np.zeros((sets, others + 1), dtype=np.int64)
    for place in range(others, 0, -1):
        found[:, place] = last + 1
        previous = before[visited, last, rows]
        visited, last = visited & ~(1 << last), previous.astype(np.int64)
    backwards = found[:, 1] > found[:, -1]
    found[backwards, 1:] = found[backwards, :0:-1]
    return found
