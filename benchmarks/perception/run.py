"""Run a job that learns from images: learn to see, answer the test, measure, and keep a record.

CPU seconds are those of the process: learning includes the deductions, and the compilation of the
chart where it is not in numba's cache.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from abduce import clock
from abduce.benchmarks.perception.composing import ImageMaterial, value_of
from abduce.benchmarks.perception.job import ALL, ImageJob
from abduce.benchmarks.perception.languages import (
    BRACKETS,
    FUNCTIONS,
    LEVELS,
    NATURAL_FUNCTIONS,
    proposed,
)
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.record_file import append
from abduce.files import write_whole
from abduce.neural.perception import files
from abduce.neural.perception.config import PerceptionConfig
from abduce.neural.perception.learning import Labelled, Seen, learn_to_see
from abduce.neural.perception.seeing import seen
from abduce.neural.perception.teaching import ByValue, by_labels
from abduce.symbolic.nsr.deduction.charts import Charts, Meanings
from abduce.symbolic.nsr.deduction.syntax import Category, Reading
from abduce.symbolic.nsr.deduction.tables import Tables

METHOD = 1
"""The version of the method, which is part of every record's configuration and so of its id."""
SENTENCES = "sentences.tsv"
"""Where a folder that is kept has the training sentences as they are read. `abduce solve --train`
learns programs for their words from it."""
LARGEST = 1_000
"""Whole numbers above it are not told apart in deduction. Values of training rows are at most a
tenth of it; what is left out is measured."""


@dataclass(frozen=True, slots=True, eq=False)
class Perceived:
    """What a job has learned and how well it answers.

    Attributes:
        lexicon: the one reading of each symbol with which answers are computed.
        accuracy: the share of right answers in each subset of the test.
        symbols: for each symbol, the share of its images in the test part that are read as most of
            its images are.
        learned: where operators are not given: what most images of each symbol are read as, with
            its sign.
    """

    seen: Seen
    names: tuple[str, ...]
    lexicon: Mapping[str, Reading]
    accuracy: Mapping[str, float]
    symbols: Mapping[str, float]
    learned: Mapping[str, str]
    learn_s: float
    test_s: float


def run_images(
    job: ImageJob,
    config: PerceptionConfig,
    records: Path,
    *,
    places: Sequence[Path] | None = None,
    deadline: float | None = None,
    progress: Callable[[str], None] | None = None,
    save: Path | None = None,
) -> tuple[Perceived, Record]:
    """Run a job and append its record.

    Args:
        save: a folder to keep the network in, and the training sentences as it reads them.

    Raises:
        DataError: the data is not there.
        OutputError: the record cannot be written.
    """
    started, began = clock.utc_now(), clock.wall_s()
    material = job.material(places)
    found = perceived(job, material, config, deadline=deadline, progress=progress)
    artifacts: dict[str, str] = {}
    if save is not None:
        told = {"seed": job.seed, "images": found.seen.images, "cpu_s": found.seen.cpu_s}
        words = _words(job, found.names)
        paths = files.save(found.seen.network, words, config, save, **told)
        sentences = save / SENTENCES
        write_whole(sentences, _read_sentences(material, config, found, words).encode())
        paths = (*paths, sentences)
        artifacts = {str(path): sha256(path.read_bytes()).hexdigest() for path in paths}
    record = new_record(
        "images",
        task=job.asked,
        config={"method": METHOD, **asdict(config)},
        seed=job.seed,
        started=started,
        wall_s=clock.wall_s() - began,
        status="complete" if found.seen.in_time else "timeout",
        command=job.command,
        metrics=metrics(job, found),
        data_sha256=dict(material.sha256),
        artifacts=artifacts,
    )
    append(records, record)
    return found, record


def perceived(
    job: ImageJob,
    material: ImageMaterial,
    config: PerceptionConfig,
    *,
    deadline: float | None = None,
    progress: Callable[[str], None] | None = None,
) -> Perceived:
    """Learn and answer."""
    began = clock.cpu_s()
    charts = Charts(candidates(job, material), tables(), config.limits)
    teacher = by_labels if job.labels == ALL else ByValue.of(charts)
    rows = material.train
    if job.labels != ALL:
        rows = [replace(row, labels=None) for row in rows]
    learned = learn_to_see(
        rows,
        material.images,
        teacher,
        len(charts.symbols),
        config,
        labelled=_labelled(job, material),
        seed=job.seed,
        deadline=deadline,
        progress=progress,
    )
    learn_s = clock.cpu_s() - began
    began = clock.cpu_s()
    lexicon = charts.lexicon
    answering = Charts({s: ((1.0, r),) for s, r in lexicon.items()}, tables(), config.limits)
    sees = np.zeros((len(material.images), len(charts.symbols)))
    unseen = material.unseen
    sees[unseen] = seen(learned.network, material.images[unseen], config.distortions)
    read_as, shares = _read_as(sees[unseen], material.labels[unseen])
    named = [charts.symbols[n] for n in read_as]
    return Perceived(
        seen=learned,
        names=tuple(charts.symbols),
        lexicon=lexicon,
        accuracy={
            name: float(
                np.mean([_answer(answering, sees[row.images]) == row.value for row in part])
            )
            for name, part in material.test.items()
        },
        symbols=dict(zip(material.symbols, shares, strict=True)),
        learned={
            symbol: _described(name, lexicon)
            for symbol, name in zip(material.symbols, named, strict=True)
            if job.open
        },
        learn_s=round(learn_s, 3),
        test_s=round(clock.cpu_s() - began, 3),
    )


