"""Robustness around inputs: no input near them is classified otherwise.

The ball is that of L∞: every entry of an input may change by the radius, each by itself. Another
class counts as soon as its output is at least as large, so a tie is a counterexample.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Final

import numpy as np

from abduce import clock
from abduce.errors import DataError, InputError
from abduce.verify.instances.asking import asked
from abduce.verify.instances.instance import OnDemand
from abduce.verify.instances.radius import Radius, largest_radius
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.network import Network
from abduce.verify.refutation.witness import Replay
from abduce.verify.specifications.activation_pattern.questions import labelled_otherwise
from abduce.verify.specifications.specification import Specification
from abduce.verify.strategy import AUTOMATIC, Strategy
from abduce.verify.verdict import Verdict
from abduce.verify.verification import Budget, Semantics

LARGEST: Final = 1e6
"""The largest radius that is looked at where inputs have no limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """How robustness is decided.

    Attributes:
        within: the least and the greatest value that an entry of an input may have.
        timeout_s: the upper limit on each question to the verifier, in seconds.
        work_s: the same in work seconds, which are counted and not timed (see `Budget`).
        strategy: how the verifier searches.
        semantics: the arithmetic of the network.
    """

    within: tuple[float, float] = (-np.inf, np.inf)
    timeout_s: float = 300.0
    work_s: float = np.inf
    strategy: Strategy = AUTOMATIC
    semantics: Semantics = "real"


@dataclass(frozen=True, slots=True, eq=False)
class Robustness:
    """What is known of the inputs near one of them.

    Attributes:
        number: which of the inputs it is, counted from 0.
        label: the class that all inputs near it should have.
        radius: the radius of the verdict; of the largest radius, that which was proved.
        verdict: whether no input within that radius is classified otherwise.
        largest: what the search for the largest radius found; None where none was asked for.
    """

    number: int
    label: int
    radius: float
    verdict: Verdict
    largest: Radius | None
    cpu_s: float


def robust(
    network: Network,
    x: np.ndarray,
    radius: float,
    label: int | None = None,
    nearness: Nearness = Nearness(),
    replay: Replay | None = None,
) -> Verdict:
    """Whether every input within a radius of an input is classified as a label.

    Args:
        x: an input of the network, of its shape or flat.
        radius: how far each entry may be from that of x; the ends of the ranges are rounded
            outwards.
        label: the class; None for the one that the network gives to x.
        replay: runs the network where it will be used, as in `verify`.

    Raises:
        InputError: the input does not suit the network, the network has a single output, there is
            no such class, or the radius is negative or no number.

    """
    flat = _input(x, network)
    label = checked_label(network, flat, label)
    question = _question(network, flat, radius, label, nearness)
    budget = Budget(timeout_s=nearness.timeout_s, work_s=nearness.work_s)
    return asked(
        network,
        question,
        budget,
        nearness.strategy,
        semantics=nearness.semantics,
        replay=replay,
    )


def largest_robust(
    network: Network,
    x: np.ndarray,
    label: int | None = None,
    nearness: Nearness = Nearness(),
    replay: Replay | None = None,
) -> tuple[Radius, Verdict]:
    """The largest radius within which every input is proved to be classified as a label.

    The radius is found by bisection, to 5 %. The verdict is that on the smallest radius that was
    not proved, or on the whole range of inputs where all of it is proved.

    Raises:
        InputError: as in `robust`.
    """
    flat = _input(x, network)
    label = checked_label(network, flat, label)
    low, high = nearness.within
    most = min(LARGEST, float(np.maximum(flat - low, high - flat).max()))
    verdicts: dict[float, Verdict] = {}

    def ask(radius: float) -> Verdict:
        verdicts[radius] = robust(network, flat, radius, label, nearness, replay)
        return verdicts[radius]

    found = largest_radius(ask, most)
    return found, verdicts[most if found.open is None else found.open]


def robustness(
    path: Path,
    network: Network,
    inputs: np.ndarray,
    radius: float | None,
    label: int | None = None,
    nearness: Nearness = Nearness(),
    output: str | None = None,
) -> Iterator[Robustness]:
    """What is known of each of several inputs, one after the other.

    Args:
        path: the file of the network, for onnxruntime.
        inputs: [inputs, entries].
        radius: None for the largest.
    """
    runtime = OnDemand(path, network, output)
    for number, x in enumerate(inputs):
        watch = clock.Stopwatch.now()
        own = checked_label(network, x, label)
        largest, tried = None, radius
        if tried is None:
            largest, verdict = largest_robust(network, x, own, nearness, runtime)
            tried = largest.proved if largest.open is None else largest.open
        else:
            verdict = robust(network, x, tried, own, nearness, runtime)
        yield Robustness(number, own, tried, verdict, largest, watch.cpu_s)


