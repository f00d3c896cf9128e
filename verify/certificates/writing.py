"""Writes certificates: a search in the kernel's own arithmetic, which follows an earlier search.

So what is written is known to be accepted. A box is split only where it does not close, so no split
could be dropped. It is split where the earlier search split its box; and beyond that, at the input
whose slope times width is largest in the rows of the open cases.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from abduce import clock
from abduce.verify.certificates.certificate import Certificate
from abduce.verify.certificates.claims import FileClaim
from abduce.verify.certificates.guiding import Guide, guide_of
from abduce.verify.certificates.kernel import (
    LEAF,
    Found,
    Nodes,
    Prepared,
    Refused,
    bounded,
    clipped,
    halves,
    popped,
    prepare,
    root,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WritingConfig:
    """How the search for a certificate goes.

    Attributes:
        scales: bounds are integers over 2^scale; the next scale is tried where a bound is too large
            for one.
        widest: each box whose depth is a multiple of this is split at its widest input: the slope
            of a loose bound says little.
        batch: the number of boxes that are bounded together.
    """

    scales: tuple[int, ...] = (40, 28, 16)
    widest: int = 4
    batch: int = 48


DEFAULT: Final = WritingConfig()


@dataclass(frozen=True, slots=True)
class NotWritten:
    """There is no certificate.

    Attributes:
        reason: what ended the search.
    """

    reason: str


def certificate_of(
    found: FileClaim,
    guides: Sequence[Guide] = (),
    deadline: float = np.inf,
    config: WritingConfig = DEFAULT,
) -> Certificate | NotWritten:
    """A certificate of the claim of two files.

    Args:
        guides: the trees of an earlier search, if there was one.
        deadline: ``clock.wall_s()`` at which the search ends.
    """
    reason = NotWritten("no scale to try")
    for scale in config.scales:
        trees = []
        try:
            for region in found.claim.regions:
                prepared = prepare(found.claim, region, scale)
                guide = guide_of(guides, region)
                tree = _tree(prepared, guide, deadline, config)
                if isinstance(tree, NotWritten):
                    return tree
                trees.append(tree)
        except Refused as refused:
            reason = NotWritten(str(refused))
            continue
        return Certificate(found.network, found.property_, scale, tuple(trees))
    return reason


def _tree(
    prepared: Prepared, guide: Guide | None, deadline: float, config: WritingConfig
) -> tuple[int, ...] | NotWritten:
    """The tree of a region, in preorder."""
    followed: dict[int, int] = {} if guide is None else {0: guide.root}
    splits: Mapping[int, tuple[int, int, int]] = {} if guide is None else guide.splits
    entries: list[int] = [LEAF]
    children: list[tuple[int, int]] = [(0, 0)]
    depths = [1]
    stack = [root(prepared)]
    while stack:
        if clock.passed(deadline):
            return NotWritten("out of time")
        nodes = popped(stack, config.batch)
        found = bounded(prepared, nodes)
        low, high = clipped(prepared, nodes, found)
        left = np.flatnonzero((low <= high).all(1))
        if not len(left):
            continue
        rest = replace(nodes, low=low, high=high, known=found.known).take(left)
        if (rest.high - rest.low).max(1).min() < 2:
            return NotWritten("a box cannot be split any more, and does not close")
        depth = np.array([depths[node] for node in rest.at])
        axis = _axes(prepared, found, left, rest, depth % config.widest == 0)
        guided = [splits.get(followed.get(int(node), -1)) for node in rest.at]
        for place, split in enumerate(guided):
            if split is not None and rest.high[place, split[0]] - rest.low[place, split[0]] >= 2:
                axis[place] = split[0]
        parts = halves(rest, axis)
        places = len(entries) + np.arange(len(parts))
        for node, entry, first, second, split in zip(
            rest.at, axis, places[: len(left)], places[len(left) :], guided, strict=True
        ):
            entries[node], children[node] = int(entry), (int(first), int(second))
            if split is not None and split[0] == entry:
                followed[int(first)], followed[int(second)] = split[1:]
        entries += [LEAF] * len(parts)
        children += [(0, 0)] * len(parts)
        depths += [*(depth + 1).tolist()] * 2
        stack.append(replace(parts, at=places))
    return tuple(_preorder(entries, children))


def _axes(
    prepared: Prepared, found: Found, left: np.ndarray, rest: Nodes, widest: np.ndarray
) -> np.ndarray:
    """The input of each open box that is split; the relatively widest one where that is wanted."""
    slope = np.abs(np.ldexp(found.slope[left], -found.unit[left][..., None]))
    open_ = ~found.closed[left][:, prepared.owner]
    width = rest.high - rest.low
    score = (slope * open_[..., None]).sum(1) * width
    score = np.where(widest[:, None], width / np.maximum(prepared.width, 1.0), score)
    return np.where(width < 2, -1.0, score).argmax(1)


def _preorder(entries: list[int], children: list[tuple[int, int]]) -> Iterator[int]:
    stack = [0]
    while stack:
        node = stack.pop()
        yield entries[node]
        if entries[node] != LEAF:
            stack += reversed(children[node])
