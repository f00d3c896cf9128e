"""Bounds of float32 contain what runtimes that round compute, and verdicts respect it."""

from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from abduce.errors import UnsupportedError
from abduce.verify.bounds.affine.float32 import (
    LARGEST,
    UNIT32,
    noise_of,
)
from abduce.verify.bounds.affine.layers import Layers, layers_of
from abduce.verify.bounds.propagation.backward import Bounds, lower_bounds
from abduce.verify.bounds.propagation.forward import bound_layers_forward
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.bounds.propagation.points import at_points
from abduce.verify.instances.checking import Runtime
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.functions.gates.gelu import gelu
from abduce.verify.networks.functions.gates.gelu_tanh import gelu_tanh
from abduce.verify.networks.functions.gates.hard_swish import HARD_SWISH
from abduce.verify.networks.functions.gates.silu import silu
from abduce.verify.networks.functions.nonlinearity import FUNCTION_UNITS, Nonlinearity
from abduce.verify.networks.functions.pieces.absolute import ABS
from abduce.verify.networks.functions.pieces.clip import clip
from abduce.verify.networks.functions.pieces.floor import FLOOR
from abduce.verify.networks.functions.pieces.leaky_relu import leaky_relu
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.pieces.sign import SIGN
from abduce.verify.networks.functions.smooth.cosine import COS
from abduce.verify.networks.functions.smooth.elu import elu
from abduce.verify.networks.functions.smooth.erf import ERF
from abduce.verify.networks.functions.smooth.exponential import EXP
from abduce.verify.networks.functions.smooth.logarithm import LOG
from abduce.verify.networks.functions.smooth.power import power
from abduce.verify.networks.functions.smooth.reciprocal import RECIPROCAL
from abduce.verify.networks.functions.smooth.sigmoid import SIGMOID
from abduce.verify.networks.functions.smooth.sine import SIN
from abduce.verify.networks.functions.smooth.softplus import SOFTPLUS
from abduce.verify.networks.functions.smooth.square_root import SQRT
from abduce.verify.networks.functions.smooth.tanh import TANH
from abduce.verify.networks.network import Affine, Dense, Network, Node, Softmax
from abduce.verify.networks.onnx.reading import read_network
from abduce.verify.specifications.specification import Specification
from abduce.verify.specifications.vnnlib.reading import read_property
from abduce.verify.verdict import Proved, Refuted
from abduce.verify.verification import Budget, verify
from tests.networks import PIECEWISE, SMOOTH, Builder, grow, random_network, specification
from tests.onnx_models import Step, one, proto, saved

seeds = st.integers(0, 2**32 - 1)
WAYS: tuple[Callable[..., Bounds], ...] = (
    bound_layers,
    partial(bound_layers, linear=False),
    bound_layers_forward,
)
SHORT = Budget(timeout_s=2.0)


def single(network: Network) -> Network:
    """The network with its constants rounded to float32."""

    def rounded(node: Node) -> Node:
        operation = node.operation
        arrays = {f.name: getattr(operation, f.name) for f in fields(operation)}
        given = {
            name: array.astype(np.float32).astype(float)
            for name, array in arrays.items()
            if isinstance(array, np.ndarray) and array.dtype.kind == "f"
        }
        return replace(node, operation=replace(operation, **given))

    return replace(network, nodes=tuple(rounded(node) for node in network.nodes))


