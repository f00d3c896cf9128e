"""The kernel of the checker: integer bounds of relu networks, over trees of splits.

It imports numpy and nothing of Abduce. A claim is a network with relu between its affine layers,
and regions: boxes of inputs with cases, none of which any input in the box may violate. A proof has
trees of splits for each region. The kernel computes all bounds again, in integers; it takes nothing
from a proof but the splits, and for some leaves slopes and multipliers, of which any are sound.

**Arithmetic.** Every number is an integer times a power of two. Arrays that enter sums of products
hold integers in float64. `prepare` limits their sizes, so that all sums stay below 2^53 and are
exact in any order. Every rounding is an explicit floor, which is sound for one of these reasons:

- a coefficient on a value v >= 0 may be rounded down, in a lower bound. So inputs are counted from
  the lower corner of their box, and weights are rounded down where a row is positive; what a
  negative row then lacks is subtracted in `_times`;
- an undecided relu has v <= s (z - l) for each s >= u / (u - l), and z - l >= 0. So for c < 0, the
  product c s may be rounded down;
- for c > 0, each d with 0 <= d <= c gives c v >= d z.

A row (A, unit, rest) is the number ``A @ v 2^-unit + rest 2^-scale``, bounded from below.

Source: Zhang et al. 2018, Efficient neural network robustness certification with general activation
functions (the relaxation); Wang et al. 2021, Beta-CROWN (the multipliers).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np

MANTISSA = 53  # integers up to 2^53 are exact in float64
LARGEST = 2**62  # bounds stay below it, so that sums of two fit in int64
FINEST = 64  # corners of boxes are integers over at most 2^64
UPPER, LOWER, TURN = 24, 8, 16  # powers of two under slopes of lines, and under multipliers
LEAF = -1
MIX = 4
ROUNDS = 3  # of clipping by the rows of a case, one after the other


class Refused(Exception):
    """A proof that does not show its claim. The text names the leaf that fails."""


class Unfit(Exception):
    """A claim that the kernel cannot express. The text says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Affine:
    """``(weight @ v + bias) / 2^shift``: Python integers in object arrays, (m, n) and (m,)."""

    weight: np.ndarray
    bias: np.ndarray
    shift: int


@dataclass(frozen=True, slots=True)
class Row:
    """The inequality ``outputs @ y <= bound``, or < where strict."""

    outputs: tuple[Fraction, ...]
    bound: Fraction
    strict: bool


