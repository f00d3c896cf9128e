"""The kernel's bounds hold, are those of floats but for rounding, and prove nothing false."""

import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("onnx", reason="onnx is not installed: pip install 'abduce[verify]'")

from abduce.verify.bounds.affine.layers import Layers, layers_of
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.bounds.query import Query, queries
from abduce.verify.certificates.kernel import (
    CASES,
    FINE,
    LEAF,
    MIX,
    SLOPE,
    Boxes,
    Claim,
    Prepared,
    Refused,
    bounded,
    check,
    prepare,
    settled,
)
from abduce.verify.networks.onnx.reading import read_network
from abduce.verify.specifications.vnnlib.reading import read_property
from tests.verify.certificates.relu_nets import Net, box, random_net

FEW = settings(max_examples=25)
seeds = st.integers(0, 2**32 - 1)
TWO = "(assert (or (and (<= Y_0 Y_1) (<= Y_0 0.25)) (and (>= Y_1 1.5))))"


def corners(low: float, high: float, size: int) -> str:
    return box([low] * size, [high] * size)


def points(
    rng: np.random.Generator, prepared: Prepared, boxes: Boxes
) -> list[tuple[np.ndarray, list[Fraction]]]:
    """Integers on the grid in the first box, and the inputs that they stand for."""
    found = []
    for share in (0.0, 1.0, rng.random(boxes.low.shape[1]), rng.random(boxes.low.shape[1])):
        k = np.floor(boxes.low[0] + (boxes.high[0] - boxes.low[0]) * share)
        parts = zip(prepared.corner, prepared.step, k, strict=True)
        found.append((k, [corner + int(a) * step for corner, step, a in parts]))
    return found


@FEW
@given(seeds, st.sampled_from([(0, 40), (0, 8), (4, 40), (16, 0)]))
def test_bounds_hold_at_points_in_exact_arithmetic(seed: int, sizes: tuple[int, int]) -> None:
    """Of the pre-activations, of the rows, and of their linear bounds, in a box and in parts of
    it."""
    rng, (spread, scale) = np.random.default_rng(seed), sizes
    net = random_net(rng, [2, 5, 4, 2], spread)
    claim = net.claim(corners(-0.5, 0.5, 2) + TWO)
    region = claim.regions[0]
    prepared = prepare(claim, region, scale)
    rows = [row for case in region.cases for row in case]
    for cut in (0.0, 0.3, 0.9):
        low, high = np.floor(prepared.width * cut), prepared.width
        boxes = bounded(prepared, low[None], high[None])
        found = settled(prepared, boxes, {})
        for k, x in points(rng, prepared, boxes):
            values = net.layers(x)
            for (under, over), z in zip(boxes.known, values[:-1], strict=True):
                for entry, value in enumerate(z):
                    assert int(under[0, entry]) <= value * 2**scale <= int(over[0, entry])
            for place, row in enumerate(rows):
                value = sum(a * b for a, b in zip(row.outputs, values[-1], strict=True)) - row.bound
                assert int(found.least[0, place]) <= value * 2**scale
                rise = [
                    int(c) * (int(b) - int(low[i] if c > 0 else high[i]))
                    for i, (c, b) in enumerate(zip(found.slope[0, place], k, strict=True))
                ]
                unit = Fraction(2) ** (scale - int(found.unit[0, place]))
                assert int(found.least[0, place]) + sum(rise) * unit <= value * 2**scale


@FEW
@given(seeds, st.sampled_from([[3, 8, 8, 2], [5, 20, 2], [2, 30, 10, 2]]))
def test_bounds_are_those_of_floats_but_for_rounding(seed: int, sizes: list[int]) -> None:
    """Two ways that share no code: float64 with error terms, and integers. The former bounds a relu
    backwards only where its sign is open."""
    rng = np.random.default_rng(seed)
    net = random_net(rng, sizes)
    text = corners(-0.5, 0.5, sizes[0]) + "(assert (<= Y_0 Y_1))"
    claim = net.claim(text)
    prepared = prepare(claim, claim.regions[0], 40)
    boxes = bounded(prepared, np.zeros((1, sizes[0])), prepared.width[None])
    found = settled(prepared, boxes, {})
    network, query = _read(net, text)
    known = bound_layers(network, query.box)
    for (low, high), (a, b) in zip(boxes.known, known.before[:-1], strict=True):
        size, open_ = float(np.abs([a, b]).max()), (a < 0) & (b > 0)
        np.testing.assert_allclose((low * 2.0**-40)[open_], a[open_], rtol=0, atol=2e-4 * size)
        np.testing.assert_allclose((high * 2.0**-40)[open_], b[open_], rtol=0, atol=2e-4 * size)
    theirs = float(query.lower(network, known).value[0, 0])
    assert found.least[0, 0] * 2.0**-40 == pytest.approx(theirs, abs=1e-3)


