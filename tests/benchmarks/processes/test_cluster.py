"""Jobs on a cluster of Dask and of Ray, both on this machine, with a home folder that nobody can
write to; workers are killed."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from abduce.benchmarks.processes.backends import LOSSES
from abduce.benchmarks.records.record_file import read

psutil = pytest.importorskip("psutil", reason="no cluster: pip install 'abduce[cluster]'")
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
LOOKS, PAUSE_S = 600, 0.2
"""How often a test looks for what it waits for, and the seconds between two looks."""


@dataclass(frozen=True)
class Cluster:
    """A cluster of two workers.

    Attributes:
        processes: those that the test has started.
        environment: of these, and of commands.
    """

    backend: str
    address: str
    processes: tuple["subprocess.Popen[bytes]", ...]
    environment: dict[str, str]

    def below(self) -> list[Any]:
        """All processes of the cluster, and those that they have started."""
        return [
            each
            for process in self.processes
            for top in [psutil.Process(process.pid)]
            for each in (top, *top.children(recursive=True))
        ]

    def run(self, *arguments: str) -> subprocess.Popen[str]:
        """Start Python with the options that place jobs here added to the arguments."""
        options = ("--jobs", "2", "--backend", self.backend, "--scheduler", self.address)
        return subprocess.Popen(
            [sys.executable, *arguments, *options],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
        )

    def stop(self) -> None:
        for process in self.below():
            process.kill()
        for process in self.processes:
            process.wait()


def free_port() -> int:
    """A port that nothing listens at; Ray keeps those from 10002 to 19999 for its workers."""
    while True:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
        if port > 20_000:
            return port


def wait_until_open(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(LOOKS):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(PAUSE_S)
        else:
            return
    pytest.fail(f"the cluster did not start: {log.read_text()}")


def started(name: str, folder: Path) -> Iterator[Cluster]:
    """A cluster of this machine, stopped in the end."""
    pytest.importorskip(
        {"dask": "distributed"}.get(name, name),
        reason="not installed: pip install 'abduce[cluster]'",
    )
    (folder / "file").touch()
    environment = {
        **os.environ,
        "HOME": str(folder / "file" / "home"),  # below a file: not even root can write there
        "PYTHONPATH": str(ROOT),
        "RAY_USAGE_STATS_ENABLED": "0",
    }
    port = free_port()
    log = folder / "log"

    def start(*command: str) -> "subprocess.Popen[bytes]":
        with log.open("ab") as stream:
            return subprocess.Popen(
                (sys.executable, "-m", *command), stdout=stream, stderr=stream, env=environment
            )

    here = ("--host", "127.0.0.1", "--no-dashboard")
    if name == "dask":
        head = start("dask", "scheduler", "--port", str(port), *here)
        address = f"tcp://127.0.0.1:{port}"
        options = (address, "--nthreads", "1", "--local-directory", str(folder), *here)
        processes = (head, *(start("dask", "worker", *options) for _ in range(2)))
    else:
        address = f"127.0.0.1:{port}"
        head = start(
            "ray.scripts.scripts", "start", "--head", "--block", f"--port={port}", "--num-cpus=2",
            "--include-dashboard=false", "--disable-usage-stats", "--node-ip-address=127.0.0.1",
            f"--temp-dir={folder}", "--object-store-memory=100000000",
        )  # fmt: skip
        processes = (head,)
    cluster = Cluster(name, address, processes, environment)
    try:
        wait_until_open(port, head, log)
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="module", params=["dask", "ray"])
def cluster(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    yield from started(request.param, tmp_path_factory.mktemp(request.param))


CODE = """
import json, sys
from pathlib import Path
from abduce.benchmarks.processes import backends, job, runner
from tests.benchmarks.processes.sleeping import added, fatal
folder, times, _, jobs, _, backend, _, address = sys.argv[1:]
what = {"fatal": job.call(fatal, Path(folder), "fatal", int(times)), "one": job.call(added, 1),
        "two": job.call(added, 2, needs=(job.call(added, 3),))}
found = []
def ended(name, outcome):
    found.append([name, outcome.value if outcome.fault is None else outcome.fault])
runner.run([*what], what.__getitem__, ended,
           backends.Placement(jobs=int(jobs), backend=backend, scheduler=address))
print(json.dumps(found))
"""


def outcomes(cluster: Cluster, folder: Path, times: int) -> dict[str, Any]:
    """What came of three jobs, of which one kills its worker as often."""
    process = cluster.run("-c", CODE, str(folder), str(times))
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    pairs = json.loads(out)
    assert len(pairs) == len(dict(pairs)) == 3
    return dict(pairs)


def test_a_job_whose_worker_is_killed_is_placed_again(cluster: Cluster, tmp_path: Path) -> None:
    assert outcomes(cluster, tmp_path, 1) == {"fatal": 1, "one": 1, "two": 5}


def test_a_job_that_loses_every_worker_is_lost_and_says_so(
    cluster: Cluster, tmp_path: Path
) -> None:
    found = outcomes(cluster, tmp_path, 100)
    assert (found["one"], found["two"]) == (1, 5)
    assert found["fatal"].startswith("its worker was lost")
    assert len((tmp_path / "fatal").read_text().split()) == 1 + LOSSES


def test_every_job_has_one_complete_record_though_a_worker_is_killed(
    cluster: Cluster, tmp_path: Path
) -> None:
    records = tmp_path / "r.jsonl"
    only = r"^(2\^10|2\^16|5\*5\*5|fact 7) plain$"
    command = ("-m", "abduce", "bench", "lambda", "--only", only, "--out", str(records), "--json")
    process = cluster.run(*command)
    killed = False
    while not killed and process.poll() is None:
        for each in cluster.below():
            try:
                if "abduce.benchmarks.lambda_calculus.job" in each.cmdline():
                    each.parent().kill()
                    killed = True
                    break
            except (psutil.NoSuchProcess, AttributeError):
                continue
        time.sleep(0.02)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    assert killed
    found = read(records)
    assert len(found) == len({record.id for record in found}) == len(json.loads(out)) == 4
    assert {record.status for record in found} == {"complete"}
    assert all(record.metrics["right"] for record in found)


def test_after_ctrl_c_nothing_runs_on_the_cluster(cluster: Cluster, tmp_path: Path) -> None:
    code = CODE.replace(
        '"one": job.call(added, 1)', '"one": job.call(noted, Path(folder), "a", 90)'
    )
    code = code.replace("import added, fatal", "import added, fatal, noted")
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n" + code
    process = cluster.run("-c", code, str(tmp_path), "0")
    for _ in range(LOOKS):
        if (tmp_path / "a").exists():
            break
        time.sleep(PAUSE_S)
    (number,) = (tmp_path / "a").read_text().split()
    process.send_signal(2)
    _, err = process.communicate(timeout=300)
    assert "KeyboardInterrupt" in err
    for _ in range(LOOKS):
        if not psutil.pid_exists(int(number)):
            break
        time.sleep(PAUSE_S)
    assert not psutil.pid_exists(int(number))


def test_an_address_of_something_else_is_told_in_seconds(cluster: Cluster, tmp_path: Path) -> None:
    other = {"dask": "ray", "ray": "dask"}[cluster.backend]
    command = ("-m", "abduce", "bench", "lambda", "--only", "2.10 plain", "--backend", other)
    done = subprocess.run(
        [sys.executable, *command, "--scheduler", cluster.address, "--out", str(tmp_path / "r")],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=cluster.environment,
    )
    assert done.returncode == 2
    assert "no answer at" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "r").exists()
