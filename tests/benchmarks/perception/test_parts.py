"""Every job of a part has a record of its own; each target gets one line, and says whether met."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from abduce.benchmarks.perception.job import ImageJob, recorded
from abduce.benchmarks.perception.method import METHOD
from abduce.benchmarks.perception.parts import HARD, PARTS, image_jobs, image_targets
from abduce.benchmarks.perception.table import image_runs
from abduce.benchmarks.records.provenance import Provenance, new_record
from abduce.benchmarks.records.record import Record
from abduce.cli import app as cli
from abduce.errors import InputError

GIVEN = ImageJob(task="hint", oracle="syntax,meaning")


def record(job: ImageJob, accuracy: float, **changed: Any) -> Record:
    measured = {
        "task": job.task,
        "accuracy": accuracy,
        "subsets": {"I": accuracy},
        "symbols": {"1": 1.0},
        "settings": list(job.settings),
        "train_s": 10.0,
        "test_s": 1.0,
    }
    config = recorded(job.config)
    return new_record(
        "images",
        task=job.asked,
        config=changed.get("config", config),
        seed=job.seed,
        started=datetime(2026, 1, 1, tzinfo=UTC),
        wall_s=1.0,
        metrics=measured,
        command=job.command,
        where=Provenance(commit=None, dirty=None, machine={}, libraries={}),
    )


@pytest.mark.parametrize("part", PARTS)
def test_every_job_of_a_part_has_an_id_of_its_own(part: str) -> None:
    jobs = image_jobs(part, 2)
    assert len({job.id for job in jobs}) == len(jobs) == 2 * len(PARTS[part])


def test_the_record_of_a_job_has_the_id_of_the_job() -> None:
    job = replace(GIVEN, settings=HARD, seed=4)
    assert record(job, 1.0).id == job.id


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(InputError):
        image_jobs("signs")


def test_targets_are_told_and_judged() -> None:
    jobs = [
        (GIVEN, 0.94),
        (replace(GIVEN, seed=1), 0.96),
        (replace(GIVEN, labels="all"), 0.96),
        (replace(GIVEN, labels=1), 0.89),
        (replace(GIVEN, settings=HARD), 0.7),
        (ImageJob(task="hint", oracle="syntax"), 0.93),
        (ImageJob(task="hwf"), 0.99),
    ]
    assert list(image_targets([record(job, share) for job, share in jobs])) == [
        "HWF, operators given: 99.0% (99.0% to 99.0%, 1 seeds) in at most 11 CPU s, target met (at "
        "least 98% in 900 s)",
        "our images, HINT's expressions, every label: 96.0% (96.0% to 96.0%, 1 seeds)",
        "our images, HINT's expressions, 0 labels a symbol, syntax and meaning given: 95.0% (94.0% "
        "to 96.0%, 2 seeds), target met (at least 80%), target met (at most 2 points below)",
        "our images, HINT's expressions, 1 labels a symbol, syntax and meaning given: 89.0% (89.0% "
        "to 89.0%, 1 seeds), target missed (at least 90%), target missed (at most 1 points below)",
        "our images, HINT's expressions, syntax given alone: 93.0% (93.0% to 93.0%, 1 seeds)",
        "our images, HINT's expressions, no label, the likeliest symbol as the target: 70.0% "
        "(70.0% to 70.0%, 1 seeds)",
    ]


def test_records_of_an_earlier_method_are_not_shown() -> None:
    earlier = {"method": METHOD - 1, **asdict(GIVEN.config)}
    assert not image_runs([record(GIVEN, 0.9, config=earlier)])
    assert not list(image_targets([record(GIVEN, 0.9, config=earlier)]))


def test_the_ablation_lists_its_jobs(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["bench", "hint", "--only", "ablation", "--seeds", "1", "--list"]) == 0
    out = capsys.readouterr().out
    assert "--set search.beam=1" in out
    assert "--set training.soft=false" in out
    assert "--labels all" in out
