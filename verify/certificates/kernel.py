"""The kernel of the checker: integer bounds of relu networks, over trees of splits.

It imports numpy and nothing of Abduce. A claim is a network with relu between its affine layers,
and regions: boxes of inputs with cases, none of which any input in the box may violate. A proof has
a tree of splits for each region. The kernel takes nothing from it but which input is split where,
and computes all bounds again, in integers.

**Arithmetic.** Every number is an integer times a power of two. Arrays that enter sums of products
hold integers in float64; `prepare` limits their sizes, so that all sums stay below 2^53 and are
exact in any order. Every rounding is an explicit floor, sound in a lower bound for one of these:

- a coefficient on a value v >= 0 may be rounded down. So inputs are counted from the lower corner
  of their box. Weights are rounded down, too, and a negative coefficient pays a unit (`_times`);
- an undecided relu has v <= s (z - l) for each s >= u / (u - l), and z - l >= 0. So for c < 0, the
  product c s may be rounded down. For c > 0, c v >= c z and c v >= 0.

A row (A, unit, rest) is the number ``A @ v 2^-unit + rest 2^-scale``, bounded from below.

Source: Zhang et al. 2018, Efficient neural network robustness certification with general activation
functions (the relaxation). The integer form, and the mixtures of rows, are Abduce's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from typing import NamedTuple

import numpy as np

MANTISSA = 53  # integers up to 2^53 are exact in float64
LARGEST = 2**62  # bounds stay below it, so that sums of two fit in int64
FINEST = 64  # corners of boxes are integers over at most 2^64
UPPER = 24  # slopes of upper lines are k / 2^24
LEAF = -1
MIX = 4  # weights of rows are k / 2^4
ROUNDS = 3  # of clipping by the rows of a case, one after the other


class Refused(Exception):
    """A proof that does not show its claim. The text names the leaf that fails."""


class Unfit(Exception):
    """A claim that the kernel cannot express. The text says why."""


class Affine(NamedTuple):
    """``(weight @ v + bias) / 2^shift``: Python integers in object arrays, (m, n) and (m,)."""

    weight: np.ndarray
    bias: np.ndarray
    shift: int


class Row(NamedTuple):
    """The inequality ``outputs @ y <= bound``, or < where strict."""

    outputs: Sequence[Fraction]
    bound: Fraction
    strict: bool


class Region(NamedTuple):
    """A box of inputs, and cases; a case is violated where all of its rows hold."""

    low: Sequence[Fraction]
    high: Sequence[Fraction]
    cases: Sequence[Sequence[Row]]


class Claim(NamedTuple):
    """No input of a region violates a case of it."""

    layers: Sequence[Affine]
    regions: list[Region]


class Rows(NamedTuple):
    """M rows: coefficients (M, n), integers in float64; and units and constants, (M,)."""

    A: np.ndarray
    unit: np.ndarray
    rest: np.ndarray

    def take(self, index: np.ndarray) -> "Rows":
        return Rows(self.A[index], self.unit[index], self.rest[index])


class Limbs(NamedTuple):
    """``(high + low / 2^limb) / 2^shift``; less than one of low is missing where not ``exact``."""

    high: np.ndarray
    low: np.ndarray | None
    shift: int
    exact: bool


class Prepared(NamedTuple):
    """A region's network in fixed point: bounds are integers over 2^scale.

    Attributes:
        width: (n,); an input is an integer from 0 to its width, in a unit of its own.
        hidden: for each relu layer its rows (2m: each and its negative), weight and bias.
        goals: the rows of the cases; R counts also their mixtures, one for each case in ``mixed``.
        owner, strict: (R,), the case of each row, and whether 0 is enough for it.
        bits, limb: limits on coefficients, and on bounds and limbs of weights.
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


class Lines(NamedTuple):
    """The lines of a relu layer at N nodes, (N, m): intervals of values and least pre-activations
    of undecided relus, over 2^unit (N,); and the slopes."""

    unit: np.ndarray
    low: np.ndarray
    high: np.ndarray
    drop: np.ndarray
    upper: np.ndarray
    lower: np.ndarray


