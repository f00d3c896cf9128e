"""The jobs about certificates: instances of the competition that hold, to be proved on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from abduce.benchmarks.records.record import as_mapping, record_id
from abduce.benchmarks.verify.instances import Instance, read_instances
from abduce.benchmarks.verify.suite import benchmarks
from abduce.verify.certificates.config import DEFAULT, WritingConfig
from abduce.verify.strategy import AUTOMATIC, Strategy
from abduce.verify.strategy import METHOD as VERIFIER

METHOD: Final = 1
"""The version of the method, which is part of every record's id."""
KIND: Final = "certificates"
BENCHMARKS: Final[Mapping[str, str]] = MappingProxyType({"acasxu": "", "mnist_fc": "256x2"})
"""The benchmarks, with a part of the names of the networks that are taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateJob:
    """One instance: solved, solved with a certificate, and checked.

    Attributes:
        timeout_s: the upper limit on solving, with and without a certificate.
    """

    instance: Instance
    timeout_s: float
    strategy: Strategy = AUTOMATIC
    writing: WritingConfig = field(default=DEFAULT)

    @property
    def kind(self) -> str:
        return KIND

    @property
    def seed(self) -> int:
        return self.strategy.seed

    @property
    def task(self) -> dict[str, Any]:
        return {
            "benchmark": self.instance.category,
            "network": self.instance.onnx,
            "property": self.instance.vnnlib,
            "timeout_s": self.timeout_s,
        }

    @property
    def config(self) -> dict[str, Any]:
        strategy = as_mapping(self.strategy)
        del strategy["seed"]
        writing = {"writing": as_mapping(self.writing)}
        return {"method": METHOD, "verifier": VERIFIER, **writing, **strategy}

    @property
    def id(self) -> str:
        return record_id(self.kind, self.task, self.config, self.seed)

    @property
    def command(self) -> str:
        return "abduce bench specifications --only certificates"

    @property
    def name(self) -> str:
        """The job in words."""
        return " ".join(self.instance.pair)


def certificate_jobs(
    places: Sequence[Path], seed: int = 0, timeout_s: float | None = None
) -> list[CertificateJob]:
    """The instances that are known to hold, in the order of their benchmarks; none where the
    benchmarks are not there.

    Args:
        places: folders of benchmarks.
        timeout_s: the upper limit on an instance; that of the competition where it is left out.
    """
    there = benchmarks(places)
    found = [
        each
        for name, part in BENCHMARKS.items()
        if name in there
        for each in read_instances(there[name])
        if part in each.onnx
    ]
    strategy = replace(AUTOMATIC, seed=seed)
    return [
        CertificateJob(instance=i, timeout_s=timeout_s or i.timeout_s, strategy=strategy)
        for i in found
        if i.expected == "unsat"
    ]
