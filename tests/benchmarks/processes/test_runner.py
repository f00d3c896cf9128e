"""The runner: every job ends once, in a process of its own, within its limits; or nothing runs."""

import os
import pickle
import signal
import sys
import threading
from pathlib import Path

import pytest

import abduce
from abduce.benchmarks.processes import backends
from abduce.benchmarks.processes.backends import (
    DASK,
    HERE,
    RAY,
    Placement,
    check_placement,
)
from abduce.benchmarks.processes.job import KEPT, Job, Limits, call
from abduce.benchmarks.processes.outcome import Ended, JobOutcome, Lost
from abduce.benchmarks.processes.process import run_process
from abduce.benchmarks.processes.runner import run
from abduce.errors import InputError, MissingExtraError
from tests.benchmarks.processes.sleeping import added, noted, refused

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are those of POSIX")


@pytest.fixture(autouse=True)
def processes_find_this_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(abduce.__file__).parent.parent))


def outcome(job: Job) -> JobOutcome:
    found = run_process(job, lambda: False)
    assert found is not None
    return found


def ended(job: Job) -> Ended:
    found = outcome(job)
    assert isinstance(found, Ended)
    return found


def script(text: str, *arguments: str, **options: object) -> Job:
    return Job(arguments=("-c", text, *arguments), **options)  # pyright: ignore[reportArgumentType]


