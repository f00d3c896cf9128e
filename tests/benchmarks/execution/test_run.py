"""The benchmark of executed programs: its jobs, its records, and what it refuses."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from abduce.benchmarks.execution import asked, learning, points
from abduce.benchmarks.execution import job as execution_job
from abduce.benchmarks.execution import run as execution
from abduce.benchmarks.execution.asked import of_earlier_method
from abduce.benchmarks.execution.gathered import gather_executed
from abduce.benchmarks.execution.job import earlier_records, execution_jobs, pending_execution
from abduce.benchmarks.execution.learning import Trainable, learn, learning_jobs, trainables
from abduce.benchmarks.execution.run import execute, run_execution
from abduce.benchmarks.execution.table import executed_table
from abduce.benchmarks.execution.tests import TRIALS, WIDTHS
from abduce.benchmarks.processes.backends import Placement
from abduce.benchmarks.processes.job import call
from abduce.benchmarks.processes.outcome import Ended
from abduce.benchmarks.processes.process import run_process
from abduce.benchmarks.records.record_file import read
from abduce.benchmarks.records.score import Size
from abduce.cli import app as cli
from abduce.errors import InputError
from abduce.neural.kernels.jobs import compiled_kernels
from abduce.neural.kernels.kernel import LearnedKernel
from abduce.symbolic.programs.groups import Multiplication

KEPT = Path(__file__).parents[3] / "docs" / "results" / "execute.jsonl"


def test_every_level_of_every_task_is_a_job_with_a_name_of_its_own() -> None:
    jobs = execution_jobs()
    assert len({(job.name, job.seed) for job in jobs}) == len(jobs)
    assert len({job.id for job in jobs}) == len(jobs)
    assert {job.level for job in jobs if job.task == "dfs"} == {"L0", "L1", "L2"}
    assert len([job for job in jobs if job.name == "dfs L2"]) == 5
    assert [job.seed for job in execution_jobs("^dfs", 2)] == [0, 0, 1, 0, 1]


def test_records_that_are_kept_are_those_of_jobs_and_tell_their_method() -> None:
    jobs = {job.id: job for job in execution_jobs(seeds=5)}
    rows = {(job.task, job.method or None, job.level, job.seed) for job in jobs.values()}
    records = read(KEPT)
    earlier = [record.id for record in of_earlier_method(records)]
    for record in records:
        task = record.task
        assert (task["task"], task["method"], task["level"], record.seed) in rows
        assert (record.id in earlier) == (record.id not in jobs)
    assert earlier_records(KEPT) == sum(r.status == "complete" for r in of_earlier_method(records))
    done = {record.id for record in records if record.status == "complete"}
    chosen = execution_jobs("^add L")
    assert pending_execution(chosen, KEPT) == [job for job in chosen if job.id not in done]


@pytest.mark.parametrize(
    ("only", "setting"),
    [
        ("^add L1$", "attempts=3"),
        ("^add L1$", "stream.annealing.rate=0.2"),
        ("^sort selection L1$", "mask.decay=0.2"),
        ("^sort bubble L2$", "program.lists=20"),
        ("^dijkstra execution-engine module$", "schedule.steps=9"),
        ("^mod-5 deltanet module$", "network.negative=false"),
    ],
)
def test_a_setting_is_in_the_record_the_id_and_the_command_of_the_jobs_that_read_it(
    only: str, setting: str
) -> None:
    (before,) = execution_jobs(only, 1)
    (after,) = execution_jobs(only, 1, settings=[setting])
    assert after.settings == (setting,)
    assert after.command.endswith(f" --set {setting}")
    assert before.id != after.id
    assert before.config != after.config
    assert before.asked == after.asked
    (same,) = execution_jobs(only, 1, settings=after.settings)
    assert same == after


def test_a_setting_that_a_job_does_not_read_leaves_it_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "c.json"
    file.write_text(json.dumps({"mask": {"lists": 9}, "stream": {"seen": 64}}))
    for only in ("^add L", "^sort selection L0$", "^parity L1$"):
        assert execution_jobs(only, 1, config=file) == execution_jobs(only, 1)
    (job,) = execution_jobs("^sort selection L1$", 1, config=file)
    assert job.settings == ("mask.lists=9",)


@pytest.mark.parametrize(
    ("only", "setting", "told"),
    [
        ("^add L", "stream.stepps=3", "unknown field 'stream.stepps'"),
        ("^add L", "schedule.steps=3", "These are the settings of kernels"),
        ("^add ", "stream.seen=3", "These are the settings of neural modules"),
        ("^add L", "stream.bits=3", "stream.seen = 64"),
        ("^add L", "attempts=0", "attempts = 0"),
    ],
)
def test_what_is_no_setting_is_refused_before_anything_runs(
    only: str, setting: str, told: str
) -> None:
    with pytest.raises(InputError, match=told):
        execution_jobs(only, settings=[setting])


def test_another_limit_of_time_is_another_question() -> None:
    (one,), (other,) = (execution_jobs("^add L0$", timeout_s=limit) for limit in (None, 60.0))
    assert (one.limit_s, other.limit_s) == (600.0, 60.0)
    assert one.id != other.id
    assert other.command == "abduce bench execution --only '^add L0$' --timeout-s 60"


def test_a_record_holds_what_its_job_was_asked(tmp_path: Path) -> None:
    settings = ("attempts=2", "stream.annealing.steps=1")
    jobs = execution_jobs("^add L1$", 1, settings=settings)
    (record,) = run_execution(jobs, tmp_path / "execute.jsonl")
    assert record.config == jobs[0].config
    assert record.config["stream"]["annealing"]["steps"] == 1
    assert record.metrics["kernels"]["add"]["attempts"] == 2
    assert record.metrics["proved"] is False
    (kept,) = read(tmp_path / "execute.jsonl")
    assert kept.id == jobs[0].id
    sizes = {name: size["inputs"] for name, size in kept.task["tests"]["sizes"].items()}
    assert sizes == {size.name: size.inputs for size in WIDTHS}


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
    rows = executed_table(gather_executed(done)).rows
    assert [row[-1].text for row in rows] == ["100 % at 8, 64, 1000, 10000"] * 2


def test_a_job_without_time_leaves_a_record_that_says_so(tmp_path: Path) -> None:
    jobs = execution_jobs("^add L0$", timeout_s=0.0)
    (record,) = run_execution(jobs, tmp_path / "execute.jsonl")
    assert record.status == "timeout"
    assert record.metrics["accuracy"] is None
    assert pending_execution(jobs, tmp_path / "execute.jsonl") == jobs


@pytest.mark.slow
def test_jobs_that_share_a_kernel_have_it_learned_once(tmp_path: Path) -> None:
    jobs = execution_jobs("^(minimum|select) L1$", 1)
    done = run_execution(jobs, tmp_path / "r.jsonl", placement=Placement(jobs=2))
    assert [record.task["task"] for record in done] == ["minimum", "select"]
    assert {record.id for record in read(tmp_path / "r.jsonl")} == {job.id for job in jobs}
    one, other = (record.metrics["kernels"] for record in done)
    assert one == other != {}, "seconds are equal, too"


def test_a_seed_has_one_job_that_learns_its_kernels_and_a_model_one_of_its_own() -> None:
    jobs = execution_jobs("^(sort|bfs|hull) ", 2)
    wanted = {part for job in jobs for part in trainables(job)}
    learning = learning_jobs(jobs)
    assert learning.keys() == wanted
    for one in wanted:
        for other in wanted:
            together = one == other or (one.seed == other.seed and not one.of_module)
            together &= one.of_module == other.of_module
            assert (learning[one] == learning[other]) == together


@pytest.mark.slow
def test_in_a_process_of_its_own_the_same_kernel_is_learned() -> None:
    part = Trainable(name="increment", seed=1, of_module=False)
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


def test_a_job_that_fails_has_a_record_that_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHOME", "/none")  # where no Python can start
    jobs = execution_jobs("^add L0$")
    (record,) = run_execution(jobs, tmp_path / "r.jsonl")
    assert record.status == "failed"
    assert "Fatal Python error" in record.metrics["reason"]
    assert read(tmp_path / "r.jsonl") == [record]
    assert pending_execution(jobs, tmp_path / "r.jsonl") == jobs


PLACED = (("hull", ""), ("delaunay", ""), ("tsp", ""))


def test_tours_are_measured_beside_a_peer_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = (Size("12", 2, 12),)
    shorter = {key: replace(TRIALS[key], sizes=few) for key in PLACED}
    for part in (asked, execution_job, learning, execution):
        monkeypatch.setattr(part, "TRIALS", shorter)
    jobs = execution_jobs("^(hull|delaunay|tsp) L0$")
    for there in (False, True):
        if there:
            pytest.importorskip("elkai")
        monkeypatch.setattr(points, "has_peer", lambda there=there: there)
        hull, delaunay, tsp = (execute(job) for job in jobs)
        assert {r.metrics["accuracy"] for r in (hull, delaunay, tsp)} == {1.0}
        gap = tsp.metrics["sizes"]["12"]["gap"]
        assert gap == pytest.approx(0.0, abs=1e-5) if there else gap is None
        (row,) = executed_table(gather_executed([tsp])).rows
        assert ("no elkai" in row[-1].text) == (not there)


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
    assert "found scan after execution" in capsys.readouterr().err
