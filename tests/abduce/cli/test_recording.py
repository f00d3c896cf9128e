"""The option --record: nothing is made without it; a file that cannot be written is told first."""

from pathlib import Path

import pytest

from abduce import clock
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.record_file import read
from abduce.cli.recording import add_record, check_record_file
from abduce.errors import OutputError


def made() -> Record:
    return new_record(
        "solve", task={"task": "scan"}, config={}, seed=0, started=clock.utc_now(), wall_s=0.0,
        metrics={},
    )  # fmt: skip


def refused() -> Record:
    raise AssertionError("a record was made that nobody asked for")


def test_each_run_adds_one_record_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "records" / "r.jsonl"
    check_record_file(path)
    assert not path.exists()
    for count in (1, 2):
        add_record(path, made)
        assert len(read(path)) == count


def test_without_a_file_no_record_is_made() -> None:
    check_record_file(None)
    add_record(None, refused)


def test_a_file_that_cannot_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError):
        check_record_file(tmp_path / "file" / "r.jsonl")
