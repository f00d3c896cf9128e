"""Backward linear bounds (CROWN): batched over domains and over what is bounded.

A row ``sum over values of A_j v_j + c`` is bounded from below by going back through the layers:
where A is positive the layer is replaced by its lower line, where it is negative by its upper one,
until only the input is left. Both that linear function of the input and its least value on the box
are results. What rounding does at each step is bounded and subtracted (see ``rounding``).

Source: Zhang et al. 2018, CROWN; Xu et al. 2020, Automatic perturbation analysis (general graphs).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

import numpy as np

from abduce.verify.bounds.interval import Interval, affine, times
from abduce.verify.bounds.layers import Expression, Layer, Layers, Matrix
from abduce.verify.bounds.relaxations import Lines, extremes, lines, smooth_of, values
from abduce.verify.bounds.rounding import TINY, UNIT, gamma

MAX_ENTRIES = 2_000_000
"""So many coefficients are held at once; more rows are bounded in turns."""


@dataclass(slots=True)
class Bounds:
    """What is known about the layers over a batch of D boxes.

    Attributes:
        box: of the input, (D, inputs) each.
        before: pre-activations of the layers so far, (D, size) each.
        after: values: the input, then the layers so far.
        lines: relaxations of the layers so far, of their active entries.
        active: of each value, the entries that are not zero in every box; None for all.
        empty: boxes in which what was known cannot hold together, (D,).
    """

    box: Interval
    before: list[Interval] = field(default_factory=list)
    after: list[Interval] = field(default_factory=list)
    lines: list[Lines] = field(default_factory=list)
    active: list[np.ndarray | None] = field(default_factory=lambda: [None])
    empty: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.empty = np.zeros(self.domains, bool)

    @property
    def domains(self) -> int:
        return len(self.box[0])


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What a backward bound is free to choose; any finite numbers give a bound that holds.

    Of values j, arrays (D or 1, R or 1, active); where a value is left out the relaxations choose.

    Attributes:
        lower, upper: slopes of its lower and upper lines; of a relu the lower one alone.
        multiplier: as its pre-activation z lies in [l, u], m z <= max(m l, m u), so that m z may be
            added to a row where max(m l, m u) is subtracted.
    """

    lower: Mapping[int, np.ndarray] = field(default_factory=dict)
    upper: Mapping[int, np.ndarray] = field(default_factory=dict)
    multiplier: Mapping[int, np.ndarray] = field(default_factory=dict)


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


def bound_layers(
    network: Layers, box: Interval, within: Sequence[Interval] | None = None, linear: bool = True
) -> Bounds:
    """Bounds on every layer over a batch of boxes.

    Args:
        box: (D, inputs) each.
        within: bounds on the pre-activations that are known to hold, such as those of a larger box.
        linear: whether to bound backwards; intervals alone otherwise.
    """
    known = Bounds(box, after=[box])
    for index, layer in enumerate(network.layers):
        low, high = affine(layer.before, known.after)
        if within is not None:
            low, high = np.maximum(low, within[index][0]), np.minimum(high, within[index][1])
        if linear and layer.function.name != "identity" and index > 0:
            low, high = _refined(network, known, layer.before, layer.function.name, low, high)
        note_layer(network, known, layer, low, high)
    return known


def note_layer(
    network: Layers, known: Bounds, layer: Layer, low: np.ndarray, high: np.ndarray
) -> None:
    """Adds bounds on the pre-activation of the next layer, and what follows from them.

    Where they cross the box is empty, and anything holds.
    """
    known.empty |= (low > high).any(-1)
    high = np.maximum(low, high)
    known.before.append((low, high))
    known.after.append(values(layer.function, low, high))
    active = None
    if network.dense and layer.function.name == "relu":
        active = np.flatnonzero((high > 0).any(0))
        low, high = low[:, active], high[:, active]
    known.active.append(active)
    known.lines.append(lines(layer.function, low, high))


