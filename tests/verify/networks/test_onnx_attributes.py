"""Whatever a file says of an operator is either computed as in onnxruntime or refused by name."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import helper, numpy_helper

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from abduce.errors import InputError, UnsupportedError
from abduce.verify.instances.checking import Runtime
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.onnx.model import OPSETS
from abduce.verify.networks.onnx.operators.folding import FOLDED
from abduce.verify.networks.onnx.reading import OPERATORS, read_network
from abduce.verify.networks.onnx.signatures import SIGNATURES
from tests.onnx_models import Step, one, proto, saved

Case = tuple[tuple[int, ...], tuple[Any, ...], dict[str, Any]]
RNG = np.random.default_rng(3)
FLT_MAX = float(np.finfo(np.float32).max)
NEW = (7, 8, 9, 10, 11, 12, 13, 14, 15, 17, 18, 19, 20, 22, 23, 24, 25, 26)
"""Opsets in which a supported operator may have begun to mean something else."""


def normal(*shape: int) -> np.ndarray:
    return RNG.normal(size=shape)


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


POSITIVE = np.abs(normal(3)) + 0.5
IMAGE = (1, 2, 5, 6)


COMPARED = ("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual")


def case(kind: str, opset: int) -> Case:
    """Shape of the input, other operands and the attributes that the operator needs."""
    table: dict[str, Case] = {
        "AveragePool": (IMAGE, (), {"kernel_shape": [2, 2]}),
        "BatchNormalization": ((2, 3, 4), (normal(3), normal(3), normal(3), POSITIVE), {}),
        "Cast": ((2, 3), (), {"to": 1}),
        "CastLike": ((2, 3), (np.array(1.0),), {}),
        "Compress": ((3, 4), (np.array([True, False, True]),), {}),
        "Concat": ((2, 3), (normal(2, 3),), {"axis": 1}),
        "Conv": (IMAGE, (normal(4, 2, 2, 2), normal(4)), {}),
        "ConvTranspose": (IMAGE, (normal(2, 2, 2, 2), normal(2)), {}),
        "DepthToSpace": ((1, 8, 2, 3), (), {"blocksize": 2}),
        "Expand": ((2, 1), (ints(1, 3),), {}),
        "Gather": ((4, 3), (ints(1, -1),), {}),
        "GatherElements": ((4, 3), (np.array([[1, -1, 0]]),), {}),
        "GatherND": ((4, 3), (np.array([[1, 2], [0, -1]]),), {}),
        "GridSample": ((1, 2, 3, 4), (RNG.uniform(-1.3, 1.3, (1, 2, 3, 2)),), {}),
        "Gemm": ((3, 3), (normal(3, 3), normal(3)), {}),
        "InstanceNormalization": ((2, 3, 4), (normal(3), normal(3)), {}),
        "LayerNormalization": ((2, 3, 3), (normal(3), normal(3)), {}),
        "LpPool": (IMAGE, (), {"kernel_shape": [2, 2]}),
        "MaxPool": (IMAGE, (), {"kernel_shape": [2, 2]}),
        "Mod": ((2, 3), (np.array([2.0, 0.5, 4.0]),), {"fmod": 1}),
        "OneHot": ((2,), (ints(1, -1, 2), ints(3)), {}),
        "QuantizeLinear": ((2, 3), (np.array(0.25), np.array(128, np.uint8)), {}),
        "PRelu": ((2, 3), (np.array([0.3]),), {}),
        "Pad": ((3, 4), () if opset < 11 else (ints(1, 2, 0, 1), np.array(0.5)), {}),
        "Pow": ((2, 3), (np.array(2.0),), {}),
        "RMSNormalization": ((2, 3, 3), (normal(3),), {}),
        "Reshape": ((2, 3, 4), (ints(0, -1),), {}),
        "Resize": (
            (1, 1, 3, 4),
            (np.array([1, 1, 2.0, 2.0]),) if opset < 11 else (None, np.array([1, 1, 2.0, 2.0])),
            {"mode": "nearest"},
        ),
        "ReverseSequence": ((3, 3), (ints(1, 3, 2),), {}),
        "Scatter": ((3, 3), (np.array([[1, 0, 2]]), normal(1, 3)), {}),
        "ScatterElements": ((3, 3), (np.array([[1, 0, 2]]), normal(1, 3)), {}),
        "ScatterND": ((3, 3), (np.array([[1, 0], [2, 2]]), normal(2)), {}),
        "Slice": ((4, 5), () if opset < 10 else (ints(1), ints(9), ints(-1), ints(2)), {}),
        "SpaceToDepth": ((1, 2, 4, 6), (), {"blocksize": 2}),
        "Split": ((4, 3), (), {}),
        "Squeeze": ((1, 3, 1), (), {}),
        "Tile": ((2, 3), (ints(2, 1),), {}),
        "Unsqueeze": ((2, 3), () if opset < 13 else (ints(0),), {}),
        "Upsample": ((1, 1, 2, 3), () if opset < 9 else (np.array([1, 1, 2.0, 3.0]),), {}),
        "Where": ((2, 3), (np.array([True, False, True]), normal(3)), {}),
        "GlobalAveragePool": (IMAGE, (), {}),
        "GlobalMaxPool": (IMAGE, (), {}),
    }
    for name, gates in (("RNN", 1), ("GRU", 3), ("LSTM", 4)):
        weights = (normal(1, gates * 2, 3), normal(1, gates * 2, 2), normal(1, gates * 4))
        table[name] = ((3, 2, 3), weights, {"hidden_size": 2})
    if opset < 10 and kind == "Slice":
        table["Slice"] = ((4, 5), (), {"starts": [1], "ends": [9], "axes": [-1]})
    if opset < 11 and kind == "Pad":
        table["Pad"] = ((3, 4), (), {"pads": [1, 2, 0, 1]})
    if opset < 13 and kind == "Unsqueeze":
        table["Unsqueeze"] = ((2, 3), (), {"axes": [0]})
    if opset < 9 and kind == "Upsample":
        table["Upsample"] = ((1, 1, 2, 3), (), {"scales": [1.0, 1.0, 2.0, 3.0]})
    if kind in ("Add", "Sub", "Mul", "Div", "MatMul", "Max", "Mean", "Min", "Sum", *COMPARED):
        return (3, 3), (normal(3, 3),), {}
    return table.get(kind, ((2, 3, 3), (), {}))


REFUSED = {
    *("sparse_value", "value_string", "value_strings"),
    *("activation_alpha", "activation_beta", "clip", "output_sequence"),
    *("height_scale", "width_scale"),
}
"""Attributes that are in no signature."""
WORDS = ["", "OTHER"]
VALUES: Mapping[str, list[Any]] = {
    "activation_alpha": [[0.5]],
    "activation_beta": [[0.5]],
    "activations": [["Relu"], ["Tanh", "Relu"], ["Sigmoid", "Relu", "Tanh"], ["Elu"], ["OTHER"]],
    "align_corners": [0, 1],
    "allowzero": [0, 1],
    "batch_axis": [0, 1],
    "batch_dims": [0, 1],
    "bias": [0.0, 0.3],
    "alpha": [0.3, -0.7, 0.0, 2.5],
    "antialias": [0, 1],
    "approximate": ["none", "tanh", *WORDS],
    "auto_pad": ["NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER", *WORDS],
    "axes": [[0], [1], [-1], [0, 1], [7]],
    "axis": [0, 1, -1, 2, -3, 7],
    "beta": [0.0, 0.7, -1.5],
    "block_size": [0, 1],
    "blocksize": [1, 2, 4],
    "ceil_mode": [0, 1],
    "coordinate_transformation_mode": [
        *("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric"),
        *("half_pixel_symmetric", "tf_crop_and_resize", "tf_half_pixel_for_nn", *WORDS),
    ],
    "clip": [0.5],
    "count_include_pad": [0, 1],
    "cubic_coeff_a": [-0.5],
    "direction": ["forward", "reverse", "bidirectional", *WORDS],
    "dilations": [[1, 1], [2, 1], [2, 2], [1]],
    "end": [0, 1, -1, 9],
    "ends": [[2], [-1]],
    "epsilon": [0.0, 1e-2],
    "exclude_outside": [0, 1],
    "extrapolation_value": [1.0],
    "fmod": [0, 1],
    "gamma": [0.5, -1.0],
    "group": [1, 2, 4],
    "hidden_size": [2, 3],
    "input_forget": [0, 1],
    "keep_aspect_ratio_policy": ["stretch", "not_larger", "not_smaller", *WORDS],
    "keepdims": [0, 1],
    "kernel_shape": [[2, 2], [3, 1], [2]],
    "lambd": [0.3, 0.0, -0.2],
    "layout": [0, 1],
    "linear_before_reset": [0, 1],
    "max": [0.5, -0.5, 3.4028234663852886e38],
    "min": [-0.5, 0.7, -3.4028234663852886e38],
    "mode": [
        *("constant", "edge", "reflect", "wrap", "nearest", "linear", "bilinear", "cubic"),
        "bicubic",
        *("DCR", "CRD", *WORDS),
    ],
    "momentum": [0.5],
    "nearest_mode": [
        *("round_prefer_floor", "round_prefer_ceil", "floor", "ceil", "simple", *WORDS)
    ],
    "noop_with_empty_axes": [0, 1],
    "num_outputs": [1, 2],
    "output_padding": [[0, 0], [1, 0], [1, 1]],
    "output_shape": [[7, 8], [10, 12], [5, 6]],
    "output_dtype": [0, 2, 3],
    "p": [1, 2, 3],
    "padding_mode": ["zeros", "border", "reflection", *WORDS],
    "pads": [[1, 0, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1], [0, -1, 0, 0]],
    "perm": [[0, 1, 2], [2, 0, 1], [1, 0]],
    "precision": [0, 1, 10],
    "ratio": [0.0, 0.7],
    "reduction": ["none", "add", "mul", "max", "min", *WORDS],
    "round_mode": ["up", "down", "nearest", *WORDS],
    "saturate": [0, 1],
    "scales": [[1.0, 1.0, 2.0, 2.0]],
    "seed": [3],
    "spatial": [0, 1],
    "split": [[4], [1, 3]],
    "start": [0, 1, -1],
    "starts": [[0], [-2]],
    "stash_type": [0, 1, 10, 11],
    "storage_order": [0, 1],
    "strides": [[1, 1], [2, 1], [3, 3], [1]],
    "time_axis": [0, 1],
    "to": [*range(25)],
    "training_mode": [0, 1],
    "transA": [0, 1, 2],
    "transB": [0, 1],
    "value": [0.5, -1.0],
}
"""What the tests give to each attribute, sensible or not."""

INTEGRAL = ("Cast", "Shape", "Size", "IsNaN", "QuantizeLinear", *COMPARED)
"""Whose result may be integers, and is cast to float in what follows."""
WITHOUT = {"Constant", "ConstantOfShape", "Range", "And", "Not", "Or", "DequantizeLinear"}
"""Operators that do not read real numbers."""
KINDS = sorted({*SIGNATURES} & {*OPERATORS} - WITHOUT)


def built(folder: Path, kind: str, opset: int, attributes: Mapping[str, Any]) -> Path:
    """A network of one operation, with the operands that it needs."""
    shape, operands, _ = case(kind, opset)
    before = {"Where": 1, "OneHot": 2}.get(kind, 0)
    if kind not in INTEGRAL:
        return one(folder, kind, shape, *operands, opset=opset, before=before, **attributes)
    constants = {f"c{i}": operand for i, operand in enumerate(operands)}
    steps: list[Step] = [
        (kind, ["x", *constants], ["z"], attributes),
        ("Cast", ["z"], ["y"], {"to": 1}),
    ]
    return saved(proto(steps, shape, constants, opset=opset), folder)


def schema(kind: str, opset: int) -> Any:
    try:
        return onnx.defs.get_schema(kind, opset, "")
    except onnx.defs.SchemaError:
        return None


def verdict(path: Path) -> str:
    """Whether the reader agrees with onnxruntime on a file, refuses it, or is alone with it."""
    try:
        network = read_network(path)
    except (InputError, UnsupportedError):
        return "refused"
    rng = np.random.default_rng(5)
    x = rng.normal(size=(6, *network.input_shape)) * 2
    x[1:3] = np.round(x[1:3])
    x[3] *= 1e3
    x[4] = np.abs(x[4]) + 0.1
    x = x.astype(np.float32)
    try:
        runtime = Runtime(path)
        theirs = [runtime(point) for point in x]
    except InputError:
        return "alone"
    ours = evaluate(network, x.astype(np.float64))
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.shape == other.shape
        told = np.isfinite(mine) & (np.abs(mine) < 1e30)
        size = np.abs(mine[told]).max(initial=1.0)
        np.testing.assert_allclose(mine[told], other[told], rtol=1e-3, atol=2e-5 * size)
    return "agreed"


@pytest.mark.parametrize("kind", KINDS)
def test_each_attribute_of_each_operator_is_agreed_or_refused(kind: str, tmp_path: Path) -> None:
    agreed = 0
    for opset in NEW:
        described = schema(kind, opset)
        if described is None:
            continue
        _, _, needed = case(kind, opset)
        assert {*described.attributes} <= {*VALUES}, kind
        for name in [None, *described.attributes]:
            for value in [None] if name is None else VALUES[name]:
                given = needed | ({} if name is None else {name: value})
                agreed += verdict(built(tmp_path, kind, opset, given)) == "agreed"
    assert agreed, kind


MANY = [k for k in KINDS if len(SIGNATURES[k].attributes) > 1]


@pytest.mark.parametrize("kind", MANY)
@given(draws=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_attributes_together_are_agreed_or_refused(
    kind: str, draws: st.DataObject, tmp_path: Path
) -> None:
    opsets = [opset for opset in NEW if schema(kind, opset)]
    opset = draws.draw(st.sampled_from(opsets))
    _, _, attributes = case(kind, opset)
    for name in schema(kind, opset).attributes:
        if draws.draw(st.booleans()):
            attributes[name] = draws.draw(st.sampled_from(VALUES[name]))
    verdict(built(tmp_path, kind, opset, attributes))


@pytest.mark.parametrize("kind", sorted(SIGNATURES))
def test_signatures_are_those_of_the_schemas(kind: str) -> None:
    """An attribute that is missing here is refused; one that is here has the schema's opsets."""
    signature = SIGNATURES[kind]
    kinds = {"INT": "integer", "FLOAT": "number", "STRING": "word", "TENSOR": "tensor"}
    kinds |= {"INTS": "integers", "FLOATS": "numbers", "STRINGS": "words"}
    for opset in OPSETS:
        described = schema(kind, opset)
        assert (described is not None) == (opset >= signature.first)
        if described is None:
            continue
        theirs = {name: kinds.get(a.type.name) for name, a in described.attributes.items()}
        ours = {n: a.kind for n, a in signature.attributes.items() if a.first <= opset <= a.last}
        assert ours.items() <= theirs.items()
        assert theirs.keys() - ours.keys() <= REFUSED
        assert min(signature.operands(opset), 2**31 - 1) == described.max_input


