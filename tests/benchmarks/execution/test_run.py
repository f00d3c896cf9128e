"""The benchmark of executed programs: its jobs, its records, and what it refuses."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from abduce.benchmarks.execution import points as execution_points
from abduce.benchmarks.execution import run as execution
from abduce.benchmarks.execution.run import (
    ExecutionJob,
    Part,
    execute,
    execution_jobs,
    learn,
    learning_jobs,
    lines,
    parts,
    pending_execution,
    run_execution,
)
from abduce.benchmarks.execution.tests import TRIALS
from abduce.benchmarks.processes.backends import Placement
from abduce.benchmarks.processes.job import call
from abduce.benchmarks.processes.outcome import Ended
from abduce.benchmarks.processes.process import run_process
from abduce.benchmarks.records.record_file import read
from abduce.benchmarks.records.score import Size
from abduce.cli import app as cli
from abduce.neural.kernels.jobs import compiled_kernels
from abduce.neural.kernels.kernel import LearnedKernel
from abduce.symbolic.programs.groups import Multiplication


def test_every_level_of_every_task_is_a_job_with_a_name_of_its_own() -> None:
    jobs = execution_jobs()
    assert len({(job.name, job.seed) for job in jobs}) == len(jobs)
    assert len({job.id for job in jobs}) == len(jobs)
    assert {job.level for job in jobs if job.task == "dfs"} == {"L0", "L1", "L2"}
    assert len([job for job in jobs if job.name == "dfs L2"]) == 5
    assert [job.seed for job in execution_jobs("^dfs", 2)] == [0, 0, 1, 0, 1]


def test_records_that_are_kept_are_those_of_jobs() -> None:
    jobs = {job.id: job.asked for job in execution_jobs(seeds=5)}
    for record in read(Path(__file__).parents[3] / "docs" / "results" / "execute.jsonl"):
        assert jobs[record.id] == record.task


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


@pytest.mark.parametrize("key", [key for key in TRIALS if key[0] != "lambda"])
def test_compiled_machines_are_right_on_test_sets(key: tuple[str, str]) -> None:
    trial = TRIALS[key]
    size = Size("small", 2, 10 if key == ("permutation", "ensemble") else 30)
    for level in {"L0", trial.levels[-1]}:
        kernels = compiled_kernels(trial.kernels(level))
        assert all(score.right == score.entries > 0 for score in trial.scores(size, kernels))


def test_a_wrong_table_is_seen() -> None:
    wrong = {"parity": Multiplication(np.array([[0, 1], [1, 1]]))}
    (score,) = TRIALS["parity", ""].scores(Size("small", 1, 40), wrong)
    assert score.right < score.entries


def test_a_record_says_what_was_learned_and_how_far_it_went(tmp_path: Path) -> None:
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


def test_jobs_that_share_a_kernel_have_it_learned_once(tmp_path: Path) -> None:
    jobs = execution_jobs("^(minimum|select) L1$", 1)
    done = run_execution(jobs, tmp_path / "r.jsonl", placement=Placement(jobs=2))
    assert [record.task["task"] for record in done] == ["minimum", "select"]
    assert {record.id for record in read(tmp_path / "r.jsonl")} == {job.id for job in jobs}
    one, other = (record.metrics["kernels"] for record in done)
    assert one == other != {}, "seconds are equal, too"


def test_a_seed_has_one_job_that_learns_its_kernels_and_a_model_one_of_its_own() -> None:
    jobs = execution_jobs("^(sort|bfs|hull) ", 2)
    wanted = {part for job in jobs for part in parts(job)}
    learning = learning_jobs(jobs, 60.0)
    assert learning.keys() == wanted
    for one in wanted:
        for other in wanted:
            together = one == other or (one.seed == other.seed and not one.of_module)
            together &= one.of_module == other.of_module
            assert (learning[one] == learning[other]) == together


def test_in_a_process_of_its_own_the_same_kernel_is_learned() -> None:
    part = Part(name="increment", seed=1, of_module=False)
    here, late = learn([part], 60.0)[part]
    ended = run_process(call(learn, [part], 60.0), lambda: False)
    assert isinstance(ended, Ended)
    there, late_there = ended.value[part]
    assert (late, late_there) == (False, False)
    assert isinstance(here, LearnedKernel)
    assert isinstance(there, LearnedKernel)
    assert here.attempts == there.attempts
    assert here.verdict == there.verdict
    assert {**here.weights}.keys() == {**there.weights}.keys()
    assert all(np.array_equal(here.weights[name], there.weights[name]) for name in here.weights)


def test_a_job_that_fails_has_a_record_that_says_why(tmp_path: Path) -> None:
    job = ExecutionJob(task="no such task", method="", level="L0")
    (record,) = run_execution([job], tmp_path / "r.jsonl")
    assert record.status == "failed"
    assert record.metrics["reason"] == "KeyError: ('no such task', '')"
    assert read(tmp_path / "r.jsonl") == [record]
    assert pending_execution([job], tmp_path / "r.jsonl") == [job]


PLACED = (("hull", ""), ("delaunay", ""), ("tsp", ""))


def test_tours_are_measured_beside_a_peer_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = (Size("12", 2, 12),)
    shorter = {key: replace(TRIALS[key], sizes=few) for key in PLACED}
    monkeypatch.setattr(execution, "TRIALS", shorter)
    jobs = execution_jobs("^(hull|delaunay|tsp) L0$")
    for there in (False, True):
        if there:
            pytest.importorskip("elkai")
        monkeypatch.setattr(execution_points, "has_peer", lambda there=there: there)
        hull, delaunay, tsp = (execute(job, 60.0) for job in jobs)
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