def _refined(
    network: Layers, known: Bounds, x: Expression, function: str, low: np.ndarray, high: np.ndarray
) -> Interval:
    """The bounds on x improved backwards, where its function's value depends on it."""
    wanted = np.arange(x.size)
    if function == "relu":
        wanted = np.flatnonzero(((low < 0) & (high > 0)).any(0))
    low, high = low.copy(), high.copy()
    step = max(1, MAX_ENTRIES // max(1, 2 * known.domains * max(network.sizes)))
    for start in range(0, len(wanted), step):
        rows = wanted[start : start + step]
        terms = {j: matrix_rows(m, rows, x.size) for j, m in x.terms.items()}
        both = {j: np.concatenate([a, -a]) for j, a in terms.items()}
        bias = np.concatenate([x.bias[rows], -x.bias[rows]])
        found = lower_bounds(network, known, both, bias).value
        low[:, rows] = np.maximum(low[:, rows], found[:, : len(rows)])
        high[:, rows] = np.minimum(high[:, rows], -found[:, len(rows) :])
    return low, high


def matrix_rows(matrix: Matrix, rows: np.ndarray, size: int) -> np.ndarray:
    """Some rows of a matrix, dense."""
    if matrix is None:
        chosen = np.zeros((len(rows), size))
        chosen[np.arange(len(rows)), rows] = 1.0
        return chosen
    return matrix[rows] if isinstance(matrix, np.ndarray) else matrix[rows].toarray()


@np.errstate(over="ignore", invalid="ignore")
def lower_bounds(
    network: Layers,
    known: Bounds,
    rows: Mapping[int, np.ndarray],
    constant: np.ndarray,
    choice: Choice | None = None,
) -> Lower:
    """Lower bounds on ``sum of rows[j] @ v_j + constant`` over the boxes of ``known``.

    Args:
        rows: coefficients of each source, (R, size) or (D, R, size).
        constant: (R,) or (D, R).
        choice: of slopes and multipliers.
    """
    coefficients: dict[int, np.ndarray] = {}
    for j, given in rows.items():
        a = given if given.ndim == 3 else given[None]
        active = known.active[j]
        coefficients[j] = a if active is None else a[..., active]
    offset = np.broadcast_to(constant, (known.domains, constant.shape[-1])).copy()
    slack = np.abs(offset) * UNIT + TINY  # decimal numbers of a property are rounded, too
    for j, a in coefficients.items():
        slack = slack + 2 * UNIT * (np.abs(a) @ _size(known, j)[..., None])[..., 0]
    for j in range(max(coefficients, default=0), 0, -1):
        a = coefficients.pop(j, None)
        if a is None:
            continue
        layer = network.layers[j - 1]
        a, shift, error = _through(a, _chosen(network, known, j, choice, a), layer.function.name)
        if choice is not None and j in choice.multiplier:
            a, less, more = _multiplied(a, choice.multiplier[j], _before(known, j))
            shift, error = shift - less, error + more
        offset = offset + shift
        slack = slack + error + 2 * UNIT * np.abs(offset)
        # from z to its sources
        size = np.abs(a)
        chosen = known.active[j]
        reach = _reach(layer.before, known)
        reach = reach if chosen is None else reach[:, chosen]
        terms = 3 + layer.before.size
        slack += gamma(terms) * (size @ reach[..., None])[..., 0]
        bias = layer.before.bias
        offset = offset + a @ (bias if chosen is None else bias[chosen])
        slack += 2 * UNIT * np.abs(offset)
        for source, matrix in layer.before.terms.items():
            part = back(a, restricted(matrix, chosen, known.active[source]))
            if source in coefficients:
                total = coefficients[source] + part
                slack += 2 * UNIT * (np.abs(total) @ _size(known, source)[..., None])[..., 0]
                coefficients[source] = total
            else:
                coefficients[source] = part
    low, high = known.box
    a = coefficients.get(0)
    if a is None:
        a = np.zeros((1, offset.shape[1], low.shape[1]))
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
def _chosen(network: Layers, known: Bounds, j: int, choice: Choice | None, a: np.ndarray) -> Lines:
    """The lines of value j's function, with an axis for rows: (D, R or 1, active)."""
    given, function = known.lines[j - 1], network.layers[j - 1].function
    if choice is not None and j in choice.upper:
        slope = np.where(a > 0, choice.lower[j], choice.upper[j])
        least, most = extremes(smooth_of(function), slope, *_before(known, j))
        return Lines(slope, least, slope, most)
    lower_slope, upper_slope = given.lower_slope[:, None], given.upper_slope[:, None]
    lower = None if given.lower is None else given.lower[:, None]
    if choice is not None and j in choice.lower:
        low, high = _before(known, j)
        slope = np.clip(choice.lower[j], 0.0, 1.0)
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
    a: np.ndarray, relaxed: Lines, function: str
) -> tuple[np.ndarray, np.ndarray | float, np.ndarray | float]:
    """Coefficients on z for those on v, what is added to the offset, and its rounding error."""
    positive = a > 0
    slopes = relaxed.lower_slope, relaxed.upper_slope
    if relaxed.lower is None:
        shift = (np.minimum(a, 0.0) @ relaxed.upper[:, 0, :, None])[..., 0]  # all of one sign
        error = gamma(a.shape[-1]) * np.abs(shift)
    else:
        shifts = a * np.where(positive, relaxed.lower, relaxed.upper)
        shift = shifts.sum(-1)
        error = gamma(a.shape[-1]) * np.abs(shifts).sum(-1)
    if function == "product":
        twice = np.concatenate([a, a], -1)
        positive = np.concatenate([positive, positive], -1)
        return twice * np.where(positive, *slopes), shift, error
    return a * np.where(positive, *slopes), shift, error


def _multiplied(
    a: np.ndarray, multiplier: np.ndarray, before: Interval
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """``a + multiplier``, the most that the multiplier's part can be, and its rounding error."""
    low, high = before
    most = np.where(multiplier == 0.0, 0.0, np.maximum(multiplier * low, multiplier * high))
    return a + multiplier, most.sum(-1), gamma(a.shape[-1] + 2) * np.abs(most).sum(-1)


def back(a: np.ndarray, matrix: Matrix) -> np.ndarray:
    """``a @ matrix`` on the last axis."""
    if matrix is None:
        return a
    if isinstance(matrix, np.ndarray):
        flat = a.reshape(prod(a.shape[:-1]), a.shape[-1])  # of no active entries, too
        return (flat @ matrix).reshape(*a.shape[:-1], matrix.shape[1])
    return times(a, matrix.T)


def restricted(matrix: Matrix, rows: np.ndarray | None, columns: np.ndarray | None) -> Matrix:
    """Rows and columns of a dense matrix; of others, all are active."""
    if rows is not None:
        matrix = matrix[rows]
    return matrix if columns is None else matrix[:, columns]


def _size(known: Bounds, j: int) -> np.ndarray:
    """The largest absolute values of the active entries, (D, active)."""
    largest, active = _largest(known.after[j]), known.active[j]
    return largest if active is None else largest[:, active]


def _largest(interval: Interval) -> np.ndarray:
    return np.maximum(np.abs(interval[0]), np.abs(interval[1]))


def _reach(x: Expression, known: Bounds) -> np.ndarray:
    """A bound on the sum of absolute values of all terms of an expression, (D, size)."""
    total = np.abs(x.bias)[None]
    for source, matrix in x.terms.items():
        largest = _largest(known.after[source])
        total = total + (largest if matrix is None else times(largest, abs(matrix)))
    return total