def _read(net: Net, text: str) -> tuple[Layers, Query]:
    with tempfile.TemporaryDirectory() as folder:
        paths = net.files(Path(folder), text)
        network = read_network(paths[0])
        specification = read_property(paths[1], network.input_shape, network.output_shape)
    return layers_of(network), queries(specification)[0]


SIZES = [2, 6, 6, 2]


@settings(max_examples=60)
@given(seeds, st.lists(st.integers(CASES, 2 + 12 - 1).filter(lambda n: n != LEAF), max_size=10))
def test_a_false_claim_is_refused_whatever_its_proof_is(seed: int, entries: list[int]) -> None:
    """Two cases; all rows of one are violated at a point of the box, where the outputs are its
    bounds. Trees split inputs, signs of neurons and cases, and leaves have choices at random."""
    rng = np.random.default_rng(seed)
    net = random_net(rng, SIZES)
    x = [Fraction(int(a), 64) for a in rng.integers(-32, 33, 2)]
    claim = net.claim(corners(-0.5, 0.5, 2) + TWO)
    y = net.layers(x)[-1]
    region = claim.regions[0]
    cases = [list(case) for case in region.cases]
    false = int(rng.integers(2))
    for place, row in enumerate(cases[false]):
        value = sum(a * b for a, b in zip(row.outputs, y, strict=True))
        cases[false][place] = row._replace(bound=value)
    splits = sorted(entries, key=lambda entry: not 0 <= entry < 2)  # inputs first
    tree, leaves = whole_tree(splits, len(cases))
    choices = [random_choice(rng, n, depth, cases) for n, depth in enumerate(leaves)]
    region = region._replace(cases=cases)
    with pytest.raises(Refused, match="does not close"):
        check(claim._replace(regions=[region]), 40, [(tree, choices)])


def whole_tree(splits: list[int], cases: int) -> tuple[list[int], list[int]]:
    """The tree in which all nodes of a depth are split in the same way, but cases only once; and
    the number of signs that each leaf assumes."""
    entries, leaves = list[int](), list[int]()
    once = [s for n, s in enumerate(splits) if s != CASES or CASES not in splits[:n]][:6]
    stack = [(0, 0)]
    while stack:
        depth, signs = stack.pop()
        if depth == len(once):
            entries.append(LEAF)
            leaves.append(signs)
            continue
        entries.append(once[depth])
        more = signs + (once[depth] >= SIZES[0])
        stack += [(depth + 1, more)] * (cases if once[depth] == CASES else 2)
    return entries, leaves


def random_choice(rng: np.random.Generator, number: int, signs: int, cases: list) -> list:
    case = int(rng.integers(len(cases)))
    weights = rng.multinomial(2**MIX, np.ones(len(cases[case])) / len(cases[case])).tolist()
    digits = "".join(map(str, rng.integers(0, SLOPE + 1, sum(SIZES[1:-1]))))
    return [number, case, weights, digits, rng.integers(0, 2**20, signs).tolist()]


def f32(*numbers: float) -> np.ndarray:
    return np.array(numbers, np.float32)


def absolute(bound: str) -> Claim:
    """That ``2 relu(x) - x``, the absolute value of x, is above a bound for x from -1 to 1. The
    second neuron is x + 1."""
    weights = np.array([[1.0], [1.0]], np.float32), np.array([[2.0, -1.0]], np.float32)
    net = Net(weights, (f32(0, 1), f32(1)))
    return net.claim(corners(-1, 1, 1) + f"(assert (<= Y_0 {bound}))")


def test_signs_and_their_multipliers_close_what_boxes_do_not() -> None:
    """Where x is not negative, its coefficient 1 is lowered to 0; where it is not positive, -1 is
    raised to 0. Without a multiplier, x is from -1 to 1 on both sides."""
    claim, split = absolute("-0.01"), [1, LEAF, LEAF]
    for choices in ([], [[n, 0, [2**MIX], "00", [0]] for n in (0, 1)]):
        with pytest.raises(Refused, match="does not close"):
            check(claim, 40, [(split, choices)])
    given = [[n, 0, [2**MIX], "00", [2**FINE]] for n in (0, 1)]
    assert check(claim, 40, [(split, given)]) == 2
    for wrong in (given[:1], given[1:], [[*each[:4], [2**FINE * 3]] for each in given]):
        with pytest.raises(Refused, match="does not close"):
            check(claim, 40, [(split, wrong)])


