"""Run a job that learns from images: learn to see, answer the test, measure, and keep a record.

CPU seconds are those of the process: learning includes the deductions, and the compilation of the
chart where it is not in numba's cache.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from abduce import clock
from abduce.benchmarks.perception.answering import Answering, usual_of
from abduce.benchmarks.perception.composing import ImageMaterial, value_of
from abduce.benchmarks.perception.hypotheses import candidates, possible, tables
from abduce.benchmarks.perception.job import ALL, ImageJob, recorded
from abduce.benchmarks.perception.languages import LEVELS
from abduce.benchmarks.perception.programs import learn_programs
from abduce.benchmarks.records.provenance import new_record
from abduce.benchmarks.records.record import Record
from abduce.benchmarks.records.record_file import append
from abduce.errors import InputError
from abduce.files import write_whole
from abduce.neural.perception import files
from abduce.neural.perception.config import Distortions, PerceptionConfig
from abduce.neural.perception.learning import Labelled, learn_to_see
from abduce.neural.perception.naming import learn_names
from abduce.neural.perception.network import Seeing
from abduce.neural.perception.rows import ImageRow
from abduce.neural.perception.seeing import seen
from abduce.neural.perception.teaching import ByValue, by_labels
from abduce.symbolic.nsr.deduction.charts import Charts
from abduce.symbolic.nsr.deduction.syntax import Category, Reading

SENTENCES = "sentences.tsv"
"""Where a folder that is kept has the training sentences as they are read."""
LEXICON = "lexicon.json"
"""Where it has what is learned from these: words with their programs, for `abduce answer`."""
COUNTED = 1_000
"""The number of training sentences whose images say how usual each symbol is."""


@dataclass(frozen=True, slots=True, eq=False)
class Perceived:
    """What a job has learned and how well it answers.

    Attributes:
        network: the trained network; None where perception is given.
        images: the number of images seen in training.
        in_time: whether the training was complete.
        names: the names of the hypotheses that the network tells apart.
        lexicon: the one reading of each symbol with which answers are computed.
        usual: the share of each hypothesis among the images of training sentences.
        accuracy: the share of right answers in each subset of the test.
        symbols: for each symbol, the share of its images in the test part that are read as most of
            its images are.
        learned: where meanings or syntax are not given: what most images of each symbol are read
            as, with its sign.
    """

    network: Seeing | None
    images: int
    in_time: bool
    names: tuple[str, ...]
    lexicon: Mapping[str, Reading]
    usual: np.ndarray
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
        save: a folder to keep the network in, the training sentences as it reads them, and for
            HINT the lexicon that is learned from these.

    Raises:
        DataError: the data is not there.
        OutputError: the record cannot be written.
        InputError: what is learned cannot be kept.
    """
    if save is not None and "perception" in job.given:
        raise InputError("--save with --oracle perception", advice="No network is learned then.")
    started, began = clock.utc_now(), clock.wall_s()
    material = job.material(places)
    found = perceived(job, material, config, deadline=deadline, progress=progress)
    artifacts: dict[str, str] = {}
    if save is not None:
        assert found.network is not None
        told = {"seed": job.seed, "images": found.images, "cpu_s": found.learn_s}
        words = _words(job, found.names)
        paths = files.save(found.network, words, found.usual, config, save, **told)
        sentences = save / SENTENCES
        write_whole(sentences, _read_sentences(material, config, found, words).encode())
        paths = (*paths, sentences)
        lexicon = None
        if job.task == "hint":
            lexicon = learn_programs(sentences, seed=job.seed, deadline=deadline)
        if lexicon is not None:
            lexicon.save(save / LEXICON)
            paths = (*paths, save / LEXICON)
        artifacts = {str(path): sha256(path.read_bytes()).hexdigest() for path in paths}
    record = new_record(
        "images",
        task=job.asked,
        config=recorded(config),
        seed=job.seed,
        started=started,
        wall_s=clock.wall_s() - began,
        status="complete" if found.in_time else "timeout",
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
    hypotheses = candidates(job, material)
    charts = Charts(hypotheses, tables(), config.limits)
    allowed = possible(job, material, hypotheses)
    rows = [_told(row, job, allowed) for row in material.train]
    network, images = None, 0
    if "perception" in job.given:
        assert allowed is not None
        names, in_time = learn_names(
            rows,
            ByValue.of(charts),
            allowed,
            config.training,
            seed=job.seed,
            deadline=deadline,
        )
        sees = names[material.labels]
    else:
        learned = learn_to_see(
            rows,
            material.images,
            by_labels if job.labels == ALL else ByValue.of(charts),
            len(charts.symbols),
            config,
            labelled=_labelled(job, material),
            seed=job.seed,
            deadline=deadline,
            progress=progress,
        )
        network, images, in_time = learned.network, learned.images, learned.in_time
        sees = np.zeros((len(material.images), len(charts.symbols)))
    learn_s = clock.cpu_s() - began
    began = clock.cpu_s()
    unseen = material.unseen
    usual = usual_of(_of_training(material, network, sees))
    if network is not None:
        sees[unseen] = seen(network, material.images[unseen], config.distortions)
    read_as, shares = _read_as(sees[unseen], material.labels[unseen])
    named = [charts.symbols[n] for n in read_as]
    lexicon = charts.lexicon
    answering = Answering(lexicon, config.limits, sees, usual, config.answering.misread)
    return Perceived(
        network=network,
        images=images,
        in_time=in_time,
        names=tuple(charts.symbols),
        lexicon=lexicon,
        usual=usual,
        accuracy={
            name: answering.accuracy([_told(row, job, allowed) for row in part])
            for name, part in material.test.items()
        },
        symbols={} if network is None else dict(zip(material.symbols, shares, strict=True)),
        learned={
            symbol: _described(name, lexicon)
            for symbol, name in zip(material.symbols, named, strict=True)
            if job.open
        },
        learn_s=round(learn_s, 3),
        test_s=round(clock.cpu_s() - began, 3),
    )


def _told(row: ImageRow, job: ImageJob, allowed: np.ndarray | None) -> ImageRow:
    """A row with what the job tells of it: labels or not, and what may stand where."""
    labels = row.labels if job.labels == ALL or "perception" in job.given else None
    return replace(row, labels=labels, allowed=None if allowed is None else allowed[row.labels])


def _of_training(material: ImageMaterial, network: Seeing | None, sees: np.ndarray) -> np.ndarray:
    """What is seen of the images of some training sentences, each as it is, [images, symbols]."""
    step = -(-len(material.train) // COUNTED)
    shown = np.concatenate([row.images for row in material.train[::step]])
    if network is None:
        return sees[shown]
    return seen(network, material.images[shown], Distortions(looks=0))


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
    if reading.category is not Category.INFIX or ", level" in name:
        return name
    rank = LEVELS.index(reading.left) + 1
    side = "left" if reading.right > reading.left else "right"
    return f"{name}, level {rank}, associates to the {side}"


def _words(job: ImageJob, names: Sequence[str]) -> list[str]:
    """Words for symbols: their names, or words without a meaning where meanings are learned."""
    return [f"w{n}" for n in range(len(names))] if job.open else list(names)


def _read_sentences(
    material: ImageMaterial, config: PerceptionConfig, found: Perceived, words: Sequence[str]
) -> str:
    """The training sentences as they are read, with their values, a pair a line.

    Those whose likeliest reading has another value are left out.
    """
    assert found.network is not None
    shown = np.unique(np.concatenate([row.images for row in material.train]))
    sees = np.zeros((len(material.images), len(found.names)))
    sees[shown] = seen(found.network, material.images[shown], config.distortions)
    lexicon, misread = found.lexicon, config.answering.misread
    answering = Answering(lexicon, config.limits, sees, found.usual, misread)
    number = {name: n for n, name in enumerate(found.names)}
    lines: list[str] = []
    for row in material.train:
        best = answering.words(row)
        if best is not None and value_of(best, lexicon) == row.value:
            lines.append(" ".join([words[number[name]] for name in best]) + f"\t{row.value}\n")
    return "".join(lines)


def metrics(job: ImageJob, found: Perceived) -> dict[str, Any]:
    """The measurements of a record."""
    return {
        "task": job.task,
        "operators": job.operators,
        "oracle": job.oracle,
        "labels": job.labels,
        "rows": job.rows,
        "settings": list(job.settings),
        "accuracy": sum(found.accuracy.values()) / len(found.accuracy),
        "subsets": dict(found.accuracy),
        "symbols": dict(found.symbols),
        "learned": dict(found.learned),
        "parameters": found.network and sum(p.numel() for p in found.network.parameters()),
        "images": found.images,
        "train_s": found.learn_s,
        "test_s": found.test_s,
    }
