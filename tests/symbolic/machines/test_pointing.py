"""Pointers: tours are valid whoever points to whom; no place, direction or unit is seen."""

import subprocess
import sys
from dataclasses import replace
from functools import partial
from itertools import permutations

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.config import CONFIG, ToursConfig
from abduce.neural.kernels.jobs import JOBS, compiled_kernels
from abduce.neural.kernels.kernel import LearnedKernel, train
from abduce.neural.kernels.plane.pointer import PointerKernel
from abduce.neural.kernels.plane.small_tours import sides as sides_of_few
from abduce.neural.kernels.plane.small_tours import tour_pairs
from abduce.neural.kernels.shortest_tours import shortest_tours
from abduce.symbolic.machines.jobs import MachineAnswer, RunContext
from abduce.symbolic.machines.plane import pointing
from abduce.symbolic.machines.plane.delaunay import FAR, Delaunay
from abduce.symbolic.machines.plane.geometry_jobs import TourOptions
from abduce.symbolic.machines.plane.pairs_seen import NONE, near_points, seen
from abduce.symbolic.machines.plane.plane import Plane, Predicate
from abduce.symbolic.machines.plane.pointing import Pointing, by_distance, by_score
from abduce.symbolic.machines.plane.points import Points
from abduce.symbolic.machines.plane.touring import KICKS, Search, scaled
from abduce.symbolic.programs.pointers import NEAR, POINTER, SIZES, Pointers, compiled_pointers
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Proved, Refuted, Unknown
from tests.points import cost, random_points, written

KERNELS = compiled_kernels((*JOBS["tsp"].kernels, "pointer"))
TURN, CIRCLE = (Predicate.of(name, KERNELS[name]) for name in ("orientation", "in-circle"))
PLAINEST = KERNELS["pointer"]


@pytest.fixture(scope="module")
def learned() -> LearnedKernel:
    torch.set_num_threads(1)
    return train(TASKS["pointer"], seed=0)


def toured(
    text: str, pointer: Pointers, timeout_s: float | None = None, note=None
) -> MachineAnswer:
    kernels = {**KERNELS, "pointer": pointer}
    context = RunContext(path="points", note=note)
    return JOBS["tsp"].run(text, kernels, TourOptions(timeout_s=timeout_s), context)


def triangulated(columns: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    points = Points.of(*columns.tolist())
    triangles = Delaunay(Plane(points.columns, points.bits, far=FAR), TURN, CIRCLE).run()
    return (*scaled(points.columns), triangles)


def any_scores(seed: int) -> Pointers:
    return Pointers(np.random.default_rng(seed).integers(-100, 100, SIZES))


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 40), st.integers(0, 2**32), st.sampled_from([1, 2, 5, 10**6, 10**40]))
def test_a_tour_is_valid_whatever_the_scores_and_the_points(
    count: int, seed: int, wide: int
) -> None:
    drawn = np.random.default_rng(seed).integers(0, 2**40, (count, 2)).astype(object) * wide >> 40
    text = "\n".join(f"{x} {y}" for x, y in drawn.tolist())
    for timeout_s in (0.0, None):
        tour = toured(text, any_scores(seed), timeout_s).value["tour"]
        assert tour[0] == 0
        assert sorted(tour) == list(range(count))