class Found(NamedTuple):
    """The bounds of N nodes: whether a case is not violated there, (N, C); least values of the
    rows, (N, R); and the linear bounds that they come from, (N, R, n) in units (N, R)."""

    closed: np.ndarray
    least: np.ndarray
    slope: np.ndarray
    unit: np.ndarray
    known: Known


def claim_of(layers: Sequence[tuple], regions: Sequence[tuple]) -> Claim:
    """The claim in the plain form of `translate`; raises `Unfit` for what is no claim."""
    claim = Claim([Affine(*layer) for layer in layers], [])
    for low, high, cases in regions:
        claim.regions.append(Region(low, high, [[Row(*row) for row in case] for case in cases]))
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
        for outputs in (row.outputs for case in region.cases for row in case):
            if len(outputs) != sizes[-1] or any(q.denominator.bit_count() != 1 for q in outputs):
                raise Unfit("an inequality whose coefficients are no integers over powers of two")
    return claim


def prepare(claim: Claim, region: Region, scale: int) -> Prepared:
    """A region's network in fixed point; raises `Refused` where the scale does not fit."""
    if not 0 <= scale <= 60:
        raise Refused(f"the scale is {scale}, and not from 0 to 60")
    room = MANTISSA - 2 - max(max(layer.weight.shape) for layer in claim.layers).bit_length()
    bits, limb = (room + 1) // 2, room // 2
    few = MANTISSA - 2 - bits - len(region.low).bit_length()
    first, width = _from_corner(claim.layers[0], region, few)
    *layers, last = [first, *claim.layers[1:]]
    hidden = []
    for layer in layers:
        both = np.concatenate([layer.weight, -layer.weight])
        rest = [(int(b) << scale) >> layer.shift for b in [*layer.bias, *-layer.bias]]
        limbs = [_limbs(numbers, layer.shift, limb) for numbers in (layer.weight, layer.bias)]
        hidden.append((_rows(both, layer.shift, rest, bits, False), *limbs))
    rows = [row for case in region.cases for row in case]
    under = max(q.denominator for row in rows for q in row.outputs)
    over = np.array([[int(q * under) for q in row.outputs] for row in rows], object)
    bias, shift = over @ last.bias, last.shift + under.bit_length() - 1
    least = [Fraction(int(b), 2**shift) - row.bound for b, row in zip(bias, rows, strict=True)]
    rest = [floor(number * 2**scale) for number in least]
    goals = _rows(over @ last.weight, shift, rest, bits, True)
    counts = np.array([len(case) for case in region.cases])
    mixed = np.flatnonzero(counts > 1)
    owner = np.concatenate([np.repeat(np.arange(len(counts)), counts), mixed])
    strict = [row.strict for row in rows] + [
        all(r.strict for r in region.cases[c]) for c in mixed.tolist()
    ]
    return Prepared(scale, width, tuple(hidden), goals, owner, np.array(strict), mixed, bits, limb)


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
    finest, under = max(0, *grids), max(c.denominator for c in corner)
    factors = np.array([under * 2 ** (finest - grid) for grid in grids], object)
    bias = layer.bias * under + layer.weight @ np.array([int(c * under) for c in corner], object)
    shift = layer.shift + finest + under.bit_length() - 1
    return Affine(layer.weight * factors, bias * 2**finest, shift), np.array(width, float)


def _rows(numbers: np.ndarray, shift: int, rest: list[int], bits: int, together: bool) -> Rows:
    """Rows of integers over 2^shift, rounded down to ``bits`` bits, maybe in one unit."""
    tops = [max(abs(int(n)) for n in row).bit_length() for row in numbers]
    tops = [max(tops)] * len(tops) if together else tops
    pairs = zip(numbers, tops, strict=True)
    A = np.array([[(int(n) << bits) >> top for n in row] for row, top in pairs], float)
    if max(abs(number) for number in rest) >= LARGEST:
        raise Refused("a bound is too large for the scale")
    return Rows(A, np.array([shift + bits - top for top in tops]), np.array(rest))


