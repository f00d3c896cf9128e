"""Tours: moves do to a tour what their kernels say, and nothing else; tours are short."""

import subprocess
import sys
from itertools import count, permutations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from abduce import clock
from abduce.neural.kernels.catalogue import TASKS
from abduce.neural.kernels.config import CONFIG
from abduce.neural.kernels.jobs import JOBS, compiled_kernels
from abduce.neural.kernels.kernel import train
from abduce.neural.kernels.plane.signs import Labels
from abduce.symbolic.machines.jobs import MachineAnswer, RunContext
from abduce.symbolic.machines.plane import tour_search
from abduce.symbolic.machines.plane.geometry_jobs import TourOptions, tour_length
from abduce.symbolic.machines.plane.points import read_points
from abduce.symbolic.machines.plane.touring import terms
from abduce.symbolic.programs.definitions.tours import INSERTION_ENDS, MOVES
from abduce.symbolic.programs.polynomials import compiled_polynomial
from abduce.verify.discrete.proving import prove
from abduce.verify.verdict import Proved, Refuted
from tests.points import cost, random_points, written

either = pytest.mark.parametrize("name", MOVES)
KERNELS = compiled_kernels(JOBS["tsp"].kernels)


INSERTION = terms(KERNELS["insertion"], INSERTION_ENDS)


def toured(text: str, seed: int = 0, timeout_s: float | None = None) -> MachineAnswer:
    options = TourOptions(seed=seed, timeout_s=timeout_s)
    return JOBS["tsp"].run(text, KERNELS, options, RunContext(path="points.txt"))


@either
def test_a_change_of_cost_is_learned_from_tours_and_proved(name: str) -> None:
    torch.set_num_threads(1)
    learned = train(TASKS[name], seed=3)
    assert learned.proved
    assert len(learned.exact.coefficients) == {"exchange": 4, "insertion": 6}[name]
    wrong = learned.exact.coefficients.copy()
    wrong[0] *= 2
    verdict = prove(type(learned.exact)(learned.exact.exponents, wrong), MOVES[name])
    assert isinstance(verdict, Refuted)


@either
def test_whole_tours_cost_what_the_identity_says(name: str) -> None:
    examples = TASKS[name].examples(CONFIG.move, np.random.default_rng(5))
    right = compiled_polynomial(MOVES[name])
    assert isinstance(prove(right, MOVES[name]), Proved)
    assert isinstance(examples, Labels)
    assert right.values(examples.points.T).tolist() == examples.values.tolist()


def edges(tour: list[int]) -> list[tuple[int, ...]]:
    return sorted(tuple(sorted(pair)) for pair in zip(tour, [*tour[1:], tour[0]], strict=True))


def whole_cost(tour: np.ndarray, x: np.ndarray, y: np.ndarray) -> int:
    along = zip(tour.tolist(), np.roll(tour, -1).tolist(), strict=True)
    return sum(tour_search.length(x, y, a, b) for a, b in along)


@settings(deadline=None, max_examples=200)
@given(st.integers(5, 11), st.data())
def test_an_insertion_moves_a_path_and_leaves_the_rest(n: int, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(n)))
    size = data.draw(st.integers(1, n - 3))
    path, rest = order[:size], order[size:]
    at = data.draw(st.integers(0, len(rest) - 2))
    c, d = rest[at], rest[at + 1]
    if data.draw(st.booleans()):
        c, d = d, c
    s, t = path[0], path[-1]
    p, q = rest[-1], rest[0]
    if data.draw(st.booleans()):
        p, s, t, q = q, t, s, p
    start = data.draw(st.integers(0, n - 1))
    tour = np.roll(order, start)
    if data.draw(st.booleans()):
        tour = tour[::-1].copy()
    place = np.argsort(tour)
    log = np.zeros(20, dtype=np.int64)
    before = tour.copy()
    x, y = np.random.default_rng(n).random((2, n)) * 2**30
    told = tour_search.change(INSERTION, (p, s, t, q, c, d), x, y)
    tour_search.insert(tour, place, log, p, s, t, q, c, d)
    inside = path if (s == path[0]) == (c == rest[at]) else path[::-1]
    assert edges(tour.tolist()) == edges([*rest[: at + 1], *inside, *rest[at + 1 :]])
    assert (tour[place] == np.arange(n)).all()
    assert whole_cost(tour, x, y) - whole_cost(before, x, y) == told
    for k in range(log[0] - 1, -1, -1):
        a, b, e, f = log[4 * k + 1 : 4 * k + 5]
        tour_search.exchange(tour, place, a, e, b, f)
    assert edges(tour.tolist()) == edges(before.tolist())


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 40), st.integers(0, 2**32), st.sampled_from([2, 5, 10**6, 10**40]))
def test_a_tour_visits_every_point_once(count: int, seed: int, wide: int) -> None:
    drawn = np.random.default_rng(seed).integers(0, 2**40, (count, 2)).astype(object) * wide >> 40
    answer = toured("\n".join(f"{x} {y}" for x, y in drawn.tolist()), seed=seed)
    tour = answer.value["tour"]
    assert tour[0] == 0
    assert sorted(tour) == list(range(count))
    places = [tuple(row) for row in drawn.tolist()]
    runs = [places[k] for n, k in enumerate(tour) if places[k] != places[tour[n - 1]]]
    assert len(set(runs)) == len(runs), "points that are equal come one after the other"


