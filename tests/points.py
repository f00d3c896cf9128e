"""Points for tests: drawn, as text, and how long a tour of them is."""

import numpy as np


def written(points: np.ndarray) -> str:
    return "\n".join(f"{x!r} {y!r}" for x, y in points.tolist())


def random_points(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random((count, 2))


def cost(points: np.ndarray, tour: np.ndarray) -> float:
    along = points[tour] - points[np.roll(tour, -1)]
    return float(np.hypot(*along.T).sum())
