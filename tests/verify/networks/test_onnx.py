"""What is read from an ONNX file is the function that onnxruntime computes."""

import gzip
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from onnx import helper, numpy_helper

from abduce.errors import AbduceError, DataError, InputError, UnsupportedError
from abduce.verify.instances.checking import Runtime, check_import
from abduce.verify.networks.agreement import ImportMismatchError
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.network import Add, Affine, Concat, Dense, Network, Pick, Product
from abduce.verify.networks.onnx.reading import read_network
from tests.conftest import data_folder
from tests.onnx_models import Step, one, proto, saved

RNG = np.random.default_rng(7)


def normal(*shape: int) -> np.ndarray:
    return RNG.normal(size=shape)


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def agree(path: Path, low: float = -2.0, high: float = 2.0) -> Network:
    """The network of a file, which was compared with onnxruntime."""
    network, runtime = read_network(path), Runtime(path)
    x = np.random.default_rng(1).uniform(low, high, (3, *network.input_shape)).astype(np.float32)
    theirs = np.stack([runtime(point) for point in x])
    ours = evaluate(network, x.astype(np.float64))
    assert ours.shape == theirs.shape
    assert ours.shape[1:] == network.output_shape
    np.testing.assert_allclose(ours, theirs, rtol=2e-4, atol=2e-5)
    check_import(network, path, lower=low, upper=high, runtime=runtime)
    return network


ELEMENTWISE = {
    "Add": [
        ((2, 3), normal(3)),
        ((3,), normal(2, 1)),
        ((1, 1, 2), normal(4, 2, 1)),
        ((), normal(2)),
    ],
    "Sub": [((2, 3), normal(2, 1)), ((1, 4), normal(3, 1)), ((2,), np.zeros(2))],
    "Mul": [((2, 3), normal(3)), ((1, 3), normal(2, 1)), ((2, 1, 3), normal(4, 1))],
    "Div": [((2, 3), normal(3) + 3.0), ((1, 3), np.full((2, 1), 3.0))],
    "Max": [((2, 3), np.zeros(())), ((2, 3), normal(3)), ((3,), normal(2, 1))],
    "Min": [((2, 3), np.zeros(())), ((2, 3), normal(3)), ((3,), normal(2, 1))],
}


@pytest.mark.parametrize("kind", ELEMENTWISE)
@pytest.mark.parametrize("before", [0, 1])
def test_operators_of_a_tensor_and_a_constant(kind: str, before: int, tmp_path: Path) -> None:
    low = 0.5 if kind == "Div" else -2.0
    for shape, constant in ELEMENTWISE[kind]:
        agree(one(tmp_path, kind, shape, constant, before=before), low)


@pytest.mark.parametrize("kind", ["Add", "Sub", "Mul", "Div", "Max", "Min", "MatMul", "Sum"])
@pytest.mark.parametrize(("a", "b"), [((2, 3), (1, 3)), ((2, 3), (2, 1)), ((6,), (3, 2, 1))])
def test_operators_of_two_tensors(
    kind: str, a: tuple[int, ...], b: tuple[int, ...], tmp_path: Path
) -> None:
    """Both made from the input: `a` by reshaping, `b` from its first entries."""
    if kind == "MatMul":
        a, b = {(2, 3): ((2, 3), (3, 2)), (6,): ((6,), (6, 1))}[a]
    steps: list[Step] = [
        ("Reshape", ["x", "to_a"], ["a"], {}),
        ("Slice", ["x", "zero", "size"], ["part"], {}),
        ("Reshape", ["part", "to_b"], ["b"], {}),
        ("Exp", ["b"], ["positive"], {}),
        (kind, ["a", "positive"], ["y"], {}),
    ]
    sizes = {"to_a": ints(*a), "to_b": ints(*b), "zero": ints(0), "size": ints(int(np.prod(b)))}
    agree(saved(proto(steps, (6,), sizes), tmp_path))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((2, 3), (3, 4)),
        ((3,), (3, 4)),
        ((4, 3), (3,)),
        ((3,), (3,)),
        ((2, 4, 3), (3, 5)),
        ((4, 3), (2, 3, 5)),
        ((2, 4, 3), (2, 3, 5)),
        ((2, 1, 4, 3), (5, 3, 2)),
        ((1, 4, 3), (1, 3, 5)),
        ((3,), (2, 3, 5)),
        ((2, 4, 3), (3,)),
    ],
)
def test_products_with_a_constant_on_either_side(
    left: tuple[int, ...], right: tuple[int, ...], tmp_path: Path
) -> None:
    agree(one(tmp_path, "MatMul", left, normal(*right)))
    agree(one(tmp_path, "MatMul", right, normal(*left), before=1))


@pytest.mark.parametrize(
    ("left", "right"), [((2, 3), (3, 2)), ((1, 2, 3), (2, 3, 1)), ((6,), (6,)), ((6,), (1, 6, 1))]
)
def test_products_of_tensors(left: tuple[int, ...], right: tuple[int, ...], tmp_path: Path) -> None:
    steps: list[Step] = [
        ("Reshape", ["x", "left"], ["a"], {}),
        ("Reshape", ["x", "right"], ["b"], {}),
        ("MatMul", ["a", "b"], ["y"], {}),
    ]
    sizes = {"left": ints(*left), "right": ints(*right)}
    agree(saved(proto(steps, (6,), sizes), tmp_path))


@pytest.mark.parametrize("trans_a", [0, 1])
@pytest.mark.parametrize("trans_b", [0, 1])
@pytest.mark.parametrize("before", [0, 1])
def test_gemm_in_all_its_forms(trans_a: int, trans_b: int, before: int, tmp_path: Path) -> None:
    left, right = ((3, 2) if trans_a else (2, 3)), ((4, 3) if trans_b else (3, 4))
    shape, matrix = (right, normal(*left)) if before else (left, normal(*right))
    for c in (normal(4), normal(2, 1), normal(), None):
        for alpha, beta in ((1.0, 1.0), (0.3, -0.7)):
            agree(
                one(
                    tmp_path,
                    "Gemm",
                    shape,
                    matrix,
                    c,
                    before=before,
                    alpha=alpha,
                    beta=beta,
                    transA=trans_a,
                    transB=trans_b,
                )
            )


def test_two_gemms_into_a_sum_stay_two(tmp_path: Path) -> None:
    steps: list[Step] = [
        ("Gemm", ["x", "v", "b"], ["p"], {}),
        ("Gemm", ["x", "w"], ["q"], {}),
        ("Add", ["p", "q"], ["y"], {}),
    ]
    constants = {"v": normal(3, 4), "w": normal(3, 4), "b": normal(4)}
    network = agree(saved(proto(steps, (1, 3), constants), tmp_path))
    assert [type(node.operation) for node in network.nodes[1:]] == [Dense, Dense, Add]


