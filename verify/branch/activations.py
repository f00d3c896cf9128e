"""Branch and bound on activations, for boxes in which many inputs vary.

First the cases are bounded with default slopes, then with the best slopes (alpha). For cases that
are still open, activations are split. Where that does not end soon, branching improves the
intermediate bounds (see `refining`). Then the search goes on, each time with more work for both. It
keeps its subdomains, unless the whole box now has a better bound than the worst of them had. Where
no bound could be improved, the search goes on with its subdomains as they are, and for longer.

Source: Bunel et al. 2020; Wang et al. 2021, Beta-CROWN (the search for cases). Intermediate bounds
by a search of their own take the place that mixed-integer programs have elsewhere.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from abduce import clock
from abduce.clock import OutOfTime
from abduce.verify.bounds.affine.layers import Layers
from abduce.verify.bounds.effort import SECOND
from abduce.verify.bounds.propagation.backward import Bounds
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.bounds.propagation.slopes import Frame
from abduce.verify.bounds.query import Query, case_objectives
from abduce.verify.branch.recording import Recorder, hidden, intervals
from abduce.verify.branch.refining import better, refined
from abduce.verify.branch.scores import SCORES, Scores, unsplit
from abduce.verify.branch.trees import Trees
from abduce.verify.ledger import Subdomain
from abduce.verify.refutation.attack import violating
from abduce.verify.refutation.gradients import forward
from abduce.verify.strategy import AUTOMATIC, Strategy
from abduce.verify.verdict import Work


class ActivationSplitting:
    """The search over subdomains of one box, which assume different signs or intervals of
    activations.

    The first search over the cases is limited by a multiple of the work of bounding them. A later
    one may take as much as the search for better bounds before it; if that failed, at least twice
    as much as the search over the cases before it.

    Attributes:
        deadline: the ``clock.wall_s()`` at which the search ends, even in the middle of bounding.
        open: whether some cases are not refuted.
        stuck: whether some subdomains are not settled and cannot be split.
        margin: the least bound with which a case was refuted so far.
        branching: chooses the activation that is split.
        recorder: where subdomains are written. work: the work done so far.
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
        self.network, self.query, self.deadline = network, query, deadline
        self.strategy, self.config = strategy, strategy.activations
        self.branching = scores.branching(self.config.score)
        self.recorder = recorder or Recorder()
        self.root = -1
        self.trees: Trees | None = None
        self.open = True
        self.stuck = False
        self.margin = np.inf
        self.work = Work(open=1)
        self.stages = self._stages()

    def run(
        self, effort: float, progress: Callable[[Work], None] | None = None
    ) -> Iterator[np.ndarray]:
        """Yields inputs that seem to violate the query. It ends when no case is open, when the work
        is used up, or at the deadline.
        """
        until = self.network.effort.spent + effort
        while self.open and self.network.effort.spent < until and clock.wall_s() < self.deadline:
            try:
                found = next(self.stages, None)
            except OutOfTime:
                self.stages = self._stages()  # an exception has ended the one before
                return
            if found is None:
                self.open = False
                if not self.stuck:
                    self._count(0, self.margin, 0)
                return
            yield from self._violating(found)
            if progress is not None:
                progress(self.work)

    def _stages(self) -> Iterator[np.ndarray]:
        """Yields inputs to be checked. It ends when all cases are refuted, or the search is
        stuck."""
        query, effort, config = self.query, self.network.effort, self.config
        started, least = effort.spent, config.least_search * SECOND
        known = bound_layers(
            self.network,
            query.box,
            query.within(self.network),
            deadline=self.deadline,
            config=self.strategy.bounds,
            assumed=query.assumed(self.network),
        )
        found = query.lower(self.network, known)
        bounds = query.of_rows(found.value)[0]
        self._count(1, float(bounds.min()), 1)
        refuted = np.where(query.strict, found.value >= 0, found.value > 0)
        still = np.flatnonzero(query.of_rows(refuted.astype(float))[0] <= 0)
        self.margin = float(np.delete(bounds, still).min(initial=np.inf))
        self._record_root(float(bounds.min()), still, bool(known.empty.any()))
        if known.empty.any() or not len(still):
            return
        yield np.where(found.slope[0] > 0, query.low, query.high)
        most, rounds = config.first_search * (effort.spent - started) + least, 0
        goals = [query.cases[c] for c in still]
        trees = Trees(
            self._frame(known, still),
            np.zeros(len(still)),
            True,
            config,
            self.branching,
            self.recorder,
            goals,
            self.root,
        )
        while True:
            self.trees = trees
            until = effort.spent + most
            while trees.open and effort.spent < until:
                domains = trees.domains
                trees.round(config.batch)
                bound = float(trees.pool.parts.value[trees.pool.live].min(initial=np.inf))
                self._count(trees.domains - domains, bound, trees.open)
                yield trees.worst.astype(np.float64)
            refuted = trees.refuted()
            self.margin = float(trees.done[refuted].min(initial=self.margin))
            if refuted.all():
                return
            enough = 1 if self.branching.score is unsplit else config.many_rounds
            if rounds >= enough and not trees.open:
                self.stuck = True
                return
            started, old, before = effort.spent, known, 0
            refining = refined(
                self.network,
                old,
                trees.losses,
                rounds,
                self.strategy,
                self.branching,
                self.recorder,
                self.root,
            )
            for step in refining:
                if isinstance(step, Bounds):
                    known = step
                    continue
                self._count(max(0, step - before), self.work.bound, self.work.open)
                before = step
                yield np.zeros((0, self.network.inputs))
            if better(known, old):
                still = still[~refuted]
                trees = trees.carried(self._frame(known, still), np.flatnonzero(~refuted))
                most = max(effort.spent - started, least)
            else:
                most = max(effort.spent - started, 2 * most)
            rounds = config.more_rounds * rounds or config.rounds

    def note(self, x: np.ndarray, case: int) -> None:
        """Writes the subdomain that holds a counterexample (inputs,) to a case."""
        if not self.recorder.wanted or self.root < 0:
            return
        trees = self.trees
        if trees is None or case not in trees.goals:
            number = int(self.recorder.numbers(1)[0])
            goals = (case,)
            entry = Subdomain(number, self.root, goals, (), -np.inf, "counterexample")
            self.recorder.write(entry)
            return
        parts = trees.pool.parts.take(trees.pool.places)
        parts = parts.take(parts.objective == trees.goals.index(case))
        _, before = forward(self.network, x[None])
        off = np.zeros(len(parts))
        for j in trees.frame.free:
            active = trees.frame.known.active[j]
            z = before[j - 1] if active is None else before[j - 1][:, active]
            outside = np.maximum(parts.low[j] - z, z - parts.high[j])
            off = np.maximum(off, outside.max(-1, initial=0.0))
        nearest = parts.take(np.argsort(off, kind="stable")[:1])  # of float32 bounds
        self.recorder.parts(trees.frame, nearest, trees.goals, "counterexample")

    def _record_root(self, bound: float, still: np.ndarray, empty: bool) -> None:
        """Writes the whole box after its first bounds, with the cases ``still`` open."""
        if not self.recorder.wanted:
            return
        self.root, goals = int(self.recorder.numbers(1)[0]), self.query.cases
        (low,), (high,) = self.query.box
        left = [] if empty else [goals[c] for c in still]
        entry = Subdomain(
            self.root,
            None,
            goals,
            (*intervals(0, low, high, np.full(len(low), True)), *hidden(self.network, self.query)),
            bound,
            "infeasible" if empty else "split" if left else "bound",
            tuple([goal for goal in goals if goal not in left]),
        )
        self.recorder.write(entry)

    def _frame(self, known: Bounds, cases: np.ndarray) -> Frame:
        objectives = case_objectives(self.network, self.query, cases)
        return Frame(self.network, known, objectives, self.strategy.ascent)

    def _count(self, domains: int, bound: float | None, parts: int) -> None:
        work = self.work
        bound = bound if bound is not None and np.isfinite(bound) else None
        self.work = replace(work, domains=work.domains + domains, bound=bound, open=parts)

    def _violating(self, x: np.ndarray) -> Iterator[np.ndarray]:
        """The rows of ``inputs`` (P, inputs) that seem to violate the query."""
        if not len(x):
            return
        found = violating(self.network, self.query, x, self.config.suspects)
        self.work = replace(self.work, points=self.work.points + len(x))
        yield from found