def reordered(network: Network, x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """An output (outputs,) in float32, the terms of products and sums in a random order."""
    order = rng.permutation(network.input_shape[-1])
    nodes = list(network.nodes)
    match nodes[1].operation:
        case Dense(weight, bias):
            nodes[1] = replace(nodes[1], operation=Dense(weight[order], bias))
            x = x[:, order]
    return evaluate(replace(network, nodes=tuple(nodes)), x, np.float32).astype(float)


def boxes(rng: np.random.Generator, count: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Of float32 numbers; some without width."""
    low = rng.normal(size=(count, size)).astype(np.float32).astype(float)
    width = rng.random((count, size)) * 2.0 ** rng.integers(-30, 1, (count, 1))
    width[0] = 0.0
    return low, (low + width).astype(np.float32).astype(float)


def holds(network: Network, rng: np.random.Generator, bounding: Callable[..., Bounds]) -> None:
    """What numpy computes in float32 is within the bounds, and within those of random rows."""
    layers = layers_of(network, noise_of=noise_of)
    low, high = boxes(rng, 3, layers.inputs)
    known = bounding(layers, (low, high))
    rows = rng.normal(size=(3, layers.sizes[-1]))
    found = lower_bounds(layers, known, {len(layers.layers): rows}, np.zeros(3)).value
    for d in range(3):
        share = np.round(rng.random((20, layers.inputs)) * 4) / 4
        x = np.clip((low[d] + share * (high[d] - low[d])).astype(np.float32), low[d], high[d])
        y = evaluate(network, x.reshape(20, *network.input_shape), np.float32).reshape(20, -1)
        y = y.astype(float)
        told = np.isfinite(y).all(-1)
        assert (known.after[-1][0][d] <= y[told]).all()
        assert (y[told] <= known.after[-1][1][d]).all()
        values = y[told] @ rows.T
        room = 1e-12 * (np.abs(y[told]) @ np.abs(rows).T)
        assert (found[d] <= values + room).all()


@pytest.mark.parametrize("kind", [*PIECEWISE, *SMOOTH])
def test_bounds_contain_each_operation_in_float32(kind: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    for bounding in WAYS:
        for large in (1.0, 1e4):
            builder = Builder((1, 2, 3, 2))
            grow(builder, "conv", rng)
            builder.add(Affine(np.array(1.0), np.array(large)))
            builder.add(Affine(np.array(1.0), np.array(-large)))
            grow(builder, kind, rng)
            grow(builder, "dense", rng)
            grow(builder, "relu", rng)
            holds(single(builder.network()), rng, bounding)


@settings(max_examples=30)
@given(seeds)
def test_bounds_contain_random_networks_in_float32(seed: int) -> None:
    rng = np.random.default_rng(seed)
    kinds = [k for k in (*PIECEWISE, *SMOOTH) if k not in ("product", "matmul")]
    network = single(random_network(rng, kinds, 6))
    for bounding in WAYS:
        holds(network, rng, bounding)


def cancelling(rng: np.random.Generator, digits: float, hidden: int = 16) -> Network:
    """Two inputs; biases of about 10^digits cancel."""
    builder = Builder((2,))
    bias = (10.0**digits * (1 + rng.random(hidden))).astype(np.float32).astype(float)
    builder.add(Dense(rng.normal(size=(2, hidden)), bias), (hidden,))
    builder.add(RELU)
    last = rng.normal(size=(hidden, 1)).astype(np.float32).astype(float)
    builder.add(Dense(last, -bias @ last), (1,))
    return single(builder.network())


@settings(max_examples=40)
@given(seeds, st.floats(0, 6))
def test_bounds_contain_every_order_of_summation(seed: int, digits: float) -> None:
    rng = np.random.default_rng(seed)
    network = cancelling(rng, digits)
    x = rng.normal(size=(30, 2)).astype(np.float32).astype(float)
    low, high = at_points(layers_of(network, noise_of=noise_of), x)
    exact_low, exact_high = at_points(layers_of(network), x)
    assert (low < exact_low).all()
    assert (exact_high < high).all()
    for _ in range(4):
        y = reordered(network, x, rng)
        assert (low <= y).all()
        assert (y <= high).all()


def test_bounds_without_noise_do_not_contain_float32() -> None:
    """What the other tests look for is there to be found."""
    rng = np.random.default_rng(0)
    network = cancelling(rng, 5.0)
    x = rng.normal(size=(30, 2)).astype(np.float32).astype(float)
    low, high = at_points(layers_of(network), x)
    y = evaluate(network, x, np.float32)
    assert ((y < low) | (high < y)).mean() > 0.9


POINTS = np.random.default_rng(3).normal(size=200_000)


def test_normalizations_whose_sums_may_be_others_are_refused_in_float32(tmp_path: Path) -> None:
    path = one(tmp_path, "LayerNormalization", (1, 3), np.ones(3), opset=17)
    properties = specification([0] * 3, [1] * 3, [([0] * 3, [-1, 0, 0], -9.0, False)], outputs=3)
    network = read_network(path)
    assert isinstance(verify(network, properties, Budget(timeout_s=60.0)), Proved)
    with pytest.raises(UnsupportedError, match="node y: LayerNormalization"):
        verify(network, properties, SHORT, semantics="float32")


def one_step(kind: str, **options: object) -> list[Step]:
    return [(kind, ["x"], ["y"], options)]


OPERATORS: dict[str, tuple[Nonlinearity, list[Step]]] = {
    "abs": (ABS, one_step("Abs")),
    "clip": (clip(-0.25, 0.5), [("Clip", ["x", "low", "high"], ["y"], {})]),
    "cos": (COS, one_step("Cos")),
    "elu": (elu(), one_step("Elu")),
    "erf": (ERF, one_step("Erf")),
    "exp": (EXP, one_step("Exp")),
    "floor": (FLOOR, one_step("Floor")),
    "gelu": (gelu(), one_step("Gelu")),
    "gelu_tanh": (gelu_tanh(), one_step("Gelu", approximate="tanh")),
    "hard_swish": (HARD_SWISH, one_step("HardSwish")),
    "leaky_relu": (leaky_relu(0.125), one_step("LeakyRelu", alpha=0.125)),
    "log": (LOG, one_step("Log")),
    "power": (power(1.75), [("Pow", ["x", "exponent"], ["y"], {})]),
    "reciprocal": (RECIPROCAL, one_step("Reciprocal")),
    "relu": (RELU, one_step("Relu")),
    "sigmoid": (SIGMOID, one_step("Sigmoid")),
    "sign": (SIGN, one_step("Sign")),
    "silu": (silu(), [("Sigmoid", ["x"], ["s"], {}), ("Mul", ["s", "x"], ["y"], {})]),
    "sin": (SIN, one_step("Sin")),
    "softplus": (SOFTPLUS, one_step("Softplus")),
    "sqrt": (SQRT, one_step("Sqrt")),
    "tanh": (TANH, one_step("Tanh")),
}
"""Nonlinearities, each with the operators of ONNX that it is."""
NUMBERS = {"low": np.array(-0.25), "high": np.array(0.5), "exponent": np.array(1.75)}


@pytest.mark.parametrize("name", OPERATORS)
def test_onnxruntime_is_as_accurate_as_a_function_says(name: str, tmp_path: Path) -> None:
    function, steps = OPERATORS[name]
    rounding = function.rounding
    x = np.concatenate([POINTS * size for size in (1e-3, 0.1, 1.0, 10.0)])
    x = (np.abs(x) if function.domain[0] == 0.0 else x)[None].astype(np.float32)
    given = {name: NUMBERS[name] for name in steps[0][1][1:]}
    path = saved(proto(steps, x.shape, given, opset=20), tmp_path)
    with np.errstate(all="ignore"):
        right = function.at(x.astype(float))
        theirs = Runtime(path)(x).astype(float)
    told = (np.abs(right) > 1e-37) & (np.abs(right) < 1e37)
    size = rounding.relative * np.abs(x if rounding.of_operand else right)
    room = (size + rounding.absolute * FUNCTION_UNITS) * UNIT32
    assert (np.abs(theirs[told] - right[told]) <= room[told]).all()


def model(rng: np.random.Generator, last: str, folder: Path) -> Path:
    """A network of convolution, normalisation, matrices and a function, whose numbers cancel."""
    constants = {
        "k": rng.normal(size=(3, 1, 2, 2)),
        "scale": rng.normal(size=3),
        "shift": rng.normal(size=3) * 100,
        "mean": rng.normal(size=3) * 1000,
        "variance": rng.random(3) + 0.1,
        "w": rng.normal(size=(12, 6)),
        "b": rng.normal(size=6) * 1000,
        "c": rng.normal(size=6),
        "size": np.array([1, 12], np.int64),
    }
    constants["c"] -= constants["b"]
    steps: list[Step] = [
        ("Conv", ["x", "k"], ["h1"], {}),
        (
            "BatchNormalization",
            ["h1", "scale", "shift", "mean", "variance"],
            ["h2"],
            {"epsilon": 1e-3},
        ),
        ("Relu", ["h2"], ["h3"], {}),
        ("Reshape", ["h3", "size"], ["h4"], {}),
        ("MatMul", ["h4", "w"], ["h5"], {}),
        ("Add", ["h5", "b"], ["h6"], {}),
        ("Add", ["h6", "c"], ["h7"], {}),
        (last, ["h7"], ["h8"], {}),
        ("Mul", ["h8", "h6"], ["h9"], {}),
        ("ReduceMean", ["h9"], ["y"], {"axes": [1]}),
    ]
    return saved(proto(steps, (1, 1, 3, 3), constants), folder)


@pytest.mark.parametrize("last", ["Relu", "Sigmoid", "Tanh", "Softmax", "LeakyRelu", "Sin"])
def test_bounds_contain_what_onnxruntime_computes(last: str, tmp_path: Path, seed: int) -> None:
    """Which fuses what it can: the constants of the normalisation go into the convolution."""
    rng = np.random.default_rng(seed)
    for _ in range(5):
        path = model(rng, last, tmp_path)
        runtime, network = Runtime(path), read_network(path)
        x = rng.normal(size=(20, 1, 1, 3, 3)).astype(np.float32)
        low, high = at_points(
            layers_of(network, noise_of=noise_of), x.reshape(20, -1).astype(float)
        )
        y = np.reshape([runtime(point) for point in x], (20, -1))
        assert (low <= y).all()
        assert (y <= high).all()


@pytest.mark.parametrize("name", ["cancel_0", "cancel_1"])
def test_bounds_of_boxes_contain_what_onnxruntime_computes(name: str, data: Path) -> None:
    place = data / "verify" / "rounding"
    network, runtime = read_network(place / f"{name}.onnx"), Runtime(place / f"{name}.onnx")
    layers = layers_of(network, noise_of=noise_of)
    rng = np.random.default_rng(0)
    low, high = boxes(rng, 40, 2)
    low, high = np.abs(low) % 1.0, np.abs(low) % 1.0 + (high - low)
    for bounding in WAYS:
        known = bounding(layers, (low, high))
        last = {len(layers.layers): np.array([[1.0], [-1.0]])}
        found = lower_bounds(layers, known, last, np.zeros(2)).value
        for d in range(len(low)):
            x = low[d] + rng.random((25, 2)) * (high[d] - low[d])
            x = np.clip(x.astype(np.float32), low[d], high[d]).astype(np.float32)
            x = x[(low[d] <= x).all(-1) & (x <= high[d]).all(-1)]
            y = np.array([runtime(point[None]).item() for point in x])
            assert (found[d, 0] <= y).all()
            assert (y <= -found[d, 1]).all()


def above(limit: float) -> Specification:
    return specification([0, 0], [1, 1], [([0, 0], [-1], -limit, False)])


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))]
)
def test_proofs_never_contradict_what_onnxruntime_shows(seed: int) -> None:
    """A limit between the largest value in real arithmetic and that in float32."""
    rng = np.random.default_rng(seed)
    network = cancelling(rng, 5.0)
    grid = np.stack(np.meshgrid(*[np.linspace(0, 1, 60)] * 2), -1).reshape(-1, 2)
    grid = grid.astype(np.float32).astype(float)
    rounded = float(evaluate(network, grid, np.float32).max())
    truly = float(evaluate(network, grid).max())
    real = verify(network, above(rounded), SHORT)
    single = verify(network, above(rounded), SHORT, semantics="float32")
    assert not isinstance(single, Proved)
    if truly < rounded - 0.05:
        assert isinstance(real, Proved)
    far = verify(network, above(max(truly, rounded) + 20.0), SHORT, semantics="float32")
    assert isinstance(far, Proved)


def test_what_is_refuted_in_float32_is_so_in_float32() -> None:
    network = cancelling(np.random.default_rng(1), 5.0)
    middle = float(evaluate(network, np.full((1, 2), 0.5)).item())
    verdict = verify(network, above(middle - 2.0), SHORT, semantics="float32")
    assert isinstance(verdict, Refuted)
    assert evaluate(network, verdict.x[None], np.float32).item() == verdict.y.item()
    assert verdict.y.item() >= middle - 2.0


@pytest.mark.parametrize(
    "name", ["rounding/cancel_0", "rounding/cancel_1", "reshaped/reshape_0", "needles/acas_1_1_p1"]
)
def test_known_counterexamples_are_not_proved_away_in_float32(name: str, data: Path) -> None:
    folder, stem = name.split("/")
    place = data / "verify" / folder
    (path,) = place.glob(f"{stem}.onnx*")
    properties = read_property(place / f"{stem}.vnnlib")
    verdict = verify(read_network(path), properties, Budget(timeout_s=1.0), semantics="float32")
    assert not isinstance(verdict, Proved)


def layers_with(scale: float) -> Layers:
    builder = Builder((2,))
    builder.add(Dense(np.array([[scale, 1.0], [-scale, 1.0]]), np.zeros(2)), (2,))
    builder.add(RELU)
    builder.add(Dense(np.ones((2, 1)), np.zeros(1)), (1,))
    return layers_of(builder.network(), noise_of=noise_of)


def test_where_float32_may_overflow_nothing_is_known() -> None:
    point = np.ones((1, 2))
    for scale, known in ((1.0, True), (LARGEST / 2, False), (1e300, False)):
        low, high = at_points(layers_with(scale), point)
        assert np.isfinite([low, high]).all() == known


def test_what_only_moves_or_compares_numbers_has_no_noise() -> None:
    builder = Builder((4,))
    builder.add(RELU)
    builder.add(ABS)
    builder.add(Affine(np.array(-1.0), np.array(0.0)))
    builder.add(clip(*(-2.0, 2.0)))
    x = np.array([[0.1, -0.2, 3.0, -4.0]]).astype(np.float32).astype(float)
    low, high = at_points(layers_of(builder.network(), noise_of=noise_of), x)
    assert np.abs(high - low).max() < 1e-13


def test_softmax_is_off_by_little_wherever_its_inputs_are() -> None:
    builder = Builder((10,))
    builder.add(Softmax(0))
    network = builder.network()
    rng = np.random.default_rng(0)
    for size in (0.1, 1.0, 30.0, 1e4):
        x = (rng.normal(size=(50, 10)) * size).astype(np.float32)
        low, high = at_points(layers_of(network, noise_of=noise_of), x.astype(float))
        y = evaluate(network, x, np.float32)
        assert ((low <= y) & (y <= high)).all()
        if size == 1.0:
            assert (high - low).max() < 2e-5


def test_constants_that_the_file_computes_are_refused_in_float32(tmp_path: Path) -> None:
    steps: list[Step] = [("Mul", ["a", "b"], ["c"], {}), ("Mul", ["x", "c"], ["y"], {})]
    constants = {"a": np.array([0.1, 0.2, 0.3]), "b": np.array([0.3, 0.7, 0.9])}
    network = read_network(saved(proto(steps, (1, 3), constants), tmp_path))
    properties = specification([0] * 3, [1] * 3, [([0] * 3, [-1, 0, 0], -2.0, False)], outputs=3)
    assert isinstance(verify(network, properties, SHORT), Proved)
    with pytest.raises(UnsupportedError, match="computed from constants"):
        verify(network, properties, SHORT, semantics="float32")
