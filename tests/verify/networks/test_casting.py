"""Casts and integers are computed as in onnxruntime, or refused; never passed through."""

from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

import onnxruntime

from abduce.errors import InputError, UnsupportedError
from abduce.verify.bounds.affine.float32 import noise_of
from abduce.verify.bounds.affine.layers import layers_of
from abduce.verify.bounds.functions.relaxations import lines, values
from abduce.verify.bounds.propagation.backward import lower_bounds
from abduce.verify.bounds.propagation.forward import bound_layers_forward
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.instances.checking import Runtime
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.exact import exact
from abduce.verify.networks.functions.pieces.integer import integer
from abduce.verify.networks.onnx.operators.casting import constant_as
from abduce.verify.networks.onnx.reading import read_network
from abduce.verify.networks.onnx.types import BFLOAT, BOOL, DOUBLE, FLOAT, HALF, INTEGERS, NAMES
from abduce.verify.specifications.specification import Specification
from abduce.verify.verdict import Proved, Refuted
from abduce.verify.verification import Budget, verify
from tests.networks import specification
from tests.onnx_models import Step, proto, saved

TYPES: dict[int, Any] = {
    FLOAT: np.float32,
    DOUBLE: np.float64,
    HALF: np.float16,
    BOOL: np.bool_,
    **{number: dtype.type for number, dtype in INTEGERS.items()},
}
ENDS = [2**k + d for k in (0, 7, 8, 15, 16, 24, 31, 32, 53, 63) for d in (-1, 0, 1)]
WHOLES = [0, *ENDS, *(-n for n in ENDS)]
REALS = [0.3, 0.5, 0.999, 1.5, 2.7, 127.9, 255.99, 32767.5, 1e-40, 1e20, *map(float, ENDS)]


