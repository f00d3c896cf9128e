"""Judging a candidate: whether an input really violates a specification.

An input is made of float32 numbers. A box may have none between its bounds, such as for a fixed
input that is written as a decimal number. Then the input is that decimal number, and a runtime gets
the nearest float32 number.

In real arithmetic two outputs must violate the specification: the exact one and the runtime's. In
float32 it is the runtime's alone. Both are judged by the text of the specification in rational
arithmetic. The exact output is computed in rationals where that is cheap; else it is enclosed by
bounds with their rounding errors, and whatever they enclose must violate the specification.

Where a case has bounds on neurons they must hold twice, as exactly: of the values of the nodes in
exact arithmetic and of those in the runtime. A runtime that is asked for outputs alone does not
tell the latter; then the network is evaluated here in float32 instead.

Where the runtime's output violates the specification and the exact one does not, that is kept: a
proof in real arithmetic says so. Before a proof counts, the runtime is checked at many points.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import isfinite, isnan
from typing import Final, Protocol, runtime_checkable

import numpy as np

from abduce.verify.bounds.affine.layers import Layers, evaluation_cost
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.bounds.propagation.points import at_points
from abduce.verify.bounds.query import Query
from abduce.verify.networks.evaluation import evaluate, values
from abduce.verify.networks.exact import exact
from abduce.verify.networks.network import Network
from abduce.verify.refutation.attack import rounded
from abduce.verify.specifications.hidden import node_of
from abduce.verify.specifications.specification import Span, Specification, violated
from abduce.verify.strategy import CheckConfig
from abduce.verify.verdict import Refuted

Replay = Callable[[np.ndarray], np.ndarray]
"""Runs the network elsewhere: maps an input, in its shape, to the output."""


@runtime_checkable
class Inspected(Protocol):
    """A replay that also gives the values of nodes inside the network."""

    def __call__(self, x: np.ndarray, /) -> np.ndarray: ...

    def nodes(self, x: np.ndarray, names: Sequence[str], /) -> Mapping[str, np.ndarray]:
        """The values of nodes at an input, in its shape."""
        ...


HUGE: Final = Fraction(2) ** 8000, Fraction(2) ** 16000
"""The value that replaces an infinite output; it exceeds any sum of finite ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Court:
    """Judges candidates.

    Attributes:
        layers: the network in real arithmetic; None if float32 counts.
        rounding: the points whose output violates the specification in the runtime, and not
            surely in exact arithmetic.
    """

    network: Network
    specification: Specification
    layers: Layers | None
    replay: Replay | None
    config: CheckConfig = field(default_factory=CheckConfig)
    rounding: list[Refuted] = field(default_factory=list)

    def first(self, query: Query, points: Iterable[np.ndarray]) -> Refuted | None:
        """The first of the points (inputs,) that violates the specification."""
        judged = (self.judged(query, point) for point in points)
        return next((found for found in judged if found is not None), None)

    def judged(self, query: Query, point: np.ndarray) -> Refuted | None:
        """The point as it refutes the specification, or None."""
        x = rounded(query, point).reshape(self.network.input_shape)
        y = evaluate(self.network, x[None], self._dtype)[0]
        place = self._case(query, x, y)
        if place is None:
            return None
        return self.weighed(x, y if self.replay is None else np.asarray(self.replay(x)), place)

    def weighed(self, x: np.ndarray, there: np.ndarray, place: int) -> Refuted | None:
        """The refutation of a case by an input and the runtime's output, or None."""
        seen = self._seen(x)
        if not any(
            all(bounds.hold(seen[bounds.node]) for bounds in case.hidden)
            for case in self.specification.cases
        ):
            return None  # as many points of attacks are; what follows takes long
        input_ = self._decimals(x.ravel())
        nodes = {name: spans(value) for name, value in seen.items()}
        if not self._surely(input_, spans(there), nodes):
            return None
        found = Refuted(x, there.astype(np.float64), place)
        finite = bool(np.isfinite(there).all())
        if finite and (self.layers is None or self._exactly(self.layers, input_)):
            return found
        if self.replay is not None and len(self.rounding) < self.config.roundings:
            self.rounding.append(found)
        return None

    def _case(self, query: Query, x: np.ndarray, y: np.ndarray) -> int | None:
        """The case that the point seems to violate."""
        if not np.isfinite(y).all():
            return None
        cases = self.specification.cases
        nodes = self._evaluated(x, self._dtype) if query.hidden else {}
        for place in query.cases:
            if violated(cases[place], x, y, nodes=nodes):
                return place
        return None

    @property
    def _dtype(self) -> type:
        """The precision of outputs where no runtime computes them."""
        return np.float32 if self.layers is None else np.float64

    @property
    def _names(self) -> list[str]:
        """The nodes that cases have bounds on."""
        return sorted({bounds.node for bounds in self.specification.hidden})

    def _seen(self, x: np.ndarray) -> Mapping[str, np.ndarray]:
        """Nodes as the runtime computes them."""
        if not self.specification.hidden:
            return {}
        if isinstance(self.replay, Inspected):
            return self.replay.nodes(x, self._names)
        return self._evaluated(x, self._dtype if self.replay is None else np.float32)

    def _evaluated(self, x: np.ndarray, dtype: type) -> Mapping[str, np.ndarray]:
        found = values(self.network, x[None], dtype)
        return {name: found[node_of(self.network, name)][0] for name in self._names}

    def _decimals(self, x: np.ndarray) -> list[Fraction]:
        """The input with the decimal numbers of the text."""
        exactly = fractions(x)
        with np.errstate(over="ignore"):
            single = x.astype(np.float32)
        for i in np.flatnonzero(single != x).tolist():
            exactly[i] = self.specification.decimal(i, float(x[i]))
        return exactly

    def _surely(
        self, x: list[Fraction], y: list[Span], nodes: Mapping[str, Sequence[Span]]
    ) -> bool:
        return self.specification.judged(x, y, nodes) is True

    def _exactly(self, layers: Layers, x: list[Fraction]) -> bool:
        """Whether the exact output violates the specification."""
        if evaluation_cost(layers) <= self.config.exact_work:
            y = exact(self.network, x)
            if y is not None:
                return self._surely(x, _exact_spans(y), self._exact_nodes(x))
        low, high = at_points(layers, *around(x), config=self.config)
        if not (np.isfinite(low).all() and np.isfinite(high).all()):
            return False
        return self._surely(x, _between(low, high), self._bounded_nodes(layers, x))

    def _exact_nodes(self, x: list[Fraction]) -> Mapping[str, Sequence[Span]]:
        """Exact values of nodes: of the network as if it ended there."""
        found: dict[str, Sequence[Span]] = {}
        for name in self._names:
            value = exact(replace(self.network, output=node_of(self.network, name)), x)
            assert value is not None  # where the output has one, so has all before it
            found[name] = _exact_spans(value)
        return found

    def _bounded_nodes(self, layers: Layers, x: list[Fraction]) -> Mapping[str, Sequence[Span]]:
        """Enclosures of nodes; an end that is not finite counts as huge."""
        if not self._names:
            return {}
        known = bound_layers(layers, around(x), linear=False)
        found: dict[str, Sequence[Span]] = {}
        for layer, (low, high) in zip(layers.layers, known.before, strict=True):
            for name in layer.watched:
                low, high = np.nan_to_num(low, nan=-np.inf), np.nan_to_num(high, nan=np.inf)
                ends = zip(spans(low), spans(high), strict=True)
                found[name] = [(least[0], most[1]) for least, most in ends]
        return found


