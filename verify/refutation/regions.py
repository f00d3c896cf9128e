"""Counterexamples by linear programs, where neurons of a relu network are assumed to have signs.

Where all relus have a sign the network is linear. So a linear program (HiGHS) finds the input of
such a region at which a row of a case is least, and at which all assumptions hold with a margin.
The search goes from region to region: signs that are not assumed change where the program stops at
them, as long as the row becomes less. Its inputs are candidates like those of any attack: the court
judges them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from abduce import clock
from abduce.verify.bounds.affine.layers import Layers
from abduce.verify.bounds.affine.matrices import times
from abduce.verify.bounds.propagation.interval import Interval
from abduce.verify.bounds.query import Query
from abduce.verify.refutation.attack import inner_box
from abduce.verify.refutation.gradients import forward

NEAR = 1e-7
"""How near to 0 a slack of a linear program counts as 0."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Regions:
    """Where the search begins, and what it may cost.

    Attributes:
        starts: inputs in whose regions it begins, (S, inputs).
        programs: the upper limit on linear programs for each start and row.
        inside: the margin with which assumptions on neurons must hold.
    """

    starts: np.ndarray
    programs: int = 8
    inside: float = 1e-4


def has_regions(network: Layers, query: Query) -> bool:
    """Whether the search can be made: neurons are assumed to have signs, and all is piecewise
    linear."""
    functions = [layer.function for layer in network.layers]
    return bool(query.hidden) and all(f.is_hinge or f.is_identity for f in functions)


def region_candidates(
    network: Layers, query: Query, regions: Regions, deadline: float = np.inf
) -> Iterator[np.ndarray]:
    """Inputs (inputs,) at which a row of a case is negative, as computed in float64.

    Args:
        deadline: ``clock.wall_s()`` at which to stop.
    """
    if not has_regions(network, query):
        return
    within = query.within(network) or []
    starts = np.clip(regions.starts, query.low, query.high)
    y, before = forward(network, starts)
    rows = query.values(starts, y)
    region = _Region(network, query, within, regions.inside)
    for place in np.argsort(rows, axis=None, kind="stable").tolist():
        if clock.wall_s() > deadline:
            return
        start, row = divmod(place, rows.shape[1])
        signs = {j: z[start] > 0 for j, z in enumerate(before, 1)}
        for j, (low, high) in enumerate(within, 1):
            signs[j] = np.where(low[0] >= 0, True, np.where(high[0] <= 0, False, signs[j]))
        found, value = region.descent(row, signs, regions.programs, deadline)
        if found is not None and value <= 0:
            yield found


class _Region:
    """The linear program of one region of one query."""

    def __init__(
        self, network: Layers, query: Query, within: Sequence[Interval], inside: float
    ) -> None:
        self.network, self.query, self.within, self.inside = network, query, within, inside
        self.low, self.high = inner_box(query)

    def descent(
        self, row: int, signs: dict[int, np.ndarray], most: int, deadline: float
    ) -> tuple[np.ndarray | None, float]:
        """The input with the least value of a row that was found, from region to region."""
        best, least = None, np.inf
        for _ in range(most):
            if clock.wall_s() > deadline:
                break
            x, value, tight = self.least(row, signs)
            if x is None or value >= least - NEAR:
                break
            best, least = x, value
            if value <= 0 or not any(where.any() for where in tight.values()):
                break
            signs = {j: on ^ tight[j] if j in tight else on for j, on in signs.items()}
        return best, least

    def least(
        self, row: int, signs: Mapping[int, np.ndarray]
    ) -> tuple[np.ndarray | None, float, dict[int, np.ndarray]]:
        """The least value of a row in a region, where it is, and the signs it stops at that are not
        assumed."""
        from scipy.optimize import linprog

        a, b, owner, goal, constant = self._program(row, signs)
        box = np.stack([self.low, self.high], 1)
        effort = self.network.effort
        effort.layer(a.size, float(len(self.low)))
        found = linprog(goal, a, b, bounds=box, method="highs-ds")
        if found.status != 0:
            return None, np.inf, {}
        tight: dict[int, np.ndarray] = {j: np.zeros(len(on), bool) for j, on in signs.items()}
        for slack, (j, entry, assumed) in zip(found.slack, owner, strict=True):
            if not assumed and slack < NEAR:
                tight[j][entry] = True
        return found.x, float(found.fun) + constant, tight

    def _program(self, row: int, signs: Mapping[int, np.ndarray]) -> tuple:
        network, query, inputs = self.network, self.query, self.network.inputs
        slopes, offsets = {0: np.eye(inputs)}, {0: np.zeros(inputs)}
        a, b, owner = [], [], []
        for j, layer in enumerate(network.layers, 1):
            slope = np.zeros((layer.before.size, inputs))
            offset = layer.before.bias.astype(np.float64)
            for i, matrix in layer.before.terms.items():
                slope = slope + (slopes[i] if matrix is None else times(slopes[i].T, matrix).T)
                shift = offsets[i] if matrix is None else times(offsets[i][None], matrix)[0]
                offset = offset + shift
            low, high = (end[0] for end in self.within[j - 1])
            for entry in np.flatnonzero(np.isfinite(low)):
                a.append(-slope[entry])
                b.append(offset[entry] - low[entry] - self.inside)
                owner.append((j, entry, True))
            for entry in np.flatnonzero(np.isfinite(high)):
                a.append(slope[entry])
                b.append(high[entry] - offset[entry] - self.inside)
                owner.append((j, entry, True))
            if layer.function.is_hinge:
                on = signs[j]
                free = ~((on & (low >= 0)) | (~on & (high <= 0)))
                for entry in np.flatnonzero(free):
                    sign = -1.0 if on[entry] else 1.0
                    a.append(sign * slope[entry])
                    b.append(-sign * offset[entry])
                    owner.append((j, entry, False))
                slope, offset = slope * on[:, None], offset * on
            slopes[j], offsets[j] = slope, offset
        goal, constant = query.inputs[row].astype(np.float64), self.inside - query.bounds[row]
        output = network.output
        for i, matrix in output.terms.items():
            weight = query.outputs[row]
            part = times(slopes[i].T, matrix).T if matrix is not None else slopes[i]
            shift = times(offsets[i][None], matrix)[0] if matrix is not None else offsets[i]
            goal, constant = goal + weight @ part, constant + float(weight @ shift)
        constant += float(query.outputs[row] @ output.bias)
        return np.array(a).reshape(-1, inputs), np.array(b), owner, goal, constant
