"""Where jobs are placed: on this machine, or by Dask or Ray on a cluster that is there already.

A backend only says where a process runs. Its time, memory and limits are measured beside it, by
`abduce.benchmarks.processes.process` on that machine. A job whose worker is killed is placed again.
"""

import logging
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from abduce.benchmarks.processes.job import Job
from abduce.benchmarks.processes.outcome import JobOutcome, Lost
from abduce.benchmarks.processes.process import run_process
from abduce.errors import InputError
from abduce.extras import missing_extra

Place = Callable[[Job, threading.Event], JobOutcome | None]
"""Run a job and wait for its outcome; None where the event was set before that."""

ANSWERS_S = 5.0
"""The seconds within which a cluster has to answer."""
LOSSES = 3
"""The number of times that a job is placed again when its worker is lost. A Dask scheduler decides
by its own setting, distributed.scheduler.allowed-failures, whose default is the same."""
CANCELLED = "the cluster cancelled it"
POLL_S = 0.05
ADVICE = "Start the cluster first; docs/cluster.md shows how."


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How many jobs run at a time, and where.

    Attributes:
        backend: a key of `BACKENDS`.
        scheduler: the address of the cluster, for backends that have one.
    """

    jobs: int = 1
    backend: str = "processes"
    scheduler: str | None = None


HERE = Placement()
"""One job at a time, on this machine."""


def placing(placement: Placement) -> AbstractContextManager[Place]:
    """A context with the function that places jobs.

    Raises:
        InputError: the cluster does not answer; or as `check_placement`.
    """
    return BACKENDS[check_placement(placement).backend](placement.scheduler or "")


def check_placement(placement: Placement) -> Placement:
    """The placement, if it can be meant; whether the cluster answers is not asked.

    Raises:
        InputError: an unknown backend, or an address where none belongs, or none where one does.
        MissingExtraError: the extra `cluster` is not installed.
    """
    name, address = placement.backend, placement.scheduler
    if name not in BACKENDS:
        raise InputError(f"--backend {name}", tuple(BACKENDS))
    if name == "processes" and address is not None:
        raise InputError(f"--scheduler with --backend {name}", ("--backend dask", "--backend ray"))
    if name != "processes" and address is None:
        found = f"--backend {name} without --scheduler"
        raise InputError(found, ("--scheduler ADDRESS",), advice=ADVICE)
    try:
        if name in MODULES:
            import_module(MODULES[name])
    except ModuleNotFoundError as error:
        raise missing_extra(error, f"--backend {name}") or error from error
    return placement


@contextmanager
def _on_this_machine(_: str) -> Iterator[Place]:
    yield lambda job, stopped: run_process(job, stopped.is_set)


@dataclass(frozen=True, slots=True)
class _Cluster:
    """The cluster that a backend connects to.

    Attributes:
        what: its name in words.
        example: an address.
        speaks: whether the first bytes that a server sends can be those of such a scheduler.
    """

    what: str
    example: str
    speaks: Callable[[bytes], bool]

    def silent(self, address: str, error: Exception) -> InputError:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        found = f"no answer at {address!r} ({reason})"
        expected = (f"the address of {self.what}, such as {self.example}",)
        return InputError(found, expected, advice=ADVICE)


DASK = _Cluster("a Dask scheduler", "tcp://127.0.0.1:8786", bool)
RAY = _Cluster("a Ray head", "127.0.0.1:6379", lambda sent: sent[3:4] == b"\x04")
"""A Ray head speaks HTTP/2, whose first frame is one of settings, type 4."""


@contextmanager
def _on_dask(address: str) -> Iterator[Place]:
    _check_answers(DASK, address)
    from distributed import CancelledError, Client, KilledWorker

    try:
        client = Client(address, timeout=ANSWERS_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise DASK.silent(address, error) from error

    def place(job: Job, stopped: threading.Event) -> JobOutcome | None:
        future = client.submit(_in_dask, job, pure=False, retries=0)
        try:
            while not future.done():
                if stopped.wait(POLL_S):
                    return None
            return future.result() or Lost(CANCELLED)
        except KilledWorker as error:
            return Lost(f"its worker was lost, again and again: {error}")
        except (CancelledError, OSError) as error:
            raise DASK.silent(address, error) from error
        except Exception as error:
            return Lost(f"the worker could not run it: {type(error).__name__}: {error}")
        finally:
            future.cancel()

    with client:
        yield place


def _in_dask(job: Job) -> JobOutcome | None:
    """Run a job in a worker; Dask cancels a task that runs by its state alone."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def cancelled() -> bool:
        task = worker.state.tasks.get(key)
        return task is None or task.state == "cancelled"

    return run_process(job, cancelled)


@contextmanager
def _on_ray(address: str) -> Iterator[Place]:
    _check_answers(RAY, address)
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray
    from ray import exceptions

    try:
        ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
    except (OSError, RuntimeError, ValueError) as error:
        raise RAY.silent(address, error) from error
    remote = ray.remote(num_cpus=1, max_retries=LOSSES)(_in_ray)

    def place(job: Job, stopped: threading.Event) -> JobOutcome | None:
        task = remote.remote(job)
        try:
            while not ray.wait([task], timeout=POLL_S)[0]:
                if stopped.is_set():
                    ray.cancel(task)
                    return None
            return ray.get(task) or Lost(CANCELLED)
        except exceptions.RayTaskError as error:
            return Lost(f"the worker could not run it: {error.cause}")
        except exceptions.RayError as error:
            return Lost(f"its worker was lost, again and again: {error}")

    with redirect_stdout(sys.stderr):  # Ray prints there what becomes of its workers
        try:
            yield place
        finally:
            ray.shutdown()


def _in_ray(job: Job) -> JobOutcome | None:
    """Run a job in a worker; Ray cancels a task by an exception."""
    return run_process(job, lambda: False)


BACKENDS: Mapping[str, Callable[[str], AbstractContextManager[Place]]] = MappingProxyType(
    {"processes": _on_this_machine, "dask": _on_dask, "ray": _on_ray}
)
"""The backends by the name that --backend gives them; each is given the address of the cluster."""
MODULES: Mapping[str, str] = MappingProxyType({"dask": "distributed", "ray": "ray"})
"""The package that a backend imports, where it needs one."""


def _check_answers(cluster: _Cluster, address: str) -> None:
    """Whether a server speaks at an address, as schedulers do on every new connection.

    Raises:
        InputError: none does.
    """
    scheme, _, place = address.rpartition("://")
    host, _, port = place.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), ANSWERS_S) as connection:
            if scheme != "tls" and not cluster.speaks(connection.recv(9)):
                raise ConnectionError(f"a server that is not {cluster.what}")
    except (OSError, ValueError, OverflowError) as error:
        raise cluster.silent(address, error) from error
