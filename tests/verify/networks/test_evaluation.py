"""The values of networks: in floating point, and exactly."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abduce.errors import InputError
from abduce.verify.networks.evaluation import evaluate, values
from abduce.verify.networks.exact import exact, rational
from abduce.verify.networks.functions.pieces.clip import clip
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.network import Dense, Input, Network, Node
from abduce.verify.networks.onnx.reading import read_network
from tests.onnx_models import Step, one, proto, saved

finite = st.floats(allow_nan=False, allow_infinity=False, width=64)


def dense(*layers: tuple[list[list[float]], list[float]]) -> Network:
    """Layers with relu between them."""
    nodes = [Node(Input(), (), (len(layers[0][0]),), "x")]
    for weight, bias in layers:
        if len(nodes) > 1:
            nodes.append(Node(RELU, (len(nodes) - 1,), nodes[-1].shape, ""))
        operation = Dense(np.array(weight, float), np.array(bias, float))
        nodes.append(Node(operation, (len(nodes) - 1,), (len(bias),), ""))
    return Network(tuple(nodes), len(nodes) - 1, {})


def test_points_are_computed_one_by_one_and_together() -> None:
    network = dense(([[1, -1], [2, 0.5]], [0, 1]), ([[1], [-3]], [0.25]))
    x = np.array([[1.0, 2.0], [-1.0, 0.5], [0.0, 0.0]])
    together = evaluate(network, x)
    assert together.shape == (3, 1)
    assert together[0] == 5 - 3 * 1 + 0.25
    assert np.array_equal(together, np.concatenate([evaluate(network, p[None]) for p in x]))
    assert evaluate(network, x[:0]).shape == (0, 1)


def test_every_node_has_a_value_in_the_type_that_is_asked_for(tmp_path: Path) -> None:
    steps: list[Step] = [
        ("Sigmoid", ["x"], ["a"], {}),
        ("LeakyRelu", ["a"], ["b"], {}),
        ("Softmax", ["b"], ["c"], {}),
        ("MaxPool", ["c"], ["d"], {"kernel_shape": [2], "pads": [1, 0]}),
        ("Pow", ["d", "p"], ["y"], {}),
    ]
    network = read_network(saved(proto(steps, (1, 2, 6), {"p": np.array([2.0])}), tmp_path))
    for dtype in (np.float32, np.float64):
        results = values(network, np.ones((2, 1, 2, 6)), dtype)
        assert [r.dtype for r in results] == [dtype] * len(network.nodes)
        assert [r.shape[1:] for r in results] == [node.shape for node in network.nodes]


def test_points_of_another_shape_are_refused() -> None:
    with pytest.raises(InputError, match=r"points of shape \(3,\)"):
        evaluate(dense(([[1.0], [2.0]], [0.0])), np.zeros((1, 3)))


def test_large_arguments_do_not_overflow(tmp_path: Path) -> None:
    for kind in ("Sigmoid", "Tanh", "Softmax"):
        network = read_network(one(tmp_path, kind, (1, 2)))
        y = evaluate(network, np.array([[[-1e4, 1e4]]]))
        assert y[0, 0].tolist() == [-1.0 if kind == "Tanh" else 0.0, 1.0]


@given(st.lists(finite, min_size=1, max_size=6))
def test_doubles_are_rationals(numbers: list[float]) -> None:
    result = rational(np.array(numbers))
    assert [Fraction(n, result.under) for n in result.over] == [Fraction(n) for n in numbers]


def test_exact_values_do_not_cancel() -> None:
    """1e16 + 1 - 1e16, which floating point gets wrong, at a point that is no double."""
    network = dense(([[1.0, 1.0, 1.0]], [1e16, 0.0, 0.0]), ([[1.0], [1.0], [0.0]], [-1e16]))
    assert exact(network, [Fraction(1, 3)]) == [Fraction(2, 3)]
    assert evaluate(network, np.array([[1 / 3]]))[0, 0] != 2 / 3


RATIONAL = {
    "Gemm": ((1, 3), [np.full((3, 2), 0.3)], {}),
    "Relu": ((2, 3), [], {}),
    "LeakyRelu": ((2, 3), [], {"alpha": 0.1}),
    "Abs": ((2, 3), [], {}),
    "HardSigmoid": ((2, 3), [], {}),
    "HardSwish": ((2, 3), [], {"opset": 14}),
    "Sign": ((2, 3), [], {}),
    "Floor": ((2, 3), [], {}),
    "Conv": ((1, 2, 4, 5), [np.full((3, 2, 2, 2), 0.7)], {"pads": [1, 0, 0, 2]}),
    "ConvTranspose": ((1, 2, 3, 3), [np.full((2, 1, 2, 2), 0.7)], {"strides": [2, 2]}),
    "MaxPool": ((1, 2, 4, 5), [], {"kernel_shape": [2, 2], "pads": [1, 1, 0, 0]}),
    "AveragePool": ((1, 2, 4, 5), [], {"kernel_shape": [3, 2]}),
    "Pad": ((2, 3), [np.array([1, 0, 0, 2])], {}),
    "Concat": ((2, 3), [np.full((2, 1), 0.1)], {"axis": 1}),
    "ReduceMean": ((2, 3), [], {"axes": [1]}),
    "Mul": ((2, 3), [np.full((3,), 0.1)], {}),
    "Max": ((2, 3), [np.full((3,), 0.1)], {}),
}


@pytest.mark.parametrize("kind", RATIONAL)
def test_exact_values_are_those_of_floating_point_but_for_rounding(
    kind: str, tmp_path: Path
) -> None:
    shape, constants, attributes = RATIONAL[kind]
    network = read_network(one(tmp_path, kind, shape, *constants, **attributes))
    x = np.random.default_rng(3).normal(size=shape)
    ours = exact(network, [Fraction(number) for number in x.reshape(-1).tolist()])
    assert ours is not None
    near = evaluate(network, x[None])[0].reshape(-1)
    np.testing.assert_allclose([float(number) for number in ours], near, rtol=1e-12, atol=1e-14)


@given(
    st.lists(st.lists(st.floats(-9, 9), min_size=2, max_size=2), min_size=3, max_size=3),
    st.lists(st.fractions(-9, 9), min_size=3, max_size=3),
)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_exact_layers_are_sums_of_fractions(weight: list[list[float]], x: list[Fraction]) -> None:
    network = dense((weight, [0.1, -0.2]), ([[1.0], [0.5]], [0.0]))
    hidden = [
        max(
            Fraction(0),
            sum((Fraction(row[j]) * n for row, n in zip(weight, x, strict=True)), Fraction(b)),
        )
        for j, b in enumerate((0.1, -0.2))
    ]
    assert exact(network, x) == [hidden[0] + hidden[1] / 2]


def test_what_is_not_rational_has_no_exact_value(tmp_path: Path) -> None:
    network = read_network(one(tmp_path, "Sigmoid", (1, 2)))
    assert exact(network, [Fraction(1), Fraction(2)]) is None
    with pytest.raises(InputError, match="1 numbers"):
        exact(network, [Fraction(1)])


@pytest.mark.parametrize(
    "ends", [(-np.inf, np.inf), (-np.inf, 0.5), (-0.5, np.inf), (0.5, -0.5), (-0.3, 0.4)]
)
def test_clips_are_exact_and_may_have_one_bound(ends: tuple[float, float]) -> None:
    nodes = Node(Input(), (), (3,), "x"), Node(clip(*ends), (0,), (3,), "y")
    network = Network(nodes, 1, {})
    x = [Fraction(-2), Fraction(1, 4), Fraction(2)]
    wanted = evaluate(network, np.array([[-2, 0.25, 2]]))[0]
    assert exact(network, x) == [Fraction(value) for value in wanted.tolist()]
    nowhere = replace(nodes[1], operation=clip(*(np.inf, np.inf)))
    assert exact(replace(network, nodes=(nodes[0], nowhere)), x) is None
