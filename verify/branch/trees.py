"""Search trees of many objectives at once, best first: subdomains that assume more of activations.

Each objective is a sum of rows to be bounded from below. The subdomain with the least bound is
split in two at the entry with the largest score (see `scores`): a relu at 0, where each half is
linear; any other function between the middle of its interval and the pre-activation in question.
The intermediate bounds of all other entries stay those of the whole box. The halves begin with the
slopes and multipliers (alpha, beta) of their parent, and improve them. The search is in float32; a
subdomain is closed only by a certified bound.

Source: Wang et al. 2021, Beta-CROWN.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from abduce.verify.bounds.functions.relaxations import lines as lines_of
from abduce.verify.bounds.propagation.certified import certified
from abduce.verify.bounds.propagation.slopes import Frame, LinesInUse, Subdomains, climb
from abduce.verify.branch.carrying import carried
from abduce.verify.branch.linear import is_linear, solved
from abduce.verify.branch.recording import Recorder
from abduce.verify.branch.scored import ActivationBounds, Shortcut
from abduce.verify.branch.scores import ActivationScore, Branching, relaxation_loss, unsplit
from abduce.verify.branch.shortcuts import CANDIDATES, LINES, Linear, linear_bounds
from abduce.verify.branch.steps import Steps
from abduce.verify.ledger import Goal, Neuron
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.strategy import AUTOMATIC, ActivationConfig

CHUNK = 256
SHARP_CHUNK = 16


@dataclass(slots=True)
class Pool:
    """Subdomains in arrays that grow; the places of removed ones are reused."""

    parts: Subdomains
    live: np.ndarray
    stale: np.ndarray
    """The subdomains whose bounds must be computed again before they are split."""

    @property
    def places(self) -> np.ndarray:
        return np.flatnonzero(self.live)

    def put(self, parts: Subdomains, stale: bool = False) -> None:
        free = np.flatnonzero(~self.live)
        if len(free) < len(parts):
            size = len(self.live)
            more = max(size, len(parts))
            self.parts = self.parts.like(
                np.concatenate([a, np.zeros((more, *a.shape[1:]), a.dtype)])
                for a in self.parts.arrays()
            )
            self.live = np.concatenate([self.live, np.zeros(more, bool)])
            self.stale = np.concatenate([self.stale, np.zeros(more, bool)])
            free = np.flatnonzero(~self.live)
        at = free[: len(parts)]
        for kept, new in zip(self.parts.arrays(), parts.arrays(), strict=True):
            kept[at] = new
        self.live[at], self.stale[at] = True, stale


class Trees:
    """One search tree for each objective of a frame.

    Attributes:
        frame: the frame of the objectives, over one box.
        branching: chooses the entry that is split, and the point.
        linear: linear bounds on pre-activations that scores have asked for, by value.
        enough: a subdomain is closed where its bound is larger than this, (C,).
        root: certified bounds of the whole box, (C,). done: the least certified bound of closed
            subdomains, (C,); infinite at first.
        spared: how much regrouping adds to the bounds of whole boxes, (C,); about as much is
            expected for subdomains.
        domains: the number of subdomains that were bounded.
        worst: the inputs at which the last subdomains have their least bounds, (N, inputs).
        steps: the number of steps of ascent for each half.
        losses: how much the active entries of each layer loosen the bounds of open whole boxes,
            (active,).
        failed: subdomains that cannot be split further and whose bounds are too small.
        short: the least certified bound of these, (C,); infinite at first.
    """

    def __init__(
        self,
        frame: Frame,
        enough: np.ndarray,
        sharp: bool = False,
        config: ActivationConfig = AUTOMATIC.activations,
        branching: ActivationScore | Branching = relaxation_loss,
        recorder: Recorder | None = None,
        goals: Sequence[Goal] = (),
        box: int = -1,
    ) -> None:
        """Begin with the whole box, for each objective.

        Args:
            sharp: whether certified bounds regroup coefficients on products of matrices.
            recorder, goals, box: where subdomains are written, what the objectives are there, and
                the number of the box.
        """
        self.config, self.branching = config, Branching.of(branching)
        self.goals, self.box = goals, box
        self.linear: dict[int, Linear | None] = {}
        self.recorder = recorder or Recorder()
        self.frame, self.enough, self.sharp = frame, enough, sharp
        self.done = np.full(len(frame.objectives), np.inf)
        places = np.arange(len(frame.objectives))
        root = frame.whole(np.zeros_like(places), places)
        root.id[:], root.parent[:] = self.recorder.numbers(len(root)), self.box
        self.worst = climb(frame, root, config.root_steps, config.rate)
        self.root = self._certified(root)
        self.first = root.take(places) if self._bounds_neurons and self.recorder.wanted else None
        self.spared = np.maximum(self.root - root.value, 0.0) if sharp else np.zeros(len(root))
        self.domains = len(root)
        self.pool = Pool(root.take(np.arange(0)), np.zeros(0, bool), np.zeros(0, bool))
        self.short = np.full(len(root), np.inf)
        self.failed: list[Subdomains] = []
        self.steps = Steps(config)
        self._settle(root)
        self.losses = self._losses()

    def carried(self, frame: Frame, kept: np.ndarray) -> "Trees":
        """These trees in a frame with better bounds on the box, for those objectives, (C,). An
        objective begins again with the whole box if that now has a better bound than its worst
        subdomain had. Otherwise it keeps its subdomains, and each is bounded again before it is
        split.
        """
        goals = [self.goals[c] for c in kept] if self.goals else ()
        trees = Trees(
            frame,
            self.enough[kept],
            self.sharp,
            self.config,
            self.branching,
            self.recorder,
            goals,
            self.box,
        )
        trees.steps = self.steps
        pool, place = trees.pool, np.full(len(self.done), -1)
        place[kept] = np.arange(len(kept))
        left = [self.pool.parts.take(self.pool.places), *self.failed]
        least = np.full(len(self.done), np.inf)
        for parts in left:
            np.minimum.at(least, parts.objective, parts.value)
        whole, values = pool.parts.objective[pool.places], pool.parts.value[pool.places]
        better = values < least[kept[whole]]
        pool.live[pool.places[better]] = False
        goes_on = kept[whole[better]]
        trees.done[place[goes_on]] = self.done[goes_on]
        for parts in left:
            mine = parts.take(np.isin(parts.objective, goes_on))
            going, empty = carried(mine, self.frame, frame, place)
            self.recorder.parts(self.frame, empty, self.goals, "infeasible")
            pool.put(going, stale=True)
        return trees

    @property
    def open(self) -> int:
        return int(self.pool.live.sum())

    def round(self, batch: int) -> None:
        """Splits the worst subdomains of each objective, about ``batch`` in all, or bounds them
        again."""
        places = self._worst(batch)
        self.pool.live[places] = False
        stale = self.pool.stale[places]
        old, parts = (self.pool.parts.take(places[which]) for which in (stale, ~stale))
        self.worst = self._none
        if len(old):
            self.worst = climb(self.frame, old, self.steps.count, self.config.rate, self._far)
        self.domains += len(old)
        self._settle(old)
        if len(parts):
            self.worst = np.concatenate([self.worst, self._cut(parts)])

    def _cut(self, parts: Subdomains) -> np.ndarray:
        """Splits subdomains, or finishes them; returns the inputs at which their bounds are
        least."""
        scores, at = self._scores(parts, self.branching)
        index, best = np.arange(len(parts)), scores.argmax(-1)
        cut = scores[index, best] > 0
        stuck = parts.take(~cut)
        finished = self._finished(stuck)
        parts, best, at = parts.take(cut), best[cut], at[index, best][cut]
        if not len(parts):
            return finished
        halves = self._halves(parts, best, at)
        self.recorder.parts(self.frame, parts, self.goals, "split")
        whole = halves.value.copy()
        if np.isfinite(self.enough).all():
            far = (self.enough - self.spared)[halves.objective]
            self.steps.choose(self.frame, halves, far)
        worst = climb(self.frame, halves, self.steps.count, self.config.rate, self._far)
        self._keep(parts, halves, np.flatnonzero(halves.value < whole))
        self.domains += len(halves)
        self._settle(halves)
        return np.concatenate([finished, worst])

    @np.errstate(all="ignore")
    def _keep(self, parts: Subdomains, halves: Subdomains, lost: np.ndarray) -> None:
        """Gives some halves the slopes of their parents, in place."""
        if not len(lost):
            return
        old = parts.take(lost % len(parts))
        for j in self.frame.free:
            old.low[j][:], old.high[j][:] = halves.low[j][lost], halves.high[j][lost]
        old.id[:], old.parent[:] = halves.id[lost], halves.parent[lost]
        old.value[:], _ = self.frame.back(old, {})
        for half, new in zip(halves.arrays(), old.arrays(), strict=True):
            half[lost] = new

    def refuted(self) -> np.ndarray:
        """The objectives that have no open subdomain, and certified bounds that are enough,
        (C,)."""
        left = np.zeros(len(self.done), bool)
        left[self.pool.parts.objective[self.pool.places]] = True
        return ~left & (np.minimum(self.done, self.short) > self.enough)

    def _losses(self) -> dict[int, np.ndarray]:
        """How much the active entries of each value loosen the bounds of open subdomains,
        (active,). It decides which bounds are refined, and does not depend on the branching score.
        """
        parts = self.pool.parts.take(self.pool.places)
        scores = self._scores(parts, Branching(score=relaxation_loss))[0].sum(0)
        sizes = [parts.low[j].shape[1] for j in self.frame.free]
        *losses, _ = np.split(scores, np.cumsum(sizes))
        return dict(zip(self.frame.free, losses, strict=True))

    def bounds(self, record: bool = False) -> np.ndarray:
        """Certified bounds of the objectives, (C,); ``record`` writes the open parts as closed."""
        places = self.pool.places
        found = np.minimum(
            self.done, self.short
        )  # of the parts; the whole box may have a better one
        for start in range(0, len(places), CHUNK):
            parts = self.pool.parts.take(places[start : start + CHUNK])
            values = self._certified(parts)
            np.minimum.at(found, parts.objective, values)
            if record:
                self._closed(parts, values, np.full(len(parts), True))
        if record and self.first is not None:
            again = self.first.take(self.root > found)
            again.id[:] = self.recorder.numbers(len(again))
            self._closed(again, self.root[again.objective], np.full(len(again), True))
        return np.maximum(found, self.root)

    @property
    def _bounds_neurons(self) -> bool:
        """Whether every improvement of a bound helps: so with goals that are bounds on neurons, not
        cases."""
        return bool(self.goals) and isinstance(self.goals[0], Neuron)

    @property
    def _none(self) -> np.ndarray:
        """No inputs."""
        return np.zeros((0, self.frame.network.inputs))

    @property
    def _far(self) -> float:
        """The value from which all subdomains are likely to be done."""
        return float((self.enough - self.spared).max())

    def _certified(self, parts: Subdomains) -> np.ndarray:
        frame, found = self.frame, np.zeros(len(parts))
        size = SHARP_CHUNK if self.sharp else max(1, len(parts))
        for start in range(0, len(parts), size):
            some = parts.take(np.arange(start, min(start + size, len(parts))))
            bounds = certified(frame.network, frame.known, frame.objectives, some, self.sharp)
            found[start : start + size] = bounds.value[:, 0]
        return found

    def _finished(self, parts: Subdomains) -> np.ndarray:
        """Finishes subdomains in which nothing is left to split; returns the inputs of their least
        bounds."""
        if not len(parts):
            return self._none
        config = self.config
        worst = climb(self.frame, parts, config.last_steps, config.rate, self._far)
        if is_linear(self.frame) and self.branching.score is not unsplit:
            hard = np.flatnonzero(parts.value <= self.enough[parts.objective])
            for place in hard[: config.linear_parts]:
                worst[place] = solved(self.frame, parts, place)
            self.pool.put(parts.take(hard[config.linear_parts :]))
            parts = parts.take(np.delete(np.arange(len(parts)), hard[config.linear_parts :]))
        values = self._certified(parts)
        enough = values > self.enough[parts.objective]
        np.minimum.at(self.done, parts.objective[enough], values[enough])
        np.minimum.at(self.short, parts.objective[~enough], values[~enough])
        self._closed(parts, values, enough | self._bounds_neurons)
        if np.isfinite(self.enough).all() and not enough.all():
            self.failed.append(parts.take(~enough))
        return worst

    def _settle(self, parts: Subdomains) -> None:
        """Closes the subdomains whose certified bound is enough, and keeps the others."""
        spared = self.spared[parts.objective]
        near = parts.value + spared > self.enough[parts.objective]
        if near.any():
            chosen = parts.take(near)
            values = self._certified(chosen)
            enough = values > self.enough[chosen.objective]
            np.minimum.at(self.done, chosen.objective[enough], values[enough])
            self._closed(chosen, values, enough)
            parts.value[near] = np.minimum(parts.value[near], values - spared[near])
            near[near] = enough
        self.pool.put(parts.take(~near))

    def _closed(self, parts: Subdomains, values: np.ndarray, which: np.ndarray) -> None:
        """Writes some subdomains as closed by their certified values."""
        if self.recorder.wanted:
            done = parts.take(which)
            self.recorder.parts(self.frame, done, self.goals, "bound", values[which])

    def _worst(self, batch: int) -> np.ndarray:
        places = self.pool.places
        values, owner = self.pool.parts.value[places], self.pool.parts.objective[places]
        count = len(np.unique(owner))
        each = max(1, batch // count)
        if count == 1:
            each = min(each, len(places))
            return places[np.argpartition(values, each - 1)[:each]]
        order = np.lexsort((values, owner))
        sorted_owner = owner[order]
        first = np.searchsorted(sorted_owner, sorted_owner)
        rank = np.arange(len(order)) - first
        return places[order[rank < each]]

    @np.errstate(all="ignore")
    def _scores(self, parts: Subdomains, branching: Branching) -> tuple[np.ndarray, np.ndarray]:
        """The scores of the entries of all free values, concatenated, and the point at which each
        would be split.

        Returns:
            (N, entries + 1), the last of which is zero; (N, entries).
        """
        frame = self.frame
        lines: dict[int, LinesInUse] = {}
        _, slope = frame.back(parts, lines)
        smooth = any(lines[j].touch is not None for j in frame.free)
        before = frame.forth(parts, frame.worst(parts, slope), lines) if smooth else {}
        found, spread, places = [], [], []
        for j in frame.free:
            line, low, high = lines[j], parts.low[j], parts.high[j]
            function = frame.function(j)
            assert isinstance(function, Nonlinearity)
            given = ActivationBounds(
                function,
                low,
                high,
                line.coefficient,
                line.slope,
                line.offset,
                before.get(j),
                frame.bias[j],
                self.config.lower_share,
                self.config.margin,
                shortcut=self._shortcut(parts, j, slope) if branching.shortcuts else None,
            )
            given = replace(given, points=branching.points(given))
            loose, gain = given.loose, branching.score(given)
            found.append(np.where(loose & np.isfinite(gain), gain, 0))
            spread.append(np.where(loose & (gain > -np.inf), high - low, 0))
            places.append(given.split_points)
        none = np.zeros((len(parts), 1))  # there may be nothing to choose
        scores = np.concatenate([*found, none], -1)
        idle = ~(scores > 0).any(-1)  # what loses nothing yet may do so with other choices
        scores[idle] = np.concatenate([*spread, none], -1)[idle]
        return scores, np.concatenate([*places, none], -1)

    def _shortcut(self, parts: Subdomains, j: int, objective: np.ndarray) -> Shortcut | None:
        """What a score needs to see what a line of value j does to the bounds of subdomains."""
        frame = self.frame
        if frame.function(j).is_hinge:
            return None
        if j not in self.linear:
            self.linear[j] = linear_bounds(frame, j)
        found = self.linear[j]
        entries = len(parts) * min(CANDIDATES, parts.low[j].shape[1])
        frame.network.effort.layer(2 * LINES * entries, 3 * frame.network.inputs)
        return None if found is None else Shortcut(*found, objective, frame.middle, frame.half)

    def _halves(self, parts: Subdomains, at: np.ndarray, places: np.ndarray) -> Subdomains:
        """Both halves of each subdomain, split at entry ``at`` (N,) of the free values, at the
        points ``places``."""
        index = np.arange(len(parts))
        halves = parts.take(np.concatenate([index, index]))
        halves.id, halves.parent = self.recorder.numbers(len(halves)), halves.id
        start = 0
        for j in self.frame.free:
            size = parts.low[j].shape[1]
            rows = index[(at >= start) & (at < start + size)]
            entries = at[rows] - start
            start += size
            if not len(rows):
                continue
            function = self.frame.function(j)
            others = rows + len(parts)
            halves.high[j][rows, entries] = places[rows]
            halves.low[j][others, entries] = places[rows]
            if not isinstance(function, Nonlinearity) or function.is_hinge:
                continue
            for where in (rows, others):
                found = lines_of(
                    function,
                    halves.low[j][where, entries].astype(np.float64),
                    halves.high[j][where, entries].astype(np.float64),
                )
                halves.alpha_lower[j][where, entries] = found.lower_slope
                halves.alpha_upper[j][where, entries] = found.upper_slope
        return halves
