"""What a network does at given inputs: which neurons are active, and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from abduce.errors import InputError, UnsupportedError
from abduce.verify.networks.evaluation import values
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.network import Network
from abduce.verify.specifications.hidden import node_of

BATCH = 256
"""The number of inputs at which the network is evaluated at once."""


@dataclass(frozen=True, slots=True, eq=False)
class Observed:
    """A network at P inputs, in float64.

    Attributes:
        inputs: (P, inputs).
        active: for each layer, whether its neurons are above 0, (P, size).
        answers: the place of the greatest output, the first one where several are equal, (P,).
        margins: how much the greatest output exceeds the second greatest, (P,).
    """

    inputs: np.ndarray
    active: Mapping[str, np.ndarray]
    answers: np.ndarray
    margins: np.ndarray


def relu_layers(network: Network) -> tuple[str, ...]:
    """The names of the nodes that a relu is applied to, in order.

    Raises:
        UnsupportedError: a network without a relu.
    """
    found = [node.inputs[0] for node in network.nodes if node.operation is RELU]
    if not found:
        advice = "Name the layers whose signs count: --layers NAME,NAME."
        raise UnsupportedError(
            "this command", ("patterns of relus in a network without a relu",), advice
        )
    named = {place: name for name, place in network.names.items()}
    return tuple([named.get(i, network.nodes[i].name) for i in dict.fromkeys(found)])


def layer_sizes(network: Network, layers: Sequence[str]) -> tuple[int, ...]:
    """The numbers of neurons of layers.

    Raises:
        InputError: a name that is no node of the network.
    """
    return tuple([prod(network.nodes[node_of(network, name)].shape) for name in layers])


def observed(network: Network, inputs: np.ndarray, layers: Sequence[str]) -> Observed:
    """The network at inputs (P, inputs).

    Raises:
        InputError: a name that is no node of the network.
    """
    places = {name: node_of(network, name) for name in layers}
    shape = network.input_shape
    active: dict[str, list[np.ndarray]] = {name: [] for name in layers}
    answers, margins = [np.zeros(0, np.int64)], [np.zeros(0)]
    for start in range(0, len(inputs), BATCH):
        found = values(network, inputs[start : start + BATCH].reshape(-1, *shape))
        for name, place in places.items():
            active[name].append(found[place].reshape(len(found[place]), -1) > 0)
        outputs = found[network.output].reshape(len(found[network.output]), -1)
        answers.append(outputs.argmax(1))
        ranked = np.sort(outputs, 1)
        margins.append(ranked[:, -1] - ranked[:, -min(2, outputs.shape[1])])
    none = {name: [np.zeros((0, size), bool)] for name, size in _sizes(network, places)}
    joined = {name: np.concatenate(none[name] + parts) for name, parts in active.items()}
    return Observed(inputs, joined, np.concatenate(answers), np.concatenate(margins))


def _sizes(network: Network, places: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(name, prod(network.nodes[place].shape)) for name, place in places.items()]


def checked_data(
    inputs: np.ndarray, labels: np.ndarray, network: Network, path: object = None
) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (P, inputs), float64, and labels (P,), int64, for a network.

    Raises:
        InputError: arrays of other shapes, or values that are not numbers or no outputs.
    """
    where = None if path is None else str(path)
    size, outputs = prod(network.input_shape), prod(network.output_shape)
    found = np.asarray(inputs)
    if found.ndim < 1 or not len(found) or found[0].size != size:
        shape = f"'inputs' of the shape {found.shape}"
        raise InputError(shape, (f"(P, {size}), one row for each input, and P at least 1",), where)
    if not np.issubdtype(found.dtype, np.number) or np.iscomplexobj(found):
        raise InputError(f"'inputs' of the type {found.dtype}", ("real numbers",), where)
    rows = found.reshape(len(found), size).astype(np.float64)
    if not np.isfinite(rows).all():
        row, column = np.argwhere(~np.isfinite(rows))[0].tolist()
        told = f"{rows[row, column]} at inputs[{row}], entry {column}"
        raise InputError(told, ("finite numbers",), where)
    if np.shape(labels) != (len(rows),) or not np.issubdtype(np.asarray(labels).dtype, np.integer):
        told = f"'labels' of the shape {np.shape(labels)} and the type {np.asarray(labels).dtype}"
        raise InputError(told, (f"{len(rows)} whole numbers, one for each input",), where)
    wrong = np.flatnonzero((labels < 0) | (labels >= outputs))
    if len(wrong):
        told = f"the label {int(labels[wrong[0]])} at labels[{int(wrong[0])}]"
        raise InputError(told, (f"the place of an output, 0 to {outputs - 1}",), where)
    return rows, labels.astype(np.int64)
