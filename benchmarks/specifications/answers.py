"""Runs the jobs about certified answers, one after the other, and keeps a record of each.

Perception is trained once for the jobs that share it, by `abduce solve hint --images`, in a folder
that is removed afterwards.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from abduce import clock
from abduce.benchmarks.perception.composing import ImageMaterial, hint
from abduce.benchmarks.perception.run import LEXICON, run_images
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.record_file import append
from abduce.benchmarks.specifications.answers_jobs import KIND, MOST, TESTED, AnswersJob
from abduce.benchmarks.specifications.answers_table import answers_line
from abduce.errors import InputError
from abduce.neural.perception.certified.certifying import Certified, Certifier
from abduce.neural.perception.files import Kept, load
from abduce.neural.perception.rows import ImageRow
from abduce.symbolic.nsr import Lexicon
from abduce.verify.verdict import Proved, Refuted


@dataclass(slots=True, eq=False)
class Trained:
    """What earlier jobs have trained, with their lexicons, and the expressions."""

    places: Sequence[Path]
    kept: dict[tuple[str, int], tuple[Kept, Lexicon]] = field(default_factory=dict)
    material: ImageMaterial | None = None

    def of(self, job: AnswersJob) -> Certifier:
        """The perception and the lexicon of a job.

        Raises:
            DataError: HINT or the images are not there.
            InputError: no lexicon was learned.
        """
        key = job.training, job.seed
        if key not in self.kept:
            with tempfile.TemporaryDirectory() as name:
                folder, asked = Path(name), job.perception
                records = folder / "records.jsonl"
                run_images(asked, asked.config, records, places=self.places, save=folder)
                if not (folder / LEXICON).exists():
                    raise InputError("no lexicon", ("enough training to read sentences",))
                self.kept[key] = load(folder), Lexicon.load(folder / LEXICON)
        kept, lexicon = self.kept[key]
        distortions = replace(kept.config.distortions, looks=job.looks)
        config = replace(kept.config, distortions=distortions)
        return Certifier(replace(kept, config=config), lexicon, job.settings)

    def rows(self, job: AnswersJob) -> list[tuple[ImageRow, np.ndarray]]:
        """Test expressions with their images, drawn by the seed of the job."""
        if self.material is None:
            self.material = hint(0, 1, self.places, None, TESTED)
        material = self.material
        every = [row for part in material.test.values() for row in part]
        short = [row for row in every if len(row.images) <= MOST]
        drawn = Random(job.seed).sample(short, min(job.expressions, len(short)))
        return [(row, material.images[row.images]) for row in drawn]


def run_answers(
    jobs: Sequence[AnswersJob],
    records: Path,
    places: Sequence[Path],
    *,
    trained: Trained | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Record]:
    """Runs jobs and adds a record of each.

    Args:
        trained: what earlier jobs have trained; None to begin with nothing.

    Raises:
        DataError: HINT or the images are not there.
    """
    trained, done = trained or Trained(places), []
    for job in jobs:
        certifier, rows = trained.of(job), trained.rows(job)
        started, watch = clock.utc_now(), clock.Stopwatch.now()
        found = [(row, _certified(certifier, images, job)) for row, images in rows]
        record = new_record(
            KIND,
            task=job.task,
            config=job.config,
            seed=job.seed,
            started=started,
            wall_s=watch.wall_s,
            metrics={**outcome(found), "cpu_s": watch.cpu_s},
            data_sha256={} if trained.material is None else dict(trained.material.sha256),
            command="abduce bench specifications --only answers",
        )
        append(records, record)
        done.append(record)
        if progress:
            progress(answers_line(record))
    return done


def _certified(certifier: Certifier, images: np.ndarray, job: AnswersJob) -> Certified:
    limit = np.inf if job.timeout_s is None else clock.wall_s() + job.timeout_s
    return certifier.certify(images, job.radius, deadline=limit, every=True)


def outcome(found: Sequence[tuple[ImageRow, Certified]]) -> dict[str, Any]:
    """The metrics of a record, from expressions and the verdicts on their answers."""
    verdicts = [each.verdict for _, each in found]
    proved = [isinstance(each, Proved) for each in verdicts]
    right = [each.answer.value == tuple(str(row.value).split()) for row, each in found]
    alone = [bool(each.places) and all(each.alone) for _, each in found]
    taken = [each.cpu_s for _, each in found]
    size = sum(len(row.images) for row, _ in found)
    return {
        "expressions": len(found),
        "symbols": size,
        "right": sum(right),
        "proved": sum(proved),
        "proved_right": sum(map(all, zip(proved, right, strict=True))),
        "refuted": sum(isinstance(each, Refuted) for each in verdicts),
        "unknown": len(found) - sum(proved) - sum(isinstance(v, Refuted) for v in verdicts),
        "alone": sum(alone),
        "ungrammared": sum(each.without_grammar for _, each in found),
        "symbol_s": sum(taken) / max(1, size),
    }
