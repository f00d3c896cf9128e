"""Values and gradients of a layered network at points, in float64."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from abduce.verify.bounds.affine.expressions import Expression
from abduce.verify.bounds.affine.layers import Layers
from abduce.verify.bounds.affine.matrices import back, times


@np.errstate(all="ignore")
def forward(network: Layers, x: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """Outputs (P, outputs) at points (P, inputs), and the pre-activations of the layers."""
    values, before = [x], []
    for layer in network.layers:
        z = affine_at(layer.before, values)
        before.append(z)
        values.append(layer.function.value(z))
    return affine_at(network.output, values), before


def affine_at(x: Expression, values: list[np.ndarray]) -> np.ndarray:
    """An expression at the values of its sources, (P, size)."""
    total = x.bias[None]
    for source, matrix in x.terms.items():
        total = total + times(values[source], matrix)
    return total


@np.errstate(all="ignore")
def gradient(
    network: Layers,
    before: list[np.ndarray],
    outer: np.ndarray,
    inner: Mapping[int, np.ndarray] = MappingProxyType({}),
) -> np.ndarray:
    """The gradient in x of ``outer @ y`` and of ``inner @ z`` for layers, (P, outputs) to
    (P, inputs)."""
    return pulls(network, before, outer, inner).get(0, np.zeros((len(outer), network.inputs)))


@np.errstate(all="ignore")
def pulls(
    network: Layers,
    before: list[np.ndarray],
    outer: np.ndarray,
    inner: Mapping[int, np.ndarray] = MappingProxyType({}),
) -> dict[int, np.ndarray]:
    """The gradient of the same in the values of each source, (P, size): 0 is the input, j the
    values after layer j. A source on which nothing depends is left out."""
    pending: dict[int, np.ndarray] = {}
    _spread(pending, network.output, outer)
    for j in range(len(network.layers), 0, -1):
        layer = network.layers[j - 1]
        if j in pending:
            _spread(pending, layer.before, layer.function.pulled(before[j - 1], pending[j]))
        if j in inner:
            _spread(pending, layer.before, inner[j])
    return pending


def _spread(pending: dict[int, np.ndarray], x: Expression, outer: np.ndarray) -> None:
    for source, matrix in x.terms.items():
        part = back(outer, matrix)
        pending[source] = pending[source] + part if source in pending else part