UNARY = {
    "Relu": (-2.0, {}),
    "LeakyRelu": (-2.0, {"alpha": 0.2}),
    "Sigmoid": (-2.0, {}),
    "Tanh": (-2.0, {}),
    "Sin": (-2.0, {}),
    "Cos": (-2.0, {}),
    "Exp": (-2.0, {}),
    "Log": (0.1, {}),
    "Sqrt": (0.1, {}),
    "Reciprocal": (0.1, {}),
    "Neg": (-2.0, {}),
    "Abs": (-2.0, {}),
    "Sign": (-2.0, {}),
    "Floor": (-2.0, {}),
    "Ceil": (-2.0, {}),
    "Round": (-2.0, {}),
    "Atan": (-2.0, {}),
    "Softsign": (-2.0, {}),
    "Erf": (-2.0, {}),
    "Softplus": (-2.0, {}),
    "Elu": (-2.0, {"alpha": 0.7}),
    "Celu": (-2.0, {"alpha": 0.7}),
    "Selu": (-2.0, {}),
    "HardSigmoid": (-9.0, {"alpha": 0.3, "beta": 0.4}),
    "Identity": (-2.0, {}),
    "Dropout": (-2.0, {}),
    "Softmax": (-2.0, {}),
}


@pytest.mark.parametrize("kind", UNARY)
@pytest.mark.parametrize("shape", [(), (3,), (1, 2, 3)])
def test_functions_of_one_variable(kind: str, shape: tuple[int, ...], tmp_path: Path) -> None:
    low, attributes = UNARY[kind]
    if shape or kind != "Softmax":
        agree(one(tmp_path, kind, shape, **attributes), low)


def test_functions_of_later_opsets(tmp_path: Path) -> None:
    assert functions(agree(one(tmp_path, "Gelu", (2, 3), opset=20))) == ["gelu"]
    tanh = agree(one(tmp_path, "Gelu", (2, 3), opset=20, approximate="tanh"))
    assert functions(tanh) == ["gelu_tanh"]
    assert functions(agree(one(tmp_path, "HardSwish", (2, 3), opset=14), -4.0, 4.0)) == [
        "hard_swish"
    ]
    agree(one(tmp_path, "PRelu", (2, 3), np.full((1,), 0.3), opset=16))
    assert functions(agree(one(tmp_path, "Mish", (2, 3), opset=18), -4.0, 4.0)) == ["mish"]
    assert functions(agree(one(tmp_path, "Swish", (2, 3), opset=24, alpha=1.5))) == ["silu"]
    agree(one(tmp_path, "PRelu", (2, 3), np.array([0.3, -0.5, 2.0]), opset=16))
    agree(one(tmp_path, "PRelu", (1, 3, 2), np.array([[0.3], [-0.5], [2.0]])))
    agree(one(tmp_path, "Gelu", (2, 3), opset=26))


@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.0, 3.0, 0.5, -1.0, 1.7])
def test_powers_by_a_constant(exponent: float, tmp_path: Path) -> None:
    agree(one(tmp_path, "Pow", (1, 3), np.array([exponent])), 0.2)


def functions(network: Network) -> list[str]:
    """The names of the functions of one variable in a network."""
    operations = [node.operation for node in network.nodes]
    return [operation.name for operation in operations if isinstance(operation, Nonlinearity)]


def test_squares_and_silu_are_recognized(tmp_path: Path) -> None:
    square = agree(saved(proto([("Mul", ["x", "x"], ["y"], {})]), tmp_path))
    assert len(square.nodes) == 2
    assert functions(square) == ["power"]
    steps: list[Step] = [("Sigmoid", ["x"], ["s"], {}), ("Mul", ["s", "x"], ["y"], {})]
    silu = agree(saved(proto(steps), tmp_path))
    assert len(silu.nodes) == 2
    assert functions(silu) == ["silu"]


ROOT, CUBIC = np.array(np.sqrt(2)), np.array(0.044715)
HALF, ONE, TANH_SCALE = np.array(0.5), np.array(1.0), np.array(np.sqrt(2 / np.pi))
CONSTANTS = {
    **{"root": ROOT, "half": HALF, "one": ONE, "cubic": CUBIC, "scale": TANH_SCALE},
    **{"three": np.array(3.0), "quick": np.array(1.702)},
}
ERF: list[Step] = [
    ("Div", ["x", "root"], ["d"], {}),
    ("Erf", ["d"], ["e"], {}),
    ("Add", ["e", "one"], ["p"], {}),
]
TANH: list[Step] = [("Tanh", ["inner"], ["t"], {}), ("Add", ["one", "t"], ["p"], {})]
GATES: dict[str, tuple[str, list[Step]]] = {
    "x (1 + erf) half": (
        "gelu",
        [*ERF, ("Mul", ["x", "p"], ["q"], {}), ("Mul", ["q", "half"], ["y"], {})],
    ),
    "(half x) (1 + erf)": (
        "gelu",
        [*ERF, ("Mul", ["x", "half"], ["q"], {}), ("Mul", ["q", "p"], ["y"], {})],
    ),
    "x (half (1 + erf))": (
        "gelu",
        [*ERF, ("Mul", ["half", "p"], ["q"], {}), ("Mul", ["q", "x"], ["y"], {})],
    ),
    "half x (1 + tanh), with a power": (
        "gelu_tanh",
        [
            ("Pow", ["x", "three"], ["cube"], {}),
            ("Mul", ["cubic", "cube"], ["part"], {}),
            ("Add", ["x", "part"], ["sum"], {}),
            ("Mul", ["sum", "scale"], ["inner"], {}),
            *TANH,
            ("Mul", ["half", "x"], ["q"], {}),
            ("Mul", ["q", "p"], ["y"], {}),
        ],
    ),
    "half x (1 + tanh), with products": (
        "gelu_tanh",
        [
            ("Mul", ["x", "x"], ["square"], {}),
            ("Mul", ["square", "x"], ["cube"], {}),
            ("Mul", ["cube", "cubic"], ["part"], {}),
            ("Add", ["part", "x"], ["sum"], {}),
            ("Mul", ["sum", "scale"], ["inner"], {}),
            *TANH,
            ("Mul", ["x", "p"], ["q"], {}),
            ("Mul", ["q", "half"], ["y"], {}),
        ],
    ),
    "half x (1 + tanh), factored": (
        "gelu_tanh",
        [
            ("Mul", ["x", "scale"], ["wide"], {}),
            ("Mul", ["x", "x"], ["square"], {}),
            ("Mul", ["square", "cubic"], ["part"], {}),
            ("Add", ["part", "one"], ["factor"], {}),
            ("Mul", ["wide", "factor"], ["inner"], {}),
            *TANH,
            ("Mul", ["x", "p"], ["q"], {}),
            ("Mul", ["q", "half"], ["y"], {}),
        ],
    ),
    "x sigmoid(1.702 x)": (
        "silu",
        [
            ("Mul", ["x", "quick"], ["wide"], {}),
            ("Sigmoid", ["wide"], ["p"], {}),
            ("Mul", ["x", "p"], ["y"], {}),
        ],
    ),
}


