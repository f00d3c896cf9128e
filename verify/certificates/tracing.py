"""A search over inputs whose bounds are those of the kernel, so that its tree is a certificate.

It is branch and bound on boxes as always, but for three things: bounds on pre-activations are
computed by the kernel, in integers; a case counts as closed where the kernel closes it; and boxes
are split in the middle, with nothing clipped off. So what is written is known to be accepted, and
no work is done twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from abduce.verify.bounds.affine.layers import Layers
from abduce.verify.bounds.propagation.backward import Bounds
from abduce.verify.bounds.propagation.interval import affine, widened
from abduce.verify.bounds.propagation.layerwise import note_layer
from abduce.verify.bounds.query import Query
from abduce.verify.branch.boxes import Boxes
from abduce.verify.branch.inputs import InputSplitting
from abduce.verify.branch.recording import Recorder
from abduce.verify.branch.scores import Scores
from abduce.verify.certificates import kernel
from abduce.verify.certificates.certificate import Certificate, ChoiceForm, Tree
from abduce.verify.certificates.choosing import choice_of, form_of
from abduce.verify.certificates.claims import FileClaim
from abduce.verify.certificates.config import DEFAULT, WritingConfig
from abduce.verify.certificates.kernel import LEAF, Choice, Prepared, Refused, Region, prepare
from abduce.verify.certificates.signing import root_of, signed_tree
from abduce.verify.certificates.writing import NotWritten, certificate_of
from abduce.verify.ledger import SearchLedger
from abduce.verify.strategy import AUTOMATIC, Strategy

TRACEABLE = "the search and the kernel do not see the same network"


@dataclass(slots=True, eq=False)
class Place:
    """A box of the search in the tree of the certificate.

    Attributes:
        low, high: integers, (n,).
        choices: those of boxes around it, by case.
        axis, children: the input that is split; `LEAF` where none is.
        forms: the choices with which it closes as a leaf.
    """

    low: np.ndarray
    high: np.ndarray
    choices: dict[int, Choice]
    axis: int = LEAF
    children: "tuple[Place, ...]" = ()
    forms: Sequence[ChoiceForm] = ()


class TracedSplitting(InputSplitting):
    """The search over the boxes of one query.

    Attributes:
        prepared: the region of the query in the kernel's form; None where there will be no
            certificate.
        reason: why there is none.
        root: the tree so far.
    """

    def __init__(
        self,
        network: Layers,
        query: Query,
        deadline: float,
        strategy: Strategy,
        scores: Scores,
        recorder: Recorder,
        prepared: Prepared,
    ) -> None:
        inputs = replace(strategy.inputs, clipped_cases=0, lookahead=False)
        super().__init__(
            network, query, deadline, replace(strategy, inputs=inputs), scores, recorder
        )
        self.prepared: Prepared | None = prepared
        self.reason = ""
        self.keeps_parameters = True
        width = prepared.width
        self.root = Place(np.zeros_like(width), width, {})
        (boxes,) = self.stack
        self.places = {int(boxes.id[0]): self.root}
        self.bounded: kernel.Boxes | None = None
        hidden = [layer.before.size for layer in network.layers[:-1]]
        same = hidden == prepared.sizes and len(query.bounds) == len(prepared.owner)
        if not same or query.hidden or not network.layers[-1].function.is_identity:
            self._give_up(TRACEABLE)

    def _give_up(self, reason: str) -> None:
        """Goes on without a certificate."""
        self.prepared, self.reason, self.bounded = None, reason, None
        self.places.clear()

    def _bounded(self, boxes: Boxes) -> Bounds:
        if self.prepared is None:
            return super()._bounded(boxes)
        places = [self.places[number] for number in boxes.id.tolist()]
        low, high = (np.array([getattr(p, end) for p in places]) for end in ("low", "high"))
        try:
            self.bounded = kernel.bounded(self.prepared, low, high)
        except Refused as refused:
            self._give_up(str(refused))
            return super()._bounded(boxes)
        return self._in_floats(boxes, self.bounded)

    def _in_floats(self, boxes: Boxes, found: kernel.Boxes) -> Bounds:
        """The kernel's bounds, rounded outwards, and with them bounds on the outputs."""
        assert self.prepared is not None
        network, box = self.network, (boxes.low, boxes.high)
        known = Bounds(box, after=[box], deadline=self.deadline, config=self.strategy.bounds)
        for layer, (low, high) in zip(network.layers[:-1], found.known, strict=True):
            known.note_noise(network)
            scale = -self.prepared.scale
            under, over = np.ldexp(low.astype(float), scale), np.ldexp(high.astype(float), scale)
            under, over = np.nextafter(under, -np.inf), np.nextafter(over, np.inf)
            note_layer(network, known, layer, under, over)
            rows = 2.0 * np.count_nonzero(high > 0)
            for before in network.layers[: len(known.before)]:
                network.effort.layer(rows * before.before.size, before.multiplications)
        last = network.layers[-1]
        low, high = widened(affine(last.before, known.after), known.note_noise(network))
        note_layer(network, known, last, low, high)
        return known

    def _confirmed(self, boxes: Boxes, still: np.ndarray, value: np.ndarray) -> np.ndarray:
        if self.prepared is None or self.bounded is None:
            return still
        prepared, found = self.prepared, self.bounded
        places = [self.places[number] for number in boxes.id.tolist()]
        choices: dict[tuple[int, int], Choice] = {}
        for box, place in enumerate(places):
            choices |= {(box, case): choice for case, choice in place.choices.items()}
        for (box, goal), given in self.climbed.items():
            case = self.query.cases.index(goal)
            choice = choice_of(prepared, case, given)
            if choice is not None:
                choices[box, case] = choice
                places[box].choices = {**places[box].choices, case: choice}
        settled = kernel.settled(prepared, found, choices)
        shown = np.where(prepared.strict, settled.least >= 0, settled.least > 0)
        still = still | ~settled.closed
        for box in np.flatnonzero(settled.closed.all(1)).tolist():
            still[box] = False
            places[box].forms = [
                form_of(found, box, 0, case, choices[box, case], ())
                for case in range(still.shape[1])
                if (box, case) in choices and not shown[box, prepared.owner == case].any()
            ]
            places[box].choices = {}
        np.maximum(value, 0.0, out=value, where=settled.closed)
        return still

    def _halved(self, halves: Boxes, at: np.ndarray) -> None:
        if self.prepared is None:
            return
        count = len(at)
        for place, axis in enumerate(at.tolist()):
            parent = self.places.pop(int(halves.parent[place]))
            middle = np.floor((parent.low[axis] + parent.high[axis]) / 2)
            if not parent.low[axis] < middle:
                self._give_up("a box cannot be split any more, and does not close")
                return
            left, right = parent.high.copy(), parent.low.copy()
            left[axis] = right[axis] = middle
            parent.axis = axis
            lower = Place(parent.low, left, parent.choices)
            upper = Place(right, parent.high, parent.choices)
            parent.children, parent.choices = (lower, upper), {}
            self.places[int(halves.id[place])] = lower
            self.places[int(halves.id[place + count])] = upper

    def tree(self) -> Tree:
        """The tree of a search that has ended: its entries in preorder, and its choices."""
        entries: list[int] = []
        choices: list[ChoiceForm] = []
        stack, leaves = [self.root], 0
        while stack:
            place = stack.pop()
            entries.append(place.axis)
            stack += reversed(place.children)
            if place.axis == LEAF:
                choices += [(leaves, *form[1:]) for form in place.forms]
                leaves += 1
        return Tree(tuple(entries), tuple(choices))


