"""What the audit compares with: computed before any fault is planted, and without the verifier.

Networks with their values in onnxruntime, properties with the truth of their text, functions with
their values to forty digits, and small networks with rational values.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from abduce.benchmarks.soundness.architectures import ARCHITECTURES
from abduce.benchmarks.soundness.property_traps import ROWS as PROPERTIES
from abduce.benchmarks.soundness.reader_traps import reader_misreadings
from abduce.benchmarks.soundness.replaying import Loaded, violates
from abduce.benchmarks.soundness.type_traps import type_misreadings

POINTS: Final = 12
"""The number of points at which a network is compared."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """A network file and its values in onnxruntime.

    Attributes:
        x: (P, *shape), float32; y: (P, outputs).
    """

    name: str
    path: Path
    x: np.ndarray
    y: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Property:
    """A property's text, inputs and outputs (P, 2) each, and whether they violate it."""

    name: str
    text: str
    x: np.ndarray
    y: np.ndarray
    violated: Sequence[bool]


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """Dense layers with relu between them: weights (n, m) and biases (m,) in float64."""

    layers: Sequence[tuple[np.ndarray, np.ndarray]]
    low: np.ndarray
    high: np.ndarray
    points: np.ndarray
    values: Sequence[Sequence[Fraction]]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A function on an interval: points (P,) and its values there, to forty digits."""

    function: str
    low: float
    high: float
    points: Sequence[float]
    values: Sequence[Fraction]


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """All that is compared."""

    networks: Sequence[Network]
    properties: Sequence[Property]
    dense: Sequence[Dense]
    curves: Sequence[Curve]


def material(folder: Path, seed: int = 0) -> Material:
    """Made by seed; network files are written into a folder."""
    rng = np.random.default_rng(seed)
    return Material(
        list(_networks(folder, rng)),
        list(_properties(rng)),
        list(_dense(rng)),
        list(_curves(seed)),
    )


def _networks(folder: Path, rng: np.random.Generator) -> Iterator[Network]:
    made = [(m.name, m.right, m.shape) for m in (*reader_misreadings(rng), *type_misreadings(rng))]
    made += [(name, *make(rng)) for name, make in ARCHITECTURES.items()]
    for name, model, shape in made:
        path = folder / f"{name}.onnx"
        path.write_bytes(model.SerializeToString())
        run = Loaded(model.SerializeToString(), shape)
        x = (rng.normal(size=(POINTS, *shape)) * rng.choice([0.3, 1.0, 3.0])).astype(np.float32)
        yield Network(name, path, x, np.array([run(point) for point in x]))


def _properties(rng: np.random.Generator) -> Iterator[Property]:
    for row in PROPERTIES:
        x = np.round(rng.uniform(-1.1, 1.1, (160, 2)) * 16) / 16
        x[:4] = row.witness
        y = np.where(rng.random((160, 1)) < 0.5, x, np.round(rng.uniform(-1, 2, (160, 2)) * 8) / 8)
        y[:4] = x[:4]
        truth = [violates(row.text, a, b) for a, b in zip(x, y, strict=True)]
        yield Property(row.name, row.text, x, y, truth)


def _dense(rng: np.random.Generator) -> Iterator[Dense]:
    for number in range(10):
        sizes = (2, 5, 4, 2) if number % 2 else (3, 6, 2)
        big = 10.0 ** rng.integers(0, 9)
        layers = []
        for n, (a, b) in enumerate(pairwise(sizes)):
            weight, bias = rng.normal(size=(a, b)), rng.normal(size=b) * (big if not n else 1.0)
            if n:
                bias = bias - np.maximum(layers[-1][1], 0) @ weight  # large numbers cancel
            layers.append((weight, bias))
        low = rng.normal(size=sizes[0])
        high = low + rng.random(sizes[0]) * 2.0 ** rng.integers(-12, 1)
        share = np.round(rng.random((6, sizes[0])) * 2) / 2
        points = np.clip(low + share * (high - low), low, high)
        yield Dense(layers, low, high, points, [_exact(layers, point) for point in points])


def _exact(layers: Sequence[tuple[np.ndarray, np.ndarray]], x: np.ndarray) -> list[Fraction]:
    values = [Fraction(v) for v in x.tolist()]
    for n, (weight, bias) in enumerate(layers):
        if n:
            values = [max(v, Fraction(0)) for v in values]
        columns = weight.T.tolist()
        values = [
            sum((Fraction(w) * v for w, v in zip(column, values, strict=True)), Fraction(b))
            for column, b in zip(columns, bias.tolist(), strict=True)
        ]
    return values


def _curves(seed: int) -> Iterator[Curve]:
    rng = random.Random(seed)
    for name in FUNCTIONS:
        for width in (2.0**-20, 0.25, 3.0, 20.0):
            least, most = RANGES.get(name, (-8.0, 8.0))
            low = rng.uniform(least, most - min(width, most - least))
            high = min(low + width, most)
            points = [low, high, *(rng.uniform(low, high) for _ in range(14))]
            yield Curve(name, low, high, points, [_value(name, point) for point in points])


RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "log": (0.01, 8.0),
    "sqrt": (0.01, 8.0),
    "reciprocal": (0.1, 8.0),
    "exp": (-8.0, 5.0),
}


def _functions() -> Mapping[str, Callable[[Any], Any]]:
    import mpmath

    return {
        "relu": lambda x: max(x, mpmath.mpf(0)),
        "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)),
        "tanh": mpmath.tanh,
        "exp": mpmath.exp,
        "log": mpmath.log,
        "sqrt": mpmath.sqrt,
        "reciprocal": lambda x: 1 / x,
        "sin": mpmath.sin,
        "cos": mpmath.cos,
        "erf": mpmath.erf,
        "gelu": lambda x: x * (1 + mpmath.erf(x / mpmath.sqrt(2))) / 2,
        "silu": lambda x: x / (1 + mpmath.exp(-x)),
        "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
        "elu": lambda x: x if x > 0 else mpmath.exp(x) - 1,
        "power": lambda x: x**3,
        "hard_swish": lambda x: x * min(max(x + 3, 0), 6) / 6,
    }


FUNCTIONS: Final = (
    *("relu", "sigmoid", "tanh", "exp", "log", "sqrt", "reciprocal", "sin", "cos", "erf"),
    *("gelu", "silu", "softplus", "elu", "power", "hard_swish"),
)
"""The functions whose lines are compared."""


def _value(name: str, x: float) -> Fraction:
    import mpmath

    with mpmath.workdps(40):
        found = _functions()[name](mpmath.mpf(x))
        sign, mantissa, exponent, _ = mpmath.mpf(found)._mpf_
    value = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    return -value if sign else value
