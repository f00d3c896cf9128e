"""Decision processes in which each action leads to one state, and their values.

value(s) = max over actions a of  reward(s, a) + DISCOUNT * value(next(s, a))
"""

import numpy as np

DISCOUNT = 0.9
ROUNDS = 180
"""The number of rounds after which values are within 10 * 0.9 ** 180 < 6e-8 of the fixed point."""


def processes(
    generator: np.random.Generator, count: int, states: int, actions: int
) -> dict[str, np.ndarray]:
    """Random processes: `following`, `rewards` and `values`. Rewards are between 0 and the level of
    their state, which is between 0 and 1: so it matters where an action leads."""
    following = generator.integers(0, states, (count, states, actions))
    rewards = generator.random((count, states, actions)) * generator.random((count, states, 1))
    values = np.zeros((count, states))
    for _ in range(ROUNDS):
        values = worth(following, rewards, values).max(2)
    return {
        "following": following,
        "rewards": rewards.astype(np.float32),
        "values": values.astype(np.float32),
    }


def worth(following: np.ndarray, rewards: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The worth of each action: its reward plus the discounted value of the next state."""
    reached = np.take_along_axis(values[:, :, None], following.reshape(len(values), -1, 1), 1)
    return rewards + DISCOUNT * reached.reshape(following.shape)
