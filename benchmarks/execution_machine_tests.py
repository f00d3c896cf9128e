"""Test sets of machines that track states, permute bits, come to fixed points or run list programs.

Expected answers come from permutations and sums, from a text that is rewritten, from sorted lists,
from Dijkstra's algorithm and from linear equations; never from a kernel.
"""

import random
import time
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from abduce.benchmarks.execution_score import Score, Size
from abduce.neural.kernels.traces import ALGORITHMS, random_graph, result
from abduce.neural.machines.fixed_points import Values, fixed_point, shortest_paths
from abduce.neural.machines.list_programs import run_program
from abduce.neural.machines.lists import ListMachine
from abduce.neural.machines.processes import Process
from abduce.neural.machines.searching import binary_search, minimum, select
from abduce.neural.machines.state_tracking import match, running_products
from abduce.verify.discrete.brackets import KINDS
from abduce.verify.discrete.groups import GROUPS
from abduce.verify.discrete.permutations import PERMUTATION
from abduce.verify.discrete.tangent import least_on, mean

SEARCHES = ("minimum", "select", "search")
OTHERS = ("dyck", "permutation", "value-iteration", "shortest-path")
MACHINES = frozenset((*GROUPS, *SEARCHES, *OTHERS))
RELATIVE = 1e-6
"""How far a value may be off, and how large a certified error, as a part of the largest value."""


def machine_score(
    task: str, method: str, size: Size, seed: int, kernels: Mapping[str, Any]
) -> Score:
    """The score of one input."""
    generator = np.random.default_rng(seed)
    if task in GROUPS:
        return _product(task, size, generator, kernels)
    if task in SEARCHES:
        return _searched(task, size, seed, kernels)
    if task == "dyck":
        return _brackets(size, generator, kernels)
    if task == "permutation":
        return _permuted(method, size, generator, kernels)
    if task == "shortest-path":
        return _paths(size, generator, kernels)
    return _valued(size, generator, kernels)


def _product(
    task: str, size: Size, generator: np.random.Generator, kernels: Mapping[str, Any]
) -> Score:
    """Every running product is an entry."""
    elements = np.array(GROUPS[task].elements)
    word = generator.integers(0, len(elements), size.n)
    start = time.process_time()
    found = elements[running_products(kernels[task], word)]
    cpu_s = time.process_time() - start
    expected, images = np.empty_like(found), np.arange(elements.shape[1])
    for place, element in enumerate(elements[word]):
        expected[place] = images = element[images]
    return Score(int((found == expected).all(1).sum()), size.n, size.n, cpu_s)


def _brackets(size: Size, generator: np.random.Generator, kernels: Mapping[str, Any]) -> Score:
    """A word that is balanced, and then the same with one bracket another: two entries."""
    word: list[int] = []
    opened: list[int] = []
    for left, chance in zip(range(size.n, 0, -1), generator.random(size.n).tolist(), strict=True):
        if opened and (len(opened) == left or chance < 0.5):
            word.append(KINDS + opened.pop())
        else:
            opened.append(int(chance * 1e6) % KINDS)
            word.append(opened[-1])
    place = int(generator.integers(0, size.n))
    closing = word[place] >= KINDS
    other = [*word]
    other[place] = KINDS * closing + (word[place] + 1) % KINDS
    broken = place if closing else _partner(word, place)
    start = time.process_time()
    whole, half = (match(kernels["brackets"], one) for one in (word, other))
    cpu_s = time.process_time() - start
    right = int(whole.broken is None and not whole.open) + int(half.broken == broken)
    return Score(right, 2, size.n, cpu_s)


def _partner(word: list[int], place: int) -> int:
    """Where the bracket that opens at a place is closed."""
    depth = 0
    for at in range(place, len(word)):
        depth += 1 if word[at] < KINDS else -1
        if not depth:
            return at
    raise ValueError("the word is not balanced")


def _permuted(
    method: str, size: Size, generator: np.random.Generator, kernels: Mapping[str, Any]
) -> Score:
    """Of the ensemble, every word is an entry; of the mean, every bit of a word."""
    if method == "ensemble":
        words = range(1, 2**size.n)
        right = sum(kernels["permutation"](word) == PERMUTATION.value(word) for word in words)
        return Score(right, len(words), len(words))
    places, on = generator.permutation(size.n), least_on(size.n)
    assert on is not None
    bits = np.zeros(size.n, dtype=np.int64)
    bits[generator.choice(size.n, int(generator.integers(1, size.n + 1)), replace=False)] = 1
    found = mean(bits, places)[places] > on / 2
    return Score(int((found == bits).sum()), size.n, size.n)