def test_every_operator_has_a_signature() -> None:
    assert {*OPERATORS, *FOLDED} == {*SIGNATURES}


@pytest.mark.parametrize("kind", KINDS)
def test_attributes_that_are_not_known_are_refused_by_name(kind: str, tmp_path: Path) -> None:
    opset = max(13, SIGNATURES[kind].first)
    _, _, needed = case(kind, opset)
    for value in (1, 0.5, "word", [1, 2], [0.5]):
        path = built(tmp_path, kind, opset, needed | {"unheard_of": value})
        with pytest.raises(UnsupportedError, match="attribute unheard_of"):
            read_network(path)


@pytest.mark.parametrize("kind", KINDS)
def test_attributes_of_another_kind_are_refused_by_name(kind: str, tmp_path: Path) -> None:
    subgraph = proto([("Relu", ["x"], ["y"], {})]).graph
    for name, known in SIGNATURES[kind].attributes.items():
        opset = max(known.first, SIGNATURES[kind].first, min(13, known.last))
        _, _, needed = case(kind, opset)
        wrong = 1 if known.kind in ("number", "numbers", "word") else 0.5
        for value in (wrong, subgraph):
            path = built(tmp_path, kind, opset, needed | {name: value})
            with pytest.raises(UnsupportedError, match=f"attribute {name} that is no"):
                read_network(path)


