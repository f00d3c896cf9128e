"""The part about soundness keeps one record a seed, and tells what was proved wrongly."""

import json
from pathlib import Path

import pytest

pytest.importorskip("onnxruntime", reason="onnxruntime is not installed")

from abduce.benchmarks.records.keeping import pending
from abduce.benchmarks.records.record_file import read
from abduce.benchmarks.soundness.making import instances
from abduce.benchmarks.specifications import soundness
from abduce.benchmarks.specifications.soundness import (
    SoundnessJob,
    run_soundness,
    soundness_targets,
)
from abduce.cli import app as cli


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "instances", lambda _, seed: instances(["property"], seed)[:1])


@pytest.mark.usefixtures("few")
def test_a_job_has_one_record_that_resuming_meets_again(tmp_path: Path) -> None:
    records = tmp_path / "soundness.jsonl"
    job = SoundnessJob(timeout_s=20.0)
    run_soundness([job], records)
    (record,) = read(records)
    assert record.id == job.id
    assert record.metrics["planted"] == 1
    assert pending([job], records) == []
    assert pending([SoundnessJob(seed=1), SoundnessJob(timeout_s=30.0)], records)
    assert soundness_targets([record])[0].startswith("of 1 properties that a known input violates")


@pytest.mark.usefixtures("few")
def test_the_door_runs_it_and_prints_what_was_reached(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["bench", "specifications", "--only", "soundness", "--timeout-s", "20", "--json"]
    assert cli.run([*words, "--out", str(tmp_path / "s.jsonl")]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["verifier"] == "abduce"
    assert found["kinds"][0]["instances"] == 1


def test_nothing_is_told_where_there_is_no_record() -> None:
    assert soundness_targets([]) == []
