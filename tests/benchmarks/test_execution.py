"""The benchmark of executed programs: its jobs, its records, and what it refuses."""

import json
from pathlib import Path

import numpy as np
import pytest

from abduce import cli
from abduce.benchmarks import execution_points, execution_tests
from abduce.benchmarks.execution import execution_jobs, lines, pending_execution, run_execution
from abduce.benchmarks.execution_machine_tests import machine_score
from abduce.benchmarks.execution_score import Size
from abduce.benchmarks.execution_tests import sizes
from abduce.benchmarks.record_file import read
from abduce.neural.kernels.kernel import one_thread
from abduce.neural.machines.catalogue import compiled_kernels
from abduce.verify.discrete.groups import Multiplication


def test_every_level_of_every_task_is_a_job_with_a_name_of_its_own() -> None:
    jobs = execution_jobs()
    assert len({(job.name, job.seed) for job in jobs}) == len(jobs)
    assert len({job.id for job in jobs}) == len(jobs)
    assert {job.level for job in jobs if job.task == "dfs"} == {"L0", "L1", "L2"}
    assert len([job for job in jobs if job.name == "dfs L2"]) == 5
    assert [job.seed for job in execution_jobs("^dfs", 2)] == [0, 0, 1, 0, 1]


def test_levels_are_those_that_a_method_has() -> None:
    levels = {job.name: set[str]() for job in execution_jobs()}
    for job in execution_jobs(seeds=1):
        levels[job.name].add(job.level)
    names = {name.rpartition(" ")[0] for name in levels}
    assert {"sort heap", "minimum", "a5", "dyck", "permutation mean", "value-iteration"} <= names
    assert {"sort heap L2", "select L2", "shortest-path L1", "permutation ensemble L1"} <= set(
        levels
    )
    assert not {"sort merge L2", "s5 L2", "permutation mean L1"} & set(levels)


MACHINES = {
    "parity": ("parity",),
    "a5": ("a5",),
    "dyck": ("brackets",),
    "permutation ensemble": ("permutation",),
    "permutation mean": (),
    "value-iteration": ("value-iteration",),
    "shortest-path": ("shortest-path",),
    "minimum": ("compare", "mask"),
    "select": ("compare", "mask", "select-program"),
    "search": ("compare", "mask", "search-program"),
}


@pytest.mark.parametrize("name", MACHINES)
def test_compiled_machines_are_right_on_test_sets(name: str) -> None:
    task, _, method = name.partition(" ")
    kernels = compiled_kernels(MACHINES[name])
    assert len(sizes(task, method, "L1")) >= 1
    size = Size("small", 1, 10 if method == "ensemble" else 40)
    for seed in (0, 1):
        score = machine_score(task, method, size, seed, kernels)
        assert score.right == score.entries > 0


def test_a_wrong_table_is_seen() -> None:
    wrong = {"parity": Multiplication(np.array([[0, 1], [1, 1]]))}
    score = machine_score("parity", "", Size("small", 1, 40), 0, wrong)
    assert score.right < score.entries


def test_a_record_says_what_was_learned_and_how_far_it_went(tmp_path: Path) -> None:
    one_thread()
    records = tmp_path / "execute.jsonl"
    jobs = execution_jobs("^subtract", 1)
    done = run_execution(jobs, records)
    assert [record.task["level"] for record in done] == ["L0", "L1"]
    assert [record.id for record in read(records)] == [job.id for job in jobs]
    assert pending_execution(jobs, records) == []
    metrics = done[1].metrics
    assert metrics["accuracy"] == 1.0
    assert metrics["proved"] is True
    assert metrics["sizes"]["10000"]["exact"] == 1.0
    assert metrics["kernels"]["subtract"]["verdict"] == "proved"
    assert (metrics["trained_on"], metrics["unit"]) == ((1, 8), "bits of a number")
    assert [size["n"] for size in metrics["sizes"].values()] == [8, 64, 1000, 10_000]
    assert done[0].metrics["parameters"] == 0
    assert any("subtract" in line and "100 %" in line for line in lines(done))


def test_a_job_without_time_leaves_a_record_that_says_so(tmp_path: Path) -> None:
    jobs = execution_jobs("^add L0$")
    (record,) = run_execution(jobs, tmp_path / "execute.jsonl", timeout_s=0.0)
    assert record.status == "timeout"
    assert record.metrics["accuracy"] is None
    assert pending_execution(jobs, tmp_path / "execute.jsonl") == jobs


def test_tours_are_measured_beside_a_peer_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = (Size("12", 2, 12),)
    monkeypatch.setattr(execution_tests, "TOURS", few)
    monkeypatch.setattr(execution_tests, "POINTS", few)
    jobs = execution_jobs("^(hull|delaunay|tsp) L0$")
    for there in (False, True):
        if there:
            pytest.importorskip("elkai")
        monkeypatch.setattr(execution_points, "has_peer", lambda there=there: there)
        hull, delaunay, tsp = run_execution(jobs, tmp_path / "execute.jsonl")
        assert {r.metrics["accuracy"] for r in (hull, delaunay, tsp)} == {1.0}
        gap = tsp.metrics["sizes"]["12"]["gap"]
        assert gap == pytest.approx(0.0, abs=1e-5) if there else gap is None
        (line,) = [line for line in lines([tsp]) if line.startswith("tsp")]
        assert ("no elkai" in line) == (not there)


def test_the_door(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    records = tmp_path / "r.jsonl"
    options = ("bench", "execution", "--only", "^bubble|^add L0$", "--out", str(records))
    assert cli.run([*options, "--list"]) == 0
    assert capsys.readouterr().out == "abduce bench execution --only '^add L0$'\n"
    assert cli.run([*options, "--json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert record["kind"] == "execute"
    assert record["status"] == "complete"
    assert cli.run([*options, "--resume", "--quiet"]) == 0
    assert "0 jobs" in capsys.readouterr().err
    assert cli.run(["bench", "execution", "scan"]) == 2
    assert "found scan with execution" in capsys.readouterr().err
