"""Branch and bound on activations: a pre-activation's interval is cut, the box of inputs is not.

A relu is cut at 0, where each half is linear; any other function in the middle of its interval.
What is known of the other layers stays as it was at the root, but for intervals, so that a part
costs the backward bounds of its rows alone. The entry that is cut is the one whose lines lose most:
the coefficient that arrives at it times the gap between its lines.

Source: Bunel et al. 2020 (the relu score); Shi et al. 2025, Neural network verification
with branch-and-bound for general nonlinearities (other functions).
"""

from dataclasses import replace
from functools import partial

import numpy as np

from abduce.verify.bounds.backward import bound_layers
from abduce.verify.bounds.layers import Layers
from abduce.verify.bounds.relaxations import Lines
from abduce.verify.branch.inputs import BATCH_ENTRIES, MAX_BATCH, Boxes, InputSplitting, Inside
from abduce.verify.branch.query import Query


class ActivationSplitting(InputSplitting):
    """The search over parts of one box that differ in what is assumed of activations."""

    looks_inside = True

    def __init__(self, network: Layers, query: Query) -> None:
        super().__init__(network, query)
        self.bound = bound_layers
        widest = max(network.sizes)
        self.later = int(np.clip(BATCH_ENTRIES // (len(query.bounds) * widest), 1, MAX_BATCH))
        self.batch = 1

    def _push(
        self,
        boxes: Boxes,
        slope: np.ndarray,
        rows_open: np.ndarray,
        slow: np.ndarray,
        inside: Inside,
    ) -> None:
        """The parts, those with the worst bounds on top; boxes without loose entries are halved."""
        self.bound = partial(bound_layers, linear=False)
        self.batch = self.later
        if not len(boxes):
            return
        scores = self._scores(rows_open, inside)
        best = scores.argmax(-1)
        cut = scores[np.arange(len(boxes)), best] > 0
        if not cut.all():
            rest = ~cut
            super()._push(boxes.take(rest), slope[rest], rows_open[rest], slow[rest], inside)
        chosen = boxes.take(cut)
        if len(chosen):
            order = np.argsort(-chosen.bound, kind="stable")
            self._cut(chosen.take(order), best[cut][order])

    def _scores(self, rows_open: np.ndarray, inside: Inside) -> np.ndarray:
        """How much each entry of each layer's pre-activation loses, side by side, (N, entries)."""
        parts = []
        weights = rows_open.astype(float)[:, None]
        known, kept = inside.known, inside.kept
        for j, layer in enumerate(self.network.layers, 1):
            score = np.zeros((len(kept), layer.before.size))
            parts.append(score)
            if j not in inside.passed or layer.function.name in ("identity", "product"):
                continue
            active = known.active[j]
            places = slice(None) if active is None else active
            low, high = (end[kept][:, places] for end in known.before[j - 1])
            a = inside.passed[j]
            a = a[kept] if len(a) > 1 else a
            up = (weights @ np.maximum(a, 0.0))[:, 0]
            down = (weights @ np.maximum(-a, 0.0))[:, 0]
            below, above = _gaps(layer.function.name, known.lines[j - 1], low, high, kept)
            loss = up * below + down * above
            score[:, places] = np.where(np.isfinite(loss), loss, 0.0)
        return np.concatenate(parts, -1)

    def _cut(self, boxes: Boxes, at: np.ndarray) -> None:
        """Pushes both parts of each box, cut at an entry (N,)."""
        assert boxes.within is not None
        index = np.arange(len(boxes))
        left, right = list(boxes.within), list(boxes.within)
        start = 0
        for j, (low, high) in enumerate(boxes.within):
            mine = (at >= start) & (at < start + low.shape[1])
            rows, entries = index[mine], at[mine] - start
            start += low.shape[1]
            if not len(rows):
                continue
            relu = self.network.layers[j].function.name == "relu"
            middle = 0.0 if relu else (low[rows, entries] + high[rows, entries]) / 2
            new_low, new_high = low.copy(), high.copy()
            new_high[rows, entries], new_low[rows, entries] = middle, middle
            left[j], right[j] = (low, new_high), (new_low, high)
        for part in (left, right):
            self.stack.append(replace(boxes, within=tuple(part)))


def _gaps(
    function: str, lines: Lines, low: np.ndarray, high: np.ndarray, kept: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """How far the function may be above its lower line, and below its upper one, (N, n) each."""
    if function == "relu":
        loose = (low < 0) & (high > 0)
        return (
            np.where(loose, np.minimum(high, -low) / 2, 0.0),
            np.where(loose, lines.upper[kept], 0.0),
        )
    middle = (low + high) / 2
    lower = lines.lower_slope[kept] * middle
    lower = lower if lines.lower is None else lower + lines.lower[kept]
    gap = lines.upper_slope[kept] * middle + lines.upper[kept] - lower
    gap = np.where(high - low > 1e-9 * (1 + np.abs(middle)), np.maximum(gap, 0.0), 0.0)
    return gap / 2, gap / 2
