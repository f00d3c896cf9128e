"""Choices in the kernel's form: from the parameters of a search, or weights of rows alone."""

from collections.abc import Sequence

import numpy as np

from abduce.verify.certificates.certificate import ChoiceForm
from abduce.verify.certificates.kernel import FINE, MIX, SLOPE, Boxes, Choice, Found, Prepared
from abduce.verify.ledger import Parameters

NEURON = 1
"""Layers of a search are counted from the input, those of the kernel from the first relu."""


def choice_of(
    prepared: Prepared, case: int, given: Parameters, signs: Sequence[tuple[int, int]] = ()
) -> Choice | None:
    """The parameters of a case in the kernel's form, rounded; None if they are of another network.

    Args:
        signs: the signs that the leaf assumes.
    """
    rows = int((prepared.owner == case).sum())
    slopes = np.zeros(sum(prepared.sizes))
    multipliers = np.zeros_like(slopes)
    starts = np.cumsum([0, *prepared.sizes])
    if len(given.weight) < rows or not given.weight[:rows].sum() > 0:
        return None
    for j, alpha in given.alpha_lower.items():
        entries = given.entries.get(j)
        size = prepared.sizes[j - NEURON] if 0 <= j - NEURON < len(prepared.sizes) else -1
        entries = np.arange(size) if entries is None else entries
        if len(alpha) != len(entries) or (len(entries) and entries.max() >= size):
            return None
        at = starts[j - NEURON] + entries
        slopes[at] = np.clip(np.round(alpha * SLOPE), 0, SLOPE)
        multipliers[at] = given.beta[j]
    kept = np.zeros_like(multipliers)
    for neuron, sign in signs:  # at a sign of the wrong kind a multiplier would cost something
        kept[neuron] = np.round(max(0.0, -sign * float(multipliers[neuron])) * 2**FINE)
    return Choice(_weights(given.weight[:rows]), slopes, kept)


def mixture(prepared: Prepared, boxes: Boxes, found: Found, box: int, case: int) -> Choice:
    """Weights of a case's rows in a box, and the slopes that are the default.

    By fictitious play: rows against inputs, on the linear bounds of the box.
    """
    mine = np.flatnonzero(prepared.owner == case)
    low, high = boxes.low[box], boxes.high[box]
    slope = np.ldexp(found.slope[box, mine], -found.unit[box, mine, None])
    least = np.ldexp(found.least[box, mine].astype(float), -prepared.scale)
    corner = np.where(slope > 0, low, high)
    weights, values = np.zeros(len(mine)), least
    for _ in range(2**MIX):
        weights[values.argmax()] += 1
        x = np.where(weights @ slope > 0, low, high)
        values = least + (slope * (x - corner)).sum(1)
    slopes = [SLOPE * (over[box] > -under[box]) for under, over in boxes.known]
    flat = np.concatenate(slopes).astype(float)
    return Choice(weights.astype(int), flat, np.zeros_like(flat))


def form_of(
    boxes: Boxes, box: int, number: int, case: int, choice: Choice, signs: Sequence[tuple[int, int]]
) -> ChoiceForm:
    """The choice for a box as a certificate holds it, of which it is the leaf of this number.

    Where the sign of a neuron is known, its slope does not count, and is 0.
    """
    open_ = np.concatenate([(under[box] < 0) & (over[box] > 0) for under, over in boxes.known])
    digits = "".join(map(str, np.where(open_, choice.slopes, 0).astype(int).tolist()))
    multipliers = [int(choice.multipliers[neuron]) for neuron, _ in signs]
    return number, case, choice.weights.tolist(), digits, multipliers


def _weights(given: np.ndarray) -> np.ndarray:
    """Weights as integers with the sum 2^MIX."""
    shares = given / given.sum() * 2**MIX
    whole = np.floor(shares)
    rest = round(2**MIX - whole.sum())
    whole[np.argsort(-(shares - whole), kind="stable")[:rest]] += 1
    return whole.astype(int)
