"""Other systems on our images, each as a job: ABLkit on HWF, sequence networks on HINT."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any, Final

from abduce import clock
from abduce.benchmarks.perception.job import ImageJob
from abduce.benchmarks.perception.method import METHOD
from abduce.benchmarks.perception.peers import PeerConfig, ablkit
from abduce.benchmarks.perception.sequences import NETWORKS, SequenceConfig, learn_sequences
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record, as_mapping, record_id
from abduce.benchmarks.records.record_file import append
from abduce.configuration import configured

ABLKIT: Final = "ABLkit"
NAMES: Final[Mapping[str, str]] = {
    "lstm": "convolutions and LSTM",
    "transformer": "convolutions and Transformer",
}
LIMIT_S: Final[Mapping[str, float]] = {"hwf": 900.0, "hint": 3600.0}
"""The upper limit on the CPU seconds of learning, unless another is asked for: those of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerJob:
    """One run of another system.

    Args:
        peer: 'ABLkit', which answers HWF, or a kind of sequence network, which answers HINT.
        limit_s: the upper limit on its CPU seconds of learning; it answers with what it has
            learned until then.
        settings: what is changed in its configuration, as 'images=100000'.
    """

    peer: str
    seed: int = 0
    limit_s: float | None = None
    rows: int = ImageJob(task="hwf").rows
    tested: int | None = None
    settings: tuple[str, ...] = ()

    @property
    def job(self) -> ImageJob:
        """The job of ours that learns from the same images and answers the same test."""
        task = "hwf" if self.peer == ABLKIT else "hint"
        return ImageJob(task=task, rows=self.rows, tested=self.tested, seed=self.seed)

    @property
    def config(self) -> PeerConfig | SequenceConfig:
        """Its configuration with its settings."""
        for kind in NETWORKS:
            if kind == self.peer:
                return configured(SequenceConfig(kind=kind), None, self.settings)
        return configured(PeerConfig(), None, self.settings)

    @property
    def seconds(self) -> float:
        """The upper limit on the CPU seconds of learning."""
        return LIMIT_S[self.job.task] if self.limit_s is None else self.limit_s

    @property
    def recorded(self) -> dict[str, Any]:
        """The configuration of the record."""
        return {"method": METHOD, "limit_s": self.seconds, **as_mapping(self.config)}

    @property
    def task(self) -> dict[str, Any]:
        """The task of the record."""
        return {**self.job.asked, "peer": self.peer}

    @property
    def id(self) -> str:
        """The id of its record."""
        return record_id("images", self.task, self.recorded, self.seed)

    @property
    def command(self) -> str:
        limit = "" if self.limit_s is None else f" --timeout-s {self.limit_s:g}"
        return f"abduce bench hint --only peers --seeds {self.seed + 1}{limit}"


def peer_jobs(seeds: int = 1, limit_s: float | None = None) -> list[PeerJob]:
    """Every peer with the seeds 0 to `seeds` - 1.

    >>> [job.peer for job in peer_jobs()]
    ['ABLkit', 'lstm', 'transformer']
    """
    peers = (ABLKIT, *NETWORKS)
    return [PeerJob(peer=p, seed=seed, limit_s=limit_s) for seed in range(seeds) for p in peers]


def run_peer(job: PeerJob, records: Path, places: Sequence[Path] | None = None) -> Record:
    """Run a peer and append its record.

    Raises:
        UnsupportedError: its package is not installed.
    """
    started, began = clock.utc_now(), clock.wall_s()
    material, config = job.job.material(places), job.config
    if isinstance(config, SequenceConfig):
        found = learn_sequences(material, config, job.seconds, seed=job.seed)
        name, train_s, test_s = NAMES[config.kind], found.train_s, found.test_s
    else:
        found = ablkit(material, job.seconds, seed=job.seed, config=config)
        name, train_s, test_s = f"{ABLKIT} {found.version}", found.cpu_s, 0.0
    record = new_record(
        "images",
        task=job.task,
        config=job.recorded,
        seed=job.seed,
        started=started,
        wall_s=clock.wall_s() - began,
        command=job.command,
        data_sha256=dict(material.sha256),
        metrics={
            "task": job.job.task,
            "accuracy": mean(found.accuracy.values()),
            "subsets": dict(found.accuracy),
            "symbols": {},
            "train_s": train_s,
            "test_s": test_s,
            "peer": name if found.complete else f"{name}, stopped after {job.seconds:.0f} CPU s",
            "complete": found.complete,
        },
    )
    append(records, record)
    return record
