"""Subdomains of a search over inputs: batches of boxes, selected, joined and halved."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Boxes:
    """N subdomains that are not decided yet: boxes of inputs.

    Attributes:
        low, high: (N, inputs).
        open: the cases that are not refuted yet, (N, C).
        bound: the least lower bound of an open case on the parent box, (N,).
        within: known bounds on the pre-activations, (N, size) for each layer; at the root the
            assumptions of the cases, or None.
        id, parent: numbers for the ledger of the search, (N,).
    """

    low: np.ndarray
    high: np.ndarray
    open: np.ndarray
    bound: np.ndarray
    within: tuple[tuple[np.ndarray, np.ndarray], ...] | None
    id: np.ndarray
    parent: np.ndarray

    def __len__(self) -> int:
        return len(self.low)

    def take(self, index: np.ndarray | slice) -> "Boxes":
        within = self.within and tuple([(a[index], b[index]) for a, b in self.within])
        return Boxes(
            self.low[index],
            self.high[index],
            self.open[index],
            self.bound[index],
            within,
            self.id[index],
            self.parent[index],
        )


def joined(parts: list[Boxes]) -> Boxes:
    """The boxes of several batches, in order."""
    if len(parts) == 1:
        return parts[0]
    within = None
    if all(p.within is not None for p in parts):
        layers = zip(*[p.within for p in parts], strict=True)  # type: ignore[misc]
        within = tuple(
            [
                (np.concatenate([a for a, _ in layer]), np.concatenate([b for _, b in layer]))
                for layer in layers
            ]
        )
    return Boxes(
        np.concatenate([p.low for p in parts]),
        np.concatenate([p.high for p in parts]),
        np.concatenate([p.open for p in parts]),
        np.concatenate([p.bound for p in parts]),
        within,
        np.concatenate([p.id for p in parts]),
        np.concatenate([p.parent for p in parts]),
    )


def parted(boxes: Boxes) -> np.ndarray:
    """The inputs that have a floating-point number between their bounds, (N, inputs)."""
    middle = (boxes.low + boxes.high) / 2
    return (boxes.low < middle) & (middle < boxes.high)


def halved(boxes: Boxes, at: np.ndarray) -> tuple[Boxes, Boxes]:
    """Each box cut in the middle of its input ``at``, (N,)."""
    index = np.arange(len(boxes))
    middle = (boxes.low[index, at] + boxes.high[index, at]) / 2
    left_high, right_low = boxes.high.copy(), boxes.low.copy()
    left_high[index, at], right_low[index, at] = middle, middle
    return replace(boxes, high=left_high), replace(boxes, low=right_low)
