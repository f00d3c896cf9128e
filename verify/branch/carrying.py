"""Subdomains of a search, moved to better intermediate bounds on the whole box.

A subdomain is a set of assumed bounds on pre-activations. Better bounds on the whole box narrow
these further. Where the two contradict each other, the subdomain is empty.
"""

from dataclasses import replace

import numpy as np

from abduce.verify.bounds.propagation.slopes import Frame, Subdomains, chosen, outwards


def carried(
    parts: Subdomains, old: Frame, new: Frame, place: np.ndarray
) -> tuple[Subdomains, Subdomains]:
    """Moves subdomains of one box to a frame with better bounds; also says which of them are empty.

    Args:
        place: the index in the new frame of each objective of the old one, (C,).
    """
    empty = _empty(parts, old, new)
    gone, parts = parts.take(empty), parts.take(~empty)
    low, high, lower, upper, multiplier = {}, {}, {}, {}, {}
    for j in new.free:
        index = _places(old.known.active[j], new.known.active[j])
        low[j] = np.maximum(parts.low[j][:, index], new.low[j])
        high[j] = np.minimum(parts.high[j][:, index], new.high[j])
        lower[j] = parts.alpha_lower[j][:, index]
        if j in parts.alpha_upper:
            upper[j] = parts.alpha_upper[j][:, index]
        cut = (low[j] > new.low[j]) | (high[j] < new.high[j])
        multiplier[j] = np.where(cut, parts.beta[j][:, index], 0)
    found = replace(
        parts,
        low=low,
        high=high,
        alpha_lower=lower,
        alpha_upper=upper,
        beta=multiplier,
        objective=place[parts.objective],
    )
    found = found.like(
        a.astype(new.kind) if np.issubdtype(a.dtype, np.floating) else a for a in found.arrays()
    )
    return found, gone


def _empty(parts: Subdomains, old: Frame, new: Frame) -> np.ndarray:
    """The subdomains that contain no input, by the new bounds on what was active, (N,)."""
    found = np.zeros(len(parts), bool)
    for j in old.free:
        low, high = (chosen(end, old.known.active[j]) for end in new.known.before[j - 1])
        found |= (parts.low[j] > outwards(high, old.kind, 1)).any(-1)
        found |= (parts.high[j] < outwards(low, old.kind, -1)).any(-1)
    return found


def _places(old: np.ndarray | None, new: np.ndarray | None) -> np.ndarray | slice:
    """The index, among the entries that were active, of each entry that is active now."""
    if new is None:
        return slice(None)
    return new if old is None else np.searchsorted(old, new)
