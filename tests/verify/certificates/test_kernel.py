"""The kernel's bounds hold, are those of floats but for rounding, and prove nothing false."""

import tempfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("onnx", reason="onnx is not installed: pip install 'abduce[verify]'")

from abduce.verify.bounds.affine.layers import Layers, layers_of
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.bounds.query import Query, queries
from abduce.verify.certificates import kernel
from abduce.verify.certificates.kernel import LEAF, Refused, bounded, check, clipped, prepare, root
from abduce.verify.networks.onnx.reading import read_network
from abduce.verify.specifications.vnnlib.reading import read_property
from tests.verify.certificates.relu_nets import Net, box, random_net

FEW = settings(max_examples=25)
seeds = st.integers(0, 2**32 - 1)
CASES = "(assert (or (and (<= Y_0 Y_1) (<= Y_0 0.25)) (and (>= Y_1 1.5))))"


def corners(low: float, high: float, size: int) -> str:
    return box([low] * size, [high] * size)


def points(
    rng: np.random.Generator,
    prepared: kernel.Prepared,
    nodes: kernel.Nodes,
    low: float,
    high: float,
) -> tuple[list[np.ndarray], list[list[Fraction]]]:
    """Integers on the grid in the first node's box, and the inputs that they stand for."""
    grid, inputs = [], []
    for share in (0.0, 1.0, rng.random(nodes.low.shape[1]), rng.random(nodes.low.shape[1])):
        k = np.floor(nodes.low[0] + (nodes.high[0] - nodes.low[0]) * share)
        width, ks = Fraction(high) - Fraction(low), zip(k, prepared.width, strict=True)
        x = [Fraction(low) + width * Fraction(int(a), int(w)) for a, w in ks]
        grid.append(k)
        inputs.append(x)
    return grid, inputs


@FEW
@given(seeds, st.sampled_from([(0, 40), (0, 8), (4, 40), (16, 0)]))
def test_bounds_hold_at_points_in_exact_arithmetic(seed: int, sizes: tuple[int, int]) -> None:
    """Of the pre-activations, of the rows, and of their linear bounds, in a box and in a half.

    The box is from -1/2 to 1/2, so that the grid's inputs are exact."""
    rng, (spread, scale) = np.random.default_rng(seed), sizes
    net = random_net(rng, [2, 5, 4, 2], spread)
    claim = net.claim(corners(-0.5, 0.5, 2) + CASES)
    region = claim.regions[0]
    prepared = prepare(claim, region, scale)
    rows = [row for case in region.cases for row in case]
    nodes = root(prepared)
    for axis in (None, 0, 1):
        if axis is not None:
            nodes = kernel.halves(nodes, np.array([axis])).take(slice(1, 2))
        found = bounded(prepared, nodes)
        for k, x in zip(*points(rng, prepared, nodes, -0.5, 0.5), strict=True):
            values = net.layers(x)
            for (low, high), z in zip(found.known, values[:-1], strict=True):
                for entry, value in enumerate(z):
                    assert int(low[0, entry]) <= value * 2**scale <= int(high[0, entry])
            for place, row in enumerate(rows):
                value = sum(a * b for a, b in zip(row.outputs, values[-1], strict=True)) - row.bound
                assert int(found.least[0, place]) <= value * 2**scale
                slope = found.slope[0, place]
                rise = [
                    int(c) * (int(b) - int(nodes.low[0, i] if c > 0 else nodes.high[0, i]))
                    for i, (c, b) in enumerate(zip(slope, k, strict=True))
                ]
                unit = Fraction(2) ** (scale - int(found.unit[0, place]))
                assert int(found.least[0, place]) + sum(rise) * unit <= value * 2**scale


@FEW
@given(seeds)
def test_what_violates_a_case_is_not_clipped_off(seed: int) -> None:
    rng = np.random.default_rng(seed)
    net = random_net(rng, [2, 6, 2])
    claim = net.claim(corners(-0.5, 0.5, 2) + CASES)
    region = claim.regions[0]
    prepared = prepare(claim, region, 40)
    nodes = root(prepared)
    low, high = clipped(prepared, nodes, bounded(prepared, nodes))
    for k, x in zip(*points(rng, prepared, nodes, -0.5, 0.5), strict=True):
        y = net.layers(x)[-1]
        rows = [
            [sum(a * b for a, b in zip(row.outputs, y, strict=True)) <= row.bound for row in case]
            for case in region.cases
        ]
        if any(all(case) for case in rows):
            assert (low[0] <= k).all()
            assert (k <= high[0]).all()


