"""The jobs about activation patterns: what is mined, and what is asked about it."""

from dataclasses import dataclass, field, replace
from typing import Any, Final

from abduce.benchmarks.records.record import as_mapping, record_id
from abduce.verify.instances.patterns import Settings
from abduce.verify.strategy import METHOD as VERIFIER

METHOD: Final = 1
"""The version of the method, which is part of every record's id."""
KIND: Final = "specifications"
NETWORKS: Final = ("mnist-net_256x2", "mnist-net_256x4", "mnist-net_256x6")
DELTAS: Final = (0.9, 0.95, 0.99, 1.0)
CLASSES: Final = range(10)
WAYS: Final = ("prune", "coarsen", "stochastic")
CALLS: Final = 20
"""The upper limit on questions to the verifier for one minimal pattern."""
RADIUS: Final = 0.06
"""The radius of the balls for which minimal patterns are proved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NapJob:
    """One row.

    Attributes:
        part: ``recall`` (of all classes), ``class`` (claim (a)), ``pairs`` (claim (b) of all
            pairs), ``radius`` or ``minimal``.
        label: the class; None for all of them.
        way: how a minimal pattern is looked for.
        timeout_s: the upper limit on each question to the verifier.
    """

    part: str
    network: str
    delta: float
    label: int | None = None
    way: str | None = None
    timeout_s: float = 60.0
    seed: int = 0
    settings: Settings = field(default_factory=Settings)

    @property
    def task(self) -> dict[str, Any]:
        return {
            "task": "nap",
            "part": self.part,
            "network": self.network,
            "delta": self.delta,
            "label": self.label,
            "way": self.way,
            "timeout_s": self.timeout_s,
        }

    @property
    def config(self) -> dict[str, Any]:
        settings = as_mapping(self.settings)
        del settings["timeout_s"]
        parts = {"calls": CALLS, "radius": RADIUS}
        return {"method": METHOD, "verifier": VERIFIER, **parts, **settings}

    @property
    def kind(self) -> str:
        return KIND

    @property
    def command(self) -> str:
        return "abduce bench specifications --only nap"

    @property
    def id(self) -> str:
        return record_id(KIND, self.task, self.config, self.seed)

    @property
    def name(self) -> str:
        """The job in words."""
        words = (self.part, self.network, f"delta {self.delta:g}", self.way)
        label = None if self.label is None else f"class {self.label}"
        return ", ".join(filter(None, (*words, label)))


def nap_jobs(seed: int = 0, timeout_s: float | None = None) -> list[NapJob]:
    """All jobs, in the order of running.

    Args:
        timeout_s: the upper limit on each question to the verifier; defaults where it is left out.

    >>> len(nap_jobs())
    83
    """
    small = NETWORKS[0]
    jobs = [NapJob(part="recall", network=n, delta=d) for n in NETWORKS for d in DELTAS]
    jobs += [NapJob(part="pairs", network=small, delta=0.99)]
    jobs += [NapJob(part="class", network=small, delta=0.99, label=c) for c in CLASSES]
    for label in CLASSES:
        jobs.append(NapJob(part="radius", network=small, delta=0.95, label=label, timeout_s=4.0))
    for way, delta in ((WAYS[0], 0.95), (WAYS[0], 0.99)):
        jobs += [_minimal(way, delta, label) for label in CLASSES]
    jobs += [
        NapJob(part="class", network=small, delta=0.95, label=c, timeout_s=20.0) for c in CLASSES
    ]
    for way in WAYS[1:]:
        jobs += [_minimal(way, 0.95, label) for label in CLASSES]
    return [_asked(job, seed, timeout_s) for job in jobs]


def _minimal(way: str, delta: float, label: int) -> NapJob:
    return NapJob(
        part="minimal", network=NETWORKS[0], delta=delta, label=label, way=way, timeout_s=5.0
    )


def _asked(job: NapJob, seed: int, timeout_s: float | None) -> NapJob:
    seconds = timeout_s or job.timeout_s
    strategy = replace(job.settings.strategy, seed=seed)
    settings = replace(job.settings, timeout_s=seconds, strategy=strategy)
    return replace(job, seed=seed, timeout_s=seconds, settings=settings)
