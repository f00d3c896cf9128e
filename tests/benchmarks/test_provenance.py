"""What a record says of its run: nothing private, nothing made up."""

import getpass
import platform
import subprocess
from pathlib import Path

from abduce import clock
from abduce.benchmarks.provenance import checkout, libraries, machine, new_record
from abduce.benchmarks.record import canonical, record_id


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    command = ("git", "-C", str(folder), *identity, *arguments)
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_folder_without_git_has_no_commit(tmp_path: Path) -> None:
    assert checkout(tmp_path) == (None, None)


def test_a_repository_without_a_commit_has_none(tmp_path: Path) -> None:
    git(tmp_path, "init")
    assert checkout(tmp_path)[0] is None


def test_a_change_on_top_of_the_commit_is_told(tmp_path: Path) -> None:
    git(tmp_path, "init")
    (tmp_path / "file").write_text("one")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-m", "one")
    head = git(tmp_path, "rev-parse", "HEAD")
    assert checkout(tmp_path) == (head, False)
    (tmp_path / "file").write_text("two")
    assert checkout(tmp_path) == (head, True)


def test_the_machine_is_described_without_names_of_hosts_or_people() -> None:
    text = canonical(machine())
    values = [str(value) for value in machine().values()]
    assert platform.node() not in values
    assert getpass.getuser() not in values
    assert platform.python_version() in text


def test_libraries_that_are_not_installed_are_not_named() -> None:
    assert libraries(("numpy", "no-such-library")).keys() == {"numpy"}


def test_a_new_record_is_identified_by_what_was_asked() -> None:
    asked = {"task": "scan", "split": "length"}
    made = [
        new_record(
            "solve", task=asked, config={}, seed=3, started=clock.utc_now(), wall_s=s, metrics={}
        )
        for s in (1.0, 2.0)
    ]
    assert {record.id for record in made} == {record_id("solve", asked, {}, 3)}