@FEW
@given(seeds, st.sampled_from([[3, 8, 8, 2], [5, 20, 2], [2, 4, 4, 4, 2]]))
def test_bounds_are_those_of_floats_but_for_rounding(seed: int, sizes: list[int]) -> None:
    """Two ways that share no code: float64 with error terms, and integers."""
    rng = np.random.default_rng(seed)
    net = random_net(rng, sizes)
    text = corners(-0.5, 0.5, sizes[0]) + "(assert (<= Y_0 Y_1))"
    claim = net.claim(text)
    prepared = prepare(claim, claim.regions[0], 40)
    found = bounded(prepared, root(prepared))
    network, query = _read(net, text)
    known = bound_layers(network, query.box)
    for (low, high), (a, b) in zip(found.known, known.before[:-1], strict=True):
        size = float(np.abs([a, b]).max())
        np.testing.assert_allclose(low * 2.0**-40, a, rtol=0, atol=2e-4 * size)
        np.testing.assert_allclose(high * 2.0**-40, b, rtol=0, atol=2e-4 * size)
    theirs = float(query.lower(network, known).value[0, 0])
    assert found.least[0, 0] * 2.0**-40 == pytest.approx(theirs, abs=1e-3)


def _read(net: Net, text: str) -> tuple[Layers, Query]:
    with tempfile.TemporaryDirectory() as folder:
        paths = net.files(Path(folder), text)
        network = read_network(paths[0])
        specification = read_property(paths[1], network.input_shape, network.output_shape)
    return layers_of(network), queries(specification)[0]


@FEW
@given(seeds, st.lists(st.integers(0, 1), max_size=12))
def test_a_false_claim_is_refused_whatever_its_tree_is(seed: int, axes: list[int]) -> None:
    """The bound is the value at a point of the box, so that the case is violated there."""
    rng = np.random.default_rng(seed)
    net = random_net(rng, [2, 6, 6, 1])
    x = [Fraction(int(a), 64) for a in rng.integers(-32, 33, 2)]
    claim = net.claim(corners(-0.5, 0.5, 2) + "(assert (>= Y_0 0.0))")
    value = net.layers(x)[-1][0]
    row = claim.regions[0].cases[0][0]._replace(bound=-value)
    region = claim.regions[0]._replace(cases=[[row]])
    tree: list[int] = []
    for axis in axes:
        tree += [axis, LEAF] if rng.random() < 0.5 else [axis]
    with pytest.raises(Refused):
        check(claim._replace(regions=[region]), 40, [_whole(tree)])


def _whole(entries: list[int]) -> list[int]:
    """The tree with leaves at its end, as many as are missing."""
    missing = 1 + sum(1 if entry != LEAF else -1 for entry in entries)
    return [*entries, *[LEAF] * missing]


@pytest.mark.parametrize(
    "tree",
    [[], [0], [0, -1], [-1, -1], [0, -1, -1, -1], [2, -1, -1], [-2], [True, -1, -1], [0.0, -1, -1]],
)
def test_what_is_no_tree_is_refused(tree: list[int]) -> None:
    net = random_net(np.random.default_rng(0), [2, 3, 1])
    claim = net.claim(corners(-0.5, 0.5, 2) + "(assert (>= Y_0 100))")
    assert check(claim, 40, [[0, -1, -1]]) == 2
    with pytest.raises(Refused):
        check(claim, 40, [tree])


def test_all_regions_must_be_shown() -> None:
    net = random_net(np.random.default_rng(0), [1, 3, 1])
    cases = "(or (and (>= X_0 0) (<= X_0 1)) (and (>= X_0 2) (<= X_0 3)))"
    claim = net.claim(f"(assert {cases})(assert (>= Y_0 100))")
    assert check(claim, 40, [[-1], [-1]]) == 2
    for trees in ([], [[-1]], [[-1], [-1], [-1]]):
        with pytest.raises(Refused, match="regions"):
            check(claim, 40, trees)


def test_bounds_that_do_not_fit_the_scale_are_refused() -> None:
    net = random_net(np.random.default_rng(0), [1, 3, 1], 3)
    large = Net(tuple([w * np.float32(2.0**30) for w in net.weights]), net.biases)
    claim = large.claim("(assert (>= X_0 0))(assert (<= X_0 1))(assert (>= Y_0 1e30))")
    for scale in (60, 61, -1):
        with pytest.raises(Refused, match="scale"):
            check(claim, scale, [[-1]])


def test_the_leaf_that_fails_is_named() -> None:
    one, zero = np.ones((1, 1), np.float32), np.zeros(1, np.float32)
    net = Net((one, one), (zero, zero))
    claim = net.claim("(assert (>= X_0 0))(assert (<= X_0 1))(assert (>= Y_0 0.75))")
    with pytest.raises(Refused) as refused:
        check(claim, 40, [[0, 0, -1, -1, -1]])
    assert str(refused.value) == "region 0: leaf 4 does not close; its bounds: -0.25"