@settings(deadline=None, max_examples=30)
@given(st.integers(3, 20), st.integers(0, 2**32))
def test_a_tour_is_valid_and_no_longer_whoever_points_to_whom(n: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    x, y = draw.integers(0, 2**30, (2, n)).astype(float)
    near = (np.arange(n)[:, None] + draw.integers(1, n, (n, 5))) % n
    near[draw.random((n, 5)).cumsum(1) > 3] = NONE
    start = draw.permutation(n)
    kernels = (KERNELS[name] for name in ("exchange", "insertion"))
    search = Search(x, y, Pointing(near, start), *kernels, seed=seed)
    tour = search.run()
    assert sorted(tour.tolist()) == list(range(n))
    points = np.stack([x, y], axis=1)
    assert cost(points, tour) <= cost(points, start) + n, "but for rounded lengths"
    assert search.kicks == (KICKS * n if n >= 5 else 0)


def ties(x: np.ndarray, y: np.ndarray, of: int, others: np.ndarray) -> bool:
    """Whether two of the points are as far from a point, so that rounding orders them."""
    far = np.sort(np.hypot(x[others] - x[of], y[others] - y[of]))
    return bool((np.diff(far) <= 1e-9 * far[1:]).any())


@settings(deadline=None, max_examples=40)
@given(
    st.sets(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=3, max_size=40),
    st.tuples(st.integers(-5, 5), st.integers(-5, 5)).filter(any),
    st.booleans(),
)
def test_pointers_are_the_same_for_points_turned_scaled_mirrored_and_moved(
    points: set[tuple[int, int]], turn: tuple[int, int], mirrored: bool
) -> None:
    """A whole complex factor turns and scales whole points exactly."""
    columns = np.array(sorted(points)).T
    x, y, triangles = triangulated(columns)
    assume(len(triangles))
    a, b = turn
    moved = np.stack([a * columns[0] - b * columns[1], b * columns[0] + a * columns[1]])
    if mirrored:
        moved[1] *= -1
    u, v, others = triangulated(moved + 7)
    near = by_distance(x, y, triangles).near
    assume(not any(ties(x, y, i, row[row >= 0]) for i, row in enumerate(near)))
    for make in (by_distance, partial(by_score, pointer=PLAINEST)):
        one, other = make(x, y, triangles), make(u, v, others)
        assert one.near.tolist() == other.near.tolist()
        assert one.start.tolist() == other.start.tolist()


@settings(deadline=None, max_examples=30)
@given(st.integers(4, 30), st.integers(0, 2**32))
def test_what_is_seen_is_what_one_finds_by_looking_at_all_points(n: int, seed: int) -> None:
    x, y, triangles = triangulated(np.random.default_rng(seed).integers(0, 10**6, (2, n)))
    assume(len(triangles))
    edges = pointing.sides(triangles)
    near = near_points(x, y, edges, NEAR)
    view = seen(x, y, edges, near)
    away = np.hypot(x[:, None] - x, y[:, None] - y)
    pairs = {*map(tuple, edges.tolist())}
    for i, rank in zip(*np.nonzero(near != NONE), strict=True):
        j = int(near[i, rank])
        back = near[j].tolist().index(i) if i in near[j] else NEAR
        assert (view.lesser[i, rank], view.greater[i, rank]) == (min(rank, back), max(rank, back))
        assert view.side[i, rank] == ((i, j) in pairs)
        among = near[i, :rank]
        within = away[i, among] ** 2 + away[j, among] ** 2 < away[i, j] ** 2 * (1 - 1e-12)
        assert view.inside[i, rank] == min(within.sum(), SIZES[2] - 1)


@settings(deadline=None, max_examples=20)
@given(st.integers(3, 7), st.integers(0, 2**32))
def test_the_tours_that_are_shown_are_the_shortest_of_all(n: int, seed: int) -> None:
    drawn = np.triu(np.random.default_rng(seed).integers(1, 50, (4, n, n)), 1)
    lengths = drawn + drawn.transpose(0, 2, 1)
    for one, tour in zip(lengths, shortest_tours(lengths), strict=True):
        orders = (np.array((0, *rest)) for rest in permutations(range(1, n)))
        costs = [one[order, np.roll(order, -1)].sum() for order in orders]
        assert tour[0] == 0
        assert sorted(tour.tolist()) == list(range(n))
        assert one[tour, np.roll(tour, -1)].sum() == min(costs)


@settings(deadline=None, max_examples=20)
@given(st.integers(4, 12), st.integers(0, 2**32))
def test_sides_of_few_points_are_those_of_the_machine_s_triangulation(n: int, seed: int) -> None:
    x, y, triangles = triangulated(np.random.default_rng(seed).integers(0, 10**6, (2, n)))
    assert sides_of_few(x, y).tolist() == pointing.sides(triangles).tolist()


@pytest.mark.slow
def test_pointers_are_learned_from_short_tours_and_their_law_is_proved(
    learned: LearnedKernel,
) -> None:
    assert learned.proved
    assert learned.attempts == 1
    nearest, farther = learned(0, 0, 0, 1), learned(3, 3, 0, 1)
    assert nearest > 0 > learned(NEAR - 1, NEAR, 3, 0)
    assert nearest > farther


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 2**31))
def test_any_weights_obey_the_law(seed: int) -> None:
    assert isinstance(PointerKernel(CONFIG.pointer, POINTER, seed).prove(POINTER), Proved)


@settings(max_examples=40)
@given(st.tuples(*(st.integers(0, size - 1) for size in SIZES)), st.sampled_from([-9, 9]))
def test_scores_that_fall_are_refuted_by_a_step(place: tuple[int, ...], by: int) -> None:
    right = compiled_pointers(POINTER)
    assert isinstance(prove(right, POINTER), Proved)
    scores = right.scores.copy()
    scores[place] += by
    verdict = prove(Pointers(scores), POINTER)
    best = tuple(
        0 if way < 0 else size - 1 for way, size in zip(POINTER.better, SIZES, strict=True)
    )
    worst = tuple(size - 1 - at for at, size in zip(best, SIZES, strict=True))
    if place == (best if by > 0 else worst):
        assert isinstance(verdict, Proved)
        return
    assert isinstance(verdict, Refuted)
    assert verdict.expected is not None
    assert scores[tuple(verdict.x)] == verdict.y[0] < verdict.expected[0]


