"""Bounds on the layers of a network, one after the other.

Interval bounds come first. Then rows are bounded backwards, in groups, where the relaxation of the
function depends on it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

import numpy as np

from abduce.clock import check
from abduce.verify.bounds.affine import expressions
from abduce.verify.bounds.affine.expressions import Expression
from abduce.verify.bounds.affine.groups import row_groups
from abduce.verify.bounds.affine.layers import Layer, Layers
from abduce.verify.bounds.affine.matrices import rows_on
from abduce.verify.bounds.effort import SECOND
from abduce.verify.bounds.functions.matrix_products import Centred
from abduce.verify.bounds.functions.relaxations import Function, lines, values
from abduce.verify.bounds.functions.softmax import SoftmaxOfGaps, softmax_planes
from abduce.verify.bounds.propagation.backward import Bounds, Lower, lower_bounds
from abduce.verify.bounds.propagation.bilinear import correlated
from abduce.verify.bounds.propagation.interval import Interval, affine, widened
from abduce.verify.bounds.propagation.sharp import sharp_bounds
from abduce.verify.strategy import AUTOMATIC, BoundsConfig


def bound_layers(
    network: Layers,
    box: Interval,
    within: Sequence[Interval] | None = None,
    linear: bool = True,
    deadline: float = np.inf,
    config: BoundsConfig = AUTOMATIC.bounds,
    assumed: Mapping[int, np.ndarray] = MappingProxyType({}),
) -> Bounds:
    """Bounds on every layer over a batch of boxes.

    Args:
        box: (D, inputs) each.
        within: bounds on the pre-activations that are known to hold, such as those of a larger box.
        linear: whether to bound backwards; intervals alone otherwise.
        deadline: the ``clock.wall_s()`` at which to give up.
        assumed: the entries of each layer for which ``within`` has assumptions of a case.

    Raises:
        OutOfTime: within about a second after the deadline.
    """
    patience = network.effort.spent + config.patience * SECOND
    known = Bounds(
        box, after=[box], deadline=deadline, patience=patience, assumed=assumed, config=config
    )
    for index, layer in enumerate(network.layers):
        check(deadline)
        low, high = widened(affine(layer.before, known.after), known.note_noise(network))
        if within is not None:
            low, high = np.maximum(low, within[index][0]), np.minimum(high, within[index][1])
        if linear and not layer.function.is_identity and index > 0:
            low, high = refined(network, known, layer.before, layer.function, low, high)
        note_layer(network, known, layer, low, high)
        relaxed = known.lines[-1]
        if linear and isinstance(relaxed, Centred) and network.effort.spent < known.patience:
            known.lines[-1] = correlated(network, known, layer, relaxed)
        if linear and isinstance(layer.function, SoftmaxOfGaps):
            value = expressions.value(index + 1, layer.size)
            low, high = refined(network, known, value, None, *known.after[-1])
            _note_softmax(known, layer.function, (low, high))
    return known


def note_layer(
    network: Layers,
    known: Bounds,
    layer: Layer,
    low: np.ndarray,
    high: np.ndarray,
    within: Interval | None = None,
) -> None:
    """Adds bounds on the pre-activation of the next layer, and what follows from them.

    Where lower and upper bounds cross, the box is empty, and any bound holds.

    Args:
        within: bounds that the values of a softmax are known to have.
    """
    known.empty |= (low > high).any(-1)
    high = np.maximum(low, high)
    known.before.append((low, high))
    known.after.append(values(layer.function, low, high))
    active = None
    if network.dense and layer.function.is_hinge:
        wanted = (high > 0).any(0)
        if len(known.before) in known.assumed:
            wanted |= known.assumed[len(known.before)]
        active = np.flatnonzero(wanted)
        low, high = low[:, active], high[:, active]
    known.active.append(active)
    known.lines.append(lines(layer.function, low, high))
    if within is not None and isinstance(layer.function, SoftmaxOfGaps):
        _note_softmax(known, layer.function, within)


def _note_softmax(known: Bounds, function: SoftmaxOfGaps, within: Interval) -> None:
    """Improves the bounds on the values of a softmax, and with them its planes."""
    low, high = known.after[-1]
    low, high = np.maximum(low, within[0]), np.minimum(high, within[1])
    known.after[-1] = low, np.maximum(low, high)
    known.lines[-1] = softmax_planes(function, *known.before[-1], known.after[-1])


def refined(
    network: Layers,
    known: Bounds,
    x: Expression,
    function: Function | None,
    low: np.ndarray,
    high: np.ndarray,
) -> Interval:
    """The bounds on x, with its noise, improved backwards where the function depends on them. If
    one box has many undecided relus, the end that may decide the sign is bounded first, and the
    other end only where the sign stays open.

    Args:
        function: the function of x; None where bounds on x itself are wanted.
    """
    low, high = low.copy(), high.copy()
    if function is None or not function.is_hinge:
        few = isinstance(function, SoftmaxOfGaps) and x.size <= known.config.gaps
        bound = partial(sharp_bounds, every=True) if few else lower_bounds
        _improve(network, known, x, np.arange(x.size), None, low, high, bound)
        return low, high
    wanted = np.flatnonzero(((low < 0) & (high > 0)).any(0))
    if known.domains > 1 or len(wanted) < known.config.one_end:
        _improve(network, known, x, wanted, None, low, high)
    else:
        sign = np.where(low[0] + high[0] > 0, 1.0, -1.0)
        if _improve(network, known, x, wanted, sign, low, high):
            wanted = wanted[((low < 0) & (high > 0))[0, wanted]]
            _improve(network, known, x, wanted, -sign, low, high)
    if any(isinstance(relaxed, Centred) for relaxed in known.lines):
        wanted = np.flatnonzero(((low < 0) & (high > 0)).any(0))
        bound = partial(sharp_bounds, joint=False)
        _improve(network, known, x, wanted, None, low, high, bound)
    return low, high


def _improve(
    network: Layers,
    known: Bounds,
    x: Expression,
    rows: np.ndarray,
    sign: np.ndarray | None,
    low: np.ndarray,
    high: np.ndarray,
    bound: Callable[..., Lower] = lower_bounds,
) -> bool:
    """Improves bounds of some rows in place, by groups; returns whether it reached the last group.

    Args:
        sign: 1 for each entry of x of which only the lower end counts, -1 for one of which only the
            upper end does; None for both ends.
        bound: what finds the bounds, as `lower_bounds` does.
    """
    ends = 2 if sign is None else 1
    config = known.config
    most = max(1, config.entries // max(1, ends * known.domains * max(network.sizes)))
    groups = list(row_groups(x, rows, most))
    np.random.default_rng(0).shuffle(groups)  # type: ignore[arg-type]
    gain, count = 0.0, 0
    while groups:
        if network.effort.spent >= known.patience:
            return False
        some = groups.pop()
        signs = np.repeat([1.0, -1.0], len(some)) if sign is None else sign[some]
        try:
            found = _ends(network, known, x, some, signs, bound)
        except MemoryError:
            if len(some) == 1:
                raise
            groups += np.array_split(some, 2)
            continue
        width = high[:, some] - low[:, some]
        places, up = np.tile(some, ends), signs > 0
        if known.noise[-1] is not None:
            found = np.nextafter(found - known.noise[-1][:, places], -np.inf)
        low[:, places[up]] = np.maximum(low[:, places[up]], found[:, up])
        high[:, places[~up]] = np.minimum(high[:, places[~up]], -found[:, ~up])
        gain += _gain(low[:, some], high[:, some], width)
        count += len(some)
        if count >= config.probe and gain < config.least_gain * count:
            return False
    return True


def _ends(
    network: Layers,
    known: Bounds,
    x: Expression,
    rows: np.ndarray,
    signs: np.ndarray,
    bound: Callable[..., Lower],
) -> np.ndarray:
    """Lower bounds of rows of x times signs; with twice as many signs, of the rows twice."""
    terms = {j: rows_on(m, rows) for j, m in x.terms.items()}
    times_ = len(signs) // len(rows)
    signed = {j: np.tile(a, (times_, 1)) * signs[:, None] for j, (a, _) in terms.items()}
    entries = {j: index for j, (_, index) in terms.items() if index is not None}
    constant = np.tile(x.bias[rows], times_) * signs
    return bound(network, known, signed, constant, entries=entries).value


def _gain(low: np.ndarray, high: np.ndarray, width: np.ndarray) -> float:
    """How much narrower intervals became, from 0 to 1 each, summed over rows. An interval without 0
    inside counts as 1.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where((low >= 0) | (high <= 0), 1.0, 1.0 - (high - low) / width)
    return float(np.nan_to_num(share, nan=1.0).mean(0).sum())