@pytest.mark.parametrize("name", GATES)
def test_gates_that_are_spelled_out_are_recognized(name: str, tmp_path: Path) -> None:
    function, steps = GATES[name]
    network = agree(saved(proto(steps, constants=CONSTANTS), tmp_path), -4.0, 4.0)
    assert functions(network) == [function]
    assert not any(isinstance(node.operation, Product) for node in network.nodes)


@pytest.mark.parametrize("wrong", ["another variable", "1.5 + erf", "minus the cube"])
def test_what_is_nearly_a_gate_stays_a_product(wrong: str, tmp_path: Path) -> None:
    constants = {**CONSTANTS, "weight": normal(3, 3)}
    match wrong:
        case "another variable":
            steps = [
                ("MatMul", ["x", "weight"], ["other"], {}),
                *ERF,
                ("Mul", ["other", "p"], ["y"], {}),
            ]
        case "1.5 + erf":
            constants["one"] = np.array(1.5)
            steps = [*ERF, ("Mul", ["x", "p"], ["y"], {})]
        case _:
            _, (cube, part, _, *rest) = GATES["half x (1 + tanh), with a power"]
            steps = [cube, part, ("Sub", ["x", "part"], ["sum"], {}), *rest]
    network = agree(saved(proto(steps, constants=constants), tmp_path))
    assert any(isinstance(node.operation, Product) for node in network.nodes)


@pytest.mark.parametrize(("axis", "scale"), [(-1, (4,)), (1, (3, 4)), (2, (4,)), (0, (2, 3, 4))])
def test_layer_normalizations(axis: int, scale: tuple[int, ...], tmp_path: Path) -> None:
    shape = (2, 3, 4)
    for operands in ((normal(*scale), normal(*scale)), (normal(*scale),)):
        options = {"axis": axis, "epsilon": 1e-3}
        agree(one(tmp_path, "LayerNormalization", shape, *operands, opset=17, **options))


def test_a_normalization_that_is_spelled_out_has_one_power(tmp_path: Path) -> None:
    steps: list[Step] = [
        ("ReduceMean", ["x"], ["m"], {"axes": [-1]}),
        ("Sub", ["x", "m"], ["d"], {}),
        ("Pow", ["d", "two"], ["s"], {}),
        ("ReduceMean", ["s"], ["v"], {"axes": [-1]}),
        ("Add", ["v", "small"], ["w"], {}),
        ("Sqrt", ["w"], ["r"], {}),
        ("Div", ["d", "r"], ["n"], {}),
        ("Mul", ["n", "scale"], ["t"], {}),
        ("Add", ["t", "shift"], ["y"], {}),
    ]
    constants = {
        **{"two": np.array(2.0), "small": np.array(1e-5)},
        **{"scale": normal(4), "shift": normal(4)},
    }
    network = agree(saved(proto(steps, (2, 3, 4), constants), tmp_path))
    assert functions(network) == ["power", "power"]


def test_clips_with_one_bound_two_bounds_and_none(tmp_path: Path) -> None:
    low, high = np.array(-0.5), np.array(0.7)
    for bounds in ((low, high), (low,), (None, high), ()):
        agree(one(tmp_path, "Clip", (2, 3), *bounds))
    agree(one(tmp_path, "Clip", (2, 3), opset=9, min=0.0, max=6.0), -9.0, 9.0)
    agree(one(tmp_path, "Clip", (2, 3), opset=9, min=0.0))


CONVOLUTIONS: list[tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]] = [
    ((1, 2, 5, 7), (3, 2, 3, 2), {}),
    ((1, 2, 5, 7), (3, 2, 3, 2), {"pads": [1, 0, 2, 3], "strides": [2, 3]}),
    ((1, 4, 6, 6), (6, 2, 3, 3), {"group": 2, "dilations": [2, 1]}),
    ((1, 4, 5, 5), (4, 1, 2, 2), {"group": 4, "pads": [1, 1, 0, 0]}),
    ((1, 2, 5, 7), (3, 2, 2, 3), {"auto_pad": "SAME_UPPER", "strides": [2, 2]}),
    ((1, 2, 5, 7), (3, 2, 2, 3), {"auto_pad": "SAME_LOWER", "strides": [1, 2]}),
    ((1, 2, 5, 7), (3, 2, 2, 3), {"auto_pad": "VALID"}),
    ((1, 3, 9), (2, 3, 4), {"pads": [2, 1], "dilations": [2]}),
    ((3, 2, 4, 4), (3, 2, 2, 2), {"kernel_shape": [2, 2]}),
    ((2, 4, 6), (2, 2, 3), {"group": 2}),
]


@pytest.mark.parametrize(("shape", "kernel", "attributes"), CONVOLUTIONS)
def test_convolutions(
    shape: tuple[int, ...], kernel: tuple[int, ...], attributes: dict[str, Any], tmp_path: Path
) -> None:
    agree(one(tmp_path, "Conv", shape, normal(*kernel), **attributes))
    agree(one(tmp_path, "Conv", shape, normal(*kernel), normal(kernel[0]), **attributes))


TRANSPOSED: list[tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]] = [
    ((1, 2, 3, 4), (2, 3, 3, 2), {}),
    ((1, 2, 3, 4), (2, 3, 3, 2), {"strides": [2, 3], "pads": [1, 0, 0, 1]}),
    ((1, 4, 3, 3), (4, 3, 3, 3), {"group": 2, "dilations": [2, 1]}),
    ((1, 2, 3, 4), (2, 3, 3, 3), {"strides": [2, 2], "output_padding": [1, 1]}),
    ((1, 2, 3, 3), (2, 2, 3, 3), {"strides": [2, 2], "output_shape": [6, 6]}),
    ((1, 2, 3, 3), (2, 2, 3, 3), {"strides": [2, 2], "auto_pad": "SAME_UPPER"}),
    ((1, 2, 3, 3), (2, 2, 3, 3), {"strides": [2, 2], "auto_pad": "SAME_LOWER"}),
    ((1, 2, 5), (2, 3, 4), {"strides": [3]}),
    ((2, 2, 3, 3), (2, 3, 2, 2), {}),
]


@pytest.mark.parametrize(("shape", "kernel", "attributes"), TRANSPOSED)
def test_transposed_convolutions(
    shape: tuple[int, ...], kernel: tuple[int, ...], attributes: dict[str, Any], tmp_path: Path
) -> None:
    out = kernel[1] * int(attributes.get("group", 1))
    agree(one(tmp_path, "ConvTranspose", shape, normal(*kernel), normal(out), **attributes))


@given(
    size=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    kernel=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    strides=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    pads=st.lists(st.integers(0, 2), min_size=4, max_size=4),
    dilations=st.tuples(st.integers(1, 2), st.integers(1, 2)),
    groups=st.integers(1, 2),
)
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
def test_convolutions_of_any_shape(
    size: tuple[int, int],
    kernel: tuple[int, int],
    strides: tuple[int, int],
    pads: list[int],
    dilations: tuple[int, int],
    groups: int,
    tmp_path: Path,
) -> None:
    for n, k, d, a, b in zip(size, kernel, dilations, pads[:2], pads[2:], strict=True):
        assume(n + a + b >= (k - 1) * d + 1)
    weight = np.random.default_rng(0).normal(size=(2 * groups, 2, *kernel))
    attributes = {"strides": strides, "pads": pads, "dilations": dilations, "group": groups}
    agree(one(tmp_path, "Conv", (1, 2 * groups, *size), weight, **attributes))


