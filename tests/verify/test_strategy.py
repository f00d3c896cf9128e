"""Every field of the strategy is read: another value changes what a search does or finds."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import astuple
from functools import cache
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pytest

from abduce.configuration import configured, leaves
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.network import Affine, Dense, Network, Unary
from abduce.verify.refutation.witness import Replay
from abduce.verify.specifications.specification import Specification
from abduce.verify.strategy import AUTOMATIC, Strategy
from abduce.verify.verification import Budget, verify
from tests.networks import Builder, attention, relu_network, specification

Row = tuple[Sequence[float], Sequence[float], float, bool]
ENDLESS = Budget(timeout_s=1e9)


def layered(seed: int, *sizes: int, function: str = "relu") -> Network:
    """Dense layers of these sizes with a function between them."""
    rng = np.random.default_rng(seed)
    builder = Builder((sizes[0],))
    for place, (n, m) in enumerate(pairwise(sizes)):
        if place:
            builder.add(Unary(function))
        weight, bias = rng.normal(size=(n, m)) / np.sqrt(n), rng.normal(size=m) / 3
        builder.add(Dense(weight, bias), (m,))
    return builder.network()


def lowest(network: Network, radius: float, row: Sequence[float]) -> float:
    """The least value of a row of the outputs at many points of the box."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-radius, radius, (4_000, *network.input_shape))
    return float((evaluate(network, x).reshape(4_000, -1) @ np.array(row)).min())


def within(
    network: Network, away: float, *rows: Sequence[float], radius: float = 1.0, joint: bool = False
) -> Specification:
    """Unsafe where each row of outputs is less than its least value minus `away`.

    Args:
        joint: whether all rows are in one case; else each is a case.
    """
    size = int(np.prod(network.input_shape))
    made: list[Row] = [
        ([0.0] * size, row, lowest(network, radius, row) - away, False) for row in rows
    ]
    cases = [made] if joint else [[row] for row in made]
    return specification([-radius] * size, [radius] * size, *cases, outputs=len(rows[0]))


class Runtime:
    """Runs a network, and keeps a digest of the points at which it was run.

    Attributes:
        lies: for the first so many calls the output is far from every case.
        offset: what the outputs differ by from those of the network.
    """

    def __init__(self, network: Network, lies: int = 0, offset: float = 0.0) -> None:
        self.network, self.lies, self.offset = network, lies, offset
        self.digest = hashlib.sha256()

    def __call__(self, x: np.ndarray) -> np.ndarray:
        self.digest.update(x.tobytes())
        self.lies -= 1
        y = evaluate(self.network, x[None])[0] + self.offset
        return y + 1e6 if self.lies >= 0 else y


class Together(Runtime):
    """A runtime that runs many points at once."""

    def many(self, x: np.ndarray) -> np.ndarray:
        return evaluate(self.network, x) + self.offset


Outcome = tuple[Any, ...]
Task = Callable[[Strategy], Outcome]


def outcome(
    network: Network, asked: Specification, strategy: Strategy, runtime: Runtime | None = None
) -> Outcome:
    """The verdict, the work after each batch, and where the runtime was run."""
    told: list[tuple[Any, ...]] = []
    replay: Replay | None = runtime
    verdict = verify(
        network,
        asked,
        ENDLESS,
        strategy,
        replay=replay,
        progress=lambda work: told.append(astuple(work)),
    )
    parts = (type(verdict).__name__, astuple(verdict.work), getattr(verdict, "float32", None))
    point = getattr(verdict, "x", np.zeros(0)).tobytes()
    return *parts, point, tuple(told), runtime and runtime.digest.hexdigest()


def task(
    network: Network,
    asked: Specification,
    runtime: Callable[[Network], Runtime] | None = Runtime,
) -> Task:
    return lambda strategy: outcome(network, asked, strategy, runtime and runtime(network))


def unequal() -> Task:
    """A bound that the output reaches exactly, so that an enclosure decides nothing."""
    network = relu_network((np.array([[1.0]]), np.zeros(1)), (np.array([[1.0]]), np.zeros(1)))
    return task(network, specification([0.25], [1.0], [([0.0], [1.0], 0.25, False)]))


