"""Examples of fixed points: small graphs, and the values of their states.

The values come from elsewhere: of decision processes from policy iteration, which solves linear
equations, and of paths from Dijkstra's algorithm. Each graph has a discount written beside it; the
paths do not depend on theirs.

Source: Park et al. 2022, Convergent graph solvers, section 5.2 (graph value iteration: 20 to 50
states, 5 to 10 actions).
"""

import heapq
from dataclasses import dataclass

import numpy as np

from abduce.neural.kernels.config import PathsConfig, ProcessesConfig, SamplesConfig


@dataclass(frozen=True, slots=True, eq=False)
class Decisions:
    """A graph whose values are known, in the form that a layer reads.

    Attributes:
        reward: (states, actions).
        after: (states, actions), the value that is expected after an action.
        discount: the discount, below 1.
        values: (states,), a fixed point.
    """

    reward: np.ndarray
    after: np.ndarray
    discount: float
    values: np.ndarray


def processes(config: ProcessesConfig, generator: np.random.Generator) -> list[Decisions]:
    """Decision processes in which each action leads to some of a few states, by chance."""
    found: list[Decisions] = []
    for _ in range(config.samples.graphs):
        states, actions = _sizes(config.samples, generator)
        target = generator.integers(0, states, (states, actions, config.branches))
        chance = generator.dirichlet(np.ones(config.branches), (states, actions))
        reward = generator.uniform(-1, 1, (states, actions))
        discount = _discount(config.samples, generator)
        values = policy_iteration(reward, target, chance, discount)
        after = (chance * values[target]).sum(2)
        found.append(Decisions(reward, after, discount, values))
    return found


def policy_iteration(
    reward: np.ndarray, target: np.ndarray, chance: np.ndarray, discount: float
) -> np.ndarray:
    """(states,), the values of a decision process, by solving for one policy after the other.

    Args:
        reward: (states, actions).
        target, chance: (states, actions, branches), where an action leads, and how likely.

    Source: Howard 1960, Dynamic programming and Markov processes.
    """
    states = np.arange(len(reward))
    policy = np.zeros(len(reward), dtype=np.int64)
    while True:
        system = np.eye(len(reward))
        for branch in range(target.shape[2]):
            weights = discount * chance[states, policy, branch]
            np.subtract.at(system, (states, target[states, policy, branch]), weights)
        values = np.linalg.solve(system, reward[states, policy])
        worth = reward + discount * (chance * values[target]).sum(2)
        better = worth.max(1) > worth[states, policy] + 1e-10
        if not better.any():
            return values
        policy[better] = worth.argmax(1)[better]


def paths(config: PathsConfig, generator: np.random.Generator) -> list[Decisions]:
    """Graphs with weights, and the distance of each state to state 0, which it can reach."""
    found: list[Decisions] = []
    for _ in range(config.samples.graphs):
        states, edges = _sizes(config.samples, generator)
        target = generator.integers(0, states, (states, edges))
        target[:, 0] = np.maximum(0, np.arange(states) - 1)
        weight = generator.integers(1, config.weight + 1, (states, edges)).astype(float)
        target[0], weight[0] = 0, 0.0
        values = _distances(target, weight)
        discount = _discount(config.samples, generator)
        found.append(Decisions(weight, values[target], discount, values))
    return found


def _sizes(config: SamplesConfig, generator: np.random.Generator) -> tuple[int, int]:
    """Numbers of states and of choices."""
    states = generator.integers(config.least_states, config.most_states + 1)
    choices = generator.integers(config.least_choices, config.most_choices + 1)
    return int(states), int(choices)


def _discount(config: SamplesConfig, generator: np.random.Generator) -> float:
    return float(generator.uniform(config.least_discount, config.most_discount))


def _distances(target: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The distance of each state to state 0."""
    into: list[list[tuple[int, float]]] = [[] for _ in target]
    for (state, edge), to in np.ndenumerate(target):
        into[to].append((state, float(weight[state, edge])))
    found = np.full(len(target), np.inf)
    todo = [(0.0, 0)]
    while todo:
        distance, state = heapq.heappop(todo)
        if distance < found[state]:
            found[state] = distance
            for before, length in into[state]:
                heapq.heappush(todo, (distance + length, before))
    return found
