"""A job of `abduce solve`: the task, and the changes of the training pairs before learning.

A job is plain data and says itself as a record's task and as a command line. Its training pairs are
a random subset of the rows (`rows`), some of whose outputs are then exchanged for the outputs of
other rows (`noise`). The test pairs are never touched.
"""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from abduce.benchmarks.data.pair_formats import Pair
from abduce.benchmarks.solve.tasks import (
    HINT_ROWS,
    PCFG_SPLITS,
    SPLITS,
    Material,
    load,
    load_files,
    split_name,
)
from abduce.errors import InputError
from abduce.text import nearest

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveJob:
    """One run: learn, answer the test.

    Args:
        task: one of `tasks.SPLITS`, or 'pairs' for files of the user.
        rows: how many training rows to draw; None for all.
        noise: the share of training outputs that are exchanged for others.
        active: ask an oracle for outputs of training inputs, at most `limit` times. From a file of
            the user, only the sentences are read.
        timeout_s: the limit on learning and answering together, in seconds; None for no limit.
        extend: a lexicon file that the training rows extend; None to learn from them alone.
        settings: what is changed in the learner's configuration, as 'priors.reused_token=9.0'. They
            say what the learner is and not what it is asked, so the record's task has them not.

    >>> SolveJob(task="scan", split="length", rows=800, seed=3).command
    'abduce solve scan --split length --rows 800 --seed 3'
    """

    task: str
    split: str = ""
    train: Path | None = None
    test: Path | None = None
    rows: int | None = None
    seed: int = 0
    noise: float = 0.0
    active: bool = False
    limit: int = 40
    timeout_s: float | None = None
    settings: tuple[str, ...] = ()
    extend: Path | None = None

    @property
    def asked(self) -> dict[str, Any]:
        """The task of the record, as far as it is known before anything is read."""
        if self.task == "pairs":
            names: dict[str, str | None] = {"train": _text(self.train), "test": _text(self.test)}
            if self.extend is not None:
                names["extend"] = _text(self.extend)
        elif self.task == "pcfg":
            names = dict(zip(("train", "test"), PCFG_SPLITS[self.split], strict=True))
        else:
            names = {}
        return {
            "task": self.task,
            "split": self.name,
            "rows": self.rows,
            "noise": self.noise,
            "active": self.active,
            "limit": self.limit if self.active else None,
            "timeout_s": self.timeout_s,
            **names,
        }

    @property
    def name(self) -> str:
        """The split, or the names of the files."""
        files = (path.name for path in (self.train, self.test) if path is not None)
        return self.split or " -> ".join(files)

    @property
    def command(self) -> str:
        """The command that runs the job again."""
        return f"abduce {shlex.join(self.arguments)}"

    @property
    def arguments(self) -> tuple[str, ...]:
        """`command`, as arguments of `abduce`."""
        pairs = (
            ("--split", self.split or None),
            ("--train", _text(self.train)),
            ("--test", _text(self.test)),
            ("--extend", _text(self.extend)),
            ("--rows", self.rows),
            ("--seed", self.seed or None),
            ("--noise", self.noise or None),
            ("--limit", self.limit if self.active and self.limit != 40 else None),
            ("--timeout-s", self.timeout_s and f"{self.timeout_s:g}"),
        )
        options = (
            text for name, value in pairs if value is not None for text in (name, str(value))
        )
        start = ("solve",) if self.task == "pairs" else ("solve", self.task)
        changed = (text for setting in self.settings for text in ("--set", setting))
        return (*start, *options, *(("--active",) if self.active else ()), *changed)


def make_job(task: str | None, split: str | None, train: Path | None, **options: Any) -> SolveJob:
    """A job from the options of the command line.

    Raises:
        InputError: neither a task nor a training file, or both; a split that does not exist.
    """
    if task is None and train is None:
        raise InputError(
            "neither a task nor --train",
            (*SPLITS, "--train FILE"),
            advice="For example: abduce solve scan --split length",
        )
    if task is None:
        if split:
            raise InputError(f"--split {split} with --train", advice="Files have no splits.")
        if options.get("active") and options.get("noise"):
            advice = "What you answer is not made wrong."
            raise InputError("--noise with --active and --train", advice=advice)
        if options.get("active") and options.get("extend"):
            raise InputError("--extend with --active", advice="Leave out one of the two.")
        return SolveJob(task="pairs", train=train, **options)
    files = (train, options.get("test"), options.get("extend"))
    if any(file is not None for file in files):
        raise InputError(f"the task {task} and files", ("either a task or --train and --test",))
    if task not in SPLITS:
        known = (*SPLITS, "hwf", "addition")
        advice = nearest(task, known) or "A file of your own is given with --train."
        raise InputError(f"the task {task!r}", known, advice=advice)
    if task == "hint":
        split = split or "main"
        options["rows"] = options.get("rows") or HINT_ROWS
    return SolveJob(task=task, split=split_name(task, split), **options)


def material(
    job: SolveJob, places: Sequence[Path] | None = None, *, deadline: float | None = None
) -> Material:
    """The training rows of a job, with subset and noise applied, and its test rows.

    Raises:
        InputError: more rows are wanted than there are.
        OutOfTime: the deadline passed while a person's own files were read.
    """
    if job.task == "pairs":
        assert job.train is not None
        whole = load_files(job.train, job.test, asked=job.active, deadline=deadline)
    else:
        whole = load(job.task, job.split, places, seed=job.seed)
    train, lines = whole.train, whole.lines
    if job.rows is not None:
        drawn = subset(range(len(train)), job.rows, Random(job.seed))
        lines = lines and [lines[n] for n in drawn]
        train = [train[n] for n in drawn]
    if job.noise:
        train = corrupted(train, job.noise, Random(f"noise {job.seed}"))
    return replace(whole, train=train, lines=lines)


def subset(pairs: Sequence[Row], rows: int, rng: Random) -> list[Row]:
    """A random sample of the rows, drawn without replacement, in their order.

    Raises:
        InputError: there are fewer rows.
    """
    if rows > len(pairs):
        raise InputError(f"--rows {rows}", (f"at most the {len(pairs)} training rows",))
    return [pairs[n] for n in sorted(rng.sample(range(len(pairs)), rows))]


def corrupted(pairs: Sequence[Pair], share: float, rng: Random) -> list[Pair]:
    """The pairs with that share of their targets each exchanged for a different one.

    >>> rows = [((str(n),), (str(n),)) for n in range(10)]
    >>> sum(words != tokens for words, tokens in corrupted(rows, 0.2, Random(0)))
    2
    """
    if len({tokens for _, tokens in pairs}) < 2:
        return list(pairs)
    noisy = list(pairs)
    for n in rng.sample(range(len(pairs)), round(share * len(pairs))):
        words, right = pairs[n]
        wrong = right
        while wrong == right:  # another target exists, and each draw finds one with p >= 1 / rows
            wrong = rng.choice(pairs)[1]
        noisy[n] = words, wrong
    return noisy


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
