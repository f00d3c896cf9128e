"""Branch and bound on boxes of inputs, depth first, a batch at a time.

A batch is taken from the top of a stack, and its layers and rows are bounded. Boxes where every
case is refuted are done. A counterexample to an open case makes its rows at most 0. So the box is
clipped to where the linear lower bounds of these rows allow that, and is split at the input with
the largest score. Bounds of a box hold for its halves too, which begin with them.

Source: Bunel et al. 2020, Branch and bound for piecewise linear neural network verification. The
smaller box is known as domain clipping. Which input is split is the word of a score (`scores`).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from abduce import clock
from abduce.clock import OutOfTime
from abduce.verify.bounds.affine.layers import Layers, backward_cost, forward_cost
from abduce.verify.bounds.propagation.backward import Bounds, Lower
from abduce.verify.bounds.propagation.certified import certified
from abduce.verify.bounds.propagation.forward import bound_layers_forward
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.bounds.propagation.slopes import Frame, climb
from abduce.verify.bounds.query import Query, case_objectives
from abduce.verify.branch.boxes import Boxes, halved, joined, parted
from abduce.verify.branch.recording import Recorder, hidden, intervals, parameters
from abduce.verify.branch.scores import SCORES, InputBounds, Scores
from abduce.verify.ledger import End, Parameters, Subdomain
from abduce.verify.refutation.attack import violating
from abduce.verify.rounding import UNIT
from abduce.verify.strategy import AUTOMATIC, Strategy
from abduce.verify.verdict import Work


class InputSplitting:
    """The search over the boxes of one query.

    Attributes:
        deadline: the ``clock.wall_s()`` at which the search ends, even in the middle of a batch.
        work: the work done so far.
        rest: the number of batches in which splits are not tried.
        climbing_rest: the number of batches in which slopes are not improved.
        stack: the boxes that are left; the next one is last.
        stuck: whether some box that is not settled has no number between its bounds.
        score: chooses the input that is split.
        recorder: where subdomains are written.
        deciding: the batch that is being bounded; None between batches.
        climbed: the parameters chosen for each box of this batch and each case, where these are
            kept (``keeps_parameters``).
        margin: the least bound with which a box was settled so far.
    """

    def __init__(
        self,
        network: Layers,
        query: Query,
        deadline: float = np.inf,
        strategy: Strategy = AUTOMATIC,
        scores: Scores = SCORES,
        recorder: Recorder | None = None,
    ) -> None:
        self.recorder = recorder or Recorder()
        self.score = scores.input_score(strategy.inputs.score)
        self.network = network
        self.query = query
        self.deadline = deadline
        self.strategy, self.config = strategy, strategy.inputs
        cases = np.ones((1, len(query.cases)), bool)
        self.rest = self.climbing_rest = 0
        self.objectives = case_objectives(network, query, np.arange(len(query.cases)))
        self.width = query.high - query.low
        numbers = self.recorder.numbers(1), np.full(1, -1)
        within = query.within(network)
        within = within if within is None else tuple(within)
        self.stack = [Boxes(*query.box, cases, np.full(1, -np.inf), within, *numbers)]
        self.deciding: Boxes | None = None
        self.climbed: dict[tuple[int, int], Parameters] = {}
        self.keeps_parameters = self.recorder.wanted
        self.work = Work(open=1)
        self.stuck = False
        self.margin = np.inf
        widest = max(network.sizes)
        config = self.config
        self.bound = bound_layers
        size = 2 * widest * widest
        if backward_cost(network) > config.forward * forward_cost(network):
            self.bound = bound_layers_forward
            if network.convolved:
                self.bound = partial(bound_layers_forward, linear=True)
            size = 4 * network.inputs * widest
        self.batch = int(np.clip(config.batch_entries // size, 1, config.max_batch))

    @property
    def open(self) -> bool:
        """Whether any boxes are left."""
        return bool(self.stack)

    def run(
        self, effort: float, progress: Callable[[Work], None] | None = None
    ) -> Iterator[np.ndarray]:
        """Yields inputs that seem to violate the query. It ends when no box is left, when the work
        is used up, or at the deadline.
        """
        until = self.network.effort.spent + effort
        while self.stack and self.network.effort.spent < until and clock.wall_s() < self.deadline:
            yield from self.step()
            if progress is not None:
                progress(self.work)

    def step(self) -> Iterator[np.ndarray]:
        """Bounds one batch and splits the boxes that stay open; a batch that fails stays on the
        stack."""
        boxes = self._pop()
        try:
            self.deciding = boxes
            yield from self._decide(boxes)
            self.deciding = None
        except OutOfTime:
            self.stack.append(boxes)
        except MemoryError:
            if len(boxes) == 1:
                raise
            self.stack.append(boxes)
            self.batch = len(boxes) // 2

    def _decide(self, boxes: Boxes) -> Iterator[np.ndarray]:
        known = self._bounded(boxes)
        found = self.query.lower(self.network, known)
        refuted = np.where(self.query.strict, found.value >= 0, found.value > 0)
        still = boxes.open & ~(self.query.of_rows(refuted.astype(float)) > 0)
        still &= ~known.empty[:, None]
        value, slope = self._climbed(known, found, still)
        still &= value <= 0
        still = self._confirmed(boxes, still, value)
        left = np.flatnonzero(still.any(-1))
        settled = boxes.open & ~still & ~known.empty[:, None]
        self.margin = float(value[settled].min(initial=self.margin))
        open_least = float(value[still].min(initial=np.inf))
        self.work = replace(self.work, domains=self.work.domains + len(boxes))
        self._record(boxes, known.empty, value, still)
        if len(left):
            value, slope, still = value[left], slope[left], still[left]
            yield from self._tried(boxes.take(left), (slope * still[..., None]).sum(1))
            low, high = self._clipped(boxes.take(left), still, found, left, value, slope)
            within = tuple([(a[left], b[left]) for a, b in known.before])
            least = np.where(still, value, np.inf).min(-1)
            with np.errstate(invalid="ignore"):  # without bounds, not slow
                slow = least - boxes.bound[left] < self.config.slow * np.abs(boxes.bound[left])
            numbers = boxes.id[left], boxes.parent[left]
            rest = Boxes(low, high, still, least, within, *numbers)
            filled = np.asarray((low <= high).all(-1))
            self._record_split(boxes.take(left), left, still, least, filled)
            rows = found.slope[left] * still[:, self.query.owner, None]
            self._push(rest.take(filled), rows[filled], slow[filled])
        bound = open_least if self.stack else self.margin
        bound = bound if np.isfinite(bound) else None
        self.work = replace(self.work, open=sum(map(len, self.stack)), bound=bound)

    def _confirmed(self, boxes: Boxes, still: np.ndarray, value: np.ndarray) -> np.ndarray:
        """The cases of each box that stay open, (N, C), for those that bounds leave open."""
        return still

    def note(self, x: np.ndarray, case: int) -> None:
        """Writes the subdomain that holds a counterexample (inputs,) to a case."""
        place = self.query.cases.index(case)
        for boxes in [*([] if self.deciding is None else [self.deciding]), *self.stack]:
            inside = ((boxes.low <= x) & (x <= boxes.high)).all(-1) & boxes.open[:, place]
            for k in np.flatnonzero(inside)[:1].tolist():
                self._write(boxes, k, float(boxes.bound[k]), "counterexample", ())
                return

    def _record(
        self, boxes: Boxes, empty: np.ndarray, value: np.ndarray, still: np.ndarray
    ) -> None:
        """Writes the boxes of a batch in which no case is open."""
        if not self.recorder.wanted:
            return
        for k in np.flatnonzero(~still.any(-1)).tolist():
            goals = self._goals(boxes.open[k])
            bound = float(value[k][boxes.open[k]].min(initial=np.inf))
            self._write(boxes, k, bound, "infeasible" if empty[k] else "bound", goals, k)

    def _record_split(
        self,
        boxes: Boxes,
        left: np.ndarray,
        still: np.ndarray,
        bound: np.ndarray,
        filled: np.ndarray,
    ) -> None:
        """Writes the boxes ``left`` of a batch, which have open cases, as split or as clipped
        away."""
        if not self.recorder.wanted:
            return
        for k in range(len(boxes)):
            closed = boxes.open[k] & ~still[k] if filled[k] else boxes.open[k]
            end = "split" if filled[k] else "clipped"
            self._write(boxes, k, float(bound[k]), end, self._goals(closed), int(left[k]))

    def _goals(self, which: np.ndarray) -> tuple[int, ...]:
        return tuple([self.query.cases[c] for c in np.flatnonzero(which)])

    def _write(
        self, boxes: Boxes, k: int, bound: float, end: End, closed: tuple, place: int = -1
    ) -> None:
        """Writes box k, which has this index in the batch."""
        parent = int(boxes.parent[k])
        varied = self.width > 0 if parent >= 0 else np.full(len(self.width), True)
        entry = Subdomain(
            int(boxes.id[k]),
            parent if parent >= 0 else None,
            self._goals(boxes.open[k]),
            (
                *intervals(0, boxes.low[k], boxes.high[k], varied),
                *(() if parent >= 0 else hidden(self.network, self.query)),
            ),
            bound,
            end,
            closed,
            {case: self.climbed[place, case] for p, case in self.climbed if p == place},
        )
        self.recorder.write(entry)

    def _bounded(self, boxes: Boxes) -> Bounds:
        box = boxes.low, boxes.high
        return self.bound(
            self.network, box, boxes.within, deadline=self.deadline, config=self.strategy.bounds
        )

    def _climbed(
        self, known: Bounds, found: Lower, still: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Bounds of the cases (D, C), each of the best weighted sum of its rows, and their
        slopes."""
        value, owner = self.query.of_rows(found.value), self.query.owner
        best = [np.where(owner == c, found.value, -np.inf).argmax(-1) for c in range(len(still.T))]
        slope = np.take_along_axis(found.slope, np.stack(best, -1)[..., None], 1)
        box, case = np.nonzero(still)
        self.climbed = {}
        self.climbing_rest -= 1
        if not len(box) or self.climbing_rest >= 0:
            return value, slope
        frame = Frame(self.network, known, self.objectives, self.strategy.ascent)
        parts = frame.whole(box, case)
        first = np.stack(best, -1)[box, case] - np.searchsorted(owner, case)
        config = self.config
        parts.weight *= config.other_rows
        parts.weight[np.arange(len(parts)), first] += 1 - config.other_rows
        climb(frame, parts, config.steps, config.rate, 0.0)
        climbed = certified(self.network, known, self.objectives, parts)
        before, after = value[box, case], climbed.value[:, 0]
        with np.errstate(invalid="ignore", divide="ignore"):
            gain = np.maximum(after - before, 0.0) / np.abs(before)
        if gain[np.isfinite(gain)].sum() < config.worth_ascent * len(box):
            self.climbing_rest = config.rest
        more = after > before
        if self.keeps_parameters:
            self.climbed = {
                (int(box[i]), self.query.cases[case[i]]): parameters(frame, parts, i)
                for i in np.flatnonzero(more).tolist()
            }
        value[box[more], case[more]] = after[more]
        slope[box[more], case[more]] = climbed.slope[more, 0]
        return value, slope

    def _pop(self) -> Boxes:
        parts: list[Boxes] = []
        count = 0
        while self.stack and count < self.batch:
            top = self.stack.pop()
            if parts and (parts[0].within is None) != (top.within is None):
                self.stack.append(top)
                break
            spare = self.batch - count
            if len(top) > spare:
                self.stack.append(top.take(slice(0, len(top) - spare)))
                top = top.take(slice(len(top) - spare, None))
            parts.append(top)
            count += len(top)
        return joined(parts)

    def _tried(self, boxes: Boxes, slope: np.ndarray) -> Iterator[np.ndarray]:
        """The corner of each box at which linear bounds of these slopes (N, inputs) are least."""
        x = np.where(slope > 0, boxes.low, boxes.high)
        found = violating(self.network, self.query, x, self.config.suspects)
        self.work = replace(self.work, points=self.work.points + len(x))
        yield from found

    def _clipped(
        self,
        boxes: Boxes,
        still: np.ndarray,
        found: Lower,
        left: np.ndarray,
        value: np.ndarray,
        slope: np.ndarray,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Each box, clipped to what the linear bounds of its open cases leave of it."""
        count = len(self.query.cases)
        if count > self.config.clipped_cases:
            return boxes.low, boxes.high
        hull_low, hull_high = np.full_like(boxes.low, np.inf), np.full_like(boxes.high, -np.inf)
        for case in range(count):
            low, high = boxes.low, boxes.high
            rows = np.flatnonzero(self.query.owner == case)
            bounds = [(found.value[left, row], found.slope[left, row]) for row in rows]
            for least, a in [*bounds, (value[:, case], slope[:, case])]:
                spare = np.maximum(-least, 0.0)[:, None]
                with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                    reach = spare / np.abs(a) * (1 + 1e-12)
                    top = boxes.low + reach + 8 * UNIT * (np.abs(boxes.low) + reach)
                    bottom = boxes.high - reach - 8 * UNIT * (np.abs(boxes.high) + reach)
                high = np.where((a > 0) & (top < high), top, high)
                low = np.where((a < 0) & (bottom > low), bottom, low)
            mine = still[:, case, None]
            hull_low = np.where(mine, np.minimum(hull_low, low), hull_low)
            hull_high = np.where(mine, np.maximum(hull_high, high), hull_high)
        return hull_low, hull_high

    def _least(self, value: np.ndarray, still: np.ndarray) -> np.ndarray:
        """The bound, among those of rows (N, R), of the open case that is furthest from refuted,
        (N,)."""
        return np.where(still, self.query.of_rows(value), np.inf).min(-1)

    def _push(self, boxes: Boxes, slope: np.ndarray, slow: np.ndarray) -> None:
        """Puts the halves of the boxes on the stack, those with the worst bounds on top."""
        splits = parted(boxes)
        able = np.flatnonzero(splits.any(-1))
        if len(able) < len(boxes):
            self.stuck = True
            boxes, splits, slope, slow = boxes.take(able), splits[able], slope[able], slow[able]
        if not len(boxes):
            return
        width = np.where(splits, boxes.high - boxes.low, 0.0)
        score = self.score(InputBounds(width, self.width, slope)).copy()
        flat = ~(score > 0).any(-1)
        score[flat] = width[flat]
        at = score.argmax(-1)
        hard = np.flatnonzero(slow)
        self.rest -= 1
        few = self.config.lookahead and self.network.inputs <= self.config.tried_inputs
        if len(hard) and self.rest < 0 and few:
            at[hard] = self._tried_splits(boxes.take(hard), at[hard])
        at = np.where(splits[np.arange(len(at)), at], at, width.argmax(-1))
        order = np.argsort(-boxes.bound, kind="stable")
        halves = joined([part.take(order) for part in halved(boxes, at)])
        numbers = self.recorder.numbers(len(halves))
        self.stack.append(replace(halves, id=numbers, parent=halves.id))
        self._halved(self.stack[-1], at[order])

    def _halved(self, halves: Boxes, at: np.ndarray) -> None:
        """Called with the lower halves and then the upper halves of boxes, and the inputs ``at``
        which they meet."""

    def _tried_splits(self, boxes: Boxes, at: np.ndarray) -> np.ndarray:
        """The input of each box whose halves have the best bounds, or ``at`` where no input
        gains."""
        total = np.zeros(boxes.low.shape)
        for i in range(self.network.inputs):
            for part in halved(boxes, np.full(len(boxes), i)):
                known = self._bounded(part)
                least = self._least(self.query.lower(self.network, known).value, part.open)
                total[:, i] += np.minimum(least, 0.0)
        index, scale = np.arange(len(boxes)), 2 * np.abs(boxes.bound)
        with np.errstate(invalid="ignore"):
            gain = total.max(-1) - 2 * boxes.bound
            more = (total.max(-1) - total[index, at]) / scale
        if more[np.isfinite(more)].sum() < self.config.worth_trying * len(boxes):
            self.rest = self.config.rest
        return np.where(gain > self.config.slow * scale, total.argmax(-1), at)
