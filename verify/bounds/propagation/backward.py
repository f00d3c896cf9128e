"""Backward linear bounds (CROWN), for batches of domains and of rows.

A row ``sum over values of A_j v_j + c`` is bounded from below by going back through the layers.
Where A is positive, a layer is replaced by its lower line, and where it is negative by its upper
one, until only the input is left. The results are this linear function of the input and its least
value on the box. What rounding does at each step is bounded and subtracted (see ``rounding``).

Source: Zhang et al. 2018, CROWN; Xu et al. 2020, Automatic perturbation analysis (general graphs).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from types import MappingProxyType

import numpy as np

from abduce.clock import check
from abduce.verify.bounds.affine.coefficients import added, carried, spread
from abduce.verify.bounds.affine.expressions import Expression
from abduce.verify.bounds.affine.layers import Layers
from abduce.verify.bounds.affine.matrices import Matrix, column_terms, times
from abduce.verify.bounds.functions.matrix_products import Centred
from abduce.verify.bounds.functions.products import EntrywiseProduct
from abduce.verify.bounds.functions.relaxations import Relaxation
from abduce.verify.bounds.functions.smooth import extremes
from abduce.verify.bounds.propagation.interval import Interval
from abduce.verify.networks.functions.lines import Lines
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.rounding import TINY, UNIT, gamma
from abduce.verify.strategy import BoundsConfig


@dataclass(slots=True)
class Bounds:
    """Intermediate bounds: what is known of the layers over a batch of D boxes.

    Attributes:
        box: bounds on the input, (D, inputs) each.
        before: bounds on the pre-activations of the layers so far, (D, size) each.
        after: bounds on the values: those of the input, then of the layers so far.
        lines: relaxations of the layers so far, of their active entries.
        noise: bounds on the error of the pre-activations so far, (D, size) each; None for no error.
        active: the entries of each value that are not zero in every box; None for all.
        empty: the boxes in which the known bounds contradict each other, (D,).
        deadline: ``clock.wall_s()`` after which bounding ends with `OutOfTime`.
        patience: the work after which layers are no longer bounded backwards.
        config: how far intermediate bounds are improved.
        reaches: see `reach`.
        assumed: the entries of each layer on whose pre-activations a case assumes bounds, (size,);
            they stay active, so that they may have multipliers.
    """

    box: Interval
    before: list[Interval] = field(default_factory=list)
    after: list[Interval] = field(default_factory=list)
    lines: list[Relaxation] = field(default_factory=list)
    noise: list[np.ndarray | None] = field(default_factory=list)
    active: list[np.ndarray | None] = field(default_factory=lambda: [None])
    empty: np.ndarray = field(init=False)
    deadline: float = np.inf
    patience: float = np.inf
    config: BoundsConfig = field(default_factory=BoundsConfig)
    reaches: dict[int, np.ndarray] = field(default_factory=dict)
    assumed: Mapping[int, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.empty = np.zeros(self.domains, bool)

    @property
    def domains(self) -> int:
        return len(self.box[0])

    def reach(self, network: Layers, j: int) -> np.ndarray:
        """A bound on the sum of absolute values of all products that layer j reads, (D, size)."""
        if j not in self.reaches:
            self.reaches[j] = self._products(network.layers[j - 1].reads)
        return self.reaches[j]

    def note_noise(self, network: Layers) -> np.ndarray | None:
        """Adds a bound on the error of the pre-activation of the next layer, and returns it."""
        j = len(self.noise) + 1
        layer, noise = network.layers[j - 1], None
        if layer.noise:
            x = layer.reach or layer.before
            products = self.reach(network, j) if x is layer.before else self._products(x)
            noise = layer.noise.of(products + np.abs(x.bias))
        self.noise.append(noise)
        return noise

    def _products(self, x: Expression) -> np.ndarray:
        parts = [times(_largest(self.after[i]), _absolute(m)) for i, m in x.terms.items()]
        return sum(parts, np.zeros((1, x.size)))


@dataclass(frozen=True, slots=True, eq=False)
class AlphaBeta:
    """The free parameters of a backward bound (alpha and beta): it holds for any finite numbers.
    For each value j, arrays (D or 1, R or 1, active); for a value that is left out, the relaxation
    has defaults.

    Attributes:
        alpha_lower, alpha_upper: slopes of lower and upper lines; a relu has only lower ones.
        beta: multipliers m of the pre-activation z. As z lies in [l, u], m z <= max(m l, m u). So m
            z may be added to a row if max(m l, m u) is subtracted.
    """

    alpha_lower: Mapping[int, np.ndarray] = field(default_factory=dict)
    alpha_upper: Mapping[int, np.ndarray] = field(default_factory=dict)
    beta: Mapping[int, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Lower:
    """Lower bounds of R rows over D boxes: ``row >= slope @ x + offset >= value`` in each box.

    Attributes:
        value: (D, R).
        slope: (D, R, inputs).
        offset: (D, R).
    """

    value: np.ndarray
    slope: np.ndarray
    offset: np.ndarray


def joined(parts: Sequence[Lower]) -> Lower:
    """The bounds of all rows of several groups."""
    if len(parts) == 1:
        return parts[0]
    return Lower(*[np.concatenate([getattr(p, f.name) for p in parts], 1) for f in fields(Lower)])


@np.errstate(over="ignore", invalid="ignore")
def lower_bounds(
    network: Layers,
    known: Bounds,
    rows: Mapping[int, np.ndarray],
    constant: np.ndarray,
    choice: AlphaBeta | None = None,
    entries: Mapping[int, np.ndarray] = MappingProxyType({}),
    passed: dict[int, np.ndarray] | None = None,
) -> Lower:
    """Lower bounds on ``sum of rows[j] @ v_j + constant`` over the boxes of ``known``.

    Args:
        rows: coefficients of each source, (R, size) or (D, R, size).
        constant: (R,) or (D, R).
        choice: the slopes and multipliers.
        entries: the entries, in order, of sources whose rows are given on some entries only; not
            together with ``choice``.
        passed: called with the coefficients on products of matrices, (D or 1, R, size).

    Raises:
        OutOfTime: within about a second after the deadline of ``known``.
    """
    coefficients: dict[int, np.ndarray] = {}
    places: dict[int, np.ndarray | None] = {}
    for j, given in rows.items():
        a = given if given.ndim == 3 else given[None]
        active = known.active[j]
        places[j] = entries.get(j, active)
        coefficients[j] = a if active is None else a[..., active]
    offset = np.broadcast_to(constant, (known.domains, constant.shape[-1])).copy()
    slack = np.abs(offset) * UNIT + TINY  # decimal numbers of a property are rounded, too
    for j, a in coefficients.items():
        slack = slack + 2 * UNIT * (np.abs(a) @ _size(known, j, places[j])[..., None])[..., 0]
    for j in range(max(coefficients, default=0), 0, -1):
        a = coefficients.pop(j, None)
        if a is None or not a.size:
            continue
        check(known.deadline)
        layer, chosen = network.layers[j - 1], places[j]
        network.effort.layer(a.size, layer.multiplications)
        function, relaxed = layer.function, known.lines[j - 1]
        size, paired = None, isinstance(function, EntrywiseProduct)
        if not isinstance(relaxed, Lines):
            a, chosen = spread(a, chosen, layer.size), None
            if passed is not None and isinstance(relaxed, Centred):
                passed[j] = a
            through = relaxed.back(a)
            a, size, offset = through.a, through.size, offset + through.shift
            slack = slack + through.error + 2 * UNIT * np.abs(offset)
        elif not function.is_identity:
            lines = _chosen(network, known, j, choice, a, chosen, relaxed)
            a, shift, error = _through(a, lines, paired)
            if choice is not None and j in choice.beta:
                a, less, more = _multiplied(a, choice.beta[j], _before(known, j))
                shift, error = shift - less, error + more
            offset = offset + shift
            slack = slack + error + 2 * UNIT * np.abs(offset)
        if paired and chosen is not None:
            chosen = np.concatenate([chosen, chosen + layer.size])
        # from z to its sources
        bias, reach, noise = layer.reads.bias, known.reach(network, j), known.noise[j - 1]
        if chosen is not None:
            bias, reach = bias[chosen], reach[:, chosen]
        count = a.shape[-1]
        terms = max((column_terms(m) for m in layer.reads.terms.values()), default=0)
        room = gamma(3 + min(terms, count)) * reach + gamma(3 + count) * np.abs(bias)
        if noise is not None:
            room = room + (noise if chosen is None else noise[:, chosen])
        slack += ((np.abs(a) if size is None else size) @ room[..., None])[..., 0]
        offset = offset + a @ bias
        slack += 2 * UNIT * np.abs(offset)
        for source, matrix in layer.reads.terms.items():
            part, there = carried(a, chosen, matrix, known.active[source])
            if source in coefficients:
                part, there = added(coefficients[source], places[source], part, there)
                size = _size(known, source, there)
                slack += 2 * UNIT * (np.abs(part) @ size[..., None])[..., 0]
            coefficients[source], places[source] = part, there
    low, high = known.box
    a = coefficients.get(0)
    if a is None:
        a = np.zeros((1, offset.shape[1], low.shape[1]))
    a = spread(a, places.get(0), low.shape[1])
    offset = offset - 1.01 * slack - 4 * UNIT * np.abs(offset)
    largest = _largest(known.box)
    middle, half = (low + high) / 2, (high - low) / 2
    size = np.abs(a)
    error = gamma(2 * low.shape[1] + 8) * (size @ largest[..., None])[..., 0] + TINY
    value = (a @ middle[..., None])[..., 0] - (size @ half[..., None])[..., 0] + offset
    value = value - 2 * error - 8 * UNIT * np.abs(value)
    value = np.where(value == value, value, -np.inf)
    slope = np.broadcast_to(a, (known.domains, *a.shape[1:]))
    return Lower(value, slope, offset - 2 * error)


@np.errstate(all="ignore")  # slopes without a point where they touch
def _chosen(
    network: Layers,
    known: Bounds,
    j: int,
    choice: AlphaBeta | None,
    a: np.ndarray,
    chosen: np.ndarray | None,
    relaxed: Lines,
) -> Lines:
    """The lines of some entries of the function of value j, with an axis for rows: (D, R or 1,
    n)."""
    function = network.layers[j - 1].function
    given = _lines(relaxed, known.active[j], chosen, isinstance(function, EntrywiseProduct))
    if choice is not None and j in choice.alpha_upper:
        assert isinstance(function, Nonlinearity)
        slope = np.where(a > 0, choice.alpha_lower[j], choice.alpha_upper[j])
        least, most = extremes(function, slope, *_before(known, j))
        return Lines(slope, least, slope, most)
    lower_slope, upper_slope = given.lower_slope[:, None], given.upper_slope[:, None]
    lower = None if given.lower is None else given.lower[:, None]
    if choice is not None and j in choice.alpha_lower:
        low, high = _before(known, j)
        slope = np.clip(choice.alpha_lower[j], 0.0, 1.0)
        lower_slope = np.where((low < 0) & (high > 0), slope, lower_slope)
    return Lines(lower_slope, lower, upper_slope, given.upper[:, None])


def _before(known: Bounds, j: int) -> Interval:
    """Bounds on the active pre-activations of value j, (D, 1, active) each."""
    low, high = known.before[j - 1]
    active = known.active[j]
    if active is not None:
        low, high = low[:, active], high[:, active]
    return low[:, None], high[:, None]


def _through(
    a: np.ndarray, relaxed: Lines, paired: bool
) -> tuple[np.ndarray, np.ndarray | float, np.ndarray | float]:
    """The coefficients on z that follow from those on v, the addition to the offset, and its
    rounding error."""
    positive = a > 0
    slopes = relaxed.lower_slope, relaxed.upper_slope
    if relaxed.lower is None:
        shift = (np.minimum(a, 0.0) @ relaxed.upper[:, 0, :, None])[..., 0]  # all of one sign
        error = gamma(a.shape[-1]) * np.abs(shift)
    else:
        shifts = a * np.where(positive, relaxed.lower, relaxed.upper)
        shift = shifts.sum(-1)
        error = gamma(a.shape[-1]) * np.abs(shifts).sum(-1)
    if paired:  # of a product of two values
        twice = np.concatenate([a, a], -1)
        positive = np.concatenate([positive, positive], -1)
        return twice * np.where(positive, *slopes), shift, error
    return a * np.where(positive, *slopes), shift, error


def _multiplied(
    a: np.ndarray, multiplier: np.ndarray, before: Interval
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """``a + multiplier``, the greatest value of the multiplier's term, and its rounding error."""
    low, high = before
    most = np.where(multiplier == 0.0, 0.0, np.maximum(multiplier * low, multiplier * high))
    return a + multiplier, most.sum(-1), gamma(a.shape[-1] + 2) * np.abs(most).sum(-1)


def _lines(
    given: Lines, active: np.ndarray | None, chosen: np.ndarray | None, paired: bool
) -> Lines:
    """The lines of some entries of a layer."""
    if chosen is active:
        return given
    assert chosen is not None
    slopes = np.concatenate([chosen, chosen + given.upper.shape[-1]]) if paired else chosen
    return Lines(
        given.lower_slope[:, slopes],
        None if given.lower is None else given.lower[:, chosen],
        given.upper_slope[:, slopes],
        given.upper[:, chosen],
    )


def _size(known: Bounds, j: int, chosen: np.ndarray | None) -> np.ndarray:
    """The largest absolute values of some entries, (D, entries)."""
    largest = _largest(known.after[j])
    return largest if chosen is None else largest[:, chosen]


def _largest(interval: Interval) -> np.ndarray:
    return np.maximum(np.abs(interval[0]), np.abs(interval[1]))


def _absolute(matrix: Matrix) -> Matrix:
    return None if matrix is None else abs(matrix)
