"""Branching scores: which input or activation of a subdomain is split next.

A score is a pure function of bounds and coefficients. The search splits where the score is largest.
No score can make a verdict wrong, since the halves always cover the subdomain. A table gives each
score the name by which a `Strategy` chooses it. To add one, write a function and pass a table that
holds it::

    strategy = Strategy(inputs=InputConfig(score="mine"))
    verify(..., strategy, scores=replace(SCORES, inputs={"mine": mine}))

A score of activations may come as a `Branching`, with a rule for the points at which they are
split.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

import numpy as np

from abduce.errors import InputError
from abduce.verify.branch.points import optimised
from abduce.verify.branch.scored import (
    ActivationBounds,
    InputBounds,
    PointRule,
    middle,
    midway,
)
from abduce.verify.branch.shortcuts import CANDIDATES, gains
from abduce.verify.strategy import Strategy

Array = np.ndarray
Named = TypeVar("Named")


InputScore = Callable[[InputBounds], Array]
"""Scores of inputs, (N, inputs): the input with the largest one is halved."""
ActivationScore = Callable[[ActivationBounds], Array]
"""Scores of entries, (N, entries): the entry with the largest score of all layers is split. Entries
that are not loose, and scores that are not finite, count as 0. Those of -inf are never split."""


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


@np.errstate(all="ignore")
def gain_of_halves(given: ActivationBounds) -> Array:
    """The product of what both halves gain at least (see `shortcuts.gains`), for the entries whose
    lines lose most; for a relu it is `relaxation_loss`.

    The product of the scores of two halves is Achterberg's; GenBaB adds them.

    Source: Shi et al. 2025, GenBaB, section 3.3 (BBPS); Achterberg 2007, Constraint integer
    programming, section 5.3 (the product).
    """
    loss = relaxation_loss(given)
    if given.function.is_hinge:
        return loss
    loss = np.where(given.loose & np.isfinite(loss), loss, 0)
    most = min(CANDIDATES, loss.shape[1])
    at = np.argpartition(-loss, most - 1, 1)[:, :most]
    lower, upper = gains(given, at)
    found = np.zeros_like(loss)
    least = 1e-3 * np.maximum(lower, upper)
    product = np.sqrt(np.maximum(lower, least)) * np.sqrt(np.maximum(upper, least))
    np.put_along_axis(found, at, product, 1)
    return found


@np.errstate(all="ignore")
def unsplit(given: ActivationBounds) -> Array:
    """-inf: nothing is split. What is left of the search are the best slopes (alpha): of the cases,
    then of intermediate bounds, then of the cases again."""
    return np.full_like(given.low, -np.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branching:
    """Which activation of a subdomain is split, and where.

    Attributes:
        points: the points at which activations are split.
        shortcuts: whether the score is given stored linear bounds in the input.
    """

    score: ActivationScore
    points: PointRule = midway
    shortcuts: bool = False

    @classmethod
    def of(cls, rule: "ActivationScore | Branching") -> "Branching":
        """A rule, or a score with the usual points."""
        return rule if isinstance(rule, Branching) else cls(score=rule)


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """The scores that a strategy can name."""

    inputs: Mapping[str, InputScore]
    activations: Mapping[str, ActivationScore | Branching]

    def check(self, strategy: Strategy) -> None:
        """Checks that the scores that a strategy names exist.

        Raises:
            InputError: no such score.
        """
        self.input_score(strategy.inputs.score)
        self.branching(strategy.activations.score)

    def input_score(self, word: str) -> InputScore:
        """The score of this name.

        Raises:
            InputError: no such score.
        """
        return _named(self.inputs, word, "input")

    def branching(self, word: str) -> Branching:
        """Like `input_score`, of activations."""
        return Branching.of(_named(self.activations, word, "activation"))


def _named(table: Mapping[str, Named], word: str, kind: str) -> Named:
    if word not in table:
        raise InputError(f"a score of {kind}s called {word!r}", tuple(table))
    return table[word]


SCORES = Scores(
    MappingProxyType({"slope-width": slope_width, "largest-width": largest_width}),
    MappingProxyType(
        {
            "relaxation-loss": relaxation_loss,
            "babsr": babsr,
            "bbps": Branching(score=gain_of_halves, points=optimised, shortcuts=True),
            "bbps-middle": Branching(score=gain_of_halves, points=middle, shortcuts=True),
            "babsr-like": Branching(score=gain_of_halves, points=optimised),
            "none": unsplit,
        }
    ),
)
"""The scores that Abduce has; the first of each kind is the default."""
