"""Planes of softmax and of products of matrices hold, and bounds on regrouped rows do."""

from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.verify.bounds.affine.layers import layers_of
from abduce.verify.bounds.functions.matrix_products import MatrixProduct, centred
from abduce.verify.bounds.functions.relaxations import lines, product_lines, values
from abduce.verify.bounds.functions.smooth import Lines
from abduce.verify.bounds.functions.softmax import SoftmaxOfGaps, softmax_planes
from abduce.verify.bounds.propagation.backward import lower_bounds
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.bounds.propagation.sharp import sharp_bounds
from abduce.verify.networks.exact import exact
from abduce.verify.refutation.gradients import forward
from abduce.verify.rounding import gamma
from tests.networks import attention

seeds = st.integers(0, 2**32 - 1)
widths = st.sampled_from([0.0, 1e-16, 1e-9, 0.1, 2.0, 30.0, 900.0])


def softmax_box(
    rng: np.random.Generator, function: SoftmaxOfGaps, width: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Arguments (1, rows, size) within ends, and the ends of their gaps (1, size of z)."""
    i, j = function.pairs
    x = rng.normal(size=(1, function.rows, function.size)) * rng.choice([0.1, 3.0, 50.0])
    gaps = (x[..., j] - x[..., i]).reshape(1, -1)
    low = gaps - width * rng.random(gaps.shape)
    return x, low, low + width * (1 + rng.random(gaps.shape))


def precisely(x: np.ndarray) -> list[Fraction]:
    """Softmax of each row of arguments, with 40 digits."""
    result: list[Fraction] = []
    with localcontext() as context:
        context.prec = 50
        for row in x.reshape(-1, x.shape[-1]).tolist():
            exponents = [(Decimal(value) - Decimal(max(row))).exp() for value in row]
            result += [Fraction(e / sum(exponents)) for e in exponents]
    return result


def rows_of(a: np.ndarray) -> list[Fraction]:
    return [Fraction(entry) for entry in a.tolist()]


@settings(max_examples=150)
@given(seeds, widths)
def test_softmax_lies_between_its_planes(seed: int, width: float) -> None:
    """At one point, without any tolerance but for that of the decimals."""
    rng = np.random.default_rng(seed)
    function = SoftmaxOfGaps(int(rng.integers(1, 3)), int(rng.integers(2, 5)))
    x, low, high = softmax_box(rng, function, width)
    i, j = function.pairs
    z = [Fraction(b) - Fraction(a) for row in x[0].tolist() for a, b in zip(
        np.array(row)[i].tolist(), np.array(row)[j].tolist(), strict=True)]  # fmt: skip
    low, high = np.nextafter(low, -np.inf), np.nextafter(high, np.inf)
    low = np.minimum(low, np.nextafter(np.array([list(map(float, z))]), -np.inf))
    high = np.maximum(high, np.nextafter(np.array([list(map(float, z))]), np.inf))
    p = precisely(x)
    least, most = values(function, low, high)
    for value, below, above in zip(p, least[0].tolist(), most[0].tolist(), strict=True):
        assert Fraction(below) <= value + Fraction(1, 10**40)
        assert value - Fraction(1, 10**40) <= Fraction(above)
    a = rng.normal(size=(1, 3, function.rows * function.size))
    a[0, 0] = np.round(a[0, 0])
    for planes in (
        softmax_planes(function, low, high),
        softmax_planes(function, low, high, (least, most)),
    ):
        passed = planes.back(a)
        shift, error = np.asarray(passed.shift), np.asarray(passed.error)
        arguments = rows_of(x.ravel())
        for r in range(3):
            terms = [k * g for k, g in zip(rows_of(passed.a[0, r]), arguments, strict=True)]
            sizes = [k * abs(g) for k, g in zip(rows_of(passed.size[0, r]), arguments, strict=True)]
            # coefficients are rounded, which `lower_bounds` makes up for
            room = sum(sizes, Fraction(0)) * Fraction(gamma(2)) + Fraction(1, 10**35)
            bound = sum(terms, Fraction(0)) + Fraction(shift[0, r]) - Fraction(error[0, r])
            exact_row = sum((k * v for k, v in zip(rows_of(a[0, r]), p, strict=True)), Fraction(0))
            assert bound <= exact_row + room


@given(seeds, widths)
def test_what_a_row_takes_for_the_softmax_is_what_it_passes_back(seed: int, width: float) -> None:
    rng = np.random.default_rng(seed)
    function = SoftmaxOfGaps(2, 4)
    _, low, high = softmax_box(rng, function, width)
    planes = softmax_planes(function, low, high)
    a = rng.normal(size=(1, 5, 8))
    passed = planes.back(a)
    x = 3 * rng.normal(size=(1, 5, 8))
    ours = (a * planes.at(x, a)).sum(-1)
    theirs = (passed.a * x).sum(-1) + passed.shift
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9 * (1 + passed.size.max()))


def test_equal_coefficients_on_a_softmax_are_a_constant() -> None:
    function = SoftmaxOfGaps(1, 3)
    planes = softmax_planes(function, np.full((1, 3), -1.0), np.full((1, 3), 2.0))
    passed = planes.back(np.full((1, 1, 3), 7.0))
    assert not passed.a.any()
    assert np.asarray(passed.shift).item() == 7.0
    assert np.asarray(passed.error).item() < 1e-10


@given(seeds)
def test_planes_of_a_small_box_are_near(seed: int) -> None:
    rng = np.random.default_rng(seed)
    function = SoftmaxOfGaps(2, 4)
    x = rng.normal(size=(1, 2, 4)) * 2
    i, j = function.pairs
    z = (x[..., j] - x[..., i]).reshape(1, -1)
    for width in (1e-1, 1e-2, 1e-3):
        planes = softmax_planes(function, z - width, z + width)
        assert (planes.gap < 2 * width**2 + 1e-11).all()


@given(seeds)
def test_products_of_matrices_lie_around_their_centres(seed: int) -> None:
    """At rational points, without any tolerance."""
    rng = np.random.default_rng(seed)
    function = MatrixProduct(*rng.integers(1, 4, 4).tolist())
    cut = function.batch * function.rows * function.inner
    size = cut + function.batch * function.inner * function.columns
    low = rng.normal(size=(2, size)) * rng.choice([1.0, 1e8], size)
    high = low + rng.random((2, size)) * rng.choice([0.0, 1.0, 1e6], size)
    relaxed, (least, most) = centred(function, low, high), values(function, low, high)
    outputs = function.batch * function.rows * function.columns
    a = rng.normal(size=(2, 3, outputs))
    passed = relaxed.back(a)
    shift, error = np.asarray(passed.shift), np.asarray(passed.error)
    for d in range(2):
        z = np.clip(low[d] + (high[d] - low[d]) * np.round(rng.random(size), 1), low[d], high[d])
        rational = np.array(rows_of(z), object)
        u, v = function.parts(rational)
        product = (u @ v).ravel().tolist()
        for value, below, above in zip(product, least[d].tolist(), most[d].tolist(), strict=True):
            assert Fraction(below) <= value <= Fraction(above)
        for r in range(3):
            row = sum(k * value for k, value in zip(rows_of(a[d, r]), product, strict=True))
            parts = [k * x for k, x in zip(rows_of(passed.a[d, r]), rational.tolist(), strict=True)]
            bound = sum(parts) + Fraction(shift[d, r]) - Fraction(error[d, r])
            assert bound <= row


def test_long_products_have_room_for_the_rounding_of_all_terms() -> None:
    rng = np.random.default_rng(0)
    function = MatrixProduct(1, 1, 5_000, 1)
    z = rng.random((1, 10_000))
    relaxed = centred(function, z, z)
    error = np.asarray(relaxed.back(np.ones((1, 1, 1))).error)
    u, v = function.parts(z)
    assert error.item() >= gamma(5_000) * (u @ v).item()


def test_no_rows_pass_through_planes() -> None:
    """As where all parts of a tree are settled."""
    for function, size in ((SoftmaxOfGaps(2, 3), 6), (MatrixProduct(1, 2, 2, 1), 6)):
        for domains, none in ((1, (1, 0)), (0, (0, 1))):
            inner = size if isinstance(function, MatrixProduct) else len(function.pairs[0]) * 2
            relaxed = lines(function, np.zeros((domains, inner)), np.ones((domains, inner)))
            assert not isinstance(relaxed, Lines)
            outputs = 2 if isinstance(function, MatrixProduct) else 6
            a = np.zeros((*none, outputs))
            passed = relaxed.back(a)
            assert passed.a.shape == (*none, size)
            assert relaxed.at(np.zeros((*none, size)), a).shape == a.shape


def test_of_what_is_not_finite_planes_claim_nothing_and_are_silent() -> None:
    softmax, product = SoftmaxOfGaps(1, 3), MatrixProduct(1, 2, 1, 1)
    for low, high in ((-np.inf, np.inf), (-1e308, 1e308), (0.0, np.inf), (-np.inf, 0.0)):
        ends = np.full((1, 3), low), np.full((1, 3), high)
        least, most = values(softmax, *ends)
        assert not (least > 0.4).any()
        assert not (most < 0.3).any()
        lines(softmax, *ends)
        least, most = values(product, *ends)
        assert least.min() <= 0 <= most.max()
        lines(product, *ends)


@given(seeds, st.floats(0, 1))
def test_mixtures_of_planes_hold_for_any_share(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    low = rng.normal(size=(1, 2)) * rng.choice([1.0, 1e-6, 1e6], 2)
    high = low + rng.random((1, 2)) * rng.choice([0.0, 1.0, 1e6], 2)
    found = product_lines(low, high, share)
    assert found.lower is not None
    for part in rng.random((6, 2)).round().tolist() + rng.random((6, 2)).tolist():
        u, v = np.clip(low[0] + (high - low)[0] * part, low[0], high[0]).tolist()
        exact_value = Fraction(u) * Fraction(v)
        for slope, start, sign in (
            (found.lower_slope, found.lower, 1),
            (found.upper_slope, found.upper, -1),
        ):
            line = Fraction(slope[0, 0]) * Fraction(u) + Fraction(slope[0, 1]) * Fraction(v)
            assert sign * (exact_value - line - Fraction(start.item())) >= -Fraction(1, 10**295)


@pytest.mark.parametrize("count", [1, 2])
@settings(max_examples=20)
@given(seeds)
def test_regrouped_rows_have_bounds_that_hold_and_are_no_worse(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = attention(rng, smooth=bool(rng.integers(2)))
    layers = layers_of(network)
    low = rng.normal(size=(count, 12))
    high = low + 0.3 * rng.random((count, 12))
    known = bound_layers(layers, (low, high))
    rows = {len(layers.layers): rng.normal(size=(4, 6))}
    constant = rng.normal(size=4) - 1e3 * rng.integers(2, size=4)
    plain = lower_bounds(layers, known, rows, constant)
    sharp = sharp_bounds(layers, known, rows, constant)
    assert (sharp.value >= plain.value - 1e-9).all()
    better = sharp.value > plain.value
    if (np.abs(plain.slope).max(-1) > 1e-3).all():
        assert better[plain.value <= 0].all()
    for d in range(count):
        x = low[d] + (high - low)[d] * rng.random((40, 12)).round()
        y, before = forward(layers, x)
        assert not (y @ rows[len(layers.layers)].T + constant < sharp.value[d] - 1e-9).any()
        for (below, above), z in zip(known.before, before, strict=True):
            assert not (z < below[d] - 1e-9).any()
            assert not (z > above[d] + 1e-9).any()


@settings(max_examples=20)
@given(seeds)
def test_regrouped_rows_hold_exactly(seed: int) -> None:
    rng = np.random.default_rng(seed)
    network = attention(rng, smooth=False)
    layers = layers_of(network)
    low = rng.normal(size=(1, 12))
    high = low + 0.3 * rng.random((1, 12)) * rng.integers(2)
    both = np.concatenate([np.eye(6), -np.eye(6)])
    known = bound_layers(layers, (low, high))
    found = sharp_bounds(layers, known, {len(layers.layers): both}, np.full(12, -1e3)).value[0]
    x = np.clip(low + (high - low) * rng.random((1, 12)).round(), low, high)[0]
    y = exact(network, rows_of(x))
    assert y is not None
    for i, value in enumerate(y):
        assert Fraction(found[i]) <= value - 1000
        assert Fraction(found[6 + i]) <= -value - 1000
