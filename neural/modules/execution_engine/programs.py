"""The loops around the engines: written by hand, batched over inputs.

What is learned is each step: which number is least and where it stands, sums, the next mask. Wrong
masks and pointers are followed wherever they lead.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from abduce.neural.modules.execution_engine.examples import BITS
from abduce.neural.modules.execution_engine.numbers import from_bits, infinity, to_bits

END = infinity(BITS) + 1
ONCE = 4096
"""The number of pairs computed at once."""
Note = Callable[[str], None]
"""Called with each step of the first input."""


def written(value: int, bits: int = BITS) -> str:
    """A number as an engine means it.

    >>> written(7), written(256)
    ('7', 'infinity')
    """
    return {infinity(bits): "infinity", infinity(bits) + 1: "end"}.get(value, str(value))


class Runner:
    """An engine that takes and gives whole numbers."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.device = next(engine.parameters()).device

    def step(self, values: np.ndarray, visible: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The numbers written and the places pointed at, (batch), for lists (batch, entries)."""
        bits = self._sent(to_bits(values, self.engine.bits))
        logits, scores = self.engine(bits, self._sent(visible))
        written = from_bits((logits > 0).cpu().numpy())
        return written, scores.argmax(-1).cpu().numpy()

    def masked(self, visible: np.ndarray, pointer: np.ndarray) -> np.ndarray:
        """The next mask, as the engine predicts it."""
        return self.engine.masked(self._sent(visible), self._sent(pointer)).cpu().numpy()

    def of_pairs(self, values: np.ndarray, end: bool = False) -> np.ndarray:
        """The numbers written for pairs (pairs, 2), of which both are visible; with an end where
        the engine knows lists."""
        if end:
            values = np.concatenate((values, np.full((len(values), 1), END)), 1)
        parts = [values[n : n + ONCE] for n in range(0, len(values), ONCE)]
        found = [self.step(part, np.ones(part.shape, dtype=bool))[0] for part in parts]
        return np.concatenate(found) if found else np.empty(0, dtype=np.int64)

    def _sent(self, array: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(array).to(self.device)


def selection_sort(select: Any, values: np.ndarray, note: Note | None = None) -> np.ndarray:
    """Lists (batch, entries) in order, as the engine writes them."""
    engine, (batch, length) = Runner(select), values.shape
    values = np.concatenate((values, np.full((batch, 1), END)), 1)
    visible = np.ones(values.shape, dtype=bool)
    found = np.empty((batch, length), dtype=np.int64)
    for n in range(length):
        found[:, n], places = engine.step(values, visible)
        _noted(note, "select", found[:, n], places, visible)
        visible = engine.masked(visible, np.arange(length + 1) == places[:, None])
        visible[:, -1] = True
    return found


def merge_sort(merge: Any, values: np.ndarray, note: Note | None = None) -> np.ndarray:
    """Lists (batch, entries) in order: runs of one, of two, of four and so on are merged."""
    batch, length = values.shape
    size = 1 << (length - 1).bit_length()
    runs = np.full((batch, size), infinity(BITS))
    runs[:, :length] = values
    run = 1
    while run < size:
        runs = _merged(Runner(merge), runs.reshape(-1, 2, run), note).reshape(batch, size)
        run *= 2
    return runs[:, :length]


def _merged(engine: Runner, runs: np.ndarray, note: Note | None) -> np.ndarray:
    """Pairs of runs (pairs, 2, run) as runs of twice the length; the first pair is noted."""
    pairs, _, run = runs.shape
    values = np.full((pairs, 2, run + 1), END)
    values[:, :, :run] = runs
    values = values.reshape(pairs, -1)
    visible = np.tile(np.arange(run + 1) == 0, (pairs, 2))
    found = np.empty((pairs, 2 * run), dtype=np.int64)
    for n in range(2 * run):
        found[:, n], places = engine.step(values, visible)
        _noted(note, f"merge {2 * run}", found[:, n], places, visible)
        visible = engine.masked(visible, np.arange(values.shape[1]) == places[:, None])
        visible[~visible.any(1), -1] = True  # a wrong mask may hide all
    return found


def search(
    modules: Mapping[str, Any],
    weights: np.ndarray,
    sources: np.ndarray,
    *,
    paths: bool,
    note: Note | None = None,
) -> np.ndarray:
    """The keys of all nodes after Dijkstra's algorithm, or Prim's.

    Args:
        modules: `select`, and `add` where paths are sought.
        weights: (batch, nodes, nodes), -1 where there is no edge.
        sources: (batch).
        paths: whether keys are sums along paths, as Dijkstra's, or weights of edges, as Prim's.
    """
    select = Runner(modules["select"])
    batch, nodes, _ = weights.shape
    rows = np.arange(batch)
    keys = np.full((batch, nodes + 1), infinity(BITS))
    keys[:, -1], keys[rows, sources] = END, 0
    visible = np.ones(keys.shape, dtype=bool)
    for _ in range(nodes):
        least, places = select.step(keys, visible)
        _noted(note, "select", least, places, visible)
        pointer = np.arange(nodes + 1) == places[:, None]
        goes_on = ((places < nodes) & (least < infinity(BITS)))[:, None]
        edges = weights[rows, np.minimum(places, nodes - 1)]
        graph, node = np.nonzero((edges >= 0) & goes_on & (paths | visible[:, :-1]))
        offered = edges[graph, node]
        if paths:
            sums = Runner(modules["add"]).of_pairs(np.stack((least[graph], offered), 1))
            offered = np.minimum(sums, infinity(BITS))
        offers = np.stack((keys[graph, node], offered), 1)
        keys[graph, node] = select.of_pairs(offers, end=True)
        visible = select.masked(visible, pointer)
        visible[:, -1] = True
    return keys[:, :-1]


def _noted(
    note: Note | None, name: str, values: np.ndarray, places: np.ndarray, visible: np.ndarray
) -> None:
    """One step of the first input: what is written, where that is pointed at, among how many."""
    if note is not None:
        seen = int(visible[0].sum())
        note(f"{name:<9}{written(int(values[0]))} at place {places[0]}, {seen} visible")
