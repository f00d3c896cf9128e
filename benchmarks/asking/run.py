"""Runs jobs: trains, tests, and keeps a record of each; a training goes on where it was stopped."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from abduce import clock
from abduce.benchmarks.asking.jobs import AskingJob
from abduce.benchmarks.asking.protocols import BENCHMARKS
from abduce.benchmarks.asking.splits import Split, opened
from abduce.benchmarks.asking.table import line
from abduce.benchmarks.asking.testing import counted
from abduce.benchmarks.records.keeping import TRAINED, Found, run_jobs
from abduce.benchmarks.records.record import Record
from abduce.neural.program_decoder.encoder import read_encoder
from abduce.neural.program_decoder.files import load, save
from abduce.neural.questions_to_sql.examples import few
from abduce.neural.questions_to_sql.training import NAME, lesson
from abduce.neural.questions_to_sql.vocabulary import VOCABULARY
from abduce.neural.store.files import paths
from abduce.neural.training.files import checkpoint_path
from abduce.neural.training.loop import train

CHECKPOINT_S: Final = 300.0


def run_asking(
    jobs: Sequence[AskingJob],
    records: Path,
    places: Sequence[Path],
    *,
    resume: bool = False,
    stop: Callable[[], bool] | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Record]:
    """Runs jobs and adds a record of each.

    Args:
        places: the folders of data.
        resume: go on with trainings that were interrupted.

    Raises:
        KeyboardInterrupt: it was asked to stop; the checkpoint is kept beside the records.
    """

    def find(job: AskingJob) -> Found:
        with opened(job.benchmark, places) as split:
            return _found(job, split, records, resume, stop, progress)

    return run_jobs(jobs, records, find, line, progress)


def _found(
    job: AskingJob,
    split: Split,
    records: Path,
    resume: bool,
    stop: Callable[[], bool] | None,
    progress: Callable[[str], None] | None,
) -> Found:
    """The model is kept in a folder beside the records; with `resume` it is not trained again."""
    folder = records.parent / f"{records.stem}.{job.id}"
    trained = paths(folder, NAME)[1].exists() and not any(folder.glob("*checkpoint*"))
    if not (resume and trained):
        _train(job, split, folder, resume, stop, progress)
    kept = load(NAME, folder, job.command)
    began = clock.cpu_s()
    questions = few(split.test, job.chosen.tests)
    told = {
        source: counted(
            questions,
            places,
            kept,
            job.chosen.answering,
            empty=BENCHMARKS[job.benchmark].empty,
            compared_s=job.chosen.compared_s,
        )
        for source, places in split.tested.items()
    }
    metrics = {**kept.card["training"], "keys": told, "test_s": round(clock.cpu_s() - began, 3)}
    return Found(
        metrics=metrics,
        status=TRAINED.get(metrics["ended"], "complete"),
        data_sha256=split.sha256,
    )


def _train(
    job: AskingJob,
    split: Split,
    folder: Path,
    resume: bool,
    stop: Callable[[], bool] | None,
    progress: Callable[[str], None] | None,
) -> None:
    """Trains a model and keeps it; its card says what the training cost and how it ended."""
    encoder = read_encoder(job.encoder)
    model = job.chosen.model
    taught = lesson(split.train, split.places, encoder, model, seed=job.seed, progress=progress)
    trained = train(
        taught.experiment,
        seed=job.seed,
        deadline=clock.wall_s() + job.timeout_s,
        progress=progress,
        stop=stop,
        checkpoint=checkpoint_path(taught.experiment, folder),
        resume=resume,
        checkpoint_every_s=CHECKPOINT_S,
    )
    if trained.ended == "interrupted":
        raise KeyboardInterrupt
    training = {
        "learned": taught.learned,
        "apart": taught.apart,
        "refused": dict(taught.refused),
        "constants": [str(value) for value in taught.constants],
        "parameters": trained.parameters,
        "steps": trained.steps,
        "ended": trained.ended,
        "scores": [list(pair) for pair in trained.scores],
        "train_s": trained.cpu_s,
    }
    card = {"constants": list(taught.constants), "training": training, "examples": [job.benchmark]}
    save(trained, encoder, VOCABULARY, folder, card)