@dataclass(frozen=True, slots=True)
class Region:
    """A box of inputs, and cases; a case is violated where all of its rows hold."""

    low: tuple[Fraction, ...]
    high: tuple[Fraction, ...]
    cases: tuple[tuple[Row, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """No input of a region violates a case of it."""

    layers: tuple[Affine, ...]
    regions: tuple[Region, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Hint:
    """Parameters of a leaf's bounds, for each relu in order, (h,) integers each.

    Attributes:
        slopes: of lower lines, over 2^8, from 0 to 2^8.
        turns: multipliers of pre-activations, over 2^16; they count where they have the sign for
            which the product is never positive.
    """

    slopes: np.ndarray
    turns: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A tree that shows some cases of a region.

    Attributes:
        cases: their places in the region.
        tree: in preorder; an entry is `LEAF`, the place of an input whose interval is cut in the
            middle, or the number of inputs plus the place of a relu that is split by its sign.
        hints: for the places of leaves in the tree and places of cases.
    """

    cases: tuple[int, ...]
    tree: tuple[int, ...]
    hints: Mapping[tuple[int, int], Hint]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """M rows: coefficients (M, n), integers in float64; and units and constants, (M,)."""

    A: np.ndarray
    unit: np.ndarray
    rest: np.ndarray

    def take(self, index: np.ndarray) -> "Rows":
        return Rows(self.A[index], self.unit[index], self.rest[index])


@dataclass(frozen=True, slots=True, eq=False)
class Limbs:
    """``(high + low / 2^limb) / 2^shift``; less than one of low is missing where not ``exact``."""

    high: np.ndarray
    low: np.ndarray | None
    shift: int
    exact: bool


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A region's network in fixed point: bounds are integers over 2^scale.

    Attributes:
        width: (n,): an input is an integer from 0 to its width, in a unit of its own.
        hidden: for each relu layer its rows (2m: each and its negative), weight and bias.
        goals: the rows of the cases; with the case of each in ``owner`` and with ``strict``, (R,).
        bits, limb, spare: the limits on coefficients, on a limb of weights, and on bounds.
    """

    scale: int
    width: np.ndarray
    hidden: tuple[tuple[Rows, Limbs, Limbs], ...]
    goals: Rows
    owner: np.ndarray
    strict: np.ndarray
    mixed: np.ndarray
    bits: int
    limb: int
    spare: int


Known = tuple[tuple[np.ndarray, np.ndarray], ...]
"""Bounds on the pre-activations of each relu layer, (N, m), over 2^scale."""


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """N nodes of a tree: boxes (N, n), known bounds, and places in the tree (N,)."""

    low: np.ndarray
    high: np.ndarray
    known: Known
    at: np.ndarray

    def __len__(self) -> int:
        return len(self.at)

    def take(self, index: np.ndarray | slice) -> "Nodes":
        known = tuple([(a[index], b[index]) for a, b in self.known])
        return Nodes(self.low[index], self.high[index], known, self.at[index])


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """The lines of a relu layer at N nodes, (N, m): intervals of values and least pre-activations
    of undecided relus, over 2^unit (N,); and the slopes."""

    unit: np.ndarray
    low: np.ndarray
    high: np.ndarray
    drop: np.ndarray
    upper: np.ndarray
    lower: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The bounds of N nodes.

    Attributes:
        closed: (N, C), whether no input there violates a case.
        least: (N, R), lower bounds of the rows.
        slope, unit: (N, R, n) and (N, R): the linear lower bounds that they come from.
    """

    closed: np.ndarray
    least: np.ndarray
    slope: np.ndarray
    unit: np.ndarray
    known: Known
    lines: tuple[Lines, ...]


def claim_of(layers: Sequence[tuple], regions: Sequence[tuple]) -> Claim:
    """The claim in the plain form of `translate`.

    Raises:
        Unfit: shapes that do not fit together, an empty box, or a case without rows.
    """
    claim = Claim(
        tuple([Affine(*layer) for layer in layers]),
        tuple(
            [
                Region(
                    tuple(low),
                    tuple(high),
                    tuple([tuple([Row(tuple(y), b, s) for y, b, s in case]) for case in cases]),
                )
                for low, high, cases in regions
            ]
        ),
    )
    sizes = [claim.layers[0].weight.shape[1]] if layers else [0]
    for layer in claim.layers:
        if layer.weight.shape[1:] != (sizes[-1],) or layer.bias.shape != layer.weight.shape[:1]:
            raise Unfit("a layer that does not fit the layer before it")
        sizes.append(len(layer.weight))
    for region in claim.regions:
        if min(sizes) < 1 or not len(region.low) == len(region.high) == sizes[0]:
            raise Unfit("a box that is not of the network's inputs")
        if any(low > high for low, high in zip(region.low, region.high, strict=True)):
            raise Unfit("an empty box")
        if not region.cases or not all(region.cases):
            raise Unfit("a case without an inequality over outputs")
        for row in (row for case in region.cases for row in case):
            if len(row.outputs) != sizes[-1] or any(_power(q) is None for q in row.outputs):
                raise Unfit("an inequality whose coefficients are no integers over powers of two")
    return claim


# Preparation


def prepare(claim: Claim, region: Region, scale: int) -> Prepared:
    """A region's network in fixed point.

    Raises:
        Refused: a scale that is not from 0 to 60, or is too large for a bound.
    """
    if not 0 <= scale <= 60:
        raise Refused(f"the scale is {scale}, and not from 0 to 60")
    room = MANTISSA - 2 - max(max(layer.weight.shape) for layer in claim.layers).bit_length()
    bits = (room + 1) // 2
    limb = room - bits
    few = MANTISSA - 2 - bits - len(region.low).bit_length()
    first, width = _from_corner(claim.layers[0], region, few)
    *layers, last = [first, *claim.layers[1:]]
    hidden = []
    for layer in layers:
        both = np.concatenate([layer.weight, -layer.weight])
        offsets = [Fraction(int(b), 2**layer.shift) for b in [*layer.bias, *-layer.bias]]
        limbs = [_limbs(numbers, layer.shift, limb) for numbers in (layer.weight, layer.bias)]
        hidden.append((_rows(both, layer.shift, offsets, scale, bits), *limbs))
    rows = [row for case in region.cases for row in case]
    power = max(_power(q) or 0 for row in rows for q in row.outputs)
    over = np.array([[int(q * 2**power) for q in row.outputs] for row in rows], object)
    bias, shift = over @ last.bias, last.shift + power
    offsets = [Fraction(int(b), 2**shift) - row.bound for b, row in zip(bias, rows, strict=True)]
    goals = _rows(over @ last.weight, shift, offsets, scale, bits, True)
    counts = np.array([len(case) for case in region.cases])
    mixed = np.flatnonzero(counts > 1)
    owner = np.concatenate([np.repeat(np.arange(len(counts)), counts), mixed])
    strict = [row.strict for row in rows] + [all(r.strict for r in region.cases[c]) for c in mixed]
    return Prepared(
        scale, width, tuple(hidden), goals, owner, np.array(strict), mixed, bits, limb, limb
    )


def _power(q: Fraction) -> int | None:
    """The power of two that is the denominator; None if it is another number."""
    return None if q.denominator & (q.denominator - 1) else q.denominator.bit_length() - 1


def _from_corner(layer: Affine, region: Region, bits: int) -> tuple[Affine, np.ndarray]:
    """The first layer for inputs ``corner_i + k_i / 2^grid_i``, as a layer on the integers k_i; and
    the greatest k_i, below 2^bits. The box is rounded outwards."""
    corner, width, grids = [], [], []
    for low, high in zip(region.low, region.high, strict=True):
        grid = FINEST
        while (high - low) * Fraction(2) ** grid > 2 ** (bits - 1):
            grid -= 1
        one = Fraction(2) ** grid
        corner.append(Fraction(floor(low * one)) / one)
        width.append(-floor(-high * one) - floor(low * one))
        grids.append(grid)
    finest, under = max(grids), max(c.denominator for c in corner)
    factors = np.array([2 ** (finest - grid) for grid in grids], object)
    offset = layer.weight @ np.array([int(c * under) for c in corner], object)
    bias = layer.bias * under + offset
    up, shift = 2 ** max(0, finest), layer.shift + max(0, finest) + under.bit_length() - 1
    factors = factors * under if finest >= 0 else factors * under * 2**-finest
    return Affine(layer.weight * factors, bias * up, shift), np.array(width, float)


def _rows(
    numbers: np.ndarray,
    shift: int,
    offsets: Sequence[Fraction],
    scale: int,
    bits: int,
    together: bool = False,
) -> Rows:
    """Rows of integers over 2^shift, rounded down to ``bits`` bits, with their constants."""
    over = [max(0, max(abs(int(n)) for n in row).bit_length() - bits) for row in numbers]
    over = [max(over)] * len(over) if together else over
    A = np.array([[int(n) >> t for n in row] for row, t in zip(numbers, over, strict=True)], float)
    rest = [floor(offset * 2**scale) for offset in offsets]
    if max(abs(number) for number in rest) >= LARGEST:
        raise Refused("a bound is too large for the scale")
    return Rows(A, np.array([shift - t for t in over]), np.array(rest))


def _limbs(numbers: np.ndarray, shift: int, limb: int) -> Limbs:
    """Two limbs of integers over 2^shift, rounded down."""
    top = max(abs(int(n)) for n in numbers.ravel()).bit_length()
    wide, more = numbers * 2 ** max(0, 2 * limb - top), 2 ** max(0, top - 2 * limb)
    both = wide // more
    high = both // 2**limb
    low = (both - high * 2**limb).astype(float)
    exact = bool((both * more == wide).all())
    return Limbs(high.astype(float), low if low.any() else None, shift - top + limb, exact)


# Bounds


def root(prepared: Prepared) -> Nodes:
    """The whole box, with no bounds known."""
    known = []
    for rows, _, _ in prepared.hidden:
        wide = np.full((1, len(rows.rest) // 2), LARGEST)
        known.append((-wide, wide))
    width = prepared.width[None]
    return Nodes(np.zeros_like(width), width, tuple(known), np.zeros(1, int))


def bounded(prepared: Prepared, nodes: Nodes, refine: bool = True) -> Found:
    """Bounds over each node's box.

    Args:
        refine: whether pre-activations are bounded backwards; else by intervals.
    """
    lines: list[Lines] = []
    known = []
    for number, (rows, _, _) in enumerate(prepared.hidden):
        low, high = nodes.known[number]
        size, least = low.shape[1], _by_intervals(prepared, rows, nodes, lines)
        low, high = np.maximum(low, least[:, :size]), np.minimum(high, -least[:, size:])
        if number and refine:
            node, entry = np.nonzero((low < 0) & (high > 0))
            both = (entry[:, None] + [0, size]).ravel()
            least = _back(prepared, nodes, lines, rows.take(both), np.repeat(node, 2)).rest
            low[node, entry] = np.maximum(low[node, entry], least[0::2])
            high[node, entry] = np.minimum(high[node, entry], -least[1::2])
        known.append((low, high))
        lines.append(_lines(prepared, low, high))
    count, rows = len(nodes), len(prepared.goals.rest)
    goals = prepared.goals.take(np.tile(np.arange(rows), count))
    got = _back(prepared, nodes, lines, goals, np.repeat(np.arange(count), rows))
    least = got.rest.reshape(count, rows)
    slope, unit = got.A.reshape(count, rows, -1), got.unit.reshape(count, rows)
    least, slope, unit = _with_mixtures(prepared, nodes, lines, least, slope, unit)
    strict, owner = prepared.strict, prepared.owner
    shown = np.where(strict, least >= 0, least > 0)
    mine = owner == np.arange(owner.max() + 1)[:, None]
    closed = (shown[:, None] & mine).any(2)
    for low, high in known:  # where bounds cross there is no input
        closed[(low > high).any(1)] = True
    return Found(closed, least, slope, unit, tuple(known), tuple(lines))


def _with_mixtures(prepared, nodes, lines, least, slope, unit):
    """With a weighted mean of the rows of each case that has several."""
    for case in prepared.mixed:
        mine = np.flatnonzero(prepared.owner[: len(prepared.goals.rest)] == case)
        weights = _weights(prepared, nodes, least[:, mine], slope[:, mine], unit[:, mine])
        A = np.floor(weights @ prepared.goals.A[mine] * 2.0**-MIX)
        rest = weights.astype(np.int64) @ (prepared.goals.rest[mine] >> MIX)
        units = np.full(len(nodes), prepared.goals.unit[mine[0]])
        got = _back(prepared, nodes, lines, Rows(A, units, rest), np.arange(len(nodes)))
        least = np.concatenate([least, got.rest[:, None]], 1)
        slope = np.concatenate([slope, got.A[:, None]], 1)
        unit = np.concatenate([unit, got.unit[:, None]], 1)
    return least, slope, unit


def _weights(prepared, nodes, least, slope, unit):
    """Weights of rows, by fictitious play: the rows against the inputs, on their linear bounds."""
    index = np.arange(len(nodes))
    low, high = nodes.low[:, None], nodes.high[:, None]
    corner = np.where(slope > 0, low, high)
    real = np.ldexp(slope, -unit[..., None])
    weights = np.zeros(least.shape)
    values = least
    for _ in range(2**MIX):
        weights[index, values.argmax(1)] += 1
        total = sum(weights[:, row, None] * real[:, row] for row in range(weights.shape[1]))
        x = np.where(total[:, None] > 0, low, high)
        rise = (slope * (x - corner)).sum(2)
        values = _sum(least, rise, prepared.scale - unit)
    return weights


def hinted(prepared: Prepared, nodes: Nodes, found: Found, case: int, hints: list[Hint]) -> Rows:
    """The rows of a case at N nodes with a hint for each, from the bounds that were found, as rows
    on the inputs: (N times the rows of the case)."""
    mine = np.flatnonzero(prepared.owner == case)
    slopes = np.array([hint.slopes for hint in hints], float) * 2.0**-LOWER
    turns = np.array([hint.turns for hint in hints], float)
    of = np.repeat(np.arange(len(nodes)), len(mine))
    rows = prepared.goals.take(np.tile(mine, len(nodes)))
    return _back(prepared, nodes, found.lines, rows, of, np.clip(slopes, 0.0, 1.0), turns)


def _by_intervals(prepared: Prepared, rows: Rows, nodes: Nodes, lines: list[Lines]) -> np.ndarray:
    """Lower bounds (N, rows) by the intervals of the values that the rows read."""
    low, high, unit = nodes.low, nodes.high, np.zeros(len(nodes), int)
    if lines:
        low, high, unit = lines[-1].low, lines[-1].high, lines[-1].unit
    negative = np.minimum(rows.A, 0.0)
    value = low @ (rows.A - negative).T + high @ negative.T
    return _sum(rows.rest, value, prepared.scale - unit[:, None] - rows.unit)


def _back(
    prepared: Prepared,
    nodes: Nodes,
    lines: Sequence[Lines],
    rows: Rows,
    of: np.ndarray,
    slopes: np.ndarray | None = None,
    turns: np.ndarray | None = None,
) -> Rows:
    """Lower bounds of rows on the values of the last of these layers, each at its node ``of``, and
    the rows on the inputs that they come from.

    Args:
        slopes, turns: of hints, (N, h).
    """
    A, unit, rest, scale = rows.A, rows.unit, rows.rest, prepared.scale
    place = 0 if slopes is None else slopes.shape[1]
    for (_, weight, bias), line in zip(
        prepared.hidden[: len(lines)][::-1], lines[::-1], strict=True
    ):
        lower = line.lower
        place -= lower.shape[1]
        if slopes is not None:
            mine = slopes[:, place : place + lower.shape[1]]
            lower = np.where(line.drop < 0, mine, lower)
        negative = np.minimum(A, 0.0)
        A = A - negative
        A *= lower[of]
        negative *= line.upper[of]
        A += negative
        np.floor(A, out=A)
        drop = np.einsum("mn,mn->m", np.minimum(A, 0.0, out=negative), line.drop[of])
        rest = _sum(rest, -drop, scale - unit - line.unit[of])
        if turns is not None:
            mine = turns[:, place : place + lower.shape[1]]
            A += _turned(prepared, line, mine, A, unit, of)
            negative = np.minimum(A, 0.0)
        paid = None if weight.exact and bias.exact else negative.sum(1)
        rest = _sum(rest, _times(A, bias, paid, prepared.limb), scale - unit - bias.shift)
        A = _times(A, weight, paid, prepared.limb)
        unit = unit + weight.shift
        over = np.maximum(np.frexp(np.abs(A).max(1))[1] - prepared.bits, 0)
        A *= np.ldexp(1.0, -over)[:, None]
        np.floor(A, out=A)
        unit = unit - over
    negative = np.minimum(A, 0.0)
    value = np.einsum("mn,mn->m", A - negative, nodes.low[of])
    value += np.einsum("mn,mn->m", negative, nodes.high[of])
    return Rows(A, unit, _sum(rest, value, scale - unit))


def _turned(
    prepared: Prepared,
    line: Lines,
    turns: np.ndarray,
    A: np.ndarray,
    unit: np.ndarray,
    of: np.ndarray,
) -> np.ndarray:
    """What multipliers add to rows: negative where z >= 0, positive where z <= 0, never more than
    the limit on coefficients allows."""
    active, most = (line.upper == 1.0) & (line.drop == 0), 2.0**prepared.bits
    idle = np.where(line.upper == 0, np.maximum(turns, 0.0), 0.0)
    turns = np.where(active, np.minimum(turns, 0.0), idle)
    power = np.clip(unit - TURN, -MANTISSA, MANTISSA)
    return np.clip(np.trunc(np.ldexp(turns[of], power[:, None])), -most - A, most - A)


def _times(A: np.ndarray, limbs: Limbs, paid: np.ndarray | None, limb: int) -> np.ndarray:
    """``A @ limbs``, rounded down; ``paid`` is the sum of the negative coefficients of each row."""
    value = A @ limbs.high
    if limbs.low is None and limbs.exact:
        return value
    low = np.zeros_like(value) if limbs.low is None else A @ limbs.low
    if not limbs.exact and paid is not None:
        low += paid.reshape(-1, *(1,) * (value.ndim - 1))
    low *= 2.0**-limb
    return np.add(value, np.floor(low, out=low), out=value)


def _lines(prepared: Prepared, low: np.ndarray, high: np.ndarray) -> Lines:
    """The lines of relus for bounds over 2^scale, (N, m), which are rounded outwards."""
    high = np.maximum(low, high)
    size = np.maximum(np.abs(low), np.abs(high)).max(1).astype(float)
    over = np.maximum(np.frexp(size)[1] - prepared.spare + 2, 0)[:, None]
    low, high = low >> over, -(-high >> over)
    open_ = (low < 0) & (high > 0)
    upper = np.where(open_, -(-(high << UPPER) // np.where(open_, high - low, 1)), 2**UPPER)
    upper[high <= 0] = 0
    lower = np.where(open_, high > -low, high > 0)
    parts = np.maximum(low, 0), np.maximum(high, 0), np.where(open_, low, 0)
    unit = prepared.scale - over[:, 0]
    return Lines(unit, *[p.astype(float) for p in parts], upper * 2.0**-UPPER, lower.astype(float))


def _sum(rest: np.ndarray, value: np.ndarray, power: np.ndarray) -> np.ndarray:
    """``rest + value 2^power`` for integers below 2^53, rounded down."""
    with np.errstate(over="ignore"):
        added = np.floor(np.ldexp(value, np.maximum(power, -MANTISSA - 2)))
    if added.size and max(-added.min(), added.max()) >= LARGEST:
        raise Refused("a bound is too large for the scale")
    total = rest + added.astype(np.int64)
    if total.size and max(-int(total.min()), int(total.max())) >= LARGEST:
        raise Refused("a bound is too large for the scale")
    return total


# Trees


def clipped(prepared: Prepared, nodes: Nodes, found: Found) -> tuple[np.ndarray, np.ndarray]:
    """The part of each box in which an open case can be violated, by the rows' linear bounds.

    All rows of a violated case are at most 0, so ``slope_i (x_i - corner_i) <= -least`` for each
    input. A quotient that matters is below 2^30, so it is off by less than 1, and enlarged by 2.
    """
    hull_low, hull_high = np.full_like(nodes.low, np.inf), np.full_like(nodes.high, -np.inf)
    for case in range(found.closed.shape[1]):
        low, high, gone = nodes.low, nodes.high, found.closed[:, case].copy()
        rows = np.flatnonzero(prepared.owner == case)
        for row in np.tile(rows, ROUNDS if len(rows) > 1 else 1):
            slope, power = found.slope[:, row], prepared.scale - found.unit[:, row]
            rise = np.maximum(slope, 0) * (low - nodes.low)
            rise += np.minimum(slope, 0) * (high - nodes.high)
            least = _sum(found.least[:, row], rise.sum(1), power)
            spare = np.maximum(-least, 0).astype(float)
            with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
                reach = np.ceil(np.ldexp(spare, -power)[:, None] / np.abs(slope)) + 2.0
            top, bottom = low + reach, high - reach
            top = np.where((slope > 0) & (top < high), top, high)
            bottom = np.where((slope < 0) & (bottom > low), bottom, low)
            gone |= (least > 0) | (bottom > top).any(1)
            low, high = np.minimum(bottom, top), top
        hull_low = np.where(gone[:, None], hull_low, np.minimum(hull_low, low))
        hull_high = np.where(gone[:, None], hull_high, np.maximum(hull_high, high))
    return hull_low, hull_high


def halves(nodes: Nodes, entry: np.ndarray) -> Nodes:
    """Both children (2N) of nodes whose entries of the tree are these, the first ones first."""
    index, inputs = np.arange(len(nodes)), nodes.low.shape[1]
    left, right = nodes.high.copy(), nodes.low.copy()
    known = [[np.concatenate([a, a]), np.concatenate([b, b])] for a, b in nodes.known]
    cut, axis = index[entry < inputs], entry[entry < inputs]
    middle = np.floor((nodes.low[cut, axis] + nodes.high[cut, axis]) / 2)
    left[cut, axis] = right[cut, axis] = middle
    for node in index[entry >= inputs]:
        relu, layer = entry[node] - inputs, 0
        while relu >= known[layer][0].shape[1]:
            relu, layer = relu - known[layer][0].shape[1], layer + 1
        low, high = known[layer]
        high[node, relu] = min(high[node, relu], 0)
        low[node + len(nodes), relu] = max(low[node + len(nodes), relu], 0)
    low, high = np.concatenate([nodes.low, right]), np.concatenate([left, nodes.high])
    return Nodes(low, high, tuple([(a, b) for a, b in known]), np.tile(nodes.at, 2))


def check(claim: Claim, scale: int, parts: Sequence[Sequence[Part]], batch: int = 48) -> int:
    """Check the trees of each region, and return the number of their leaves.

    Args:
        batch: the number of nodes that are bounded together.

    Raises:
        Refused: trees that do not show the claim.
    """
    if len(parts) != len(claim.regions):
        raise Refused(f"the proof has {len(parts)} regions, and the claim {len(claim.regions)}")
    leaves = 0
    for number, (region, trees) in enumerate(zip(claim.regions, parts, strict=True)):
        shown = {case for part in trees for case in part.cases}
        if shown != set(range(len(region.cases))):
            raise Refused(f"region {number}: the cases of its trees are not its cases")
        for part in trees:
            cases = tuple([region.cases[case] for case in part.cases])
            try:
                leaves += _checked(prepare(claim, replace(region, cases=cases), scale), part, batch)
            except Refused as refused:
                raise Refused(f"region {number}: {refused}") from None
    return leaves


def _checked(prepared: Prepared, part: Part, batch: int) -> int:
    relus = sum(len(bias.high) for _, _, bias in prepared.hidden)
    inputs, second = len(prepared.width), second_children(part.tree, len(prepared.width) + relus)
    splits_relus = max(part.tree) >= inputs
    hints = {(place, part.cases.index(case)): hint for (place, case), hint in part.hints.items()}
    if any(
        hint.slopes.shape != (relus,) or hint.turns.shape != (relus,) for hint in hints.values()
    ):
        raise Refused(f"a hint that is not for {relus} relus")
    tree, stack = np.array(part.tree), [root(prepared)]
    while stack:
        nodes = popped(stack, batch)
        found = bounded(prepared, nodes, not (splits_relus and nodes.at[0]))
        low, high = clipped(prepared, nodes, found)
        entry, empty = tree[nodes.at], (low > high).any(1)
        for node in np.flatnonzero((entry == LEAF) & ~empty):
            one, got = nodes.take(slice(node, node + 1)), found.closed[node]
            for case in np.flatnonzero(~got):
                hint = hints.get((int(nodes.at[node]), int(case)))
                if hint is not None:
                    got[case] = holds(prepared, one, at_node(found, node), int(case), hint)
            if not got.all():
                where = ", ".join(_path(part.tree, second, int(nodes.at[node]))) or "the whole box"
                least = ", ".join(f"{n * 2.0**-prepared.scale:.3g}" for n in found.least[node])
                raise Refused(f"leaf {nodes.at[node]} ({where}) does not close; its rows: {least}")
        inner = np.flatnonzero(entry != LEAF)
        if len(inner):
            low, high = (
                np.where(empty[:, None], nodes.low, low),
                np.where(empty[:, None], nodes.high, high),
            )
            children = halves(
                replace(nodes, low=low, high=high, known=found.known).take(inner), entry[inner]
            )
            after = [second[int(place)] for place in nodes.at[inner]]
            stack.append(replace(children, at=np.concatenate([nodes.at[inner] + 1, after])))
    return int((tree == LEAF).sum())


def holds(prepared: Prepared, node: Nodes, found: Found, case: int, hint: Hint) -> bool:
    """Whether a hint closes a case at one node."""
    got = hinted(prepared, node, found, case, [hint]).rest
    return bool((got > -prepared.strict[prepared.owner == case].astype(int)).any())


def at_node(found: Found, node: int) -> Found:
    """The bounds of one node."""
    lines = [Lines(*[getattr(line, f.name)[[node]] for f in fields(Lines)]) for line in found.lines]
    return replace(found, lines=tuple(lines))


def popped(stack: list[Nodes], batch: int) -> Nodes:
    """Up to ``batch`` nodes from the top of the stack."""
    top = stack.pop()
    if len(top) > batch:
        stack.append(top.take(slice(0, len(top) - batch)))
        return top.take(slice(len(top) - batch, None))
    return top


def second_children(tree: Sequence[Any], entries: int) -> dict[int, int]:
    """The place of the second child of each inner node; the first child follows its parent.

    Raises:
        Refused: no tree, or an entry that is not from -1 to ``entries - 1``.
    """
    second: dict[int, int] = {}
    waiting: list[int] = [-1]
    for place, entry in enumerate(tree):
        if type(entry) is not int or not LEAF <= entry < entries or not waiting:
            raise Refused(f"entry {place} of a tree is {entry!r}, which should not be there")
        if entry != LEAF:
            waiting.append(place)
            continue
        while waiting and (waiting[-1] in second or waiting[-1] < 0):
            waiting.pop()
        if waiting:
            second[waiting[-1]] = place + 1
    if waiting:
        raise Refused("a tree has no end")
    return second


def _path(tree: Sequence[int], second: dict[int, int], leaf: int) -> Iterator[str]:
    node = 0
    while node != leaf:
        upper = leaf >= second[node]
        yield f"{'upper' if upper else 'lower'} half of {tree[node]}"
        node = second[node] if upper else node + 1