def read_inputs(path: Path, network: Network) -> np.ndarray:
    """Inputs in a file, [inputs, entries]: an array of numpy (.npy), or text with one in each line.

    An array is one input of the network's shape, or flat; or several of these along a first axis.

    Raises:
        DataError: there is no such file.
        InputError: it cannot be read, or does not suit the network; says where.
    """
    size, shape = prod(network.input_shape), network.input_shape
    expected = (f"inputs of {size} numbers (the network's shape is {shape})",)
    if not path.exists():
        raise DataError(str(path), (), "Expected inputs: a .npy file, or text with numbers.")
    array = _array(path, expected)
    if not np.issubdtype(array.dtype, np.number) or np.iscomplexobj(array):
        raise InputError(f"entries of the type {array.dtype}", ("numbers",), path)
    if array.size == size:
        array = array.reshape(1, size)
    elif array.ndim and array.size == len(array) * size and array.size:
        array = array.reshape(len(array), size)
    else:
        raise InputError(f"an array of the shape {array.shape}", expected, path)
    values = array.astype(np.float64)
    if not np.isfinite(values).all():
        row, entry = np.argwhere(~np.isfinite(values))[0]
        found = f"{values[row, entry]} in input {row}, entry {entry}"
        raise InputError(found, ("numbers that are finite",), path)
    return values


def checked_label(network: Network, x: np.ndarray, label: int | None) -> int:
    """The class, or that of the largest output for an input.

    Raises:
        InputError: the network has a single output, or no such class.
    """
    outputs = prod(network.output_shape)
    if outputs < 2:
        raise InputError(
            "a network with a single output",
            ("two outputs or more, one for each class",),
            advice="Write a property in VNN-LIB for what its output should be.",
        )
    if label is None:
        y = evaluate(network, x.reshape(1, *network.input_shape))
        return int(np.argmax(y.ravel()))
    if not 0 <= label < outputs:
        raise InputError(f"the class {label}", (f"a class from 0 to {outputs - 1}",))
    return label


def _array(path: Path, expected: tuple[str, ...]) -> np.ndarray:
    try:
        if path.suffix.lower() == ".npy":
            return np.load(io.BytesIO(path.read_bytes()), allow_pickle=False)
        text = path.read_text(encoding="utf-8").replace(",", " ").replace(";", " ")
        rows = [line.split() for line in text.splitlines() if line.strip()]
        if len({len(row) for row in rows}) > 1:
            lengths = sorted({len(row) for row in rows})
            raise InputError(f"lines of {lengths[0]} and of {lengths[-1]} numbers", expected, path)
        return np.array([[float(word) for word in row] for row in rows])
    except OSError as error:
        found = f"no file that can be read ({error.strerror or error})"
        raise InputError(found, expected, path) from error
    except (ValueError, EOFError) as error:  # numpy's word for another kind of file
        raise InputError(f"something else than numbers ({error})", expected, path) from error


def _input(x: np.ndarray, network: Network) -> np.ndarray:
    flat = np.asarray(x, np.float64).ravel()
    if flat.size != prod(network.input_shape):
        expected = (f"{prod(network.input_shape)} numbers (the shape {network.input_shape})",)
        raise InputError(f"an input of {flat.size} numbers", expected)
    if not np.isfinite(flat).all():
        raise InputError("an input with entries that are not finite", ("finite numbers",))
    return flat


def _question(
    network: Network, x: np.ndarray, radius: float, label: int, nearness: Nearness
) -> Specification:
    """Violated by an input in the ball while another output is at least as large."""
    if not 0 <= radius < np.inf:
        raise InputError(f"the radius {radius:g}", ("a number from 0",))
    least, greatest = nearness.within
    if not ((least <= x) & (x <= greatest)).all():
        found = f"an input with values from {x.min():g} to {x.max():g}"
        raise InputError(found, (f"values from {least:g} to {greatest:g}",))
    lower = np.maximum(_sum(x, -radius, -np.inf), least)
    upper = np.minimum(_sum(x, radius, np.inf), greatest)
    return labelled_otherwise(network, (lower, upper), label)


def _sum(x: np.ndarray, change: float, towards: float) -> np.ndarray:
    """x + change, rounded in one direction: down towards -inf, up towards inf.

    Source: Knuth 1997, section 4.2.2 (the error of a sum is a float).
    """
    total = x + change
    part = total - x
    error = (x - (total - part)) + (change - part)
    beyond = error < 0 if towards < 0 else error > 0
    return np.where(beyond, np.nextafter(total, towards), total)