def _exact_spans(numbers: Sequence[Fraction]) -> list[Span]:
    return [(number, number) for number in numbers]


def _between(low: np.ndarray, high: np.ndarray) -> list[Span]:
    return list(zip(fractions(low), fractions(high), strict=True))


def around(x: list[Fraction]) -> tuple[np.ndarray, np.ndarray]:
    """The doubles next to rationals, below and above, or the same; (1, n) each."""
    near = np.array([[float(number) for number in x]])
    inexact = np.array([[Fraction(float(number)) != number for number in x]])
    below, above = np.nextafter(near, -np.inf), np.nextafter(near, np.inf)
    return np.where(inexact, below, near), np.where(inexact, above, near)


def fractions(array: np.ndarray) -> list[Fraction]:
    """The numbers of an array, flattened, as exact fractions."""
    return [Fraction(value) for value in array.astype(np.float64).ravel().tolist()]


def spans(array: np.ndarray) -> list[Span]:
    """The values by which outputs are judged: infinite ones count as huge, and NaN as not known."""
    return [_span(value) for value in array.astype(np.float64).ravel().tolist()]


def _span(value: float) -> Span:
    if isfinite(value):
        return (number := Fraction(value)), number
    if isnan(value):
        return -HUGE[1], HUGE[1]
    return HUGE if value > 0 else (-HUGE[1], -HUGE[0])