def test_operands_that_an_operator_does_not_have_are_refused(tmp_path: Path) -> None:
    for kind in KINDS:
        signature = SIGNATURES[kind]
        opset = max(13, signature.first)
        most = signature.operands(opset)
        if most < 9:
            operands = [np.ones((3, 3))] * most
            with pytest.raises(UnsupportedError, match=f"{most + 1} operands"):
                read_network(one(tmp_path, kind, (3, 3), *operands, opset=opset))


def test_what_a_runtime_would_compute_from_a_second_result_is_refused(tmp_path: Path) -> None:
    """Batch normalisation with more results than one is that of training, before opset 14."""
    constants = {name: np.ones(3) for name in "abcd"}
    step = ("BatchNormalization", ["x", *"abcd"], ["y", "mean", "variance"], {})
    with pytest.raises(UnsupportedError, match="results"):
        read_network(saved(proto([step], (2, 3), constants), tmp_path))


def test_repeated_names_are_refused(tmp_path: Path) -> None:
    twice = proto([("LeakyRelu", ["x"], ["y"], {"alpha": 0.5})])
    twice.graph.node[0].attribute.append(helper.make_attribute("alpha", 0.25))
    stored = proto([("Add", ["x", "c"], ["y"], {})], constants={"c": normal(3)})
    stored.graph.initializer.append(numpy_helper.from_array(np.zeros(3, np.float32), "c"))
    for model in (twice, stored):
        with pytest.raises(InputError, match="two"):
            read_network(saved(model, tmp_path))


