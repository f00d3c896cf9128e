"""Abduce's own verifier on the instances of a seed whose counterexample is known."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abduce.benchmarks.records.keeping import Found, run_jobs
from abduce.benchmarks.records.record import Record, record_id
from abduce.benchmarks.soundness.judging import OURS, Kind, judge_all
from abduce.benchmarks.soundness.making import instances
from abduce.benchmarks.soundness.planted import LIST, read, write
from abduce.benchmarks.soundness.records import (
    KIND,
    OURSELVES,
    files_sha256,
    judged_metrics,
    our_config,
)
from abduce.benchmarks.soundness.table import soundness_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundnessJob:
    """All kinds of instances, made and judged.

    Attributes:
        timeout_s: the upper limit on each instance, in seconds.
        seed: the seed that the instances are made with.
    """

    timeout_s: float = 100.0
    seed: int = 0

    @property
    def kind(self) -> str:
        return KIND

    @property
    def task(self) -> Mapping[str, Any]:
        return {"task": KIND, "verifier": OURSELVES, "timeout_s": self.timeout_s}

    @property
    def config(self) -> Mapping[str, Any]:
        return our_config()

    @property
    def id(self) -> str:
        return record_id(self.kind, self.task, self.config, self.seed)

    @property
    def name(self) -> str:
        """The job in words."""
        return f"soundness, the instances of seed {self.seed}, {self.timeout_s:g} s each"

    @property
    def command(self) -> str:
        words = "abduce bench specifications --only soundness"
        return f"{words} --seed {self.seed} --timeout-s {self.timeout_s:g}"


def run_soundness(
    jobs: Sequence[SoundnessJob], records: Path, progress: Callable[[str], None] | None = None
) -> list[Record]:
    """Runs the jobs, each in a folder that is removed afterwards, and keeps a record of each."""

    def find(job: SoundnessJob) -> Found:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write(folder, instances((), job.seed))
            listed = read(folder)
            judged = [*judge_all(OURS, listed, timeout_s=job.timeout_s, progress=progress)]
            data = {f"{LIST} and its files": files_sha256(judged)}
            return Found(metrics=judged_metrics(judged), data_sha256=data)

    return run_jobs(jobs, records, find, lambda record: soundness_targets([record])[0], progress)


def soundness_targets(records: Sequence[Record]) -> list[str]:
    """What was reached, from the newest record of Abduce's own verifier."""
    ours = [
        record for record in records if record.kind == KIND and record.task["verifier"] == OURSELVES
    ]
    if not ours:
        return []
    kinds = [Kind(**kind) for kind in ours[-1].metrics["kinds"]]
    *lines, whole = soundness_lines(kinds)
    return [f"{whole}; target: 0 proved wrongly, 80 % refuted, needles apart", *lines]
