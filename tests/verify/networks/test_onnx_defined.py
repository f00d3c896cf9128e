"""Operators that ONNX defines by others, masks, branches and constants: as in onnxruntime."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from abduce.errors import InputError, UnsupportedError
from abduce.verify.instances.checking import Runtime
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.onnx.reading import read_network
from tests.onnx_models import Step, proto, saved

INF = float("inf")


def agreed(path: Path, rng: np.random.Generator, points: int = 4) -> None:
    """The network that is read computes what onnxruntime does, at random points."""
    network = read_network(path)
    x = rng.normal(size=(points, *network.input_shape)).astype(np.float32)
    ours = evaluate(network, x.astype(np.float64))
    runtime = Runtime(path)
    for mine, point in zip(ours, x, strict=True):
        np.testing.assert_allclose(mine, runtime(point), rtol=1e-3, atol=1e-4)


@pytest.fixture
def np_rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


def built(
    folder: Path,
    steps: list[Step],
    shape: tuple[int, ...],
    constants: Mapping[str, np.ndarray] | None = None,
    opset: int = 23,
) -> Path:
    return saved(proto(steps, shape, constants, opset=opset), folder)


@pytest.mark.parametrize("seed", range(6))
def test_attention_is_that_of_onnxruntime(seed: int, tmp_path: Path) -> None:
    """Random heads, masks and settings; keys and values come from the input, too."""
    rng = np.random.default_rng(seed)
    heads, queries, keys, size = 2, int(rng.integers(1, 4)), int(rng.integers(2, 5)), 3
    options: dict[str, Any] = {}
    if rng.random() < 0.5:
        options["is_causal"] = 1
    if rng.random() < 0.5:
        options["scale"] = 0.5
    if rng.random() < 0.5:
        options["softcap"] = 2.0
    constants: dict[str, np.ndarray] = {
        "k": rng.normal(size=(1, heads, keys, size)),
        "v": rng.normal(size=(1, heads, keys, size)),
    }
    names = ["x", "k", "v"]
    if rng.random() < 0.5:
        mask = rng.random((queries, keys)) < 0.7
        mask[:, 0] = True
        constants["m"] = mask
        names.append("m")
    if seed % 2:
        del constants["k"]
        steps: list[Step] = [
            ("Concat", ["x"] * 2, ["k"], {"axis": 2}),
            ("Concat", ["x"] * 2, ["v"], {"axis": 2}),
            ("Attention", ["x", "k", "v"], ["y"], options),
        ]
        del constants["v"]
        constants.pop("m", None)
    else:
        steps = [("Attention", names, ["y"], options)]
    agreed(built(tmp_path, steps, (1, heads, queries, size), constants), rng)


@pytest.mark.parametrize(
    ("kind", "shape", "constants", "options"),
    [
        ("RotaryEmbedding", (1, 2, 3, 4), (np.ones((1, 3, 2)) * 0.6, np.ones((1, 3, 2)) * 0.8), {}),
        (
            "RotaryEmbedding",
            (1, 2, 3, 4),
            (np.ones((1, 3, 2)) * 0.6, np.ones((1, 3, 2)) * 0.8),
            {"interleaved": 1},
        ),
        (
            "GroupNormalization",
            (1, 4, 3),
            (np.array([1.0, 2, 3, 4]), np.ones(4)),
            {"num_groups": 2},
        ),
        ("MeanVarianceNormalization", (1, 2, 2, 3), (), {}),
        ("CenterCropPad", (3, 5), (np.array([5, 2]),), {}),
    ],
)
def test_operators_that_onnx_defines_by_others_are_read(
    kind: str,
    shape: tuple[int, ...],
    constants: tuple[np.ndarray, ...],
    options: dict[str, Any],
    tmp_path: Path,
    np_rng: np.random.Generator,
) -> None:
    named = {f"c{i}": constant for i, constant in enumerate(constants)}
    agreed(built(tmp_path, [(kind, ["x", *named], ["y"], options)], shape, named), np_rng)


def test_attributes_that_a_definition_does_not_have_are_refused(tmp_path: Path) -> None:
    path = built(
        tmp_path, [("MeanVarianceNormalization", ["x"], ["y"], {"other": 1})], (1, 2, 2, 3)
    )
    with pytest.raises(UnsupportedError, match="attribute other"):
        read_network(path)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_softmax_of_masked_entries_is_one_of_the_others(
    axis: int, tmp_path: Path, np_rng: np.random.Generator
) -> None:
    mask = np.where(np_rng.random((2, 3, 4)) < 0.4, -INF, np_rng.normal(size=(2, 3, 4)))
    mask[(0,) * 3] = 0.5
    mask = np.where(np.isneginf(mask).all(axis, keepdims=True), 0.0, mask)
    steps: list[Step] = [
        ("Add", ["x", "m"], ["z"], {}),
        ("Softmax", ["z"], ["y"], {"axis": axis}),
    ]
    agreed(built(tmp_path, steps, (2, 3, 4), {"m": mask}), np_rng)
    steps[0] = ("Where", ["t", "x", "low"], ["z"], {})
    constants = {"t": ~np.isneginf(mask), "low": np.array(-INF)}
    agreed(built(tmp_path, steps, (2, 3, 4), constants), np_rng)


@pytest.mark.parametrize("kind", ["Relu", "Exp", "Neg", "Sigmoid", "IsInf", "Transpose"])
def test_what_is_not_made_for_masks_refuses_them(kind: str, tmp_path: Path) -> None:
    steps: list[Step] = [("Add", ["x", "m"], ["z"], {}), (kind, ["z"], ["y"], {})]
    path = built(tmp_path, steps, (2, 2), {"m": np.array([[0.0, -INF], [0.0, 0.0]])})
    with pytest.raises(UnsupportedError):
        read_network(path)


def test_rows_that_are_masked_as_a_whole_are_refused_unless_they_are_replaced(
    tmp_path: Path, np_rng: np.random.Generator
) -> None:
    mask = np.array([[-INF, -INF], [0.0, -INF], [0.0, 0.0]])
    steps: list[Step] = [("Add", ["x", "m"], ["z"], {}), ("Softmax", ["z"], ["y"], {})]
    with pytest.raises(UnsupportedError, match="minus infinity"):
        read_network(built(tmp_path, steps, (3, 2), {"m": mask}))
    steps[1] = ("Softmax", ["z"], ["s"], {})
    steps.append(("Where", ["gone", "zero", "s"], ["y"], {}))
    constants = {"m": mask, "gone": np.isneginf(mask).all(1, keepdims=True), "zero": np.array(0.0)}
    agreed(built(tmp_path, steps, (3, 2), constants), np_rng)


def test_no_number_is_not_assumed_of_functions_without_a_value(tmp_path: Path) -> None:
    steps: list[Step] = [
        ("Log", ["x"], ["z"], {}),
        ("IsNaN", ["z"], ["t"], {}),
        ("Cast", ["t"], ["y"], {"to": 1}),
    ]
    with pytest.raises(UnsupportedError, match="not defined everywhere"):
        read_network(built(tmp_path, steps, (2,)))


@pytest.mark.parametrize("kind", ["And", "Or"])
def test_truth_values_of_computed_numbers_are_combined(
    kind: str, tmp_path: Path, np_rng: np.random.Generator
) -> None:
    steps: list[Step] = [
        ("Greater", ["x", "c"], ["a"], {}),
        ("LessOrEqual", ["x", "d"], ["b"], {}),
        (kind, ["a", "b"], ["t"], {}),
        ("Not", ["t"], ["n"], {}),
        ("Neg", ["x"], ["z"], {}),
        ("Where", ["n", "x", "z"], ["y"], {}),
    ]
    constants = {"c": np.array([-0.5, 0.0, 0.5]), "d": np.array(0.7)}
    agreed(built(tmp_path, steps, (4, 3), constants), np_rng, points=20)


@pytest.mark.parametrize("condition", [True, False])
def test_a_branch_whose_condition_is_constant_is_taken(
    condition: bool, tmp_path: Path, np_rng: np.random.Generator
) -> None:
    """Branches read tensors from outside."""
    made = helper.make_tensor_value_info("r", onnx.TensorProto.FLOAT, None)
    branches = {
        f"{name}_branch": helper.make_graph(
            [helper.make_node(kind, ["x"], ["inner"]), helper.make_node("Neg", ["inner"], ["r"])],
            name,
            [],
            [made],
        )
        for name, kind in (("then", "Relu"), ("else", "Abs"))
    }
    path = built(tmp_path, [("If", ["c"], ["y"], branches)], (2, 3), {"c": np.array(condition)})
    agreed(path, np_rng)


def test_constants_are_computed_by_the_reference_and_compared(
    tmp_path: Path, np_rng: np.random.Generator
) -> None:
    steps: list[Step] = [
        ("CumSum", ["c", "axis"], ["s"], {}),
        ("Trilu", ["s"], ["t"], {"upper": 0}),
        ("MatMul", ["x", "t"], ["y"], {}),
    ]
    constants = {"c": np_rng.normal(size=(3, 3)), "axis": np.array(0)}
    agreed(built(tmp_path, steps, (2, 3), constants), np_rng)


def test_random_numbers_are_no_constants(tmp_path: Path) -> None:
    steps: list[Step] = [
        ("RandomUniformLike", ["c"], ["r"], {}),
        ("Add", ["x", "r"], ["y"], {}),
    ]
    with pytest.raises(UnsupportedError, match="RandomUniformLike"):
        read_network(built(tmp_path, steps, (3,), {"c": np.ones(3)}))


def test_places_that_are_written_twice_are_refused_unless_combined(
    tmp_path: Path, np_rng: np.random.Generator
) -> None:
    constants = {"i": np.array([[0, 0, 2]]), "u": np_rng.normal(size=(1, 3))}
    for reduction in ("add", "mul", "max", "min"):
        step = ("ScatterElements", ["x", "i", "u"], ["y"], {"axis": 1, "reduction": reduction})
        agreed(built(tmp_path, [step], (1, 4), constants, 18), np_rng)
    step = ("ScatterElements", ["x", "i", "u"], ["y"], {"axis": 1})
    with pytest.raises(UnsupportedError, match="written twice"):
        read_network(built(tmp_path, [step], (1, 4), constants, 18))
    constants["i"] = np.array([[0, 9, 2]])
    with pytest.raises(InputError, match="index from 0 to 9"):
        read_network(built(tmp_path, [step], (1, 4), constants, 18))


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.int16])
@pytest.mark.parametrize("each", [False, True])
def test_quantized_numbers_are_the_integers_of_onnxruntime(
    kind: type, each: bool, tmp_path: Path, np_rng: np.random.Generator
) -> None:
    """Scales are powers of two, so that a quotient in float32 is exact; zero points differ."""
    count = (3,) if each else ()
    constants = {
        "s": 2.0 ** np_rng.integers(-4, 2, count),
        "z": np_rng.integers(0, 100, count).astype(kind),
    }
    steps: list[Step] = [
        ("QuantizeLinear", ["x", "s", "z"], ["q"], {"axis": -1}),
        ("DequantizeLinear", ["q", "s", "z"], ["y"], {"axis": -1}),
    ]
    path = built(tmp_path, steps, (2, 3), constants, 21)
    network = read_network(path)
    x = np.concatenate(
        [np_rng.normal(size=(20, 2, 3)) * 9, np.arange(-30, 30).reshape(10, 2, 3) / 8]
    )
    ours = evaluate(network, x.astype(np.float32).astype(np.float64))
    runtime = Runtime(path)
    np.testing.assert_array_equal(ours, [runtime(point) for point in x])


def test_weights_that_are_quantized_are_constants(
    tmp_path: Path, np_rng: np.random.Generator
) -> None:
    """Compared with the formula: onnxruntime quantizes the other operand, too, if it may."""
    constants = {
        "w": np_rng.integers(-128, 128, (3, 2)).astype(np.int8),
        "s": np.array([0.1, 0.25]),
        "z": np.array([3, -4], np.int8),
    }
    steps: list[Step] = [
        ("DequantizeLinear", ["w", "s", "z"], ["d"], {"axis": 1}),
        ("MatMul", ["x", "d"], ["y"], {}),
    ]
    network = read_network(built(tmp_path, steps, (2, 3), constants, 21))
    x = np_rng.normal(size=(5, 2, 3))
    scale = constants["s"].astype(np.float32).astype(np.float64)
    weight = (constants["w"].astype(np.float64) - constants["z"]) * scale
    np.testing.assert_allclose(evaluate(network, x), x @ weight, rtol=1e-12)


def test_a_branch_that_makes_a_name_again_is_refused(tmp_path: Path) -> None:
    """Names of a branch would hide those outside of it."""
    made = helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, None)
    body = helper.make_graph([helper.make_node("Neg", ["c"], ["x"])], "body", [], [made])
    steps: list[Step] = [
        ("If", ["t"], ["r"], {"then_branch": body, "else_branch": body}),
        ("Add", ["x", "r"], ["y"], {}),
    ]
    constants = {"t": np.array(True), "c": np.ones(3)}
    with pytest.raises(InputError, match="two tensors 'x'"):
        read_network(built(tmp_path, steps, (3,), constants))
