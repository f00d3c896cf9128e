"""Records of runs that never were, for the tests of records and reports."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record, Status, config_hash

MakeRun = Callable[..., Record]


@pytest.fixture
def make_run() -> MakeRun:
    def make(
        split: str = "length",
        accuracy: float = 1.0,
        *,
        seed: int = 0,
        train_rows: int = 16990,
        noise: float = 0.0,
        status: Status = "complete",
        **metrics: Any,
    ) -> Record:
        config = {"beam": 8}
        return new_record(
            "solve",
            task={"task": "scan", "split": split, "rows": train_rows, "noise": noise},
            config=config,
            seed=seed,
            started=datetime(2026, 11, 21, 12, 0, seed, tzinfo=UTC),
            wall_s=2.0,
            status=status,
            command=f"abduce solve scan --split {split} --seed {seed}",
            metrics={
                "task": "scan",
                "split": split,
                "accuracy": accuracy,
                "n": 3920,
                "abstained": 0,
                "train_rows": train_rows,
                "train_s": 1.5,
                "test_s": 0.5,
                "peak_mb": 200.0,
                "seed": seed,
                "noise": noise,
                "active": False,
                "queries": None,
                "config_hash": config_hash(config),
            }
            | metrics,
        )

    return make
