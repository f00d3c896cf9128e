"""Run a job: learn from its training pairs, answer its test pairs, measure, and keep a record.

Every task goes through this one function with one configuration. Only the learner's own work is
timed, in CPU seconds of the process: `train_s` is the call that learns, `test_s` the loop that
answers. An abstention counts as wrong. A run that is stopped by Ctrl-C still leaves a record,
marked as such, of how far it came.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from abduce import clock
from abduce.benchmarks.data.pair_formats import Pair
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record, Status
from abduce.benchmarks.records.record_file import append
from abduce.benchmarks.solve.job import SolveJob
from abduce.benchmarks.solve.learner import Learned, Learner, Oracle, Words
from abduce.benchmarks.solve.metrics import Outcome, metrics
from abduce.benchmarks.solve.tasks import Material

LEARNING = 0.8
"""The share of the time that learning may take if there are test sentences to answer."""
ANSWER_S = 0.1
"""The upper limit on the time for each test sentence after the time limit, in seconds. Sentences
that are left then are answered with the lexicon that was found until then."""


def solve(
    job: SolveJob,
    material: Material,
    records: Path,
    *,
    learner: Learner,
    deadline: float | None = None,
    progress: Callable[[str], None] | None = None,
    save: Callable[[Outcome], Mapping[str, str]] | None = None,
    oracle: Oracle | None = None,
    base: Learned | None = None,
) -> tuple[Outcome, Record]:
    """Run a job and append its record.

    Args:
        deadline: a time of `clock.wall_s`, for learning and answering together; None: as the job
            says. Where there is something to answer, learning may take `LEARNING` of the time.
            What is not answered by then gets `ANSWER_S` a sentence.
        save: writes what is to be kept and says path to sha256 of it, before the record is made.
        oracle: gives the outputs that an active job asks for; None: the training pairs do.
        base: the lexicon that an extending job begins with.

    Raises:
        KeyboardInterrupt: after a record with the status 'interrupted' was appended.
    """
    started, began = clock.utc_now(), clock.wall_s()
    outcome = Outcome(base=base)
    status: Status = "failed"
    artifacts: Mapping[str, str] = {}
    if deadline is None and job.timeout_s is not None:
        deadline = began + job.timeout_s
    try:
        learning = _learning_deadline(deadline, material.test)
        in_time = _learn(job, material, learner, outcome, learning, progress, oracle)
        in_time &= _answer(material.test, outcome, deadline, progress)
        artifacts = save(outcome) if save else {}
        status = "complete" if in_time else "timeout"
    except KeyboardInterrupt:
        status = "interrupted"
        raise
    finally:
        record = new_record(
            "solve",
            task={**job.asked, **material.identity},
            config=learner.recorded,
            seed=job.seed,
            started=started,
            wall_s=clock.wall_s() - began,
            status=status,
            command=job.command,
            metrics=metrics(job, material, learner.recorded, outcome, status),
            data_sha256=material.sha256,
            artifacts=artifacts,
        )
        append(records, record)
    return outcome, record


def known_outputs(pairs: Sequence[Pair]) -> Oracle:
    """The oracle of a benchmark: it knows the pairs, and of several outputs gives the first."""
    outputs: dict[Words, Words] = {}
    for words, tokens in pairs:
        outputs.setdefault(words, tokens)
    return outputs.__getitem__


def _learning_deadline(deadline: float | None, test: Sequence[Pair]) -> float | None:
    """When to stop learning, so that there is time left to answer with what was learned."""
    if deadline is None or not test:
        return deadline
    now = clock.wall_s()
    return now + LEARNING * (deadline - now)


def _learn(
    job: SolveJob,
    material: Material,
    learner: Learner,
    outcome: Outcome,
    deadline: float | None,
    progress: Callable[[str], None] | None,
    oracle: Oracle | None,
) -> bool:
    """Fill in what was learned; whether the time sufficed."""
    outcome.train_rows = 0 if job.active else len(material.train)
    start = clock.cpu_s()
    if job.active:
        asked = oracle or known_outputs(material.train)
        outcome.queries = 0

        def counted(words: Words) -> Sequence[str] | None:
            given = asked(words)
            outcome.queries = outcome.train_rows = outcome.train_rows + (given is not None)
            return given

        outcome.lexicon, _ = learner.learn_actively(
            list(dict.fromkeys(words for words, _ in material.train)),
            counted,
            learner.config,
            limit=job.limit,
            seed=job.seed,
            deadline=deadline,
            progress=progress,
        )
    else:
        options = {"deadline": deadline, "progress": progress}
        base = outcome.base
        if base is None:
            outcome.lexicon = learner.learn(material.train, learner.config, **options)
        else:
            outcome.lexicon = learner.extend(base, material.train, learner.config, **options)
        if material.few:
            learned = outcome.lexicon
            outcome.lexicon = learner.extend(learned, material.few, learner.config, **options)
    outcome.train_s = round(clock.cpu_s() - start, 4)
    return outcome.lexicon.summary.get("status") != "timeout"


def _answer(
    test: Sequence[Pair],
    outcome: Outcome,
    deadline: float | None,
    progress: Callable[[str], None] | None,
) -> bool:
    """Fill in the answers; whether the time sufficed."""
    assert outcome.lexicon is not None
    start, in_time = clock.cpu_s(), True
    for n, (words, _) in enumerate(test):
        if progress and n % 1000 == 0:
            progress(f"answering: {n:,} of {len(test):,}")
        if clock.passed(deadline):
            in_time = False
        limit = None if deadline is None else max(deadline, clock.wall_s() + ANSWER_S)
        outcome.answers.append(outcome.lexicon.answer(words, deadline=limit))
    outcome.test_s = round(clock.cpu_s() - start, 4)
    return in_time
