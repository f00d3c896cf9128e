"""Permutations of k bits learned from k examples by infinitely many infinitely wide networks.

A network of two layers without biases, f(x) = v . relu(W x) / sqrt(width), trained by gradient
descent to the end on the k unit vectors, one bit each, and the permuted bit as target. Networks of
unbounded width follow their tangent kernel, and their mean over initial weights at an input x of
length 1 is ``Theta(x, X) Theta(X, X)^-1 Y``. Up to a factor that cancels, for the cosine t of two
inputs

    Theta = f(t) = (2 t (pi - arccos t) + sqrt(1 - t^2)) / pi,    f(0) = c = 1 / pi,    f(1) = 2.

An input with m ones has cosine 1 / sqrt(m) with m of the examples and 0 with the others. The
inverse of ``Theta(X, X) = (2 - c) I + c 1 1^T`` is known. So the mean depends on k and m alone:

    on  = (f (2 - c) + c (k - m) (f - c)) / D     where the permuted bit is 1, f = f(1 / sqrt(m)),
    off = c (2 - c - m (f - c)) / D               where it is 0,    D = (2 - c) (2 - c + c k).

Since arcsin t >= t and sqrt(1 - t^2) >= 1 - t^2, ``f(t) >= c + t + c t^2``. Then m (f - c) is at
least ``sqrt(m) + c``, which for m >= 2 is more than 2 - c, so that *off* is negative; for m = 1 it
is 0, for then f = 2. And *on* is positive, more than what `least_on` computes. Rounding at half of
that gives the permuted bits of each of the 2^k - 1 inputs.

Source: Back de Luca, Giapitzakis and Fountoulakis 2025, Learning to add, multiply, and execute
algorithmic instructions exactly with neural networks, for permutations in this regime; the bounds
for all inputs are ours.
"""

from math import comb, erfc, log, pi, sqrt

import numpy as np

from abduce import clock

C = 1 / pi
ROUNDING = 2.0**-53
CHUNK = 1 << 20


def least_on(size: int, *, deadline: float | None = None) -> float | None:
    """The least mean of a bit that is 1, over all inputs of k bits; rounded down.

    All terms are positive, and k and m are exact, so that each of fewer than 30 operations errs by
    at most 2^-53 of its result.

    Args:
        deadline: the time of `clock.wall_s()` at which to stop; None for no limit.

    Returns:
        None, where the time was up.
    """
    least = np.inf
    for first in range(1, size + 1, CHUNK):
        if clock.passed(deadline):
            return None
        m = np.arange(first, min(first + CHUNK, size + 1), dtype=np.float64)
        more = 1 / np.sqrt(m) + C / m  # f - c, or less
        on = ((C + more) * (2 - C) + C * (size - m) * more) / ((2 - C) * (2 - C + C * size))
        least = min(least, float(on.min()))
    return least * (1 - 64 * ROUNDING)


def mean(bits: np.ndarray, places: np.ndarray) -> np.ndarray:
    """(k,), the mean of the infinite ensemble at an input, by the formula with the inverse.

    Args:
        bits: (k,), 0 or 1, one of them 1.
        places: (k,), where the bit of each place goes.
    """
    size = len(bits)
    kernel = np.where(bits == 1, tangent(1 / sqrt(bits.sum())), C)
    found = np.empty(size)
    found[places] = (kernel - C * kernel.sum() / (2 - C + C * size)) / (2 - C)
    return found


def tangent(cosine: float) -> float:
    """The tangent kernel of two inputs of length 1."""
    return 2 * cosine * (1 - np.arccos(cosine) / pi) + sqrt(1 - cosine**2) / pi


def covariance(cosine: float) -> float:
    """The kernel of untrained networks, in the same units: the part of `tangent` that trains the
    last layer."""
    return tangent(cosine) - cosine * (1 - np.arccos(cosine) / pi)


def deviation(size: int, ones: int) -> float:
    """The standard deviation of one trained network's output at an input with `ones` ones.

    Source: Lee et al. 2019, Wide neural networks of any depth evolve as linear models under
    gradient descent, equation 16.
    """
    some = np.arange(size) < ones
    unit = np.eye(size)
    theta = C + (2 - C) * unit
    untrained = C + (1 - C) * unit
    weights = np.linalg.solve(theta, np.where(some, tangent(1 / sqrt(ones)), C))
    across = np.where(some, covariance(1 / sqrt(ones)), C)
    return sqrt(max(0.0, (1 + weights @ untrained @ weights - 2 * weights @ across) / 2))


def chance_of_error(size: int, networks: int) -> float:
    """An upper limit on the chance that the mean of `networks` networks rounds a bit of any input
    wrong, if their outputs are normal; the sum over all inputs and bits."""
    on = least_on(size)
    assert on is not None
    total = 0.0
    for ones in range(2, size + 1):  # at the examples themselves networks do not deviate
        bits = np.zeros(size)
        bits[:ones] = 1
        found, spread = mean(bits, np.arange(size)), deviation(size, ones)
        for value, count in ((found[0] - on / 2, ones), (on / 2 - found[-1], size - ones)):
            wrong = erfc(value / spread * sqrt(networks / 2)) / 2
            total += comb(size, ones) * count * wrong
    return total


def ensemble_size(size: int, chance: float) -> int:
    """The least number of networks whose chance of error is at most that; to a hundredth."""
    networks = 1
    while chance_of_error(size, networks) > chance:
        networks += max(1, int(networks * 0.01 * max(1.0, log(1 / chance) / 10)))
    return networks