@pytest.mark.parametrize("kind", ["MaxPool", "AveragePool"])
@pytest.mark.parametrize(
    "attributes",
    [
        {"kernel_shape": [2, 2]},
        {"kernel_shape": [3, 2], "strides": [2, 1], "pads": [1, 0, 2, 1]},
        {"kernel_shape": [2, 3], "strides": [2, 2], "ceil_mode": 1},
        {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1], "ceil_mode": 1},
        {"kernel_shape": [2, 2], "strides": [2, 2], "auto_pad": "SAME_UPPER"},
        {"kernel_shape": [2, 2], "auto_pad": "SAME_LOWER"},
    ],
)
def test_pooling(kind: str, attributes: Mapping[str, Any], tmp_path: Path) -> None:
    for shape in ((1, 2, 5, 6), (2, 3, 7, 5)):
        agree(one(tmp_path, kind, shape, opset=12, **attributes))


def test_more_pooling(tmp_path: Path) -> None:
    pads: dict[str, Any] = {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}
    agree(one(tmp_path, "AveragePool", (1, 2, 6, 6), count_include_pad=1, **pads))
    agree(one(tmp_path, "AveragePool", (1, 2, 6, 6), count_include_pad=1, ceil_mode=1, **pads))
    agree(one(tmp_path, "MaxPool", (1, 2, 7, 6), kernel_shape=[2, 2], dilations=[3, 2]))
    larger: dict[str, Any] = {"kernel_shape": [6, 7], "strides": [3, 2], "ceil_mode": 1}
    agree(one(tmp_path, "MaxPool", (1, 2, 5, 6), opset=12, **larger))
    agree(one(tmp_path, "AveragePool", (1, 2, 5, 6), opset=12, **larger))
    agree(one(tmp_path, "MaxPool", (1, 2, 7), kernel_shape=[3], pads=[1, 1]))
    agree(one(tmp_path, "AveragePool", (1, 2, 7), kernel_shape=[3], pads=[1, 0]))
    agree(one(tmp_path, "GlobalAveragePool", (2, 2, 3, 5)))
    agree(one(tmp_path, "GlobalMaxPool", (2, 2, 3, 5)))


def test_batch_normalization(tmp_path: Path) -> None:
    for shape in ((1, 3, 2, 4), (2, 3), (1, 3, 5)):
        statistics = normal(3), normal(3), normal(3), normal(3) ** 2
        agree(one(tmp_path, "BatchNormalization", shape, *statistics, epsilon=1e-3))


def test_flat_input_as_an_image_that_is_not_square(tmp_path: Path) -> None:
    steps: list[Step] = [
        ("Reshape", ["x", "shape"], ["image"], {}),
        ("Conv", ["image", "w"], ["c"], {"pads": [1, 2, 0, 1], "strides": [2, 1]}),
        ("Relu", ["c"], ["r"], {}),
        ("Flatten", ["r"], ["f"], {}),
        ("Gemm", ["f", "v"], ["y"], {"transB": 1}),
    ]
    constants = {"shape": ints(0, 2, -1, 4), "w": normal(3, 2, 2, 3), "v": normal(5, 3 * 2 * 5)}
    agree(saved(proto(steps, ("batch", 24), constants), tmp_path))


