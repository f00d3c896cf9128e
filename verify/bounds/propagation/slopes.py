"""Slopes and multipliers that make a backward bound as large as they can (alpha, beta).

A backward bound depends on two choices (``backward.AlphaBeta``). Alpha are the slopes of the lines
that bound each function. Beta are multipliers of pre-activations, by which the bound uses the
assumptions of a split or a case. The bound holds whatever is chosen. Gradient ascent looks for the
best choice, in any precision.

The gradient needs no tape. The input that is worst for the bound is carried forwards through the
chosen lines; where that gives a pre-activation z, the bound's derivative in the slope of a line
with coefficient a that touches the function at t is a (z - t), and in a multiplier z - u or z - l.

Source: Xu et al. 2021, Fast and complete (alpha-CROWN); Wang et al. 2021, Beta-CROWN.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from abduce.clock import check
from abduce.verify.bounds.affine.layers import Layers
from abduce.verify.bounds.affine.matrices import Matrix, back, restricted, times
from abduce.verify.bounds.functions.functions import each
from abduce.verify.bounds.functions.matrix_products import Centred
from abduce.verify.bounds.functions.products import EntrywiseProduct
from abduce.verify.bounds.functions.relaxations import Function
from abduce.verify.bounds.functions.softmax import SoftmaxPlanes
from abduce.verify.bounds.propagation.backward import AlphaBeta, Bounds
from abduce.verify.networks.functions.lines import Lines as Relaxed
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.strategy import AscentConfig

Array = np.ndarray


@dataclass(slots=True, eq=False)
class Subdomains:
    """N subdomains: parts of a box, each with an objective and the alpha and beta chosen for it.

    For each value j, arrays over its active entries; a relu has no upper slopes.

    Attributes:
        low, high: bounds on the pre-activation, (N, active).
        alpha_lower, alpha_upper: slopes of lower and upper lines (alpha), (N, active).
        beta: multipliers of the bounds on the pre-activation, (N, active).
        weight: weights of the rows of the objective, none negative, with the sum 1, (N, K).
        objective: the index of its objective, (N,).
        domain: the index of its box, (N,).
        value: an approximate lower bound of the objective, not certified, (N,).
        id, parent: numbers for the ledger of the search, (N,).
    """

    low: dict[int, Array]
    high: dict[int, Array]
    alpha_lower: dict[int, Array]
    alpha_upper: dict[int, Array]
    beta: dict[int, Array]
    weight: Array
    objective: Array
    domain: Array
    value: Array
    id: Array
    parent: Array

    def __len__(self) -> int:
        return len(self.value)

    def arrays(self) -> Iterator[Array]:
        """All arrays, in a fixed order."""
        for f in fields(self):
            part = getattr(self, f.name)
            if isinstance(part, dict):
                yield from part.values()
            else:
                yield part

    def like(self, arrays: Iterator[Array]) -> "Subdomains":
        """Subdomains with other arrays, in the order of ``arrays``."""
        made: list[Any] = []
        for f in fields(self):
            part = getattr(self, f.name)
            made.append({j: next(arrays) for j in part} if isinstance(part, dict) else next(arrays))
        return Subdomains(*made)

    def take(self, index: Array) -> "Subdomains":
        """Copies of some of the subdomains."""
        return self.like(a[index] for a in self.arrays())

    @property
    def choice(self) -> AlphaBeta:
        """The parameters in float64, with an axis for the one row."""
        wide = [
            {j: a[:, None].astype(np.float64) for j, a in part.items()}
            for part in (self.alpha_lower, self.alpha_upper, self.beta)
        ]
        return AlphaBeta(*wide)


@dataclass(frozen=True, slots=True, eq=False)
class Objectives:
    """C sums of rows to be bounded from below: ``weight @ (rows @ values + constant)``.

    Attributes:
        rows: the coefficients on each source, (C, K, size). constant: (C, K). used: the rows that
            exist, (C, K).
    """

    rows: Mapping[int, Array]
    constant: Array
    used: Array

    def __len__(self) -> int:
        return len(self.constant)


@dataclass(frozen=True, slots=True, eq=False)
class LinesInUse:
    """The line that each entry uses, and the point at which it touches the function, (N, active)
    each."""

    coefficient: Array
    slope: Array
    offset: Array
    touch: Array | None


@dataclass(slots=True, eq=False)
class Frame:
    """The relaxed network over D boxes in one precision, shared by all subdomains of a search.

    Attributes:
        kind: float32, or float64 where biases cancel.
        known: bounds on the boxes.
        used: the values that the objectives depend on, the last one first.
        free: those of them whose slopes can be chosen.
        low, high: bounds on their pre-activations, (D, active).
    """

    network: Layers
    known: Bounds
    objectives: Objectives
    config: AscentConfig = field(default_factory=AscentConfig)
    kind: Any = field(init=False)
    used: list[int] = field(init=False)
    free: list[int] = field(init=False)
    low: dict[int, Array] = field(init=False)
    high: dict[int, Array] = field(init=False)
    matrices: dict[int, dict[int, Matrix]] = field(init=False)
    bias: dict[int, Array] = field(init=False)
    fixed: dict[int, tuple[Array, ...]] = field(init=False)
    planes: dict[int, Centred | SoftmaxPlanes] = field(init=False)
    rows: dict[int, Array] = field(init=False)
    middle: Array = field(init=False)
    half: Array = field(init=False)

    @np.errstate(all="ignore")
    def __post_init__(self) -> None:
        network, known = self.network, self.known
        used = set(self.objectives.rows)
        for j in range(max(used), 0, -1):
            if j in used:
                used |= set(network.layers[j - 1].reads.terms)
        self.used = sorted(used - {0}, reverse=True)
        self.free = [j for j in self.used if self._chooses(j)]
        self.kind = kind = np.float64 if self._cancels() else np.float32
        self.matrices, self.bias, self.fixed, self.planes = {}, {}, {}, {}
        for j in self.used:
            reads, active = network.layers[j - 1].reads, known.active[j]
            self.matrices[j] = {
                i: None if m is None else restricted(m, active, known.active[i]).astype(kind)
                for i, m in reads.terms.items()
            }
            self.bias[j] = chosen(reads.bias, active).astype(kind)
            lines = known.lines[j - 1]
            if not isinstance(lines, Relaxed):
                self.planes[j] = each(lines, lambda part: part.astype(kind))
            elif j not in self.free:
                lower = np.zeros_like(lines.upper) if lines.lower is None else lines.lower
                parts = (lines.lower_slope, lower, lines.upper_slope, lines.upper)
                self.fixed[j] = tuple([p.astype(kind) for p in parts])
        self.rows = {
            j: chosen(a, known.active[j]).astype(kind) for j, a in self.objectives.rows.items()
        }
        self.low, self.high = {}, {}
        for j in self.free:
            ends = [chosen(end, known.active[j]) for end in known.before[j - 1]]
            self.low[j] = outwards(ends[0], kind, -1)
            self.high[j] = outwards(ends[1], kind, 1)
        low, high = known.box
        self.middle, self.half = ((low + high) / 2).astype(kind), ((high - low) / 2).astype(kind)

    def _chooses(self, j: int) -> bool:
        lines = self.known.lines[j - 1]
        free = isinstance(lines, Relaxed) and lines.upper.size > 0
        return free and self.function(j).has_free_slopes

    def _cancels(self) -> bool:
        """Whether biases cancel so much that float32 is too coarse for the bounds."""
        for j in self.used:
            low, high = self.known.before[j - 1]
            size = np.abs(self.network.layers[j - 1].before.bias).max()
            if size > self.config.cancelling * (high - low).max():
                return True
        return False

    def note(self, parts: int) -> None:
        """Counts the work of a step for this many subdomains: one backward and one forward pass."""
        for j in self.used:
            count = 2 * parts * len(self.bias[j])
            self.network.effort.layer(count, self.network.layers[j - 1].multiplications)

    def function(self, j: int) -> Function:
        return self.network.layers[j - 1].function

    @np.errstate(over="ignore")
    def whole(self, domain: Array, objective: Array) -> Subdomains:
        """Subdomains that are whole boxes, for these boxes and objectives (indices, (N,) each)."""
        low, high, lower, upper, beta = {}, {}, {}, {}, {}
        for j in self.free:
            lines = self.known.lines[j - 1]
            assert isinstance(lines, Relaxed)
            low[j], high[j] = self.low[j][domain], self.high[j][domain]
            lower[j] = lines.lower_slope.astype(self.kind)[domain]
            if not self.function(j).is_hinge:
                upper[j] = lines.upper_slope.astype(self.kind)[domain]
            beta[j] = np.zeros_like(low[j])
        used = self.objectives.used[objective]
        weight = (used / used.sum(-1, keepdims=True)).astype(self.kind)
        value = np.full(len(domain), -np.inf, self.kind)
        none = np.full(len(domain), -1)
        return Subdomains(
            low, high, lower, upper, beta, weight, objective, domain, value, none, none.copy()
        )

    def cut(self, parts: Subdomains, j: int) -> Array | None:
        """The entries of a value that have been split or are assumed by the case, (N, active); None
        if there are none."""
        low, high = self._of(parts, self.low[j]), self._of(parts, self.high[j])
        found = (parts.low[j] > low) | (parts.high[j] < high)
        if j in self.known.assumed:
            found |= chosen(self.known.assumed[j], self.known.active[j])
        return found if found.any() else None

    def _of(self, parts: Subdomains, a: Array) -> Array:
        """The rows of an array over domains, one for each subdomain."""
        return a if len(a) == 1 else a[parts.domain]

    def worst(self, parts: Subdomains, slope: Array) -> Array:
        """The inputs at which linear functions with these slopes (N, inputs) are least."""
        return self._of(parts, self.middle) - np.sign(slope) * self._of(parts, self.half)

    def back(self, parts: Subdomains, lines: dict[int, LinesInUse]) -> tuple[Array, Array]:
        """The backward pass: bounds of the objectives (N,), and their input slopes (N, inputs).

        Args:
            lines: filled with the lines in use.
        """
        weight, at = parts.weight[:, None], parts.objective
        pending = {j: (weight @ a[at])[:, 0] for j, a in self.rows.items()}
        constant = self.objectives.constant.astype(self.kind)
        offset = (parts.weight * constant[at]).sum(-1)
        for j in self.used:
            a = pending.pop(j)
            if j in self.planes:
                lines[j] = LinesInUse(a, a, a, None)
                passed = self._planes(parts, j).back(self._rows(a))
                offset = offset + np.asarray(passed.shift).reshape(len(parts))
                a = passed.a.reshape(len(parts), passed.a.shape[-1])
            else:
                line = self._line(parts, j, a)
                lines[j] = line
                offset = offset + (a * line.offset).sum(-1)
                if isinstance(self.function(j), EntrywiseProduct):
                    a = np.concatenate([a, a], -1)
                a = a * line.slope
            if j in self.free and parts.beta[j].any():
                m = parts.beta[j]
                a += m
                most = np.maximum(m * parts.low[j], m * parts.high[j])
                most[m == 0] = 0  # bounds may be infinite
                offset -= most.sum(-1)
            offset += a @ self.bias[j]
            for i, matrix in self.matrices[j].items():
                part = back(a, matrix)
                pending[i] = pending[i] + part if i in pending else part
        a = pending.get(0, np.zeros((len(parts), self.network.inputs), self.kind))
        middle, half = self._of(parts, self.middle), self._of(parts, self.half)
        return offset + (a * middle).sum(-1) - (np.abs(a) * half).sum(-1), a

    def _planes(self, parts: Subdomains, j: int) -> Centred | SoftmaxPlanes:
        planes = self.planes[j]
        return planes if self.known.domains == 1 else each(planes, lambda p: p[parts.domain])

    def _rows(self, a: Array) -> Array:
        """The rows of each subdomain, for one common box or for a box each."""
        return a[None] if self.known.domains == 1 else a[:, None]

    def _line(self, parts: Subdomains, j: int, a: Array) -> LinesInUse:
        positive = a > 0
        if j in self.fixed:
            lower_slope, lower, upper_slope, upper = [self._of(parts, p) for p in self.fixed[j]]
            offset = np.where(positive, lower, upper)
            if isinstance(self.function(j), EntrywiseProduct):
                positive = np.concatenate([positive, positive], -1)
            return LinesInUse(a, np.where(positive, lower_slope, upper_slope), offset, None)
        low, high = parts.low[j], parts.high[j]
        if self.function(j).is_hinge:
            chord, offset = _chord(low, high)
            loose = positive & (offset > 0)
            slope = np.where(loose, parts.alpha_lower[j], chord)
            return LinesInUse(a, slope, np.where(positive, 0, offset).astype(self.kind), None)
        slope = np.where(positive, parts.alpha_lower[j], parts.alpha_upper[j])
        return LinesInUse(a, slope, *touching(self.function(j), slope, low, high, positive))

    def forth(
        self, parts: Subdomains, worst: Array, lines: Mapping[int, LinesInUse]
    ) -> dict[int, Array]:
        """The forward pass: pre-activations (N, active) at inputs, computed with the lines in use,
        by layer. The values of source p of the objectives are under the key -p - 1.
        """
        values = {0: worst}
        found = {}
        for j in reversed(self.used):
            z = self.bias[j]
            for i, matrix in self.matrices[j].items():
                z = z + (values[i] if matrix is None else times(values[i], matrix))
            found[j] = z
            line = lines[j]
            if j in self.planes:
                taken = self._planes(parts, j).at(self._rows(z), self._rows(line.coefficient))
                values[j] = taken.reshape(len(parts), taken.shape[-1])
                continue
            v = line.slope * z
            if isinstance(self.function(j), EntrywiseProduct):
                v = v[..., : v.shape[-1] // 2] + v[..., v.shape[-1] // 2 :]
            values[j] = v + line.offset
        return found | {-1 - j: values[j] for j in self.rows}


def climb(
    frame: Frame, parts: Subdomains, steps: int, rate: float, enough: float = np.inf
) -> Array:
    """Improves the parameters of subdomains in place, and sets their values. Returns the inputs at
    which the bounds are least, (N, inputs). Only split entries get multipliers. Elsewhere these
    gain little, and steps of all of them together would undo what slopes gain.

    Args:
        rate: the first step size of slopes; that of multipliers is relative to the mean coefficient
            of their layer.
        enough: ends as soon as all values are larger.

    Raises:
        OutOfTime: at the deadline of ``known``.
    """
    best = parts.take(np.arange(len(parts)))
    best.value[:] = -np.inf
    moments: dict[tuple[str, int], tuple[Array, Array]] = {}
    cut = {j: frame.cut(parts, j) for j in frame.free}
    worst = np.zeros((len(parts), frame.network.inputs), frame.kind)
    with np.errstate(all="ignore"):
        for step in range(steps + 1):
            check(frame.known.deadline)
            frame.note(len(parts))
            lines: dict[int, LinesInUse] = {}
            parts.value[:], slope = frame.back(parts, lines)
            better = parts.value > best.value
            at = frame.worst(parts, slope)
            worst[better] = at[better]
            for kept, new in zip(best.arrays(), parts.arrays(), strict=True):
                kept[better] = new[better]
            if step == steps or (best.value > enough).all():
                break
            before = frame.forth(parts, at, lines)
            now = rate * frame.config.last ** (step / steps)
            _ascend(frame, parts, cut, lines, before, moments, now, step)
    for kept, new in zip(best.arrays(), parts.arrays(), strict=True):
        new[...] = kept
    return worst


def _ascend(
    frame: Frame,
    parts: Subdomains,
    cut: Mapping[int, Array | None],
    lines: Mapping[int, LinesInUse],
    before: Mapping[int, Array],
    moments: dict[tuple[str, int], tuple[Array, Array]],
    rate: float,
    step: int,
) -> None:
    """One step of all parameters along their gradients (Adam)."""
    config = frame.config
    momentum, memory = config.momentum, config.memory

    def moved(name: str, j: int, gradient: Array) -> Array:
        if (name, j) not in moments:
            moments[name, j] = np.zeros_like(gradient), np.zeros_like(gradient)
        first, second = moments[name, j]
        first += (1 - momentum) * (gradient - first)
        second += (1 - memory) * (gradient * gradient - second)
        size = np.sqrt(second / (1 - memory ** (step + 1))) + 1e-12
        return (rate / (1 - momentum ** (step + 1))) * first / size

    for j in frame.free:
        line, z = lines[j], before[j]
        a, positive = line.coefficient, line.coefficient > 0
        if line.touch is None:
            gradient = np.where(positive & (parts.low[j] < 0), a * z, 0)
            parts.alpha_lower[j] += moved("lower", j, gradient)
            np.clip(parts.alpha_lower[j], 0, 1, out=parts.alpha_lower[j])
        else:
            gradient = a * (z - line.touch)
            width = np.maximum(parts.high[j] - parts.low[j], 1e-30)
            size = np.abs(chord_of(frame.function(j), parts.low[j], parts.high[j])) + 1e-3 / width
            size = config.smooth * size
            parts.alpha_lower[j] += size * moved("lower", j, np.where(positive, gradient, 0))
            parts.alpha_upper[j] += size * moved("upper", j, np.where(positive, 0, gradient))
        mine = cut[j]
        if mine is None:
            continue
        m = parts.beta[j]
        over, under = z - parts.high[j], z - parts.low[j]
        kink = np.maximum(over, 0) + np.minimum(under, 0)
        gradient = np.where(m > 0, over, np.where(m < 0, under, kink)) * mine
        sign = np.sign(m)
        mean = np.abs(a).sum(-1, keepdims=True) / max(1, a.shape[-1])
        m += mean * moved("multiplier", j, gradient)
        m[np.sign(m) * sign < 0] = 0
    if parts.weight.shape[-1] > 1:
        values = (
            np.stack(
                [
                    sum(
                        (before[-1 - j] * a[parts.objective, k]).sum(-1)
                        for j, a in frame.rows.items()
                    )
                    for k in range(parts.weight.shape[-1])
                ],
                -1,
            )
            + frame.objectives.constant.astype(frame.kind)[parts.objective]
        )
        size = np.abs(values).max(-1, keepdims=True) + 1e-30
        weight = parts.weight * np.exp(config.weights * rate * values / size)
        parts.weight[:] = weight / weight.sum(-1, keepdims=True)


def touching(
    function: Function, slope: Array, low: Array, high: Array, lower: Array
) -> tuple[Array, Array]:
    """The offset of a line of this slope below (or above) a function on an interval, and the point
    where it touches.

    Args:
        lower: whether the line is below, (N, active).
    """
    assert isinstance(function, Nonlinearity)
    points = [low, high]
    for x in function.where(slope, low, high):
        inside = (x > low) & (x < high)  # not where x is nan
        points.append(np.where(inside, x, low))
    sign = np.where(lower, 1, -1).astype(slope.dtype)
    offset = touch = None
    for x in points:
        rest = function.value(x) - slope * x
        if offset is None or touch is None:
            offset, touch = rest, x
            continue
        better = sign * rest < sign * offset
        offset, touch = np.where(better, rest, offset), np.where(better, x, touch)
    assert offset is not None
    assert touch is not None
    return offset, touch


def chord_of(function: Function, low: Array, high: Array) -> Array:
    """The slope of the chord between the ends of the interval."""
    assert isinstance(function, Nonlinearity)
    return (function.value(high) - function.value(low)) / np.maximum(high - low, 1e-30)


def _chord(low: Array, high: Array) -> tuple[Array, Array]:
    """The slope and offset of the upper line of a relu; the offset is 0 where the relu is
    linear."""
    inside = (low < 0) & (high > 0)
    slope = np.where(inside, high / (high - low), (low >= 0).astype(low.dtype))
    return slope, np.where(inside, -slope * low, 0).astype(low.dtype)


def chosen(a: Array, active: Array | None) -> Array:
    return a if active is None else a[..., active]


def outwards(a: Array, kind: Any, sign: int) -> Array:
    """The numbers in another precision, rounded down or up."""
    found = a.astype(kind)
    wrong = found.astype(np.float64) * sign < a * sign
    return np.where(wrong, np.nextafter(found, kind(sign * np.inf)), found)
