"""Answers are right, rules always leave a choice, beams are valid and no worse than greedy ones."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce.neural.modules.catalogue import module_task
from abduce.neural.modules.config import PointerNetworkConfig
from abduce.neural.modules.pointer_network import answers
from abduce.neural.modules.pointer_network.beam import beam_search
from abduce.neural.modules.pointer_network.model import PointerNetwork
from abduce.neural.modules.pointer_network.rules import RULES

seeds = st.integers(0, 2**32 - 1)


def drawn(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).random(shape)


def side(a: np.ndarray, b: np.ndarray, c: np.ndarray) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))


@given(seeds, st.integers(3, 15))
def test_hulls_turn_left_and_leave_nothing_outside(seed: int, n: int) -> None:
    points = drawn(seed, n, 2)
    corners = answers.hull(points)
    assert corners[0] == min(corners)
    for a, b in zip(corners, corners[1:] + corners[:1], strict=True):
        assert all(side(points[a], points[b], points[c]) > 0 for c in range(n) if c not in (a, b))


@given(seeds, st.integers(3, 12))
def test_triangulations_cover_the_hull(seed: int, n: int) -> None:
    points = drawn(seed, n, 2)
    triangles = np.array(answers.delaunay(points)).reshape(-1, 3)
    assert (np.diff(triangles, axis=1) > 0).all()
    total = sum(answers.area(points[triangle]) for triangle in triangles)
    assert total == pytest.approx(answers.area(points[answers.hull(points)]))


@settings(max_examples=20)
@given(seeds, st.integers(2, 6))
def test_tours_are_the_shortest_of_all(seed: int, n: int) -> None:
    points = drawn(seed, 3, n, 2)
    for part, tour in zip(points, answers.tours(points).tolist(), strict=True):
        assert sorted(tour) == list(range(n))
        assert tour[0] == 0
        assert tour[1] <= tour[-1]
        every = (answers.length(part, [0, *rest]) for rest in permutations(range(1, n)))
        assert answers.length(part, tour) == pytest.approx(min(every))


def whole(task: str, output: Sequence[int], n: int) -> bool:
    """Whether an output is valid, said without the rule."""
    if task == "delaunay":
        triangles = [tuple(output[k : k + 3]) for k in range(0, len(output), 3)]
        ordered = all(len(t) == 3 and t[0] < t[1] < t[2] < n for t in triangles)
        return ordered and 0 < len({*triangles}) == len(triangles) <= 2 * n - 5
    if task == "tsp":
        return output[0] == 0 and sorted(output) == list(range(n))
    return 3 <= len(output) == len({*output})


@given(st.sampled_from(sorted(RULES)), st.integers(3, 8), st.randoms(use_true_random=False))
def test_whatever_a_rule_allows_ends_validly(task: str, n: int, draw: object) -> None:
    beginning: list[int] = []
    while True:
        choices = np.flatnonzero(RULES[task](beginning, n)).tolist()
        assert choices
        choice = draw.choice(choices)  # pyright: ignore[reportAttributeAccessIssue]
        if choice == n:
            break
        beginning.append(choice)
    assert whole(task, beginning, n)


@pytest.mark.parametrize("task", ["hull", "delaunay", "tsp"])
def test_true_answers_are_allowed(task: str) -> None:
    (experiment,) = module_task(task, "pointer-network").experiments
    batch = experiment.batch(experiment.config.network, np.random.default_rng(0), 20, 0.0)
    n = batch["points"].shape[1]
    for row in batch["targets"].tolist():
        answer = [place for place in row if place >= 0]
        assert answer[-1] == n
        assert all(RULES[task](answer[:k], n)[place] for k, place in enumerate(answer))


@settings(max_examples=15)
@given(seeds, st.sampled_from(sorted(RULES)), st.integers(3, 7), st.integers(1, 5))
def test_outputs_of_beams_are_valid(seed: int, task: str, n: int, width: int) -> None:
    network = PointerNetwork(PointerNetworkConfig(width=8), seed % 1000)
    points = torch.from_numpy(drawn(seed, 2, n, 2)).float()
    with torch.no_grad():
        found = beam_search(network, points, RULES[task], width)
    assert all(whole(task, output, n) for output in found)


def likelihood(network: PointerNetwork, points: torch.Tensor, output: Sequence[int]) -> float:
    """Of one output, as its rule leaves choices."""
    n = points.shape[1]
    targets = torch.tensor([[*output, n]])
    memory, state = network.encode(points)
    logits, _ = network.decode(network.inputs(points, targets[:, :-1]), state, memory)
    total = 0.0
    for k, place in enumerate(targets[0].tolist()):
        allowed = torch.from_numpy(RULES["tsp"](list(output[:k]), n))
        likely = torch.log_softmax(logits[0, k].masked_fill(~allowed, -torch.inf), 0)
        total += float(likely[place])
    return total


@settings(max_examples=10)
@given(seeds)
def test_a_beam_wide_enough_finds_the_likeliest_tour(seed: int) -> None:
    network = PointerNetwork(PointerNetworkConfig(width=8), seed % 1000)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(3)
        points = torch.from_numpy(drawn(seed, 1, 4, 2)).float()
        (found,) = beam_search(network, points, RULES["tsp"], 6)
        (greedy,) = beam_search(network, points, RULES["tsp"], 1)
        every = [likelihood(network, points, [0, *rest]) for rest in permutations((1, 2, 3))]
        assert likelihood(network, points, found) == pytest.approx(max(every), abs=1e-4)
        assert likelihood(network, points, greedy) <= max(every) + 1e-4


def test_the_baseline_names_places_and_has_so_many_names() -> None:
    network = PointerNetwork(PointerNetworkConfig(width=8, names=5), 0)
    points = torch.rand(2, 5, 2, generator=torch.Generator().manual_seed(0))
    assert len(beam_search(network, points, RULES["tsp"])[0]) == 5
    with pytest.raises(ValueError, match="6 points, and names for 5"):
        beam_search(network, torch.rand(1, 6, 2), RULES["tsp"])
