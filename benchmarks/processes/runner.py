"""The runner of all benchmarks: some jobs at a time, each in a process of its own.

joblib runs as many threads as jobs may run at a time. Each thread places one job after the other
and waits for its outcome; the backend decides where the process runs.
"""

import threading
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from abduce.benchmarks.processes.backends import HERE, Place, Placement, placing
from abduce.benchmarks.processes.job import Job
from abduce.benchmarks.processes.outcome import Ended, JobOutcome, Lost

Item = TypeVar("Item")


def run(
    todo: Sequence[Item],
    job: Callable[[Item], Job],
    ended: Callable[[Item, JobOutcome], None],
    placement: Placement = HERE,
) -> None:
    """Run the job of each item.

    Args:
        ended: called in this thread for each item, in the order in which their jobs end.

    Raises:
        InputError: the cluster does not answer.
        KeyboardInterrupt, and whatever `ended` raises: what runs was stopped.
    """
    if not todo:
        return
    from joblib import Parallel, delayed

    with placing(placement) as place, warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="joblib")  # that a run was stopped is known here
        work = _Work(place)
        parallel = Parallel(placement.jobs, backend="threading", return_as="generator_unordered")
        outcomes: Any = parallel(delayed(work.run)(n, job(item)) for n, item in enumerate(todo))
        try:
            for number, outcome in outcomes:
                ended(todo[number], outcome)
        except BaseException:
            work.stop()
            outcomes.close()
            raise


class _Stopped(Exception):
    """A job was stopped together with all others."""


@dataclass(slots=True)
class _Work:
    """Jobs that run now, in several threads; all of them can be stopped at once.

    Attributes:
        shared: the outcomes of jobs that others need, some of them still to come.
        running: the number of jobs that run now.
    """

    place: Place
    shared: "dict[Job, Future[JobOutcome]]" = field(default_factory=dict)
    running: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def run(self, number: int, job: Job) -> tuple[int, JobOutcome]:
        """The outcome of a job, after those that it needs."""
        for need in job.needs:
            match self._once(need):
                case Lost() as lost:
                    return number, lost
                case Ended(fault=None) as outcome:
                    job = replace(job, stdin=job.stdin + outcome.kept)
                case Ended(fault=fault):
                    return number, Lost(f"a job that it needs failed: {fault}")
        return number, self._placed(replace(job, needs=()))

    def _once(self, job: Job) -> JobOutcome:
        """The outcome of a job that several may need, run by the first of them."""
        with self.changed:
            first = job not in self.shared
            future = self.shared.setdefault(job, Future())
        if first:
            try:
                future.set_result(self._placed(job))
            except BaseException as error:
                future.set_exception(error)
        return future.result()

    def _placed(self, job: Job) -> JobOutcome:
        with self.changed:
            if self.stopped.is_set():
                raise _Stopped
            self.running += 1
        try:
            outcome = self.place(job, self.stopped)
        finally:
            with self.changed:
                self.running -= 1
                self.changed.notify_all()
        if outcome is None:
            raise _Stopped
        return outcome

    def stop(self) -> None:
        """Stop all jobs, and wait until none of them runs any more."""
        self.stopped.set()
        with self.changed:
            self.changed.wait_for(lambda: not self.running)
