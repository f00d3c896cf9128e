"""Bounds on the outputs at points, as wide as rounding alone. For layers without noise they enclose
the exact output; for layers with the noise of float32, all that a runtime may compute.
"""

import numpy as np

from abduce.verify.bounds.affine.layers import Layers, backward_cost, evaluation_cost
from abduce.verify.bounds.propagation.backward import lower_bounds
from abduce.verify.bounds.propagation.interval import Interval
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.strategy import AUTOMATIC, CheckConfig


@np.errstate(all="ignore")  # infinite bounds, and nan, which becomes infinite
def at_points(
    network: Layers,
    low: np.ndarray,
    high: np.ndarray | None = None,
    *,
    config: CheckConfig = AUTOMATIC.checks,
) -> Interval:
    """Bounds on the outputs at points (P, inputs), (P, outputs) each.

    Args:
        low: the points; or lower bounds on them, if ``high`` has upper bounds.
    """
    linear = len(low) * backward_cost(network) <= config.enclosure_work
    known = bound_layers(network, (low, low if high is None else high), linear=linear)
    low, high = known.after[-1]
    most = config.enclosure_work / (2 * len(low) * max(1.0, evaluation_cost(network)))
    rows = np.eye(low.shape[1])[: min(config.enclosed_outputs, int(most))]
    if not len(rows):
        return low, high
    last = {len(network.layers): np.concatenate([rows, -rows])}
    found = lower_bounds(network, known, last, np.zeros(2 * len(rows))).value
    low, high = low.copy(), high.copy()
    count = len(rows)
    low[:, :count] = np.maximum(low[:, :count], found[:, :count])
    high[:, :count] = np.minimum(high[:, :count], -found[:, count:])
    return low, high
