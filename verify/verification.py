"""Verification: a network and a specification in, a verdict out.

First a short attack; then branch and bound, each query in turn, with a harder attack now and then.
A point counts as a counterexample only when it is replayed (`witness`). Before a proof counts, the
network is replayed at points of every box, too (`confirming`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from abduce import clock
from abduce.clock import OutOfTime
from abduce.errors import UnsupportedError
from abduce.verify.bounds.affine.float32 import Noise, noise_of
from abduce.verify.bounds.affine.layers import Layers, layers_of
from abduce.verify.bounds.effort import SECOND
from abduce.verify.bounds.query import Query, queries
from abduce.verify.branch.activations import ActivationSplitting
from abduce.verify.branch.inputs import InputSplitting
from abduce.verify.branch.recording import Recorder
from abduce.verify.branch.scores import SCORES, Scores
from abduce.verify.ledger import NO_LEDGER, Ledger, SearchLedger
from abduce.verify.networks.network import Network, Node, Shape
from abduce.verify.refutation.attack import candidates
from abduce.verify.refutation.confirming import confirmed, looked, with_float32
from abduce.verify.refutation.regions import Regions, region_candidates
from abduce.verify.refutation.sampling import Ends
from abduce.verify.refutation.witness import Court, Replay
from abduce.verify.specifications.hidden import watched
from abduce.verify.specifications.specification import Specification
from abduce.verify.strategy import AUTOMATIC, Strategy
from abduce.verify.verdict import OUT_OF_TIME, Certificate, Proved, Unknown, Verdict, Work

if TYPE_CHECKING:
    from abduce.verify.specifications.properties import Property

TOO_NEAR = "not settled where nothing is left to be split: the margin may be within rounding"

Semantics = Literal["real", "float32"]
"""The arithmetic of a network: exact real numbers, or every rounding that float32 allows."""
SplitsInputs = Callable[[Layers, Query, float, Strategy, Scores, Recorder], InputSplitting]
"""Makes the search over the boxes of a query, with a deadline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The limits of a verification.

    Attributes:
        timeout_s: seconds, from now.
        work_s: work seconds of branch and bound and of what it attacks (see `bounds.effort`). They
            are counted and not timed, so that a loaded machine gives the same verdict.
    """

    timeout_s: float = 300.0
    work_s: float = np.inf


def verify(
    network: Network,
    specification: "Specification | Property",
    budget: Budget = Budget(),
    strategy: Strategy = AUTOMATIC,
    *,
    semantics: Semantics = "real",
    replay: Replay | None = None,
    progress: Callable[[Work], None] | None = None,
    scores: Scores = SCORES,
    ledger: Ledger = NO_LEDGER,
    regions: Regions | None = None,
    splitting: SplitsInputs = InputSplitting,
) -> Verdict:
    """Whether no input violates the specification.

    Args:
        specification: read from a file, or a property written in Python.
        semantics: the semantics of the network: ``real``, or ``float32`` for every runtime that
            computes its operations in float32 (docs/verify.md says what that allows).
        replay: runs the network where it will be used; a counterexample must hold there too, and
            what it computes at some points is judged before anything is proved.
        progress: called with the work done so far, after each batch.
        scores: the branching scores whose words the strategy may use.
        ledger: receives every subdomain when the search is done with it (see `verify.ledger`). A
            `SearchLedger` is the evidence of a proof.
        regions: where the search for counterexamples by linear programs begins (see
            `refutation.regions`). It is made once for each query that the first branch and bound
            leaves open, and may take half of the time that is left. Without it there is none.
        splitting: makes the search over the boxes of a query, where inputs are split.

    Raises:
        UnsupportedError: in float32, operations whose rounding has no bounds.
        InputError: a score that is not in the table; bounds on a node that is not there, or on an
            entry that it does not have.
        InputError, ValueError: a property that leaves an input free, or is of another network.
    """
    if not isinstance(specification, Specification):
        specification = specification.specification_of(network)
    scores.check(strategy)
    deadline = clock.wall_s() + budget.timeout_s
    late = f"{OUT_OF_TIME} after {budget.timeout_s:g} s"
    try:
        noise = _noise(network) if semantics == "float32" else None
        layers = layers_of(network, deadline, noise, watched(network, specification.hidden))
    except OutOfTime:
        return Unknown(late, Work())
    rng = np.random.default_rng(strategy.seed)
    open_queries = queries(specification)
    limit = layers.effort.spent + budget.work_s * SECOND
    attack = strategy.attack
    total, ends, recorder = Work(), Ends(strategy.checks), Recorder(ledger)
    real = None if semantics == "float32" else layers
    court = Court(network, specification, real, replay, strategy.checks)
    for query in open_queries:
        points = candidates(layers, query, rng, attack, deadline, ended=ends.add)
        found = court.first(query, points)
        if found is not None:
            return found
    if semantics == "float32" and open_queries:  # whose word alone counts
        found, _ = looked(court, layers, open_queries, ends, deadline)
        if found is not None:
            return found
    for query in open_queries:
        wide = query if semantics == "real" else with_float32(query)
        make = splitting if _splits_inputs(query, strategy) else ActivationSplitting
        search = make(layers, wide, deadline, strategy, scores, recorder)
        before = total

        def told(work: Work, before: Work = before) -> None:
            if progress is not None:
                progress(_together(before, work))

        found = None
        later, pause, walk = attack, attack.pause * SECOND, regions
        while found is None and search.open and clock.wall_s() < deadline:
            left = limit - layers.effort.spent
            if left <= 0:
                break
            found = court.first(query, search.run(min(pause, left), told))
            if found is None and search.open and walk is not None:
                until = (clock.wall_s() + deadline) / 2
                found = court.first(query, region_candidates(layers, query, walk, until))
                walk = None
            if found is None and search.open:
                restarts = min(attack.more_restarts * later.restarts, attack.max_restarts)
                later, pause = replace(attack, restarts=restarts), attack.longer_pause * pause
                effort = attack.share * pause
                points = candidates(layers, query, rng, later, deadline, effort, ended=ends.add)
                found = court.first(query, points)
        total = _together(before, search.work)
        if found is not None:
            search.note(found.x.ravel(), found.case)
            return replace(found, work=total)
        if search.open and clock.wall_s() < deadline:
            return Unknown(f"out of work after {budget.work_s:g} work seconds", total)
        if search.open:
            return Unknown(late, total)
        if search.stuck:
            return Unknown(TOO_NEAR, total)
    proved = Proved(total, _certificate(specification, ledger), float32=semantics == "float32")
    return confirmed(proved, court, layers, open_queries, ends, deadline)


def _splits_inputs(query: Query, strategy: Strategy) -> bool:
    if strategy.split == "auto":
        return bool(np.count_nonzero(query.high > query.low) <= strategy.max_split_inputs)
    return strategy.split == "inputs"


def _certificate(specification: Specification, ledger: Ledger) -> Certificate | None:
    """A ledger that kept the search is evidence; without one only the work can be shown."""
    if not isinstance(ledger, SearchLedger):
        return None
    claim = "no input in the boxes of the specification violates it"
    return Certificate(claim, "branch and bound", len(specification.cases), ledger)


def _noise(network: Network) -> Callable[[Node, Sequence[Shape]], Noise]:
    if network.unbounded:
        hint = "Before the export, fold constants, and write normalisations with sums and products."
        raise UnsupportedError("--semantics float32", network.unbounded, hint)
    return noise_of


def _together(a: Work, b: Work) -> Work:
    bounds = [work.bound for work in (a, b) if work.bound is not None]
    least = min(bounds, default=None)
    return Work(a.domains + b.domains, a.points + b.points, a.open + b.open, least)
