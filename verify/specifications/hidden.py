"""Bounds on neurons inside a network, as assumptions of a case.

A case with such bounds is violated only by an input at which they hold, too. That is how an
activation pattern is stated: of these neurons, each is at most 0 or at least 0.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod

import numpy as np

from abduce.errors import InputError
from abduce.verify.networks.network import Network


@dataclass(frozen=True, slots=True, eq=False)
class Hidden:
    """``lower <= value[entries] <= upper`` for the value of one node.

    The bounds are on the value of the node: that of the tensor of this name. If there is a choice,
    bound the argument of a relu rather than its result: then the state of the relu is known.

    Attributes:
        node: the name of the tensor in the file, or of the node.
        entries: places in the flattened value, (m,).
        lower, upper: (m,), float64; infinite where there is no bound.

    Raises:
        InputError: arrays of other shapes, a negative place, or a bound that is not a number.
    """

    node: str
    entries: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    def __post_init__(self) -> None:
        shapes = {np.shape(a) for a in (self.entries, self.lower, self.upper)}
        what = f"hidden bounds on {self.node!r}"
        if len(shapes) > 1 or len(next(iter(shapes))) != 1:
            found = ", ".join(map(str, sorted(shapes)))
            raise InputError(f"{what} with arrays of the shapes {found}", ("one shape (m,)",))
        integers = np.issubdtype(np.asarray(self.entries).dtype, np.integer)
        if not integers or (np.asarray(self.entries) < 0).any():
            raise InputError(f"{what} at {self.entries}", ("places, counted from 0",))
        if np.isnan(self.lower).any() or np.isnan(self.upper).any():
            raise InputError(f"{what} that are not numbers", ("numbers, or infinity for none",))

    @property
    def key(self) -> tuple[str | bytes, ...]:
        """A key that is equal for equal bounds."""
        arrays = np.asarray(self.entries, np.int64), self.lower, self.upper
        return self.node, *[np.ascontiguousarray(a).tobytes() for a in arrays]

    def hold(self, value: np.ndarray) -> bool:
        """Whether they hold for the value of the node, of any shape; never for nan."""
        found = np.asarray(value).ravel()[self.entries]
        return bool(((self.lower <= found) & (found <= self.upper)).all())


def node_of(network: Network, name: str) -> int:
    """The node of a name.

    Raises:
        InputError: there is none.
    """
    if name in network.names:
        return network.names[name]
    for index, node in enumerate(network.nodes):
        if node.name == name:
            return index
    known = tuple(network.names) or tuple(node.name for node in network.nodes)
    raise InputError(
        f"{name!r}, which is the name of no tensor and no node of the network",
        known if len(known) <= 20 else (*known[:20], f"one of {len(known) - 20} more"),
    )


def watched(network: Network, hidden: Iterable[Hidden]) -> Mapping[int, tuple[str, ...]]:
    """The nodes that bounds are about, and their names.

    Raises:
        InputError: an unknown node, or an entry that it does not have.
    """
    found: dict[int, tuple[str, ...]] = {}
    for bounds in hidden:
        index = node_of(network, bounds.node)
        size = prod(network.nodes[index].shape)
        most = int(np.max(bounds.entries, initial=-1))
        if most >= size:
            raise InputError(
                f"hidden bounds on entry {most} of {bounds.node!r}",
                (f"entries 0 to {size - 1}, of the shape {network.nodes[index].shape}",),
            )
        names = found.get(index, ())
        found[index] = names if bounds.node in names else (*names, bounds.node)
    return found
