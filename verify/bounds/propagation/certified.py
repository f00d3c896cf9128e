"""Certified bounds of subdomains, whose parameters may have been found in any precision."""

import numpy as np

from abduce.verify.bounds.affine.layers import Layers
from abduce.verify.bounds.functions.functions import each
from abduce.verify.bounds.propagation.backward import Bounds, Lower, lower_bounds
from abduce.verify.bounds.propagation.sharp import sharp_bounds
from abduce.verify.bounds.propagation.slopes import Objectives, Subdomains
from abduce.verify.networks.functions.pieces.relu import relu_lines
from abduce.verify.rounding import TINY, gamma


@np.errstate(over="ignore", invalid="ignore")  # of infinite bounds, none are found
def certified(
    network: Layers, known: Bounds, objectives: Objectives, parts: Subdomains, sharp: bool = False
) -> Lower:
    """Rigorous lower bounds of the objectives of subdomains, one row each.

    Args:
        known: bounds on the boxes of the subdomains.
        sharp: whether to regroup coefficients on products of matrices.
    """
    at, weight = parts.objective, parts.weight[:, None].astype(np.float64)
    rows = {j: weight @ a[at] for j, a in objectives.rows.items()}
    constant = (weight[:, 0] * objectives.constant[at]).sum(-1, keepdims=True)
    # of the sums over rows
    spare = (weight[:, 0] * np.abs(objectives.constant[at])).sum(-1, keepdims=True)
    for j, a in objectives.rows.items():
        size = np.maximum(*map(np.abs, known.after[j]))
        size = size if len(size) == 1 else size[parts.domain]
        spare += ((weight @ np.abs(a[at])) @ size[..., None])[..., 0]
    spare = 2 * gamma(weight.shape[-1] + 2) * spare + TINY if weight.shape[-1] > 1 else 0.0
    inside = narrowed(network, known, parts)
    bound = sharp_bounds if sharp else lower_bounds
    return bound(network, inside, rows, constant - spare, choice=parts.choice)


def narrowed(network: Layers, known: Bounds, parts: Subdomains) -> Bounds:
    """The bounds of the boxes, narrowed by the assumptions of N subdomains: N domains."""

    def spread(a: np.ndarray) -> np.ndarray:
        return np.repeat(a, len(parts), 0) if len(a) == 1 else a[parts.domain]

    def alike(a: np.ndarray) -> np.ndarray:
        return a if len(a) == 1 else a[parts.domain]

    low, high = known.box
    shape = len(parts), low.shape[1]
    box = np.broadcast_to(alike(low), shape), np.broadcast_to(alike(high), shape)
    after = [(alike(low), alike(high)) for low, high in known.after]
    inside = Bounds(
        box, after=after, active=known.active, deadline=known.deadline, config=known.config
    )
    for j, layer in enumerate(network.layers[: len(known.before)], 1):
        low, high = known.before[j - 1]
        lines, noise = known.lines[j - 1], known.noise[j - 1]
        if j not in parts.low:
            low, high = alike(low), alike(high)
            lines = each(lines, alike)
        else:
            active = known.active[j]
            where = slice(None) if active is None else active
            low, high = spread(low), spread(high)
            low[:, where] = np.maximum(low[:, where], parts.low[j])
            high[:, where] = np.minimum(high[:, where], parts.high[j])
            if layer.function.is_hinge:
                lines = relu_lines(low[:, where], high[:, where])
        inside.before.append((low, high))
        inside.noise.append(None if noise is None else alike(noise))
        inside.lines.append(lines)
    return inside
