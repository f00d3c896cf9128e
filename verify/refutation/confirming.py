"""From a proof to a verdict: running the network in a runtime, and bounding float32 rounding. A
runtime rounds, so it may contradict a proof in real arithmetic. If that is observed, the verdict
says at which input. Where a bound that covers all rounding costs next to nothing, it is tried, and
the verdict says whether it holds.
"""

from dataclasses import replace

import numpy as np

from abduce.verify.bounds.affine.float32 import noise_of
from abduce.verify.bounds.affine.layers import Layers, backward_cost, evaluation_cost, layers_of
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.bounds.query import Query
from abduce.verify.refutation.attack import inner_box
from abduce.verify.refutation.looking import looked_at
from abduce.verify.refutation.sampling import Ends, sample
from abduce.verify.refutation.witness import Court
from abduce.verify.verdict import Checked, Proved, Refuted, Unknown, Verdict

NOT_FINITE = "the runtime's output is not finite where float32 was bounded"


def confirmed(
    proved: Proved,
    court: Court,
    layers: Layers,
    open_queries: list[Query],
    ends: Ends,
    deadline: float,
) -> Verdict:
    """The proof, after the runtime was checked at points and float32 rounding was bounded."""
    if not open_queries:
        return proved
    found, checked = looked(court, layers, open_queries, ends, deadline)
    if found is not None:
        return replace(found, work=proved.work)
    rounding = next(iter(court.rounding), None)
    if rounding is not None and proved.float32:
        return Unknown(NOT_FINITE, proved.work)
    at_roots = proved.work.domains <= len(open_queries)
    float32 = proved.float32 or (
        rounding is None and at_roots and holds_in_float32(court, layers, open_queries)
    )
    return replace(proved, float32=float32, rounding=rounding, checked=checked)


def looked(
    court: Court, layers: Layers, open_queries: list[Query], ends: Ends, deadline: float
) -> tuple[Refuted | None, Checked | None]:
    """The outputs of the runtime at points (`looked_at`); nothing if there is no runtime."""
    if court.replay is None:
        return None, None
    cost = evaluation_cost(layers)
    points = sample(open_queries, ends, np.random.default_rng(0), cost)
    return looked_at(court, court.replay, open_queries, points, cost=cost, deadline=deadline)


def holds_in_float32(court: Court, layers: Layers, open_queries: list[Query]) -> bool:
    """Whether one cheap bound of each box shows that the proof holds in float32; False if it is not
    known.

    Args:
        layers: the layers of the network in real arithmetic.
    """
    network, most = court.network, court.config.float32_work
    if network.unbounded or backward_cost(layers) * len(open_queries) > most:
        return False
    noisy = layers_of(network, noise_of=noise_of)
    for query in map(with_float32, open_queries):
        known = bound_layers(noisy, query.box)
        least = query.lower(noisy, known).value
        refuted = np.where(query.strict, least >= 0, least > 0).astype(float)
        if not (known.empty[:, None] | (query.of_rows(refuted) > 0)).all():
            return False
    return True


def with_float32(query: Query) -> Query:
    """The query with the float32 numbers that a runtime gets where its box has none."""
    with np.errstate(over="ignore"):  # beyond float32 both ends are infinite
        low, high = (end.astype(np.float32) for end in inner_box(query))
    return replace(query, low=np.minimum(query.low, low), high=np.maximum(query.high, high))
