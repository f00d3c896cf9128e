"""Runs the jobs about certificates, one after the other, and keeps a record of each."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from abduce import clock
from abduce.benchmarks.records.keeping import Found, run_jobs
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.specifications.certificate_jobs import CertificateJob
from abduce.benchmarks.specifications.certificate_table import certificate_line
from abduce.files import unpacked
from abduce.verify.certificates.certificate import Certificate, encoded
from abduce.verify.certificates.checking import Accepted, check_files
from abduce.verify.instances.instance import instance_path, verify_files
from abduce.verify.instances.proving import prove_files


def run_certificates(
    jobs: Sequence[CertificateJob],
    records: Path,
    *,
    progress: Callable[[str], None] | None = None,
) -> list[Record]:
    """Runs jobs and adds a record of each.

    The first job is solved once before it counts: what Python imports is no work on an instance.

    Raises:
        InputError: a network or a property that cannot be read.
    """
    if jobs:
        outcome(jobs[0])

    def find(job: CertificateJob) -> Found:
        return Found(metrics=outcome(job), data_sha256=_checksums(job))

    return run_jobs(jobs, records, find, certificate_line, progress)


def outcome(job: CertificateJob) -> dict[str, Any]:
    """What a job found: the metrics of its record.

    They are verdict, domains; solve_s, CPU seconds of solving alone; certify_s, of solving and
    writing the certificate; check_s, of checking it; leaves, bytes of the file, whether it is
    accepted; and reason, where there is no certificate or it is refused.
    """
    network, property_ = _paths(job)
    watch = clock.Stopwatch.now()
    alone = verify_files(network, property_, timeout_s=job.timeout_s, strategy=job.strategy)
    solve_s, watch = watch.cpu_s, clock.Stopwatch.now()
    proof = prove_files(
        network, property_, timeout_s=job.timeout_s, strategy=job.strategy, config=job.writing
    )
    found = proof.certificate
    content = encoded(found) if isinstance(found, Certificate) else b""
    certify_s = watch.cpu_s
    metrics = {
        "verdict": type(alone).__name__.lower(),
        "domains": alone.work.domains,
        "solve_s": solve_s,
        "certify_s": certify_s,
        "check_s": None,
        "leaves": None,
        "bytes": None,
        "accepted": False,
        "reason": None,
    }
    if not isinstance(found, Certificate):
        return metrics | {"reason": found.reason}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "proof.json.xz"
        path.write_bytes(content)
        watch = clock.Stopwatch.now()
        checked = check_files(network, property_, path)
        check_s = watch.cpu_s
    accepted = isinstance(checked, Accepted)
    size = {"check_s": check_s, "leaves": found.leaves, "bytes": len(content)}
    reason = {"reason": None if isinstance(checked, Accepted) else checked.reason}
    return metrics | size | {"accepted": accepted} | reason


def _paths(job: CertificateJob) -> tuple[Path, Path]:
    folder = job.instance.folder
    return instance_path(folder / job.instance.onnx), instance_path(folder / job.instance.vnnlib)


def _checksums(job: CertificateJob) -> dict[str, str]:
    names = job.instance.onnx, job.instance.vnnlib
    contents = [unpacked(path, limit=2**31) for path in _paths(job)]
    digests = [hashlib.sha256(content).hexdigest() for content in contents]
    return dict(zip(names, digests, strict=True))
