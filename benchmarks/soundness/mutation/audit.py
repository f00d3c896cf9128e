"""The audit: properties that the verifier must have, checked against `material`.

It runs in a process in which one module of the verifier may have a fault. What is found first is
told: a value that a reader changes, bounds that do not contain a value, a proof of what is false, a
refusal or a verdict that was there and is not any more.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

import numpy as np

from abduce.benchmarks.soundness.mutation.material import Curve, Dense, Material, Network, Property

ENDLESS_S: Final = 1e9
BATCHES: Final = 12
"""The number of batches after which a search is given up."""


def audit(material: Material, refused: Sequence[str] | None) -> Iterator[str]:
    """What is wrong, one thing after the other.

    Args:
        refused: the names of networks that the verifier without a fault refuses; None where that is
            not known yet, and then 'refused NAME' is told of each.
    """
    for each in material.properties:
        yield from _of_property(each)
    for each in material.curves:
        yield from _of_curve(each)
    for each in material.dense:
        yield from _of_dense(each)
    for each in material.networks:
        yield from _of_network(each, refused)
    yield from _of_searches()


def _of_property(given: Property) -> Iterator[str]:
    from abduce.verify.refutation.witness import spans
    from abduce.verify.specifications.specification import violated
    from abduce.verify.specifications.vnnlib.reading import parse_property

    read = parse_property(given.text)
    for x, y, truth in zip(given.x, given.y, given.violated, strict=True):
        if any(violated(case, x, y) for case in read.cases) != truth:
            yield f"property {given.name}: a case is judged wrongly"
        if read.judged([Fraction(v) for v in x.tolist()], spans(y)) is not truth:
            yield f"property {given.name}: the text is judged wrongly"


def _functions() -> Mapping[str, Any]:
    from abduce.verify.networks.functions.gates.gelu import gelu
    from abduce.verify.networks.functions.gates.hard_swish import HARD_SWISH
    from abduce.verify.networks.functions.gates.silu import silu
    from abduce.verify.networks.functions.pieces.relu import RELU
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

    return {
        "relu": RELU,
        "sigmoid": SIGMOID,
        "tanh": TANH,
        "exp": EXP,
        "log": LOG,
        "sqrt": SQRT,
        "reciprocal": RECIPROCAL,
        "sin": SIN,
        "cos": COS,
        "erf": ERF,
        "gelu": gelu(),
        "silu": silu(),
        "softplus": SOFTPLUS,
        "elu": elu(),
        "power": power(3.0),
        "hard_swish": HARD_SWISH,
    }


def _of_curve(given: Curve) -> Iterator[str]:
    from abduce.verify.bounds.functions.relaxations import lines, values
    from abduce.verify.networks.functions.nonlinearity import Nonlinearity

    function: Nonlinearity = _functions()[given.function]
    low, high = np.array([[given.low]]), np.array([[given.high]])
    least, most = values(function, low, high)
    made = lines(function, low, high)
    lower = np.zeros((1, 1)) if made.lower is None else made.lower
    parts = [made.lower_slope, lower, made.upper_slope, made.upper]
    k, below, l, above = (Fraction(float(np.broadcast_to(p, (1, 1))[0, 0])) for p in parts)  # noqa: E741
    apart = max(abs(above - below), Fraction(1))
    slack = Fraction(1, 10**30)
    for x, y in zip(given.points, given.values, strict=True):
        if not Fraction(float(least[0, 0])) - slack * (1 + abs(y)) <= y:
            yield f"{given.function}: a value outside of its bounds"
        if not y <= Fraction(float(most[0, 0])) + slack * (1 + abs(y)):
            yield f"{given.function}: a value outside of its bounds"
        room = slack * (1 + abs(y))
        if not k * Fraction(x) + below - room <= y <= l * Fraction(x) + above + room:
            yield f"{given.function}: a value outside of its lines"
        if abs(float(function.value(np.array(x))) - float(y)) > 1e-12 * (1 + abs(float(y))):
            yield f"{given.function}: another value"
    if given.high - given.low < 1e-5 and float(apart) > 1 + 1e-3:
        yield f"{given.function}: lines far apart"


def _of_dense(given: Dense) -> Iterator[str]:
    from abduce.verify.bounds.affine.layers import layers_of
    from abduce.verify.bounds.propagation.backward import lower_bounds

    layers = layers_of(_network(given))
    box = given.low[None], given.high[None]
    size = layers.sizes[-1]
    both = np.concatenate([np.eye(size), -np.eye(size)])
    for known in _ways(layers, box):
        found = lower_bounds(layers, known, {len(layers.layers): both}, np.zeros(2 * size)).value[0]
        for y in given.values:
            for i, value in enumerate(y):
                if not Fraction(float(found[i])) <= value <= -Fraction(float(found[size + i])):
                    yield "a dense network: an exact value outside of its bounds"


def _ways(layers: Any, box: tuple[np.ndarray, np.ndarray]) -> Iterator[Any]:
    from abduce.verify.bounds.propagation.forward import bound_layers_forward
    from abduce.verify.bounds.propagation.layerwise import bound_layers

    yield bound_layers(layers, box)
    yield bound_layers(layers, box, linear=False)
    yield bound_layers_forward(layers, box)


def _network(given: Dense) -> Any:
    from abduce.verify.networks.functions.pieces.relu import RELU
    from abduce.verify.networks.network import Dense as Layer
    from abduce.verify.networks.network import Input, Network, Node

    nodes = [Node(Input(), (), (len(given.low),), "x")]
    for n, (weight, bias) in enumerate(given.layers):
        if n:
            nodes.append(Node(RELU, (len(nodes) - 1,), nodes[-1].shape, f"r{n}"))
        nodes.append(Node(Layer(weight, bias), (len(nodes) - 1,), (len(bias),), f"d{n}"))
    return Network(tuple(nodes), len(nodes) - 1, {})


def _of_network(given: Network, refused: Sequence[str] | None) -> Iterator[str]:
    from abduce.errors import AbduceError
    from abduce.verify.bounds.affine.float32 import noise_of
    from abduce.verify.bounds.affine.layers import layers_of
    from abduce.verify.bounds.propagation.backward import lower_bounds
    from abduce.verify.networks.evaluation import evaluate
    from abduce.verify.networks.onnx.reading import read_network

    try:
        network = read_network(given.path)
    except AbduceError:
        if refused is None or given.name not in refused:
            yield f"refused {given.name}"
        return
    if refused is not None and given.name in refused:
        yield f"{given.name} was refused, and is read now"
    x = given.x.astype(np.float64)
    near = 1e-4 * (1 + np.abs(given.y))
    mine = evaluate(network, x).reshape(len(x), -1)
    if mine.shape != given.y.shape or (np.abs(mine - given.y) > near).any():
        yield f"{given.name}: other values than in onnxruntime"
    flat = x.reshape(len(x), -1)
    rng = np.random.default_rng(0)
    for noise, radius in ((None, 0.5), (None, 1e-3), (noise_of, 1e-2)):
        try:
            layers = layers_of(network) if noise is None else layers_of(network, noise_of=noise)
        except AbduceError:
            continue
        low, high = flat[:2] - radius, flat[:2] + radius
        inside = np.clip(
            flat[:2, None] + radius * rng.uniform(-1, 1, (2, 8, flat.shape[1])),
            low[:, None],
            high[:, None],
        )
        there = evaluate(network, inside.reshape(16, *network.input_shape)).reshape(2, 8, -1)
        there = np.concatenate([there, given.y[:2, None]], axis=1)
        rows = rng.normal(size=(3, there.shape[-1]))
        for known in _ways(layers, (low, high)):
            least, most = known.after[-1]
            room = 1e-4 * (1 + np.abs(there))
            if (there < least[:, None] - room).any() or (there > most[:, None] + room).any():
                yield f"{given.name}: a value outside of its interval"
            found = lower_bounds(layers, known, {len(layers.layers): rows}, np.zeros(3)).value
            sums = there @ rows.T
            room = 1e-4 * (1 + np.abs(there) @ np.abs(rows).T)
            if (sums < found[:, None] - room).any():
                yield f"{given.name}: a value below the bound of its row"


class _GivenUp(Exception):
    """Raised in a search that takes too many batches."""


def _of_searches() -> Iterator[str]:
    """Searches on properties of which it is known whether they hold, with both ways to split.

    The runtime of those that do not hold never confirms a counterexample, so that the search has to
    go on; it must not end in a proof.
    """
    from abduce.configuration import configured
    from abduce.verify.strategy import AUTOMATIC
    from abduce.verify.verdict import Proved

    for split in ("inputs", "activations"):
        settings = (f"split={split}", "attack.restarts=1", "attack.steps=1", "inputs.max_batch=32")
        strategy = configured(AUTOMATIC, None, settings)
        for number, (network, holds, fails) in enumerate(_searched()):
            for asked, truth in ((holds, True), (fails, False)):
                found = _verified(network, asked, strategy, truth)
                if found is None:
                    if truth:
                        yield f"search {number} by {split}: no proof of what holds"
                elif isinstance(found, Proved) != truth:
                    yield f"search {number} by {split}: {type(found).__name__}"


def _verified(network: Any, asked: Any, strategy: Any, truth: bool) -> Any:
    from abduce.verify.networks.evaluation import evaluate
    from abduce.verify.verdict import Refuted
    from abduce.verify.verification import Budget, verify

    batches = 0

    def told(_: object) -> None:
        nonlocal batches
        batches += 1
        if batches > BATCHES:
            raise _GivenUp

    def runtime(x: np.ndarray) -> np.ndarray:
        return evaluate(network, x[None])[0] + (0.0 if truth else 1e6)

    budget = Budget(timeout_s=ENDLESS_S)
    try:
        found = verify(network, asked, budget, strategy, replay=runtime, progress=told)
    except _GivenUp:
        return None
    return None if isinstance(found, Refuted) and not truth else found


def _searched() -> Iterator[tuple[Any, Any, Any]]:
    """Networks, with a property that holds and one that does not, by a margin that needs search."""
    rng = np.random.default_rng(0)
    for sizes in ((2, 8, 8, 1), (3, 10, 1)):
        layers = [
            (rng.normal(size=(a, b)) / a**0.5, rng.normal(size=b) / 3) for a, b in pairwise(sizes)
        ]
        low, high = -np.ones(sizes[0]), np.ones(sizes[0])
        network = _network(Dense(layers, low, high, low, ()))
        points = rng.uniform(-1, 1, (20_000, sizes[0]))
        y = points
        for n, (weight, bias) in enumerate(layers):
            y = (np.maximum(y, 0) if n else y) @ weight + bias
        row = np.eye(sizes[-1])[0]
        values = y @ row
        spread = float(np.ptp(values))
        yield (
            network,
            _below(low, high, row, float(values.min()) - 0.05 * spread),
            _below(low, high, row, float(values.min()) + 0.002 * spread),
        )


def _below(low: np.ndarray, high: np.ndarray, row: np.ndarray, threshold: float) -> Any:
    from abduce.verify.specifications.specification import Case, Specification

    size, outputs = len(low), len(row)
    case = Case(low, high, np.zeros((1, size)), row[None], np.array([threshold]), np.array([False]))
    return Specification(size, outputs, (case,))