def test_slopes_close_what_the_default_does_not() -> None:
    claim, whole = absolute("-0.01"), [0, 0, [2**MIX]]
    for digits in ("00", "80", "08"):
        with pytest.raises(Refused, match="does not close"):
            check(claim, 40, [([LEAF], [[*whole, digits, []]])])
    assert check(claim, 40, [([LEAF], [[*whole, "40", []]])]) == 1


def test_weights_of_rows_close_what_single_rows_do_not() -> None:
    """y_0 = x and y_1 = -x are not both at most -0.1: their mean is 0."""
    net = Net((np.array([[1.0], [-1.0]], np.float32),), (f32(0, 0),))
    claim = net.claim(corners(-1, 1, 1) + "(assert (<= Y_0 -0.1))(assert (<= Y_1 -0.1))")
    with pytest.raises(Refused, match="does not close"):
        check(claim, 40, [([LEAF], [])])
    assert check(claim, 40, [([LEAF], [[0, 0, [2**MIX // 2] * 2, "", []]])]) == 1


@pytest.mark.parametrize(
    "choice",
    [
        [0, 0, [2**MIX], "00"],
        [0, 0, [2**MIX], "0", []],
        [0, 0, [2**MIX], "09", []],
        [0, 0, [2**MIX - 1], "00", []],
        [0, 0, [2**MIX + 1, -1], "00", []],
        [0, 0, [0], "00", []],
        [0, 0, [2**MIX], "00", [1]],
        [0, 1, [2**MIX], "00", []],
        [0, 0, [float(2**MIX)], "00", []],
        [1, 0, [2**MIX], "00", []],
        [-1, 0, [2**MIX], "00", []],
        [[0], 0, [2**MIX], "00", []],
        [0, [0], [2**MIX], "00", []],
        [0, 0, 2**MIX, "00", []],
        [0, 0, [2**MIX], 0, []],
        [0, 0, [2**MIX], "\u0660\u0660", []],
        None,
        "00000",
    ],
)
def test_what_is_no_choice_is_refused(choice: Any) -> None:
    net = random_net(np.random.default_rng(0), [2, 2, 1])
    claim = net.claim(corners(-0.5, 0.5, 2) + "(assert (>= Y_0 100))")
    assert check(claim, 40, [([LEAF], [[0, 0, [2**MIX], "00", []]])]) == 1
    with pytest.raises(Refused, match="no choice"):
        check(claim, 40, [([LEAF], [choice])])


@pytest.mark.parametrize(
    "tree",
    [
        [],
        [0],
        [0, -1],
        [-1, -1],
        [0, -1, -1, -1],
        [5, -1, -1],
        [-2],
        [-3],
        [True, -1, -1],
        [0.0, -1, -1],
        [2, 0, -1, -1, -1],
        [-2, -2, -1],
    ],
)
def test_what_is_no_tree_is_refused(tree: list[int]) -> None:
    net = random_net(np.random.default_rng(0), [2, 3, 1])
    claim = net.claim(corners(-0.5, 0.5, 2) + "(assert (>= Y_0 100))")
    assert check(claim, 40, [([0, 2, -1, -1, -1], [])]) == 3
    with pytest.raises(Refused):
        check(claim, 40, [(tree, [])])


def test_all_regions_must_be_shown() -> None:
    net = random_net(np.random.default_rng(0), [1, 3, 1])
    cases = "(or (and (>= X_0 0) (<= X_0 1)) (and (>= X_0 2) (<= X_0 3)))"
    claim = net.claim(f"(assert {cases})(assert (>= Y_0 100))")
    leaf = [-1], list[Any]()
    assert check(claim, 40, [leaf, leaf]) == 2
    for trees in ([], [leaf], [leaf, leaf, leaf]):
        with pytest.raises(Refused, match="regions"):
            check(claim, 40, trees)


def test_bounds_that_do_not_fit_the_scale_are_refused() -> None:
    net = random_net(np.random.default_rng(0), [1, 3, 1], 3)
    large = Net(tuple([w * np.float32(2.0**30) for w in net.weights]), net.biases)
    claim = large.claim("(assert (>= X_0 0))(assert (<= X_0 1))(assert (>= Y_0 1e30))")
    for scale in (60, 61, -1):
        with pytest.raises(Refused, match="scale"):
            check(claim, scale, [([-1], [])])


def test_the_leaf_that_fails_is_named() -> None:
    one, zero = np.ones((1, 1), np.float32), np.zeros(1, np.float32)
    net = Net((one, one), (zero, zero))
    claim = net.claim("(assert (>= X_0 0))(assert (<= X_0 1))(assert (>= Y_0 0.75))")
    with pytest.raises(Refused) as refused:
        check(claim, 40, [([0, 0, -1, -1, -1], [])])
    assert str(refused.value) == "region 0: leaf 4 does not close; its bounds: -0.25"
    assert refused.value.box == [(Fraction(1, 2), Fraction(1))]