SHAPES: dict[str, tuple[str, tuple[int, ...], tuple[Any, ...], dict[str, Any]]] = {
    "reshape": ("Reshape", (2, 3, 4), (ints(0, -1),), {}),
    "reshape to one axis": ("Reshape", (2, 3), (ints(-1),), {}),
    "flatten before the last": ("Flatten", (2, 3, 4), (), {"axis": -1}),
    "flatten at 0": ("Flatten", (2, 3, 4), (), {"axis": 0}),
    "squeeze all": ("Squeeze", (1, 3, 1), (), {}),
    "squeeze one": ("Squeeze", (1, 3, 1), (ints(-1),), {}),
    "unsqueeze": ("Unsqueeze", (2, 3), (ints(-1, 0),), {}),
    "transpose": ("Transpose", (2, 3, 4), (), {"perm": [2, 0, 1]}),
    "reverse": ("Transpose", (2, 3, 4), (), {}),
    "slice": ("Slice", (4, 5), (ints(1), ints(100), ints(-1)), {}),
    "slice with a negative step": ("Slice", (4, 5), (ints(-1), ints(-100), ints(1), ints(-2)), {}),
    "slice of two axes": ("Slice", (4, 5), (ints(3, -9), ints(0, 9), ints(0, 1), ints(-1, 3)), {}),
    "gather": ("Gather", (4, 5), (ints(2, -1, 2),), {"axis": -1}),
    "gather one": ("Gather", (4, 5), (np.array(1),), {"axis": 0}),
    "gather a matrix": ("Gather", (4, 5), (np.array([[0, 1], [3, 2]]),), {"axis": 0}),
    "gather each": ("GatherElements", (3, 4), (np.array([[0, -1], [2, 1]]),), {"axis": 0}),
    "gather each along the last": (
        "GatherElements",
        (2, 3, 4),
        (np.array([[[3, 0, -2]] * 3] * 2),),
        {"axis": -1},
    ),
    "mean of two": ("Mean", (2, 3), (normal(3),), {}),
    "concat": ("Concat", (2, 3), (normal(2, 2),), {"axis": -1}),
    "concat on the first": ("Concat", (2, 3), (normal(1, 3), normal(2, 3)), {"axis": 0}),
    "expand": ("Expand", (3, 1), (ints(2, 1, 4),), {}),
    "expand less": ("Expand", (3, 1), (ints(1),), {}),
    "tile": ("Tile", (2, 3), (ints(2, 2),), {}),
    "pad": ("Pad", (2, 3), (ints(1, 0, 0, 2),), {}),
    "pad with a number": ("Pad", (2, 3), (ints(1, 0, 0, 2), np.array(1.5)), {}),
    "pad and cut": ("Pad", (2, 3), (ints(1, -1, 0, 2),), {}),
    "reflect": ("Pad", (3, 4), (ints(1, 2, 0, 2),), {"mode": "reflect"}),
    "edge": ("Pad", (3, 4), (ints(1, 2, 0, 2),), {"mode": "edge"}),
    "cast": ("Cast", (2, 3), (), {"to": 1}),
    "depth": ("DepthToSpace", (1, 8, 2, 3), (), {"blocksize": 2}),
    "depth by rows": ("DepthToSpace", (1, 8, 2, 3), (), {"blocksize": 2, "mode": "CRD"}),
    "space": ("SpaceToDepth", (1, 2, 4, 6), (), {"blocksize": 2}),
    "sum": ("ReduceSum", (2, 3, 4), (ints(-1, 0),), {"keepdims": 0}),
    "sum of all": ("ReduceSum", (2, 3), (), {}),
    "mean": ("ReduceMean", (2, 3, 4), (), {"axes": [-2], "keepdims": 0}),
    "largest": ("ReduceMax", (2, 3, 4), (), {"axes": [1]}),
    "least": ("ReduceMin", (2, 3, 4), (), {"axes": [0, 2], "keepdims": 0}),
    "sum of sizes": ("ReduceL1", (2, 3, 4), (), {"axes": [1]}),
    "length": ("ReduceL2", (2, 3, 4), (), {"axes": [0, 2], "keepdims": 0}),
    "sum of squares": ("ReduceSumSquare", (2, 3), (), {}),
    "logarithm of a sum of powers": ("ReduceLogSumExp", (2, 3, 4), (), {"axes": [-1]}),
    "softmax": ("Softmax", (2, 3, 4), (), {"axis": 1}),
    "logarithm of a softmax": ("LogSoftmax", (2, 3, 4), (), {"axis": 1}),
    "instances": (
        "InstanceNormalization",
        (2, 3, 4, 2),
        (np.array([1.0, -0.5, 2.0]), np.array([0.0, 1.0, 2.0])),
        {"epsilon": 0.1},
    ),
    "nearest": (
        "Resize",
        (1, 1, 2, 3),
        (None, np.array([1, 1, 2.0, 2.0])),
        {
            "mode": "nearest",
            "coordinate_transformation_mode": "asymmetric",
            "nearest_mode": "floor",
        },
    ),
    "linear": (
        "Resize",
        (1, 2, 3, 4),
        (None, np.array([1, 1, 2.0, 1.5])),
        {"mode": "linear"},
    ),
    "linear to a size, by corners": (
        "Resize",
        (1, 1, 4, 3),
        (None, None, ints(1, 1, 7, 2)),
        {"mode": "linear", "coordinate_transformation_mode": "align_corners"},
    ),
    "nearest by half a pixel": (
        "Resize",
        (1, 1, 4, 3),
        (None, None, ints(1, 1, 6, 5)),
        {"mode": "nearest"},
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_entries_are_moved(name: str, tmp_path: Path) -> None:
    kind, shape, operands, attributes = SHAPES[name]
    agree(one(tmp_path, kind, shape, *operands, **attributes))


@pytest.mark.parametrize(
    ("kind", "gates", "attributes"),
    [
        ("RNN", 1, {}),
        ("RNN", 1, {"activations": ["Relu"]}),
        ("GRU", 3, {}),
        ("GRU", 3, {"linear_before_reset": 1}),
        ("LSTM", 4, {}),
        ("LSTM", 4, {"activations": ["Sigmoid", "Relu", "Tanh"]}),
    ],
)
@pytest.mark.parametrize("direction", ["forward", "reverse", "bidirectional"])
@pytest.mark.parametrize("output", ["all", "last"])
def test_recurrent_operators(
    kind: str,
    gates: int,
    attributes: Mapping[str, Any],
    direction: str,
    output: str,
    tmp_path: Path,
) -> None:
    ways, hidden, batch = 1 + (direction == "bidirectional"), 3, 2
    named = dict(attributes)
    if "activations" in named:
        named["activations"] = named["activations"] * ways
    constants = {
        "w": normal(ways, gates * hidden, 2) / 2,
        "r": normal(ways, gates * hidden, hidden) / 2,
        "b": normal(ways, 2 * gates * hidden) / 2,
        "h": normal(ways, batch, hidden),
    }
    results = ["y", "end"] if output == "all" else ["steps", "y"]
    steps: list[Step] = [
        (
            kind,
            ["x", "w", "r", "b", "", "h"],
            results,
            {"hidden_size": hidden, "direction": direction, **named},
        )
    ]
    agree(saved(proto(steps, (4, batch, 2), constants), tmp_path))


def test_the_cell_state_of_an_lstm_is_a_result(tmp_path: Path) -> None:
    constants = {"w": normal(1, 8, 3), "r": normal(1, 8, 2)}
    steps: list[Step] = [("LSTM", ["x", "w", "r"], ["", "", "y"], {"hidden_size": 2})]
    agree(saved(proto(steps, (3, 1, 3), constants), tmp_path))


def test_forms_of_earlier_opsets(tmp_path: Path) -> None:
    agree(one(tmp_path, "Squeeze", (1, 3, 1), opset=11, axes=[0]))
    agree(one(tmp_path, "Unsqueeze", (3,), opset=11, axes=[0, 2]))
    agree(one(tmp_path, "Slice", (4, 5), opset=9, starts=[1, -3], ends=[9, -1], axes=[0, 1]))
    agree(one(tmp_path, "Pad", (2, 3), opset=9, pads=[0, 1, 1, 0], value=2.0))
    agree(one(tmp_path, "ReduceSum", (2, 3), opset=11, axes=[1], keepdims=0))
    agree(one(tmp_path, "Softmax", (2, 3, 4), opset=11))
    agree(one(tmp_path, "LogSoftmax", (2, 3, 4), opset=11))
    agree(one(tmp_path, "LogSoftmax", (2, 3, 4), opset=11, axis=2))
    agree(one(tmp_path, "ReduceLogSum", (2, 3), opset=13, axes=[1]), 0.1)
    agree(one(tmp_path, "ReduceL1", (2, 3), ints(0), opset=18))
    agree(one(tmp_path, "Softmax", (2, 3, 4), opset=11, axis=-1))
    agree(one(tmp_path, "Upsample", (1, 1, 2, 3), np.array([1, 1, 2.0, 3.0]), opset=9))
    agree(one(tmp_path, "Resize", (1, 1, 2, 3), np.array([1, 1, 2.0, 3.0]), opset=10))
    agree(one(tmp_path, "ReduceMean", (2, 3), ints(0), opset=18))


@pytest.mark.parametrize("opset", [11, 13, 18])
def test_split_and_the_parts_joined_in_another_order(opset: int, tmp_path: Path) -> None:
    sizes = ["sizes"] if opset >= 13 else []
    attributes: dict[str, Any] = {"axis": -1} | ({} if sizes else {"split": [1, 2, 3]})
    steps: list[Step] = [
        ("Split", ["x", *sizes], ["a", "b", "c"], attributes),
        ("Relu", ["b"], ["d"], {}),
        ("Concat", ["c", "d", "zero", "a"], ["y"], {"axis": 1}),
    ]
    constants = {"zero": normal(2, 1)} | ({"sizes": ints(1, 2, 3)} if sizes else {})
    agree(saved(proto(steps, (2, 6), constants, opset=opset), tmp_path))


def test_where_with_a_constant_condition(tmp_path: Path) -> None:
    for operands in ((normal(3),), (np.array(2.0),)):
        chosen = np.array([[True, False, True], [False, False, True]])
        agree(one(tmp_path, "Where", (2, 1), chosen, *operands, before=1))
        agree(one(tmp_path, "Where", (1, 3), chosen, *operands, before=2))


def test_code_for_shapes_is_computed(tmp_path: Path) -> None:
    """As exporters write it: the batch size is cut out of the shape and used again."""
    steps: list[Step] = [
        ("Shape", ["x"], ["shape"], {}),
        ("Gather", ["shape", "zero"], ["batch"], {"axis": 0}),
        ("Unsqueeze", ["batch", "axes"], ["first"], {}),
        ("Concat", ["first", "minus"], ["target"], {"axis": 0}),
        ("ConstantOfShape", ["three"], ["ones"], {"value": helper.make_tensor("", 7, [1], [1])}),
        ("Mul", ["ones", "minus"], ["negated"], {}),
        ("Equal", ["ones", "negated"], ["equal"], {}),
        ("Where", ["equal", "negated", "ones"], ["sizes"], {}),
        ("Expand", ["token", "sizes"], ["wide"], {}),
        ("Reshape", ["wide", "target"], ["flat"], {}),
        ("Reshape", ["x", "target"], ["values"], {}),
        ("Range", ["zero", "six", "two"], ["places"], {}),
        ("Gather", ["values", "places"], ["picked"], {"axis": 1}),
        ("Constant", [], ["half"], {"value_float": 0.5}),
        ("Mul", ["picked", "half"], ["scaled"], {}),
        ("Concat", ["flat", "scaled"], ["y"], {"axis": 1}),
    ]
    constants = {
        "zero": np.array(0),
        "two": np.array(2),
        "six": np.array(6),
        "axes": ints(0),
        "minus": ints(-1),
        "three": ints(3),
        "token": normal(1, 1, 2),
    }
    network = agree(saved(proto(steps, ("batch", 2, 3), constants), tmp_path))
    assert len(network.nodes) <= 5


def test_an_output_that_does_not_depend_on_the_input(tmp_path: Path) -> None:
    network = agree(
        saved(proto([("Relu", ["c"], ["y"], {})], constants={"c": normal(2)}), tmp_path)
    )
    assert network.output_shape == (2,)


def test_what_does_nothing_is_not_there(tmp_path: Path) -> None:
    steps: list[Step] = [
        ("Sub", ["x", "zero"], ["a"], {}),
        ("Reshape", ["a", "same"], ["b"], {}),
        ("MatMul", ["b", "w"], ["c"], {}),
        ("Add", ["c", "bias"], ["d"], {}),
        ("Transpose", ["d"], ["e"], {}),
        ("Transpose", ["e"], ["f"], {}),
        ("Mul", ["f", "two"], ["g"], {}),
        ("Mul", ["x", "two"], ["dead"], {}),
        ("Relu", ["g"], ["y"], {}),
    ]
    constants = {
        "zero": np.zeros(3),
        "same": ints(1, 3),
        "w": normal(3, 4),
        "bias": normal(4),
        "two": np.array(2.0),
    }
    network = agree(saved(proto(steps, (1, 3), constants), tmp_path))
    assert [type(node.operation) for node in network.nodes[1:]] == [Dense, Nonlinearity]
    assert network.names == {"x": 0, "a": 0, "b": 0, "g": 1, "y": 2}


def test_lines_join_only_where_nothing_is_rounded(tmp_path: Path) -> None:
    steps: list[Step] = [("Add", ["x", "a"], ["b"], {}), ("Add", ["b", "c"], ["y"], {})]
    for c, count in ((0.25, 1), (1e-20, 2)):
        constants = {"a": np.array([1.0]), "c": np.array([c])}
        network = agree(saved(proto(steps, (1, 3), constants), tmp_path))
        assert [type(node.operation) for node in network.nodes[1:]] == [Affine] * count


def test_a_value_that_is_used_twice_is_computed_once(tmp_path: Path) -> None:
    steps: list[Step] = [
        ("MatMul", ["x", "w"], ["a"], {}),
        ("Add", ["a", "bias"], ["b"], {}),
        ("Concat", ["a", "b"], ["y"], {"axis": 1}),
    ]
    constants = {"w": normal(3, 4), "bias": normal(4)}
    network = agree(saved(proto(steps, (1, 3), constants), tmp_path))
    kinds = [type(node.operation) for node in network.nodes[1:]]
    assert kinds == [Dense, Affine, Concat]


def test_copies_of_copies_are_one(tmp_path: Path) -> None:
    steps: list[Step] = [
        ("Transpose", ["x"], ["a"], {}),
        ("Pad", ["a", "pads"], ["b"], {}),
        ("Reshape", ["b", "flat"], ["y"], {}),
    ]
    constants = {"pads": ints(1, 0, 0, 1), "flat": ints(-1)}
    network = agree(saved(proto(steps, (2, 3), constants), tmp_path))
    assert [type(node.operation) for node in network.nodes[1:]] == [Pick]


def test_packed_files_and_constants_named_as_inputs(tmp_path: Path) -> None:
    model = proto([("Add", ["x", "c"], ["y"], {})], constants={"c": normal(3)})
    model.graph.input.append(helper.make_tensor_value_info("c", 1, [3]))
    path = tmp_path / "net.onnx.gz"
    path.write_bytes(gzip.compress(model.SerializeToString()))
    network = agree(path)
    x = np.ones((1, 3))
    np.testing.assert_allclose(Runtime(path)(x), evaluate(network, x[None])[0], rtol=1e-6)


def test_all_that_is_not_supported_is_named_at_once(tmp_path: Path) -> None:
    steps: list[Step] = [
        ("Sinh", ["x"], ["a"], {}),
        ("Relu", ["a"], ["b"], {}),
        ("Cosh", ["b"], ["c"], {}),
        ("Pow", ["x", "x"], ["d"], {}),
        ("Add", ["c", "d"], ["y"], {}),
        ("Det", ["x"], ["dead"], {}),
    ]
    with pytest.raises(UnsupportedError) as caught:
        read_network(saved(proto(steps), tmp_path))
    assert sorted(caught.value.parts) == [
        "node a: Sinh",
        "node c: Cosh",
        "node d: Pow with an operand 2 that is not constant",
    ]


def test_several_inputs_or_outputs_are_not_supported(tmp_path: Path) -> None:
    model = proto([("Add", ["x", "z"], ["y"], {})])
    model.graph.input.append(helper.make_tensor_value_info("z", 1, [1, 3]))
    model.graph.output.append(helper.make_tensor_value_info("z", 1, None))
    with pytest.raises(UnsupportedError, match="2 inputs") as caught:
        read_network(saved(model, tmp_path))
    assert len(caught.value.parts) == 2


def classifier() -> onnx.ModelProto:
    """As exporters of classifiers write it: a label by operators that are not supported, beside
    the probabilities, as numbers and as a sequence of maps."""
    steps: list[Step] = [
        ("Gemm", ["x", "w"], ["hidden"], {}),
        ("Relu", ["hidden"], ["active"], {}),
        ("Gemm", ["active", "v"], ["scores"], {}),
        ("Softmax", ["scores"], ["probabilities"], {"axis": 1}),
        ("ArgMax", ["probabilities"], ["place"], {"axis": 1, "keepdims": 0}),
        ("ArrayFeatureExtractor", ["classes", "place"], ["label"], {"domain": "ai.onnx.ml"}),
        (
            "ZipMap",
            ["probabilities"],
            ["maps"],
            {"domain": "ai.onnx.ml", "classlabels_strings": ["cat", "dog", "owl"]},
        ),
    ]
    constants = {"w": normal(4, 5), "v": normal(5, 3)}
    model = proto(steps, (1, 4), constants, output="probabilities", opset=15)
    model.opset_import.append(helper.make_opsetid("ai.onnx.ml", 1))
    classes = np.array(["cat", "dog", "owl"], object)
    model.graph.initializer.append(numpy_helper.from_array(classes, "classes"))
    label = helper.make_tensor_value_info("label", onnx.TensorProto.STRING, None)
    model.graph.output.insert(0, label)
    scores = helper.make_tensor_type_proto(onnx.TensorProto.FLOAT, None)
    maps = helper.make_map_type_proto(onnx.TensorProto.STRING, scores)
    kind = helper.make_sequence_type_proto(maps)
    model.graph.output.append(helper.make_value_info("maps", kind))
    return model


def test_one_of_several_outputs_is_read_with_what_it_needs(tmp_path: Path) -> None:
    path = saved(classifier(), tmp_path)
    network = read_network(path, "probabilities")
    assert network.output_shape == (1, 3)
    runtime = Runtime(path, "probabilities")
    x = np.random.default_rng(0).normal(size=(3, 1, 4)).astype(np.float32)
    theirs = np.stack([runtime(point) for point in x])
    np.testing.assert_allclose(evaluate(network, x.astype(float)), theirs, rtol=1e-4)
    check_import(network, path, runtime=runtime)


def test_outputs_to_choose_from_are_listed(tmp_path: Path) -> None:
    path = saved(classifier(), tmp_path)
    with pytest.raises(UnsupportedError, match="3 outputs: label, probabilities, maps") as caught:
        read_network(path)
    assert "--output NAME" in str(caught.value)
    with pytest.raises(InputError, match="no output 'scores'") as missing:
        read_network(path, "scores")
    assert missing.value.expected == ("label", "probabilities", "maps")


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("maps", "output maps: a sequence"),
        (
            "label",
            r"node label: ai\.onnx\.ml\.Arr.*\n.*node place: ArgMax\n.*classes of type string",
        ),
    ],
)
def test_outputs_that_are_no_numbers_are_refused_by_name(
    output: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(UnsupportedError, match=message):
        read_network(saved(classifier(), tmp_path), output)


def test_an_output_may_be_named_where_there_is_but_one(tmp_path: Path) -> None:
    path = saved(proto([("Relu", ["x"], ["y"], {})]), tmp_path)
    assert read_network(path, "y").output_shape == (1, 3)
    with pytest.raises(InputError, match="no output 'z', expected y"):
        read_network(path, "z")


def bad_models() -> dict[str, onnx.ModelProto]:
    """Networks that contradict themselves, or ask for too much."""
    bad = {
        "shapes of a product": proto(
            [("MatMul", ["x", "c"], ["y"], {})], constants={"c": normal(4, 2)}
        ),
        "shapes of a sum": proto([("Add", ["x", "c"], ["y"], {})], constants={"c": normal(2)}),
        "channels": proto(
            [("Conv", ["x", "c"], ["y"], {})], (1, 3, 4, 4), {"c": normal(2, 2, 2, 2)}
        ),
        "kernel larger than the image": proto(
            [("Conv", ["x", "c"], ["y"], {})], (1, 2, 2, 2), {"c": normal(2, 2, 3, 3)}
        ),
        "size of a reshape": proto(
            [("Reshape", ["x", "c"], ["y"], {})], constants={"c": ints(2, -1)}
        ),
        "missing tensor": proto([("Add", ["x", "nowhere"], ["y"], {})]),
        "missing operand": proto([("Add", ["x"], ["y"], {})]),
        "cycle": proto(
            [("Add", ["x", "b"], ["a"], {}), ("Relu", ["a"], ["b"], {}), ("Relu", ["b"], ["y"], {})]
        ),
        "name twice": proto([("Relu", ["x"], ["y"], {}), ("Abs", ["x"], ["y"], {})]),
        "output that is not made": proto([("Relu", ["x"], ["z"], {})]),
        "NaN": proto([("Add", ["x", "c"], ["y"], {})], constants={"c": np.array([np.nan])}),
        "infinity": proto([("Add", ["x", "c"], ["y"], {})], constants={"c": np.array([np.inf])}),
        "division by zero": proto([("Div", ["x", "c"], ["y"], {})], constants={"c": np.zeros(3)}),
        "axis": proto([("Softmax", ["x"], ["y"], {"axis": 5})]),
        "index": proto([("Gather", ["x", "c"], ["y"], {})], constants={"c": ints(9)}),
        "attribute of another kind": proto([("Softmax", ["x"], ["y"], {"axis": "last"})]),
        "huge constant": proto(
            [("ConstantOfShape", ["c"], ["z"], {}), ("Add", ["x", "z"], ["y"], {})],
            constants={"c": ints(2**40, 2**40)},
        ),
        "huge expansion": proto(
            [("Expand", ["x", "c"], ["y"], {})], constants={"c": ints(2**62, 3)}
        ),
        "huge pads": proto(
            [("Conv", ["x", "c"], ["y"], {"pads": [2**40] * 4, "strides": [2**40] * 2})],
            (1, 1, 2, 2),
            {"c": normal(1, 1, 1, 1)},
        ),
        "huge tiles": proto([("Tile", ["x", "c"], ["y"], {})], constants={"c": ints(2**31, 2**31)}),
        "negative size": proto([("Expand", ["x", "c"], ["y"], {})], constants={"c": ints(-4, 3)}),
        "huge range": proto(
            [("Range", ["a", "b", "c"], ["z"], {}), ("Add", ["x", "z"], ["y"], {})],
            constants={"a": np.array(0), "b": np.array(2**62), "c": np.array(1)},
        ),
        "no entries": proto([("Slice", ["x", "c", "c"], ["y"], {})], constants={"c": ints(0)}),
        "opset": proto([("Relu", ["x"], ["y"], {})], opset=5),
        "shape that is not known": proto([("Relu", ["x"], ["y"], {})], (1, "n")),
        "domain": proto([("Relu", ["x"], ["y"], {"domain": "com.example"})]),
        "subgraph": proto([("Relu", ["x"], ["y"], {}), ("If", ["y"], ["z"], {})], output="z"),
        "empty": onnx.ModelProto(),
    }
    short = proto([("Add", ["x", "c"], ["y"], {})], constants={"c": normal(3)})
    short.graph.initializer[0].raw_data = b"1234"
    external = proto([("Add", ["x", "c"], ["y"], {})], constants={"c": normal(3)})
    tensor = external.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="nowhere.bin")
    word = proto([("Add", ["x", "c"], ["y"], {})])
    word.graph.initializer.append(numpy_helper.from_array(np.array(["a"], object), "c"))
    unshaped = proto([("Relu", ["x"], ["y"], {})])
    unshaped.graph.input[0].type.tensor_type.ClearField("shape")
    return bad | {"short": short, "external": external, "words": word, "no shape": unshaped}


