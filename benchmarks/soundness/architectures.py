"""Untrained networks of the architectures in which needles are planted."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import onnx

from abduce.benchmarks.soundness.graphs import Step, network

IMAGE: Final = (1, 1, 6, 6)
FLAT: Final = (1, 10)
Made = tuple[onnx.ModelProto, tuple[int, ...]]


def _dense(rng: np.random.Generator, *sizes: int) -> tuple[list[Step], dict[str, np.ndarray]]:
    """Dense layers without what stands between them, and their constants."""
    steps, constants = [], {}
    for n, (a, b) in enumerate(pairwise(sizes)):
        constants |= {f"w{n}": rng.normal(size=(a, b)) / a**0.5, f"b{n}": rng.normal(size=b) * 0.3}
        steps.append(Step("Gemm", ("_", f"w{n}", f"b{n}")))
    return steps, constants


def _between(steps: Sequence[Step], kind: str) -> list[Step]:
    return [step for each in steps for step in (each, Step(kind, ("_",)))][:-1]


def mlp(rng: np.random.Generator, kind: str = "Relu") -> Made:
    steps, constants = _dense(rng, 10, 32, 32, 3)
    return network(_between(steps, kind), FLAT, constants), FLAT


def cnn(rng: np.random.Generator, pooled: bool = False) -> Made:
    pool = [Step("AveragePool", ("_",), {"kernel_shape": [2, 2], "strides": [2, 2]})]
    size = 4 * (3 * 3 if pooled else 6 * 6)
    steps, constants = _dense(rng, size, 24, 3)
    convolution = Step("Conv", ("_", "k"), {"pads": [1, 1, 1, 1]})
    layers = [convolution, Step("Relu", ("_",)), *(pool if pooled else []), Step("Flatten", ("_",))]
    constants["k"] = rng.normal(size=(4, 1, 3, 3)) / 3
    return network([*layers, *_between(steps, "Relu")], IMAGE, constants), IMAGE


def attention(rng: np.random.Generator) -> Made:
    """One head of attention over six rows of an image, with a dense layer after it."""
    constants = {name: rng.normal(size=(6, 6)) / 6**0.5 for name in ("q", "k", "v")}
    constants |= {"rows": np.array([1, 6, 6]), "flat": np.array([1, 36]), "half": np.array(6**-0.5)}
    dense, more = _dense(rng, 36, 24, 3)
    steps = [
        Step("Reshape", ("x", "rows")),  # h1
        Step("MatMul", ("h1", "q")),  # h2
        Step("MatMul", ("h1", "k")),  # h3
        Step("Transpose", ("h3",), {"perm": [0, 2, 1]}),  # h4
        Step("MatMul", ("h2", "h4")),
        Step("Mul", ("_", "half")),
        Step("Softmax", ("_",), {"axis": -1}),  # h7
        Step("MatMul", ("h1", "v")),  # h8
        Step("MatMul", ("h7", "h8")),
        Step("Reshape", ("_", "flat")),
        *_between(dense, "Relu"),
    ]
    return network(steps, IMAGE, constants | more), IMAGE


ARCHITECTURES: Final[Mapping[str, Callable[[np.random.Generator], Made]]] = {
    "mlp": mlp,
    "cnn": cnn,
    "average-pool": lambda rng: cnn(rng, pooled=True),
    "tanh": lambda rng: mlp(rng, "Tanh"),
    "sigmoid": lambda rng: mlp(rng, "Sigmoid"),
    "attention": attention,
}
