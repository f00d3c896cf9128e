"""Branching scores: which input or activation of a subdomain is split next.

A score is a pure function of bounds and coefficients. The search splits where the score is largest.
No score can make a verdict wrong, since the halves always cover the subdomain. A table gives each
score the name by which a `Strategy` chooses it. To add one, write a function and pass a table that
holds it::

    strategy = Strategy(inputs=InputConfig(score="mine"))
    verify(..., strategy, scores=replace(SCORES, inputs={"mine": mine}))
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from abduce.errors import InputError
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.strategy import Strategy

Array = np.ndarray
Named = TypeVar("Named")


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

    @property
    def loose(self) -> Array:
        """The entries that gain from a split: relus that may be on or off, and wide intervals."""
        if self.function.is_hinge:
            return (self.low < 0) & (self.high > 0)
        return self.high - self.low > 1e-6 * (1 + np.abs(self.low))

    @property
    def split_points(self) -> Array:
        """The point at which each entry is split: 0 for a relu, otherwise half way between the
        middle of the interval and the worst pre-activation."""
        if self.function.is_hinge:
            return np.zeros_like(self.low)
        assert self.worst is not None
        low, high = self.low, self.high
        margin = self.margin * (high - low)
        z = np.clip(self.worst, low, high)
        return (np.clip(z, low + margin, high - margin) + (low + high) / 2) / 2


InputScore = Callable[[InputBounds], Array]
"""Scores of inputs, (N, inputs): the input with the largest one is halved."""
ActivationScore = Callable[[ActivationBounds], Array]
"""Scores of entries, (N, entries): the entry with the largest score of all layers is split. Entries
that are not loose, and scores that are not finite, count as 0."""


def slope_width(given: InputBounds) -> Array:
    """``sum of |slope| * width * sqrt(width / whole width)``.

    Bunel et al. 2020 use |slope| width. The square root of the share is ours, since the slopes of
    large boxes mislead.
    """
    weights = np.abs(np.where(np.isfinite(given.slope), given.slope, 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(given.whole > 0, given.width / given.whole, 0.0)
    with np.errstate(over="ignore"):
        return weights.sum(1) * given.width * np.sqrt(share)


def largest_width(given: InputBounds) -> Array:
    """The width of each input: the longest edge is halved.

    Source: Bunel et al. 2020, Branch and bound for piecewise linear neural network verification,
    section 3.2.
    """
    return given.width


@np.errstate(all="ignore")
def relaxation_loss(given: ActivationBounds) -> Array:
    """|coefficient| times the distance between the line in use and the function. For a relu this is
    the largest distance. For other functions it is the distance at the worst pre-activation, which
    is what the bound loses there. A mean over the interval would choose entries that are exact
    where it matters, and one half of each split would be no better than the whole.

    Source: Bunel et al. 2020 (for a relu); Belotti et al. 2009, Branching and bounds tightening
    techniques for non-convex MINLP (the violation at the relaxation's solution).
    """
    a = given.coefficient
    if given.function.is_hinge:
        below = given.lower_share * np.minimum(given.high, -given.low) / 2
        return np.abs(a) * np.where(a > 0, below, given.offset)
    assert given.worst is not None
    z = np.clip(given.worst, given.low, given.high)
    return np.abs(a * (given.slope * z + given.offset - given.function.value(z)))


@np.errstate(all="ignore")
def babsr(given: ActivationBounds) -> Array:
    """For a relu, an estimate of the gain of its split, from one step back to the layer before it.

    With the coefficient a, the chord's slope s = u / (u - l) and the bias b it is ``|max(a b (s -
    1), a b s) + min(a, 0) (-l s)|``: the first term compares the bias with the relu on or off
    against the chord, and the second is the offset of the chord. Other functions have
    `relaxation_loss`.

    Source: Bunel et al. 2020, Branch and bound for piecewise linear neural network verification,
    section 5.3 (BaBSR), in the form for backward bounds of Wang et al. 2021, Beta-CROWN.
    """
    if not given.function.is_hinge:
        return relaxation_loss(given)
    a, low = given.coefficient, given.low
    chord = given.high / (given.high - low)
    shifted = a * given.bias
    return np.abs(
        np.maximum(shifted * (chord - 1), shifted * chord) - np.minimum(a, 0) * low * chord
    )


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """The scores that a strategy can name."""

    inputs: Mapping[str, InputScore]
    activations: Mapping[str, ActivationScore]

    def check(self, strategy: Strategy) -> None:
        """Checks that the scores that a strategy names exist.

        Raises:
            InputError: no such score.
        """
        self.input_score(strategy.inputs.score)
        self.activation_score(strategy.activations.score)

    def input_score(self, word: str) -> InputScore:
        """The score of this name.

        Raises:
            InputError: no such score.
        """
        return _named(self.inputs, word, "input")

    def activation_score(self, word: str) -> ActivationScore:
        """Like `input_score`."""
        return _named(self.activations, word, "activation")


def _named(table: Mapping[str, Named], word: str, kind: str) -> Named:
    if word not in table:
        raise InputError(f"a score of {kind}s called {word!r}", tuple(table))
    return table[word]


SCORES = Scores(
    MappingProxyType({"slope-width": slope_width, "largest-width": largest_width}),
    MappingProxyType({"relaxation-loss": relaxation_loss, "babsr": babsr}),
)
"""The scores that Abduce has; the first of each kind is the default."""
