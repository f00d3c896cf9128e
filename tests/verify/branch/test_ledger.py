"""A ledger tells a proof: its leaves cover the box, and each one is settled when computed alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.verify.bounds.affine.layers import Layers, layers_of
from abduce.verify.bounds.affine.matrices import rows_on
from abduce.verify.bounds.propagation.backward import Bounds
from abduce.verify.bounds.propagation.certified import certified
from abduce.verify.bounds.propagation.interval import Interval
from abduce.verify.bounds.propagation.layerwise import bound_layers
from abduce.verify.bounds.propagation.slopes import Frame, Objectives, Subdomains, climb
from abduce.verify.bounds.query import case_objectives, queries
from abduce.verify.ledger import (
    NO_LEDGER,
    Goal,
    Neuron,
    Parameters,
    SearchLedger,
    Subdomain,
    Tightened,
)
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.functions.nonlinearity import Nonlinearity
from abduce.verify.networks.functions.pieces.relu import RELU
from abduce.verify.networks.functions.smooth.tanh import TANH
from abduce.verify.networks.network import Network
from abduce.verify.refutation.gradients import forward
from abduce.verify.specifications.specification import Specification
from abduce.verify.strategy import ActivationConfig, Strategy
from abduce.verify.verdict import Proved, Refuted
from abduce.verify.verification import Budget, verify
from tests.networks import layered, specification

ENDLESS = Budget(timeout_s=1e9)
SEEDS = st.integers(0, 2**32 - 1)


def least_of(network: Network, rng: np.random.Generator) -> float:
    x = np.clip(rng.uniform(-1.3, 1.3, (40_000, *network.input_shape)), -1, 1)
    return float(evaluate(network, x)[:, 0].min())


def safe_above(network: Network, bound: float, more: bool = True) -> Specification:
    """Unsafe where the first output is at most the bound; and where it is far too large."""
    ends, outputs = np.ones(network.input_shape[0]), network.output_shape[0]
    first = np.eye(outputs)[0]
    cases = [[(0 * ends, first, bound, False)], [(0 * ends, -first, -50.0, False)]]
    return specification(-ends, ends, *cases[: 1 + more], outputs=outputs)


class Checker:
    """Checks a ledger with the bounds of a network and nothing of the search."""

    def __init__(self, layers: Layers, properties: Specification, ledger: SearchLedger) -> None:
        self.layers, self.properties = layers, properties
        self.nodes = ledger.subdomains
        self.entries = ledger.entries
        self.children: dict[int, list[Subdomain]] = {}
        for node in self.nodes.values():
            if node.parent is not None:
                self.children.setdefault(node.parent, []).append(node)
        self.leaves = 0

    def check(self) -> None:
        for query in queries(self.properties):
            (root,) = [
                n for n in self.nodes.values() if n.parent is None and n.goals == query.cases
            ]
            assert len(root.assumed) == len(query.low)
            assert (self.box(root)[0][0] <= query.low).all()
            assert (self.box(root)[1][0] >= query.high).all()
            self.query, self.root = query, root
            known = bound_layers(self.layers, self.box(root))
            self.within = self.tightened(root, known)
            for goal in root.goals:
                assert self.settled(root, goal), goal

    def tightened(self, root: Subdomain, known: Bounds) -> list[Interval]:
        """The bounds on pre-activations of the whole box, each of which has its own trees."""
        self.first = [(low.copy(), high.copy()) for low, high in known.before]
        within = [(low.copy(), high.copy()) for low, high in known.before]
        self.within = within
        for entry in self.entries:
            if not isinstance(entry, Tightened) or entry.root != root.id:
                continue
            bounds = entry.bounds
            for sign, end in ((1, bounds.low), (-1, -bounds.high)):
                if np.isfinite(end):
                    goal = Neuron(bounds.layer, bounds.entry, sign)
                    trees = [n for n in self.children[root.id] if n.goals == (goal,)]
                    assert any(self.least(tree, goal) >= end - 1e-9 for tree in trees)
            low, high = within[bounds.layer - 1]
            low[0, bounds.entry] = max(low[0, bounds.entry], bounds.low)
            high[0, bounds.entry] = min(high[0, bounds.entry], bounds.high)
        return within

    def least(self, node: Subdomain, goal: Goal) -> float:
        """The least bound of a tree of a neuron; its leaves are computed again."""
        if node.end == "split":
            halves = [n for n in self.children[node.id] if goal in n.goals]
            self.check_halves(node, halves)
            return min(self.least(half, goal) for half in halves)
        if node.end == "infeasible":
            return np.inf
        assert self.recomputed(node, goal) >= node.bound - 1e-5 * (1 + abs(node.bound))
        return node.bound

    def box(self, node: Subdomain) -> Interval:
        inputs = [a for a in node.assumed if a.layer == 0]
        if node.parent is None:
            self.whole = np.array([[a.low for a in inputs]]), np.array([[a.high for a in inputs]])
        low, high = (end.copy() for end in self.whole)
        for a in inputs:
            low[0, a.entry], high[0, a.entry] = a.low, a.high
        return low, high

    def settled(self, node: Subdomain, goal: Goal, within: list[Interval] | None = None) -> bool:
        """Whether the subdomain or its children settle a goal.

        Args:
            within: bounds on pre-activations in the parent's box of inputs, or of the root.
        """
        splits_inputs = node is not self.root and any(a.layer == 0 for a in node.assumed)
        known = bound_layers(self.layers, self.box(node), within)
        if goal in node.closed:
            self.leaves += 1
            if node.end == "infeasible":
                return not splits_inputs or bool(known.empty.any())
            if node.end == "clipped":
                return self.left(node, known, goal) is None
            if node is not self.root and not splits_inputs:
                return self.recomputed(node, goal) > 0
            return bool(known.empty.any()) or max(v for v, _ in self.planes(node, known, goal)) > 0
        children = [n for n in self.children.get(node.id, []) if goal in n.goals]
        if node is self.root and children and not children[0].assumed:  # trees of one goal
            return any(self.settled(tree, goal) for tree in children)
        if node.end != "split" or len(children) != 2:  # given up for a tree with better bounds
            return False
        if any(a.layer == 0 for a in children[0].assumed):
            self.check_boxes(children, self.left(node, known, goal))
        else:
            self.check_halves(node, children)
        return all(self.settled(child, goal, known.before) for child in children)

    def check_halves(self, node: Subdomain, halves: list[Subdomain]) -> None:
        """The halves meet at a point of one entry, and else hold all that is in their parent.

        Or they meet where no input leads, by bounds that became known later; one of them is empty.
        """
        parent, one, two = (
            {(a.layer, a.entry): (a.low, a.high) for a in n.assumed} for n in (node, *halves)
        )
        meeting = 0
        for key in one.keys() | two.keys():
            low, high = (float(end[0, key[1]]) for end in self.within[key[0] - 1])
            given = parent.get(key, (low, high))
            low, high = max(low, given[0]), min(high, given[1])
            (a, b), (c, d) = (part.get(key, (low, high)) for part in (one, two))
            if max(a, c) <= low and min(b, d) >= high:
                continue
            meeting += 1
            (first, end), (begin, last) = sorted([(a, b), (c, d)])
            beyond = (first <= low and end >= high) or (begin <= low and last >= high)
            assert beyond or (first <= low and end == begin and last >= high)
        assert meeting <= 1

    def check_boxes(self, halves: list[Subdomain], left: Interval | None) -> None:
        """The halves meet in the middle of one input, and hold together what is left."""
        (low_a, high_a), (low_b, high_b) = (self.box(half) for half in halves)
        (at,) = np.flatnonzero((low_a != low_b)[0])
        assert high_a[0, at] == low_b[0, at] or high_b[0, at] == low_a[0, at]
        assert np.array_equal(np.delete(high_a, at), np.delete(high_b, at))
        if left is not None:
            assert (np.minimum(low_a, low_b) <= left[0] + 1e-9).all()
            assert (np.maximum(high_a, high_b) >= left[1] - 1e-9).all()

    def left(self, node: Subdomain, known: Bounds, goal: Goal) -> Interval | None:
        """What linear bounds leave of a box: where none of them is positive; None for nothing."""
        low, high = self.box(node)
        first, last = low.copy(), high.copy()
        for value, slope in self.planes(node, known, goal):
            reach = max(-value, 0.0) / np.maximum(np.abs(slope), 1e-300)
            last = np.where(slope > 0, np.minimum(last, low + reach), last)
            first = np.where(slope < 0, np.maximum(first, high - reach), first)
        return None if (first > last).any() else (first, last)

    def planes(self, node: Subdomain, known: Bounds, goal: Goal) -> list[tuple[float, np.ndarray]]:
        """The least values and slopes of linear bounds of a case over a box of inputs."""
        found = self.query.lower(self.layers, known)
        place = self.query.cases.index(goal)
        rows = np.flatnonzero(self.query.owner == place)
        planes = [(float(found.value[0, r]), found.slope[0, r]) for r in rows]
        if goal in node.parameters:
            objectives = self.objective(known, goal)
            frame = Frame(self.layers, known, objectives)
            parts = frame.whole(np.zeros(1, int), np.zeros(1, int))
            self.fill(parts, frame, node.parameters[goal])
            best = certified(self.layers, known, objectives, parts)
            planes.append((float(best.value[0, 0]), best.slope[0, 0]))
        return planes

    def recomputed(self, node: Subdomain, goal: Goal) -> float:
        """The bound of a leaf by its parameters, which were found before or after intermediate
        bounds became better; they say other lines where these are others."""
        found = self.recomputed_within(node, goal, self.within)
        return found if found > 0 else max(found, self.recomputed_within(node, goal, self.first))

    def recomputed_within(self, node: Subdomain, goal: Goal, within: list[Interval]) -> float:
        known = bound_layers(self.layers, self.whole, within)
        objectives = self.objective(known, goal)
        frame = Frame(self.layers, known, objectives)
        parts = frame.whole(np.zeros(1, int), np.zeros(1, int))
        for a in node.assumed:
            if a.layer in parts.low:
                active = known.active[a.layer]
                place = np.searchsorted(active, a.entry) if active is not None else a.entry
                if active is None or a.entry in active:
                    low, high = parts.low[a.layer], parts.high[a.layer]
                    low[0, place] = max(low[0, place], a.low)
                    high[0, place] = min(high[0, place], a.high)
        self.fill(parts, frame, node.parameters[goal])
        found = certified(self.layers, known, objectives, parts).value[0, 0]
        climb(frame, parts, 60, 0.2)  # other bounds are known now than when it was found
        again = certified(self.layers, known, objectives, parts).value[0, 0]
        return float(max(found, again))

    def fill(self, parts: Subdomains, frame: Frame, given: Parameters) -> None:
        parts.weight[0] = given.weight
        for name in ("alpha_lower", "alpha_upper", "beta"):
            for j, a in getattr(given, name).items():
                if j not in getattr(parts, name):
                    continue
                full = np.zeros(self.layers.layers[j - 1].size)
                full[slice(None) if given.entries[j] is None else given.entries[j]] = a
                active = frame.known.active[j]
                getattr(parts, name)[j][0] = full if active is None else full[active]

    def objective(self, known: Bounds, goal: Goal) -> Objectives:
        if isinstance(goal, int):
            place = np.array([self.query.cases.index(goal)])
            return case_objectives(self.layers, self.query, place)
        x = self.layers.layers[goal.layer - 1].before
        one = np.array([goal.entry])
        rows = {}
        for j, m in x.terms.items():
            a, index = rows_on(m, one)
            row = np.zeros((1, self.layers.sizes[j]))
            row[:, slice(None) if index is None else index] = a
            rows[j] = goal.sign * row[:, None]
        constant = goal.sign * x.bias[one][:, None]
        return Objectives(rows, constant, np.ones((1, 1), bool))


@settings(max_examples=6, deadline=None)
@given(SEEDS, st.sampled_from(["inputs", "activations"]), st.sampled_from([RELU, TANH]))
def test_a_proof_can_be_checked_by_its_ledger(
    seed: int, split: str, function: Nonlinearity
) -> None:
    rng = np.random.default_rng(seed)
    network = layered(rng, function, 3, 10, 8, 1)
    properties = safe_above(network, least_of(network, rng) - 0.1)
    ledger, strategy = SearchLedger(), Strategy(split=split)  # type: ignore[arg-type]
    verdict = verify(network, properties, ENDLESS, strategy, ledger=ledger)
    assert isinstance(verdict, Proved)
    assert verdict.certificate is not None
    evidence = verdict.certificate.evidence
    assert isinstance(evidence, SearchLedger)
    checker = Checker(layers_of(network), properties, evidence)
    checker.check()
    assert checker.leaves >= 2
    assert all(node.end != "counterexample" for node in checker.nodes.values())


def test_searches_for_better_intermediate_bounds_are_in_the_ledger() -> None:
    soon = ActivationConfig(first_search=0.0, least_search=1e-10)
    rng = np.random.default_rng(1)
    network = layered(rng, RELU, 4, 10, 10, 8, 1)
    properties = safe_above(network, least_of(network, rng) - 0.1)
    ledger = SearchLedger()
    strategy = Strategy(split="activations", activations=soon)
    verdict = verify(network, properties, ENDLESS, strategy, ledger=ledger)
    assert isinstance(verdict, Proved)
    assert any(isinstance(entry, Tightened) for entry in ledger.entries)
    Checker(layers_of(network), properties, ledger).check()


@pytest.mark.parametrize("split", ["inputs", "activations"])
def test_a_ledger_with_a_leaf_less_or_another_property_is_refused(split: str) -> None:
    rng = np.random.default_rng(2)
    network = layered(rng, RELU, 3, 10, 8, 1)
    least = least_of(network, rng)
    ledger = SearchLedger()
    properties = safe_above(network, least - 0.1, more=False)
    strategy = Strategy(split=split)  # type: ignore[arg-type]
    assert isinstance(verify(network, properties, ENDLESS, strategy, ledger=ledger), Proved)
    layers = layers_of(network)
    Checker(layers, properties, ledger).check()
    with pytest.raises(AssertionError):
        Checker(layers, safe_above(network, least + 0.1, more=False), ledger).check()
    leaves = [e for e in ledger.entries if isinstance(e, Subdomain) and e.end == "bound"]
    last = max(leaves, key=lambda leaf: leaf.id)
    with pytest.raises(AssertionError):
        Checker(
            layers, properties, SearchLedger([e for e in ledger.entries if e is not last])
        ).check()


@pytest.mark.parametrize("split", ["inputs", "activations"])
def test_the_subdomain_of_a_counterexample_is_named(
    split: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without attacks before the search, whose counterexamples belong to no subdomain."""
    monkeypatch.setattr("abduce.verify.verification.candidates", lambda *a, **k: iter(()))
    rng = np.random.default_rng(4)
    network = layered(rng, RELU, 3, 10, 8, 1)
    properties = safe_above(network, least_of(network, rng) + 0.02)
    ledger, strategy = SearchLedger(), Strategy(split=split)  # type: ignore[arg-type]
    verdict = verify(network, properties, ENDLESS, strategy, ledger=ledger)
    assert isinstance(verdict, Refuted)
    (node,) = [n for n in ledger.subdomains.values() if n.end == "counterexample"]
    assert node.goals == (verdict.case,) or verdict.case in node.goals
    _, before = forward(layers_of(network), verdict.x[None])
    for a in node.assumed:
        value = verdict.x[a.entry] if a.layer == 0 else before[a.layer - 1][0, a.entry]
        assert a.low - 1e-5 <= value <= a.high + 1e-5


def test_a_ledger_changes_nothing() -> None:
    rng = np.random.default_rng(6)
    network = layered(rng, RELU, 3, 10, 8, 1)
    properties = safe_above(network, least_of(network, rng) - 0.05)
    for split in ("inputs", "activations"):
        strategy = Strategy(split=split)
        plain, told = (
            verify(network, properties, ENDLESS, strategy, ledger=ledger)
            for ledger in (NO_LEDGER, SearchLedger())
        )
        assert isinstance(plain, Proved)
        assert isinstance(told, Proved)
        assert plain.certificate is None
        assert plain == replace(told, certificate=None)
