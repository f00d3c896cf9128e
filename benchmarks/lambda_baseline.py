"""The Transformer beside the learned reducer: how often it is right, by family and length.

A term counts as right where the whole next term is; terms are of the test split, longer than half
of the length that is named.
"""

import time
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from abduce.benchmarks.lambda_data import Family
from abduce.benchmarks.lambda_tests import UNIT, cases
from abduce.neural.kernels.kernel import Progress
from abduce.neural.lambda_reducer.pairs import LONGEST

if TYPE_CHECKING:
    from abduce.neural.lambda_reducer.transformer import Baseline

LENGTHS: dict[Family, tuple[int, ...]] = {
    "closed-bool": (50, 100, 200),
    "open-bool": (50, 100, 200),
    "general": (25, 50, 100, 200),
}
INPUTS = 100
AT_ONCE = 20
TEST_SEED = 3


def measured(
    seed: int, *, deadline: float, progress: Progress | None = None
) -> tuple[dict[str, Any], bool]:
    """Train and test: the metrics of a record, and whether the training was ended.

    Args:
        deadline: of the training, as `time.monotonic()` counts; testing comes after.
    """
    from abduce.neural.lambda_reducer.transformer import Baseline, TransformerConfig

    baseline = Baseline(TransformerConfig(seed=seed))
    baseline.train(None, deadline=deadline, progress=progress)
    found = {
        f"OBR {family} {length}": _tested(baseline, family, length)
        for family, lengths in LENGTHS.items()
        for length in lengths
    }
    metrics = {
        "proved": None,
        "trained_on": [3, LONGEST],
        "unit": UNIT,
        "parameters": baseline.parameters,
        "examples": baseline.step * baseline.config.batch,
        "kernels": {},
        "train_s": baseline.cpu_s,
        "test_s": round(sum(size["cpu_s"] for size in found.values()), 4),
        "accuracy": min(size["exact"] for size in found.values()),
        "sizes": found,
    }
    return metrics, baseline.step == baseline.config.steps


def _tested(baseline: "Baseline", family: Family, length: int) -> dict[str, Any]:
    start = time.process_time()
    right = _right(baseline, family, length)
    exact = sum(right) / len(right)
    return {
        "n": length,
        "inputs": len(right),
        "accuracy": exact,
        "exact": exact,
        "steps": len(right),
        "cpu_s": round(time.process_time() - start, 4),
    }


def _right(baseline: "Baseline", family: Family, length: int) -> Sequence[bool]:
    tested = list(islice(cases("OBR", family, length, TEST_SEED, least=length // 2 + 1), INPUTS))
    told: list[bool] = []
    for first in range(0, len(tested), AT_ONCE):
        terms, expected = zip(*tested[first : first + AT_ONCE], strict=True)
        told += baseline.right(terms, expected)
    return told
