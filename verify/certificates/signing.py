"""Certificates of a search over activations: its splits of signs, from its ledger.

Each leaf is bounded again by the kernel, with the slopes and multipliers of the search. One that
does not close there is split further, at the neuron whose relu is furthest from being linear.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from abduce import clock
from abduce.verify.certificates.certificate import ChoiceForm, Tree
from abduce.verify.certificates.choosing import choice_of, form_of
from abduce.verify.certificates.kernel import (
    CASES,
    LEAF,
    Boxes,
    Choice,
    Prepared,
    assumed,
    bounded,
    settled,
)
from abduce.verify.certificates.writing import NotWritten
from abduce.verify.ledger import Parameters, Subdomain

BATCH: Final = 64
"""The number of leaves that are bounded together."""
MOST: Final = 20_000
"""The upper limit on leaves."""

Sign = tuple[int, int]
"""A neuron, counted through all layers, and 1 where it is not negative, -1 where not positive."""


@dataclass(slots=True, eq=False)
class Part:
    """A node of the tree of a case.

    Attributes:
        signs: what it assumes, in the order of the splits.
        given: the parameters of the search for it.
        entry, children: the neuron that is split after all inputs, or `LEAF`.
        form: the choice with which a leaf closes.
    """

    case: int
    signs: tuple[Sign, ...] = ()
    given: Parameters | None = None
    entry: int = LEAF
    children: "tuple[Part, ...]" = ()
    form: ChoiceForm | None = None

    def split(self, inputs: int, neuron: int, given: Sequence[Parameters | None]) -> None:
        self.entry = inputs + neuron
        halves = zip((1, -1), given, strict=True)
        self.children = tuple(
            [Part(self.case, (*self.signs, (neuron, sign)), each) for sign, each in halves]
        )


def signed_tree(
    prepared: Prepared, root: Subdomain, known: Mapping[int, Subdomain], deadline: float
) -> Tree | NotWritten:
    """The tree of a region.

    Args:
        root: the subdomain that is its box.
        known: the subdomains of the search, by number.
    """
    children: dict[int, list[Subdomain]] = {}
    for each in known.values():
        if each.parent is not None:
            children.setdefault(each.parent, []).append(each)
    parts = [_of_case(prepared, root, case, children) for case in range(len(root.goals))]
    leaves = [leaf for part in parts for leaf in _leaves(part)][::-1]
    whole = bounded(prepared, np.zeros_like(prepared.width[None]), prepared.width[None])
    count = len(leaves)
    while leaves:
        if clock.passed(deadline):
            return NotWritten("out of time")
        batch = leaves[-BATCH:]
        del leaves[-BATCH:]
        boxes = whole.take(np.zeros(len(batch), int))
        boxes = assumed(prepared, boxes, [part.signs for part in batch])
        given = [
            part.given and choice_of(prepared, part.case, part.given, part.signs) for part in batch
        ]
        choices = {(n, batch[n].case): choice for n, choice in enumerate(given) if choice}
        found = settled(prepared, boxes, choices)
        for number, part in enumerate(batch):
            if found.closed[number, part.case]:
                part.form = _form(prepared, boxes, found.least, number, part, choices)
                continue
            neuron, count = _widest(boxes, number), count + 1
            if neuron is None or count > MOST:
                return NotWritten("a leaf of the search does not close with the kernel's bounds")
            part.split(len(prepared.width), neuron, (part.given, part.given))
            leaves += reversed(part.children)
    return _tree(parts)


def _of_case(
    prepared: Prepared, root: Subdomain, case: int, children: Mapping[int, Sequence[Subdomain]]
) -> Part:
    """The tree of a case: the first one that the search has completed."""
    goal, whole = root.goals[case], Part(case)
    for each in children.get(root.id, ()):
        found = _followed(prepared, case, each, children) if each.goals == (goal,) else None
        if found is not None:
            return found
    return whole


def _followed(
    prepared: Prepared, case: int, top: Subdomain, children: Mapping[int, Sequence[Subdomain]]
) -> Part | None:
    """The splits below a subdomain; None where some part is not settled."""
    goal, starts = top.goals[0], np.cumsum([0, *prepared.sizes])
    whole = Part(case, (), top.parameters.get(goal))
    stack = [(whole, top)]
    while stack:
        part, subdomain = stack.pop()
        if subdomain.end != "split":
            continue
        halves = _halves(children.get(subdomain.id, ()))
        if halves is None:
            return None
        layer, entry, pair = halves
        given = [half.parameters.get(goal) for half in pair]
        part.split(len(prepared.width), int(starts[layer - 1]) + entry, given)
        stack += zip(part.children, pair, strict=True)
    return whole


def _halves(pair: Sequence[Subdomain]) -> tuple[int, int, tuple[Subdomain, Subdomain]] | None:
    """The layer and entry at whose sign two subdomains differ, the one that is not negative
    first."""
    if len(pair) != 2:
        return None
    ends = [{(a.layer, a.entry): (a.low, a.high) for a in half.assumed} for half in pair]
    for key in sorted({*ends[0], *ends[1]}):
        first, second = (end.get(key, (-np.inf, np.inf)) for end in ends)
        if first[0] == 0.0 == second[1]:
            return *key, (pair[0], pair[1])
        if second[0] == 0.0 == first[1]:
            return *key, (pair[1], pair[0])
    return None


def _leaves(part: Part) -> list[Part]:
    found, stack = [], [part]
    while stack:
        each = stack.pop()
        if each.entry == LEAF:
            found.append(each)
        stack += reversed(each.children)
    return found


def _form(
    prepared: Prepared,
    boxes: Boxes,
    least: np.ndarray,
    number: int,
    part: Part,
    choices: Mapping[tuple[int, int], Choice],
) -> ChoiceForm | None:
    """The choice of a leaf that closes; None where it closes without one."""
    mine = prepared.owner == part.case
    shown = np.where(prepared.strict[mine], least[number, mine] >= 0, least[number, mine] > 0)
    if shown.any() or (number, part.case) not in choices:
        return None
    return form_of(boxes, number, 0, part.case, choices[number, part.case], part.signs)


def _widest(boxes: Boxes, number: int) -> int | None:
    """The undecided neuron whose relu is furthest from being linear, as a share of its layer's
    bounds; None if there is none."""
    scores = []
    for under, over in boxes.known:
        low, high = under[number].astype(float), over[number].astype(float)
        open_ = (low < 0) & (high > 0)
        loss = np.where(open_, -low * high / np.where(open_, high - low, 1.0), 0.0)
        scores.append(loss / max(1.0, float((high - low).max(initial=0.0))))
    flat = np.concatenate(scores)
    return int(flat.argmax()) if flat.max(initial=0.0) > 0 else None


def _tree(parts: Sequence[Part]) -> Tree:
    """The trees of all cases below one node, in preorder."""
    entries, choices, leaves = [CASES], list[ChoiceForm](), 0
    stack = list(reversed(parts))
    while stack:
        part = stack.pop()
        entries.append(part.entry)
        stack += reversed(part.children)
        if part.entry == LEAF:
            if part.form is not None:
                choices.append((leaves, *part.form[1:]))
            leaves += 1
    return Tree(tuple(entries), tuple(choices))


def root_of(known: Mapping[int, Subdomain], ends: np.ndarray) -> Subdomain | None:
    """The subdomain that is a whole box (inputs, 2), whose ends the search may have rounded."""
    for each in known.values():
        box = sorted((a.entry, a.low, a.high) for a in each.assumed if a.layer == 0)
        if each.parent is not None or len(box) != len(ends):
            continue
        off = np.abs(np.array([pair for _, *pair in box]) - ends)
        if (off <= 1e-9 * np.maximum(1.0, np.abs(ends))).all():
            return each
    return None
