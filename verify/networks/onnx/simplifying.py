"""The same function with fewer nodes.

A rule is used only where it is exact in real arithmetic and the new constants are doubles without
rounding: copies of copies, sums with zero, products with one, and constants moved into the matrix,
kernel or line before them. Constants that would cancel stay apart, since a runtime that rounds may
compute with both: no term of a sum becomes smaller than it is in the file.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from abduce.verify.networks.network import (
    Affine,
    Conv,
    ConvTranspose,
    Dense,
    Network,
    Node,
    Operation,
    Pick,
)


def simplified(network: Network) -> Network:
    """The network with equal output; names of values that are no longer computed are gone."""
    while True:
        shorter = _pass(network)
        if len(shorter.nodes) == len(network.nodes):
            return shorter
        network = shorter


def _pass(network: Network) -> Network:
    """Each node once: left out, joined with the one before it, or kept."""
    kept = _needed(network.nodes, network.output)
    uses = [0] * len(network.nodes)
    for i in kept:
        for source in network.nodes[i].inputs:
            uses[source] += 1
    place: dict[int, int] = {}
    nodes: list[Node] = []
    for i in kept:
        old = network.nodes[i]
        node = replace(old, inputs=tuple(place[source] for source in old.inputs))
        if len(node.inputs) == 1:
            before, (source,) = nodes[node.inputs[0]], old.inputs
            if _is_identity(node, before):
                place[i] = node.inputs[0]
                uses[i] = uses[source] = uses[source] - 1 + uses[i]
                continue
            operation = _joined(node, before, uses[source] == 1)
            if operation is not None:
                merged = before.merged + node.merged + 2
                node = replace(node, operation=operation, inputs=before.inputs, merged=merged)
        place[i] = len(nodes)
        nodes.append(node)
    return _renumbered(network, nodes, place)


def _renumbered(network: Network, nodes: list[Node], place: Mapping[int, int]) -> Network:
    kept = _needed(nodes, place[network.output])
    new = {old: i for i, old in enumerate(kept)}
    final = tuple(
        replace(nodes[old], inputs=tuple(new[source] for source in nodes[old].inputs))
        for old in kept
    )
    names = {n: new[place[i]] for n, i in network.names.items() if place.get(i) in new}
    return replace(network, nodes=final, output=new[place[network.output]], names=names)


def _needed(nodes: tuple[Node, ...] | list[Node], output: int) -> list[int]:
    """The nodes that the output needs, and the input, in order."""
    needed = {0, output}
    for i in range(len(nodes) - 1, -1, -1):
        if i in needed:
            needed.update(nodes[i].inputs)
    return sorted(needed)


def _is_identity(node: Node, before: Node) -> bool:
    match node.operation:
        case Pick(None):
            return node.shape == before.shape
        case Pick(index) if index is not None and node.shape == before.shape:
            return np.array_equal(index.reshape(-1), np.arange(index.size))
        case Affine(scale, shift):
            return not node.merged and not shift.any() and bool((scale == 1.0).all())
    return False


def _joined(node: Node, before: Node, only: bool) -> Operation | None:
    """One operation for both; None without. `only`: nothing else reads the one before."""
    match before.operation, node.operation:
        case Pick(first), Pick(second):
            return Pick(_picked(first, second, node.shape))
        case (Dense() | Conv() | ConvTranspose() | Affine()) as first, Affine() as second if only:
            return _scaled(first, second, node.shape)
    return None


def _picked(
    first: np.ndarray | None, second: np.ndarray | None, shape: tuple[int, ...]
) -> np.ndarray | None:
    if first is None or second is None:
        index = first if second is None else second
        return None if index is None else index.reshape(shape)
    return np.where(second < 0, -1, first.reshape(-1)[second])


def _scaled(
    first: Dense | Conv | ConvTranspose | Affine, second: Affine, shape: tuple[int, ...]
) -> Operation | None:
    """``first * scale + shift`` as one operation, where that rounds nothing."""
    scale, shift = second.scale, second.shift
    if isinstance(first, Affine):
        line, start = _exactly(first.scale, scale), _line(first.shift, scale, shift)
        return None if line is None or start is None else Affine(line, start)
    axis = len(shape) - 1 if isinstance(first, Dense) else 1
    at = tuple(slice(None) if i == axis else slice(1) for i in range(len(shape)))
    if not all((c == c[at]).all() for c in (scale, shift)):
        return None
    scale, shift = scale[at].reshape(-1), shift[at].reshape(-1)
    bias = _line(first.bias, scale, shift)
    match first:
        case Dense():
            weight = _exactly(first.weight, scale)
        case Conv():
            weight = _exactly(first.weight, scale.reshape(-1, *(1,) * (first.weight.ndim - 1)))
        case ConvTranspose():
            weight = None
            if bool((scale == scale[0]).all()):
                weight = _exactly(first.weight, scale[:1].reshape((1,) * first.weight.ndim))
    if weight is None or bias is None:
        return None
    return replace(first, weight=weight, bias=bias)


def _line(a: np.ndarray, scale: np.ndarray, shift: np.ndarray) -> np.ndarray | None:
    """``a * scale + shift`` where no step of it is rounded and nothing cancels."""
    product = _exactly(a, scale)
    if product is None or (np.sign(product) * np.sign(shift) < 0.0).any():
        return None
    total = product + shift
    part = total - product
    rounded = (product - (total - part)) + (shift - part)
    return None if rounded.any() or not np.isfinite(total).all() else total


def _exactly(a: np.ndarray, b: np.ndarray) -> np.ndarray | None:
    """``a * b`` where no product is rounded: the bits of the factors fit, and so do exponents."""
    if (b == 1.0).all():
        return a
    product = a * b
    large = np.abs(product[product != 0.0])
    if product.size and (not np.isfinite(product).all() or bool((large < 2.0**-900).any())):
        return None
    if bool(((a != 0.0) & (b != 0.0) & (product == 0.0)).any()):
        return None
    high_a, high_b = _high(a), _high(b)
    low_a, low_b = a - high_a, b - high_b
    rounded = ((high_a * high_b - product) + high_a * low_b + low_a * high_b) + low_a * low_b
    return None if rounded.any() else product


def _high(a: np.ndarray) -> np.ndarray:
    """The upper half of the bits of doubles. Source: Dekker 1971."""
    fraction, exponent = np.frexp(a)
    return np.ldexp(np.rint(fraction * 2.0**26), exponent - 26)