def test_references_and_functions_are_refused(tmp_path: Path) -> None:
    referring = proto([("LeakyRelu", ["x"], ["y"], {"alpha": 0.5})])
    referring.graph.node[0].attribute[0].ref_attr_name = "slope"
    with pytest.raises(UnsupportedError, match="attribute alpha"):
        read_network(saved(referring, tmp_path))
    model = proto([("Relu", ["x"], ["y"], {})])
    body = [helper.make_node("Neg", ["a"], ["b"])]
    opsets = [helper.make_opsetid("", 13)]
    model.functions.append(helper.make_function("", "Relu", ["a"], ["b"], body, opsets))
    with pytest.raises(UnsupportedError, match="function Relu"):
        read_network(saved(model, tmp_path))
    del model.functions[:]
    model.graph.node[0].domain = "com.example"
    with pytest.raises(UnsupportedError, match=r"com\.example\.Relu"):
        read_network(saved(model, tmp_path))


@given(draws=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("kind", ["Slice", "Pad", "Clip", "Split", "Reshape", "ReduceSum"])
def test_operands_that_say_how_are_agreed_or_refused(
    kind: str, draws: st.DataObject, tmp_path: Path
) -> None:
    def several(least: int, most: int, count: int | None = None) -> np.ndarray:
        size = st.integers(0, 3) if count is None else st.just(count)
        n = draws.draw(size)
        return ints(*draws.draw(st.lists(st.integers(least, most), min_size=n, max_size=n)))

    options: dict[str, Any] = {}
    opset, results = draws.draw(st.sampled_from([13, 18, 22])), ["y"]
    match kind:
        case "Slice":
            n = draws.draw(st.integers(1, 2))
            axes = draws.draw(st.sampled_from([ints(0, -1), ints(1, 0)]))[:n]
            ends = (several(-9, 9, n), several(-9, 9, n))
            if draws.draw(st.booleans()):
                ends = (
                    ends[0],
                    np.where(ends[1] > 5, 2**63 - 1, np.where(ends[1] < -5, -(2**63), 1)),
                )
            operands: list[Any] = [*ends, axes, several(-3, 3, n)]
        case "Pad":
            mode = draws.draw(st.sampled_from(["constant", "edge", "reflect", "wrap"]))
            options = {"mode": mode}
            operands = [several(-2, 5, 4), np.array(0.5)]
        case "Clip":
            bounds = st.sampled_from([None, -1.0, 0.5, FLT_MAX, -FLT_MAX, float("inf")])
            drawn = [draws.draw(bounds) for _ in range(2)]
            operands = [None if bound is None else np.array(bound) for bound in drawn]
        case "Split":
            options = {"axis": draws.draw(st.integers(-2, 1))}
            results = ["y", *draws.draw(st.sampled_from([[], ["b"], ["b", "c"]]))]
            operands = [several(0, 4)] if draws.draw(st.booleans()) else []
            if not operands and opset >= 18:
                options["num_outputs"] = draws.draw(st.integers(1, 4))
        case "Reshape":
            operands = [several(-1, 6)]
            if opset >= 14:
                options = {"allowzero": draws.draw(st.integers(0, 1))}
        case _:
            operands = [several(-3, 2)]
            options = {"keepdims": draws.draw(st.integers(0, 1))}
            options["noop_with_empty_axes"] = draws.draw(st.integers(0, 1))
    names = ["" if operand is None else f"c{i}" for i, operand in enumerate(operands)]
    constants = {n: c for n, c in zip(names, operands, strict=True) if n}
    model = proto([(kind, ["x", *names], results, options)], (3, 4), constants, opset=opset)
    verdict(saved(model, tmp_path))
