"""The mean of the infinite ensemble: the closed form is the kernel's, and its bounds are bounds."""

from math import pi

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from abduce import clock
from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.config import CONFIG, PermutationConfig
from abduce.neural.kernels.kernel import train
from abduce.neural.kernels.words.ensemble import EnsembleKernel
from abduce.neural.kernels.words.unit_vectors import unit_vectors
from abduce.symbolic.programs.definitions.permutations import BITS, PERMUTATION, PLACES
from abduce.symbolic.programs.tangent import (
    chance_of_error,
    deviation,
    ensemble_size,
    least_on,
    mean,
    tangent,
)
from abduce.verify.discrete.tangent import MOST, prove_mean
from abduce.verify.verdict import Proved, Unknown


def inputs(size: int) -> np.ndarray:
    """(2**size - 1, size), all words but that of zeros."""
    return np.arange(1, 2**size)[:, None] >> np.arange(size) & 1


def kernel(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The tangent kernel of rows, from the angles between them."""
    lengths = np.linalg.norm(x, axis=1)[:, None] * np.linalg.norm(y, axis=1)
    cosine = np.clip(x @ y.T / lengths, -1, 1)
    angle = np.arccos(cosine)
    return (np.sin(angle) + (pi - angle) * cosine) / pi + cosine * (pi - angle) / pi


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_the_mean_is_that_of_kernel_regression(size: int) -> None:
    words, unit = inputs(size), np.eye(size)
    places = np.random.default_rng(size).permutation(size)
    expected = kernel(words, unit) @ np.linalg.solve(kernel(unit, unit), unit[places])
    found = np.array([mean(bits, places) for bits in words])
    np.testing.assert_allclose(found, expected, atol=1e-12)


@pytest.mark.parametrize("size", [1, 2, 3, 10])
def test_rounding_permutes_every_input(size: int) -> None:
    places = np.random.default_rng(0).permutation(size)
    on = least_on(size)
    assert on is not None
    for bits in inputs(size):
        said = mean(bits, places)[places]
        assert (said[bits == 1] >= on).all()
        assert (said[bits == 0] <= 1e-15).all()


@given(st.integers(2, 5000), st.data())
def test_bounds_hold_for_every_number_of_ones(size: int, data: st.DataObject) -> None:
    ones = data.draw(st.integers(1, size))
    said = mean((np.arange(size) < ones).astype(int), np.arange(size))
    on = least_on(size)
    assert on is not None
    assert said[0] >= on
    assert ones == size or said[-1] <= 1e-15


@given(st.floats(0, 1))
def test_the_kernel_is_more_than_its_bound(cosine: float) -> None:
    assert tangent(cosine) >= (1 + cosine**2) / pi + cosine - 1e-15


@pytest.mark.parametrize("size", [1, 2, 30, 10**6])
def test_all_inputs_are_proved(size: int) -> None:
    verdict = prove_mean(size)
    assert isinstance(verdict, Proved)
    assert verdict.work.points == size
    on = least_on(size)
    assert on is not None
    assert verdict.work.bound == on / 2


def test_what_is_too_long_is_unknown() -> None:
    assert isinstance(prove_mean(MOST + 1), Unknown)
    assert isinstance(prove_mean(10, deadline=clock.wall_s() - 1), Unknown)


def test_more_networks_err_less() -> None:
    networks = ensemble_size(BITS, 1e-3)
    assert networks == CONFIG.permutation.networks
    assert chance_of_error(BITS, networks) <= 1e-3 < chance_of_error(BITS, networks * 9 // 10)
    assert deviation(BITS, 1) < 1e-6 < deviation(BITS, 2)


@pytest.mark.slow
def test_a_finite_ensemble_agrees_with_the_mean_as_far_as_it_should() -> None:
    torch.set_num_threads(1)
    networks, width = 150, 256
    ensemble = EnsembleKernel(PermutationConfig(networks=networks, width=width), 0)
    ensemble.fit(unit_vectors(np.random.default_rng(0)))
    words, found = inputs(BITS), ensemble.mean().numpy()[1:]
    spread = [deviation(BITS, ones) / networks**0.5 for ones in range(1, BITS + 1)]
    for bits, said in zip(words, found, strict=True):
        # six deviations, and what finite width may add
        error = np.abs(said - mean(bits, np.array(PLACES))).max()
        assert error < 6 * spread[bits.sum() - 1] + 2 / width


@pytest.mark.slow
def test_an_ensemble_is_proved_on_all_words() -> None:
    torch.set_num_threads(1)
    learned = train(TASKS["permutation"])
    assert learned.proved
    assert learned.examples == BITS
    assert learned.exact(0b1) == 1 << PLACES[0]
    assert learned.exact(0b11) == PERMUTATION.value(0b11)