def rounded() -> Task:
    """A network whose runtime adds a little, and so violates what is proved of it."""
    network = layered(1, 2, 6, 1)
    asked = within(network, 0.05, [1.0])
    return task(network, asked, lambda n: Together(n, offset=-0.2))


def rounding() -> Task:
    """Relus that are all decided, and a margin that is within rounding."""
    one = np.array([[1.0]])
    network = relu_network((one, np.zeros(1)), (one, np.zeros(1)))
    return task(network, specification([0.1], [0.100000001], [([0.0], [1.0], 0.1, False)]), None)


def cancelling() -> Task:
    """Biases that are large and cancel."""
    rng = np.random.default_rng(0)
    weight, bias = rng.normal(size=(3, 6)), 3.0 * np.ones(6)
    second = rng.normal(size=(6, 6)) / 2
    layers = (weight, bias), (second, -bias @ second), (rng.normal(size=(6, 1)), np.zeros(1))
    network = relu_network(*layers)
    return task(network, within(network, 0.3, [1.0]))


def enclosed() -> Task:
    """Two outputs of a smooth network, refuted by a small margin in the second."""
    builder = Builder((2,))
    builder.add(Unary("tanh"))
    builder.add(Dense(np.array([[1.0, 1.0], [1.0, -1.0]]), np.zeros(2)), (2,))
    builder.add(Unary("tanh"))
    builder.add(Affine(np.ones(2), np.zeros(2)))
    network = builder.network()
    low = lowest(network, 1.0, [0.0, 1.0])
    return task(
        network,
        specification([-1.0] * 2, [1.0] * 2, [([0.0] * 2, [0.0, 1.0], low, False)], outputs=2),
    )


@cache
def tasks() -> dict[str, Task]:
    small = layered(0, 3, 8, 8, 1)
    wide = layered(3, 30, 10, 10, 1)
    deep = layered(6, 4, 12, 12, 12, 1)
    smooth = layered(2, 3, 6, 6, 1, function="tanh")
    two = layered(4, 3, 8, 8, 2)
    attending, mixing = (attention(np.random.default_rng(5), kind) for kind in (True, False))
    first = [1.0, *[0.0] * 5]
    boxes = within(small, 0.4, [1.0])
    half = within(small, 0.4, [1.0], radius=0.5)
    return {
        "small": task(small, within(small, 0.1, [1.0])),
        "deep": task(deep, within(deep, 0.03, [1.0])),
        "hidden": task(wide, within(wide, 0.2, [1.0])),
        "found": task(deep, within(deep, -0.02, [1.0])),
        "doubted": task(small, within(small, -0.2, [1.0]), lambda n: Runtime(n, lies=3)),
        "easy": task(small, within(small, 3.0, [1.0])),
        "searched": task(deep, within(deep, -0.01, [1.0]), lambda n: Runtime(n, lies=40)),
        "rounding": rounding(),
        "wide": task(wide, within(wide, 0.6, [1.0])),
        "smooth": task(smooth, within(smooth, 0.05, [1.0])),
        "two cases": task(two, within(two, 0.2, [1.0, 0.0], [0.0, 1.0])),
        "two rows": task(two, within(two, 0.02, [1.0, 0.5], [0.5, 1.0], joint=True)),
        "many cases": task(
            two, within(two, 0.2, *np.random.default_rng(1).normal(size=(40, 2)).tolist())
        ),
        "attention": task(attending, within(attending, 0.05, first, radius=0.1)),
        "products": task(mixing, within(mixing, 0.05, first, radius=0.1)),
        "two boxes": task(small, Specification(3, 1, (*boxes.cases, *half.cases))),
        "unequal": unequal(),
        "rounded": rounded(),
        "cancelling": cancelling(),
        "enclosed": enclosed(),
    }


@cache
def ended(name: str, *settings: str) -> Outcome:
    return tasks()[name](configured(AUTOMATIC, None, settings))