def _searched(task: str, size: Size, seed: int, kernels: Mapping[str, Any]) -> Score:
    draw = random.Random(seed)
    values = [draw.getrandbits(size.bits) for _ in range(size.n)]
    rank, wanted = draw.randrange(size.n), draw.choice(values) + draw.randrange(2)
    order = sorted(values)
    given = [*order, wanted] if task == "search" else values
    program = kernels.get(f"{task}-program")
    if program is None:
        machine = ListMachine(given, kernels["compare"], kernels["mask"])
        if task == "search":
            place = binary_search(machine, size.n)
        else:
            place = minimum(machine) if task == "minimum" else select(machine, rank)
        steps = machine.pairs
    else:
        t = {"minimum": 0, "select": rank, "search": size.n}[task]
        run = run_program(task, program, given, kernels["compare"], length=size.n, t=t)
        held = {"minimum": run.registers["i"], "search": run.registers["l"]}
        place = held[task] if task in held else int(run.places[rank])
        steps = run.steps
    if task == "search":
        right = place == sum(value < wanted for value in values)
    else:
        right = values[place] == order[rank if task == "select" else 0]
    return Score(int(right), 1, steps)


def _paths(size: Size, generator: np.random.Generator, kernels: Mapping[str, Any]) -> Score:
    graph = random_graph(size.n, float(generator.uniform(4, 12)), generator)
    source = int(generator.integers(0, size.n))
    start = time.process_time()
    found = shortest_paths(graph, source, kernels["shortest-path"])
    cpu_s = time.process_time() - start
    expected = result(ALGORITHMS["dijkstra"], graph, source)
    pairs = zip(found.distances, expected.keys, strict=True)
    return Score(sum(ours == theirs for ours, theirs in pairs), size.n, found.sweeps, cpu_s)


def _valued(size: Size, generator: np.random.Generator, kernels: Mapping[str, Any]) -> Score:
    """A value is right where it is near that of the linear equations of the choices made; none is
    where the certified error is too large."""
    process = random_process(size.n, generator)
    start = time.process_time()
    found = fixed_point(process, kernels["value-iteration"])
    cpu_s = time.process_time() - start
    expected = value_of_choices(process, found)
    near = RELATIVE * np.abs(expected).max()
    right = (np.abs(found.values - expected) <= near) & (found.bound <= near)
    return Score(int(right.sum()), size.n, found.sweeps, cpu_s)


def random_process(states: int, generator: np.random.Generator) -> Process:
    """5 to 10 actions a state, three outcomes each, a discount of 0.99; all in exact fractions."""
    choices: dict[tuple[int, str], list[tuple[int, Fraction, Fraction]]] = {}
    for state in range(states):
        for action in range(int(generator.integers(5, 11))):
            weights = generator.integers(1, 100, 3).tolist()
            targets = generator.integers(0, states, 3).tolist()
            rewards = generator.integers(-100, 101, 3).tolist()
            choices[state, str(action)] = [
                (target, Fraction(weight, sum(weights)), Fraction(reward, 100))
                for target, weight, reward in zip(targets, weights, rewards, strict=True)
            ]
    return Process.of(tuple(map(str, range(states))), choices, Fraction(99, 100))


def value_of_choices(process: Process, found: Values) -> np.ndarray:
    """(states,), what a process is worth where each state keeps to its choice."""
    from scipy.sparse import coo_array, eye_array
    from scipy.sparse.linalg import spsolve

    ends = [*process.branch.tolist(), len(process.target)]
    taken = np.concatenate([np.arange(ends[c], ends[c + 1]) for c in found.choices.tolist()])
    rows = np.repeat(np.arange(len(process)), np.diff(ends)[found.choices])
    shape = (len(process), len(process))
    moves = coo_array((process.chance[taken], (rows, process.target[taken])), shape=shape)
    system = eye_array(len(process)) - float(process.discount) * moves.tocsc()
    return np.asarray(spsolve(system.tocsc(), process.reward[found.choices]))
