"""Subdomains in which every activation is settled: a linear program finds their least values.

The network is linear there. So one linear program (HiGHS) gives the least value of an objective,
the multipliers that prove it, and an input that attains it. Its numbers are not trusted: the
multipliers are certified like any others, and the input is checked by the runtime.
"""

import numpy as np

from abduce.verify.bounds.affine.matrices import times
from abduce.verify.bounds.propagation.slopes import Frame, Subdomains


def is_linear(frame: Frame) -> bool:
    """Whether a subdomain without loose relus is linear."""
    return all(f.is_hinge or f.is_identity for f in map(frame.function, frame.used))


def solved(frame: Frame, parts: Subdomains, place: int) -> np.ndarray:
    """Gives a subdomain the best multipliers and weights; returns the input with its least
    value."""
    from scipy.optimize import linprog

    low, high = (end[parts.domain[place] % len(end)] for end in frame.known.box)
    slopes, offsets, z, most, least = _pieces(frame, parts, place)
    at = parts.objective[place]
    used = frame.objectives.used[at]
    count, inputs = frame.objectives.constant.shape[1], frame.network.inputs
    rows, constant = np.zeros((count, inputs)), frame.objectives.constant[at].copy()
    for j, given in frame.rows.items():
        rows += given[at].astype(np.float64) @ slopes[j]
        constant += given[at].astype(np.float64) @ offsets[j]
    count = int(used.sum())
    a = np.concatenate([rows[used], z, -z])
    b = np.concatenate([-constant[used], most, -least])
    eased = (np.arange(len(a)) < count).astype(np.float64)
    box = [*zip(low, high, strict=True), (None, None)]
    goal = np.append(np.zeros(len(low)), 1.0)
    found = linprog(goal, np.column_stack([a, -eased]), b, bounds=box)
    if found.status == 0:
        dual = -found.ineqlin.marginals
        if dual[:count].sum() > 0:
            parts.weight[place][used] = dual[:count] / dual[:count].sum()
    elif found.status == 2:  # no input is left: what contradicts itself outweighs the rows
        a, b, eased = a[count:], b[count:], 1.0 - eased[count:]
        found = linprog(goal, np.column_stack([a, -eased]), b, bounds=box)
        if found.status != 0 or found.fun <= 0:
            return (low + high) / 2
        largest = np.maximum(np.abs(low), np.abs(high))
        reach = (np.abs(constant) + np.abs(rows) @ largest).max()
        dual = np.append(np.zeros(count), -2 * (reach + 1) / found.fun * found.ineqlin.marginals)
    else:
        return (low + high) / 2
    at_most, at_least = np.split(dual[count:], 2)
    sizes = [parts.low[j].shape[1] for j in frame.free]
    shares = np.split(at_most - at_least, np.cumsum(sizes))  # and what is left: nothing
    for j, share in zip(frame.free, shares[:-1], strict=True):
        parts.beta[j][place] = share
    return found.x[:-1]


def _pieces(frame: Frame, parts: Subdomains, place: int) -> tuple:
    """The sources of the objectives as functions of the input, and the constraints on the input.
    The constraints are concatenated over the free values: slopes of pre-activations, and their
    greatest and least values.
    """
    inputs = frame.network.inputs
    slopes, offsets = {0: np.eye(inputs)}, {0: np.zeros(inputs)}
    pieces = {}
    for j in reversed(frame.used):
        slope = np.zeros((len(frame.bias[j]), inputs))
        offset = frame.bias[j].astype(np.float64)
        for i, matrix in frame.matrices[j].items():
            if matrix is None:
                slope, offset = slope + slopes[i], offset + offsets[i]
                continue
            slope = slope + times(slopes[i].T, matrix).T
            offset = offset + times(offsets[i][None], matrix)[0]
        if j in parts.low:
            pieces[j] = slope, parts.high[j][place] - offset, parts.low[j][place] - offset
            on = (parts.low[j][place] >= 0).astype(np.float64)
            slope, offset = slope * on[:, None], offset * on
        slopes[j], offsets[j] = slope, offset
    none = np.zeros((0, inputs)), np.zeros(0), np.zeros(0)
    limits = zip(none, *[pieces[j] for j in frame.free], strict=True)
    return slopes, offsets, *[np.concatenate(part) for part in limits]