@pytest.mark.parametrize("count", [4, 5, 6, 7])
def test_few_points_have_the_best_tour_of_all(count: int) -> None:
    for seed in range(5):
        points = random_points(count, seed)
        orders = [np.array((0, *rest)) for rest in permutations(range(1, count))]
        best = min(cost(points, order) for order in orders)
        answer = toured(written(points))
        assert cost(points, np.array(answer.value["tour"])) == pytest.approx(best)
        assert float(answer.value["length"]) == pytest.approx(best)


def test_points_on_a_line_are_visited_there_and_back() -> None:
    answer = toured("0 0\n3 3\n1 1\n2 2\n1.0 1")
    assert answer.value == {"tour": [0, 1, 3, 4, 2], "length": "8.48528137424"}
    assert toured("7 7").value == {"tour": [0], "length": "0"}
    assert toured("7 7\n7 8").value == {"tour": [0, 1], "length": "2"}


def test_lengths_have_all_digits_whatever_the_unit() -> None:
    points = read_points("0 0\n3e40 0\n3e40 4e40\n", least=3)
    assert tour_length(points, np.arange(3)) == "1.2E+41"
    assert tour_length(read_points("0 0\n3e-20 4e-20", least=2), np.arange(2)) == "1E-19"


def test_a_seed_says_what_is_drawn_and_time_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    text = written(random_points(60, 1))
    once = toured(text, seed=3)
    assert once.value == toured(text, seed=3).value
    assert once.steps["kicks"] == 1200
    ticks = count()
    monkeypatch.setattr(clock, "wall_s", lambda: float(next(ticks)))  # a second a look
    short, long = (toured(text, timeout_s=s).steps["kicks"] for s in (20.0, 40.0))
    assert 0 < short < long


PLAIN = """
import sys
sys.modules["numba"] = None
from abduce.symbolic.machines.plane import tour_search
from abduce.neural.kernels.jobs import JOBS, compiled_kernels
from abduce.symbolic.machines.jobs import RunContext
from abduce.symbolic.machines.plane.geometry_jobs import TourOptions
assert not tour_search.COMPILED
kernels = compiled_kernels(JOBS["tsp"].kernels)
options, context = TourOptions(seed=4), RunContext(path="-")
print(JOBS["tsp"].run(sys.stdin.read(), kernels, options, context).value["tour"])
"""


@pytest.mark.slow
def test_without_numba_the_tour_is_the_same() -> None:
    pytest.importorskip("numba")
    text = written(random_points(40, 2))
    command = (sys.executable, "-c", PLAIN)
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(toured(text, seed=4).value["tour"])


def test_tours_of_50_points_are_within_1_percent_of_lkh() -> None:
    elkai = pytest.importorskip("elkai")
    gaps = []
    for seed in range(5):
        points = random_points(50, 100 + seed)
        apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
        best = elkai.DistanceMatrix(np.rint(apart * 10**6).astype(int).tolist()).solve_tsp()
        found = cost(points, np.array(toured(written(points)).value["tour"]))
        gaps.append(found / cost(points, np.array(best[:-1])) - 1)
    assert np.mean(gaps) <= 0.01
