"""Errors of products of matrices whose factors depend on the same inputs."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.verify.bounds.functions.matrix_products import MatrixProduct, centred
from abduce.verify.bounds.propagation.bilinear import gain, lessened
from abduce.verify.strategy import AUTOMATIC

seeds = st.integers(0, 2**32 - 1)
SLACK = Fraction(1, 10**280)


def rational(x: np.ndarray) -> np.ndarray:
    return np.array([Fraction(entry) for entry in x.ravel().tolist()], object).reshape(x.shape)


def setting(
    rng: np.random.Generator, function: MatrixProduct, domains: int, inputs: int
) -> tuple[np.ndarray, ...]:
    """A box, slopes and offsets of z from below and from above, and bounds on z."""
    cut = function.batch * function.rows * function.inner
    size = cut + function.batch * function.inner * function.columns
    low = rng.normal(size=(domains, inputs)) * rng.choice([1.0, 1e4])
    high = low + rng.random((domains, inputs)) * rng.choice([0.0, 1e-6, 1.0], (domains, inputs))
    lower_slope = rng.normal(size=(domains, size, inputs)) * rng.choice([1.0, 1e-3, 1e3])
    tilted = rng.normal(size=lower_slope.shape) * rng.choice([0.0, 0.01])
    upper_slope = lower_slope + tilted
    lower = rng.normal(size=(domains, size))
    room = np.abs(tilted) @ np.maximum(np.abs(low), np.abs(high))[..., None]
    upper = lower + room[..., 0] * 1.001 + rng.random(size) * rng.choice([0.0, 0.1])
    middle, half = (low + high) / 2, (high - low) / 2

    def end(slope: np.ndarray, offset: np.ndarray, sign: float) -> np.ndarray:
        reach = (np.abs(slope) @ half[..., None])[..., 0]
        return (slope @ middle[..., None])[..., 0] + offset + sign * (reach + 1e-6 * (1 + reach))

    ends = end(lower_slope, lower, -1.0), end(upper_slope, upper, 1.0)
    return low, high, lower_slope, lower, upper_slope, upper, *ends


@settings(max_examples=40, deadline=None)
@given(seeds)
def test_no_product_is_further_off_than_its_error(seed: int) -> None:
    """At rational points, without any tolerance; and no row, of one box."""
    rng = np.random.default_rng(seed)
    function = MatrixProduct(*rng.integers(1, 4, 4).tolist())
    domains, inputs = int(rng.integers(1, 3)), int(rng.integers(1, 5))
    low, high, lower_slope, lower, upper_slope, upper, least, most = setting(
        rng, function, domains, inputs
    )
    plain = centred(function, least, most)
    better = lessened(plain, (low, high), (lower_slope, lower), (upper_slope, upper))
    assert (better.error <= plain.error).all()
    rows = rng.normal(size=(1, 3, plain.error.shape[1])).round(1)
    spared = gain(better, rows, AUTOMATIC.bounds.rows_work)
    for d in range(domains):
        for _ in range(4):
            x = np.where(rng.random(inputs) < 0.5, low[d], high[d])
            if rng.random() < 0.3:
                x = np.clip(low[d] + (high[d] - low[d]) * rng.random(inputs), low[d], high[d])
            below = rational(lower_slope[d]) @ rational(x) + rational(lower[d])
            above = rational(upper_slope[d]) @ rational(x) + rational(upper[d])
            z = np.where(rng.random(len(below)) < 0.5, below, above)
            u, v = function.parts(z)
            du, dv = u - rational(better.centre_u[d]), v - rational(better.centre_v[d])
            lost = (du @ dv).ravel()
            errors = rational(better.error[d])
            assert (np.abs(lost) <= errors + SLACK).all()
            if domains == 1:
                exact = rational(rows[0])
                assert (np.abs(exact @ lost) <= np.abs(exact) @ errors - rational(spared[0])).all()


def test_what_cancels_between_terms_is_not_lost() -> None:
    """(x, y) times (y, -x) is zero, and nearly (y, -x + 0.01 y)."""
    function = MatrixProduct(1, 1, 2, 2)
    box = np.full((1, 2), -1.0), np.full((1, 2), 1.0)
    # U = (x, y); V has the columns (y, -x) and (y, 0.01 y - x), by its rows
    slope = np.array([[[1, 0], [0, 1], [0, 1], [0, 1], [-1, 0], [-1, 0.01]]], float)
    reach = np.abs(slope).sum(-1)
    plain = centred(function, -reach, reach)
    zero = np.zeros((1, 6))
    better = lessened(plain, box, (slope, zero), (slope, zero))
    assert (plain.error > 1.99).all()
    assert (better.error < [[1e-6, 0.02]]).all()
    rows = np.array([[[1.0, -1.0]]])
    assert (gain(better, rows, AUTOMATIC.bounds.rows_work) >= 0).all()
