"""The bounds that branching scores are computed from, and the simple points at which to split."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from abduce.verify.networks.functions.nonlinearity import Nonlinearity

Array = np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class InputBounds:
    """N boxes of inputs, whose rows of open cases have linear lower bounds ``slope @ x + offset``.

    Attributes:
        width: the width of each input in each box, 0 where it cannot be split, (N, inputs).
        whole: the widths of the box that the search began with, (inputs,).
        slope: slopes of R rows, 0 where the row's case is refuted, (N, R, inputs); not always
            finite.
    """

    width: Array
    whole: Array
    slope: Array


@dataclass(frozen=True, slots=True, eq=False)
class Shortcut:
    """Linear bounds on the pre-activations of a layer in the input, over the whole box, and those
    of the objectives now. With them a score sees what a change of one line does to a bound, without
    another pass through the network.

    Attributes:
        lower, upper: their slopes, (entries, inputs).
        lower_offset, upper_offset: their offsets, (entries,).
        objective: slopes of the bounds of N subdomains, (N, inputs).
        middle, half: the middle of the box and half its widths, (1 or N, inputs).
    """

    lower: Array
    lower_offset: Array
    upper: Array
    upper_offset: Array
    objective: Array
    middle: Array
    half: Array


@dataclass(frozen=True, slots=True, eq=False)
class ActivationBounds:
    """The active entries of one nonlinear layer in N subdomains, (N, entries) each.

    Attributes:
        low, high: bounds on the pre-activation.
        coefficient: the coefficient on the activation when the objective is bounded backwards.
        slope, offset: the line ``slope z + offset`` that bounds the activation now.
        worst: the pre-activation at the input where the bound is least, computed with these lines;
            None for a relu in a network of relus, where no score needs it.
        bias: the bias of the pre-activation, (entries,).
        lower_share: the weight of the loss at a relu's lower line.
        margin: a split leaves at least half this share of an interval on each side.
        points: where each entry is split, (N, entries); None for the points of `midway`.
        shortcut: None where no score asked for it, or where it would be too large.
    """

    function: Nonlinearity
    low: Array
    high: Array
    coefficient: Array
    slope: Array
    offset: Array
    worst: Array | None
    bias: Array
    lower_share: float
    margin: float
    points: Array | None = None
    shortcut: Shortcut | None = None

    @property
    def loose(self) -> Array:
        """The entries that gain from a split: relus that may be on or off, and wide intervals."""
        if self.function.is_hinge:
            return (self.low < 0) & (self.high > 0)
        return self.high - self.low > 1e-6 * (1 + np.abs(self.low))

    @property
    def split_points(self) -> Array:
        """The point at which each entry is split."""
        return midway(self) if self.points is None else self.points


PointRule = Callable[[ActivationBounds], Array]
"""Where entries are split, (N, entries). Any point within an interval is sound."""


def midway(given: ActivationBounds) -> Array:
    """0 for a relu, otherwise half way between the middle of the interval and the worst
    pre-activation."""
    if given.function.is_hinge:
        return np.zeros_like(given.low)
    assert given.worst is not None
    low, high = given.low, given.high
    margin = given.margin * (high - low)
    z = np.clip(given.worst, low, high)
    return (np.clip(z, low + margin, high - margin) + (low + high) / 2) / 2


def middle(given: ActivationBounds) -> Array:
    """0 for a relu, otherwise the middle of the interval."""
    if given.function.is_hinge:
        return np.zeros_like(given.low)
    return (given.low + given.high) / 2
