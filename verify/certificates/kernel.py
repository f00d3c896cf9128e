"""The kernel of the checker: integer bounds of relu networks, at the leaves of trees of splits.

It imports numpy and nothing of Abduce. A claim is a network with relu between its affine layers,
and regions: boxes of inputs with cases, none of which any input in the box may violate. A proof has
a tree for each region. It splits boxes in the middle of an input, and cells (boxes that are not
split further) at the signs of pre-activations. A leaf may have choices: slopes of lower lines,
multipliers of signs, weights of rows. Any choice is sound, and all bounds are computed here.

**Arithmetic.** Every number is an integer times a power of two. Arrays that enter sums of products
hold integers in float64; `prepare` limits their sizes, so that all sums stay below 2^53 and are
exact in any order. Every rounding is an explicit floor, sound in a lower bound for one of these:

- a coefficient on a value v >= 0 may be rounded down. So inputs are counted from the lower corner
  of their box. Weights are rounded down, and a negative coefficient pays a unit for each;
- an undecided relu has v <= s (z - l) for each s >= u / (u - l), and z - l >= 0. So for c < 0, the
  product c s may be rounded down. For c > 0, c v >= b z for each b from 0 to c;
- where z >= 0 is known, a coefficient on z may be lowered; where z <= 0 is known, raised.

A row (A, unit, rest) is the number ``A @ v 2^-unit + rest 2^-scale``, bounded from below.

Source: Zhang et al. 2018 (CROWN); Wang et al. 2021 (Beta-CROWN). The integers are Abduce's.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import NamedTuple

import numpy as np

MANTISSA = 53  # integers up to 2^53 are exact in float64
LARGEST = 2**56  # bounds stay below it; so up to 64 of them are added in int64
FINEST = 64  # corners of boxes are integers over at most 2^64
UPPER = 24  # slopes of upper lines are k / 2^24
SLOPE = 8  # chosen slopes of lower lines are k / 8
MIX = 6  # weights of rows are k / 2^6
FINE = 16  # multipliers are k / 2^16
LEAF = -1
CASES = -2  # the children of a node show one case each
DEEPEST = 30  # layers
MOST = 256  # leaves that are bounded together


class Refused(Exception):
    """A proof that does not show its claim. The text names the leaf that fails; ``box`` has the
    ends of its inputs."""

    box: Sequence[tuple[Fraction, Fraction]] = ()


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

    def take(self, index: np.ndarray | slice) -> "Rows":
        return Rows(self.A[index], self.unit[index], self.rest[index])


class Short(NamedTuple):
    """``number / 2^shift``, integers in float64; less than one is missing where not ``exact``."""

    number: np.ndarray
    shift: int
    exact: bool


class Prepared(NamedTuple):
    """A region's network in fixed point: bounds are integers over 2^scale.

    Attributes:
        corner, step: input i is ``corner[i] + k step[i]`` for an integer k from 0 to ``width[i]``.
        hidden: for each relu layer its rows (2m: each and its negative), weight and bias.
        goals: R rows in one unit; owner, strict: the case of each, and whether 0 is enough for it.
        bits, limb: limits on coefficients, and on bounds and weights.
    """

    scale: int
    corner: list[Fraction]
    step: list[Fraction]
    width: np.ndarray
    hidden: tuple[tuple[Rows, Short, Short], ...]
    goals: Rows
    owner: np.ndarray
    strict: np.ndarray
    bits: int
    limb: int

    @property
    def sizes(self) -> list[int]:
        """The numbers of pre-activations of the relu layers."""
        return [len(rows.rest) // 2 for rows, _, _ in self.hidden]


class Boxes(NamedTuple):
    """N boxes, (N, n) each; bounds over 2^scale on the pre-activations of each relu layer, (N, m);
    and the neurons of each layer that take part even where they are 0, (m,)."""

    low: np.ndarray
    high: np.ndarray
    known: list[tuple[np.ndarray, np.ndarray]]
    kept: list[np.ndarray]

    def take(self, index: np.ndarray) -> "Boxes":
        known = [(low[index], high[index]) for low, high in self.known]
        return Boxes(self.low[index], self.high[index], known, [a.copy() for a in self.kept])


class Lines(NamedTuple):
    """The lines of a relu layer in N boxes, (N, m'), for the m' neurons that take part: intervals
    of values and least pre-activations of undecided relus, over 2^unit (N,); and the slopes.
    ``signed`` is 1 where a pre-activation is never negative, -1 where never positive."""

    active: np.ndarray
    unit: np.ndarray
    low: np.ndarray
    high: np.ndarray
    drop: np.ndarray
    upper: np.ndarray
    lower: np.ndarray
    signed: np.ndarray


class Choice(NamedTuple):
    """Weights of the rows of a case over 2^MIX, and for all neurons slopes and multipliers."""

    weights: np.ndarray
    slopes: np.ndarray
    multipliers: np.ndarray


class Leaf(NamedTuple):
    """Its place in the tree, its cell, the signs of neurons, and the case (None: all)."""

    place: int
    cell: int
    signs: tuple[tuple[int, int], ...]
    case: int | None


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
        for q in (row.outputs for case in region.cases for row in case):
            if len(q) != sizes[-1] or any(each.denominator.bit_count() != 1 for each in q):
                raise Unfit("an inequality whose coefficients are no integers over powers of two")
    return claim


def prepare(claim: Claim, region: Region, scale: int) -> Prepared:
    """A region's network in fixed point; raises `Refused` where the scale does not fit."""
    if not 0 <= scale <= 60 or len(claim.layers) > DEEPEST:
        raise Refused(f"the scale is {scale}, not 0 to 60, or there are over {DEEPEST} layers")
    room = MANTISSA - 2 - max(max(layer.weight.shape) for layer in claim.layers).bit_length()
    bits, limb = (room + 1) // 2, room // 2
    few = MANTISSA - 2 - bits - len(region.low).bit_length()
    first, corner, step, width = _from_corner(claim.layers[0], region, few)
    *layers, last = [first, *claim.layers[1:]]
    hidden = []
    for layer in layers:
        both = np.concatenate([layer.weight, -layer.weight])
        rest = [(int(b) << scale) >> layer.shift for b in [*layer.bias, *-layer.bias]]
        short = [_short(numbers, layer.shift, limb) for numbers in (layer.weight, layer.bias)]
        hidden.append((_rows(both, layer.shift, rest, bits, False), *short))
    rows = [row for case in region.cases for row in case]
    under = max(q.denominator for row in rows for q in row.outputs)
    over = np.array([[int(q * under) for q in row.outputs] for row in rows], object)
    bias, shift = over @ last.bias, last.shift + under.bit_length() - 1
    least = [Fraction(int(b), 2**shift) - row.bound for b, row in zip(bias, rows, strict=True)]
    rest = [floor(number * 2**scale) for number in least]
    goals = _rows(over @ last.weight, shift, rest, bits, True)
    owner = np.repeat(np.arange(len(region.cases)), [len(case) for case in region.cases])
    strict = np.array([row.strict for row in rows])
    return Prepared(scale, corner, step, width, tuple(hidden), goals, owner, strict, bits, limb)


def _from_corner(layer: Affine, region: Region, bits: int) -> tuple:
    """The first layer for inputs ``corner_i + k_i step_i``, as a layer on the integers k_i; and the
    greatest k_i, below 2^bits. The box is rounded outwards."""
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
    first = Affine(layer.weight * factors, bias * 2**finest, shift)
    return first, corner, [1 / Fraction(2) ** grid for grid in grids], np.array(width, float)


def _rows(numbers: np.ndarray, shift: int, rest: list[int], bits: int, together: bool) -> Rows:
    """Rows of integers over 2^shift, rounded down to ``bits`` bits, maybe in one unit."""
    tops = [max(abs(int(n)) for n in row).bit_length() for row in numbers]
    tops = [max(tops)] * len(tops) if together else tops
    pairs = zip(numbers, tops, strict=True)
    A = np.array([[(int(n) << bits) >> top for n in row] for row, top in pairs], float)
    if max(abs(number) for number in rest) >= LARGEST:
        raise Refused("a bound is too large for the scale")
    return Rows(A, np.array([shift + bits - top for top in tops]), np.array(rest))


def _short(numbers: np.ndarray, shift: int, limb: int) -> Short:
    """Integers over 2^shift, rounded down to ``limb`` bits."""
    top = max(abs(int(n)) for n in numbers.ravel()).bit_length()
    wide, more = numbers * 2 ** max(0, limb - top), 2 ** max(0, top - limb)
    exact = bool((wide // more * more == wide).all())
    return Short((wide // more).astype(float), shift + limb - top, exact)


def bounded(prepared: Prepared, low: np.ndarray, high: np.ndarray) -> Boxes:
    """Boxes (N, n) with bounds on all pre-activations: by intervals of the values before, and by
    backward linear bounds, of relus that are always 0 only the former."""
    boxes = Boxes(low, high, [], [np.zeros(size, bool) for size in prepared.sizes])
    lines: list[Lines] = []
    unit = np.zeros(len(low), int)
    for number, (rows, _, _) in enumerate(prepared.hidden):
        size, rows = len(rows.rest) // 2, _active(rows, lines)
        negative = np.minimum(rows.A, 0.0)
        value = low @ (rows.A - negative).T + high @ negative.T
        least = _sum(rows.rest, (value, prepared.scale - unit[:, None] - rows.unit))
        under, over = least[:, :size], -least[:, size:]
        box, entry = np.nonzero(over > 0)
        if number and len(box):
            both = (entry[:, None] + [0, size]).ravel()
            least = _back(prepared, boxes, lines, rows.take(both), np.repeat(box, 2)).rest
            under[box, entry] = np.maximum(under[box, entry], least[0::2])
            over[box, entry] = np.minimum(over[box, entry], -least[1::2])
        boxes.known.append((under, over))
        lines.append(_lines(prepared, boxes, number))
        low, high, unit = lines[-1].low, lines[-1].high, lines[-1].unit
    return boxes


def _active(rows: Rows, lines: Sequence[Lines]) -> Rows:
    """Rows on those values of the last of these layers that take part."""
    return Rows(rows.A[:, lines[-1].active], rows.unit, rows.rest) if lines else rows


def _back(prepared: Prepared, boxes: Boxes, lines: Sequence[Lines], rows: Rows, of: np.ndarray,
          choices: Sequence[Choice] = ()) -> Rows:  # fmt: skip
    """Lower bounds of rows on the values of the last of these layers, each in its box ``of``, maybe
    with a choice each, and the rows on the inputs that they come from."""
    A, unit, terms, scale = rows.A, rows.unit, [], prepared.scale
    starts, most = np.cumsum([0, *prepared.sizes]), 2.0**prepared.bits
    slopes, multipliers = [np.array([each[i] for each in choices]) for i in (1, 2)]
    for place in range(len(lines) - 1, -1, -1):
        (_, weight, bias), line = prepared.hidden[place], lines[place]
        lower, mine = line.lower[of], starts[place] + line.active
        if choices:
            lower = np.where(line.drop[of] < 0, slopes[:, mine] / SLOPE, lower)
        A = np.floor(A * np.where(A > 0, lower, line.upper[of]))
        negative = np.minimum(A, 0.0)
        drop = np.einsum("mn,mn->m", negative, line.drop[of])
        terms.append((-drop, scale - unit - line.unit[of]))
        if choices:
            pushed = np.floor(np.ldexp(multipliers[:, mine], (unit - FINE)[:, None]))
            A = np.clip(A - line.signed[of] * np.minimum(pushed, 2 * most), -most, most)
            negative = np.minimum(A, 0.0)
        paid = negative @ np.ones(len(line.active))
        constant = A @ bias.number[line.active] + (0.0 if bias.exact else paid)
        terms.append((constant, scale - unit - bias.shift))
        matrix = weight.number[line.active]
        A = A @ (matrix[:, lines[place - 1].active] if place else matrix)
        A = A if weight.exact else A + paid[:, None]
        over = np.frexp(np.abs(A).max(1, initial=0.0))[1] - prepared.bits
        A = np.floor(A * np.ldexp(1.0, -over)[:, None])
        unit = unit + weight.shift - over
    value = np.einsum("mn,mn->m", A, np.where(A > 0, boxes.low[of], boxes.high[of]))
    return Rows(A, unit, _sum(rows.rest, *terms, (value, scale - unit)))


def _lines(prepared: Prepared, boxes: Boxes, place: int) -> Lines:
    """The lines of a relu layer, for bounds that are rounded outwards."""
    low, high = boxes.known[place]
    high = np.maximum(low, high)  # where bounds cross there is no input, and any bound holds
    size = np.maximum(np.abs(low), np.abs(high)).max(1).astype(float)
    over = np.maximum(np.frexp(size)[1] - prepared.limb + 2, 0)[:, None]
    active = np.flatnonzero((high > 0).any(0) | boxes.kept[place])
    low, high = ((low[:, active] >> over) * 1.0, (-high[:, active] >> over) * -1.0)
    open_ = (low < 0) & (high > 0)
    upper = np.ceil(high * 2.0**UPPER / np.where(open_, high - low, 1.0)) * 2.0**-UPPER
    upper, lower = np.where(open_, upper, high > 0), np.where(open_, high > -low, high > 0) * 1.0
    unit, signed = prepared.scale - over[:, 0], (low >= 0) * 1.0 - (high <= 0)
    drop, low, high = np.where(open_, low, 0.0), np.maximum(low, 0.0), np.maximum(high, 0.0)
    return Lines(active, unit, low, high, drop, upper, lower, signed)


def _sum(rest: np.ndarray, *terms: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """``rest`` and the sum of ``value 2^power`` for integers below 2^53, each rounded down."""
    for value, power in terms:
        with np.errstate(over="ignore"):
            added = np.floor(np.ldexp(value, np.maximum(power, -MANTISSA - 2)))
        if added.size and max(-added.min(), added.max()) >= LARGEST:
            raise Refused("a bound is too large for the scale")
        rest = rest + added.astype(np.int64)
    return rest


class Found(NamedTuple):
    """The bounds of N boxes: whether a case is not violated there, (N, C); least values of the
    rows, (N, R); and the linear bounds that they come from, (N, R, n) in units (N, R)."""

    closed: np.ndarray
    least: np.ndarray
    slope: np.ndarray
    unit: np.ndarray


def settled(prepared: Prepared, boxes: Boxes, choices: Mapping[tuple[int, int], Choice]) -> Found:
    """Bounds of the rows of all cases in boxes, without choices; and where these leave a case open,
    of the mean of its rows with the choice for box and case; a mean is violated where all are."""
    lines = [_lines(prepared, boxes, place) for place in range(len(prepared.hidden))]
    goals = _active(prepared.goals, lines)
    count, size = len(boxes.low), len(goals.rest)
    rows = goals.take(np.tile(np.arange(size), count))
    got = _back(prepared, boxes, lines, rows, np.repeat(np.arange(count), size))
    least, unit = got.rest.reshape(count, size), got.unit.reshape(count, size)
    mine = prepared.owner == np.arange(prepared.owner[-1] + 1)[:, None]
    shown = np.where(prepared.strict, least >= 0, least > 0)[:, None]
    closed = (shown & mine).any(2)
    for low, high in boxes.known:
        closed[(low > high).any(1)] = True  # there is no input
    pairs = [pair for pair in choices if not closed[pair]]
    if pairs:
        weights = np.zeros((len(pairs), size), np.int64)
        for at, (box, case) in enumerate(pairs):
            weights[at, mine[case]] = choices[box, case].weights
        A, of = np.floor(weights @ goals.A * 2.0**-MIX), np.array([box for box, _ in pairs])
        rows = Rows(A, np.full(len(of), goals.unit[0]), weights @ (goals.rest >> MIX))
        rest = _back(prepared, boxes, lines, rows, of, [choices[pair] for pair in pairs]).rest
        for pair, bound in zip(pairs, rest.tolist(), strict=True):
            closed[pair] = bound > 0 or (bound == 0 and prepared.strict[mine[pair[1]]].all())
    return Found(closed, least, got.A.reshape(count, size, -1), unit)


def assumed(prepared: Prepared, boxes: Boxes, signs: Sequence[Sequence[tuple[int, int]]]) -> Boxes:
    """The boxes, changed: these neurons, counted through all layers, have these signs there."""
    starts = np.cumsum([0, *prepared.sizes])
    for box, some in enumerate(signs):
        for neuron, sign in some:
            place = int(np.searchsorted(starts, neuron, "right")) - 1
            entry, end = neuron - starts[place], boxes.known[place][sign < 0]
            end[box, entry] = max(end[box, entry], 0) if sign > 0 else min(end[box, entry], 0)
            boxes.kept[place][entry] = True
    return boxes


def check(claim: Claim, scale: int, trees: Sequence, batch: int = 32) -> int:
    """Check a tree for each region, of which ``batch`` boxes are bounded together, and return the
    number of leaves. A tree is a pair: entries in preorder (`leaves_of`), choices (`choices_of`).
    Raises `Refused` for trees that do not show the claim."""
    if len(trees) != len(claim.regions):
        raise Refused(f"the proof has {len(trees)} trees for {len(claim.regions)} regions")
    pairs = enumerate(zip(claim.regions, trees, strict=True))
    return sum(_checked(prepare(claim, r, scale), tree, at, batch) for at, (r, tree) in pairs)


def _checked(prepared: Prepared, tree: Sequence, region: int, batch: int) -> int:
    low, high, leaves = leaves_of(prepared, tree[0])
    given = choices_of(prepared, tree[1], leaves)
    cells = np.array([leaf.cell for leaf in leaves])
    for cell in range(0, len(low), batch):
        whole = bounded(prepared, low[cell : cell + batch], high[cell : cell + batch])
        first, last = np.searchsorted(cells, [cell, cell + batch])
        for start in range(first, last, MOST):
            some = range(start, min(last, start + MOST))
            boxes = whole.take(cells[some.start : some.stop] - cell)
            boxes = assumed(prepared, boxes, [leaves[n].signs for n in some])
            mine = {(n - start, c): each for n in some for c, each in given.get(n, {}).items()}
            found = settled(prepared, boxes, mine)
            for at, leaf in enumerate(leaves[some.start : some.stop]):
                closed = found.closed[at]
                if not (closed.all() if leaf.case is None else closed[leaf.case]):
                    name = f"region {region}: leaf {leaf.place}"
                    raise _refused(prepared, boxes, found, at, name)
    return len(leaves)


def _refused(prepared: Prepared, boxes: Boxes, found: Found, at: int, name: str) -> Refused:
    shown = ", ".join(f"{n * 2.0**-prepared.scale:.3g}" for n in found.least[at])
    refused = Refused(f"{name} does not close; its bounds: {shown}")
    parts = zip(prepared.corner, prepared.step, boxes.low[at], boxes.high[at], strict=True)
    refused.box = [(c + int(low) * s, c + int(high) * s) for c, s, low, high in parts]
    return refused


def leaves_of(prepared: Prepared, tree: Sequence[int]) -> tuple:
    """The cells of a tree, (N, n) each, and its leaves. An entry is `LEAF`, an input that is split
    in its middle, after all inputs a neuron whose sign is split, first not negative, then not
    positive; or `CASES`. Inputs are split above neurons and cases."""
    inputs, neurons = len(prepared.width), sum(prepared.sizes)
    cases = range(int(prepared.owner[-1]) + 1)
    cells, leaves = [], []
    stack: list = [([0] * inputs, [int(k) for k in prepared.width], None, (), None)]
    for place, entry in enumerate(tree):
        if type(entry) is not int or not CASES <= entry < inputs + neurons or not stack:
            raise Refused(f"entry {place} of a tree is {entry!r}, no input, neuron or leaf")
        bottom, top, cell, signs, case = stack.pop()
        if 0 <= entry < inputs and cell is None:
            right, left = bottom.copy(), top.copy()
            left[entry] = right[entry] = (bottom[entry] + top[entry]) // 2
            stack += [(right, top, None, signs, case), (bottom, left, None, signs, case)]
            continue
        if cell is None:
            cell = len(cells)
            cells.append((bottom, top))
        if entry == LEAF:
            leaves.append(Leaf(place, cell, signs, case))
        elif entry == CASES and case is None:
            stack += [(bottom, top, cell, signs, each) for each in reversed(cases)]
        elif entry >= inputs:
            halves = [(*signs, (entry - inputs, sign)) for sign in (-1, 1)]
            stack += [(bottom, top, cell, half, case) for half in halves]
        else:
            raise Refused(f"entry {place} of a tree splits an input or cases below others")
    if stack:
        raise Refused("a tree ends before its last leaf")
    return *np.array(cells, float).swapaxes(0, 1), leaves


def choices_of(prepared: Prepared, choices: Sequence, leaves: Sequence[Leaf]) -> dict:
    """Each `Choice` by leaf and case. It is given as a list: the numbers of leaf and case, weights
    over 2^MIX of the rows of the case, a digit for each neuron (its slope times `SLOPE`), and the
    multipliers of the leaf's signs, over 2^FINE."""
    neurons, found = sum(prepared.sizes), dict[int, dict[int, Choice]]()
    for each in choices:
        try:
            number, case, weights, digits, multipliers = each
            signs = leaves[number].signs
            slopes = np.frombuffer(digits.encode("ascii"), np.uint8).astype(float) - ord("0")
            numbers = [number, case, *weights, *multipliers]
            fits = all(type(n) is int and 0 <= n < 2**MANTISSA for n in numbers)
            fits &= len(weights) == (prepared.owner == case).sum() and sum(weights) == 2**MIX
            fits &= len(slopes) == neurons and len(multipliers) == len(signs)
            if not fits or not ((slopes >= 0) & (slopes <= SLOPE)).all():
                raise ValueError
        except (TypeError, ValueError, AttributeError, IndexError):
            raise Refused(f"this is no choice: {str(each)[:60]}") from None
        spread = np.zeros(neurons)
        spread[[neuron for neuron, _ in signs]] = multipliers
        found.setdefault(number, {})[case] = Choice(np.array(weights), slopes, spread)
    return found
