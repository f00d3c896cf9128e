"""Writes certificates without a search of the verifier: boxes that do not close are split.

They are split at the input whose slope times width is largest in the rows of the open cases. Where
a case has several rows, mixtures of them are tried, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from abduce import clock
from abduce.verify.certificates.certificate import Certificate, ChoiceForm, Tree
from abduce.verify.certificates.choosing import form_of, mixture
from abduce.verify.certificates.claims import FileClaim
from abduce.verify.certificates.config import DEFAULT, WritingConfig
from abduce.verify.certificates.kernel import (
    LEAF,
    Boxes,
    Found,
    Prepared,
    Refused,
    bounded,
    prepare,
    settled,
)


@dataclass(frozen=True, slots=True)
class NotWritten:
    """There is no certificate.

    Attributes:
        reason: what ended the search.
    """

    reason: str


def certificate_of(
    found: FileClaim,
    deadline: float = np.inf,
    config: WritingConfig = DEFAULT,
) -> Certificate | NotWritten:
    """A certificate of the claim of two files.

    Args:
        deadline: ``clock.wall_s()`` at which the search ends.
    """
    reason = NotWritten("no scale to try")
    for scale in config.scales:
        trees = []
        try:
            for region in found.claim.regions:
                prepared = prepare(found.claim, region, scale)
                tree = _grown(prepared, deadline, config)
                if isinstance(tree, NotWritten):
                    return tree
                trees.append(tree)
        except Refused as refused:
            reason = NotWritten(str(refused))
            continue
        return Certificate(found.network, found.property_, scale, tuple(trees))
    return reason


@dataclass(slots=True, eq=False)
class _Node:
    """A node of a tree: a box, of integers, (n,) each.

    Attributes:
        axis, children: the input that is split, or `LEAF`.
        forms: the choices with which a leaf closes.
    """

    low: np.ndarray
    high: np.ndarray
    depth: int = 1
    axis: int = LEAF
    children: "tuple[_Node, ...]" = ()
    forms: Sequence[ChoiceForm] = ()


def _grown(prepared: Prepared, deadline: float, config: WritingConfig) -> Tree | NotWritten:
    """The tree of a region, all of whose leaves close."""
    root = _Node(np.zeros_like(prepared.width), prepared.width)
    stack = [root]
    while stack:
        if clock.passed(deadline):
            return NotWritten("out of time")
        nodes = stack[-config.batch :]
        del stack[-config.batch :]
        low, high = np.array([n.low for n in nodes]), np.array([n.high for n in nodes])
        boxes = bounded(prepared, low, high)
        found = _mixed(prepared, nodes, boxes)
        left = np.flatnonzero(~found.closed.all(1)).tolist()
        axes = _axes(prepared, nodes, boxes, found, left, config.widest) if left else []
        for box, axis in zip(left, axes, strict=True):
            node = nodes[box]
            middle = np.floor((node.low[axis] + node.high[axis]) / 2)
            if not node.low[axis] < middle:
                return NotWritten("a box cannot be split any more, and does not close")
            lower, upper = node.high.copy(), node.low.copy()
            lower[axis] = upper[axis] = middle
            node.axis, node.forms, depth = axis, (), node.depth + 1
            node.children = _Node(node.low, lower, depth), _Node(upper, node.high, depth)
            stack += reversed(node.children)
    return _tree(root)


def _mixed(prepared: Prepared, nodes: Sequence[_Node], boxes: Boxes) -> Found:
    """Bounds of boxes, also of mixtures of rows; and these as choices of the nodes."""
    found = settled(prepared, boxes, {})
    several = np.bincount(prepared.owner) > 1
    pairs = [(box, case) for box, case in np.argwhere(~found.closed & several).tolist()]
    choices = {(box, case): mixture(prepared, boxes, found, box, case) for box, case in pairs}
    found = settled(prepared, boxes, choices) if pairs else found
    for box, case in pairs:
        if found.closed[box, case]:
            form = form_of(boxes, box, 0, case, choices[box, case], ())
            nodes[box].forms = (*nodes[box].forms, form)
    return found


def _axes(
    prepared: Prepared,
    nodes: Sequence[_Node],
    boxes: Boxes,
    found: Found,
    left: Sequence[int],
    widest: int,
) -> list[int]:
    """The input of each open box that is split; the relatively widest one where that is wanted."""
    slope = np.abs(np.ldexp(found.slope[left], -found.unit[left][..., None]))
    open_ = ~found.closed[left][:, prepared.owner]
    width = boxes.high[left] - boxes.low[left]
    score = (slope * open_[..., None]).sum(1) * width
    wanted = np.array([nodes[box].depth % widest == 0 for box in left])
    score = np.where(wanted[:, None], width / np.maximum(prepared.width, 1.0), score)
    return np.where(width < 2, -1.0, score).argmax(1).tolist()


def _tree(root: _Node) -> Tree:
    """The entries in preorder, and the choices of the leaves."""
    entries: list[int] = []
    choices: list[ChoiceForm] = []
    stack, leaves = [root], 0
    while stack:
        node = stack.pop()
        entries.append(node.axis)
        stack += reversed(node.children)
        if node.axis == LEAF:
            choices += [(leaves, *form[1:]) for form in node.forms]
            leaves += 1
    return Tree(tuple(entries), tuple(choices))