def _limbs(numbers: np.ndarray, shift: int, limb: int) -> Limbs:
    """Two limbs of integers over 2^shift, rounded down."""
    top = max(abs(int(n)) for n in numbers.ravel()).bit_length()
    wide, more = numbers * 2 ** max(0, 2 * limb - top), 2 ** max(0, top - 2 * limb)
    both = wide // more
    high = both // 2**limb
    low = (both - high * 2**limb).astype(float)
    exact = bool((both * more == wide).all())
    return Limbs(high.astype(float), low if low.any() else None, shift - top + limb, exact)


def root(prepared: Prepared) -> Nodes:
    """The whole box, with no bounds known."""
    wide = [np.full((1, len(rows.rest) // 2), LARGEST) for rows, _, _ in prepared.hidden]
    high = prepared.width[None]
    return Nodes(np.zeros_like(high), high, tuple([(-w, w) for w in wide]), np.zeros(1, int))


def bounded(prepared: Prepared, nodes: Nodes) -> Found:
    """Bounds over each node's box."""
    lines: list[Lines] = []
    known = []
    for number, (rows, _, _) in enumerate(prepared.hidden):
        low, high = nodes.known[number]
        size, least = low.shape[1], _by_intervals(prepared, rows, nodes, lines)
        low, high = np.maximum(low, least[:, :size]), np.minimum(high, -least[:, size:])
        if number:
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
    least, unit = got.rest.reshape(count, rows), got.unit.reshape(count, rows)
    slope = got.A.reshape(count, rows, -1)
    for case in prepared.mixed:
        mine = np.flatnonzero(prepared.owner[:rows] == case)
        few = prepared.goals.take(mine)  # in one unit; an input that violates all violates a mean
        weights = _weights(prepared, nodes, least[:, mine], slope[:, mine], unit[:, mine])
        rest = weights.astype(np.int64) @ (few.rest >> MIX)
        A, units = np.floor(weights @ few.A * 2.0**-MIX), np.full(count, few.unit[0])
        got = _back(prepared, nodes, lines, Rows(A, units, rest), np.arange(count))
        least = np.concatenate([least, got.rest[:, None]], 1)
        slope = np.concatenate([slope, got.A[:, None]], 1)
        unit = np.concatenate([unit, got.unit[:, None]], 1)
    shown = np.where(prepared.strict, least >= 0, least > 0)
    mine = prepared.owner == np.arange(prepared.owner.max() + 1)[:, None]
    closed = (shown[:, None] & mine).any(2)
    return Found(closed, least, slope, unit, tuple(known))


def _by_intervals(prepared: Prepared, rows: Rows, nodes: Nodes, lines: list[Lines]) -> np.ndarray:
    """Lower bounds (N, rows) by the intervals of the values that the rows read."""
    low, high, unit = nodes.low, nodes.high, np.zeros(len(nodes), int)
    if lines:
        low, high, unit = lines[-1].low, lines[-1].high, lines[-1].unit
    negative = np.minimum(rows.A, 0.0)
    value = low @ (rows.A - negative).T + high @ negative.T
    return _sum(rows.rest, value, prepared.scale - unit[:, None] - rows.unit)


def _back(
    prepared: Prepared, nodes: Nodes, lines: Sequence[Lines], rows: Rows, of: np.ndarray
) -> Rows:
    """Lower bounds of rows on the values of the last of these layers, each at its node ``of``, and
    the rows on the inputs that they come from."""
    A, unit, rest, scale = rows.A, rows.unit, rows.rest, prepared.scale
    for place in range(len(lines) - 1, -1, -1):
        (_, weight, bias), line = prepared.hidden[place], lines[place]
        negative = np.minimum(A, 0.0)
        A = A - negative
        A *= line.lower[of]
        negative *= line.upper[of]
        np.floor(negative, out=negative)
        A += negative
        drop = np.einsum("mn,mn->m", negative, line.drop[of])
        rest = _sum(rest, -drop, scale - unit - line.unit[of])
        paid = None if weight.exact and bias.exact else negative.sum(1)
        rest = _sum(rest, _times(A, bias, paid, prepared.limb), scale - unit - bias.shift)
        A = _times(A, weight, paid, prepared.limb)
        unit = unit + weight.shift
        over = np.frexp(np.abs(A).max(1))[1] - prepared.bits
        A *= np.ldexp(1.0, -over)[:, None]
        np.floor(A, out=A)
        unit = unit - over
    negative = np.minimum(A, 0.0)
    value = np.einsum("mn,mn->m", A - negative, nodes.low[of])
    value += np.einsum("mn,mn->m", negative, nodes.high[of])
    return Rows(A, unit, _sum(rest, value, scale - unit))


def _times(A: np.ndarray, limbs: Limbs, paid: np.ndarray | None, limb: int) -> np.ndarray:
    """``A @ limbs``, rounded down; ``paid`` is the sum of the negative coefficients of each row."""
    value = A @ limbs.high
    if limbs.low is None and limbs.exact:
        return value
    low = np.zeros_like(value) if limbs.low is None else A @ limbs.low
    if not limbs.exact:
        assert paid is not None
        low += paid.reshape(-1, *(1,) * (value.ndim - 1))
    return value + np.floor(low * 2.0**-limb)


def _lines(prepared: Prepared, low: np.ndarray, high: np.ndarray) -> Lines:
    """The lines of relus for bounds over 2^scale, (N, m), which are rounded outwards."""
    high = np.maximum(low, high)  # where bounds cross there is no input, and any bound holds
    size = np.maximum(np.abs(low), np.abs(high)).max(1).astype(float)
    over = np.maximum(np.frexp(size)[1] - prepared.limb + 2, 0)[:, None]
    low, high = low >> over, -(-high >> over)
    open_ = (low < 0) & (high > 0)
    upper = np.where(open_, -(-(high << UPPER) // np.where(open_, high - low, 1)), 2**UPPER)
    upper[high <= 0] = 0
    lower = np.where(open_, high > -low, high > 0)
    unit, drop = prepared.scale - over[:, 0], np.where(open_, low, 0.0)
    low, high = np.maximum(low, 0.0), np.maximum(high, 0.0)
    return Lines(unit, low, high, drop, upper * 2.0**-UPPER, lower.astype(float))


def _weights(
    prepared: Prepared, nodes: Nodes, least: np.ndarray, slope: np.ndarray, unit: np.ndarray
) -> np.ndarray:
    """Weights (N, rows) over 2^MIX of a case's rows, by fictitious play: rows against inputs, on
    the linear bounds. Any weights are sound, and these are the same on every machine."""
    low, high = nodes.low[:, None], nodes.high[:, None]
    corner = np.where(slope > 0, low, high)
    real = np.ldexp(slope, -unit[..., None])
    weights, values = np.zeros_like(slope[..., 0]), least
    for _ in range(2**MIX):
        weights[np.arange(len(nodes)), values.argmax(1)] += 1
        total = np.zeros(nodes.low.shape)
        for row in range(least.shape[-1]):  # in this order, on every machine
            total += weights[:, row, None] * real[:, row]
        x = np.where(total[:, None] > 0, low, high)
        values = _sum(least, (slope * (x - corner)).sum(2), prepared.scale - unit)
    return weights


def _sum(rest: np.ndarray, value: np.ndarray, power: np.ndarray) -> np.ndarray:
    """``rest + value 2^power`` for integers below 2^53, rounded down."""
    with np.errstate(over="ignore"):
        added = np.floor(np.ldexp(value, np.maximum(power, -MANTISSA - 2)))
    for numbers in (added, total := rest + np.clip(added, -LARGEST, LARGEST).astype(np.int64)):
        if numbers.size and max(-numbers.min(), numbers.max()) >= LARGEST:
            raise Refused("a bound is too large for the scale")
    return total


def clipped(prepared: Prepared, nodes: Nodes, found: Found) -> tuple[np.ndarray, np.ndarray]:
    """The part of each box in which an open case can be violated, by the rows' linear bounds;
    where there is none, a lower end is above the upper one.

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


def halves(nodes: Nodes, axis: np.ndarray) -> Nodes:
    """The lower halves of N boxes, and then the upper halves, cut in the middle of an input."""
    index = np.arange(len(nodes))
    left, right = nodes.high.copy(), nodes.low.copy()
    middle = np.floor((nodes.low[index, axis] + nodes.high[index, axis]) / 2)
    left[index, axis] = right[index, axis] = middle
    known = [(np.concatenate([a, a]), np.concatenate([b, b])) for a, b in nodes.known]
    low, high = np.concatenate([nodes.low, right]), np.concatenate([left, nodes.high])
    return Nodes(low, high, tuple(known), np.tile(nodes.at, 2))


def check(claim: Claim, scale: int, trees: Sequence[Sequence[int]], batch: int = 48) -> int:
    """Check the tree of each region, of which ``batch`` nodes are bounded together. A tree is in
    preorder, and an entry is `LEAF` or the input that is split. Return the number of leaves.

    Raises:
        Refused: trees that do not show the claim.
    """
    if len(trees) != len(claim.regions):
        raise Refused(f"the proof has {len(trees)} trees for {len(claim.regions)} regions")
    pairs = enumerate(zip(claim.regions, trees, strict=True))
    return sum(_checked(prepare(claim, r, scale), tree, at, batch) for at, (r, tree) in pairs)


def _checked(prepared: Prepared, tree: Sequence[int], region: int, batch: int) -> int:
    second = _second_children(tree, len(prepared.width))
    entries, stack = np.array(tree), [root(prepared)]
    while stack:
        found = bounded(prepared, nodes := popped(stack, batch))
        low, high = clipped(prepared, nodes, found)
        entry, empty = entries[nodes.at], np.any(low > high, axis=1)
        failed = np.flatnonzero((entry == LEAF) & ~empty)
        if len(failed):
            leaf = int(nodes.at[failed[0]])
            least = ", ".join(f"{n * 2.0**-prepared.scale:.3g}" for n in found.least[failed[0]])
            raise Refused(f"region {region}: leaf {leaf} does not close; its bounds: {least}")
        inner = np.flatnonzero(entry != LEAF)
        if len(inner):
            gone = empty[:, None]  # nothing is left to be split there, but the tree goes on
            low, high = np.where(gone, nodes.low, low), np.where(gone, nodes.high, high)
            rest = replace(nodes, low=low, high=high, known=found.known).take(inner)
            after = [second[int(place)] for place in rest.at]
            children = halves(rest, entry[inner])
            stack.append(replace(children, at=np.concatenate([rest.at + 1, after])))
    return int((entries == LEAF).sum())


def popped(stack: list[Nodes], batch: int) -> Nodes:
    """Up to ``batch`` nodes from the top of the stack."""
    top = stack.pop()
    if len(top) > batch:
        stack.append(top.take(slice(batch, None)))
    return top.take(slice(0, batch))


def _second_children(tree: Sequence[int], inputs: int) -> dict[int, int]:
    """The place of the second child of each inner node; the first child follows its parent."""
    second: dict[int, int] = {}
    waiting: list[int] = [-1]
    for place, entry in enumerate(tree):
        if type(entry) is not int or not LEAF <= entry < inputs or not waiting:
            raise Refused(f"entry {place} of a tree is {entry!r}, neither an input nor a leaf")
        if entry != LEAF:
            waiting.append(place)
            continue
        while waiting and (waiting[-1] in second or waiting[-1] < 0):
            waiting.pop()
        if waiting:
            second[waiting[-1]] = place + 1
    if waiting:
        raise Refused("a tree ends before its last leaf")
    return second
