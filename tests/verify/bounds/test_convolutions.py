"""Convolutions as matrices give what the matrices would, on windows, too."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from abduce.verify.bounds.affine import stencils
from abduce.verify.bounds.affine.convolutions import Convolution, convolution
from abduce.verify.networks.convolution import convolution as convolved
from abduce.verify.networks.convolution import transposed_convolution
from abduce.verify.networks.network import Conv, ConvTranspose

seeds = st.integers(0, 2**32 - 1)


def pair(rng: np.random.Generator) -> tuple[Convolution, np.ndarray]:
    """A random convolution of any shape, and its matrix from the evaluation of unit vectors."""
    rank, groups = int(rng.integers(1, 3)), int(rng.integers(1, 3))
    channels, filters = groups * rng.integers(1, 4, 2)
    kernel, strides, dilations = (tuple(rng.integers(1, 4, rank).tolist()) for _ in range(3))
    pads = tuple([(int(a), int(b)) for a, b in rng.integers(0, 3, (rank, 2))])
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilations, strict=True)]
    sides = list(zip(spans, pads, strict=True))
    if rng.integers(2):
        space = [max(1, span - sum(pad)) + int(rng.integers(0, 6)) for span, pad in sides]
        weight = rng.normal(size=(filters, channels // groups, *kernel))
        conv = Conv(weight, np.zeros(filters), strides, pads, dilations, groups)
        units = np.eye(channels * int(np.prod(space))).reshape(-1, channels, *space)
        rows = convolved(units, weight, strides, pads, dilations, groups)
    else:
        space = [int(np.ceil(sum(pad) / s)) + int(rng.integers(1, 5)) for (_, pad), s in zip(
            sides, strides, strict=True
        )]  # fmt: skip
        weight = rng.normal(size=(channels, filters // groups, *kernel))
        extra = tuple([int(rng.integers(0, s)) for s in strides])
        parts = strides, pads, dilations, groups, extra
        conv = ConvTranspose(weight, np.zeros(filters), *parts)
        units = np.eye(channels * int(np.prod(space))).reshape(-1, channels, *space)
        rows = transposed_convolution(units, weight, *parts)
    matrix = convolution(conv, (1, channels, *space), (1, *rows.shape[1:]))
    return matrix, rows.reshape(len(units), -1).T


@pytest.fixture(params=["as it is", "in small blocks"], autouse=True)
def blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "in small blocks":
        monkeypatch.setattr(stencils, "BLOCK", 16)
        monkeypatch.setattr(stencils, "ABREAST", 2)


@pytest.mark.parametrize("turn", range(30))
def test_products_are_those_of_the_matrix(turn: int, seed: int) -> None:
    rng = np.random.default_rng([seed, turn])
    matrix, full = pair(rng)
    assert matrix.shape == full.shape
    for ours, theirs in ((matrix, full), (matrix.T, full.T), (abs(matrix), abs(full))):
        a = rng.normal(size=(int(rng.integers(5)), len(theirs)))
        np.testing.assert_allclose(ours.back(a), a @ theirs, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal((-matrix).back(np.eye(len(full))), -full)
    assert matrix.entries >= np.count_nonzero(full)
    assert matrix.forth.terms >= np.count_nonzero(full, axis=1).max()
    assert matrix.along.terms >= np.count_nonzero(full, axis=0).max()


@pytest.mark.parametrize("turn", range(30))
def test_products_of_some_rows_are_zero_but_where_they_say(turn: int, seed: int) -> None:
    rng = np.random.default_rng([seed, turn])
    for ours, theirs in zip(*[(m, m.T) for m in pair(rng)], strict=True):
        index = np.sort(rng.choice(len(theirs), min(len(theirs), int(rng.integers(1, 5))), False))
        a = rng.normal(size=(3, len(index)))
        found, columns = ours.back_on(a, index)
        whole = np.zeros((3, theirs.shape[1]))
        whole[:, columns] = found
        np.testing.assert_allclose(whole, a @ theirs[index], rtol=1e-12, atol=1e-12)
        assert (np.diff(columns) > 0).all()


@pytest.mark.parametrize("turn", range(10))
def test_other_types_of_numbers_stay_what_they_are(turn: int, seed: int) -> None:
    matrix, full = pair(np.random.default_rng([seed, turn]))
    a = np.ones((2, len(full)), np.float32)
    found = matrix.astype(np.float32).back(a)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, a @ full, rtol=1e-4, atol=1e-4)


@given(seeds)
def test_the_entries_of_the_least_window_are_the_least_that_hold_an_index(seed: int) -> None:
    rng = np.random.default_rng(seed)
    image = tuple(rng.integers(1, 5, 3).tolist())
    size = int(np.prod(image))
    index = np.sort(rng.choice(size, int(rng.integers(1, size + 1)), False))
    (top, bottom), (left, right) = window = stencils.least_window(image, index)
    inside = stencils.entries_of(image, window)
    assert np.isin(index, inside).all()
    places = np.arange(size).reshape(image)
    assert inside.tolist() == places[:, top:bottom, left:right].ravel().tolist()
    for start, stop in product((top, top + 1), (bottom - 1, bottom)):
        if (start, stop) != (top, bottom):
            assert not np.isin(index, places[:, start:stop, left:right]).all()
    for start, stop in product((left, left + 1), (right - 1, right)):
        if (start, stop) != (left, right):
            assert not np.isin(index, places[:, top:bottom, start:stop]).all()
