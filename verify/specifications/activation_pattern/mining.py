"""Mining: the neurons whose sign nearly all inputs of a class agree on.

Source: Geng et al. 2023, section 3 (a neuron is active in the pattern if the share of inputs with a
value above 0 is at least delta, inactive if it is at most 1 - delta). Deviation: only inputs that
the network classifies rightly are counted, for the pattern is one of what it does when it is right.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from abduce.errors import InputError
from abduce.verify.specifications.activation_pattern.observing import Observed
from abduce.verify.specifications.activation_pattern.pattern import Pattern, Signs


def mine(
    seen: Observed, labels: np.ndarray, delta: float, layers: Sequence[str], examples: int = 4
) -> tuple[Pattern, ...]:
    """The pattern of each class of which an input is classified rightly, by ascending label.

    Args:
        labels: the class of each input, (P,).
        delta: the share of inputs that must agree, above 0.5 and at most 1.
        layers: the layers whose neurons may get a sign, all of them seen.
        examples: the upper limit on inputs kept that follow the pattern: those whose greatest
            output exceeds the others least.

    Raises:
        InputError: another delta, or no input that is classified rightly.
    """
    if not 0.5 < delta <= 1.0:
        raise InputError(f"--delta {delta}", ("a share above 0.5 and at most 1",))
    right = seen.answers == labels
    classes = np.unique(labels[right]).tolist()
    if not classes:
        advice = "Labels are the places of outputs; the greatest output is the answer."
        raise InputError("no input that the network classifies rightly", advice=advice)
    return tuple(
        [_pattern(seen, label, right & (labels == label), delta, layers, examples)
         for label in classes]
    )  # fmt: skip


def split(labels: np.ndarray, held_out: float) -> np.ndarray:
    """Which inputs are mined, (P,): all but the last share of each class, in the order given.

    >>> split(np.array([0, 1, 0, 1, 0]), 0.4).tolist()
    [True, True, True, True, False]
    """
    mined = np.ones(len(labels), bool)
    for label in np.unique(labels).tolist():
        places = np.flatnonzero(labels == label)
        mined[places[len(places) - int(held_out * len(places)) :]] = False
    return mined


def _pattern(
    seen: Observed,
    label: int,
    chosen: np.ndarray,
    delta: float,
    layers: Sequence[str],
    examples: int,
) -> Pattern:
    count, signs = int(chosen.sum()), []
    for name in layers:
        on = seen.active[name][chosen].sum(0)
        least = _agreeing(count, delta)
        signs.append(Signs(name, np.flatnonzero(on >= least), np.flatnonzero(count - on >= least)))
    found = Pattern(label, tuple(signs), count)
    following = np.flatnonzero(chosen & found.followed(seen.active))
    nearest = following[np.argsort(seen.margins[following], kind="stable")][:examples]
    return Pattern(label, tuple(signs), count, seen.inputs[nearest])


def _agreeing(count: int, delta: float) -> int:
    """The least number of ``count`` inputs that is a share of at least delta."""
    share = Fraction(str(delta)) * count
    return -(-share.numerator // share.denominator)
