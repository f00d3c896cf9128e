"""Records about networks of other functions: trained, asked, read back, shown and judged."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install 'abduce[neural]'")
pytest.importorskip("onnx", reason="onnx is not installed: pip install 'abduce[verify]'")
pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

import torch
from hypothesis import given
from hypothesis import strategies as st

from abduce.benchmarks.data.mnist import EACH, Images
from abduce.benchmarks.records.keeping import pending
from abduce.benchmarks.records.record import Record, from_fields, to_line
from abduce.benchmarks.records.record_file import read
from abduce.benchmarks.specifications.nonlinear.asking import Asked, half_proved
from abduce.benchmarks.specifications.nonlinear.families import FAMILIES, Family
from abduce.benchmarks.specifications.nonlinear.graphs import graph_of
from abduce.benchmarks.specifications.nonlinear.jobs import (
    ALPHA,
    WAYS,
    NonlinearJob,
    nonlinear_jobs,
)
from abduce.benchmarks.specifications.nonlinear.making import model_of
from abduce.benchmarks.specifications.nonlinear.run import Rooms, run_nonlinear
from abduce.benchmarks.specifications.nonlinear.table import (
    gather_nonlinear,
    nonlinear_summary,
    nonlinear_tables,
    nonlinear_targets,
)
from abduce.benchmarks.specifications.nonlinear.training import module_of
from abduce.verify.branch.scores import SCORES
from abduce.verify.networks.evaluation import evaluate
from abduce.verify.networks.onnx.reading import read_network

TINY = Family(kind="tanh", layers=1, width=6, epochs=1)


@pytest.fixture(scope="module")
def images() -> Images:
    """Noise around a picture of each class."""
    rng = np.random.default_rng(0)
    pictures = rng.uniform(size=(10, 784)).repeat(EACH, 0)
    inputs = np.clip(pictures + rng.normal(0, 0.1, pictures.shape), 0, 1)
    return Images(inputs.astype(np.float32).astype(np.float64), np.arange(10).repeat(EACH))


@pytest.mark.parametrize("name", FAMILIES)
def test_a_file_is_the_module_that_was_trained(name: str, tmp_path: Path) -> None:
    torch.manual_seed(1)
    module = module_of(FAMILIES[name])
    path = tmp_path / "net.onnx"
    path.write_bytes(graph_of(FAMILIES[name], module).SerializeToString())
    x = np.random.default_rng(0).uniform(size=(5, 784)).astype(np.float32)
    network = read_network(path)
    found = [evaluate(network, one.astype(np.float64)[None, None]).ravel() for one in x]
    expected = module(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_model_is_trained_once_and_from_its_seed(images: Images, tmp_path: Path) -> None:
    first = model_of(TINY, 3, [tmp_path], images)
    assert model_of(TINY, 3, [tmp_path / "none", tmp_path, tmp_path / "last"], images) == first
    assert model_of(TINY, 3, [tmp_path / "again"], images).sha256 == first.sha256
    assert model_of(TINY, 4, [tmp_path], images).sha256 != first.sha256
    assert not (tmp_path / "last").exists()


@given(st.lists(st.integers(0, 8), min_size=1, max_size=9), st.sets(st.integers(0, 8)))
def test_the_radius_is_the_least_at_which_half_is_proved(
    largest: Sequence[int], refuted: set[int]
) -> None:
    """`largest` is the first place of the grid at which an image is not proved."""
    radii = [0.1 * n for n in range(8)]
    asked = []

    def ask(image: int, radius: float) -> Asked:
        place = radii.index(radius)
        asked.append((image, place))
        if place < largest[image]:
            return Asked("proved", 1, 0.0)
        return Asked("refuted" if image in refuted else "unknown", 1, 0.0)

    found = half_proved(ask, len(largest), radii)
    counts = [sum(place < end for end in largest) for place in range(8)]
    good = [place for place in range(8) if 2 * counts[place] <= len(largest)]
    assert found.radius == radii[good[0] if good else -1]
    place = radii.index(found.radius)
    for image, each in enumerate(found.found):
        assert each.verdict == ask(image, radii[place]).verdict
    assert len(asked) <= 5 * len(largest)


def test_jobs_run_train_ask_and_are_not_run_again(images: Images, tmp_path: Path) -> None:
    jobs = [NonlinearJob(family=TINY, way=way, images=3, work_s=0.01) for way in WAYS]
    path, told = tmp_path / "r.jsonl", list[str]()
    rooms = Rooms([tmp_path], images)
    done = run_nonlinear(jobs[:2], path, [tmp_path], rooms=rooms, progress=told.append)
    assert told[0].startswith("tanh-1x6, alpha: radius 0.")
    assert read(path) == done
    assert pending(jobs, path) == jobs[2:]
    alone, more = (record.metrics for record in done)
    assert alone["sha256"] == more["sha256"] == next(iter(done[0].data_sha256.values()))
    for first, then in zip(alone["verdicts"], more["verdicts"], strict=True):
        assert first in ("unknown", then)
    (again,) = run_nonlinear(jobs[2:3], path, [tmp_path], rooms=Rooms([tmp_path], images))
    assert again.metrics["radius"] == alone["radius"]


def made(record: Record, job: NonlinearJob, **changed: Any) -> Record:
    return replace(record, task=job.task, id=job.id, metrics={**record.metrics, **changed})


def test_records_are_read_back_shown_and_judged(images: Images, tmp_path: Path) -> None:
    job = NonlinearJob(family=TINY, way=ALPHA, images=1, work_s=0.01)
    rooms = Rooms([tmp_path], images)
    (one,) = run_nonlinear([job], tmp_path / "r.jsonl", [tmp_path], rooms=rooms)
    jobs = nonlinear_jobs()
    counts = {way: 13 if way == "branching" else 10 for way in WAYS}
    records = [made(one, job, proved=counts[job.way]) for job in jobs]
    for record in records:
        assert from_fields(json.loads(to_line(record))) == record
    (table,) = nonlinear_tables(gather_nonlinear(records))
    assert len(table.rows) == len(FAMILIES)
    assert len(nonlinear_summary(records)) == len(records)
    told = nonlinear_targets(records)
    assert len(told) == 3
    assert all("proves 13 images, alpha bounds alone 10, target met (+30%)" in t for t in told)
    worse = [made(one, job, proved=12 if job.way != ALPHA else 10) for job in jobs]
    assert all("target missed" in text for text in nonlinear_targets(worse))
    other = [made(r, job, sha256="0") if r.task["way"] != ALPHA else r
             for r, job in zip(records, jobs, strict=True)]  # fmt: skip
    assert nonlinear_targets(other) == []  # they are about another file


def test_every_way_names_a_score() -> None:
    assert set(WAYS.values()) <= set(SCORES.activations)
    assert len({job.id for job in nonlinear_jobs()}) == len(FAMILIES) * len(WAYS)