@pytest.mark.parametrize("name", bad_models())
def test_bad_networks_are_refused_with_the_file(name: str, tmp_path: Path) -> None:
    path = saved(bad_models()[name], tmp_path)
    with pytest.raises((InputError, UnsupportedError)) as caught:
        read_network(path)
    assert str(path) in str(caught.value)


def test_files_that_are_no_networks(tmp_path: Path) -> None:
    whole = saved(proto([("Add", ["x", "c"], ["y"], {})], constants={"c": normal(3)}), tmp_path)
    content = whole.read_bytes()
    bad = tmp_path / "bad.onnx"
    for piece in (b"", b"not a network", b"\x08\x99" * 9, content[: len(content) // 2]):
        bad.write_bytes(piece)
        with pytest.raises((InputError, UnsupportedError)):
            read_network(bad)
    packed = tmp_path / "bad.onnx.gz"
    for piece in (b"not gzip", gzip.compress(content)[:-20]):
        packed.write_bytes(piece)
        with pytest.raises(InputError):
            read_network(packed)
    with pytest.raises(DataError):
        read_network(tmp_path / "nowhere.onnx")


@given(draws=st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_files_never_end_in_another_error(draws: st.DataObject, tmp_path: Path) -> None:
    steps: list[Step] = [
        ("Reshape", ["x", "s"], ["a"], {}),
        ("Conv", ["a", "w"], ["b"], {"pads": [1, 1, 0, 0]}),
        ("Flatten", ["b"], ["c"], {}),
        ("Gemm", ["c", "v"], ["y"], {"transB": 1}),
    ]
    constants = {"s": ints(1, 1, 2, 3), "w": np.ones((1, 1, 2, 2)), "v": np.ones((2, 6))}
    content = bytearray(proto(steps, (1, 6), constants).SerializeToString())
    for _ in range(draws.draw(st.integers(1, 4))):
        content[draws.draw(st.integers(0, len(content) - 1))] = draws.draw(st.integers(0, 255))
    path = tmp_path / "net.onnx"
    path.write_bytes(bytes(content))
    with suppress(AbduceError):
        read_network(path)


def test_a_network_read_wrongly_is_found(tmp_path: Path) -> None:
    constants = {"c": normal(3, 3)}
    path = saved(proto([("MatMul", ["x", "c"], ["y"], {})], constants=constants), tmp_path)
    other = saved(
        proto([("MatMul", ["x", "c"], ["y"], {})], constants={"c": constants["c"] * 1.001}),
        tmp_path,
    )
    network = read_network(path)
    assert other == path
    check_import(network, path)
    saved(proto([("MatMul", ["x", "c"], ["y"], {})], constants=constants), tmp_path)
    with pytest.raises(ImportMismatchError, match="read wrongly"):
        check_import(network, path)


def networks() -> list[Path]:
    folder = data_folder()
    return sorted((folder / "verify").rglob("*.onnx*")) if folder else []


def big(path: Path) -> bool:
    return any(word in path.name for word in ("N=M=4", "N=M=3", "N=M=2", "118_", "cGAN"))


@pytest.mark.parametrize(
    "path",
    [pytest.param(path, marks=pytest.mark.slow) if big(path) else path for path in networks()],
    ids=lambda path: path.name,
)
def test_networks_of_the_benchmarks(path: Path, data: Path) -> None:
    network = read_network(path)
    runtime = Runtime(path)
    check_import(network, path, runtime=runtime)
    check_import(network, path, lower=-1.0, upper=1.0, runtime=runtime)


OLD: dict[str, tuple[Step, dict[str, np.ndarray]]] = {
    "equal shapes": (("Add", ["x", "c"], ["y"], {}), {"c": normal(2, 3, 4)}),
    "the last axes": (("Sub", ["x", "c"], ["y"], {"broadcast": 1}), {"c": normal(3, 4)}),
    "a number": (("Div", ["x", "c"], ["y"], {"broadcast": 1}), {"c": np.array([2.5])}),
    "a normalisation": (
        ("BatchNormalization", ["x", "s", "b", "m", "v"], ["y"], {"is_test": 1}),
        {"s": normal(3), "b": normal(3), "m": normal(3), "v": np.abs(normal(3)) + 0.5},
    ),
}


def old(step: Step, constants: Mapping[str, np.ndarray], folder: Path) -> Path:
    """A file of opset 6, in which constants are inputs with a value, as they had to be."""
    model = proto([step], (2, 3, 4), constants, opset=6)
    for name, array in constants.items():
        model.graph.input.append(helper.make_tensor_value_info(name, 1, array.shape))
    model.ir_version = 3
    return saved(model, folder)


@pytest.mark.parametrize("name", OLD)
def test_opset_6_is_read_as_the_network_that_onnx_converts_it_to(name: str, tmp_path: Path) -> None:
    agree(old(*OLD[name], tmp_path))


@pytest.mark.parametrize(
    ("step", "shape", "expected"),
    [
        (("Mul", ["x", "c"], ["y"], {"broadcast": 1, "axis": 1}), (3,), np.multiply),
        (("Add", ["x", "c"], ["y"], {"broadcast": 1, "axis": 0}), (2, 3), np.add),
        (("PRelu", ["x", "c"], ["y"], {}), (3,), lambda x, c: np.where(x > 0, x, c * x)),
    ],
)
def test_what_onnx_does_not_convert_from_opset_6_is_read(
    step: Step, shape: tuple[int, ...], expected: Any, tmp_path: Path
) -> None:
    constant = normal(*shape).astype(np.float32).astype(float)
    network = read_network(old(step, {"c": constant}, tmp_path))
    x = np.random.default_rng(0).normal(size=(1, 2, 3, 4))
    aligned = constant.reshape(*(() if shape == (2, 3) else (1,)), *shape, 1)
    np.testing.assert_allclose(evaluate(network, x)[0], expected(x[0], aligned))


@pytest.mark.parametrize(
    ("step", "constants"),
    [
        (("Add", ["x", "c"], ["y"], {}), {"c": normal(4)}),
        (("Add", ["x", "c"], ["y"], {"broadcast": 1, "axis": 1}), {"c": normal(4)}),
        (("Add", ["x", "c"], ["y"], {"broadcast": 1, "axis": 2}), {"c": normal(4, 4)}),
        (("Dropout", ["x"], ["y"], {}), {}),
        (("Dropout", ["x"], ["y"], {"is_test": 0}), {}),
    ],
)
def test_what_opset_6_does_not_allow_is_refused(
    step: Step, constants: dict[str, np.ndarray], tmp_path: Path
) -> None:
    with pytest.raises((InputError, UnsupportedError)):
        read_network(old(step, constants, tmp_path))
