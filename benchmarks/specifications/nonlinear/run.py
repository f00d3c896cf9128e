"""Runs the jobs, one after the other, and keeps a record of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from abduce.benchmarks.data.mnist import Images, read_images
from abduce.benchmarks.records.keeping import Found, run_jobs
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.record_file import complete
from abduce.benchmarks.specifications.nonlinear.asking import Asked, Subject, asked, half_proved
from abduce.benchmarks.specifications.nonlinear.jobs import ALPHA, NonlinearJob
from abduce.benchmarks.specifications.nonlinear.making import model_of
from abduce.benchmarks.specifications.nonlinear.table import nonlinear_line


@dataclass(slots=True, eq=False)
class Rooms:
    """Networks that earlier jobs have read, and what alpha bounds have found of them."""

    places: Sequence[Path]
    images: Images | None = None
    subjects: dict[tuple[str, int, int], Subject] = field(default_factory=dict)
    alone: dict[str, dict[str, Any]] = field(default_factory=dict)

    def subject(self, job: NonlinearJob) -> Subject:
        """The network of a job, trained where it is missing, and its images."""
        key = job.family.name, job.images, job.seed
        if key not in self.subjects:
            self.images = self.images or read_images()
            model = model_of(job.family, job.seed, self.places, self.images)
            self.subjects[key] = Subject.of(model, self.images, job.images, job.seed)
        return self.subjects[key]


def run_nonlinear(
    jobs: Sequence[NonlinearJob],
    records: Path,
    places: Sequence[Path],
    *,
    rooms: Rooms | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Record]:
    """Runs jobs and adds a record of each. What alpha bounds find of a network is taken from its
    record, where the file has one of the same network.

    Args:
        places: the folders of networks; a network that is in none of them is trained, and written
            to the last one.
        rooms: what earlier jobs have read and found; None to begin with nothing.

    Raises:
        DataError: the images are not there.
    """
    rooms = rooms or Rooms(places)
    rooms.alone |= {record.id: dict(record.metrics) for record in complete(records)}

    def find(job: NonlinearJob) -> Found:
        subject = rooms.subject(job)
        metrics = outcome(job, subject, rooms)
        return Found(metrics=metrics, data_sha256={subject.model.path.name: subject.model.sha256})

    return run_jobs(jobs, records, find, nonlinear_line, progress)


def outcome(job: NonlinearJob, subject: Subject, rooms: Rooms) -> dict[str, Any]:
    """The metrics of a job's record: the radius, the verdict on each image, and what it cost."""
    first = replace(job, way=ALPHA)
    known = rooms.alone.get(first.id)
    if known is None or known["sha256"] != subject.model.sha256:
        found = half_proved(partial(asked, subject, first), len(subject.inputs))
        known = rooms.alone[first.id] = _metrics(subject, found.radius, found.found)
    if job.way == ALPHA:
        return known
    verdicts = [
        Asked(verdict, 0, 0.0)
        if verdict != "unknown"
        else asked(subject, job, image, known["radius"])
        for image, verdict in enumerate(known["verdicts"])
    ]
    return _metrics(subject, known["radius"], verdicts)


def _metrics(subject: Subject, radius: float, found: Sequence[Asked]) -> dict[str, Any]:
    verdicts = [each.verdict for each in found]
    return {
        "accuracy": subject.accuracy,
        "sha256": subject.model.sha256,
        "radius": radius,
        "verdicts": verdicts,
        **{word: verdicts.count(word) for word in ("proved", "refuted", "unknown")},
        "domains": sum(each.domains for each in found),
        "cpu_s": sum(each.cpu_s for each in found),
    }
