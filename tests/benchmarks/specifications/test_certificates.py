"""Records about certificates: made, read back, shown and judged; and what is run again."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("onnx", reason="onnx is not installed: pip install 'abduce[verify]'")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from abduce.benchmarks.records.keeping import pending
from abduce.benchmarks.records.record import Record, from_fields, to_line
from abduce.benchmarks.records.record_file import read
from abduce.benchmarks.specifications.certificate_jobs import CertificateJob, certificate_jobs
from abduce.benchmarks.specifications.certificate_table import (
    certificate_line,
    certificate_lines,
    certificate_summary,
    certificate_tables,
    gather_certificates,
)
from abduce.benchmarks.specifications.certificates import run_certificates
from tests.instances import FAILS, HOLDS, network


@pytest.fixture
def jobs(tmp_path: Path) -> list[CertificateJob]:
    """A benchmark with one instance that holds, one that does not, and one that is not expected."""
    folder = tmp_path / "acasxu"
    folder.mkdir()
    network(folder / "net.onnx")
    (folder / "holds.vnnlib").write_text(HOLDS)
    (folder / "fails.vnnlib").write_text(FAILS)
    names = [("holds", "unsat"), ("fails", "unsat"), ("fails2", "sat")]
    lines = [f"net.onnx,{name}.vnnlib,10\n" for name, _ in names]
    (folder / "instances.csv").write_text("".join(lines))
    told = [f"net.onnx,{name}.vnnlib,{word}\n" for name, word in names]
    (folder / "expected.csv").write_text("onnx,vnnlib,expected\n" + "".join(told))
    return certificate_jobs([tmp_path])


def test_instances_are_solved_certified_and_checked(
    jobs: list[CertificateJob], tmp_path: Path
) -> None:
    records, said = tmp_path / "r.jsonl", list[str]()
    done = run_certificates(jobs, records, progress=said.append)
    holds, fails = (record.metrics for record in done)
    assert holds["accepted"]
    assert holds["verdict"] == "proved"
    assert holds["leaves"] == 1
    assert holds["certify_s"] > 0
    assert (fails["verdict"], fails["accepted"], fails["leaves"]) == ("refuted", False, None)
    assert said[0].startswith("net holds: accepted, 1 leaves, ")
    assert said[1].startswith("net fails: none: nothing was proved (solved ")
    assert pending(jobs, records) == []
    for record in read(records):
        assert from_fields(json.loads(to_line(record))) == record
    assert len(certificate_tables(gather_certificates(done))[0].rows) == 2
    assert len(certificate_summary(done)) == 2
    assert set(done[0].data_sha256) == {"net.onnx", "holds.vnnlib"}


def test_jobs_differ_by_seed_and_limit(jobs: list[CertificateJob], tmp_path: Path) -> None:
    others = certificate_jobs([tmp_path], seed=1), certificate_jobs([tmp_path], timeout_s=5.0)
    assert len({job.id for some in (jobs, *others) for job in some}) == 6


def changed(record: Record, number: int, **metrics: Any) -> Record:
    task = {**record.task, "network": f"{number}.onnx"}
    return replace(record, id=f"{number:016x}", task=task, metrics={**record.metrics, **metrics})


def test_targets_are_judged(jobs: list[CertificateJob], tmp_path: Path) -> None:
    (one,) = run_certificates(jobs[:1], tmp_path / "r.jsonl")
    good = {"solve_s": 1.0, "certify_s": 1.1, "check_s": 1.5, "leaves": 1000, "bytes": 60_000}
    records = [changed(one, number, **good) for number in range(139)]
    told = certificate_lines(records)
    assert [line.split(", target ")[1].split(" ")[0] for line in told] == ["met"] * 4
    assert told[0].startswith("acasxu: 139 of 139 certificates accepted")
    assert told[1].startswith("writing adds 10.0% to 139.0 CPU s")
    bad = {"certify_s": 1.3, "check_s": 2.5, "bytes": 70_000}
    worse = [changed(one, number, **{**good, **bad}) for number in range(138)]
    assert all(", target missed (" in line for line in certificate_lines(worse))
    assert certificate_lines([]) == []
    signs = [replace(record, task={**record.task, "benchmark": "mnist_fc"}) for record in worse]
    told = certificate_lines(signs)
    assert told[0] == "mnist_fc: 138 of 138 certificates accepted"
    assert told[-1] == (
        "70.0 bytes a leaf in 138 proofs that split signs, target met"
        " (1024 bytes, with at least 1,000 leaves)"
    )


def test_a_refused_certificate_is_told(jobs: list[CertificateJob], tmp_path: Path) -> None:
    (one,) = run_certificates(jobs[:1], tmp_path / "r.jsonl")
    refused = changed(one, 0, accepted=False, reason="leaf 3 does not close")
    assert "refused: leaf 3 does not close" in certificate_line(refused)