def gone(number: int) -> bool:
    """Whether no process has this number."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return True
    return False


def test_an_outcome_holds_what_the_process_wrote_and_read() -> None:
    text = "import sys; print(sys.stdin.read()); open(sys.argv[1], 'w').write('x'); sys.exit('no')"
    found = ended(script(text, KEPT, stdin=b"read"))
    assert (found.printed, found.errors, found.kept) == ("read\n", "no\n", b"x")
    assert (found.exit_code, found.late, found.fault) == (1, False, "no")
    assert found.run_s > 0 < found.cpu_s


def test_a_function_returns_from_its_process() -> None:
    assert ended(call(added, 1, 2)).value == 3
    assert ended(call(refused, "a.txt")).fault == "abduce: a.txt: found a wrong file"


@pytest.mark.parametrize(
    ("text", "limits", "fault"),
    [
        ("pass", Limits(), None),
        ("while True: pass", Limits(cpu_s=1), "timeout"),
        ("import time; time.sleep(60)", Limits(wall_s=0.2), "timeout"),
        ("b'x' * (1 << 30)", Limits(memory_gb=0.5), "out of memory"),
        ("import os; os.abort()", Limits(), "crashed (SIGABRT)"),
        ("1 / 0", Limits(), "ZeroDivisionError: division by zero"),
        ("import sys; sys.exit(3)", Limits(), "exit code 3"),
    ],
)
def test_a_fault_says_why_a_process_did_not_do_its_work(
    text: str, limits: Limits, fault: str | None
) -> None:
    if limits != Limits(wall_s=limits.wall_s):
        resource = pytest.importorskip("resource")
        if not hasattr(resource, "prlimit"):
            pytest.skip("these limits need Linux")
    assert ended(script(text, limits=limits)).fault == fault


def test_what_cannot_be_started_is_lost() -> None:
    found = outcome(Job(program="/none", arguments=()))
    assert isinstance(found, Lost)
    assert "could not be started" in found.fault


def test_a_stopped_process_and_what_it_started_are_killed(tmp_path: Path) -> None:
    text = (
        "import subprocess, sys; child = subprocess.Popen(['sleep', '60']);"
        "open(sys.argv[1], 'w').write(str(child.pid)); child.wait()"
    )
    there = tmp_path / "number"
    job = script(text, str(there))
    assert run_process(job, lambda: there.exists() and there.read_text() != "") is None
    for _ in range(100):
        if gone(int(there.read_text())):
            return
        threading.Event().wait(0.1)
    pytest.fail("the child of the process runs")


@pytest.mark.parametrize("jobs", [1, 3])
def test_each_item_ends_once_in_this_thread(jobs: int) -> None:
    found: dict[int, int] = {}

    def tell(item: int, came: JobOutcome) -> None:
        assert threading.current_thread() is threading.main_thread()
        assert isinstance(came, Ended)
        assert item not in found
        found[item] = came.value

    run(range(5), lambda item: call(added, item, item), tell, Placement(jobs=jobs))
    assert found == {item: 2 * item for item in range(5)}


def test_outcomes_come_in_the_order_in_which_jobs_end(tmp_path: Path) -> None:
    order: list[float] = []

    def tell(seconds: float, _: JobOutcome) -> None:
        order.append(seconds)

    waits = {3.0: call(noted, tmp_path, "a", 3.0), 0.0: call(noted, tmp_path, "b", 0.0)}
    run([3.0, 0.0], waits.__getitem__, tell, Placement(jobs=2))
    assert order == [0.0, 3.0]


@pytest.mark.parametrize("jobs", [1, 3])
def test_what_several_jobs_need_is_run_once(jobs: int, tmp_path: Path) -> None:
    need = call(noted, tmp_path, "need", 0.1)
    found: list[int] = []

    def tell(_: int, came: JobOutcome) -> None:
        assert isinstance(came, Ended)
        found.append(came.value)

    run(range(3), lambda n: call(added, 0, needs=(need,)), tell, Placement(jobs=jobs))
    (number,) = (tmp_path / "need").read_text().split()
    assert found == [int(number)] * 3


def test_jobs_whose_need_failed_are_lost_and_say_why() -> None:
    found: list[JobOutcome] = []
    need = call(refused, "a.txt")
    run([0], lambda _: call(added, 1, needs=(need,)), lambda _, came: found.append(came))
    assert found == [Lost("a job that it needs failed: abduce: a.txt: found a wrong file")]


class Enough(Exception):
    pass


@pytest.mark.parametrize("error", [Enough, KeyboardInterrupt])
@pytest.mark.parametrize("jobs", [1, 2])
def test_after_an_error_nothing_runs(error: type[BaseException], jobs: int, tmp_path: Path) -> None:
    def tell(_: str, came: JobOutcome) -> None:
        raise error

    waits = {"a": 0.5, "b": 60.0, "c": 60.0}
    with pytest.raises(error):
        run([*waits], lambda n: call(noted, tmp_path, n, waits[n]), tell, Placement(jobs=jobs))
    for path in tmp_path.iterdir():
        assert all(gone(int(number)) for number in path.read_text().split())


def test_ctrl_c_while_jobs_run_stops_them(tmp_path: Path) -> None:
    def interrupt() -> None:
        while not (tmp_path / "a").exists():
            threading.Event().wait(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    thread = threading.Thread(target=interrupt)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            run(["a", "b"], lambda n: call(noted, tmp_path, n, 60.0), print, Placement(jobs=2))
    finally:
        thread.join()
        signal.signal(signal.SIGINT, before)
    for path in tmp_path.iterdir():
        assert all(gone(int(number)) for number in path.read_text().split())


def test_jobs_and_outcomes_travel() -> None:
    job = call(added, 1, 2, needs=(call(added, 3, 4),), limits=Limits(cpu_s=1))
    assert pickle.loads(pickle.dumps(job)) == job
    for came in (outcome(call(added, 1, 2)), Lost("why")):
        assert pickle.loads(pickle.dumps(came)) == came


def test_a_job_has_the_settings_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ABDUCE_DATA", "/somewhere")
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    text = "import os; print(os.environ['ABDUCE_DATA'], os.environ['OMP_NUM_THREADS'])"
    assert ended(script(text)).printed == "/somewhere 1\n"


@pytest.mark.parametrize(
    ("backend", "scheduler", "text"),
    [
        ("slurm", None, "expected one of dask, processes or ray"),
        ("dask", None, "--backend dask without --scheduler"),
        ("ray", None, "--backend ray without --scheduler"),
        ("processes", "tcp://127.0.0.1:1", "--scheduler with --backend processes"),
    ],
)
def test_a_placement_that_says_nothing_is_refused(
    backend: str, scheduler: str | None, text: str
) -> None:
    with pytest.raises(InputError, match=text):
        check_placement(Placement(backend=backend, scheduler=scheduler))
    assert check_placement(HERE) == HERE


@pytest.mark.parametrize(("backend", "module"), [("dask", "distributed"), ("ray", "ray")])
def test_a_missing_extra_is_named(
    backend: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtraError) as caught:
        check_placement(Placement(backend=backend, scheduler="127.0.0.1:1"))
    install = "which is not installed: pip install 'abduce[cluster]'"
    assert str(caught.value) == f"--backend {backend} needs {module}, {install}"


@pytest.mark.parametrize("cluster", [DASK, RAY])
@pytest.mark.parametrize("address", ["127.0.0.1:1", "tcp://127.0.0.1:none", "nonsense", ""])
def test_an_address_without_a_server_is_told_at_once(cluster: object, address: str) -> None:
    with pytest.raises(InputError, match="no answer at") as caught:
        backends._check_answers(cluster, address)  # pyright: ignore[reportArgumentType]
    assert "docs/cluster.md" in str(caught.value)
