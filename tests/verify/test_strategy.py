"""Every field of the strategy is read: another value changes what a search does or finds."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from functools import cache
from typing import Any, Final

import numpy as np
import pytest

from abduce.configuration import configured, leaves
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.smooth.tanh import TANH
from abduce.verify.networks.network import Network
from abduce.verify.refutation.witness import Replay
from abduce.verify.specifications.specification import Specification
from abduce.verify.strategy import AUTOMATIC, Strategy
from abduce.verify.verification import Budget, verify
from tests.networks import attention, layered, relu_network, specification

Row = tuple[Sequence[float], Sequence[float], float, bool]
ENDLESS = Budget(timeout_s=1e9)


def network_of(seed: int, *sizes: int, function: Nonlinearity = RELU) -> Network:
    return layered(np.random.default_rng(seed), function, *sizes)


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
    network = network_of(1, 2, 6, 1)
    asked = within(network, 0.05, [1.0])
    return task(network, asked, lambda n: Together(n, offset=-0.2))


def cancelling() -> Task:
    """Biases that are large and cancel."""
    rng = np.random.default_rng(0)
    weight, bias = rng.normal(size=(3, 6)), 3.0 * np.ones(6)
    second = rng.normal(size=(6, 6)) / 2
    layers = (weight, bias), (second, -bias @ second), (rng.normal(size=(6, 1)), np.zeros(1))
    network = relu_network(*layers)
    return task(network, within(network, 0.3, [1.0]))


def turned() -> Task:
    """Forty layers that only turn, at one point: intervals grow there, linear bounds do not."""
    turn = np.array([[1.0, 1.0], [1.0, -1.0]]) / np.sqrt(2)
    moved = 10.0 * np.ones(2)
    layers = [(turn, moved), *[(turn, moved - moved @ turn)] * 38, (turn, -moved @ turn)]
    network = relu_network(*layers)
    row = [([0.0] * 2, [0.0, 1.0], 0.5 + 1e-11, False)]
    return task(network, specification([0.25, 0.5], [0.25, 0.5], row, outputs=2))


def stuck() -> Task:
    """Two layers of relus, and a margin that is within rounding where nothing is left to split."""
    both = np.array([[1.0, -1.0]])
    layers = (both, np.array([-0.1, 0.1])), (np.ones((2, 1)) @ both, np.array([-0.3, 0.3]))
    network = relu_network(*layers, (np.array([[1.0], [-1.0]]), np.array([0.3])))
    return task(network, specification([0.0], [1.0], [([0.0], [1.0], 0.0, False)]), None)


def needles() -> Task:
    """Outputs that fall steeply near two places; the steeper one is outside of the box."""
    size = 4
    eye, places = np.eye(size), (np.full(size, 3.0), np.array([0.31, -0.62, 0.45, 0.13]))
    away = [np.concatenate([-place, place]) for place in places]
    first = np.concatenate([eye, -eye, eye, -eye], axis=1), np.concatenate(away)
    near = np.repeat(-np.eye(2), 2 * size, axis=0), np.array([0.2, 0.2])
    network = relu_network(first, near, (np.array([[-90.0], [-50.0]]), np.zeros(1)))
    asked = specification([-1.0] * size, [1.0] * size, [([0.0] * size, [1.0], -5.0, False)])
    return task(network, asked, lambda n: Runtime(n, lies=3))


@cache
def tasks() -> dict[str, Task]:
    small = network_of(0, 3, 8, 8, 1)
    wide = network_of(3, 30, 10, 10, 1)
    deep = network_of(6, 4, 12, 12, 12, 1)
    smooth = network_of(2, 3, 6, 6, 1, function=TANH)
    two = network_of(4, 3, 8, 8, 2)
    attending, mixing = (attention(np.random.default_rng(5), kind) for kind in (True, False))
    first = [1.0, *[0.0] * 5]
    boxes = within(small, 0.4, [1.0])
    half = within(small, 0.4, [1.0], radius=0.5)
    return {
        "small": task(small, within(small, 0.1, [1.0])),
        "deep": task(deep, within(deep, 0.03, [1.0])),
        "hidden": task(wide, within(wide, 0.2, [1.0])),
        "found": task(deep, within(deep, -0.02, [1.0])),
        "doubted": task(small, within(small, -1.0, [1.0]), lambda n: Runtime(n, lies=3)),
        "easy": task(small, within(small, 3.0, [1.0])),
        "searched": task(deep, within(deep, -0.01, [1.0]), lambda n: Runtime(n, lies=40)),
        "wide": task(wide, within(wide, 0.6, [1.0])),
        "smooth": task(smooth, within(smooth, 0.15, [1.0])),
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
        "turned": turned(),
        "stuck": stuck(),
        "needles": needles(),
    }


@cache
def ended(name: str, *settings: str) -> Outcome:
    return tasks()[name](configured(AUTOMATIC, None, settings))


ACTIVATIONS: Final = "split=activations"
AT_ONCE: Final = (ACTIVATIONS, "activations.first_search=0", "activations.least_search=0")
"""Better bounds are searched for before the cases are."""
SOON: Final = ("attack.pause=0.0001", "attack.restarts=1", "attack.steps=1")
"""Many attacks, of which the first ones are short."""
ONE_BY_ONE: Final = ("bounds.probe=1", "bounds.entries=1")
NO_WORTH: Final = (ACTIVATIONS, "activations.rung_worth=0")

WITNESSES: Final[Mapping[str, tuple[str, tuple[str, ...], str]]] = {
    "split": ("small", (), '"activations"'),
    "max_split_inputs": ("small", (), "2"),
    "seed": ("found", (), "5"),
    "attack.restarts": ("found", (), "1"),
    "attack.more_restarts": ("deep", SOON, "50"),
    "attack.max_restarts": ("deep", SOON, "1"),
    "attack.steps": ("small", (), "2"),
    "attack.least_steps": ("many cases", ("attack.work=1000",), "20"),
    "attack.corners": ("found", (), "0"),
    "attack.pause": ("deep", (), "0.0001"),
    "attack.longer_pause": ("deep", ("attack.pause=0.0001",), "50"),
    "attack.share": ("deep", ("attack.pause=0.0001",), "100"),
    "attack.work": ("small", (), "1000"),
    "attack.least_points": ("many cases", ("attack.work=1000",), "1"),
    "attack.step_work": ("many cases", ("attack.work=1000",), "1"),
    "attack.values": ("small", (), "30"),
    "attack.least_step": ("small", (), "0.2"),
    "attack.most_step": ("small", (), "0.05"),
    "attack.least_near": ("small", (), "0.04"),
    "attack.most_near": ("small", (), "0.5"),
    "attack.decay": ("small", (), "0.5"),
    "attack.least_size": ("small", (), "0.1"),
    "attack.best": ("small", (), "2"),
    "attack.best_of": ("small", ("attack.best=1",), "4"),
    "attack.copies": ("small", (), "2"),
    "attack.suspects": ("doubted", (), "1"),
    "attack.raised": ("needles", (), "1"),
    "attack.raised_from": ("needles", (), "1"),
    "checks.exact_work": ("unequal", (), "0"),
    "checks.enclosure_work": ("turned", ("checks.exact_work=0",), "0"),
    "checks.enclosed_outputs": ("turned", ("checks.exact_work=0",), "1"),
    "checks.roundings": ("rounded", (), "1"),
    "checks.boxes": ("two boxes", (), "1"),
    "checks.corners": ("small", (), "2"),
    "checks.drawn": ("small", (), "5"),
    "checks.drawn_work": ("small", (), "0"),
    "checks.drawn_numbers": ("small", (), "30"),
    "checks.ends": ("small", (), "2"),
    "checks.end_numbers": ("small", (), "6"),
    "checks.least_points": ("small", ("checks.work=0",), "3"),
    "checks.work": ("small", (), "0"),
    "checks.float32_work": ("easy", (), "0"),
    "bounds.patience": ("small", (), "0"),
    "bounds.entries": ("small", ("bounds.probe=1", "bounds.least_gain=1"), "1"),
    "bounds.one_end": (
        "cancelling",
        (ACTIVATIONS, "activations.least_search=0", "activations.first_search=0.3"),
        "1",
    ),
    "bounds.probe": ("small", ("bounds.least_gain=1", "bounds.entries=1"), "1"),
    "bounds.least_gain": ("small", ONE_BY_ONE, "1"),
    "bounds.gaps": ("attention", (), "1"),
    "bounds.sums": ("attention", (), "1"),
    "bounds.regrouping": ("attention", (), "0"),
    "bounds.slopes": ("attention", (), "1"),
    "bounds.layer_work": ("attention", (), "0"),
    "bounds.rows_work": ("attention", (), "0"),
    "ascent.momentum": ("two rows", (), "0.1"),
    "ascent.memory": ("two rows", (), "0.1"),
    "ascent.last": ("two rows", (), "0.01"),
    "ascent.smooth": ("smooth", (), "2"),
    "ascent.weights": ("two rows", (), "0"),
    "ascent.cancelling": ("small", (ACTIVATIONS,), "0"),
    "inputs.score": ("deep", (), "largest-width"),
    "inputs.lookahead": ("deep", (), "false"),
    "inputs.batch_entries": ("deep", (), "1"),
    "inputs.max_batch": ("deep", (), "1"),
    "inputs.forward": ("small", (), "0"),
    "inputs.clipped_cases": ("many cases", (), "100"),
    "inputs.slow": ("deep", (), "1"),
    "inputs.tried_inputs": ("deep", (), "1"),
    "inputs.worth_trying": ("deep", (), "0"),
    "inputs.rest": ("deep", ("inputs.worth_ascent=1000",), "1"),
    "inputs.steps": ("small", (), "2"),
    "inputs.rate": ("small", (), "0"),
    "inputs.worth_ascent": ("deep", ("inputs.max_batch=4",), "1000"),
    "inputs.other_rows": ("two rows", (), "0.5"),
    "inputs.suspects": ("doubted", ("attack.suspects=1", "attack.restarts=1"), "1"),
    "activations.score": ("small", (ACTIVATIONS,), "babsr"),
    "activations.batch": ("many cases", (ACTIVATIONS,), "2"),
    "activations.first_search": ("many cases", (ACTIVATIONS, "activations.least_search=0"), "0"),
    "activations.least_search": ("many cases", (ACTIVATIONS, "activations.first_search=0"), "0"),
    "activations.rounds": ("many cases", AT_ONCE, "1"),
    "activations.more_rounds": ("stuck", (ACTIVATIONS,), "9"),
    "activations.many_rounds": ("stuck", (ACTIVATIONS,), "1"),
    "activations.first_layer": ("many cases", AT_ONCE, "1"),
    "activations.numbers": ("many cases", (*AT_ONCE, "activations.least_entries=1"), "1"),
    "activations.least_entries": ("many cases", (*AT_ONCE, "activations.numbers=1"), "1"),
    "activations.root_steps": ("many cases", (ACTIVATIONS,), "2"),
    "activations.last_steps": ("stuck", (ACTIVATIONS,), "1"),
    "activations.rate": ("small", (ACTIVATIONS,), "0.1"),
    "activations.margin": ("smooth", (ACTIVATIONS,), "0.9"),
    "activations.lower_share": ("small", (ACTIVATIONS,), "5"),
    "activations.linear_parts": ("stuck", (ACTIVATIONS,), "1"),
    "activations.steps": ("small", (ACTIVATIONS,), "15"),
    "activations.more_steps": ("stuck", NO_WORTH, "2"),
    "activations.rungs": ("stuck", NO_WORTH, "1"),
    "activations.rung_worth": ("stuck", (ACTIVATIONS,), "1000"),
    "activations.tried": (
        "many cases",
        (
            *NO_WORTH,
            "activations.first_rest=1",
            "activations.steps=1",
            "activations.more_steps=2",
        ),
        "2",
    ),
    "activations.first_rest": ("stuck", NO_WORTH, "1"),
    "activations.longest_rest": ("stuck", (*NO_WORTH, "activations.first_rest=1"), "1"),
    "activations.suspects": ("doubted", (ACTIVATIONS, "attack.restarts=1"), "1"),
}
"""For each field a task, settings, and a value with which the outcome is another one."""


SLOW: Final = frozenset(
    (
        "attack.longer_pause",
        "attack.more_restarts",
        "attack.pause",
        "attack.share",
        "bounds.gaps",
        "bounds.regrouping",
        "bounds.sums",
        "inputs.batch_entries",
        "inputs.max_batch",
        "inputs.worth_ascent",
        "activations.first_search",
        "activations.numbers",
        "activations.least_entries",
        "activations.linear_parts",
        "activations.more_rounds",
        "activations.more_steps",
    )
)
"""Fields whose tasks take more than about half a CPU second, so that all others are quick."""


def test_every_field_has_a_witness() -> None:
    assert set(WITNESSES) == set(leaves(AUTOMATIC))
    assert set(WITNESSES) > SLOW


@pytest.mark.parametrize(
    "field",
    [pytest.param(each, marks=[pytest.mark.slow] * (each in SLOW)) for each in WITNESSES],
)
def test_another_value_changes_the_outcome(field: str) -> None:
    name, settings, value = WITNESSES[field]
    assert ended(name, *settings) != ended(name, *settings, f"{field}={value}")


def test_a_task_ends_as_it_did_before() -> None:
    """So that what differs above is the field, and nothing else."""
    for name in ("small", "found", "stuck"):
        chosen = configured(AUTOMATIC, None, ["split=activations"])
        assert tasks()[name](chosen) == tasks()[name](chosen)