def test_scores_of_another_shape_or_kind_are_not_proved() -> None:
    for scores in (np.zeros((2, 2), dtype=np.int64), np.zeros(SIZES)):
        assert isinstance(prove(Pointers(scores), POINTER), Unknown)


def test_a_seed_says_what_is_learned() -> None:
    smaller, larger = (ToursConfig(points=n, tours=20) for n in (6, 7))
    config = replace(CONFIG.pointer, smaller=smaller, larger=larger, steps=5)
    examples = tour_pairs(config, np.random.default_rng(1))
    assert len(examples) == 40
    tables = []
    for seed in (5, 5, 6):
        kernel = PointerKernel(config, POINTER, seed)
        kernel.fit(examples)
        tables.append(kernel.discretise().scores.tolist())
    assert tables[0] == tables[1] != tables[2]


def test_few_points_and_points_on_a_line() -> None:
    assert toured("7 7", PLAINEST).value == {"tour": [0], "length": "0"}
    assert toured("7 7\n7 8", PLAINEST).value == {"tour": [0, 1], "length": "2"}
    assert toured("0 0\n3 0\n0 4", PLAINEST).value == {"tour": [0, 1, 2], "length": "12"}
    line = toured("0 0\n3 3\n1 1\n2 2\n1.0 1", PLAINEST)
    assert line.value == {"tour": [0, 1, 3, 4, 2], "length": "8.48528137424"}


def test_the_trace_tells_who_pointed() -> None:
    told: list[str] = []
    toured("0 0\n9 0\n9 9\n0 9\n1 1", PLAINEST, note=told.append)
    pointed = [line for line in told if line.startswith("pointer")]
    assert pointed == [
        "pointer     [0]-[4] is joined, score 1",
        "pointer     [1]-[4] is joined, score 0",
        "pointer     [1]-[2] is joined, score -1",
        "pointer     [2]-[3] is joined, score -2",
    ]


def test_paths_that_no_pointer_leads_on_from_are_joined_by_distance() -> None:
    """Two crowds, each nearer to itself than to the other."""
    told: list[str] = []
    crowd = random_points(60, 3)
    points = np.concatenate([crowd, crowd + np.array([1e6, 0.5])])
    answer = toured(written(points), PLAINEST, timeout_s=0.0, note=told.append)
    assert sorted(answer.value["tour"]) == list(range(120))
    joined = [line for line in told if " is joined, " in line]
    assert len(joined) == 119
    assert any(line.startswith("distance") for line in joined)


@pytest.mark.slow
def test_learned_pointers_begin_with_shorter_tours_and_end_near_lkh(learned: LearnedKernel) -> None:
    """Begun with: without any time to improve. Means of a few sets, so that the bounds are wide."""
    begun, walked = [], []
    for seed in range(5):
        points = random_points(200, seed)
        for pointer, found in ((learned.exact, begun), (None, walked)):
            kernels = KERNELS | {"pointer": pointer}
            options, context = TourOptions(timeout_s=0.0), RunContext(path="")
            answer = JOBS["tsp"].run(written(points), kernels, options, context)
            found.append(cost(points, np.array(answer.value["tour"])))
    assert np.mean(begun) < 0.97 * np.mean(walked)
    elkai = pytest.importorskip("elkai")
    gaps = []
    for seed in range(5):
        points = random_points(50, 100 + seed)
        apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
        best = elkai.DistanceMatrix(np.rint(apart * 10**6).astype(int).tolist()).solve_tsp()
        found = cost(points, np.array(toured(written(points), learned.exact).value["tour"]))
        gaps.append(found / cost(points, np.array(best[:-1])) - 1)
    assert np.mean(gaps) <= 0.01


PLAIN = """
import sys
sys.modules["numba"] = None
from abduce.symbolic.machines.plane import tour_search
from abduce.neural.kernels.jobs import JOBS, compiled_kernels
from abduce.symbolic.machines.jobs import RunContext
from abduce.symbolic.machines.plane.geometry_jobs import TourOptions
assert not tour_search.COMPILED
kernels = compiled_kernels((*JOBS["tsp"].kernels, "pointer"))
context = RunContext(path="-")
print(JOBS["tsp"].run(sys.stdin.read(), kernels, TourOptions(), context).value["tour"])
"""


def test_without_numba_the_tour_is_the_same() -> None:
    pytest.importorskip("numba")
    text = written(random_points(40, 2))
    command = (sys.executable, "-c", PLAIN)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(toured(text, PLAINEST).value["tour"])