@dataclass(slots=True, eq=False)
class Tracing:
    """Makes the searches of a verification, and a certificate of them.

    Attributes:
        ledger: receives the searches over activations.
        searches: the search over inputs of each region, by its place.
    """

    claim: FileClaim
    config: WritingConfig = DEFAULT
    ledger: SearchLedger = field(default_factory=SearchLedger)
    searches: dict[int, TracedSplitting] = field(default_factory=dict)

    def __call__(
        self,
        network: Layers,
        query: Query,
        deadline: float,
        strategy: Strategy,
        scores: Scores,
        recorder: Recorder,
    ) -> InputSplitting:
        """The search over the boxes of a query; the usual one, where no region is that of the
        query, or no scale fits."""
        given = network, query, deadline, strategy, scores, Recorder()
        for place, region in enumerate(self.claim.claim.regions):
            prepared = self._prepared(region) if _is_of(query, region) else None
            if prepared is not None:
                self.searches[place] = TracedSplitting(*given, prepared)
                return self.searches[place]
        return InputSplitting(network, query, deadline, strategy, scores, recorder)

    def _prepared(self, region: Region) -> Prepared | None:
        for scale in self.config.scales:
            try:
                prepared = prepare(self.claim.claim, region, scale)
                kernel.bounded(prepared, np.zeros_like(prepared.width[None]), prepared.width[None])
            except Refused:
                continue
            return prepared
        return None

    def certificate(self, deadline: float = np.inf) -> Certificate | NotWritten:
        """The certificate of searches that have proved their queries.

        Where a search over inputs did not follow the kernel, or one over activations cannot be
        followed, a search in the kernel's arithmetic alone takes its place.

        Args:
            deadline: ``clock.wall_s()`` at which this ends.
        """
        claim, trees, scales = self.claim, [], set[int]()
        for place, region in enumerate(claim.claim.regions):
            found = self._tree(place, region, deadline)
            if found is None:
                return certificate_of(claim, deadline, self.config)
            scale, tree = found
            if isinstance(tree, NotWritten):
                return tree
            scales.add(scale)
            trees.append(tree)
        if len(scales) > 1:
            return certificate_of(claim, deadline, self.config)
        return Certificate(claim.network, claim.property_, scales.pop(), tuple(trees))

    def _tree(
        self, place: int, region: Region, deadline: float
    ) -> tuple[int, Tree | NotWritten] | None:
        """The scale and the tree of a region, as far as searches say it."""
        search = self.searches.get(place)
        if search is not None:
            return search.prepared and (search.prepared.scale, search.tree())
        ends = [(float(a), float(b)) for a, b in zip(region.low, region.high, strict=True)]
        known = self.ledger.subdomains
        root = root_of(known, np.array(ends))
        prepared = self._prepared(region)
        if root is None or prepared is None or len(root.goals) != len(region.cases):
            return None
        tree = signed_tree(prepared, root, known, deadline)
        few = len(region.low) <= AUTOMATIC.max_split_inputs
        return None if isinstance(tree, NotWritten) and few else (prepared.scale, tree)


def _is_of(query: Query, region: Region) -> bool:
    """Whether a region has the box of the query, whose ends the search may have rounded."""
    ends = (query.low, query.high), (region.low, region.high)
    for theirs, ours in zip(*ends, strict=True):
        if len(theirs) != len(ours):
            return False
        exact = np.array([float(number) for number in ours])
        if (np.abs(theirs - exact) > 1e-9 * np.maximum(1.0, np.abs(exact))).any():
            return False
    return True