def candidates(job: ImageJob, material: ImageMaterial) -> Meanings:
    """The meanings that an image may have: its own, or all of a table where meanings are learned.

    The numbers of the table are then the values that training rows of a single image have.
    """
    if not job.open:
        return material.meanings
    numbers = sorted({row.value for row in material.train if len(row.images) == 1})
    if job.task == "hwf":
        return proposed(numbers, FUNCTIONS, {})
    return proposed(numbers, NATURAL_FUNCTIONS, BRACKETS)


def tables() -> Tables:
    """Tables for values of up to `LARGEST`, and all fractions."""
    return Tables(lambda value: not isinstance(value, int) or value <= LARGEST)


def _labelled(job: ImageJob, material: ImageMaterial) -> Labelled | None:
    """Some images of each symbol with their labels, drawn with the job's seed."""
    if job.labels in (0, ALL):
        return None
    rng = np.random.default_rng((job.seed, 3))
    drawn = [
        rng.choice(material.shown[symbol], size=int(job.labels), replace=False)
        for symbol in material.symbols
    ]
    numbers = np.arange(len(material.symbols)).repeat(int(job.labels))
    return np.concatenate(drawn), numbers


def _read_as(sees: np.ndarray, truth: np.ndarray) -> tuple[list[int], list[float]]:
    """What most images of each symbol are read as, and the share of them that are."""
    best = sees.argmax(1)
    counts = [np.bincount(best[truth == n]) for n in range(truth.max() + 1)]
    return [int(c.argmax()) for c in counts], [float(c.max() / c.sum()) for c in counts]


def _described(name: str, lexicon: Mapping[str, Reading]) -> str:
    """A reading in words: its function, and how it binds among the others."""
    reading = lexicon[name]
    if reading.category is not Category.INFIX:
        return name
    rank = LEVELS.index(reading.left) + 1
    side = "left" if reading.right > reading.left else "right"
    return f"{name}, level {rank}, associates to the {side}"


def _answer(charts: Charts, sees: np.ndarray) -> Any:
    best = charts.likeliest(sees)
    return None if best is None else value_of([charts.symbols[n] for n in best], charts.lexicon)


def _words(job: ImageJob, names: Sequence[str]) -> list[str]:
    """Words for symbols: their names, or words without a meaning where meanings are learned."""
    return [f"w{n}" for n in range(len(names))] if job.open else list(names)


def _read_sentences(
    material: ImageMaterial, config: PerceptionConfig, found: Perceived, words: Sequence[str]
) -> str:
    """The training sentences as they are read, with their values, a pair a line.

    Those whose likeliest reading has another value are left out.
    """
    charts = Charts({s: ((1.0, r),) for s, r in found.lexicon.items()}, tables(), config.limits)
    shown = np.unique(np.concatenate([row.images for row in material.train]))
    sees = np.zeros((len(material.images), len(found.names)))
    sees[shown] = seen(found.seen.network, material.images[shown], config.distortions)
    lines: list[str] = []
    for row in material.train:
        best = charts.likeliest(sees[row.images])
        if best is None or value_of([found.names[n] for n in best], found.lexicon) != row.value:
            continue
        lines.append(" ".join([words[n] for n in best]) + f"\t{row.value}\n")
    return "".join(lines)


def metrics(job: ImageJob, found: Perceived) -> dict[str, Any]:
    """The measurements of a record."""
    return {
        "task": job.task,
        "operators": job.operators,
        "oracle": job.oracle,
        "labels": job.labels,
        "rows": job.rows,
        "accuracy": sum(found.accuracy.values()) / len(found.accuracy),
        "subsets": dict(found.accuracy),
        "symbols": dict(found.symbols),
        "learned": dict(found.learned),
        "parameters": sum(p.numel() for p in found.seen.network.parameters()),
        "images": found.seen.images,
        "train_s": found.learn_s,
        "test_s": found.test_s,
    }
