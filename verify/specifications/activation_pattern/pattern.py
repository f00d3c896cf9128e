"""A pattern: signs of neurons, and the inputs that it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np

from abduce.verify.specifications.hidden import Hidden


@dataclass(frozen=True, slots=True, eq=False)
class Signs:
    """The neurons of one node that have a sign.

    Attributes:
        node: the name of the tensor in the file, or of the node.
        active, inactive: places in its flattened value, ascending, (a,) and (i,), int64.
    """

    node: str
    active: np.ndarray
    inactive: np.ndarray

    def __len__(self) -> int:
        return len(self.active) + len(self.inactive)

    @property
    def hidden(self) -> Hidden:
        """The signs as closed half-spaces."""
        entries = np.concatenate([self.active, self.inactive])
        on = np.arange(len(entries)) < len(self.active)
        return Hidden(self.node, entries, np.where(on, 0.0, -np.inf), np.where(on, np.inf, 0.0))


@dataclass(frozen=True, slots=True, eq=False)
class Ball:
    """The inputs at most ``radius`` from the centre (inputs,) in every entry."""

    centre: np.ndarray
    radius: float


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """The pattern of one class.

    Attributes:
        label: the class, which is the place of its output.
        signs: one entry for each layer.
        mined: the number of inputs that it was mined from.
        examples: inputs of these that follow it, (e, inputs).
        ball: the inputs that the pattern is about; None for all in the box.
    """

    label: int
    signs: tuple[Signs, ...]
    mined: int = 0
    examples: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))
    ball: Ball | None = None

    def __len__(self) -> int:
        """The number of neurons with a sign."""
        return sum(map(len, self.signs))

    def followed(self, active: Mapping[str, np.ndarray]) -> np.ndarray:
        """Which of P inputs follow the pattern, (P,).

        Args:
            active: for each node, whether its neurons are above 0, (P, size).
        """
        held = [
            part
            for signs in self.signs
            for on in [active[signs.node]]
            for part in (on[:, signs.active].all(1), ~on[:, signs.inactive].any(1))
        ]
        return np.logical_and.reduce(held)

    @property
    def hidden(self) -> tuple[Hidden, ...]:
        """The signs as assumptions of a case."""
        return tuple(signs.hidden for signs in self.signs if len(signs))

    @property
    def neurons(self) -> list[tuple[int, int, bool]]:
        """The neurons with a sign: the place of the layer, that of the neuron, and whether it is
        active; in order."""
        found = [
            [(layer, int(place), on) for on, part in parts for place in part]
            for layer, signs in enumerate(self.signs)
            for parts in [((True, signs.active), (False, signs.inactive))]
        ]
        return sorted(chain.from_iterable(found))

    def only(self, neurons: Sequence[tuple[int, int, bool]]) -> "Pattern":
        """The pattern of some of these neurons."""
        parts = [
            Signs(signs.node, _places(neurons, layer, True), _places(neurons, layer, False))
            for layer, signs in enumerate(self.signs)
        ]
        return replace(self, signs=tuple(parts))

    def contradicts(self, other: "Pattern") -> tuple[str, int] | None:
        """A neuron that is active in one pattern and inactive in the other: its node and place."""
        theirs = {signs.node: signs for signs in other.signs}
        for mine in self.signs:
            if (there := theirs.get(mine.node)) is None:
                continue
            for a, b in ((mine.active, there.inactive), (mine.inactive, there.active)):
                both = np.intersect1d(a, b)
                if len(both):
                    return mine.node, int(both[0])
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """The patterns of some classes of a network.

    Attributes:
        delta: the share of the mined inputs that agree on the sign of each neuron.
        layers: the nodes whose neurons may have a sign. sizes: their numbers of neurons.
        lower, upper: the box of inputs, (inputs,), float64.
        patterns: by ascending label.
        network_sha256: the checksum of the unpacked network file; None if it is not known.
    """

    delta: float
    layers: tuple[str, ...]
    sizes: tuple[int, ...]
    lower: np.ndarray
    upper: np.ndarray
    patterns: tuple[Pattern, ...]
    network_sha256: str | None = None

    def box(self, pattern: Pattern) -> tuple[np.ndarray, np.ndarray]:
        """The inputs that a pattern is about: the box, or what a ball has of it; (inputs,) each."""
        if (ball := pattern.ball) is None:
            return self.lower, self.upper
        lower = np.maximum(self.lower, ball.centre - ball.radius)
        return lower, np.minimum(self.upper, ball.centre + ball.radius)


def _places(neurons: Sequence[tuple[int, int, bool]], layer: int, on: bool) -> np.ndarray:
    found = [place for at, place, sign in neurons if at == layer and sign == on]
    return np.array(sorted(found), np.int64)
