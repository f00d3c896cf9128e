"""Other systems on our images: every job has one record, by the id that it is looked up with."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from abduce.benchmarks.perception.peer_jobs import PeerJob, peer_jobs, run_peer
from abduce.benchmarks.perception.sequences import BEGIN, NETWORKS, Kind, SequenceConfig
from abduce.benchmarks.records.record_file import read
from abduce.cli import app as cli
from abduce.neural.perception.config import SeeingConfig

SMALL = ("images=600", "width=16", "inner=16", "heads=2", "layers=1")
KINDS: tuple[Kind, ...] = ("lstm", "transformer")
TINY = SeeingConfig(channels=2, hidden=8)


def tiny(kind: Kind) -> SequenceConfig:
    return SequenceConfig(kind=kind, width=16, inner=16, heads=2, layers=1, dropped=0.0)


def test_jobs_have_ids_of_their_own() -> None:
    jobs = [*peer_jobs(2), *peer_jobs(1, 60.0), PeerJob(peer="lstm", settings=("images=9",))]
    assert len({job.id for job in jobs}) == len(jobs)


@pytest.mark.parametrize("kind", KINDS)
def test_a_peer_leaves_a_record_with_the_id_of_its_job(
    kind: Kind, data: Path, tmp_path: Path
) -> None:
    job = PeerJob(peer=kind, rows=40, tested=3, settings=SMALL)
    record = run_peer(job, tmp_path / "images.jsonl", [data])
    assert record.id == job.id
    assert read(tmp_path / "images.jsonl") == [record]
    assert 0.0 <= record.metrics["accuracy"] <= 1.0
    assert record.metrics["complete"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_written_depends_on_what_was_written_before_and_on_no_padding(kind: Kind) -> None:
    torch.manual_seed(0)
    network = NETWORKS[kind](tiny(kind), TINY, 0).eval()
    shown = torch.rand(7, 1, 32, 32)
    lengths = torch.tensor([3, 4])
    written = torch.tensor([[BEGIN, 1, 2, 3], [BEGIN, 4, 5, 6]])
    with torch.no_grad():
        both = network(network.looked(shown, [3, 4]), lengths, written)
        one = network(network.looked(shown[:3], [3]), lengths[:1], written[:1])
        changed = written.clone()
        changed[:, 3] = 9
        later = network(network.looked(shown, [3, 4]), lengths, changed)
    np.testing.assert_allclose(both[:1].numpy(), one.numpy(), atol=1e-5)
    np.testing.assert_allclose(both[:, :3].numpy(), later[:, :3].numpy(), atol=1e-5)
    assert not torch.allclose(both[:, 3], later[:, 3], atol=1e-5)


def test_a_peer_stops_when_its_time_is_used_up(data: Path, tmp_path: Path) -> None:
    job = PeerJob(peer="lstm", rows=40, tested=3, settings=SMALL)
    record = run_peer(replace(job, limit_s=1e-9), tmp_path / "images.jsonl", [data])
    assert not record.metrics["complete"]
    assert "stopped after" in record.metrics["peer"]


def test_peers_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["bench", "hint", "--only", "peers", "--list"]) == 0
    assert [line.split(": ")[1] for line in capsys.readouterr().out.splitlines()] == [
        "ABLkit",
        *KINDS,
    ]
