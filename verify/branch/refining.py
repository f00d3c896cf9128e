"""Improves intermediate bounds by branching: each of them is an objective of its own.

Layer by layer, better lower and upper bounds are searched for, on the pre-activations that matter
most to the open cases. Each round of a search splits the worst subdomain of every bound. Better
bounds of a layer improve those of later layers, and shorten the search for the cases.
"""

from collections.abc import Iterator

import numpy as np

from abduce.verify.bounds.affine.coefficients import spread
from abduce.verify.bounds.affine.layers import Layers
from abduce.verify.bounds.affine.matrices import rows_on
from abduce.verify.bounds.functions.matrix_products import Centred
from abduce.verify.bounds.propagation.backward import Bounds
from abduce.verify.bounds.propagation.interval import Interval, affine, widened
from abduce.verify.bounds.propagation.layerwise import note_layer
from abduce.verify.bounds.propagation.slopes import Frame, Objectives
from abduce.verify.branch.recording import Recorder
from abduce.verify.branch.scores import ActivationScore, Branching, relaxation_loss
from abduce.verify.branch.trees import Trees
from abduce.verify.ledger import Assumption, Neuron, Tightened
from abduce.verify.strategy import AUTOMATIC, ActivationConfig, AscentConfig, Strategy


def refined(
    network: Layers,
    old: Bounds,
    losses: dict[int, np.ndarray],
    rounds: int,
    strategy: Strategy = AUTOMATIC,
    branching: ActivationScore | Branching = relaxation_loss,
    recorder: Recorder | None = None,
    root: int = -1,
) -> Iterator[Bounds | int]:
    """Yields the number of subdomains bounded so far, repeatedly, and returns the better bounds.

    Args:
        old: bounds on one box.
        losses: how much the active entries of each value loosen the bounds of open cases,
            (active,).
        rounds: how often the worst subdomain of each bound is split; with 0, only slopes are
            improved.
        branching: chooses the activation at which a subdomain is split, and the point.
        recorder, root: where the subdomains are written, and the number of the box.
    """
    config = strategy.activations
    known = Bounds(
        old.box, after=[old.box], deadline=old.deadline, assumed=old.assumed, config=old.config
    )
    more = config.first_layer * rounds
    for j, layer in enumerate(network.layers, 1):
        low, high = widened(affine(layer.before, known.after), known.note_noise(network))
        low = np.maximum(low, old.before[j - 1][0])
        high = np.minimum(high, old.before[j - 1][1])
        if j in losses and j > min(losses):
            loss = losses[j]
            if old.active[j] is not None:
                loss = np.zeros(layer.before.size)
                loss[old.active[j]] = losses[j]
            entries = _entries(network, known, j, low[0], high[0], loss, more, config)
            frame, enough = _objectives(network, known, j, entries, strategy.ascent)
            if len(entries) and frame.free:
                goals = [Neuron(j, int(e), sign) for sign in (1, -1) for e in entries]
                trees = Trees(frame, enough, False, config, branching, recorder, goals, root)
                for _ in range(more):
                    if not trees.open:
                        break
                    yield trees.domains
                    trees.round(0)
                before = low, high
                low, high = _better(known, before, entries, trees.bounds(record=True))
                if recorder is not None and recorder.wanted:
                    least = np.where(low > before[0], low, -np.inf)[0, entries].tolist()
                    most = np.where(high < before[1], high, np.inf)[0, entries].tolist()
                    for ends in zip(entries.tolist(), least, most, strict=True):
                        recorder.write(Tightened(root, Assumption(j, *ends)))
                more = rounds
                yield trees.domains
        note_layer(network, known, layer, low, high, old.after[j])
        if isinstance(old.lines[j - 1], Centred):  # with smaller errors
            known.lines[-1] = old.lines[j - 1]
    yield known


def better(known: Bounds, old: Bounds) -> bool:
    """Whether any bound on a pre-activation is better than the old one."""
    pairs = zip(known.before, old.before, strict=True)
    return any(bool((a[0] > b[0]).any() or (a[1] < b[1]).any()) for a, b in pairs)


def _entries(
    network: Layers,
    known: Bounds,
    j: int,
    low: np.ndarray,
    high: np.ndarray,
    loss: np.ndarray,
    rounds: int,
    config: ActivationConfig,
) -> np.ndarray:
    """The entries whose bounds are worth a search; if they are too many, those that lose most."""
    wanted = loss > 0
    if network.layers[j - 1].function.is_hinge:
        wanted &= (low < 0) & (high > 0)
    found = np.flatnonzero(wanted)
    numbers = 0
    for i in range(1, j):
        if network.layers[i - 1].function.has_free_slopes:
            active = known.active[i]
            numbers += 5 * (known.before[i - 1][0].shape[1] if active is None else len(active))
    most = max(config.least_entries, config.numbers // (2 * (numbers + 1) * (rounds + 2)))
    return found if len(found) <= most else np.sort(found[np.argsort(-loss[found])[:most]])


def _objectives(
    network: Layers, known: Bounds, j: int, entries: np.ndarray, config: AscentConfig
) -> tuple[Frame, np.ndarray]:
    """The lower and upper bounds of entries as objectives, and the values at which they are good
    enough."""
    layer = network.layers[j - 1]
    x = layer.before
    rows = {i: spread(*rows_on(m, entries), network.sizes[i]) for i, m in x.terms.items()}
    both = {i: np.concatenate([a, -a])[:, None] for i, a in rows.items()}
    constant = np.concatenate([x.bias[entries], -x.bias[entries]])[:, None]
    objectives = Objectives(both, constant, np.ones_like(constant, bool))
    enough = np.full(len(constant), 0.0 if layer.function.is_hinge else np.inf)
    return Frame(network, known, objectives, config), enough


def _better(known: Bounds, ends: Interval, entries: np.ndarray, bounds: np.ndarray) -> Interval:
    low, high = ends[0].copy(), ends[1].copy()
    noise = known.noise[-1]
    least, most = widened(
        (bounds[: len(entries)], -bounds[len(entries) :]),
        None if noise is None else noise[0, entries],
    )
    low[0, entries] = np.maximum(low[0, entries], least)
    high[0, entries] = np.minimum(high[0, entries], most)
    return low, high
