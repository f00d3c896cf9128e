"""Branch and bound on activations, for boxes in which many inputs vary.

First the cases are bounded as they are; then with the best slopes. What is still open is searched
by cutting activations, and where that does not end soon the bounds on pre-activations are made
better (see `refining`) and the search is begun again, each time with more to spend on both.

Source: Bunel et al. 2020; Wang et al. 2021, Beta-CROWN (the search for cases). Bounds on
pre-activations by a search of their own take the place that mixed-integer programs have elsewhere.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from abduce import clock
from abduce.verify.attack import violating
from abduce.verify.bounds.backward import Bounds
from abduce.verify.bounds.deadline import OutOfTime
from abduce.verify.bounds.layers import Layers
from abduce.verify.bounds.layerwise import bound_layers
from abduce.verify.bounds.slopes import Frame
from abduce.verify.branch.query import Query, case_objectives
from abduce.verify.branch.refining import refined
from abduce.verify.branch.trees import Trees
from abduce.verify.verdict import Work

BATCH = 64
FIRST_ROUNDS, MORE = 5, 3
"""Rounds of the first search for better bounds, after one for slopes alone; then so many times."""
MANY_ROUNDS = 40
"""After so many, what is left in a tree that has nothing more to be cut is not tried again."""
FIRST_SEARCH, MIN_SEARCH_S = 4.0, 0.2
"""The first search for the cases takes so many times as long as bounding them did, and a little;
later ones as long as the search for bounds before them.
"""


class ActivationSplitting:
    """The search over parts of one box that differ in what is assumed of activations.

    Attributes:
        deadline: ``clock.wall_s()`` at which bounding is given up, too.
        open: whether there are cases that are not refuted.
        stuck: whether cases are left in which there is nothing more to be cut.
        margin: the least bound with which a case was refuted so far.
        work: done so far.
    """

    def __init__(self, network: Layers, query: Query, deadline: float = np.inf) -> None:
        self.network, self.query, self.deadline = network, query, deadline
        self.open = True
        self.stuck = False
        self.margin = np.inf
        self.work = Work(open=1)
        self.stages = self._stages()

    def run(
        self, deadline: float, progress: Callable[[Work], None] | None = None
    ) -> Iterator[np.ndarray]:
        """Yields inputs that seem to violate the query; ends when none is left, or in time."""
        while self.open and clock.wall_s() < deadline:
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
        """Yields inputs to be tried; ends when all cases are refuted, or the search is stuck."""
        query, started = self.query, clock.wall_s()
        known = bound_layers(self.network, query.box, deadline=self.deadline)
        found = query.lower(self.network, known)
        bounds = query.of_rows(found.value)[0]
        self._count(1, float(bounds.min()), 1)
        refuted = np.where(query.strict, found.value >= 0, found.value > 0)
        still = np.flatnonzero(query.of_rows(refuted.astype(float))[0] <= 0)
        self.margin = float(np.delete(bounds, still).min(initial=np.inf))
        if known.empty.any() or not len(still):
            return
        yield np.where(found.slope[0] > 0, query.low, query.high)
        spent, rounds = FIRST_SEARCH * (clock.wall_s() - started) + MIN_SEARCH_S, 0
        while True:
            started = clock.wall_s()
            cases = case_objectives(self.network, query, still)
            frame = Frame(self.network, known, cases)
            trees = Trees(frame, np.zeros(len(still)), sharp=True)
            losses = trees.losses()
            while trees.open and clock.wall_s() < started + spent:
                domains = trees.domains
                trees.round(BATCH)
                bound = float(trees.pool.parts.value[trees.pool.live].min(initial=np.inf))
                self._count(trees.domains - domains, bound, trees.open)
                yield trees.worst.astype(np.float64)
            refuted = trees.refuted()
            self.margin = float(trees.done[refuted].min(initial=self.margin))
            still = still[~refuted]
            if not len(still):
                return
            if rounds >= MANY_ROUNDS and not trees.open:
                self.stuck = True
                return
            started = clock.wall_s()
            before = 0
            for step in refined(self.network, known, losses, rounds):
                if isinstance(step, Bounds):
                    known = step
                    continue
                self._count(max(0, step - before), self.work.bound, self.work.open)
                before = step
                yield np.zeros((0, self.network.inputs))
            spent = max(clock.wall_s() - started, MIN_SEARCH_S)
            rounds = MORE * rounds or FIRST_ROUNDS

    def _count(self, domains: int, bound: float | None, parts: int) -> None:
        work = self.work
        bound = bound if bound is not None and np.isfinite(bound) else None
        self.work = replace(work, domains=work.domains + domains, bound=bound, open=parts)

    def _violating(self, x: np.ndarray) -> Iterator[np.ndarray]:
        """Those of the inputs (P, inputs) that seem to violate the query."""
        if not len(x):
            return
        found = violating(self.network, self.query, x)
        self.work = replace(self.work, points=self.work.points + len(x))
        yield from found
