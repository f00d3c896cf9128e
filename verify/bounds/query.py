"""Queries: the cases of a specification that share a box, as rows to be bounded from below.

A row is ``inputs @ x + outputs @ y - bound``. A case is violated where all of its rows are at most
0 (below 0, where strict). So it is refuted in a box as soon as one of its rows is positive there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from abduce.verify.bounds.affine.layers import Layers
from abduce.verify.bounds.propagation.backward import Bounds, Lower, joined
from abduce.verify.bounds.propagation.interval import Interval
from abduce.verify.bounds.propagation.sharp import sharp_bounds
from abduce.verify.bounds.propagation.slopes import Objectives
from abduce.verify.specifications.hidden import Hidden
from abduce.verify.specifications.specification import Case, Specification


@dataclass(frozen=True, slots=True, eq=False)
class Query:
    """C cases over one box with R rows together.

    Attributes:
        low, high: the box, (inputs,).
        inputs: (R, inputs); outputs: (R, outputs); bounds: (R,); strict: (R,).
        owner: the case of each row, 0 to C - 1.
        cases: their places in the specification, (C,).
        hidden: bounds on neurons that all of the cases assume.
    """

    low: np.ndarray
    high: np.ndarray
    inputs: np.ndarray
    outputs: np.ndarray
    bounds: np.ndarray
    strict: np.ndarray
    owner: np.ndarray
    cases: tuple[int, ...]
    hidden: tuple[Hidden, ...] = ()

    @property
    def box(self) -> Interval:
        """A box of one domain that contains the box of the file, whose decimal numbers were
        rounded."""
        return np.nextafter(self.low, -np.inf)[None], np.nextafter(self.high, np.inf)[None]

    def of_rows(self, rows: np.ndarray) -> np.ndarray:
        """The largest entry of each case's rows, (..., R) to (..., C)."""
        most = np.full((*rows.shape[:-1], len(self.cases)), -np.inf)
        for case in range(len(self.cases)):
            most[..., case] = rows[..., self.owner == case].max(-1, initial=-np.inf)
        return most

    def lower(self, network: Layers, known: Bounds) -> Lower:
        """Lower bounds of the rows over the boxes of ``known``, in groups if there are many."""
        last, parts = len(network.layers), []
        most = max(1, known.config.entries // max(1, known.domains * max(network.sizes)))
        for start in range(0, len(self.bounds), most):
            some = slice(start, start + most)
            rows = {last: self.outputs[some]}
            if self.inputs.any():
                rows[0] = self.inputs[some]
            parts.append(sharp_bounds(network, known, rows, -self.bounds[some]))
        return joined(parts)

    def within(self, network: Layers) -> list[Interval] | None:
        """The assumptions of the cases about the pre-activations of layers, (1, size) each; None if
        there are none.

        The layers are those in which the nodes are watched (see `layers_of`).
        """
        if not self.hidden:
            return None
        found = []
        for layer in network.layers:
            low = np.full((1, layer.before.size), -np.inf)
            high = np.full((1, layer.before.size), np.inf)
            for bounds in self.hidden:
                if bounds.node in layer.watched:
                    np.maximum.at(low[0], bounds.entries, bounds.lower)
                    np.minimum.at(high[0], bounds.entries, bounds.upper)
            found.append((low, high))
        return found

    def assumed(self, network: Layers) -> dict[int, np.ndarray]:
        """For each layer, the entries on which the cases assume bounds, (size,)."""
        within = self.within(network) or []
        finite = {
            j: np.isfinite(low[0]) | np.isfinite(high[0]) for j, (low, high) in enumerate(within, 1)
        }
        return {j: entries for j, entries in finite.items() if entries.any()}

    def outside(self, network: Layers, before: Sequence[np.ndarray]) -> dict[int, np.ndarray]:
        """The distances of pre-activations (P, size) of layers from the bounds that the cases
        assume.

        Positive where they are too large, negative where they are too small.
        """
        found = {}
        for j, (low, high) in enumerate(self.within(network) or [], 1):
            if np.isfinite(low).any() or np.isfinite(high).any():
                z = before[j - 1]
                found[j] = np.maximum(z - high, 0.0) + np.minimum(z - low, 0.0)
        return found

    def values(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """The rows at points (P, inputs) with outputs (P, outputs), (P, R)."""
        return x @ self.inputs.T + y @ self.outputs.T - self.bounds


def queries(specification: Specification) -> list[Query]:
    """The cases grouped by their boxes and their bounds on neurons, in the order of the
    specification."""
    groups: dict[tuple, list[int]] = {}
    for i, case in enumerate(specification.cases):
        hidden = tuple(bounds.key for bounds in case.hidden)
        groups.setdefault((case.lower.tobytes(), case.upper.tobytes(), hidden), []).append(i)
    return [_query([specification.cases[i] for i in group], group) for group in groups.values()]


def _query(cases: list[Case], places: list[int]) -> Query:
    owner = np.repeat(np.arange(len(cases)), [len(c.bounds) for c in cases])
    return Query(
        cases[0].lower,
        cases[0].upper,
        np.concatenate([c.inputs for c in cases]),
        np.concatenate([c.outputs for c in cases]),
        np.concatenate([c.bounds for c in cases]),
        np.concatenate([c.strict for c in cases]),
        owner,
        tuple(places),
        cases[0].hidden,
    )


def case_objectives(network: Layers, query: Query, chosen: np.ndarray) -> Objectives:
    """Cases (C,) as objectives: one is refuted where a sum of its rows is positive."""
    most = max(np.bincount(query.owner))
    outputs = np.zeros((len(chosen), most, query.outputs.shape[1]))
    inputs = np.zeros((len(chosen), most, query.inputs.shape[1]))
    constant, used = np.zeros((len(chosen), most)), np.zeros((len(chosen), most), bool)
    for c, case in enumerate(chosen):
        at = np.flatnonzero(query.owner == case)
        outputs[c, : len(at)], inputs[c, : len(at)] = query.outputs[at], query.inputs[at]
        constant[c, : len(at)], used[c, : len(at)] = -query.bounds[at], True
    rows = {len(network.layers): outputs}
    if inputs.any():
        rows[0] = inputs
    return Objectives(rows, constant, used)
