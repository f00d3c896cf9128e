"""Runs jobs: trains, tests, and keeps a record of each; a training goes on where it was stopped."""

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean
from typing import Any, Final

from abduce import clock
from abduce.benchmarks.records.keeping import TRAINED, Found, run_jobs
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.word_problems.jobs import WordProblemJob
from abduce.benchmarks.word_problems.splits import BENCHMARKS
from abduce.benchmarks.word_problems.table import line
from abduce.grammars.arithmetic.equations import expression_of
from abduce.neural.program_decoder.encoder import Encoder, read_encoder
from abduce.neural.program_decoder.model import ProgramDecoder
from abduce.neural.program_decoder.splitting import stem
from abduce.neural.training.loop import Trained, train
from abduce.neural.word_problems.answering import found_answers
from abduce.neural.word_problems.config import AnsweringConfig
from abduce.neural.word_problems.examples import STRICT, Told, is_answer
from abduce.neural.word_problems.training import GREEDY, Judged, lesson

CHECKPOINT_S: Final = 300.0


def run_word_problems(
    jobs: Sequence[WordProblemJob],
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
    known: dict[str | None, Encoder] = {}

    def find(job: WordProblemJob) -> Found:
        if job.encoder not in known:
            known[job.encoder] = read_encoder(job.encoder)
        return _found(job, known[job.encoder], records, places, resume, stop, progress)

    return run_jobs(jobs, records, find, line, progress)


def _found(
    job: WordProblemJob,
    encoder: Encoder,
    records: Path,
    places: Sequence[Path],
    resume: bool,
    stop: Callable[[], bool] | None,
    progress: Callable[[str], None] | None,
) -> Found:
    split = BENCHMARKS[job.benchmark].read(places, job.fold)
    taught = lesson(split.train, encoder, job.model, seed=job.seed)
    checkpoint = records.parent / f"{records.stem}.{job.id}.safetensors"
    trained = train(
        taught.experiment,
        seed=job.seed,
        deadline=clock.wall_s() + job.timeout_s,
        progress=progress,
        stop=stop,
        checkpoint=checkpoint,
        resume=resume,
        checkpoint_every_s=CHECKPOINT_S,
    )
    if trained.ended == "interrupted":
        raise KeyboardInterrupt
    metrics = tested(trained, split.test, encoder, job.model.shown, job.answering)
    told = {"learned": taught.learned, "apart": taught.apart, "refused": dict(taught.refused)}
    return Found(
        metrics={**told, **metrics},
        status=TRAINED.get(trained.ended, "complete"),
        data_sha256=split.sha256,
    )


def tested(
    trained: Trained,
    problems: Sequence[Told],
    encoder: Encoder,
    shown: str,
    answering: AnsweringConfig,
) -> dict[str, Any]:
    """How well problems are solved that were not learned from.

    Returns:
        tests; accuracy (values within 1 %, as in the literature) and strict (within 0.01 %);
        equations (the normal form of the problem's own); greedy, the accuracy of the first tree
        alone, without a beam and a vote; confidence, the mean of that of the
        answers; and what the training cost.
    """
    began, model = clock.cpu_s(), trained.module
    assert isinstance(model, ProgramDecoder)
    low = stem(encoder, trained.experiment.config.network.frozen)
    judged = Judged(problems, encoder, low, shown)
    right = strict = equations = greedy = 0
    confidences: list[float] = []
    for (told, posed), read in zip(judged.posed, judged.reads, strict=True):
        first = found_answers(model, posed, read, GREEDY)[:1]
        greedy += any(is_answer(answer.value, told.answer) for answer in first)
        best = found_answers(model, posed, read, answering)[:1]
        if not best:
            continue
        confidences.append(best[0].confidence)
        right += is_answer(best[0].value, told.answer)
        strict += is_answer(best[0].value, told.answer, STRICT)
        equations += best[0].tree == expression_of(told.equation, posed.quantities)
    total = max(1, len(problems))
    return {
        "tests": len(problems),
        "accuracy": right / total,
        "strict": strict / total,
        "equations": equations / total,
        "greedy": greedy / total,
        "confidence": mean(confidences) if confidences else 0.0,
        "answered": len(confidences),
        "parameters": trained.parameters,
        "steps": trained.steps,
        "ended": trained.ended,
        "scores": [list(pair) for pair in trained.scores],
        "train_s": trained.cpu_s,
        "test_s": round(clock.cpu_s() - began, 3),
    }