def run_cast(x: np.ndarray, source: int, target: int) -> np.ndarray:
    """A cast of an input of this type, in onnxruntime."""
    graph = helper.make_graph(
        [helper.make_node("Cast", ["x"], ["y"], to=target)],
        "cast",
        [helper.make_tensor_value_info("x", source, x.shape)],
        [helper.make_tensor_value_info("y", target, x.shape)],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return np.asarray(session.run(None, {"x": x})[0])


def numbers_of(kind: type) -> np.ndarray:
    """Numbers of a type, those at its ends and at the ends of the others among them."""
    if kind is np.bool_:
        return np.array([False, True])
    if issubclass(kind, np.integer):
        info = np.iinfo(kind)
        return np.array([n for n in WHOLES if info.min <= n <= info.max], kind)
    with np.errstate(over="ignore"):
        return np.array([*REALS, *(-x for x in REALS)], kind)


@pytest.mark.parametrize("target", TYPES, ids=lambda number: NAMES[number])
@pytest.mark.parametrize("source", TYPES, ids=lambda number: NAMES[number])
def test_constants_are_cast_as_in_onnxruntime_or_refused(source: int, target: int) -> None:
    if source == target:
        return
    x = numbers_of(TYPES[source])
    theirs = run_cast(x, source, target)
    agreed = 0
    for value, other in zip(x, theirs, strict=True):
        stored = np.asarray(value)
        stored = stored.astype(np.float64) if stored.dtype.kind == "f" else stored
        try:
            with np.errstate(over="ignore"):
                ours = constant_as(stored, source, target)
        except UnsupportedError:
            continue
        assert ours == other, value
        assert ours.dtype == (np.float64 if target in (FLOAT, DOUBLE, HALF) else TYPES[target])
        agreed += 1
    assert agreed >= 2


def casts(*targets: int) -> list[Step]:
    """The input, cast from each type to the next, and then to float."""
    steps: list[Step] = []
    name = "x"
    for i, target in enumerate(targets):
        steps.append(("Cast", [name], [f"t{i}"], {"to": target}))
        name = f"t{i}"
    return [*steps, ("Cast", [name], ["y"], {"to": FLOAT})]


@pytest.mark.parametrize("target", range(27))
def test_computed_numbers_are_cast_as_in_onnxruntime_or_refused(
    target: int, tmp_path: Path
) -> None:
    path = saved(proto(casts(target), (1, 1), opset=18), tmp_path)
    if target not in TYPES or target == HALF:
        with pytest.raises(UnsupportedError, match=NAMES.get(target, "number")):
            read_network(path)
        return
    network, runtime = read_network(path), Runtime(path)
    x = numbers_of(np.float32)[:, None, None]
    ours = evaluate(network, x.astype(np.float64))
    theirs = np.stack([runtime(point) for point in x])
    told = np.isfinite(ours)
    assert told.sum() > 20
    np.testing.assert_array_equal(ours[told].astype(np.float32), theirs[told])


chains = st.lists(st.sampled_from([*INTEGERS, BOOL, FLOAT, DOUBLE]), min_size=1, max_size=4)
SOME = st.sampled_from([0.0, 0.4, 1.0, 1.7, 100.0, 127.5, 200.0, 255.5, 4e4, 7e4, 3e9, 1e19, 1e25])


@given(chain=chains, low=SOME, width=SOME, signs=st.sampled_from([(1, 1), (-1, 1), (-1, -1)]))
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bounds_contain_what_onnxruntime_computes(
    chain: list[int], low: float, width: float, signs: tuple[int, int], tmp_path: Path
) -> None:
    path = saved(proto(casts(*chain), (1, 1), opset=18), tmp_path)
    network, runtime = read_network(path), Runtime(path)
    ends = sorted((signs[0] * low, signs[1] * (low + width)))
    share = np.random.default_rng(0).random(30)
    share[:2] = 0.0, 1.0
    x = (ends[0] + share * (ends[1] - ends[0])).astype(np.float32)
    y = np.array([runtime(np.full((1, 1), point))[0, 0] for point in x], np.float64)
    box = np.array([[x.min()]], np.float64), np.array([[x.max()]], np.float64)
    for noise in (None, noise_of):
        if noise is not None and network.unbounded:
            continue
        layers = layers_of(network, noise_of=noise)
        for bounding in (bound_layers, partial(bound_layers, linear=False), bound_layers_forward):
            known = bounding(layers, box)
            room = 1e-6 * np.abs(y)  # of integers that float rounds
            rows = {len(layers.layers): np.array([[1.0], [-1.0]])}
            found = lower_bounds(layers, known, rows, np.zeros(2)).value[0]
            assert (found[0] <= y + room).all()
            assert (y - room <= -found[1]).all()


@given(
    bits=st.sampled_from([8, 16, 32, 64]),
    signed=st.booleans(),
    ends=st.lists(st.floats(-1e20, 1e20) | st.floats(-300, 300), min_size=2, max_size=2),
    share=st.fractions(0, 1),
)
def test_lines_of_casts_hold_for_every_real_number(
    bits: int, signed: bool, ends: list[float], share: Fraction
) -> None:
    least = -(2 ** (bits - 1)) if signed else 0
    limit = least + 2**bits
    low, high = sorted(ends)
    x = Fraction(low) + share * (Fraction(high) - Fraction(low))
    box = np.array([[low]]), np.array([[high]])
    cast = integer(float(least), float(limit))
    found = lines(cast, *box)
    first, last = (Fraction(float(a[0, 0])) for a in values(cast, *box))
    whole = abs(x) // 1 * (1 if x >= 0 else -1)
    possible = [whole] if least <= whole < limit else [least, limit - 1]
    assert found.lower is not None
    for value in possible:
        assert first <= value <= last
        assert Fraction(float(found.lower[0, 0])) <= value <= Fraction(float(found.upper[0, 0]))


def test_exact_values_of_casts_are_integers_or_not_known(tmp_path: Path) -> None:
    network = read_network(saved(proto(casts(3), (1, 1), opset=18), tmp_path))
    for x, whole in ((Fraction(7, 3), 2), (Fraction(-7, 3), -2), (Fraction(-1, 9), 0)):
        assert exact(network, [x]) == [whole]
    assert exact(network, [Fraction(128)]) is None


def tails() -> list[Step]:
    """128 relu(x - 0.9921875), less its integer part."""
    return [
        ("Sub", ["x", "a"], ["s"], {}),
        ("Relu", ["s"], ["r"], {}),
        ("Mul", ["r", "k"], ["m"], {}),
        ("Cast", ["m"], ["u"], {"to": TensorProto.UINT8}),
        ("Cast", ["u"], ["f"], {"to": FLOAT}),
        ("Sub", ["m", "f"], ["y"], {}),
    ]


@pytest.mark.parametrize("semantics", ["real", "float32"])
def test_a_cast_is_no_identity_in_either_semantics(semantics: Any, tmp_path: Path) -> None:
    constants = {"a": np.array([[0.9921875]]), "k": np.array([[128.0]])}
    steps = tails()
    model = proto(steps, (1, 1), constants, opset=18)
    path = saved(model, tmp_path)
    network = read_network(path)
    y = evaluate(network, np.array([[[0.996]]]))[0, 0, 0]
    assert 0.48 < y < 0.5
    wrong: Specification = specification([0.0], [1.0], [([0.0], [-1.0], -0.25, False)], outputs=1)
    runtime, budget = Runtime(path), Budget(timeout_s=20.0)
    found = verify(network, wrong, budget, replay=runtime, semantics=semantics)
    assert isinstance(found, Refuted)
    right: Specification = specification([0.0], [1.0], [([0.0], [-1.0], -1.25, False)], outputs=1)
    assert isinstance(verify(network, right, budget, semantics=semantics), Proved)


OPERATIONS = ["Abs", "Add", "Div", "Equal", "Less", "MatMul", "Mul", "Neg", "Pow", "Sign", "Sub"]
REDUCTIONS = ["ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum"]
ALONE = ["Abs", "Neg", "Sign", *REDUCTIONS]


@given(
    kind=st.sampled_from([*OPERATIONS, *REDUCTIONS, "And", "Or", "Floor", "Relu", "Max", "Where"]),
    number=st.sampled_from([*TYPES]),
    draws=st.data(),
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_constants_of_each_type_are_computed_as_in_onnxruntime_or_refused(
    kind: str, number: int, draws: st.DataObject, tmp_path: Path
) -> None:
    some = numbers_of(TYPES[number])
    places = st.lists(st.integers(0, len(some) - 1), min_size=2, max_size=2)
    constants = {name: some[draws.draw(places)] for name in "ab"}
    reads = ["a"] if kind in (*ALONE, "Floor", "Relu") else ["a", "b"]
    if kind == "Where":
        constants["chosen"], reads = np.array([True, False]), ["chosen", "a", "b"]
    steps: list[Step] = [(kind, reads, ["z"], {}), ("Cast", ["z"], ["d"], {"to": DOUBLE})]
    model = proto(steps, (1, 1), {}, "d", opset=18)
    model.graph.output[0].type.tensor_type.elem_type = DOUBLE
    model.graph.initializer.extend(numpy_helper.from_array(c, n) for n, c in constants.items())
    path = saved(model, tmp_path)
    try:
        network = read_network(path)
        runtime = Runtime(path)
    except (InputError, UnsupportedError):
        return
    theirs = np.asarray(runtime(np.zeros((1, 1))), np.float64)
    ours = evaluate(network, np.zeros((1, 1, 1)))[0]
    assert ours.shape == theirs.shape
    told = np.isfinite(theirs)
    np.testing.assert_allclose(ours[told], theirs[told], rtol=1e-6 if number == FLOAT else 1e-14)


def computed_integers(step: Step, constants: dict[str, np.ndarray], folder: Path) -> Path:
    """An operation on the input cast to int32, and back."""
    steps: list[Step] = [
        ("Cast", ["x"], ["n"], {"to": 6}),
        step,
        ("Cast", ["z"], ["y"], {"to": FLOAT}),
    ]
    return saved(proto(steps, (2, 3), constants, opset=18), folder)


WIDE = np.array([[2, 3, 5]], np.int32)
SIZES = np.array([3, 2], np.int64)
MOVING: dict[str, tuple[Step, dict[str, np.ndarray]]] = {
    "Reshape": (("Reshape", ["n", "c"], ["z"], {}), {"c": SIZES}),
    "Transpose": (("Transpose", ["n"], ["z"], {}), {}),
    "Concat": (("Concat", ["n", "c"], ["z"], {"axis": 0}), {"c": WIDE}),
    "Where": (
        ("Where", ["b", "n", "c"], ["z"], {}),
        {"b": np.array([True, False, True]), "c": WIDE},
    ),
    "Pad": (
        ("Pad", ["n", "p", "c"], ["z"], {}),
        {"p": np.array([1, 0, 0, 1], np.int64), "c": np.array(7, np.int32)},
    ),
    "Identity": (("Identity", ["n"], ["z"], {}), {}),
    "CastLike": (("CastLike", ["n", "c"], ["z"], {}), {"c": np.array(1, np.int8)}),
}


@pytest.mark.parametrize("kind", MOVING)
def test_computed_integers_are_moved(kind: str, tmp_path: Path) -> None:
    path = computed_integers(*MOVING[kind], tmp_path)
    network, runtime = read_network(path), Runtime(path)
    x = np.random.default_rng(0).uniform(-100, 100, (4, 2, 3)).astype(np.float32)
    ours = evaluate(network, x.astype(np.float64))
    np.testing.assert_array_equal(ours, np.stack([runtime(point) for point in x]))


COMPUTING: dict[str, tuple[Step, dict[str, np.ndarray]]] = {
    **{
        kind: ((kind, ["n", "c"], ["z"], {}), {"c": WIDE})
        for kind in ("Add", "Sub", "Mul", "Div", "Pow", "Max", "Min", "Sum")
    },
    **{kind: ((kind, ["n"], ["z"], {}), {}) for kind in ("Neg", "Abs", "Sign", "Relu", "Floor")},
    **{kind: ((kind, ["n"], ["z"], {}), {}) for kind in ("ReduceSum", "ReduceMax", "Clip")},
    "Mod": (("Mod", ["n", "c"], ["z"], {}), {"c": WIDE}),
    "MatMul": (("MatMul", ["n", "c"], ["z"], {}), {"c": WIDE.T}),
}


@pytest.mark.parametrize("kind", COMPUTING)
def test_arithmetic_of_computed_integers_is_refused(kind: str, tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match=f"node z: {kind}"):
        read_network(computed_integers(*COMPUTING[kind], tmp_path))


def test_operands_of_several_types_are_refused(tmp_path: Path) -> None:
    constants = {"a": np.array([1], np.int32), "b": np.array([2], np.int64)}
    steps: list[Step] = [("Add", ["a", "b"], ["z"], {}), ("Cast", ["z"], ["y"], {"to": FLOAT})]
    with pytest.raises(UnsupportedError, match="operands of types int32 and int64"):
        read_network(saved(proto(steps, (1, 1), constants, opset=18), tmp_path))


STRANGE = {
    number: helper.make_tensor("c", number, [1], b"\x01" * size, raw=True)
    for number, size in ((14, 8), (17, 1), (18, 1), (19, 1), (20, 1), (21, 1), (22, 1))
}


@pytest.mark.parametrize("number", STRANGE)
@pytest.mark.parametrize("kind", ["Add", "Cast", "Identity", "Concat"])
def test_constants_of_other_types_are_refused(number: int, kind: str, tmp_path: Path) -> None:
    attributes = {"Cast": {"to": FLOAT}, "Concat": {"axis": 0}}.get(kind, {})
    reads = ["x", "c"] if kind in ("Add", "Concat") else ["c"]
    model = proto([(kind, reads, ["y"], attributes)], (1,), opset=20)
    model.graph.initializer.append(STRANGE[number])
    with pytest.raises((InputError, UnsupportedError), match=NAMES[number]):
        read_network(saved(model, tmp_path))


@pytest.mark.parametrize("number", [HALF, BFLOAT])
def test_numbers_of_half_precision_are_stored_and_cast_but_not_computed_with(
    number: int, tmp_path: Path
) -> None:
    tensor = helper.make_tensor("c", number, [1], [1.5])
    cast: Step = ("Cast", ["c"], ["d"], {"to": FLOAT})
    model = proto([cast, ("Mul", ["x", "d"], ["y"], {})], (1,), opset=18)
    model.graph.initializer.append(tensor)
    network = read_network(saved(model, tmp_path))
    assert evaluate(network, np.array([[2.0]]))[0] == 3.0
    model = proto([("Mul", ["c", "c"], ["d"], {}), *casts(FLOAT)], (1,), opset=18)
    model.graph.node[1].input[0] = "d"
    model.graph.initializer.append(tensor)
    with pytest.raises(UnsupportedError, match=NAMES[number]):
        read_network(saved(model, tmp_path))


@pytest.mark.parametrize("kind", ["Constant", "ConstantOfShape"])
@pytest.mark.parametrize("number", [*INTEGERS, BOOL, FLOAT, DOUBLE], ids=lambda n: NAMES[n])
def test_constants_in_attributes_keep_their_types(kind: str, number: int, tmp_path: Path) -> None:
    """Their least and greatest numbers come out."""
    for value in numbers_of(TYPES[number])[:12]:
        tensor = numpy_helper.from_array(np.array([value], TYPES[number]))
        reads = ["one"] if kind == "ConstantOfShape" else []
        constants = {"one": np.array([1], np.int64)} if reads else {}
        steps: list[Step] = [
            (kind, reads, ["c"], {"value": tensor}),
            ("Cast", ["c"], ["d"], {"to": FLOAT}),
            ("Add", ["x", "d"], ["y"], {}),
        ]
        path = saved(proto(steps, (1,), constants, opset=18), tmp_path)
        theirs = Runtime(path)(np.zeros(1))
        ours = evaluate(read_network(path), np.zeros((1, 1)))[0]
        np.testing.assert_array_equal(ours, theirs.astype(np.float64))


def test_a_constant_that_is_cast_is_cast(tmp_path: Path) -> None:
    """2.7 as int8 is 2, wherever it comes from."""
    number = np.array([2.7], np.float32)
    sources: list[tuple[list[Step], dict[str, np.ndarray]]] = [
        ([], {"k": number}),
        ([("Constant", [], ["k"], {"value": numpy_helper.from_array(number)})], {}),
        ([("Constant", [], ["k"], {"value_floats": [2.7]})], {}),
        (
            [("ConstantOfShape", ["s"], ["k"], {"value": numpy_helper.from_array(number)})],
            {"s": np.array([1], np.int64)},
        ),
        ([("Add", ["i", "j"], ["k"], {})], {"i": np.array([2.0]), "j": np.array([0.7])}),
    ]
    rest: list[Step] = [
        ("Cast", ["k"], ["c"], {"to": 3}),
        ("Cast", ["c"], ["d"], {"to": FLOAT}),
        ("Mul", ["x", "d"], ["y"], {}),
    ]
    for first, constants in sources:
        path = saved(proto([*first, *rest], (1,), constants, opset=18), tmp_path)
        assert evaluate(read_network(path), np.array([[0.95]]))[0] == pytest.approx(1.9)
        assert Runtime(path)(np.array([0.95])) == pytest.approx(1.9)


def test_inputs_of_other_types_are_refused(tmp_path: Path) -> None:
    for number in (2, 3, 6, 7, 9, 10, 16):
        model = proto([("Cast", ["x"], ["y"], {"to": FLOAT})])
        model.graph.input[0].type.tensor_type.elem_type = number
        with pytest.raises(UnsupportedError, match="input x"):
            read_network(saved(model, tmp_path))


def test_ranges_of_whole_numbers_are_those_of_onnxruntime_and_others_refused(
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(0)
    for kind in (np.int32, np.int64, np.float32, np.int16):
        for _ in range(12):
            start, end, step = rng.integers(-9, 9, 3).tolist()
            ends = np.array([start, end, step or 3], kind)
            constants = dict(zip("abc", ends, strict=True))
            model = proto(
                [("Range", ["a", "b", "c"], ["r"], {}), ("Cast", ["r"], ["y"], {"to": FLOAT})],
                (1,), opset=18,
            )  # fmt: skip
            arrays = {name: np.asarray(value, kind) for name, value in constants.items()}
            model.graph.initializer.extend(
                numpy_helper.from_array(value, name) for name, value in arrays.items()
            )
            path = saved(model, tmp_path)
            theirs = Runtime(path)(np.zeros(1))
            if theirs.size:
                ours = evaluate(read_network(path), np.zeros((1, 1)))[0]
                np.testing.assert_array_equal(ours, theirs)
    constants = {"a": np.array(0.0), "b": np.array(1.0), "c": np.array(0.1)}
    with pytest.raises(UnsupportedError, match="not whole"):
        read_network(saved(proto([("Range", list("abc"), ["y"], {})], (1,), constants), tmp_path))


def test_doubles_that_become_float_round_and_are_not_bounded_in_float32(tmp_path: Path) -> None:
    model = proto([("Cast", ["x"], ["y"], {"to": FLOAT})], (1, 1), opset=18)
    model.graph.input[0].type.tensor_type.elem_type = onnx.TensorProto.DOUBLE
    network = read_network(saved(model, tmp_path))
    safe: Specification = specification([0.0], [1.0], [([0.0], [-1.0], -9.0, False)], outputs=1)
    assert isinstance(verify(network, safe, Budget(timeout_s=20.0)), Proved)
    with pytest.raises(UnsupportedError, match="from double to float"):
        verify(network, safe, Budget(timeout_s=20.0), semantics="float32")
